"""Pages of expressions of interest, as a browser without scripts uses them."""

from __future__ import annotations

import re
from dataclasses import dataclass
from io import BytesIO

import pytest
from sqlalchemy import event, select

from app.models import Call, Expression, Organisation, Person, Reply
from tests.support.application import a_pdf, written
from tests.support.expression import WHILE_OPEN, a_draft, a_published
from tests.support.web import Web, web
from tests.support.world import REAL_EXPRESSIONS, World
from workflows.expression import State

__all__ = ["web"]  # the fixture

PLANTED = "A sentence only its author may read"


@dataclass
class Scene:
    world: World
    call: Call
    ana: Person
    ben: Person
    textile: Organisation
    port: Organisation


@pytest.fixture
def scene(world: World) -> Scene:
    world.now = WHILE_OPEN
    ana, ben = world.person("Ana Silva", "ana@textile.example"), world.person("Ben Okafor", "ben@port.example")
    call = world.call(REAL_EXPRESSIONS)
    textile = world.organisation("Textile Cluster", ana)
    return Scene(world, call, ana, ben, textile, world.organisation("Port Cluster", ben, country="ES", region="ES51"))


def test_a_draft_is_started_written_and_published_by_hand(web: Web, scene: Scene) -> None:
    browser = web.client_of(scene.ana)
    started = browser.post("/expressions/new", {"call": scene.call.id, "organisation": scene.textile.id})
    address = started.headers["Location"]
    answers = {
        "q_title": "Smart textiles", "q_abstract": "In short.", "q_objectives": "Share pilot lines.", "q_thematic_area": "textiles",
        "q_activities": "Mapping.", "q_regions-0-c_region": "ITC1", "q_consortium-0-c_partner": "Textile Cluster",
        "q_consortium-0-c_contribution": "Leads.",
    }  # fmt: skip
    names = ("title", "abstract", "objectives", "thematic_area", "activities", "regions", "consortium")
    numbers = {f"n_{name}": "0" for name in names}

    saved = browser.post(address, answers | numbers)
    published = browser.post(address.replace("/edit", "/publish"))

    assert (saved.status_code, published.status_code) == (303, 303)
    assert "Smart textiles" in web.visitor().get("/partners?show=expressions").text
    assert "Share pilot lines." in web.visitor().get(address.removesuffix("/edit")).text


def test_a_draft_is_seen_by_its_author_alone(web: Web, scene: Scene) -> None:
    draft = a_draft(scene.world, scene.call, scene.textile, scene.ana, abstract=PLANTED)

    assert PLANTED in web.client_of(scene.ana).get(f"/expressions/{draft.id}").text
    for page in (f"/expressions/{draft.id}", f"/expressions/{draft.id}/edit", f"/expressions/{draft.id}/documents"):
        assert web.client_of(scene.ben).get(page).status_code == 404


def test_changes_that_are_not_published_stay_with_the_author(web: Web, scene: Scene) -> None:
    notice = a_published(scene.world, scene.call, scene.textile, scene.ana)
    scene.world.later(hours=1)
    browser = web.client_of(scene.ana)

    browser.post(f"/expressions/{notice.id}/edit", {"q_sought": PLANTED, "n_sought": "1"})

    assert "1 change is not public yet" in browser.get(f"/expressions/{notice.id}").text
    for page in ("/partners?show=expressions", f"/expressions/{notice.id}"):
        assert PLANTED not in web.visitor().get(page).text
        assert PLANTED not in web.client_of(scene.ben).get(page).text


def test_a_clash_shows_both_texts_and_keeps_mine_in_the_field(web: Web, scene: Scene) -> None:
    draft = a_draft(scene.world, scene.call, scene.textile, scene.ana)
    browser, address = web.client_of(scene.ana), f"/expressions/{draft.id}/edit"
    browser.post(address, {"q_title": "Theirs", "n_title": "1"})

    clash = browser.post(address, {"q_title": "Mine", "n_title": "1"})
    taken = browser.post(address, {"q_title": "Mine", "n_title": "2", "keep_title": "theirs"})

    assert clash.status_code == 409
    assert 'value="Mine"' in clash.text
    assert "Theirs" in clash.text
    assert 'name="n_title" id="n_title" value="2"' in clash.text
    assert taken.status_code == 303
    assert 'value="Theirs"' in browser.get(address).text


