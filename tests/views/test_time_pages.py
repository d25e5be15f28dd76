"""Pages of deadlines and questions: asked, answered, changed, extended for one, clarified."""

from __future__ import annotations

import re
from html import unescape
from io import BytesIO

import pytest

from app.models import Application, Clarification, Enquiry, LateException, Person
from app.services.calls.call import definition_of
from app.services.checks.clarification_files import reopenable_documents
from app.ticking import tick
from tests.services.test_call_changes import changed, question_of
from tests.services.test_clarifications import text_question
from tests.support.application import Consortium, a_draft, a_pdf, complete, submit, with_partners
from tests.support.web import Browser, Web, web
from tests.support.world import AFTER_CLOSING, World
from workflows.definition import Section
from workflows.relations import Relation as R

__all__ = ["web"]  # the fixture


@pytest.fixture
def manager(world: World) -> Person:
    return world.person("Max Manager", None, R.CALL_MANAGER)


def take(browser: Browser, noun: str, thing: Enquiry | LateException | Clarification, row: str, **data: str) -> None:
    answer = browser.post(f"/{noun}/{thing.id}/{row}", data)
    assert answer.status_code == 303, answer.text


def only(world: World, model: type) -> object:
    with world.look() as act:
        (found,) = act.session.query(model).all()
    return found


def test_a_question_goes_from_asked_to_published_and_its_asker_stays_unnamed(
    web: Web, world: World, manager: Person
) -> None:
    call, asker = world.call(), world.person("Ines Askerova")
    browser, office = web.client_of(asker), web.client_of(manager)

    asked = browser.post(f"/calls/{call.id}/questions/ask", {"clause": "who", "text": "May <b>we</b> apply?"})
    assert asked.status_code == 303
    enquiry: Enquiry = only(world, Enquiry)  # type: ignore[assignment]
    assert web.visitor().get(f"/questions/{enquiry.id}").status_code == 303  # to sign in
    assert "1 question waits for its answer" in office.get(f"/calls/{call.id}/cockpit").text
    assert "Answer 1 question about" in office.get("/work").text
    assert "May &lt;b&gt;we&lt;/b&gt; apply?" in office.get(f"/questions/{enquiry.id}/answer").text  # to start from

    take(office, "questions", enquiry, "answer", wording="May a network apply?", answer="Yes.\nSee the rules.")
    take(office, "questions", enquiry, "publish")

    for address in (f"/calls/{call.id}/questions", f"/questions/{enquiry.id}", f"/calls/{call.id}"):
        page = web.visitor().get(address)
        assert page.status_code == 200
        assert "May a network apply?" in page.text
        assert "Askerova" not in page.text
        assert "May &lt;b&gt;" not in page.text
    assert "0 of 1 questions found" in web.visitor().get(f"/calls/{call.id}/questions?q=budget").text


def test_a_changed_call_shows_each_draft_what_to_look_at_again(web: Web, world: World, manager: Person) -> None:
    found = a_draft(world)
    question, label, lines = question_of(found.call)
    office, browser = web.client_of(manager), web.client_of(found.coordinator)
    section = next(s.id for s in _sections(found) if any(q.id == question for q in s.questions))
    address = f"/applications/{found.application.id}"
    browser.post(f"{address}/sections/{section}", {f"q_{question}": "A week of work", f"n_{question}": "0"})

    chosen = {"file": (BytesIO(changed((lines, ""))), "call.yaml")}
    sent = office.post(f"/calls/{found.call.id}/new-version", chosen, content_type="multipart/form-data")
    assert sent.status_code == 303
    assert f"No longer asked: “{label}”." in office.get(f"/calls/{found.call.id}/new-version").text
    assert "changed since you began" not in browser.get(address).text
    refused = office.post(f"/calls/{found.call.id}/change", {"summary": ""})
    assert refused.status_code == 422
    assert office.post(f"/calls/{found.call.id}/change", {"summary": "One question less."}).status_code == 303

    page = browser.get(address).text
    assert "The call changed since you began: look again" in page
    assert "A week of work" in page
    assert "The call changed: look again at" in browser.get("/work").text
    assert browser.post(f"{address}/look-again", {"number": "2"}).status_code == 303
    assert "changed since you began" not in browser.get(address).text
    assert "One question less." in web.visitor().get(f"/calls/{found.call.id}/versions").text
    assert web.visitor().get(f"/calls/{found.call.id}/export?version=1").data != web.visitor().get(
        f"/calls/{found.call.id}/export"
    ).data  # fmt: skip


