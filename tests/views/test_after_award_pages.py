"""What follows the award, on its pages: a partner accepts the charter from My work; the reserve list moves up."""

from __future__ import annotations

import re

from sqlalchemy import select

from app.models import Application, Decision, Label, Membership, Part, Participant
from app.services.transitions import perform
from tests.support.beginnings import Begin
from tests.support.decided import FAIR, GOOD, Office
from tests.support.web import Web


def test_partners_answer_the_charter_and_the_office_moves_the_reserve_list_up(web: Web, begin: Begin) -> None:
    office: Office = begin(Office)
    first = office.application("FIRST", GOOD, grant=2_700_000)
    second = office.application("SECOND", FAIR, grant=200_000)
    partner = office.world.person("Paula Partner")
    with office.world.act() as act:
        member = act.session.scalars(
            select(Membership).where(Membership.application_id == first.id, Membership.position == 1)
        ).one()
        act.session.add(
            Participant(
                id=act.new_id(), application_id=first.id, membership_id=member.id, person_id=partner.id,
                part=Part.CONTACT, since=act.now,
            )
        )  # fmt: skip
        address = f"/memberships/{member.id}/charter"
    office.release()

    browser = web.client_of(partner)
    assert address in browser.get("/work").text
    page = browser.get(address).text
    seen = re.search(r'name="text" value="([0-9a-f]{64})"', page)
    assert seen is not None
    assert browser.post(f"{address}/refusal", {"text": seen[1], "reason": ""}).status_code == 422
    assert browser.post(address, {"text": "0" * 64}).status_code == 422
    done = browser.post(address, {"text": seen[1]}, follow=True)
    assert "Your organisation accepted the charter" in done.text
    assert address not in browser.get("/work").text
    assert "1 of 3 accepted it." in web.client_of(office.manager).get(f"/labels/{office.label_of(first).id}").text

    with office.world.act(office.lead_of(first)) as act:
        perform(act, act.session.get_one(Label, office.label_of(first).id), "decline", {"reason": "We can't."})
    with office.world.look() as act:
        decision = act.session.scalars(select(Decision.id)).one()
    manager, director = web.client_of(office.manager), web.client_of(office.director)
    assert "Propose that it moves up" in manager.get(f"/decisions/{decision}/reserve").text
    assert manager.post(f"/decisions/{decision}/reserve", {"application": first.id}).status_code == 422
    proposed = manager.post(f"/decisions/{decision}/reserve", {"application": second.id})
    assert "moves up from the reserve list" in director.get(proposed.headers["Location"]).text
    assert director.post(f"{proposed.headers['Location']}/sign", {}, follow=True).status_code == 200
    with office.world.look() as act:
        assert act.session.get_one(Application, second.id).state.value == "awarded"
