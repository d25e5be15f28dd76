"""An expert who falls away during the consensus: the report is set aside, the others agree and sign again."""

from __future__ import annotations

from typing import Any

import pytest
from sqlalchemy import select

from app.access import can, visible
from app.chance import Seeded
from app.models import (
    Application,
    Assessment,
    Assignment,
    Call,
    Conflict,
    Consensus,
    Event,
    Job,
    Organisation,
    OrganisationMember,
    Person,
    Signature,
)
from app.services.assigning.assignment import assign, name_rapporteur
from app.services.deciding.decision import decision_on, start_decision
from app.services.evaluating.evaluation_queries import results_of
from app.services.transitions import Refused, perform
from app.services.work.cockpit import cockpit_of
from app.ticking import tick
from tests.support.beginnings import Begin
from tests.support.evaluation import POINTS, Evaluation
from tests.support.world import World
from workflows.relations import Relation as R

CONFLICT = {"kind": "family"}


class Panel:
    """One application read by three, of whom two are due; the consensus stands agreed and signed by all."""

    def __init__(self, world: World, readers: int = 3) -> None:
        self.world, self.story = world, Evaluation(world)
        self.application = self.story.application("SMARTEX")
        self.story.close()
        with world.act() as act:
            perform(act, act.session.get_one(Call, self.story.call.id), "close", by=R.CLOCK)
        self.story.admit(self.application)
        names = ("Lea Lead", "Eva Expert", "Finn Expert")[:readers]
        self.people = [self.story.expert(name) for name in names]
        self.tasks = [
            self.story.task(self.application, person, rapporteur=not place) for place, person in enumerate(self.people)
        ]
        for task in self.tasks:
            self.story.score(task, "4", "20")
        self.consensus = self.story.open_consensus(self.application)
        self.story.agree_on(self.consensus, self.people[0], "4", "20")
        for person in self.people:
            self.take(person, "sign")

    def take(self, person: Person, name: str, data: dict[str, Any] | None = None) -> None:
        with self.world.act(person) as act:
            perform(act, act.session.get_one(Consensus, self.consensus.id), name, data)

    def declare(self, place: int) -> None:
        with self.world.act(self.people[place]) as act:
            perform(act, act.session.get_one(Assignment, self.tasks[place].id), "declare_conflict", CONFLICT)

    def approve(self) -> None:
        self.take(self.people[0], "agree")
        self.take(self.story.manager, "approve", {"points": POINTS})

    @property
    def state(self) -> str:
        with self.world.look() as act:
            return str(act.session.get_one(Consensus, self.consensus.id).state)

    @property
    def signatures(self) -> int:
        with self.world.look() as act:
            return len(act.session.scalars(select(Signature).where(Signature.voided_at.is_(None))).all())

    def reports(self) -> list[str]:
        with self.world.look() as act:
            found = {r.person_id: str(r.state) for r in act.session.scalars(select(Assessment))}
            return [found[person.id] for person in self.people]

    def mails(self, template: str) -> list[str | None]:
        with self.world.look() as act:
            jobs = act.session.scalars(select(Job).where(Job.kind == "mail")).all()
            return [job.args["person"] for job in jobs if job.args["template"] == template]

    def needs(self) -> list[str]:
        with self.world.look(self.story.manager) as act:
            cockpit = cockpit_of(act, act.session.get_one(Call, self.story.call.id))
            return [line.what.code for line in cockpit.needs]


def test_a_conflict_declared_on_a_signed_consensus_opens_it_again_for_the_others(world: World, begin: Begin) -> None:
    panel: Panel = begin(Panel)

    panel.declare(1)

    assert (panel.state, panel.signatures) == ("drafting", 0)
    assert panel.reports() == ["final", "frozen", "final"]
    assert panel.mails("consensus_unsettled") == [panel.people[0].id]
    with world.look() as act:
        event = act.session.scalars(select(Event).where(Event.name == "unsettle")).one()
        cause = act.session.get_one(Event, event.cause_id)
        assert (event.relation, cause.name, cause.actor_id) == ("cascade", "declare_conflict", panel.people[1].id)


def test_the_report_set_aside_is_kept_and_counts_in_no_aggregate(world: World, begin: Begin) -> None:
    panel: Panel = begin(Panel)
    panel.declare(1)

    with world.look(panel.story.manager) as act:
        (result,) = results_of(act, act.session.get_one(Call, panel.story.call.id))
        report = act.session.scalars(select(Assessment).where(Assessment.person_id == panel.people[1].id)).one()
        assert result.reports_in == 2
        assert [line.reasons for line in report.scores] == ["Sound.", "Sound."]
        assert can(act, "assessment.view", report)
    with world.look(panel.people[2]) as act:
        seen = act.session.scalars(visible(act, Assessment, "assessment.view")).all()
        assert {report.person_id for report in seen} == {panel.people[0].id, panel.people[2].id}


def test_the_evaluation_of_an_approved_consensus_is_resumed(world: World, begin: Begin) -> None:
    panel: Panel = begin(Panel)
    panel.approve()

    panel.declare(2)

    with world.look() as act:
        assert act.session.get_one(Application, panel.application.id).state == "eligible"
    assert panel.state == "drafting"


