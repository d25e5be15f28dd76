"""A report as of a past moment, worked out from the record, tells what was seen then."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal

from sqlalchemy import select

from app.maps import Mark
from app.models import Application, Assessment, Assignment, Call, Check, Consensus, Decision, Event, Person
from app.services.deciding.decision import decision_on, digest_of_ranking, order_tie, start_decision
from app.services.deciding.decision_queries import Room, room_of, room_then
from app.services.deciding.panel_marks import change_mark
from app.services.deciding.portfolio import portfolio_of
from app.services.deciding.ranking import ranking_data, ranking_of
from app.services.deciding.ranking_then import ranking_then
from app.services.transitions import perform
from app.services.work.cockpit import Cockpit, cockpit_of
from app.services.work.cockpit_reports import Lateness, Spread
from app.services.work.office_list import Chosen, Word, shown
from app.services.work.office_lists import sheet_of
from app.services.work.reached import Reached, reached_in, states_of
from tests.support.evaluation import POINTS, Evaluation
from tests.support.world import World
from workflows.relations import Relation as R

NOUNS = (Application, Check, Assignment, Assessment, Consensus)
States = dict[str, dict[str, str]]
Told = tuple[list[int], tuple[Lateness, ...], tuple[Spread, ...], tuple[Mark, ...]]
Seen = tuple[datetime, States, dict[str, tuple[str, frozenset[str]]], Told]


class Story(Evaluation):
    """From drafts to agreed marks, with what was seen at each step kept beside it."""

    def __init__(self, world: World) -> None:
        super().__init__(world, more="tie_breaks: [{by: panel_decision}]\n")
        self.seen: list[Seen] = []
        self.rooms: list[object] = []  # what a decision's page and portfolio told; before, the bare ranking
        self.director = world.person("Pat Programme", None, R.PROGRAMME_MANAGER)
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
        self.approve(consensus, readers)
        self.look()
        self.decide(one, two, consensus, readers)

    def approve(self, consensus: Consensus, readers: list[Person]) -> None:
        for person, name in ((readers[0], "sign"), (readers[1], "sign"), (readers[0], "agree")):
            self.of(Consensus, consensus.id, person, name)
        self.of(Consensus, consensus.id, self.manager, "approve", {"points": POINTS})

    def decide(self, one: Application, two: Application, consensus: Consensus, readers: list[Person]) -> None:
        """Two equals, ordered by the panel; a proposal that is returned, after which a mark and the order change."""
        for number, (reader, quality) in enumerate(zip(readers, ("19", "22"), strict=True)):
            self.score(self.task(two, reader, rapporteur=not number), "4", quality)
        other = self.open_consensus(two)
        self.agree_on(other, readers[0], "4", "19")
        self.approve(other, readers)
        self.look()
        with self.world.act() as act:
            perform(act, act.session.get_one(Call, self.call.id), "close", by=R.CLOCK)
        with self.world.act(self.manager) as act:
            start_decision(act, act.session.get_one(Call, self.call.id))
        self.look()
        self.order(two, one)
        self.look()
        self.take(self.manager, "propose")
        self.look()
        self.take(self.director, "return", {"reason": "Look at the marks of ALPHA again."})
        self.look()
        with self.world.act(self.manager) as act:
            change_mark(act, act.session.get_one(Consensus, consensus.id), "C2", Decimal(25), "As with other calls.")
        self.look()
        self.of(Consensus, consensus.id, self.manager, "reopen", {"reason": "A page was overlooked."})
        self.look()
        self.agree_on(consensus, readers[0], "4.5", "18")
        self.approve(consensus, readers)
        self.look()
        for person, name in ((self.manager, "propose"), (self.director, "sign"), (self.director, "release")):
            self.take(person, name)
            self.look()

    def of(self, model: type, key: str, person: Person, name: str, data: dict[str, object] | None = None) -> None:
        with self.world.act(person) as act:
            perform(act, act.session.get_one(model, key), name, data or {})

    def take(self, person: Person, name: str, data: dict[str, object] | None = None) -> None:
        with self.world.look() as act:
            decision = act.session.scalars(select(Decision.id)).one()
        self.of(Decision, decision, person, name, data)

    def order(self, *applications: Application) -> None:
        with self.world.act(self.manager) as act:
            decision = act.session.scalars(select(Decision)).one()
            order_tie(act, decision, [one.id for one in applications], "The plan of the first is the stronger one.")

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
            decision = decision_on(act, call)
            self.rooms.append(
                (room_told(room_of(act, decision)), portfolio_of(act, decision))
                if decision
                else ranking_data(ranking_of(act, call), ())
            )
        self.world.later(hours=1)


def cockpit_told(cockpit: Cockpit) -> Told:
    return [one.number for one in cockpit.numbers], cockpit.late, cockpit.spreads, cockpit.marks


def told(reached: list[Reached]) -> dict[str, tuple[str, frozenset[str]]]:
    return {one.number: (one.state.value, one.stages) for one in reached}


def room_told(room: Room) -> dict[str, object]:
    """Everything a reader sees on the page of a decision, but what can be done there."""
    return {
        "lines": [(line.data, line.outcome, line.is_tied, line.word) for line in room.lines],
        "ties": [(tie.key, [one.id for one in tie.applications], tie.settled, tie.reason) for tie in room.ties],
        "acts": (room.proposed_at, room.signed_at, room.released_at, room.fingerprint),
        "people": [one.name if one else "" for one in (room.proposer, room.signer)],
        "numbers": (room.criteria, room.weighted, room.open_ties, len(room.documents)),
    }


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
        ] * 4
        then = shown(sheet_of(act, call, "checks", locked), Chosen(picked={"state": frozenset({"open"})}))
        now = shown(sheet_of(act, call, "checks"), Chosen(picked={"state": frozenset({"open"})}))
        assert (then.total > 0, now.total) == (True, 0)
        assert {len(late) for _moment, _states, _reached, (_n, late, _s, _m) in story.seen} >= {0, 1}
        assert {s.points for _moment, _states, _reached, (_n, _l, spreads, _m) in story.seen for s in spreads} == {
            3,
            14,
        }

        decision = decision_on(act, call)
        assert decision is not None
        states = []
        for (moment, _states, _reached, _told), seen in zip(story.seen, story.rooms, strict=True):
            then = room_then(act, decision, moment)
            if then.state is None:
                assert ranking_data(ranking_then(act, decision, moment).ranking, ()) == seen
            else:
                assert (room_told(then), portfolio_of(act, decision, moment)) == seen
                states.append(then.state.staff)
        assert len(set(states)) == 5  # each state of a decision was told
        proposed = ranking_then(act, decision, act.now)
        assert digest_of_ranking(ranking_data(proposed.ranking, proposed.orders)) == decision.ranking_sha256
        leaders = [[line.data["acronym"] for line in then.lines] for then in
                   (room_then(act, decision, moment) for moment, *_more in story.seen[-8:])]  # fmt: skip
        assert leaders[0] == ["BETA", "ALPHA"]
        assert leaders[2] == ["ALPHA", "BETA"]