def _sections(found: Consortium) -> tuple[Section, ...]:
    return definition_of(found.call).sections


def test_a_faulty_file_changes_nothing_and_says_where(web: Web, world: World, manager: Person) -> None:
    call, office = world.call(), web.client_of(manager)

    answer = office.post(
        f"/calls/{call.id}/new-version", {"file": (BytesIO(b"code: [\n"), "call.yaml")},
        content_type="multipart/form-data",
    )  # fmt: skip

    assert answer.status_code == 422
    assert "fault" in answer.text


def test_a_call_is_changed_on_its_page_and_a_faulty_text_stays_with_its_lines(
    web: Web, world: World, manager: Person
) -> None:
    call, office = world.call(), web.client_of(manager)
    address = f"/calls/{call.id}/new-version"
    assert f'href="{address}"' in office.get(f"/calls/{call.id}").text
    question, label, lines = question_of(call)
    (shown,) = re.findall(r'<textarea[^>]*name="text"[^>]*>(.*?)</textarea>', office.get(address).text, re.DOTALL)
    text = unescape(shown).strip()
    assert text == changed().decode().strip()

    spoilt = text.replace("max_chars: ", "max_chars: many ", 1)
    line = next(at for at, one in enumerate(spoilt.splitlines(), start=1) if "many" in one)
    faulty = office.post(address, {"text": spoilt.replace("\n", "\r\n")})
    assert faulty.status_code == 422
    assert "max_chars: many" in unescape(faulty.text).partition("<textarea")[0]
    assert f">{line}<" in faulty.text
    assert unescape(faulty.text).count(f"{question}") >= 1
    assert spoilt.strip() in unescape(faulty.text)
    moved = office.post(address, {"text": text.replace("2018-03-08T17:00:00", "2018-04-08T17:00:00")})
    assert "a deadline is moved by an extension" in moved.text

    sent = office.post(address, {"text": text.replace(lines, "").replace("\n", "\r\n")})
    assert sent.status_code == 303
    assert f"No longer asked: “{label}”." in office.get(address).text
    assert office.post(f"/calls/{call.id}/change", {"summary": "One question less."}).status_code == 303
    assert "One question less." in web.visitor().get(f"/calls/{call.id}/versions").text
    assert office.post(address, {"text": "  "}).status_code == 422


def test_a_later_deadline_is_asked_for_proposed_and_approved_on_pages(web: Web, world: World, manager: Person) -> None:
    found = complete(world, with_partners(world, a_draft(world)))
    world.now = AFTER_CLOSING
    tick(world.database, world.now, world.chance)
    signer = world.person("Petra Signer", None, R.PROGRAMME_MANAGER)
    applicant, office, second = (web.client_of(p) for p in (found.coordinator, manager, signer))
    address = f"/applications/{found.application.id}"

    assert "Ask for a later deadline" in applicant.get(address).text
    assert applicant.post(f"{address}/later-deadline", {"text": "The power was cut."}).status_code == 303
    exception: LateException = only(world, LateException)  # type: ignore[assignment]
    assert "1 later deadline for one applicant is asked for" in office.get(f"/calls/{found.call.id}/cockpit").text
    take(office, "exceptions", exception, "propose", until="2018-03-12T17:00", reason="Proved by the grid operator.")
    assert second.get(f"/exceptions/{exception.id}").status_code == 200
    take(second, "exceptions", exception, "approve")

    page = applicant.get(address).text
    assert "Monday 12 March 2018, 17:00 Brussels time" in page
    assert "Own deadline approved" in applicant.get(f"{address}/history").text
    assert "Proved by the grid operator." not in web.visitor().get(f"/calls/{found.call.id}").text
    with world.act() as act:
        call = act.session.get_one(Application, found.application.id).call
        call.definition = {**call.definition, "exceptions_public": True}
    public = web.visitor().get(f"/calls/{found.call.id}").text
    assert "Proved by the grid operator." in public
    assert found.organisation.name not in public


