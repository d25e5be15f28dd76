"""A later deadline for one application: two people, its own time, nobody else's; the database's lock knows it."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from threading import Barrier

import pytest
from sqlalchemy.exc import IntegrityError

from app.models import Application, Call, LateException, Person, SubmittedVersion
from app.services.applications.answers import save
from app.services.applications.submission import current_version
from app.services.calls.exception import ask_exception, granted_in
from app.services.transitions import Refused, perform
from app.ticking import tick
from tests.support.application import Consortium, a_draft, after_closing, completed, submit
from tests.support.beginnings import Begin
from tests.support.world import AFTER_CLOSING, World
from workflows.application import State
from workflows.relations import Relation as R

UNTIL = AFTER_CLOSING + timedelta(days=2)


@pytest.fixture
def late(begin: Begin, world: World) -> Consortium:
    """A complete draft whose deadline has passed."""
    found: Consortium = begin(completed)
    after_closing(world)
    return found


@pytest.fixture
def office(world: World) -> tuple[Person, Person]:
    return world.person("Max Manager", None, R.CALL_MANAGER), world.person("Petra Signer", None, R.PROGRAMME_MANAGER)


def asked(world: World, found: Consortium) -> LateException:
    with world.act(found.coordinator) as act:
        return ask_exception(act, act.session.get_one(Application, found.application.id), "The power was cut.")


def take(world: World, person: Person, exception: LateException, name: str, **data: object) -> None:
    with world.act(person) as act:
        perform(act, act.session.get_one(LateException, exception.id), name, data)


def state(world: World, found: Consortium) -> State:
    with world.look() as act:
        return State(act.session.get_one(Application, found.application.id).state)


def test_approved_by_a_second_person_it_opens_this_application_until_its_own_time(
    world: World, late: Consortium, office: tuple[Person, Person]
) -> None:
    assert state(world, late) is State.LAPSED
    exception = asked(world, late)
    take(world, office[0], exception, "propose", until=UNTIL, reason="A cut of power is proved.")
    take(world, office[1], exception, "approve")

    tick(world.database, world.now, world.chance)
    assert state(world, late) is State.DRAFT
    submit(world, late)
    with world.look() as act:
        version = current_version(act, act.session.get_one(Application, late.application.id))
        assert version is not None
        assert (version.received_at, version.deadline) == (AFTER_CLOSING, UNTIL)
        granted = granted_in(act, act.session.get_one(Call, late.call.id))
        assert [(one.until, one.reason) for one in granted] == [(UNTIL, "A cut of power is proved.")]

    world.now = UNTIL
    with world.act(late.coordinator) as act, pytest.raises(Refused) as refused:
        save(act, act.session.get_one(Application, late.application.id), {"summary": "too late"}, {})
    assert refused.value.verdict.codes == ("call-closed",)
    tick(world.database, world.now, world.chance)
    assert state(world, late) is State.RECEIVED


def test_nobody_elses_deadline_moves(world: World, late: Consortium, office: tuple[Person, Person]) -> None:
    world.now = datetime(2018, 2, 1, 12, tzinfo=UTC)
    other = a_draft(world, late.call)
    world.now = AFTER_CLOSING
    exception = asked(world, late)
    take(world, office[0], exception, "propose", until=UNTIL, reason="A cut of power is proved.")
    take(world, office[1], exception, "approve")

    with world.act(other.coordinator) as act, pytest.raises(Refused) as refused:
        save(act, act.session.get_one(Application, other.application.id), {"summary": "mine"}, {})

    assert refused.value.verdict.codes == ("call-closed",)


def test_one_person_alone_can_not_give_it(world: World, late: Consortium) -> None:
    both = world.person("Bea Both", None, R.CALL_MANAGER, R.PROGRAMME_MANAGER)
    exception = asked(world, late)
    take(world, both, exception, "propose", until=UNTIL, reason="A cut of power is proved.")

    with pytest.raises(Refused) as refused:
        take(world, both, exception, "approve")

    assert refused.value.verdict.codes == ("same-person",)
    assert state(world, late) is State.LAPSED


def test_a_refused_one_changes_nothing_and_another_may_be_asked_for(
    world: World, late: Consortium, office: tuple[Person, Person]
) -> None:
    exception = asked(world, late)
    with pytest.raises(Refused) as refused:
        asked(world, late)
    assert refused.value.verdict.codes == ("asked-before",)

    take(world, office[0], exception, "refuse", reason="No proof.")

    assert state(world, late) is State.LAPSED
    asked(world, late)


def test_two_who_ask_at_the_same_moment_make_one_exception(world: World, late: Consortium) -> None:
    together = Barrier(2)

    def ask() -> bool:
        together.wait()
        try:
            asked(world, late)
        except Refused:
            return False
        return True

    with ThreadPoolExecutor(2) as both:
        outcomes = [one.result() for one in [both.submit(ask), both.submit(ask)]]
    assert sorted(outcomes) == [False, True]


def test_the_database_refuses_a_version_that_came_too_late_whatever_the_row_says(
    world: World, late: Consortium, office: tuple[Person, Person]
) -> None:
    """The row's own deadline may be wrong; the lock compares with the stored one, and with an own one where there is."""

    def insert(received_at: datetime) -> None:
        with world.act(late.coordinator) as act:
            version = SubmittedVersion(
                id=act.new_id(), application_id=late.application.id, number=99, canonical="{}", sha256="0" * 64,
                files=[], persons={}, submitted_by=late.coordinator.id, received_at=received_at,
                deadline=received_at + timedelta(days=99),
            )  # fmt: skip
            act.session.add(version)
            act.session.flush()
            act.session.rollback()

    with world.look() as act:
        closes_at = act.session.get_one(Call, late.call.id).closes_at
    insert(closes_at - timedelta(microseconds=1))
    for moment in (closes_at, closes_at + timedelta(microseconds=1), AFTER_CLOSING):
        with pytest.raises(IntegrityError):
            insert(moment)

    exception = asked(world, late)
    take(world, office[0], exception, "propose", until=UNTIL, reason="A cut of power is proved.")
    take(world, office[1], exception, "approve")
    insert(UNTIL - timedelta(microseconds=1))
    with pytest.raises(IntegrityError):
        insert(UNTIL)
