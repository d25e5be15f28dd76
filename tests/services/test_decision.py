"""The decision: ranking from agreed scores, ties by the panel, two persons, one moment of release."""

from __future__ import annotations

from decimal import Decimal

import pytest
from sqlalchemy import select

from app.models import Application, Call, Decision, DecisionLine, Document, Event, Job, Label, Outcome
from app.services.deciding.decision import digest_of_ranking, order_tie, start_decision
from app.services.deciding.ranking import ranking_of
from app.services.deciding.results import result_of
from app.services.transitions import Refused, perform
from tests.support.beginnings import Begin
from tests.support.decided import FAIR, GOOD, WEAK, Office
from tests.support.world import World
from workflows.application import State as ApplicationState
from workflows.decision import State
from workflows.relations import Relation as R


@pytest.fixture
def office(begin: Begin) -> Office:
    found: Office = begin(Office)
    return found


def ranking(office: Office) -> list[tuple[str, int, str]]:
    with office.world.look() as act:
        found = ranking_of(act, act.session.get_one(Call, office.call.id))
        return [(line.position.entry.acronym, line.position.rank, line.listed.value) for line in found.lines]


def refusal(office: Office, person: object, name: str, **options: object) -> tuple[str, ...]:
    with pytest.raises(Refused) as refused:
        office.take(person, name, **options)
    return refused.value.verdict.codes


def test_applications_are_ranked_by_their_agreed_scores(office: Office) -> None:
    office.application("SECOND", FAIR)
    office.application("WEAK", WEAK)
    office.application("FIRST", GOOD)

    assert ranking(office) == [("FIRST", 1, "awarded"), ("SECOND", 2, "awarded"), ("WEAK", 3, "rejected")]


def test_money_ends_the_awards(office: Office) -> None:
    office.application("FIRST", GOOD, grant=2_700_000)
    office.application("SECOND", FAIR, grant=200_000)

    assert [listed for _acronym, _rank, listed in ranking(office)] == ["awarded", "reserve"]


def test_withdrawn_applications_have_no_place(office: Office) -> None:
    office.application("FIRST", GOOD)
    gone = office.application("GONE", FAIR)
    with office.world.act(office.lead_of(gone)) as act:
        perform(act, act.session.get_one(Application, gone.id), "withdraw", {"reason": "We merged"})

    assert [acronym for acronym, _rank, _listed in ranking(office)] == ["FIRST"]


def test_what_was_edited_after_the_submission_changes_nothing(office: Office) -> None:
    first = office.application("FIRST", GOOD, grant=200_000)
    office.submitted(first, requested_grant="2900000.00", acronym="SENT")

    with office.world.look() as act:
        line = ranking_of(act, act.session.get_one(Call, office.call.id)).lines[0]
        assert (line.position.entry.acronym, line.position.entry.requested_grant) == ("SENT", Decimal(2900000))
        assert line.listed.value == "reserve"


def test_a_decision_is_started_once(office: Office) -> None:
    office.start()
    office.start()

    with office.world.look() as act:
        assert len(act.session.scalars(select(Decision)).all()) == 1


def test_only_a_call_manager_starts_a_decision(office: Office) -> None:
    with office.world.act(office.director) as act, pytest.raises(Refused):
        start_decision(act, act.session.get_one(Call, office.call.id))


def test_who_is_tied_to_an_application_starts_no_decision(office: Office) -> None:
    tied = office.world.person("Tia Tied", None, R.CALL_MANAGER)
    office.application("FIRST", GOOD, lead=tied)

    with office.world.act(tied) as act:
        with pytest.raises(Refused):
            start_decision(act, act.session.get_one(Call, office.call.id))
        assert act.session.scalar(select(Decision)) is None


def test_a_tie_at_the_cut_waits_for_the_panel(office: Office) -> None:
    first = office.application("FIRST", GOOD, grant=2_000_000)
    second = office.application("EQUAL", GOOD, grant=2_000_000)
    office.start()
    assert refusal(office, office.manager, "propose") == ("ties-open",)

    with office.deciding(office.manager) as (act, decision):
        order_tie(act, decision, [first.id, second.id], "The panel saw the stronger plan in FIRST.")
    office.take(office.manager, "propose")

    assert ranking(office) == [("FIRST", 1, "awarded"), ("EQUAL", 2, "reserve")]


def test_the_order_of_a_tie_names_just_the_equals(office: Office) -> None:
    first = office.application("FIRST", GOOD)
    other = office.application("OTHER", FAIR)
    office.start()

    with office.deciding(office.manager) as (act, decision), pytest.raises(Refused) as refused:
        order_tie(act, decision, [other.id, first.id], "We like OTHER better.")

    assert refused.value.verdict.codes == ("no-such-tie",)


def test_the_reason_for_an_order_is_kept_and_recorded(office: Office) -> None:
    first = office.application("FIRST", GOOD, grant=2_000_000)
    second = office.application("EQUAL", GOOD, grant=2_000_000)
    office.start()

    with office.deciding(office.manager) as (act, decision):
        order_tie(act, decision, [second.id, first.id], "The panel saw the stronger plan in EQUAL.")

    with office.world.look() as act:
        event = act.session.scalars(select(Event).where(Event.name == "order_tie")).one()
        assert event.data["applications"] == [second.id, first.id]
        assert "The panel saw" not in str(event.data)
    assert [acronym for acronym, _rank, _listed in ranking(office)] == ["EQUAL", "FIRST"]


