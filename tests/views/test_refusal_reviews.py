"""Redress against a refusal at the checks: in time, by persons without part in them, beside records that stay."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select

from app.doctor import examine
from app.dossier.replaying.reading import DifferenceError
from app.dossier.replaying.run import replayed
from app.dossier.writing import write
from app.models import Application, Call, Check, Consensus, Document, Event, Job, Level, Person, Review, ReviewAnswer
from app.services.deciding.decision import start_decision
from app.services.deciding.letter_texts import save_text
from app.services.deciding.letters import content_digest
from app.services.deciding.results import result_of
from app.services.dossiers.dossier import new_dossier
from app.services.reviews.review import ask_review, way_of
from app.services.reviews.review_checks import answer_check, under_review
from app.services.reviews.review_committee import candidates_of, name_member
from app.services.reviews.review_fork import fork_of
from app.services.transitions import Refused, perform
from tests.support.evaluation import POINTS, Evaluation
from tests.support.web import Web
from tests.support.world import World
from workflows.application import State as ApplicationState
from workflows.letter_texts import Kind as Letter
from workflows.relations import Relation as R
from workflows.review import Ground, Kind, State

REDRESS = """
redress:
  - {kind: administrative_review, days: 10, working_days: true}
  - {kind: evaluation_review, days: 30}
