"""The first door: only `perform()` changes a state, and it says why not."""

import pytest
from sqlalchemy import select, text, update
from sqlalchemy.exc import DBAPIError

from app.act import Act
from app.chance import Seeded
from app.doctor.record import chains_verify
from app.models import Application, Assignment, Call, Event, Job, Person
from app.services.assigning.assignment import assign
from app.services.record import hash_of
from app.services.transitions import Refused, perform
from app.services.transitions_of_many import perform_all
from tests.support.evaluation import Evaluation
from tests.support.world import World
from workflows.assignment import State as Draft
from workflows.call import State
from workflows.relations import Relation as R


def test_a_call_is_announced_by_a_manager_and_opened_by_the_clock(world: World) -> None:
    call = world.call()

    with world.look() as act:
        stored = act.session.get_one(Call, call.id)
        events = act.session.scalars(select(Event).where(Event.thing_id == call.id).order_by(Event.number)).all()
    assert stored.state is State.OPEN
    assert [(e.name, e.to_state, e.relation) for e in events] == [
        ("create", "draft", "call_manager"),
        ("announce", "announced", "call_manager"),
        ("open", "open", "clock"),
    ]


def test_each_event_carries_the_hash_of_the_one_before(world: World) -> None:
    call = world.call()

    with world.look() as act:
        events = act.session.scalars(select(Event).where(Event.thing_id == call.id).order_by(Event.number)).all()
    assert [e.previous_hash for e in events] == ["0" * 64, events[0].hash, events[1].hash]
    assert [e.hash for e in events] == [hash_of(e) for e in events]


def test_somebody_without_the_office_is_refused(world: World) -> None:
    call = world.call(opened=False)
    nobody = world.person()

    with world.act(nobody) as act, pytest.raises(Refused) as refused:
        perform(act, act.session.get_one(Call, call.id), "announce")

    assert refused.value.verdict.codes == ("not-yours",)


def test_the_same_act_sent_twice_happens_once(world: World) -> None:
    call = world.call(opened=False)
    manager = world.person("Mona", None, R.CALL_MANAGER)

    for _ in range(2):
        with world.act(manager, act_id="a-form-sent-twice") as act:
            event = perform(act, act.session.get_one(Call, call.id), "announce")
            assert event.name == "announce"

    with world.look() as act:
        names = act.session.scalars(select(Event.name).where(Event.thing_id == call.id).order_by(Event.number)).all()
    assert names == ["create", "announce"]


@pytest.mark.parametrize("statement", ["UPDATE event SET name = 'other'", "DELETE FROM event"])
def test_the_database_refuses_to_change_what_happened(world: World, statement: str) -> None:
    world.call(opened=False)

    with world.act() as act, pytest.raises(DBAPIError, match="append-only"):
        act.session.execute(text(statement))


def test_a_reading_session_cannot_write(world: World) -> None:
    call = world.call(opened=False)

    with world.look() as act, pytest.raises(DBAPIError, match=r"(?i)read-?only"):
        act.session.execute(text("UPDATE call SET title = 'x' WHERE id = :id"), {"id": call.id})


def test_many_at_once_are_done_as_one_after_the_other(world: World) -> None:
    """The same entries, each chained to the last of its thing, the same mails; and one that is refused refuses all."""
    story = Evaluation(world)
    applications = [story.application(name) for name in ("ALPHA", "BRAVO", "GAMMA")]
    story.close()
    story.admit(*applications)
    people = [story.expert(name) for name in ("Eva Expert", "Eli Expert")]
    with world.act(story.manager) as act:
        tasks = [
            assign(act, act.session.get_one(Application, one.id), act.session.get_one(Person, person.id)).id
            for one in applications
            for person in people
        ]

    def published(*, together: bool) -> list[object]:
        with world.database.writing() as session:
            me = session.get_one(Person, story.manager.id)
            act = Act(session, world.now, Seeded(5), "request", me, world.now, written=True)
            drafts = session.scalars(select(Assignment).where(Assignment.id.in_(tasks)).order_by(Assignment.id)).all()
            if together:
                perform_all(act, drafts, "publish")
            else:
                for one in drafts:
                    perform(act, one, "publish")
            query = select(Event).where(Event.thing_id.in_(tasks)).order_by(Event.thing_id, Event.number)
            entries = [
                (e.thing_id, e.number, e.name, e.from_state, e.to_state, e.relation, e.data, e.actor_id)
                for e in session.scalars(query)
            ]
            assert list(chains_verify(session, world.now)) == []
            mails = sorted(
                (job.args["address"], job.args["thing"])
                for job in session.scalars(select(Job).where(Job.kind == "mail"))
            )
            return [entries, mails]  # rolled back

    assert published(together=True) == published(together=False)
    with world.act() as act:
        act.session.execute(update(Application).where(Application.id == applications[1].id).values(state="withdrawn"))
    with pytest.raises(Refused, match="not admitted to the evaluation"):
        published(together=True)
    with world.look() as act:
        assert {one.state for one in act.session.scalars(select(Assignment))} == {Draft.DRAFT}
