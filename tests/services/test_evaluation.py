"""Reports, sealed until the consensus opens; the consensus, agreed and signed; who was faster."""

from decimal import Decimal

import pytest
from sqlalchemy import select

from app.access import can, visible
from app.models import Application, Assessment, Assignment, Consensus, Person, Signature
from app.services.assigning.assignment import assign, name_rapporteur, publish
from app.services.calls.call import definition_of
from app.services.evaluating.assessment import save_score
from app.services.evaluating.consensus import save_agreed, text_digest
from app.services.evaluating.scores import ScoreClash, totals_of
from app.services.transitions import Refused, perform, verdict_on
from tests.support.evaluation import POINTS


def test_a_declaration_opens_an_empty_report_with_a_line_for_each_criterion(story, admitted) -> None:
    task = story.task(admitted, story.expert())

    report = story.report_of(task)
    with story.world.look() as act:
        lines = act.session.get_one(Assessment, report.id).scores
        assert [(line.criterion, line.points, line.reasons) for line in lines] == [("C1", None, ""), ("C2", None, "")]


def test_before_the_declaration_there_is_no_content(story, admitted) -> None:
    person = story.expert()
    story.task(admitted, person, declared=False)

    with story.world.look(person) as act:
        application = act.session.get_one(Application, admitted.id)
        assert can(act, "application.view_title", application)
        assert not can(act, "application.view", application)


def test_nobody_is_told_before_tasks_are_published(story, admitted) -> None:
    person = story.expert()
    with story.world.act(story.manager) as act:
        target = act.session.get_one(Application, admitted.id)
        task = assign(act, target, act.session.get_one(Person, person.id))

    with story.world.look(person) as act:
        assert act.session.scalars(visible(act, Assignment, "assignment.view")).all() == []
        assert not can(act, "application.view_title", act.session.get_one(Application, admitted.id))
    with story.world.act(story.manager) as act:
        assert publish(act, [act.session.get_one(Assignment, task.id)]) == 1
    with story.world.look(person) as act:
        assert len(act.session.scalars(visible(act, Assignment, "assignment.view")).all()) == 1


def test_an_expert_gets_no_more_than_their_load_and_nothing_twice(story) -> None:
    first, second = story.application("FIRST"), story.application("SECOND")
    story.close()
    story.admit(first, second)
    person = story.expert(most=1)
    story.task(first, person)

    with story.world.act(story.manager) as act, pytest.raises(Refused) as full:
        assign(act, act.session.get_one(Application, second.id), act.session.get_one(Person, person.id))
    with story.world.act(story.manager) as act, pytest.raises(Refused) as twice:
        assign(act, act.session.get_one(Application, first.id), act.session.get_one(Person, person.id))

    assert full.value.verdict.codes == ("full",)
    assert "assigned-already" in twice.value.verdict.codes


def test_one_lead_evaluator_follows_another(story, admitted) -> None:
    one = story.task(admitted, story.expert("One"), rapporteur=True)
    other = story.task(admitted, story.expert("Other"))

    with story.world.act(story.manager) as act:
        name_rapporteur(act, act.session.get_one(Assignment, other.id))

    with story.world.look() as act:
        assert [act.session.get_one(Assignment, task.id).rapporteur for task in (one, other)] == [False, True]


def test_points_off_the_step_are_refused_with_the_two_nearest(story, admitted) -> None:
    task = story.task(admitted, story.expert())
    report = story.report_of(task)

    with story.world.act(task.person) as act, pytest.raises(Refused) as refused:
        save_score(act, act.session.get_one(Assessment, report.id), "C2", points=Decimal("12.3"), reasons="")

    (reason,) = refused.value.reasons
    assert reason.plain() == "Quality: scores go in steps of 0.5; give 12 or 12.5."


def test_a_form_from_an_older_line_clashes_and_loses_nothing(story, admitted) -> None:
    task = story.task(admitted, story.expert())
    report = story.report_of(task)
    with story.world.act(task.person) as act:
        mine = act.session.get_one(Assessment, report.id)
        save_score(act, mine, "C1", points=Decimal(4), reasons="First tab.", number=1)

    with story.world.act(task.person) as act, pytest.raises(ScoreClash) as clash:
        save_score(act, act.session.get_one(Assessment, report.id), "C1", points=Decimal(2), reasons="Tab 2.", number=1)

    assert (clash.value.line.points, clash.value.line.reasons) == (Decimal(4), "First tab.")


def test_a_report_is_finished_only_when_every_criterion_has_score_and_reasons(story, admitted) -> None:
    task = story.task(admitted, story.expert())
    report = story.report_of(task)
    with story.world.act(task.person) as act:
        save_score(act, act.session.get_one(Assessment, report.id), "C1", points=Decimal(4), reasons=" ")

    with story.world.look(task.person) as act:
        verdict = verdict_on(act, act.session.get_one(Assessment, report.id), "finish")

    assert [reason.plain() for reason in verdict.reasons] == [
        "Relevance: give reasons.",
        "Quality: give a score.",
        "Quality: give reasons.",
    ]