def test_a_clarification_reopens_named_answers_and_evaluators_read_both(
    web: Web, world: World, manager: Person
) -> None:
    found = complete(world, with_partners(world, a_draft(world)))
    submit(world, found)
    world.now = AFTER_CLOSING
    tick(world.database, world.now, world.chance)
    question, office, applicant = text_question(found), web.client_of(manager), web.client_of(found.coordinator)
    address = f"/applications/{found.application.id}"

    assert "Ask for a clarification" in office.get(address).text
    opened = office.post(
        f"{address}/clarifications/new",
        {"questions": question, "text": "Which regions?", "due_at": "2018-03-20T17:00"},
    )
    assert opened.status_code == 303, opened.text
    one: Clarification = only(world, Clarification)  # type: ignore[assignment]
    assert "Which regions?" in applicant.get(f"/clarifications/{one.id}").text
    assert applicant.get(f"/clarifications/{one.id}/answers").status_code == 200
    saved = applicant.post(
        f"/clarifications/{one.id}/answers", {f"q_{question}": "Piemonte & Norte", f"n_{question}": "0"}
    )
    assert saved.status_code == 303, saved.text
    take(applicant, "clarifications", one, "answer")

    page = office.get(address).text
    assert "Piemonte &amp; Norte" in page
    assert "As it was sent" in page
    assert applicant.get(f"/clarifications/{one.id}/answers").status_code == 404


def test_documents_are_reopened_uploaded_and_read_beside_what_was_sent(web: Web, world: World, manager: Person) -> None:
    found = complete(world, with_partners(world, a_draft(world)))
    submit(world, found)
    world.now = AFTER_CLOSING
    tick(world.database, world.now, world.chance)
    place = reopenable_documents(found.call)[0]
    office, applicant = web.client_of(manager), web.client_of(found.coordinator)
    asked = {"questions": place.id, "text": "The scan can't be read.", "due_at": "2018-03-20T12:00"}

    assert place.label in office.get(f"/applications/{found.application.id}/clarifications/new").text
    assert office.post(f"/applications/{found.application.id}/clarifications/new", asked).status_code == 303
    one: Clarification = only(world, Clarification)  # type: ignore[assignment]
    page = applicant.get(f"/clarifications/{one.id}").text
    assert "Upload the documents" in page
    assert "Change the answers" not in page
    address = f"/clarifications/{one.id}/documents"
    partners = re.findall(r'name="partner" value="(\w+)"', applicant.get(address).text)
    assert len(partners) == 1 + len(found.partners)

    def upload(content: bytes, name: str, partner: str) -> int:
        sent = {"file": (BytesIO(content), name), "partner": partner}
        return applicant.post(f"{address}/{place.id}", sent, content_type="multipart/form-data").status_code

    assert (upload(a_pdf("New"), "Readable.pdf", partners[0]), upload(b"junk", "junk.pdf", partners[1])) == (303, 422)
    assert "Readable.pdf" in applicant.get(address).text
    early = applicant.post(f"/clarifications/{one.id}/answer")
    assert early.status_code == 422
    assert place.label in early.text
    assert [upload(a_pdf("New"), "Theirs.pdf", partner) for partner in partners[1:]] == [303, 303]
    assert applicant.post(f"/clarifications/{one.id}/answer").status_code == 303

    old, _between, new = office.get(f"/clarifications/{one.id}").text.partition("As it was clarified")
    assert f"{place.id}.pdf" in old
    assert "Readable.pdf" in new
    file = re.findall(r'href="(/files/\w+)"', new)[0]
    assert office.get(file).data == a_pdf("New")
    assert applicant.get(address).status_code == 404