def test_a_text_that_is_too_long_is_kept_and_named(web: Web, scene: Scene) -> None:
    draft = a_draft(scene.world, scene.call, scene.textile, scene.ana)
    browser, address = web.client_of(scene.ana), f"/expressions/{draft.id}/edit"

    page = browser.post(address, {"q_title": "x" * 160, "n_title": "1"})

    assert page.status_code == 422
    assert "x" * 160 in page.text
    assert "Shorten “Name of the initiative” by 10 characters" in page.text
    assert "Smart textiles for four regions" in browser.get(address).text


def test_while_typing_what_is_sound_is_saved_and_the_line_says_what_is_not(web: Web, scene: Scene) -> None:
    draft = a_draft(scene.world, scene.call, scene.textile, scene.ana)
    browser, address = web.client_of(scene.ana), f"/expressions/{draft.id}/edit"
    sent = {"q_title": "x" * 160, "n_title": "1", "q_sought": "A science park", "n_sought": "1"}

    page = browser.post(address, sent, headers={"HX-Request": "true"})

    assert page.status_code == 200
    assert "except 1 answer" in page.text
    assert 'id="n_sought" value="2"' in page.text
    assert "A science park" in browser.get(address).text


def test_after_the_deadline_nothing_is_saved(web: Web, scene: Scene) -> None:
    draft = a_draft(scene.world, scene.call, scene.textile, scene.ana)
    browser = web.client_of(scene.ana)
    with scene.world.act() as act:
        act.session.get_one(Call, scene.call.id).closes_at = scene.world.now

    page = browser.post(f"/expressions/{draft.id}/edit", {"q_title": "Too late", "n_title": "1"})

    assert page.status_code == 422
    assert "Too late" not in browser.get(f"/expressions/{draft.id}").text


def test_interest_is_expressed_read_and_accepted(web: Web, scene: Scene) -> None:
    notice = a_published(scene.world, scene.call, scene.textile, scene.ana)
    ben, ana = web.client_of(scene.ben), web.client_of(scene.ana)

    sent = ben.post(f"/expressions/{notice.id}/reply", {"organisation": scene.port.id, "message": PLANTED})
    address = sent.headers["Location"]
    stranger = web.client_of(scene.world.person("Sam Stranger"))

    assert PLANTED in ana.get(address).text
    assert stranger.get(address).status_code == 404
    assert PLANTED not in web.visitor().get(f"/expressions/{notice.id}").text
    assert ana.post(f"{address}/accept", {"message": "Welcome"}).status_code == 303
    with scene.world.look() as act:
        assert act.session.scalars(select(Reply.state)).all() == ["accepted"]


def test_a_comment_is_public_until_its_author_or_the_notices_hides_it(web: Web, scene: Scene) -> None:
    notice = a_published(scene.world, scene.call, scene.textile, scene.ana)
    ben, ana = web.client_of(scene.ben), web.client_of(scene.ana)

    ben.post(
        f"/expressions/{notice.id}/comments", {"text": "Close to our <b>priority</b>", "organisation": scene.port.id}
    )
    shown = web.visitor().get(f"/expressions/{notice.id}").text
    (hide,) = re.findall(r'action="([^"]+/hide)"', ana.get(f"/expressions/{notice.id}").text)
    refused, hidden = ben.post(hide), ana.post(hide)

    assert "Close to our &lt;b&gt;priority&lt;/b&gt;" in shown
    assert "Port Cluster" in shown
    assert (refused.status_code, hidden.status_code) == (404, 303)
    assert "Close to our" not in web.visitor().get(f"/expressions/{notice.id}").text


@pytest.mark.parametrize("text", ["", "with \x00 in it", "y" * 2001])
def test_a_comment_that_cant_be_stored_comes_back_with_what_was_typed(web: Web, scene: Scene, text: str) -> None:
    notice = a_published(scene.world, scene.call, scene.textile, scene.ana)
    browser = web.client_of(scene.ben)

    page = browser.post(f"/expressions/{notice.id}/comments", {"text": text, "organisation": ""})

    assert page.status_code == 422
    assert "Error: SMARTEX-4R" in page.text
    assert text[:40].replace("\x00", "") in page.text.replace("\x00", "")
    assert "Nobody has commented yet." in web.visitor().get(f"/expressions/{notice.id}").text


