"""A report as of a past moment, worked out from the record, tells what was seen then."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import select

from app.maps import Mark
from app.models import Application, Assessment, Assignment, Call, Check, Consensus, Event
from app.services.transitions import perform
from app.services.work.cockpit import Cockpit, cockpit_of
from app.services.work.cockpit_reports import Lateness, Spread
from app.services.work.office_list import Chosen, Word, shown
from app.services.work.office_lists import sheet_of
from app.services.work.reached import Reached, reached_in, states_of
from tests.support.evaluation import Evaluation
from tests.support.world import World

NOUNS = (Application, Check, Assignment, Assessment, Consensus)
States = dict[str, dict[str, str]]
Told = tuple[list[int], tuple[Lateness, ...], tuple[Spread, ...], tuple[Mark, ...]]
Seen = tuple[datetime, States, dict[str, tuple[str, frozenset[str]]], Told]


class Story(Evaluation):
    """From drafts to agreed marks, with what was seen at each step kept beside it."""

    def __init__(self, world: World) -> None:
        super().__init__(world)
        self.seen: list[Seen] = []
        one, two = self.application("ALPHA"), self.application("BETA")
        self.look()
        self.close()
        self.look()
        self.admit(one)
        self.look()
        readers = [self.expert(name) for name in ("Eva Expert", "Finn Expert")]
        tasks = [self.task(one, person, rapporteur=not n, declared=bool(n)) for n, person in enumerate(readers)]
        self.look()
        with self.world.act(readers[0]) as act:
            perform(act, act.session.get_one(Assignment, tasks[0].id), "declare_free", {"no_conflict": True})
        self.due(tasks[1], "2018-03-10")
        self.look()
        self.world.later(days=2)
        self.look()  # now the second is late
        self.due(tasks[1], "2018-03-20")
        self.look()
        for task, points in zip(tasks, (("4", "20"), ("3", "18")), strict=True):
            self.world.later(hours=1)
            self.score(task, *points)
            self.look()
        with self.world.act(readers[1]) as act:
            perform(act, act.session.get_one(Assessment, self.report_of(tasks[1]).id), "reopen")
        self.score(tasks[1], "1", "9")
        self.look()
        consensus = self.open_consensus(one)
        self.look()
        self.agree_on(consensus, readers[0], "4", "19")
        self.look()
        self.admit(two)
        self.look()

    def due(self, task: Assignment, day: str) -> None:
        with self.world.act(self.manager) as act:
            perform(
                act,
                act.session.get_one(Assignment, task.id),
                "move_due",
                {"due_on": date.fromisoformat(day), "reason": "Asked for."},
            )

    def look(self) -> None:
        """Write down every state, how far each application is, and the cockpit's numbers; then time goes on."""
        with self.world.look(self.manager) as act:
            call = act.session.get_one(Call, self.call.id)
            states = {m.__noun__: {t.id: t.state.value for t in act.session.scalars(select(m))} for m in NOUNS}
            seen = cockpit_told(cockpit_of(act, call))
            self.seen.append((self.world.now, states, told(reached_in(act, call)), seen))
        self.world.later(hours=1)


def cockpit_told(cockpit: Cockpit) -> Told:
    return [one.number for one in cockpit.numbers], cockpit.late, cockpit.spreads, cockpit.marks


def told(reached: list[Reached]) -> dict[str, tuple[str, frozenset[str]]]:
    return {one.number: (one.state.value, one.stages) for one in reached}


def replayed(events: list[Event], noun: str, moment: datetime) -> dict[str, str]:
    """Walk through the record one event after another."""
    found: dict[str, str] = {}
    for event in events:
        if event.noun == noun and event.at <= moment and event.to_state is not None:
            found[event.thing_id] = event.to_state
    return found


def test_each_moment_of_a_story_is_told_later_as_it_was_seen_then(world: World) -> None:
    story = Story(world)
    with world.look(story.manager) as act:
        call = act.session.get_one(Call, story.call.id)
        for moment, states, reached, cockpit in story.seen:
            past = {m.__noun__: states_of(act, m, select(m.id), moment) for m in NOUNS}
            assert {noun: {key: s.value for key, (s, _at) in found.items()} for noun, found in past.items()} == states
            assert told(reached_in(act, call, moment)) == reached
            assert cockpit_told(cockpit_of(act, call, moment)) == cockpit
        events = list(act.session.scalars(select(Event).order_by(Event.noun, Event.thing_id, Event.number)))
        for moment in sorted({event.at for event in events}):
            for model in NOUNS:
                found = states_of(act, model, select(model.id), moment)
                assert {k: s.value for k, (s, _at) in found.items()} == replayed(events, model.__noun__, moment)

        first, locked, last = story.seen[0][0], story.seen[1][0], story.seen[-1][0]
        assert sheet_of(act, call, "tasks", first).lines == ()
        assert [line.cells["report"] for line in sheet_of(act, call, "tasks", last).lines] == [
            Word("Final", "good")
        ] * 2
        then = shown(sheet_of(act, call, "checks", locked), Chosen(picked={"state": frozenset({"open"})}))
        now = shown(sheet_of(act, call, "checks"), Chosen(picked={"state": frozenset({"open"})}))
        assert (then.total > 0, now.total) == (True, 0)
        assert {len(late) for _moment, _states, _reached, (_n, late, _s, _m) in story.seen} >= {0, 1}
        assert {s.points for _moment, _states, _reached, (_n, _l, spreads, _m) in story.seen for s in spreads} == {
            3,
            14,
        }
