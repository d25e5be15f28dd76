"""Pages around the consortium: what was confirmed, removing with its effects, reminders with a reason, the office's look."""

from __future__ import annotations

from decimal import Decimal

from sqlalchemy import select

from app.models import Application, Membership, Reading
from app.services.consortia.draft_look import let_office_look
from app.services.consortia.membership import give_facts
from app.ticking import tick
from tests.support.application import Consortium, a_draft, complete, submit, with_partners
from tests.support.web import Web, web  # noqa: F401 - a fixture
from tests.support.world import AFTER_CLOSING, World
from workflows.membership import State
from workflows.relations import Relation as R


def ready(world: World) -> Consortium:
    return complete(world, with_partners(world, a_draft(world)))


def test_a_partner_sees_what_was_changed_and_confirms_it(web: Web, world: World) -> None:  # noqa: F811
    found = ready(world)
    person, _organisation, membership = found.partners[0]
    with world.act(found.coordinator) as act:
        give_facts(act, act.session.get_one(Membership, membership.id), {"share": Decimal("5000.00")})

    browser = web.client_of(person)
    before = browser.get(f"/memberships/{membership.id}").text
    browser.post(f"/memberships/{membership.id}/confirm")
    after = browser.get(f"/memberships/{membership.id}").text

    assert "Your part was changed after you confirmed it" in before
    assert "Your part was changed after you confirmed it" not in after
    assert "What was confirmed" in after


def test_the_list_names_who_must_confirm_again_and_the_page_to_submit_warns(web: Web, world: World) -> None:  # noqa: F811
    found = ready(world)
    with world.act(found.coordinator) as act:
        give_facts(act, act.session.get_one(Membership, found.partners[0][2].id), {"task": "Another task."})

    browser = web.client_of(found.coordinator)
    assert "Must confirm again" in browser.get(f"/applications/{found.application.id}/consortium").text
    page = browser.get(f"/applications/{found.application.id}/send").text
    assert "1 of 3 partners must confirm its part again: Cluster 2." in page


def test_agreeing_beforehand_is_given_and_taken_back_on_the_partners_page(web: Web, world: World) -> None:  # noqa: F811
    found = with_partners(world, a_draft(world))
    person, _organisation, membership = found.partners[0]
    browser = web.client_of(person)

    wrong = browser.post(f"/memberships/{membership.id}/agreement", {"agreement-share_percent": "200"})
    given = browser.post(f"/memberships/{membership.id}/agreement", {"agreement-share_percent": "10,5"}, follow=True)
    ended = browser.post(f"/memberships/{membership.id}/agreement/end", follow=True)

    assert wrong.status_code == 422
    assert "Enter a number from 0 to 100." in wrong.text
    assert "your share by up to 10.5 %" in given.text
    assert "Agree beforehand" in ended.text


def test_removing_lists_what_it_touches_before_and_after(web: Web, world: World) -> None:  # noqa: F811
    found = ready(world)
    membership = found.partners[0][2]
    browser = web.client_of(found.coordinator)

    before = browser.get(f"/memberships/{membership.id}/removal").text
    after = browser.post(f"/memberships/{membership.id}/remove", follow=True).text

    assert "now met, then not met" in before
    assert "Budget lines of this partner" in before
    assert "These parts of the application still speak of it." in after
    with world.look() as act:
        assert act.session.get_one(Membership, membership.id).state is State.REMOVED


def test_a_reminder_that_cannot_be_sent_says_from_when_it_can(web: Web, world: World) -> None:  # noqa: F811
    found = with_partners(world, a_draft(world), accepted=False)
    browser = web.client_of(found.coordinator)

    page = browser.get(f"/applications/{found.application.id}/consortium").text
    world.later(hours=48)
    later = web.client_of(found.coordinator).get(f"/applications/{found.application.id}/consortium").text

    assert "the next one can be sent from" in page
    assert "the next one can be sent from" not in later


def test_a_look_of_the_office_is_recorded_and_shown_to_the_applicants(web: Web, world: World) -> None:  # noqa: F811
    found = ready(world)
    manager = world.person("Mona Manager", None, R.CALL_MANAGER)
    office = web.client_of(manager)
    refused = office.get(f"/applications/{found.application.id}/preview").status_code
    with world.act(found.coordinator) as act:
        let_office_look(act, act.session.get_one(Application, found.application.id))

    read = office.get(f"/applications/{found.application.id}/preview").status_code
    people = web.client_of(found.coordinator).get(f"/applications/{found.application.id}/people").text

    assert (refused, read) == (404, 200)
    assert "Read by Mona Manager" in people
    with world.look() as act:
        assert act.session.scalars(select(Reading.relation)).all() == ["draft_reader"]


def test_a_change_after_the_deadline_is_asked_for_and_answered_on_its_pages(web: Web, world: World) -> None:  # noqa: F811
    found = ready(world)
    submit(world, found)
    world.now = AFTER_CLOSING
    with world.act() as act:
        application = act.session.get_one(Application, found.application.id)
        call_id = application.call_id
    tick(world.database, world.now, world.chance)
    manager = world.person("Mona Manager", None, R.CALL_MANAGER)
    member = found.partners[0][2].id

    browser = web.client_of(found.coordinator)
    address = f"/applications/{found.application.id}/amendments/new?change=remove&partner={member}"
    without = browser.post(address, {"reason": ""})
    asked = browser.post(address, {"reason": "It was merged."}, follow=True)
    office = web.client_of(manager)
    listed = office.get(f"/calls/{call_id}/amendments").text
    answered = office.post(f"{asked.request.path}/accept", follow=True)

    assert without.status_code == 422
    assert "It was merged." in asked.text
    assert "now met, then not met" in asked.text
    assert "Cluster 2" in listed
    assert "Accepted" in answered.text
