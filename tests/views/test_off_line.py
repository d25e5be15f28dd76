"""An application taken off line: the form works without a connection, and nothing of what comes back is taken unseen."""

from __future__ import annotations

import io
import json
from pathlib import Path
from typing import Any

import docx
import pytest
from playwright.sync_api import Browser as Chromium

from app.models import Answer, Application
from app.services.applications.answers import save, value_of, values_of
from tests.support.application import Consortium, a_draft, with_partners
from tests.support.web import Browser, Web
from tests.support.world import World

SUMMARY = "joint_strategy"
TYPED = "Two lines\nwith an apostrophe’s “quotes”, <b>tags</b>, Ελληνικά and 🚀"


@pytest.fixture
def found(world: World) -> Consortium:
    return with_partners(world, a_draft(world))


def address(found: Consortium, suffix: str = "") -> str:
    return f"/applications/{found.application.id}/off-line{suffix}"


def a_file(found: Consortium, **changes: Any) -> dict[str, Any]:
    return {
        "format": "escp-s3-answers", "version": 1, "application": found.application.id,
        "basics": {}, "was": {}, "answers": {}, "numbers": {},
    } | changes  # fmt: skip


def bring(browser: Browser, found: Consortium, file: object) -> Any:
    content = file if isinstance(file, bytes) else json.dumps(file).encode()
    return browser.post(
        address(found), {"file": (io.BytesIO(content), "answers.json")}, content_type="multipart/form-data"
    )


def keep(browser: Browser, found: Consortium, file: dict[str, Any], *lines: str, **numbers: int) -> Any:
    seen = {f"n_{line}": numbers.get(line.partition(".")[2], 0) for line in lines}
    return browser.post(address(found), {"brought": json.dumps(file), "line": list(lines), "take": 1} | seen)


def stored(world: World, found: Consortium) -> dict[str, Any]:
    with world.look() as act:
        return values_of(act, act.session.get_one(Application, found.application.id))


def save_as(world: World, found: Consortium, text: str, number: int = 0) -> None:
    with world.act(found.coordinator) as act:
        save(act, act.session.get_one(Application, found.application.id), {SUMMARY: text}, {SUMMARY: number})


def test_what_was_typed_is_shown_before_any_of_it_is_taken(web: Web, world: World, found: Consortium) -> None:
    browser, file = web.client_of(found.coordinator), a_file(found, answers={SUMMARY: TYPED})

    page = bring(browser, found, file)
    assert page.status_code == 200
    assert "Ελληνικά and 🚀" in page.text
    assert "<b>tags</b>" not in page.text
    assert stored(world, found) == {}

    assert keep(browser, found, file, f"answer.{SUMMARY}").status_code == 303
    assert stored(world, found)[SUMMARY] == TYPED


def test_what_was_not_touched_is_not_shown(web: Web, world: World, found: Consortium) -> None:
    save_as(world, found, "first")
    save_as(world, found, "second, by a colleague", 1)
    file = a_file(found, answers={SUMMARY: "first"}, numbers={SUMMARY: 1})

    page = bring(web.client_of(found.coordinator), found, file)

    assert "Nothing differs" in page.text


def test_a_change_by_two_is_shown_and_not_ticked(web: Web, world: World, found: Consortium) -> None:
    save_as(world, found, "first")
    file = a_file(found, answers={SUMMARY: "mine"}, numbers={SUMMARY: 1})
    save_as(world, found, "theirs", 1)
    browser = web.client_of(found.coordinator)

    page = bring(browser, found, file)
    assert "Changed by two" in page.text
    assert "theirs" in page.text
    assert f'value="answer.{SUMMARY}" checked' not in page.text

    assert keep(browser, found, file, f"answer.{SUMMARY}", **{SUMMARY: 2}).status_code == 303
    with world.look() as act:
        rows = act.session.query(Answer).filter(Answer.question == SUMMARY).order_by(Answer.number).all()
    assert [value_of(row) for row in rows] == ["first", "theirs", "mine"], "no text is lost"


def test_whoever_was_faster_after_the_page_was_shown_is_not_overwritten(
    web: Web, world: World, found: Consortium
) -> None:
    browser, file = web.client_of(found.coordinator), a_file(found, answers={SUMMARY: "mine"})
    bring(browser, found, file)
    save_as(world, found, "theirs")

    page = keep(browser, found, file, f"answer.{SUMMARY}")

    assert page.status_code == 409
    assert stored(world, found)[SUMMARY] == "theirs"
    assert "mine" in page.text


def test_an_answer_that_can_not_be_kept_says_why_and_the_others_can(web: Web, world: World, found: Consortium) -> None:
    browser = web.client_of(found.coordinator)
    file = a_file(
        found, answers={SUMMARY: "x" * 6001, "management": "sound"}, basics={"months": "many"}, was={"months": ""}
    )

    page = bring(browser, found, file)
    assert "Shorten" in page.text or "too long" in page.text
    assert "“Length”" in page.text

    wanted = [f"answer.{SUMMARY}", "answer.management", "about.months"]
    assert keep(browser, found, file, *wanted).status_code == 303
    assert set(stored(world, found)) == {"management"}


