"""Plans of who evaluates what: proposed by the solver, told to nobody, published and undone as one act, repaired."""

from __future__ import annotations

import pytest
from sqlalchemy import select

from app.access import can
from app.jobs import Worker
from app.models import Application, Assignment, Call, Job, Person, Plan
from app.services.assigning.plan import add_pair, make_plan, probe, take_out
from app.services.assigning.plan_queries import bottleneck_of, choices_for, compared, forced_of, rows_of
from app.services.assigning.planning import planning, probing
from app.services.experts.expert import EmployerEntry
from app.services.transitions import Refused, perform
from tests.support.beginnings import Begin
from tests.support.evaluation import Evaluation
from tests.support.world import World
from workflows.assignment import LIVE
from workflows.plan import State


def admitted(world: World) -> Evaluation:
    """Three admitted applications, each in need of two reports."""
    story = Evaluation(world)
    applications = [story.application(name) for name in ("ALPHA", "BETA", "GAMMA")]
    story.close()
    story.admit(*applications)
    return story


@pytest.fixture
def story(begin: Begin) -> Evaluation:
    found: Evaluation = begin(admitted)
    return found


def work(story: Evaluation) -> None:
    """Let the solver's jobs be done; mails wait."""
    world = story.world
    handlers = {"plan": planning(world.database), "plan_probe": probing(world.database)}
    Worker(world.database, handlers, lambda: world.now, lambda: world.chance).run_until_idle()


def planned(story: Evaluation, without: Person | None = None) -> Plan:
    with story.world.act(story.manager) as act:
        who = act.session.get_one(Person, without.id) if without else None
        plan = make_plan(act, act.session.get_one(Call, story.call.id), without=who)
    work(story)
    return plan


def done(story: Evaluation, plan: Plan, name: str, **data: object) -> None:
    with story.world.act(story.manager) as act:
        perform(act, act.session.get_one(Plan, plan.id), name, data)


def pairs_of(story: Evaluation, plan: Plan) -> list[tuple[str, str, str]]:
    with story.world.look(story.manager) as act:
        lines = act.session.get_one(Plan, plan.id).lines
        return sorted((line.application.acronym, line.person.name, line.change.value) for line in lines)


def live(story: Evaluation) -> set[tuple[str, str]]:
    with story.world.look() as act:
        tasks = act.session.scalars(select(Assignment).where(Assignment.state.in_(LIVE)))
        return {(task.application.acronym, task.person.name) for task in tasks}


def mails(story: Evaluation, template: str = "assigned") -> list[str]:
    with story.world.look() as act:
        jobs = act.session.scalars(select(Job).where(Job.kind == "mail"))
        return [job.args["address"] for job in jobs if job.args["template"] == template]


def test_a_plan_is_proven_told_to_nobody_and_published_as_one_act(story):
    for number in range(4):
        story.expert(f"Expert {number}", most=2)

    plan = planned(story)
    before = mails(story)
    done(story, plan, "publish")

    with story.world.look(story.manager) as act:
        kept = act.session.get_one(Plan, plan.id)
        assert kept.answer["confirmed"]
        assert all(row.lacking == 0 for row in rows_of(act, kept))
    assert before == []
    assert len(mails(story)) == 6
    assert len(live(story)) == 6


def test_a_conflict_bars_a_pair_and_a_full_load_is_kept(story):
    story.expert("Tied Expert", employers=[EmployerEntry(name="x", organisation_id=_lead_of(story, "ALPHA"))], most=2)
    story.expert("Busy Expert", most=1)
    for number in range(2):
        story.expert(f"Expert {number}", most=3)

    pairs = pairs_of(story, planned(story))

    assert ("ALPHA", "Tied Expert", "add") not in pairs
    assert sum(name == "Busy Expert" for _acronym, name, _change in pairs) <= 1
    assert len(pairs) == 6


def _lead_of(story: Evaluation, acronym: str) -> str:
    with story.world.look() as act:
        application = act.session.scalars(select(Application).where(Application.acronym == acronym)).one()
        return application.memberships[0].organisation_id


def test_an_impossible_plan_names_the_bottleneck_and_what_would_be_enough(story):
    story.expert("Only One", most=2)
    story.expert("And Another", most=2)

    plan = planned(story)

    with story.world.look(story.manager) as act:
        kept = act.session.get_one(Plan, plan.id)
        found = bottleneck_of(act, kept)
        assert kept.state is State.IMPOSSIBLE
        assert found is not None
        assert found.applications == ["ALPHA", "BETA", "GAMMA"]
        assert sorted(found.experts) == ["And Another", "Only One"]
        assert "6 reports are needed, 2 cannot be had." in [text.plain() for text in found.texts]
        assert "Or 1 more place each for And Another, Only One." in [way.plain() for way in found.ways]


