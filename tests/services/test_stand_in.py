"""A named stand-in signs for given days what the principal could sign, and nothing they proposed themselves."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, timedelta

import pytest
from sqlalchemy import select

from app.access import can, granted_by, visible
from app.act import Act
from app.asker import known_asker
from app.models import Decision, Document, Event, Job, Person, StandIn
from app.relations import RELATIONS
from app.scope import SCOPES
from app.services.deciding import stand_in as services
from app.services.transitions import Refused, perform, verdict_on
from tests.support.decided import FAIR, GOOD, Office
from tests.support.world import World
from workflows.relations import Relation as R


@contextmanager
def naming(world: World, principal: Person, person: Person, first: date, last: date) -> Iterator[StandIn]:
    with world.act(principal) as act:
        yield services.name_stand_in(act, act.session.get_one(Person, person.id), first, last, "On leave.")


def codes(act: Act, decision: Decision, name: str) -> set[str]:
    return set(verdict_on(act, decision, name).codes)


def test_a_stand_in_signs_on_the_days_that_were_given_what_the_principal_could_sign(world: World) -> None:
    office = Office(world)
    office.application("ONE", GOOD)
    office.application("TWO", FAIR)
    office.start()
    office.take(office.manager, "propose")
    stand, day = world.person("Stan Stand", None, R.CALL_MANAGER), world.now.date()
    first, last = day + timedelta(days=2), day + timedelta(days=3)
    auditor = world.person("Aud Auditor", None, R.AUDITOR)
    for wrong, begins, ends in ((auditor, first, last), (office.director, first, last), (stand, last, first)):
        with pytest.raises(Refused), naming(world, office.director, wrong, begins, ends):
            pass
    with naming(world, office.director, stand, first, last) as named:
        kept = named.id
    with naming(world, office.director, office.manager, first, last):
        pass
    with world.look() as act:
        told = [job.args["person"] for job in act.session.scalars(select(Job)) if job.args.get("noun") == "standin"]
        assert sorted(told) == sorted([stand.id, office.manager.id])

    def may() -> bool:
        with office.deciding(stand) as (act, decision):
            asked = select(Decision.id).where(RELATIONS[R.STAND_IN](known_asker(act), SCOPES[Decision]))
            found = granted_by(act, "decision.sign", decision) is R.STAND_IN
            assert found == (decision.id in set(act.session.scalars(asked)))
            assert found == (decision in act.session.scalars(visible(act, Decision, "decision.sign")).all())
            assert found == can(act, "decision.list_to_sign")
            return found

    assert not may()
    world.later(days=2)
    assert may()
    office.take(office.director, "return", {"reason": "Look again."})
    office.take(office.manager, "propose")
    with office.deciding(office.manager) as (act, decision):
        mails = [job.args for job in act.session.scalars(select(Job)) if job.args.get("template") == "decision_to_sign"]
        assert stand.id in {args["person"] for args in mails}
        assert codes(act, decision, "sign") == {"same-person"}  # who proposed it signs in nobody's place
    with office.deciding(stand, fresh=False) as (act, decision):
        assert codes(act, decision, "sign") == {"sign-in-again"}
    office.take(stand, "sign")
    with office.deciding(stand) as (act, decision):
        event = act.session.scalars(select(Event).where(Event.name == "sign", Event.noun == "decision")).one()
        assert (event.relation, event.actor_id) == ("stand_in", stand.id)
        assert (event.data["stand_in"], event.data["in_place_of"]) == (kept, office.director.id)
        act_of_it = act.session.scalars(select(Document)).one()
        assert "Stan Stand, standing in for Pat Programme" in act_of_it.snapshot["signatures"][0]
        assert [one.happened.name for one in services.taken_by(act, act.session.get_one(StandIn, kept))] == ["sign"]
    with office.deciding(office.manager) as (act, decision):
        assert codes(act, decision, "release") == {"same-person"}
    with world.act(stand) as act, pytest.raises(Refused):  # only who named them takes it back
        services.take_back(act, act.session.get_one(StandIn, kept))
    with world.act(office.director) as act:
        services.take_back(act, act.session.get_one(StandIn, kept))
    assert not may()


def test_nobody_stands_in_for_who_could_not_sign_themselves(world: World) -> None:
    office = Office(world)
    tied = world.person("Tia Tied", None, R.PROGRAMME_MANAGER)
    both = world.person("Bo Both", None, R.PROGRAMME_MANAGER, R.CALL_MANAGER)
    gone = world.person("Gus Gone", None, R.PROGRAMME_MANAGER)
    office.application("ONE", GOOD, lead=tied)
    office.start()
    office.take(both, "propose")
    stand, day = world.person("Stan Stand", None, R.CALL_MANAGER), world.now.date()
    for principal in (tied, gone):
        with naming(world, principal, stand, day, day):
            pass
    with world.act() as act:
        for holding in act.session.get_one(Person, gone.id).offices:
            holding.until = act.now
    with office.deciding(stand) as (act, decision):
        assert granted_by(act, "decision.sign", decision) is None
    with naming(world, both, stand, day, day):
        pass
    with office.deciding(stand) as (act, decision):
        assert codes(act, decision, "sign") == {"principal-could-not"}
    with naming(world, office.director, stand, day, day):
        pass
    with office.deciding(stand) as (act, decision):
        assert codes(act, decision, "sign") == set()
        event = perform(act, decision, "sign")
        assert event.data["in_place_of"] == office.director.id