def test_basic_facts_come_back_as_well(web: Web, world: World, found: Consortium) -> None:
    browser = web.client_of(found.coordinator)
    file = a_file(found, basics={"acronym": "OFF-LINE", "months": "24"}, was={"acronym": "", "months": ""})

    assert keep(browser, found, file, "about.acronym", "about.months").status_code == 303

    with world.look() as act:
        application = act.session.get_one(Application, found.application.id)
        assert (application.acronym, application.months) == ("OFF-LINE", 24)


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"format": "something else"}, "not a file of the off-line form"),
        ({"version": 2}, "another version"),
        ({"application": "a" * 26}, "another application"),
        ({"colour": "red"}, "“colour”"),
        ({"answers": {SUMMARY: 4}}, f"“answers.{SUMMARY}”"),
        ({"numbers": {SUMMARY: "one"}}, f"“numbers.{SUMMARY}”"),
        ({"basics": []}, "“basics”"),
    ],
)
def test_a_file_that_is_not_as_the_form_writes_it_is_refused_by_path(
    web: Web, world: World, found: Consortium, change: dict[str, Any], words: str
) -> None:
    page = bring(web.client_of(found.coordinator), found, a_file(found, answers={SUMMARY: "typed"}) | change)

    assert page.status_code == 422
    assert words in page.text
    assert stored(world, found) == {}


@pytest.mark.parametrize("content", [b"", b"\xff\xfe", b"[]", b"null", b'"text"', b"{" * 3000])
def test_what_is_no_file_of_ours_is_refused(web: Web, found: Consortium, content: bytes) -> None:
    assert bring(web.client_of(found.coordinator), found, content).status_code == 422


def test_strangers_find_nothing(web: Web, world: World, found: Consortium) -> None:
    stranger = web.client_of(world.person("Sam Stranger"))

    pages = [stranger.get(address(found, suffix)) for suffix in ("", "/form.html", "/text.docx")]

    assert [page.status_code for page in pages] == [404, 404, 404]


def test_the_text_holds_every_question_with_its_answer(web: Web, world: World, found: Consortium) -> None:
    save_as(world, found, TYPED)

    answer = web.client_of(found.coordinator).get(address(found, "/text.docx"))
    document = docx.Document(io.BytesIO(answer.data))

    lines = [paragraph.text for paragraph in document.paragraphs]
    assert TYPED in lines
    assert "Management and risks" in lines
    assert {"Heading 1", "Heading 2"} <= {paragraph.style.name for paragraph in document.paragraphs if paragraph.style}
    assert found.organisation.name in document.tables[0].rows[1].cells[0].text


def test_the_form_works_without_a_connection(
    web: Web, world: World, found: Consortium, tmp_path: Path, chromium: Chromium
) -> None:
    """Typed in a real browser that is off line, kept over a closed page, saved as a file, brought back: no character lost."""
    save_as(world, found, "as it was")
    browser = web.client_of(found.coordinator)
    page = browser.get(address(found, "/form.html"))
    assert page.headers["Content-Disposition"].startswith("attachment")
    assert "http" not in page.text.replace(found.application.call.title, ""), "the page names no address to load from"
    taken = tmp_path / "form.html"
    taken.write_bytes(page.data)

    context = chromium.new_context(offline=True, accept_downloads=True)
    tab = context.new_page()
    faults: list[str] = []
    tab.on("pageerror", lambda fault: faults.append(str(fault)))
    tab.goto(taken.as_uri())
    tab.get_by_label("Plan for the joint cluster partnership strategy").fill(TYPED)
    tab.get_by_label("Acronym").fill("OFF-LINE")
    packages = tab.locator('[data-question="work_packages"]')
    rows = packages.locator("fieldset fieldset").count()
    packages.get_by_role("button", name="Add a row").click()
    packages.get_by_label("Title").nth(rows).fill("The last package")
    packages.get_by_label("Tasks and results").nth(rows).fill("Much")
    tab.wait_for_function("document.getElementById('state').textContent.includes('Kept')")
    tab.close()

    tab = context.new_page()
    tab.goto(taken.as_uri())
    assert tab.get_by_label("Plan for the joint cluster partnership strategy").input_value() == TYPED
    with tab.expect_download() as saved:
        tab.get_by_role("button", name="Save the file to bring back").click()
    content = Path(saved.value.path()).read_bytes()
    context.close()
    assert faults == []

    shown = bring(browser, found, content)
    assert shown.status_code == 200
    file = json.loads(content)
    lines = [f"answer.{SUMMARY}", "about.acronym"]
    assert keep(browser, found, file, *lines, **{SUMMARY: 1}).status_code == 303
    assert stored(world, found)[SUMMARY] == TYPED
    assert file["answers"]["work_packages"] == [
        {"title": "The last package", "partner": "", "start_month": "", "end_month": "", "tasks": "Much"}
    ]


def test_brackets_within_brackets_without_end_are_no_file_of_ours(web: Web, found: Consortium) -> None:
    answer = bring(web.client_of(found.coordinator), found, b"[" * 100_000)
    assert answer.status_code == 422
    assert "not a file of the off-line form" in answer.text


def test_a_number_no_database_counts_to_is_refused(web: Web, found: Consortium) -> None:
    file = a_file(found, answers={SUMMARY: "x"}, numbers={SUMMARY: 10**30})
    answer = bring(web.client_of(found.coordinator), found, file)
    assert answer.status_code == 422
    assert f"numbers.{SUMMARY}" in answer.text