"""


class Refusal:
    """A small call, two persons of which refused an application at its checks; two others of the office took no part."""

    def __init__(self, world: World) -> None:
        self.world, self.story = world, Evaluation(world, more=REDRESS)
        self.refused, self.other = self.story.application("REFUSED"), self.story.application("OTHER")
        self.story.close()
        with world.act() as act:
            perform(act, act.session.get_one(Call, self.story.call.id), "close", by=R.CLOCK)
        self.directors = [world.person(name, None, R.PROGRAMME_MANAGER) for name in ("Pat Programme", "Dora Director")]
        self.lead = self._lead()
        self.review_id = ""

    def _lead(self) -> Person:
        with self.world.look() as act:
            return act.session.scalars(select(Person).where(Person.name == "Lead REFUSED")).one()

    def does(self, person: Person, thing: Any, name: str, **data: Any) -> None:
        with self.world.act(person) as act:
            perform(act, act.session.get_one(type(thing), thing.id), name, data)

    def propose(self, reason: str) -> None:
        """One check not met, proposed by one; the others are met."""
        with self.world.act(self.story.manager) as act:
            for check in act.session.scalars(select(Check).where(Check.application_id == self.refused.id)):
                if check.rule == "language":
                    perform(act, check, "propose_refusal", {"reason": reason})
                else:
                    perform(act, check, "confirm")

    def confirm(self) -> None:
        with self.world.act(self.story.second) as act:
            check = act.session.scalars(select(Check).where(Check.state == "refusal_proposed")).one()
            perform(act, check, "confirm_refusal")

    def refuse(self) -> None:
        self.propose("Annex 2 is in Portuguese.")
        self.confirm()
        self.does(self.story.second, self.refused, "find_inadmissible")

    def ask(self) -> None:
        with self.world.act(self.lead) as act:
            target = act.session.get_one(Application, self.refused.id)
            self.review_id = ask_review(act, target, Ground.ERROR, "Annex 2 has an English twin on page 9.").id

    def review(self, person: Person, name: str, **data: Any) -> None:
        with self.world.act(person) as act:
            perform(act, act.session.get_one(Review, self.review_id), name, data)

    def codes(self, person: Person, name: str, **data: Any) -> tuple[str, ...]:
        with pytest.raises(Refused) as refused:
            self.review(person, name, **data)
        return refused.value.verdict.codes

    def seat(self, person: Person) -> None:
        with self.world.act(self.story.manager) as act:
            name_member(act, act.session.get_one(Review, self.review_id), act.session.get_one(Person, person.id))

    def answer(self, *, met: bool, reasons: str) -> None:
        self.world.later(minutes=1)
        with self.world.act(self.directors[0]) as act:
            review = act.session.get_one(Review, self.review_id)
            (check,) = under_review(act, review)
            answer_check(act, review, check.id, met=met, reasons=reasons)

    def found(self, *, met: bool, reasons: str = "Page 9 has it in English.") -> None:
        """Up to what waits for a second person."""
        self.ask()
        self.seat(self.directors[0])
        self.review(self.directors[0], "admit", reason="It names an error.")
        self.answer(met=met, reasons=reasons)
        self.review(self.directors[0], "find_wrong" if met else "find_right")

    def evaluate(self, application: Application, *points: str) -> None:
        self.story.admit(application) if self.state_of(application) == "received" else None
        people = [self.story.expert(f"Eve {application.acronym} {n}") for n in (1, 2)]
        for n, person in enumerate(people):
            task = self.story.task(application, person, rapporteur=not n)
            self.story.score(task, *points)
        consensus = self.story.open_consensus(application)
        self.story.agree_on(consensus, people[0], *points)
        for person in people:
            self.does(person, consensus, "sign")
        self.does(people[0], consensus, "agree")
        self.does(self.story.manager, consensus, "approve", points=POINTS)

    def decide(self) -> None:
        with self.world.act(self.story.manager) as act:
            decision = start_decision(act, act.session.get_one(Call, self.story.call.id))
        self.does(self.story.manager, decision, "propose")
        for name in ("sign", "release"):
            self.does(self.directors[1], decision, name)

    def state_of(self, application: Application) -> str:
        with self.world.look() as act:
            return str(act.session.get_one(Application, application.id).state)

    def checks(self) -> str:
        """All that is on record of the first checks, as text."""
        with self.world.look() as act:
            rows = act.session.execute(select(Check.__table__).where(Check.application_id == self.refused.id))
            found = [tuple(row) for row in rows]
            ids = [
                row[0] for row in act.session.execute(select(Check.id).where(Check.application_id == self.refused.id))
            ]
            events = act.session.scalars(select(Event).where(Event.noun == "check", Event.thing_id.in_(ids)))
            letters = act.session.scalars(select(Document).where(Document.kind == "refusal_letter"))
            told = [*found, *((e.id, e.hash) for e in events), *((d.id, d.snapshot) for d in letters)]
            return json.dumps(sorted(told, key=str), default=str)

    def replay(self, folder: Path, level: Level = Level.FULL) -> list[str]:
        """Of the whole call; at the narrow levels of the application alone."""
        with self.world.act(self.story.manager) as act:
            call = act.session.get_one(Call, self.story.call.id)
            own = act.session.get_one(Application, self.refused.id)
            subject = call if level is Level.FULL else own
            data = write(act.session, new_dossier(act, subject, level), self.story.store).data
        path = folder / "dossier.zip"
        path.write_bytes(data)
        return replayed(path)

    def told(self) -> list[str]:
        """What doctor finds, apart from documents that no worker made here."""
        with self.world.look() as act:
            return [str(one) for one in examine(act.session, self.story.store, self.world.now)]


@pytest.fixture
def received(world: World) -> Refusal:
    made = Refusal(world)
    made.world.now = datetime(2018, 3, 22, 12, tzinfo=UTC)  # before a change of clocks, Easter Monday inside the period
    return made


@pytest.fixture
def refusal(received: Refusal) -> Refusal:
    received.refuse()
    return received


def test_a_review_is_asked_for_in_time_once_and_judged_by_persons_without_part_in_the_checks(refusal: Refusal) -> None:
    world, story = refusal.world, refusal.story
    with world.look() as act:
        (letter,) = act.session.scalars(select(Document).where(Document.kind == "refusal_letter"))
        assert "Within 10 working days" in letter.snapshot["redress"]
        assert "until the end of 6 April 2018" in letter.snapshot["redress"]  # Easter Monday is no working day
        assert "evaluation was carried out" not in letter.snapshot["redress"]
        way = way_of(act, act.session.get_one(Application, refusal.refused.id))
        assert way.until == datetime(2018, 4, 6, 22, tzinfo=UTC)  # midnight of summer time
        assert (way.kind, bool(way.against)) == (Kind.CHECKS, True)
    world.now = way.until
    with pytest.raises(Refused) as late:
        refusal.ask()
    assert late.value.verdict.codes == ("too-late",)
    world.now = way.until - timedelta(microseconds=1)

    refusal.ask()

    with pytest.raises(Refused) as twice:
        refusal.ask()
    assert twice.value.verdict.codes == ("asked-before",)
    with world.look() as act:
        review = act.session.get_one(Review, refusal.review_id)
        barred = {one.person.name: one.against for one in candidates_of(act, review)}
        assert barred.pop("Mona Manager") == ()  # who made the call
        assert barred == {
            "Carla Manager": ("took part in the checks of the application",),
            "Dirk Manager": ("took part in the checks of the application",),
            "Pat Programme": (), "Dora Director": (),
        }  # fmt: skip
    with pytest.raises(Refused):
        refusal.seat(story.second)


def test_a_refusal_is_lifted_beside_its_record_and_the_application_goes_on(refusal: Refusal, tmp_path: Path) -> None:
    world, story = refusal.world, refusal.story
    before = refusal.checks()
    refusal.ask()
    refusal.seat(refusal.directors[0])
    refusal.review(refusal.directors[0], "admit", reason="It names an error.")
    assert refusal.codes(refusal.directors[0], "find_wrong") == ("checks-unanswered",)
    assert refusal.codes(refusal.directors[0], "dismiss", reason="No.") == ("other-kind",)
    refusal.answer(met=False, reasons="Page 9 is no twin.")
    assert refusal.codes(refusal.directors[0], "find_wrong") == ("still-not-met",)
    refusal.answer(met=True, reasons="It is, read closely.")
    refusal.review(refusal.directors[0], "find_wrong")
    assert set(refusal.codes(refusal.directors[0], "lift_refusal")) == {"same-person", "of-the-committee"}
    assert refusal.codes(story.second, "lift_refusal") == ("not-yours",)
    assert refusal.codes(refusal.directors[1], "lift_late") == ("other-road",)
    refusal.evaluate(refusal.other, "4", "24")
    with world.act(story.manager) as act:
        decision = start_decision(act, act.session.get_one(Call, story.call.id))
    with pytest.raises(Refused) as under_way:
        refusal.does(story.manager, decision, "propose")
    assert under_way.value.verdict.codes == ("refusals-under-review",)

    refusal.review(refusal.directors[1], "lift_refusal")

    assert refusal.state_of(refusal.refused) == ApplicationState.RECEIVED
    assert refusal.checks() == before
    with world.look() as act:
        (letter,) = act.session.scalars(select(Document).where(Document.kind == "review_letter"))
        assert letter.snapshot["reasons"] == ["Met: “It is written in a language of the call.” It is, read closely."]
        assert "The refusal is lifted" in " ".join(letter.snapshot["paragraphs"])
        (signed,) = act.session.scalars(select(Document).where(Document.kind == "decision_act"))
        assert signed.snapshot["content_sha256"] in letter.snapshot["paragraphs"][-1]
        assert signed.snapshot["signatures"] == ["Dora Director, programme manager"]
        assert signed.snapshot["reasons"] == letter.snapshot["reasons"]
        assert (
            content_digest({k: v for k, v in signed.snapshot.items() if k != "content_sha256"})
            == signed.snapshot["content_sha256"]
        )
        mails = {job.args["template"] for job in act.session.scalars(select(Job).where(Job.kind == "mail"))}
        assert {"review_committee", "review_admitted", "review_to_sign", "review_answered"} <= mails
    refusal.does(story.manager, refusal.refused, "admit")
    refusal.evaluate(refusal.refused, "4.5", "26")
    assert "1 reviews of refusals followed" in refusal.replay(tmp_path)
    assert [one for one in refusal.told() if "review" in one or "outcome" in one or "record" in one] == []


def test_a_refusal_that_stands_needs_two_persons_and_ends_there(refusal: Refusal, tmp_path: Path) -> None:
    refusal.found(met=False, reasons="Page 9 is no twin.")
    assert refusal.codes(refusal.directors[0], "confirm_refusal")[:1] == ("same-person",)
    refusal.review(refusal.directors[1], "return", reason="Say which page.")
    refusal.answer(met=False, reasons="Page 9, second line.")
    refusal.review(refusal.directors[0], "find_right")

    refusal.review(refusal.directors[1], "confirm_refusal")

    assert refusal.state_of(refusal.refused) == ApplicationState.INADMISSIBLE
    with refusal.world.look() as act:
        review = act.session.get_one(Review, refusal.review_id)
        assert (review.state, review.proposed_by) == (State.STANDS, None)
        (letter,) = act.session.scalars(select(Document).where(Document.kind == "review_letter"))
        assert (
            letter.snapshot["reasons"][0] == "Not met: “It is written in a language of the call.” Page 9, second line."
        )
        assert letter.snapshot["redress"] is None
    assert "1 reviews of refusals followed" in refusal.replay(tmp_path)
    with refusal.world.database.writing() as session:  # somebody turns the answer round afterwards
        for answer in session.scalars(select(ReviewAnswer)):
            answer.met = True
        session.commit()
    with pytest.raises(DifferenceError, match="do not come to this"):
        refusal.replay(tmp_path)


def test_a_refusal_lifted_after_the_release_is_evaluated_late_and_decided_by_two(
    refusal: Refusal, tmp_path: Path
) -> None:
    story, director = refusal.story, refusal.directors[1]
    refusal.evaluate(refusal.other, "4", "24")
    refusal.decide()
    refusal.found(met=True)
    assert refusal.codes(director, "lift_refusal") == ("other-road",)

    refusal.review(director, "lift_late")

    refusal.does(story.manager, refusal.refused, "admit")
    assert refusal.codes(story.manager, "propose", reason="Late.") == ("not-evaluated",)
    refusal.evaluate(refusal.refused, "4.5", "26")
    refusal.review(story.manager, "propose", reason="As agreed.")
    with refusal.world.look() as act:
        fork = fork_of(act, act.session.get_one(Review, refusal.review_id))
        assert fork is not None
        assert (fork.before, fork.outcome.value) == (None, "award")
        assert result_of(act, act.session.get_one(Application, refusal.refused.id)) is None
    with pytest.raises(Refused):  # nothing of it changes under the proposal
        refusal.does(story.manager, refusal.story.consensus_of(refusal.refused), "reopen", reason="Once more.")
    refusal.review(director, "sign")
    refusal.review(director, "release")

    with refusal.world.look() as act:
        late = act.session.get_one(Application, refusal.refused.id)
        found = result_of(act, late)
        assert found is not None
        assert (late.state, found.outcome.value, found.review) == (ApplicationState.AWARDED, "award", None)
        way = way_of(act, late)
        assert (way.kind, bool(way.against), way.asked) == (Kind.EVALUATION, True, None)
        kinds = {one.kind for one in act.session.scalars(select(Document).where(Document.application_id == late.id))}
        assert {"review_letter", "result_letter", "summary_report"} <= kinds
        assert act.session.scalars(select(Consensus)).all()
    for level in (Level.APPLICANT, Level.REQUEST):
        assert refusal.replay(tmp_path, level)
    told = refusal.replay(tmp_path)
    assert {"1 reviews of refusals followed", "1 rankings of reviews worked out again"} <= set(told)
    assert [one for one in refusal.told() if "review" in one or "outcome" in one or "record" in one] == []


def test_what_a_letter_will_say_is_refused_where_it_is_not_fit_and_seen_before_it_goes(
    received: Refusal, web: Web
) -> None:
    for said, code in (
        ("-", "unfit-empty"),
        ("Annex [which one?] is missing.", "unfit-left_over"),
        ("OTHER has its annex in English.", "unfit-acronym"),
        ("Lead OTHER sent it in English.", "unfit-acronym"),
        ("Ask lead@other.example.", "unfit-address"),
    ):
        with pytest.raises(Refused) as refused:
            received.propose(said)
        assert code in refused.value.verdict.codes, said
    received.propose("Annex 2 of REFUSED is in Portuguese.")
    received.confirm()
    manager = web.client_of(received.story.second)
    page = f"/applications/{received.refused.id}/letter"
    text = manager.get(page).text
    assert "Annex 2 of REFUSED is in Portuguese." in text
    assert "until the end of 6 April 2018" in text
    assert manager.get(f"{page}.pdf?kind=ineligible").status_code == 404
    with received.world.act(received.story.second) as act:
        call = act.session.get_one(Call, received.story.call.id)
        save_text(act, call, Letter.INADMISSIBLE, "Dear {name},\n\nunlike OTHER you are refused.", 0)
    with pytest.raises(Refused) as refused:
        received.does(received.story.second, received.refused, "find_inadmissible")
    assert refused.value.verdict.codes == ("letter-not-fit",)
    assert "1 passage of the office" in manager.get(page).text
    with received.world.act(received.story.second) as act:
        call = act.session.get_one(Call, received.story.call.id)
        save_text(act, call, Letter.INADMISSIBLE, "Dear {name},\n\n{acronym} is refused.", 1)
    received.does(received.story.second, received.refused, "find_inadmissible")
    assert manager.get(page).status_code in (403, 404)

    lead = web.client_of(received.lead)
    asking = f"/applications/{received.refused.id}/review"
    assert "Ask for a review of the refusal" in lead.get(asking).text
    assert "A review of the refusal can be asked for" in lead.get(f"/applications/{received.refused.id}/result").text
    asked = lead.post(asking, {"ground": "error", "text": "Annex 2 has an English twin on page 9."})
    received.review_id = asked.headers["Location"].rsplit("/", 1)[-1]
    assert lead.post(asking, {"ground": "error", "text": "Once more."}).status_code == 422
    received.seat(received.directors[0])
    judge, second = (web.client_of(person) for person in received.directors)
    page = f"/reviews/{received.review_id}"
    assert "[the reasons that are given with the answer]" in judge.get(f"{page}/letter").text
    received.review(received.directors[0], "admit", reason="It names an error.")
    with received.world.look() as act:
        (check,) = under_review(act, act.session.get_one(Review, received.review_id))
    told = {"check": check.id, f"{check.id}-met": "yes", f"{check.id}-reasons": "As in OTHER, page 9 is English."}
    refused_page = judge.post(f"{page}/checks", told)
    assert (refused_page.status_code, "OTHER” is the acronym of another" in refused_page.text) == (422, True)
    assert judge.post(f"{page}/checks", told | {f"{check.id}-reasons": "Page 9 is English."}).status_code == 303
    assert judge.post(f"{page}/find_wrong").status_code == 303
    assert "Met: “It is written in a language of the call.” Page 9 is English." in second.get(f"{page}/letter").text
    assert lead.get(f"{page}/letter").status_code == 404
    assert "Page 9 is English." not in lead.get(page).text
    assert second.post(f"{page}/lift_refusal").status_code == 303
    assert "Page 9 is English." in lead.get(page).text