def test_when_the_lead_evaluator_falls_away_nobody_drafts_before_another_is_named(world: World, begin: Begin) -> None:
    panel: Panel = begin(Panel)

    panel.declare(0)

    assert panel.mails("consensus_unsettled") == []
    assert "no-lead" in panel.needs()
    for person in panel.people[1:]:
        with pytest.raises(Refused):
            panel.take(person, "circulate")
    with world.act(panel.story.manager) as act:
        name_rapporteur(act, act.session.get_one(Assignment, panel.tasks[1].id))
    assert "no-lead" not in panel.needs()
    panel.take(panel.people[1], "circulate")
    assert panel.state == "circulated"


def test_with_too_few_reports_the_consensus_closes_and_nobody_sees_an_aggregate(world: World, begin: Begin) -> None:
    panel: Panel = begin(Panel, readers=2)

    panel.declare(1)

    assert (panel.state, panel.signatures) == ("waiting", 0)
    assert "report-lost" in panel.needs()
    assert panel.mails("consensus_waits") == [panel.people[0].id]
    with world.look(panel.story.manager) as act:
        (result,) = results_of(act, act.session.get_one(Call, panel.story.call.id))
        assert (result.reports_in, result.widest, result.agreed) == (1, None, None)
    with world.look(panel.people[0]) as act:
        assert not can(act, "consensus.view", act.session.get_one(Consensus, panel.consensus.id))


def test_whoever_comes_in_later_sees_no_final_report_before_their_own_is(world: World, begin: Begin) -> None:
    panel: Panel = begin(Panel, readers=2)
    panel.declare(1)
    newcomer = panel.story.expert("Nora Newcomer")
    task = panel.story.task(panel.application, newcomer)
    hidden = panel.story.report_of(panel.tasks[0])

    with world.look(newcomer) as act:
        assert not can(act, "assessment.view", act.session.get_one(Assessment, hidden.id))
    assert "report-lost" not in panel.needs()
    panel.story.score(task, "3", "16")
    panel.story.open_consensus(panel.application)
    with world.look(newcomer) as act:
        assert can(act, "assessment.view", act.session.get_one(Assessment, hidden.id))


def test_nobody_joins_while_the_consensus_is_open(world: World, begin: Begin) -> None:
    panel: Panel = begin(Panel)
    newcomer = panel.story.expert("Nora Newcomer")

    with world.act(panel.story.manager) as act, pytest.raises(Refused) as refused:
        target = act.session.get_one(Application, panel.application.id)
        assign(act, target, act.session.get_one(Person, newcomer.id))

    assert refused.value.verdict.codes == ("consensus-open",)


def test_an_interest_found_during_the_consensus_does_the_same_by_the_clock(world: World, begin: Begin) -> None:
    panel: Panel = begin(Panel)
    with world.act() as act:
        organisation = act.session.scalars(select(Organisation)).one()
        member = OrganisationMember(
            id=act.new_id(), organisation_id=organisation.id, person_id=panel.people[2].id, administrator=False,
            accepted=True, asked_at=act.now, answered_at=act.now,
        )  # fmt: skip
        act.session.add(member)

    tick(world.database, world.now, Seeded(2))

    assert (panel.state, panel.reports()) == ("drafting", ["final", "final", "frozen"])
    told = panel.mails("conflict_found")
    assert panel.story.manager.id in told
    with world.look() as act:
        found = act.session.scalars(select(Conflict)).one()
        assert (found.kind, found.person_id) == ("same_organisation", panel.people[2].id)
        assert act.session.get_one(Assignment, panel.tasks[2].id).state == "conflicted"
    tick(world.database, world.now, Seeded(3))
    assert panel.mails("conflict_found") == told


def test_under_a_proposed_decision_nothing_moves_and_nobody_can_sign_it(world: World, begin: Begin) -> None:
    panel: Panel = begin(Panel)
    panel.approve()
    director = world.person("Pat Programme", None, R.PROGRAMME_MANAGER)
    call_id = panel.story.call.id
    with world.act(panel.story.manager) as act:
        call = act.session.get_one(Call, call_id)
        start_decision(act, call)
        perform(act, decision_on(act, call), "propose")

    panel.declare(1)

    assert panel.state == "approved"
    assert "signature-void" in panel.needs()
    with world.act(director) as act, pytest.raises(Refused) as refused:
        perform(act, decision_on(act, act.session.get_one(Call, call_id)), "sign")
    assert refused.value.verdict.codes == ("signature-void",)
    with world.act(director) as act:
        perform(act, decision_on(act, act.session.get_one(Call, call_id)), "return", {"reason": "A conflict."})
    panel.take(panel.story.manager, "reopen", {"reason": "A conflict."})
    assert (panel.state, panel.signatures) == ("drafting", 0)


def test_reopening_with_too_few_reports_closes_until_there_are_enough(world: World, begin: Begin) -> None:
    panel: Panel = begin(Panel, readers=2)
    panel.approve()
    with world.act(panel.story.manager) as act:
        call = act.session.get_one(Call, panel.story.call.id)
        start_decision(act, call)
        perform(act, decision_on(act, call), "propose")
    panel.declare(1)
    director = world.person("Pat Programme", None, R.PROGRAMME_MANAGER)
    with world.act(director) as act:
        decision = decision_on(act, act.session.get_one(Call, panel.story.call.id))
        perform(act, decision, "return", {"reason": "A conflict."})

    panel.take(panel.story.manager, "reopen", {"reason": "A conflict."})

    assert panel.state == "waiting"
