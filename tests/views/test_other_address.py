"""Accepting an invitation with another address: the link lets somebody ask, the coordinator alone lets them in."""

from __future__ import annotations

from dataclasses import dataclass

import pytest

from app.access import can
from app.models import Application, Membership, Person
from app.services.consortia.membership import invite
from tests.support.application import Consortium, a_draft
from tests.support.web import Browser, Web
from tests.support.world import World
from workflows.membership import State


@dataclass
class Scene:
    """An invitation to an address nobody signs in with, and Pat, who got its link from a colleague."""

    web: Web
    found: Consortium
    membership_id: str
    pat: Person
    lead: Browser

    def at_the_link(self, person: Person | None = None) -> Browser:
        browser = self.web.client_of(person or self.pat)
        browser.get(self.web.address_in(self.web.mails("invitation")[0]), follow_redirects=True)
        return browser

    def membership(self) -> Membership:
        with self.web.world.look() as act:
            return act.session.get_one(Membership, self.membership_id)

    def may_accept(self, person: Person) -> bool:
        with self.web.world.look(person) as act:
            return can(act, "membership.accept", act.session.get_one(Membership, self.membership_id))

    def lead_answers(self, row: str) -> None:
        page = self.lead.get(f"/memberships/{self.membership_id}")
        assert page.status_code == 200
        version = str(self.membership().version)
        answer = self.lead.post(f"/memberships/{self.membership_id}/{row}", {"version": version})
        assert answer.status_code == 303


@pytest.fixture
def scene(web: Web, world: World) -> Scene:
    found = a_draft(world)
    with world.act(found.coordinator) as act:
        application = act.session.get_one(Application, found.application.id)
        membership_id = invite(act, application, email="office@new.example", name="New Cluster").id
    return Scene(
        web, found, membership_id, world.person("Pat Smith", "pat@other.example"), web.client_of(found.coordinator)
    )


def test_the_link_alone_opens_nothing_but_the_invitation(scene: Scene) -> None:
    browser = scene.at_the_link()

    page = browser.get("/invitation")

    assert "let me accept with this address" in page.text
    assert "office@new.example" not in page.text
    assert not scene.may_accept(scene.pat)
    assert browser.get(f"/memberships/{scene.membership_id}").status_code == 404
    assert browser.post(f"/memberships/{scene.membership_id}/allow_address").status_code == 404
    assert browser.post("/invitation", follow=True).status_code == 404


def test_without_the_link_nobody_asks(scene: Scene) -> None:
    answer = scene.web.client_of(scene.pat).post("/invitation/other-address")

    assert answer.status_code == 410
    assert scene.membership().claimed_by is None


def test_asking_tells_the_coordinator_who_asks_and_gives_no_right(scene: Scene) -> None:
    browser = scene.at_the_link()

    page = browser.post("/invitation/other-address", follow=True)
    browser.post("/invitation/other-address")

    assert "You asked to accept with your address" in page.text
    assert [mail.args["address"] for mail in scene.web.mails("address_asked")] == [scene.found.coordinator.email]
    assert not scene.may_accept(scene.pat)
    shown = scene.lead.get(f"/memberships/{scene.membership_id}").text
    assert "Pat Smith, signed in as pat@other.example" in shown
    assert "Somebody asks to accept" in scene.lead.get(f"/applications/{scene.found.application.id}/consortium").text


def test_once_allowed_the_invitation_is_theirs_and_the_first_link_is_void(scene: Scene) -> None:
    browser = scene.at_the_link()
    browser.post("/invitation/other-address")

    scene.lead_answers("allow_address")

    assert scene.may_accept(scene.pat)
    assert [mail.args["address"] for mail in scene.web.mails("address_allowed")] == ["pat@other.example"]
    assert scene.at_the_link(scene.web.world.person("Eve")).get("/invitation").status_code == 410
    accepted = browser.post(
        f"/memberships/{scene.membership_id}/answer",
        {"name": "New Cluster", "country": "GR", "region": "EL30", "kinds": ["technology_centre"]},
    )
    assert accepted.status_code == 303
    assert scene.membership().state is State.ACCEPTED


def test_once_refused_nothing_has_changed_but_they_know(scene: Scene) -> None:
    scene.at_the_link().post("/invitation/other-address")

    scene.lead_answers("refuse_address")

    assert not scene.may_accept(scene.pat)
    assert [mail.args["address"] for mail in scene.web.mails("address_refused")] == ["pat@other.example"]
    stored = scene.membership()
    assert (stored.invited_email, stored.claimed_by, stored.state) == ("office@new.example", None, State.INVITED)


def test_the_coordinator_lets_in_nobody_but_whom_the_page_named(scene: Scene) -> None:
    """Between looking and pressing, Pat was refused by the deputy and Eve asked: the old page counts no more."""
    scene.at_the_link().post("/invitation/other-address")
    seen = str(scene.membership().version)
    scene.lead_answers("refuse_address")
    eve = scene.web.world.person("Eve", "eve@rival.example")
    scene.at_the_link(eve).post("/invitation/other-address")

    answer = scene.lead.post(f"/memberships/{scene.membership_id}/allow_address", {"version": seen})

    assert answer.status_code == 409
    assert not scene.may_accept(eve)


def test_one_person_at_a_time_asks_and_learns_nothing_of_the_other(scene: Scene) -> None:
    scene.at_the_link().post("/invitation/other-address")

    page = scene.at_the_link(scene.web.world.person("Eve")).post("/invitation/other-address")

    assert page.status_code == 422
    assert "was asked already" in page.text
    assert "Pat" not in page.text.partition("<main")[2]


def test_an_address_that_is_not_proved_cannot_be_asked_for(scene: Scene) -> None:
    with scene.web.world.act() as act:
        act.session.get_one(Person, scene.pat.id).email_verified_at = None

    page = scene.at_the_link().post("/invitation/other-address")

    assert page.status_code == 422
    assert scene.membership().claimed_by is None


def test_allowing_without_anybody_asking_is_refused(scene: Scene) -> None:
    answer = scene.lead.post(
        f"/memberships/{scene.membership_id}/allow_address", {"version": str(scene.membership().version)}
    )

    assert answer.status_code == 422
    assert scene.membership().invited_email == "office@new.example"