def test_a_finished_report_is_reopened_by_its_expert_alone_until_consensus_opens(story, admitted) -> None:
    task = story.task(admitted, story.expert("One"), rapporteur=True)
    report = story.score(task, "4", "20")
    story.score(story.task(admitted, story.expert("Two")), "3", "16")
    with story.world.act(task.person) as act, pytest.raises(Refused) as refused:
        save_score(act, act.session.get_one(Assessment, report.id), "C1", points=Decimal(1), reasons="No.")

    story.open_consensus(admitted)

    assert refused.value.verdict.codes == ("not-yours",)
    with story.world.look(task.person) as act:
        mine = act.session.get_one(Assessment, report.id)
        assert (mine.state.value, bool(verdict_on(act, mine, "reopen"))) == ("final", False)


def test_no_expert_can_see_anothers_report_before_consensus_opens(story, admitted) -> None:
    one, two = story.task(admitted, story.expert("One"), rapporteur=True), story.task(admitted, story.expert("Two"))
    hidden = story.score(one, "4.5", "29.5", words="MARKER")

    with story.world.look(two.person) as act:
        seen = act.session.scalars(visible(act, Assessment, "assessment.view")).all()
        assert [report.person_id for report in seen] == [two.person_id]
        assert not can(act, "assessment.view", act.session.get_one(Assessment, hidden.id))
        assert act.session.scalars(visible(act, Consensus, "consensus.view")).all() == []
    story.score(two, "3", "16")
    story.open_consensus(admitted)
    with story.world.look(two.person) as act:
        assert can(act, "assessment.view", act.session.get_one(Assessment, hidden.id))


def test_consensus_opens_only_with_every_report_and_a_lead_evaluator(story, admitted) -> None:
    story.score(story.task(admitted, story.expert("One")), "4", "20")
    story.task(admitted, story.expert("Two"))
    consensus = story.consensus_of(admitted)

    with story.world.look(story.manager) as act:
        verdict = verdict_on(act, act.session.get_one(Consensus, consensus.id), "open")

    assert verdict.codes == ("reports-missing", "reports-open", "no-rapporteur")


def test_a_consensus_is_agreed_signed_with_a_minority_view_and_approved(story, admitted) -> None:
    one, two = story.task(admitted, story.expert("One"), rapporteur=True), story.task(admitted, story.expert("Two"))
    story.score(one, "4", "20")
    story.score(two, "3", "16")
    consensus = story.open_consensus(admitted)
    story.agree_on(consensus, one.person, "3.5", "18")

    for person, view in ((one.person, ""), (two.person, "The plan is weaker than this says.")):
        with story.world.act(person) as act:
            perform(act, act.session.get_one(Consensus, consensus.id), "sign", {"minority_view": view})
    with story.world.act(one.person) as act:
        perform(act, act.session.get_one(Consensus, consensus.id), "agree")
    with story.world.act(story.manager) as act:
        stored = act.session.get_one(Consensus, consensus.id)
        with pytest.raises(Refused, match="Quality check"):
            perform(act, stored, "approve", {"points": POINTS[:-1]})
        act.session.rollback()
        perform(act, act.session.get_one(Consensus, consensus.id), "approve", {"points": POINTS})

    with story.world.look() as act:
        stored = act.session.get_one(Consensus, consensus.id)
        assert {s.minority_view for s in stored.signatures} == {"", "The plan is weaker than this says."}
        assert {s.text_sha256 for s in stored.signatures} == {text_digest(stored)}
        assert stored.application.state == "evaluated"


def test_drafting_again_voids_what_was_signed(story, admitted) -> None:
    one, two = story.task(admitted, story.expert("One"), rapporteur=True), story.task(admitted, story.expert("Two"))
    story.score(one, "4", "20")
    story.score(two, "3", "16")
    consensus = story.open_consensus(admitted)
    story.agree_on(consensus, one.person, "3.5", "18")
    with story.world.act(two.person) as act:
        perform(act, act.session.get_one(Consensus, consensus.id), "sign")

    with story.world.act(one.person) as act:
        perform(act, act.session.get_one(Consensus, consensus.id), "redraft", {"reason": "A slip."})

    with story.world.look() as act:
        (signature,) = act.session.scalars(select(Signature)).all()
        assert signature.voided_at == story.world.now


def test_only_the_lead_evaluator_writes_the_agreed_scores(story, admitted) -> None:
    one, two = story.task(admitted, story.expert("One"), rapporteur=True), story.task(admitted, story.expert("Two"))
    story.score(one, "4", "20")
    story.score(two, "3", "16")
    consensus = story.open_consensus(admitted)

    with story.world.act(two.person) as act, pytest.raises(Refused) as refused:
        save_agreed(act, act.session.get_one(Consensus, consensus.id), "C1", points=Decimal(5), reasons="Mine.")

    assert refused.value.verdict.codes == ("not-yours",)


def test_the_total_serves_the_thresholds_and_the_weighted_one_the_ranking(story, admitted) -> None:
    report = story.score(story.task(admitted, story.expert()), "3.5", "15")

    with story.world.look() as act:
        mine = act.session.get_one(Assessment, report.id)
        totals = totals_of(definition_of(mine.application.call), mine.scores)

    assert (totals.total, totals.weighted) == (Decimal("18.5"), Decimal(22))
    assert totals.outcome is not None
    assert [reason.code for reason in totals.outcome.failings] == ["total-below-threshold"]