def test_a_published_plan_is_undone_while_nobody_has_answered_and_not_after(story):
    experts = [story.expert(f"Expert {number}", most=3) for number in range(2)]
    plan = planned(story)
    done(story, plan, "publish")

    done(story, plan, "undo", reason="Published by mistake.")

    assert live(story) == set()
    assert sorted(mails(story, "task_taken_off")) == sorted(mails(story))
    again = planned(story)
    with story.world.look(story.manager) as act:  # whoever was taken off is not proposed again by itself
        assert act.session.get_one(Plan, again.id).state is State.IMPOSSIBLE
    assert experts


def test_an_answer_stands_against_undoing(story):
    expert = story.expert("Expert 0", most=3)
    story.expert("Expert 1", most=3)
    plan = planned(story)
    done(story, plan, "publish")
    with story.world.act(expert) as act:
        task = act.session.scalars(select(Assignment).where(Assignment.person_id == expert.id)).first()
        perform(act, task, "declare_free", {"no_conflict": True})

    with pytest.raises(Refused) as refused:
        done(story, plan, "undo", reason="Too late.")

    assert [reason.code for reason in refused.value.reasons] == ["answered"]


def test_a_change_by_hand_is_held_against_the_limits(story):
    for number in range(3):
        story.expert(f"Expert {number}", most=2)
    late = story.expert("Late Expert", most=1)
    plan = planned(story)
    with story.world.act(story.manager) as act:
        kept = act.session.get_one(Plan, plan.id)
        line = kept.lines[0]
        application, gone = line.application_id, line.person_id
        take_out(act, kept, line)

    with pytest.raises(Refused) as refused:
        done(story, plan, "publish")
    with story.world.act(story.manager) as act:
        kept = act.session.get_one(Plan, plan.id)
        target = act.session.get_one(Application, application)
        free = next(
            choice.expert.person
            for choice in choices_for(act, kept, target)
            if choice.line is None and choice.expert.person_id in {late.id, gone}
        )
        add_pair(act, kept, target, act.session.get_one(Person, free.id))
    done(story, plan, "publish")

    assert [reason.code for reason in refused.value.reasons] == ["limits-broken"]
    assert len(live(story)) == 6


def test_a_full_expert_is_not_put_in_by_hand(story):
    experts = [story.expert(f"Expert {number}", most=2) for number in range(3)]
    plan = planned(story)

    with story.world.act(story.manager) as act, pytest.raises(Refused) as refused:
        kept = act.session.get_one(Plan, plan.id)
        taken = {(line.application_id, line.person_id) for line in kept.lines}
        application = next(
            need for need in {line.application_id for line in kept.lines} if (need, experts[0].id) not in taken
        )
        add_pair(act, kept, act.session.get_one(Application, application), act.session.get_one(Person, experts[0].id))

    assert [reason.code for reason in refused.value.reasons] == ["full"]


def test_a_drop_out_is_repaired_with_the_fewest_changes_shown_before_they_are_made(story):
    experts = [story.expert(f"Expert {number}", most=3) for number in range(3)]
    done(story, planned(story), "publish")
    before, gone = live(story), experts[0]
    of_gone = {acronym for acronym, name in before if name == gone.name}

    repair = planned(story, without=gone)
    shown = pairs_of(story, repair)
    unchanged = live(story)
    done(story, repair, "publish")

    assert unchanged == before
    assert {acronym for acronym, name, change in shown if change == "remove" and name == gone.name} == of_gone
    assert len(shown) == 2 * len(of_gone)
    after = live(story)
    assert {pair for pair in before if pair[1] != gone.name} <= after
    assert len(after) == 6


def test_why_not_is_answered_by_the_best_plan_that_has_the_pair(story):
    for number in range(4):
        story.expert(f"Expert {number}", most=2)
    plan = planned(story)
    with story.world.act(story.manager) as act:
        kept = act.session.get_one(Plan, plan.id)
        application = kept.lines[0].application
        other = next(c for c in choices_for(act, kept, application) if c.line is None)
        asked = probe(act, kept, application.id, other.expert.person_id)
    work(story)

    with story.world.look(story.manager) as act:
        kept = act.session.get_one(Plan, plan.id)
        forced = forced_of(act, kept, act.session.get_one(type(asked), asked.id))
        assert forced.probe.answer["proven"]
        assert (application.acronym, other.expert.person.name) in forced.come
        assert forced.lost >= (other.price or 0)


def test_two_plans_are_compared(story):
    for number in range(3):
        story.expert(f"Expert {number}", most=2)
    one, two = planned(story), planned(story)

    with story.world.look(story.manager) as act:
        found = compared(act.session.get_one(Plan, one.id), act.session.get_one(Plan, two.id))

    assert (found.only_here, found.only_there) == ([], [])


def test_a_manager_with_an_interest_sees_no_plan_and_makes_none(world):
    story = Evaluation(world)
    organisation = world.organisation("Own House", story.second)
    application = story.application("ALPHA", organisation)
    story.close()
    story.admit(application)
    plan = planned(story)

    with world.act(story.second) as act:
        assert not can(act, "plan.view", act.session.get_one(Plan, plan.id))
    with world.act(story.second) as act, pytest.raises(Refused):
        make_plan(act, act.session.get_one(Call, story.call.id))
