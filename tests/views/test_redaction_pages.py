"""The office anonymises what evaluators read: page by page, as the manager does it, with what evaluators then get."""

from __future__ import annotations

import io
import re

import pikepdf
import pytest
from playwright.sync_api import Browser as Chromium
from sqlalchemy import select

from app.models import Assignment, RedactedFile, Redaction
from app.services.anonymising.plain_copies import copying, want_plain_copies
from app.services.anonymising.redaction import start_redactions
from app.services.transitions import perform
from tests.support.application import a_pdf
from tests.support.blind import Blind
from tests.support.browser import served
from tests.support.web import Browser, Web, new_app, settings_of
from tests.support.world import World
from tests.views.test_time_in_browser import faults, page_of

PLACE = "answer:summary"


@pytest.fixture
def blind(world: World) -> Blind:
    found = Blind(world, summary="ALPHA weaves. Write to who@else.example.", plan=a_pdf())
    with world.act() as act:
        start_redactions(act)
    return found


def _id(blind: Blind) -> str:
    with blind.world.look() as act:
        return act.session.scalars(select(Redaction.id).where(Redaction.application_id == blind.one.id)).one()


def _do(manager: Browser, address: str, go: str, number: int, **typed: object) -> int:
    data = {"place": PLACE, "number": str(number), "go": go} | typed
    return manager.post(f"{address}/texts", data).status_code


def test_a_manager_anonymises_texts_and_a_file_and_an_evaluator_gets_these(blind: Blind, web: Web) -> None:
    manager, address = web.client_of(blind.story.manager), f"/redactions/{_id(blind)}"
    assert address in manager.get(f"/calls/{blind.story.call.id}/redactions").text
    assert "3 applications are not anonymised yet" in manager.get(f"/calls/{blind.story.call.id}/cockpit").text
    page = manager.get(address).text
    passages = [one for one in re.findall(r'name="passage" value="([^"]+)"', page) if one.startswith(PLACE)]
    assert len(passages) == 2
    assert "may tell who applies are left" in page

    assert _do(manager, address, "accept", 0, passage=passages[:1]) == 303
    assert _do(manager, address, "", 0, text="over the newer one") == 422
    assert "over the newer one" in manager.page.text
    page = manager.get(address).text
    (left,) = [one for one in re.findall(r'name="passage" value="([^"]+)"', page) if one.startswith(PLACE)]
    assert _do(manager, address, "leave", 1, passage=[left]) == 303
    assert _do(manager, address, "", 1, text="[the project] weaves. Write to the ministry.") == 303
    manager.post(f"{address}/all")

    file = re.search(r'name="of" value="([^"]+)"', page)
    assert file is not None
    other = _two_pages()
    sent = {"of": file[1], "file": (io.BytesIO(other), "ALPHA anonymised.pdf")}
    assert manager.post(f"{address}/files", {"of": file[1]}).status_code == 422
    assert "Page 1 holds no text" in manager.get(f"{address}/pages").text
    assert manager.post(f"{address}/files", sent).status_code == 303
    searched = manager.get(f"{address}/pages").text
    assert "Page 2" in searched
    assert "acronym of the application" in searched
    assert re.search(r"Made by <mark[^>]*>ALPHA</mark>", searched)
    assert manager.post(f"{address}/release", follow=True).status_code == 200
    assert "Anonymised" in manager.get(address).text
    assert web.client_of(blind.person).get(address).status_code == 404

    blind.disclose()
    with blind.world.act(blind.person) as act:
        task = act.session.get_one(Assignment, blind.tasks[0].id)
        perform(act, task, "declare_free", {"no_conflict": True})
    _make_copies(blind)
    expert = web.client_of(blind.person)
    read = expert.get(f"/applications/{blind.one.id}").text
    assert "[the project] weaves. Write to the ministry." in read
    assert not any(name in read for name in ("ALPHA", "who@else.example"))
    got = expert.get(f"/files/{file[1]}")
    assert (got.status_code, "ALPHA" in got.headers["Content-Disposition"]) == (200, False)
    with pikepdf.open(io.BytesIO(got.data)) as document:
        assert len(document.pages) == 2

    manager.post(f"{address}/reopen", {"reason": "Take it away."})
    blind.world.later(minutes=5)
    assert manager.post(f"{address}/files", {"of": file[1], "go": "withhold"}).status_code == 303
    assert expert.get(f"/files/{file[1]}").status_code == 200  # until it is given again
    manager.post(f"{address}/release")
    assert expert.get(f"/files/{file[1]}").status_code == 422
    assert manager.get(f"/files/{file[1]}").data == a_pdf()


def _two_pages() -> bytes:
    """A PDF that says on its second page who made it."""
    with pikepdf.open(io.BytesIO(a_pdf("another"))) as document:
        document.add_blank_page()
        font = pikepdf.Dictionary(Type=pikepdf.Name.Font, Subtype=pikepdf.Name.Type1, BaseFont=pikepdf.Name.Helvetica)
        document.pages[1].Resources = pikepdf.Dictionary(Font=pikepdf.Dictionary(F1=document.make_indirect(font)))
        document.pages[1].Contents = document.make_stream(b"BT /F1 12 Tf 72 700 Td (Made by ALPHA) Tj ET")
        made = io.BytesIO()
        document.save(made)
    return made.getvalue()


def _make_copies(blind: Blind) -> None:
    with blind.world.act() as act:
        want_plain_copies(act)
        other = act.session.scalars(select(RedactedFile.id)).one()
    finish = copying(blind.world.database, blind.story.store)({"redacted_file": other}, "job")
    with blind.world.act() as act:
        finish(act)


@pytest.mark.browser
def test_the_pages_have_no_fault_and_fit_a_phone(blind: Blind, browser: Chromium) -> None:
    app = new_app(settings_of(blind.world), lambda: blind.world.now)
    with served(app, browser) as address:
        page = page_of(blind.world, browser, address, blind.story.manager)
        pages = (
            f"/calls/{blind.story.call.id}/redactions",
            f"/redactions/{_id(blind)}",
            f"/redactions/{_id(blind)}/pages",
        )
        assert faults(page, *(address + one for one in pages)) == []