def test_a_document_is_public_once_the_notice_is_published_with_it(web: Web, scene: Scene) -> None:
    draft = a_draft(scene.world, scene.call, scene.textile, scene.ana)
    ana, address = web.client_of(scene.ana), f"/expressions/{draft.id}"
    sent = {"file": (BytesIO(a_pdf()), "Concept note.pdf")}

    stored = ana.post(f"{address}/documents/concept_note", sent, content_type="multipart/form-data")
    (file,) = re.findall(r'href="(/files/[a-z0-9]+)"', ana.get(f"{address}/documents").text)
    before = web.client_of(scene.ben).get(file).status_code
    ana.post(f"{address}/publish")

    assert (stored.status_code, before) == (303, 404)
    assert "Concept note.pdf" in web.visitor().get(address).text
    assert web.visitor().get(file).data == a_pdf()

    newer = {"file": (BytesIO(written("Ask ana@textile.example")), "Newer.pdf"), "replaces": file.rpartition("/")[2]}
    ana.post(f"{address}/documents/concept_note", newer, content_type="multipart/form-data")
    page = ana.get(f"{address}/documents").text
    (new,) = {one for one in re.findall(r'href="(/files/[a-z0-9]+)"', page) if one != file}
    assert "1 file seems to hold e-mail addresses" in page
    assert "Newer.pdf, page 1" in page
    assert "1 change is not public yet" in ana.get(address).text
    visitor = web.visitor()
    public = visitor.get(address).text
    assert ("Concept note.pdf" in public, "Newer.pdf" in public) == (True, False)
    assert (visitor.get(file).status_code, web.client_of(scene.ben).get(new).status_code) == (200, 404)

    ana.post(f"{address}/publish_again")

    public = visitor.get(address).text
    assert ("Concept note.pdf" in public, "Newer.pdf" in public) == (False, True)
    assert (web.client_of(scene.ben).get(file).status_code, visitor.get(new).status_code) == (404, 200)
    assert "is not public yet" not in ana.get(address).text


def test_a_new_version_of_a_document_takes_the_place_of_the_old_one_which_stays(web: Web, scene: Scene) -> None:
    draft = a_draft(scene.world, scene.call, scene.textile, scene.ana)
    other = a_draft(scene.world, scene.call, scene.textile, scene.ana, acronym="OTHER")
    ana, address = web.client_of(scene.ana), f"/expressions/{draft.id}/documents"

    def send(name: str, at: str = address, **more: str) -> int:
        sent = {"file": (BytesIO(a_pdf(name)), f"{name}.pdf"), **more}
        return ana.post(f"{at}/concept_note", sent, content_type="multipart/form-data").status_code

    assert send("First") == 303
    (first,) = re.findall(r'href="/files/([a-z0-9]+)"', ana.get(address).text)
    assert send("Elsewhere", at=f"/expressions/{other.id}/documents", replaces=first) == 404
    assert send("Second", replaces=first) == 303

    page = ana.get(address).text
    assert re.findall(r">(\w+)\.pdf</a>", page) == ["Second", "First"]
    assert "1 older version" in page
    assert "data-escp-upload" in page
    assert "Open until the end of" in page
    assert ana.get(f"/files/{first}").data == a_pdf("First")


def test_a_file_that_is_none_is_refused_beside_its_field(web: Web, scene: Scene) -> None:
    draft = a_draft(scene.world, scene.call, scene.textile, scene.ana)
    sent = {"file": (BytesIO(b"not a pdf"), "note.pdf")}

    page = web.client_of(scene.ana).post(
        f"/expressions/{draft.id}/documents/concept_note", sent, content_type="multipart/form-data"
    )

    assert page.status_code == 422
    assert 'id="file-concept_note-all-error"' in page.text


def test_withdrawing_takes_the_notice_off_the_list(web: Web, scene: Scene) -> None:
    notice = a_published(scene.world, scene.call, scene.textile, scene.ana)

    done = web.client_of(scene.ana).post(f"/expressions/{notice.id}/withdraw", {"reason": "Partners found"})

    assert done.status_code == 303
    assert "SMARTEX-4R" not in web.visitor().get("/partners?show=expressions").text
    assert web.client_of(scene.ben).get(f"/expressions/{notice.id}").status_code == 404
    with scene.world.look() as act:
        assert act.session.get_one(Expression, notice.id).state is State.WITHDRAWN


@pytest.mark.parametrize("notices", [1, 3])
def test_the_list_asks_as_often_for_three_as_for_one(web: Web, scene: Scene, notices: int) -> None:
    for _ in range(notices):
        a_published(scene.world, scene.call, scene.textile, scene.ana)
    asked: list[str] = []
    engine = web.app.extensions["database"].engine
    event.listen(engine, "before_cursor_execute", lambda _c, _u, statement, *_rest: asked.append(statement))

    page = web.visitor().get("/partners?show=expressions")

    assert page.text.count("Looks for:") == notices
    assert len([statement for statement in asked if statement.startswith("SELECT")]) == 6
