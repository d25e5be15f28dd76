"""Redress: in time, by an independent committee, as a fork beside an untouched first evaluation, by two persons."""

from __future__ import annotations

import json
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import select

from app.models import AgreedScore, Application, Decision, DecisionLine, Document, Job, Label, Person, Review
from app.services.deciding.results import result_of
from app.services.reviews.review import ask_review, mark_anew, way_of
from app.services.reviews.review_committee import candidates_of, drop_member, name_member
from app.services.reviews.review_fork import fork_of
from app.services.transitions import Refused, perform
from tests.support.decided import FAIR, GOOD, WEAK, Office
from tests.support.world import World
from workflows.application import State as ApplicationState
from workflows.relations import Relation as R
from workflows.review import Ground, State


class Redress:
    """A released decision, one application of which asks for a review."""

    def __init__(self, world: World) -> None:
        self.office = Office(world)
        self.world = world
        self.first = self.office.application("FIRST", GOOD, grant=2_000_000)
        self.second = self.office.application("SECOND", FAIR, grant=700_000)
        self.weak = self.office.application("WEAK", WEAK, grant=800_000)
        self.office.release()
        self.lead = self.office.lead_of(self.weak)
        self.members = [
            world.person(name, f"{place}@house-{place}.example", R.PROGRAMME_MANAGER)
            for place, name in enumerate(("Carl One", "Cora Two", "Cyr Three"))
        ]
        self.review_id = ""

    def ask(self) -> None:
        with self.world.act(self.lead) as act:
            weak = act.session.get_one(Application, self.weak.id)
            self.review_id = ask_review(act, weak, Ground.ERROR, "Page 12 answers what the report calls missing.").id

    def name(self, *people: Person) -> None:
        for person in people:
            with self.world.act(self.office.manager) as act:
                name_member(act, act.session.get_one(Review, self.review_id), act.session.get_one(Person, person.id))

    def take(self, person: Person, name: str, **data: Any) -> None:
        with self.world.act(person) as act:
            perform(act, act.session.get_one(Review, self.review_id), name, data)

    def mark(self, **points: str) -> None:
        with self.world.act(self.members[0]) as act:
            review = act.session.get_one(Review, self.review_id)
            for criterion, value in points.items():
                mark_anew(act, review, criterion, Decimal(value), f"ANEW-{criterion}")

    def refusal(self, person: Person, name: str, **data: Any) -> tuple[str, ...]:
        with pytest.raises(Refused) as refused:
            self.take(person, name, **data)
        return refused.value.verdict.codes

    def first_evaluation(self) -> str:
        """All that was decided first, as text."""
        with self.world.look() as act:
            decision = act.session.scalars(select(Decision)).one()
            lines = [
                (line.application_id, line.position, line.outcome, str(line.total), line.reasons)
                for line in act.session.scalars(select(DecisionLine).order_by(DecisionLine.position))
            ]
            scores = act.session.scalars(select(AgreedScore).order_by(AgreedScore.id))
            papers = act.session.scalars(
                select(Document).where(Document.noun != "review").order_by(Document.wanted_at, Document.id)
            )
            return json.dumps(
                [decision.ranking, decision.ranking_sha256, lines]
                + [(one.criterion, str(one.points), one.reasons) for one in scores]
                + [(one.id, one.snapshot) for one in papers if one.wanted_at == decision.released_at],
                default=str,
            )


@pytest.fixture
def redress(world: World) -> Redress:
    return Redress(world)


