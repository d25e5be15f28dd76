"""The child can compute and nothing else, and the parent survives whatever becomes of it."""

import socket
from collections.abc import Iterator
from pathlib import Path

import pytest

from app.confined.frames import Message
from app.confined.parent import ChildFailedError, Confined
from app.documents.print_job import Attempt, DocumentError, PrintJob
from app.documents.renderer import Renderer


@pytest.fixture
def child() -> Iterator[Confined]:
    with Confined("mischief", limit=5) as made:
        made.settings["PYTHONPATH"] = str(Path(__file__).parent)
        yield made


def attempt(child: Confined, trick: str, using: str = "") -> Message:
    return child.ask(Message({"trick": trick, "with": using}))


@pytest.mark.parametrize("trick", ["look up", "run", "fork", "shell"])
def test_it_may_not(child, trick):
    with pytest.raises(ChildFailedError) as raised:
        attempt(child, trick)

    assert raised.value.kind == "NotAllowedError"


def test_it_may_not_connect_although_somebody_listens(child):
    with socket.create_server(("127.0.0.1", 0)) as listening, pytest.raises(ChildFailedError) as raised:
        attempt(child, "connect", str(listening.getsockname()[1]))

    assert raised.value.kind == "NotAllowedError"


@pytest.mark.parametrize("trick", ["write", "write by a way round", "remove", "rename"])
def test_it_may_not_change_files(child, trick, tmp_path):
    path = tmp_path / "file.txt"
    path.write_text("as it was")

    with pytest.raises(ChildFailedError) as raised:
        attempt(child, trick, str(path))

    assert raised.value.kind == "NotAllowedError"
    assert path.read_text() == "as it was"


def test_it_may_write_in_its_own_folder_which_goes_with_it(child):
    attempt(child, "write temporarily")
    folder = child.folder

    assert (folder / "kept.txt").read_text() == "x"
    child.close()
    assert not folder.exists()


def test_it_knows_nothing_of_the_parents_environment(child, monkeypatch):
    monkeypatch.setenv("ESCP_SECRET_KEY", "not for children")

    with pytest.raises(ChildFailedError) as raised:
        attempt(child, "environment", "ESCP_SECRET_KEY")

    assert raised.value.kind == "KeyError"


def test_it_has_only_so_much_memory(child):
    with pytest.raises(ChildFailedError) as raised:
        attempt(child, "memory")

    assert raised.value.kind == "MemoryError"


@pytest.mark.parametrize(("trick", "limit", "kind"), [("sleep", 1, "Late"), ("spin", 20, "Died"), ("die", 20, "Died")])
def test_a_late_or_dead_child_is_told_and_replaced(trick, limit, kind):
    with Confined("mischief", limit=limit) as child:
        child.settings["PYTHONPATH"] = str(Path(__file__).parent)
        with pytest.raises(ChildFailedError) as raised:
            attempt(child, trick)

        assert raised.value.kind == kind
        assert attempt(child, "nothing").head["done"] is True


def a_job(html: str, css: str = "", **more) -> PrintJob:
    page = f'<html lang="en"><head><title>A page</title></head><body>{html}</body></html>'
    return PrintJob((Attempt(page),), css, "id", "2027-01-01T00:00:00+00:00", **more)


@pytest.mark.parametrize(
    "html",
    [
        '<img src="print:absent.svg" alt="absent">',
        '<img src="file:///etc/hostname" alt="a file">',
        '<img src="http://127.0.0.1/x.png" alt="an address">',
        '<img src="data:image/svg+xml,%3Csvg xmlns=%22http://www.w3.org/2000/svg%22/%3E" alt="data">',
        '<link rel="stylesheet" href="print:absent.css">',
        '<p style="background: url(print:absent.svg)">text</p>',
    ],
)
def test_a_page_fetches_nothing_but_what_was_brought_along(renderer, html):
    with pytest.raises(DocumentError, match="Error fetching"):
        renderer.render(a_job(html))


def test_a_rule_the_renderer_does_not_know_is_a_fault(renderer):
    with pytest.raises(DocumentError, match="complained"):
        renderer.render(a_job("text", "p { colour: red }"))


def test_a_renderer_that_is_late_says_so_and_prints_the_next_document():
    with Renderer(limit=0.01) as hasty:
        with pytest.raises(DocumentError, match="within"):
            hasty.render(a_job("text"))
        hasty._child._limit = 60

        assert hasty.render(a_job("text")).startswith(b"%PDF-1.7")


def test_the_project_needs_no_fonts_of_the_system(renderer, opened):
    document = opened(renderer.render(a_job("<p>Σύνδεσμος</p>", "p { font-family: 'DejaVu Sans', Arial, serif }")))
    fonts = {str(font.BaseFont) for page in document.pages for font in page.resources.Font.values()}

    assert {name.partition("+")[2].partition("-")[0] for name in fonts} == {"ESCP"}
