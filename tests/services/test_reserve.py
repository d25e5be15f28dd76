"""The reserve list after the award: what is not taken frees its place and money, and the next moves up by two persons."""

from __future__ import annotations

from decimal import Decimal

import pytest
from sqlalchemy import select

from app.doctor.labels import awards_keep_within_the_limits
from app.models import Advance, Application, Call, Decision, Document, DocumentKind, Label, Outcome
from app.services.deciding.reserve import propose_advance, reserves_of
from app.services.deciding.results import result_of
from app.services.transitions import Refused, perform
from app.services.work.cockpit_labels import label_needs
from app.services.work.reached import reached_in
from tests.support.decided import FAIR, GOOD, Office
from tests.support.world import World
from workflows.advance import State
from workflows.application import State as ApplicationState
from workflows.label import State as LabelState


def state_of(office: Office, application: Application) -> ApplicationState:
    with office.world.look() as act:
        return act.session.get_one(Application, application.id).state


def propose(office: Office, application: Application) -> str:
    with office.deciding(office.manager) as (act, decision):
        return propose_advance(act, decision, act.session.get_one(Application, application.id)).id


def take(office: Office, advance: str, name: str, data: dict[str, str] | None = None, **options: bool) -> None:
    with office.world.act(office.director, **options) as act:
        perform(act, act.session.get_one(Advance, advance), name, data)


def told(office: Office) -> list[tuple[str, object, str]]:
    """What the cockpit says of labels, with persons."""
    with office.world.look(office.manager) as act:
        call = act.session.get_one(Call, office.call.id)
        lines = label_needs(act, call, reached_in(act, call))
        return [(line.what.code, line.what.params["acronym"], line.note) for line in lines]


def told_near_the_last_day(office: Office, application: Application) -> None:
    office.world.later(days=25)
    near = told(office)  # those on the reserve list may take the label without money: they are asked as well
    assert ("offer-open", "SECOND", office.lead_of(application).name) in near
    assert ("silent-charter", "SECOND", "SECOND cluster EL, SECOND cluster BG") in near
    office.world.later(days=-25)


LOWER = {"C1": "23", "C2": "21", "C3": "20", "C4": "7"}
LOWEST = {"C1": "22", "C2": "21", "C3": "20", "C4": "7"}


def told_as_awarded(world: World, third: Application) -> None:
    """Its result and its letter say so, with the label offered; doctor finds nothing."""
    with world.look() as act:
        application = act.session.get_one(Application, third.id)
        result = result_of(act, application)
        assert result is not None
        assert (result.outcome, result.reserve_place) == (Outcome.AWARD, None)
        assert "moved-up" in {reason.code for reason in result.reasons}
        assert "on-reserve" not in {reason.code for reason in result.reasons}
        letters = select(Document).where(
            Document.application_id == third.id, Document.kind == DocumentKind.RESULT_LETTER
        )
        assert len(act.session.scalars(letters).all()) == 2
        assert list(awards_keep_within_the_limits(act.session, act.now)) == []


def test_a_label_that_is_not_taken_lets_the_next_of_the_reserve_list_move_up_by_two_persons(world: World) -> None:
    office = Office(world)
    first = office.application("FIRST", GOOD, grant=1_500_000)
    second = office.application("SECOND", FAIR, grant=1_200_000)
    third = office.application("THIRD", LOWER, grant=1_000_000)
    fourth = office.application("FOURTH", LOWEST, grant=400_000)
    office.release()
    assert [state_of(office, one) for one in (first, third, fourth)] == [
        ApplicationState.AWARDED, ApplicationState.RESERVE, ApplicationState.RESERVE,
    ]  # fmt: skip
    with pytest.raises(Refused, match="do not suffice"):
        propose(office, third)
    with world.look() as act:
        before = act.session.scalars(select(Decision.ranking)).one()

    with world.act(office.lead_of(first)) as act:
        label = act.session.get_one(Label, office.label_of(first).id)
        perform(act, label, "decline", {"reason": "We can't go on."})
    with world.look() as act:
        (reserve,) = reserves_of(act, act.session.get_one(Call, office.call.id))
        assert (reserve.freed_money, reserve.left.money) == (Decimal(1_500_000), Decimal(1_600_000))
        assert [one.against.codes for one in reserve.waiting] == [(), ("not-next",)]
    with pytest.raises(Refused, match="stands before it"):
        propose(office, fourth)
    assert told(office) == [("moves-up", "THIRD", office.lead_of(third).name)]
    told_near_the_last_day(office, second)

    advance = propose(office, third)
    assert told(office) == [("moves-up", "FOURTH", office.lead_of(fourth).name)]  # what THIRD leaves suffices for it
    assert state_of(office, third) is ApplicationState.RESERVE  # nothing is told before the signature
    with world.look() as act:
        (reserve,) = reserves_of(act, act.session.get_one(Call, office.call.id))
        assert reserve.left.money == Decimal(600_000)
    with pytest.raises(Refused, match=r"[Ss]ign in again"):
        take(office, advance, "sign", fresh=False)
    with world.act(office.manager) as act, pytest.raises(Refused):
        perform(act, act.session.get_one(Advance, advance), "sign")
    take(office, advance, "sign")

    assert state_of(office, third) is ApplicationState.AWARDED
    offered = office.label_of(third)
    assert (offered.state, state_of(office, fourth)) == (LabelState.OFFERED, ApplicationState.RESERVE)
    told_as_awarded(world, third)
    with world.look() as act:
        assert act.session.scalars(select(Decision.ranking)).one() == before
    with world.act() as act:
        act.session.get_one(Advance, advance).signed_by = office.manager.id
        found = awards_keep_within_the_limits(act.session, act.now)
        assert [why for _what, why in found] == ["was signed by the person who proposed it"]

    other = propose(office, fourth)
    take(office, other, "refuse", {"reason": "The money is kept."})
    assert state_of(office, fourth) is ApplicationState.RESERVE
    with world.look() as act:
        assert act.session.get_one(Advance, other).state is State.REFUSED
