"""What a new result after a review does to a label that was taken already."""

from __future__ import annotations

from sqlalchemy import select

from app.models import Application, Event, Job
from app.services.labels.verification import public_state
from app.services.transitions import perform
from tests.support.decided import GOOD, Office
from tests.support.world import World
from workflows.label import State
from workflows.relations import Relation as R


def test_an_award_that_is_taken_away_ends_the_label_with_its_number_kept(world: World) -> None:
    office = Office(world)
    first, second = (office.application(name, GOOD, grant=900_000) for name in ("FIRST", "SECOND"))
    office.release()
    label = office.accept(first)
    office.accept(second)
    office.certify_without_printing()

    with world.act() as act:  # as the release of a review does, in one transaction
        perform(act, act.session.get_one(Application, first.id), "reject", by=R.CASCADE)
        perform(act, act.session.get_one(Application, second.id), "hold_in_reserve", by=R.CASCADE)
    ended, kept = office.label_again(label), office.label_of(second)
    assert (ended.state, ended.number, ended.ended_at) == (State.WITHDRAWN, label.number, world.now)
    assert public_state(ended, world.now) is State.WITHDRAWN
    assert kept.state is State.ACTIVE  # the call lets its reserve list hold the label without money
    with world.look() as act:
        event = act.session.scalar(select(Event).where(Event.name == "end_by_review"))
        assert event is not None
        assert event.thing_id == ended.id
        assert event.cause_id is not None
        told = [job.args["template"] for job in act.session.scalars(select(Job).where(Job.kind == "mail"))]
        assert "label_ended" in told
