"""Pages on which a consortium shares its writing."""

from __future__ import annotations

from datetime import date
from html import unescape

import pytest
from sqlalchemy import select

from app.models import Application, SectionComment, SectionPlan
from app.services.applications.answers import latest, numbers_of, save
from app.services.calls.call import definition_of
from tests.support.application import Consortium, a_draft, complete, submit, with_partners
from tests.support.paper import sheet_for
from tests.support.web import Web
from tests.support.world import World
from workflows.relations import Relation as R


@pytest.fixture
def found(world: World) -> Consortium:
    return with_partners(world, a_draft(world))


def place(found: Consortium) -> tuple[str, str]:
    """The first section with a long text, and that text's question."""
    pairs = ((s, q) for s in definition_of(found.call).sections for q in s.questions if q.type.value == "long_text")
    section, question = next(pairs)
    return section.id, question.id


def written(world: World, found: Consortium, *texts: str) -> str:
    question = place(found)[1]
    for text in texts:
        with world.act(found.coordinator) as act:
            application = act.session.get_one(Application, found.application.id)
            save(act, application, {question: text}, numbers_of(latest(act, application)))
    return question


def test_a_comment_is_written_read_by_partners_and_hidden_from_the_office(
    web: Web, world: World, found: Consortium
) -> None:
    address = f"/applications/{found.application.id}/sections/{place(found)[0]}/comments"
    partner, manager = found.partners[0][0], world.person("Mona Manager", None, R.CALL_MANAGER)
    sent = {"text": "Is the third task ours?", "mentions": partner.id}

    page = web.client_of(found.coordinator).post(address, sent, follow=True)

    assert "Is the third task ours?" in page.text
    assert [job.args["address"] for job in web.mails("mentioned")] == [partner.email]
    assert "Is the third task ours?" in web.client_of(partner).get(address).text
    assert web.client_of(manager).get(address).status_code == 404
    assert web.client_of(manager).post(address, {"text": "Hello"}).status_code == 404


def test_a_comment_is_marked_as_dealt_with_and_opened_again(web: Web, world: World, found: Consortium) -> None:
    address = f"/applications/{found.application.id}/sections/{place(found)[0]}/comments"
    browser = web.client_of(found.coordinator)
    browser.post(address, {"text": "Add figures."})
    with world.look() as act:
        comment = act.session.scalars(select(SectionComment.id)).one()

    settled = browser.post(f"{address}/{comment}/settle", follow=True)
    again = browser.post(f"{address}/{comment}/settle", {"again": "1"}, follow=True)

    assert "Dealt with" in settled.text
    assert "Mark as dealt with" in again.text


def test_the_plan_names_owner_and_day_and_shows_them_in_the_section(web: Web, world: World, found: Consortium) -> None:
    section, _ = place(found)
    address = f"/applications/{found.application.id}/plan"
    browser, partner = web.client_of(found.coordinator), found.partners[0][0]
    fields = sheet_for(browser.get(address).text, address).fields

    sent = fields | {f"{section}-owner": [partner.id], f"{section}-due_on": ["2018-02-20"]}
    browser.post(address, {name: values[-1] for name, values in sent.items() if name != "csrf_token"})

    with world.look() as act:
        plan = act.session.scalars(select(SectionPlan)).one()
        assert (plan.owner_id, plan.due_on) == (partner.id, date(2018, 2, 20))
    beside = web.client_of(partner).get(f"/applications/{found.application.id}/sections/{section}").text
    assert "Written by Paula2 Partner, to be ready by 20 February 2018." in unescape(beside)
    assert "Save who writes what" not in web.client_of(partner).get(address).text


def test_signing_a_section_off_shows_and_a_change_after_it_does_too(web: Web, world: World, found: Consortium) -> None:
    section, _ = place(found)
    written(world, found, "First.")
    address = f"/applications/{found.application.id}/sections/{section}"
    browser = web.client_of(found.coordinator)

    signed = browser.post(f"{address}/sign-off", follow=True)
    written(world, found, "Second.")
    changed = browser.get(address)
    undone = browser.post(f"{address}/sign-off", {"undo": "1"}, follow=True)

    assert "Signed off" in signed.text
    assert "Changed since" not in signed.text
    assert "Changed since" in changed.text
    assert "Take my sign-off back" not in undone.text


def test_any_two_versions_of_an_answer_stand_side_by_side(web: Web, world: World, found: Consortium) -> None:
    question = written(world, found, "We train forty firms.", "We train sixty firms.", "Nothing.")
    address = f"/applications/{found.application.id}/answers/{question}/history"
    browser = web.client_of(found.partners[0][0])

    page = browser.get(f"{address}?old=1&new=2").text

    assert '<del class="escp-removed"><span class="escp-hidden">taken out: </span>forty ' in page
    assert '<ins class="escp-added"><span class="escp-hidden">put in: </span>sixty ' in page
    back = browser.post(address, {"number": "2", "newest": "3"}, follow=True)
    assert "<td" in back.text
    assert browser.get(address).text.count("We train sixty firms.") >= 1
    late = browser.post(address, {"number": "1", "newest": "3"})
    assert late.status_code == 409
    assert "somebody saved a newer version meanwhile" in late.text


def test_the_office_sees_no_version_of_a_draft(web: Web, world: World, found: Consortium) -> None:
    question = written(world, found, "A draft.")
    manager = world.person("Mona Manager", None, R.CALL_MANAGER)

    page = web.client_of(manager).get(f"/applications/{found.application.id}/answers/{question}/history")

    assert page.status_code == 404


def test_every_page_of_a_submitted_application_says_that_its_draft_went_on(web: Web, world: World) -> None:
    ready = complete(world, with_partners(world, a_draft(world)))
    submit(world, ready)
    browser, there = web.client_of(ready.coordinator), f"/applications/{ready.application.id}"
    pages = [there, f"{there}/consortium", f"{there}/about", f"{there}/documents", f"{there}/plan",
             f"/memberships/{ready.partners[0][2].id}"]  # fmt: skip
    assert not any("will be evaluated" in browser.get(page).text for page in pages)
    world.later(minutes=1)
    written(world, ready, "Something else.")

    told = [unescape(browser.get(page).text) for page in pages]

    assert all("Version 1 will be evaluated. You have 1 change that isn't in it." in page for page in told)
    assert all(page.count("will be evaluated. You have") == 1 for page in told)