def test_a_review_goes_from_the_request_to_a_new_result_beside_the_first(redress: Redress) -> None:
    office, world = redress.office, redress.world
    before = redress.first_evaluation()
    world.later(days=3)
    redress.ask()
    with world.look() as act:
        review = act.session.get_one(Review, redress.review_id)
        barred = {one.person.name for one in candidates_of(act, review) if one.against}
        assert {office.manager.name, office.director.name} <= barred
    with pytest.raises(Refused):
        redress.name(office.director)
    redress.name(*redress.members)

    assert redress.refusal(office.manager, "admit", reason="We see it.") == ("not-yours",)
    redress.take(redress.members[0], "admit", reason="It names an error of fact.")
    redress.take(redress.members[1], "order_reevaluation", reason="Page 12 was overlooked.")
    assert redress.refusal(office.manager, "propose", reason="As found.") == ("no-marks",)
    redress.mark(C1="29", C2="28", C3="28", C4="9")

    with world.look() as act:
        fork = fork_of(act, act.session.get_one(Review, redress.review_id))
        assert (fork.before.value, fork.outcome.value) == ("reject", "award")
        assert [(one.acronym, one.place_before, one.place_after) for one in fork.changes if one.is_own] == [
            ("WEAK", 3, 1)
        ]
        assert [one.acronym for one in fork.of_others] == ["SECOND"]
        assert fork.more_money == Decimal(700_000)
    assert redress.refusal(redress.members[0], "propose", reason="As found.") == ("not-yours",)
    redress.take(office.manager, "propose", reason="The committee's scores.")
    told_early = _mails(world)
    assert redress.refusal(redress.members[0], "sign") == ("of-the-committee",)
    redress.take(office.director, "return", reason="Explain C4.")
    redress.take(office.manager, "propose", reason="C4 is explained.")
    redress.take(office.director, "sign")
    with world.look(redress.lead) as act:
        weak = act.session.get_one(Application, redress.weak.id)
        found = result_of(act, weak)
        assert found is not None
        assert (weak.state, found.outcome.value, found.review) == (ApplicationState.REJECTED, "reject", None)
    assert _mails(world) - told_early == {"review_to_sign", "review_returned"} - told_early

    redress.take(office.director, "release")
    with redress.world.look() as act:
        assert (
            act.session.scalars(select(Job).where(Job.key == f"heads:release:{redress.review_id}")).one().kind
            == "heads"
        )

    with world.look(redress.lead) as act:
        weak = act.session.get_one(Application, redress.weak.id)
        found = result_of(act, weak)
        assert found is not None
        assert weak.state is ApplicationState.AWARDED
        assert (found.outcome.value, found.scored.total) == ("award", Decimal(94))
        assert found.criteria[0].comments == "ANEW-C1"
        assert act.session.get_one(Application, redress.second.id).state is ApplicationState.AWARDED
        assert act.session.scalars(select(Label).where(Label.application_id == weak.id)).one().with_grant
        kinds = [
            one.kind.value for one in act.session.scalars(select(Document).where(Document.application_id == weak.id))
        ]
        assert sorted(kinds) == ["decision_act", "result_letter", "result_letter", "summary_report", "summary_report"]
    assert redress.first_evaluation() == before


def _mails(world: World) -> set[str]:
    with world.look() as act:
        return {job.args["template"] for job in act.session.scalars(select(Job)) if job.kind == "mail"}


def test_a_review_is_asked_for_once_by_who_leads_and_in_time(redress: Redress) -> None:
    world = redress.world
    with world.look(redress.lead) as act:
        until = way_of(act, act.session.get_one(Application, redress.weak.id)).until
    # Released on 9 March 2018: thirty days end on Sunday 8 April, so the last day is Monday 9 April.
    assert until == datetime(2018, 4, 10, tzinfo=ZoneInfo("Europe/Brussels"))
    world.now = until
    with pytest.raises(Refused) as late:
        redress.ask()
    assert late.value.verdict.codes == ("too-late",)

    world.now = until - timedelta(microseconds=1)
    with pytest.raises(Refused):
        redress.lead = redress.office.manager
        redress.ask()
    redress.lead = redress.office.lead_of(redress.weak)
    redress.ask()
    with pytest.raises(Refused) as twice:
        redress.ask()
    assert twice.value.verdict.codes == ("asked-before",)


def test_an_interest_found_later_stops_the_committee_and_an_inadmissible_request_ends(redress: Redress) -> None:
    world = redress.world
    redress.ask()
    redress.name(*redress.members)
    tied = world.organisation("Carl's house", redress.members[0], published=False)
    with world.act() as act:
        membership = act.session.get_one(Application, redress.weak.id).memberships[1]
        membership.organisation_id = tied.id
    assert redress.refusal(redress.members[1], "admit", reason="Yes.") == ("committee-barred",)
    assert redress.refusal(redress.members[0], "admit", reason="Yes.")[0] == "not-yours"

    substitute = world.person("Dan Four", "dan@four.example", R.PROGRAMME_MANAGER)
    with world.act(redress.office.manager) as act:
        drop_member(act, act.session.get_one(Review, redress.review_id), redress.members[0].id)
    redress.name(substitute)
    redress.take(substitute, "find_inadmissible", reason="It disputes the judgement alone.")

    with world.look() as act:
        review = act.session.get_one(Review, redress.review_id)
        assert (review.state, review.answered_at) == (State.INADMISSIBLE, world.now)
    assert "review_answered" in _mails(world)