def test_proposing_freezes_the_ranking_with_its_digest(office: Office) -> None:
    office.application("FIRST", GOOD)
    office.application("WEAK", WEAK)
    office.start()
    office.take(office.manager, "propose")

    with office.world.look() as act:
        decision = act.session.scalars(select(Decision)).one()
        lines = [(line.application.acronym, line.position, line.outcome) for line in decision.lines]
        assert lines == [("FIRST", 1, Outcome.AWARD), ("WEAK", 2, Outcome.REJECT)]
        assert decision.ranking is not None
        assert decision.ranking_sha256 == digest_of_ranking(decision.ranking)
        assert decision.ranking["lines"][0]["scores"] == GOOD


def test_a_returned_decision_is_proposed_again_with_new_lines(office: Office) -> None:
    office.application("FIRST", GOOD)
    office.start()
    office.take(office.manager, "propose")
    office.take(office.director, "return", {"reason": "Explain the list"})
    office.take(office.manager, "propose")

    with office.world.look() as act:
        assert len(act.session.scalars(select(DecisionLine)).all()) == 1


def test_the_proposer_never_signs(world: World, office: Office) -> None:
    both = world.person("Bo Both", None, R.CALL_MANAGER, R.PROGRAMME_MANAGER)
    office.application("FIRST", GOOD)
    office.start()
    office.take(both, "propose")

    assert refusal(office, both, "sign") == ("same-person",)


def test_signing_needs_a_fresh_sign_in(office: Office) -> None:
    office.application("FIRST", GOOD)
    office.start()
    office.take(office.manager, "propose")

    assert refusal(office, office.director, "sign", fresh=False) == ("sign-in-again",)


def test_release_needs_a_fresh_sign_in(office: Office) -> None:
    office.application("FIRST", GOOD)
    office.start()
    office.take(office.manager, "propose")
    office.take(office.director, "sign")

    assert refusal(office, office.director, "release", fresh=False) == ("sign-in-again",)


def test_nothing_shows_a_result_before_the_release(office: Office) -> None:
    application = office.application("FIRST", GOOD)
    office.start()
    office.take(office.manager, "propose")
    office.take(office.director, "sign")

    with office.world.look() as act:
        stored = act.session.get_one(Application, application.id)
        assert result_of(act, stored) is None
        assert stored.state is ApplicationState.EVALUATED
        assert act.session.scalars(select(Label)).all() == []
        assert [document.kind.value for document in act.session.scalars(select(Document))] == ["decision_act"]
        templates = [job.args["template"] for job in act.session.scalars(select(Job).where(Job.kind == "mail"))]
        assert "result" not in templates


def test_the_release_decides_every_application_at_once(office: Office) -> None:
    first = office.application("FIRST", GOOD, grant=2_700_000)
    second = office.application("SECOND", FAIR, grant=200_000)
    weak = office.application("WEAK", WEAK)
    office.release()

    with office.world.look() as act:
        states = {act.session.get_one(Application, a.id).state.value for a in (first,)}
        assert states == {"awarded"}
        assert act.session.get_one(Application, second.id).state is ApplicationState.RESERVE
        assert act.session.get_one(Application, weak.id).state is ApplicationState.REJECTED
        assert act.session.scalars(select(Decision)).one().state is State.RELEASED
        labels = {label.acronym: label.with_grant for label in act.session.scalars(select(Label))}
        assert labels == {"FIRST": True, "SECOND": False}  # the call lets the reserve list take the label alone
        kinds = sorted(document.kind.value for document in act.session.scalars(select(Document)))
        assert kinds == ["decision_act", *["result_letter"] * 3, *["summary_report"] * 3]
        signed = act.session.scalars(select(Document.snapshot).where(Document.kind == "decision_act")).one()
    listed, why, criteria, order = signed["tables"]
    assert [(row[1], row[5]) for row in listed["rows"]] == [
        ("FIRST", "awarded"),
        ("SECOND", "reserve list"),
        ("WEAK", "rejected"),
    ]
    assert [row[0].split()[0] for row in why["rows"]] == ["FIRST", "SECOND", "WEAK"]
    assert "All thresholds are reached." in why["rows"][0][1]
    assert why["rows"][2][1].count("is below its threshold") > 0
    assert criteria["total"][1] == str(sum(int(row[1]) for row in criteria["rows"]))
    assert ["Equals, rule 4", "The panel decides, with reasons."] in order["rows"]


def test_a_result_names_no_other_application(office: Office) -> None:
    office.application("FIRST", GOOD, grant=2_700_000)
    second = office.application("SECOND", FAIR, grant=200_000)
    third = office.application("THIRD", FAIR, grant=200_000)
    office.start()
    with office.deciding(office.manager) as (act, decision):
        order_tie(act, decision, [second.id, third.id], "By the panel")
    office.take(office.manager, "propose")
    office.take(office.director, "sign")
    office.take(office.director, "release")

    with office.world.look() as act:
        result = result_of(act, act.session.get_one(Application, third.id))
        assert result is not None
        texts = " ".join(reason.plain() for reason in result.reasons)
        assert result.reserve_place == 2
        snapshots = act.session.scalars(select(Document.snapshot).where(Document.application_id == third.id)).all()
    assert "FIRST" not in texts
    assert "SECOND" not in texts
    assert len(snapshots) == 2
    for snapshot in snapshots:
        assert "FIRST" not in str(snapshot)
        assert "SECOND" not in str(snapshot)
        assert "THIRD" in str(snapshot)
