"""The pages beside a ranking: what if by its address, what is kept, how sure, portfolio, panel."""

from __future__ import annotations

import pytest
from sqlalchemy import select

from app.models import Consensus
from tests.support.beginnings import Begin
from tests.support.decided import FAIR, GOOD, WEAK, Office
from tests.support.web import Web


@pytest.fixture
def office(begin: Begin) -> Office:
    found: Office = begin(Office)
    return found


def test_the_rooms_answer_by_their_addresses_and_keep_a_trial_only_by_name(web: Web, office: Office) -> None:
    first = office.application("FIRST", GOOD, grant=2_700_000)
    office.application("SECOND", FAIR, grant=200_000)
    office.application("WEAK", WEAK)
    lead = office.lead_of(first)
    office.start()
    with office.deciding(office.manager) as (act, decision):
        room = f"/decisions/{decision.id}"
        consensus = act.session.scalars(select(Consensus.id).where(Consensus.application_id == first.id)).one()
    manager = web.client_of(office.manager)

    tried = manager.get(f"{room}/what-if?money=2900000").text
    assert "1 goes in" in tried
    assert "A trial, not a decision" in tried
    assert "Money: 2,900,000 instead, 100,000 apart." in manager.get(f"{room}/what-if").text
    wrong = manager.get(f"{room}/what-if?awards=one&points=3&ties=C9")
    assert wrong.status_code == 422
    assert "Enter a whole number" not in wrong.text
    assert "Enter a number from 0 up" in wrong.text
    assert "“C9” is none of these" in wrong.text
    nameless = manager.post(f"{room}/what-if", {"asked": "money=2900000", "name": " "})
    assert nameless.status_code == 422
    kept = manager.post(f"{room}/what-if", {"asked": "money=2900000", "name": "More money"}, follow=True).text
    assert "“More money”" in kept
    assert "1 goes in" in kept
    assert "Not a decision" in manager.get(f"{room}/what-if").text

    assert "Off in this call" in manager.get(f"{room}/certainty").text
    assert manager.post(f"{room}/certainty", {"name": "First"}).status_code == 422
    assert "Newcomers" in manager.get(f"{room}/portfolio").text
    assert "This is how it stood then" in manager.get(f"{room}/portfolio?as_of=2018-01-01T12:00").text
    assert manager.get(f"{room}/portfolio?as_of=yesterday").status_code == 422
    assert "do not end in a draw" in web.visitor().get(f"/calls/{office.call.id}/draw").text

    panel = f"/consensus/{consensus}/panel"
    off_step = manager.post(f"/consensus/{consensus}/mark", {"criterion": "C1", "points": "12.3", "reason": "x"})
    assert off_step.status_code == 422
    assert "give 12 or 12.5" in off_step.text
    changed = manager.post(
        f"/consensus/{consensus}/mark",
        {"criterion": "C1", "points": "12,5", "reason": "Thinner than others."},
        follow=True,
    )
    assert "Thinner than others." in changed.text
    assert "1 score changed" in manager.get(f"/calls/{office.call.id}/panel").text
    for address in (f"{room}/what-if", f"{room}/certainty", f"{room}/portfolio", panel):
        assert web.client_of(lead).get(address).status_code == 404
