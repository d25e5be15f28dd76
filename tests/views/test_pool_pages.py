"""The pool as the office and its members work on it: files, looks, balance, workload, statements of work, training."""

from __future__ import annotations

import csv
import io
import re
from dataclasses import replace
from datetime import timedelta
from decimal import Decimal

import pytest
from sqlalchemy import func, select

from app.act import Act
from app.asker import known_asker
from app.callfile.checks_evaluation import check_evaluation
from app.models import (
    Application,
    Assignment,
    Call,
    Conflict,
    Consensus,
    Document,
    Event,
    Expert,
    ExpertCheck,
    OrganisationMember,
    Person,
    Statement,
    TrainingScore,
)
from app.services.assigning.assignment import assign
from app.services.calls.call import definition_of
from app.services.conflicts.conflict_finding import find_conflicts, ties_of
from app.services.experts.expert import EmployerEntry, More, edit_expert
from app.services.experts.workload import workload_of
from app.services.transitions import Refused, perform
from app.ties import tied
from tests.support.evaluation import Evaluation
from tests.support.web import Web, web  # noqa: F401 - a fixture
from tests.support.world import World
from workflows.definition_evaluation import Balance, Work
from workflows.definition_evaluation import Evaluation as Rules
from workflows.relations import Relation as R

FILE = """name;email;country;languages;expertise;employer
=Ana Silva;ana@lab.example;PT;en pt;textiles;Textile Laboratory
Eva Expert;EVA@pool.example;PT;en;textiles;
Bo Berg;bo@berg.example;SE;en;;
Bo Berg;BO@berg.example;SE;en;;
"""
FAULTY = "name,email,country,colour\nAna,no address,XX,red\n"
FAULTY_CELLS = "name,email,country,most_tasks\nAna,no address,XX,many\n,ok@ok.example,PT,3\n"


def _people(world: World) -> int:
    with world.look() as act:
        return act.session.scalar(select(func.count()).select_from(Expert)) or 0


def test_a_file_of_people_is_shown_before_anything_is_stored(world: World, web: Web) -> None:  # noqa: F811
    story = Evaluation(world)
    story.expert("Eva Expert", email="eva@pool.example")
    manager = web.client_of(story.manager)

    unknown = manager.post("/experts/import", {"text": FAULTY})
    faulty = manager.post("/experts/import", {"text": FAULTY_CELLS})
    forced = manager.post("/experts/import", {"text": FAULTY_CELLS, "confirmed": "1"})
    preview = manager.post("/experts/import", {"text": FILE})
    before = _people(world)
    done = manager.post("/experts/import", {"text": FILE, "confirmed": "1"})

    assert unknown.status_code == faulty.status_code == forced.status_code == 422
    assert re.findall(r"<td[^>]*>\s*<div>\s*(colour|email|country|most_tasks|name)\s*</div></td>", unknown.text) == [
        "colour"
    ]
    assert (
        len(re.findall(r"<tr", faulty.text.split("Faults</caption>")[1].split("</table>")[0])) == 5
    )  # headings and four faults
    assert "Is in the pool already." in preview.text
    assert "Stands in line 4 already." in preview.text
    assert (preview.status_code, before, done.status_code) == (200, 1, 303)
    assert _people(world) == 3
    assert len(web.mails("expert_invited")) == 3


def test_looking_somebody_up_says_yes_or_no_and_is_recorded(world: World, web: Web) -> None:  # noqa: F811
    story = Evaluation(world)
    story.application("SMARTEX")
    story.close()
    manager, partner = web.client_of(story.manager), web.client_of(story.expert())

    yes = manager.post(
        "/experts/check", {"call": story.call.id, "name": "Cora", "email": "cora@lab.smartex.example", "employers": ""}
    )
    no = manager.post(
        "/experts/check", {"call": story.call.id, "name": "Nora", "email": "nora@far.example", "employers": "Far"}
    )

    assert "Yes: Cora has an interest" in yes.text
    assert "No: nothing was found about Nora" in no.text
    assert "SMARTEX" not in yes.text + no.text
    assert partner.get("/experts/check").status_code == 404
    with world.look() as act:
        found = act.session.execute(select(ExpertCheck.name, ExpertCheck.tied).order_by(ExpertCheck.name)).all()
        assert [tuple(one) for one in found] == [("Cora", True), ("Nora", False)]


def test_like_findings_of_proposed_pairs_are_decided_with_one_reason(world: World, web: Web) -> None:  # noqa: F811
    """One evaluator at a shared domain, two applications of the organisation; a third pair is nobody's proposal."""
    story = Evaluation(world)
    shared = world.organisation("Shared Cluster", world.person("Shay", "shay@shared.example"))
    both = [story.application(name, shared) for name in ("ALPHA", "BETA")]
    story.application("GAMMA", shared)
    story.close()
    story.admit(*both)
    person = story.expert("Cora Colleague", email="cora@shared.example")
    tasks = [story.task(one, person) for one in both]
    manager = web.client_of(story.manager)

    index = manager.get(f"/calls/{story.call.id}/conflicts")
    keys = set(re.findall(r"like=([0-9a-f]{64})", index.text))
    (key,) = keys
    address = f"/calls/{story.call.id}/conflicts/decide"
    nothing = manager.post(address, {"like": key, "decision": "none", "reason": " "})
    manager.post(address, {"like": key, "decision": "none", "reason": "A coworking space."})

    assert "ALPHA, BETA" in index.text
    assert "GAMMA" not in index.text
    assert nothing.status_code == 422
    with world.look() as act:
        assert {act.session.get_one(Assignment, task.id).state for task in tasks} == {"accepted"}
        decided = act.session.scalars(select(Conflict)).all()
        assert {one.dismissed_by for one in decided} == {story.manager.id}
        assert len(act.session.scalars(select(Event).where(Event.noun == "conflict")).all()) == 2
    assert "Nothing to decide" in manager.get(f"/calls/{story.call.id}/conflicts").text


def test_a_decided_conflict_takes_the_evaluator_off_and_bars_for_good(world: World, web: Web) -> None:  # noqa: F811
    story = Evaluation(world)
    application = story.application("SMARTEX")
    story.close()
    story.admit(application)
    person = story.expert("Cora Colleague", email="cora@smartex.example")
    task = story.task(application, person)
    manager = web.client_of(story.manager)
    (key,) = set(re.findall(r"like=([0-9a-f]{64})", manager.get(f"/calls/{story.call.id}/conflicts").text))

    manager.post(
        f"/calls/{story.call.id}/conflicts/decide", {"like": key, "decision": "conflict", "reason": "Same house."}
    )

    with world.act(story.manager) as act:
        assert act.session.get_one(Assignment, task.id).state == "conflicted"
        with pytest.raises(Refused) as refused:
            assign(act, act.session.get_one(Application, application.id), act.session.get_one(Person, person.id))
        assert refused.value.verdict.codes == ("tied",)


def test_who_is_away_is_given_nothing(world: World) -> None:
    story = Evaluation(world)
    application = story.application()
    story.close()
    story.admit(application)
    person = story.expert()
    today = world.now.date()
    for days, refused_for in ((60, ("away",)), (10, ())):
        with world.act(person) as act:
            expert = act.session.scalars(select(Expert).where(Expert.person_id == person.id)).one()
            more = More(away=[(today, today + timedelta(days=days))])
            edit_expert(
                act, expert, country="PT", languages=["en"], expertise=[], employers=[], most_tasks=3, more=more
            )
        with world.act(story.manager) as act:
            codes: tuple[str, ...] = ()
            try:
                assign(act, act.session.get_one(Application, application.id), act.session.get_one(Person, person.id))
            except Refused as refused:
                codes = refused.verdict.codes
            assert codes == refused_for


def test_what_was_decided_stands_until_its_facts_change_and_not_when_somebody_is_renamed(world: World) -> None:
    story = Evaluation(world)
    application = story.application("SMARTEX")
    story.close()
    story.admit(application)
    person = story.expert("Cora Colleague", email="cora@smartex.example")

    def found(act: Act) -> list[Conflict]:
        return find_conflicts(
            act, act.session.get_one(Application, application.id), act.session.get_one(Person, person.id)
        )

    with world.act(story.manager) as act:
        (conflict,) = found(act)
        conflict.dismissed_at, conflict.dismissed_by = act.now, story.manager.id
        owner = act.session.get_one(Application, application.id).memberships[0].organisation
        assert owner is not None
        owner.name = "Renamed Cluster"
        assert found(act) == []
        owner.domains = ["lab.smartex.example"]
        (again,) = found(act)
        assert (again.kind, again.id == conflict.id) == ("mail_domain", False)
        owner.domains = []
        assert found(act) == []  # as it was decided


def test_the_years_of_the_call_say_how_long_an_employer_ties(world: World) -> None:
    story = Evaluation(world)
    application = story.application("SMARTEX")
    with world.look() as act:
        owner = act.session.get_one(Application, application.id).memberships[0].organisation_id
    until = (world.now - timedelta(days=4 * 365)).date()
    person = story.expert(employers=[EmployerEntry(name="S", organisation_id=owner, until_on=until)])
    barred = {}
    for years in (3, 5):
        with world.act() as act:
            act.session.get_one(Call, story.call.id).interest_years = years
            act.session.flush()
            target, who = act.session.get_one(Application, application.id), act.session.get_one(Person, person.id)
            in_words = [tie.kind for tie in ties_of(act, target, [who])[who.id] if tie.is_direct]
            asker = known_asker(replace(act, person=who))
            in_sql = act.session.scalars(select(Application.id).where(tied(asker, Application.id))).all()
            barred[years] = (in_words, in_sql)

    assert barred == {3: ([], []), 5: (["same_organisation"], [application.id])}


def test_a_call_file_is_told_what_is_out_of_range(world: World) -> None:
    story = Evaluation(world)
    with world.look() as act:
        definition = definition_of(act.session.get_one(Call, story.call.id))
    faulty = {
        "interest_years": Rules(interest_years=6),
        "balance.least_women": Rules(balance=Balance(least_women=Decimal("1.1"))),
        "balance.largest_country": Rules(balance=Balance(largest_country=Decimal("-0.1"))),
        "work.report": Rules(work=Work(report=Decimal(-1))),
    }

    found = {
        path: [one for one, _ in check_evaluation(replace(definition, evaluation=e))] for path, e in faulty.items()
    }

    assert found == {path: [f"evaluation.{path}"] for path in faulty}


class Worked:
    """One application, two reports, a signed consensus."""

    def __init__(self, world: World) -> None:
        self.world, self.story = world, Evaluation(world)
        story = self.story
        self.application = story.application("SMARTEX")
        story.close()
        story.admit(self.application)
        self.people = [story.expert("Lea Lead"), story.expert('=HYPERLINK("x")')]
        tasks = [story.task(self.application, one, rapporteur=not place) for place, one in enumerate(self.people)]
        with world.act(story.manager) as act:
            for task, days in zip(tasks, (3, -3), strict=True):
                act.session.get_one(Assignment, task.id).due_at = world.now + timedelta(days=days)
        for task in tasks:
            story.score(task, "4", "20")
        consensus = story.open_consensus(self.application)
        story.agree_on(consensus, self.people[0], "4", "20")
        for one in self.people:
            with world.act(one) as act:
                perform(act, act.session.get_one(Consensus, consensus.id), "sign")
        with world.act(self.people[0]) as act:
            perform(act, act.session.get_one(Consensus, consensus.id), "agree")


def test_a_statement_of_work_is_counted_confirmed_approved_and_exported(world: World, web: Web) -> None:  # noqa: F811
    worked = Worked(world)
    call, story = worked.story.call, worked.story
    manager, expert = web.client_of(story.manager), web.client_of(worked.people[1])

    manager.post(f"/calls/{call.id}/statements")
    with world.look() as act:
        found = {one.person_id: one for one in act.session.scalars(select(Statement))}
        mine, other = found[worked.people[1].id], found[worked.people[0].id]
    day = world.now.date().isoformat()
    to_come = manager.post(
        f"/statements/{mine.id}/panel", {"days-0": (world.now.date() + timedelta(days=9)).isoformat()}
    )
    manager.post(f"/statements/{mine.id}/panel", {"days-0": day})
    page = expert.get(f"/statements/{mine.id}")
    early = manager.post(f"/statements/{mine.id}/approve")
    confirmed = expert.post(f"/statements/{mine.id}/confirm", follow=True)
    manager.post(f"/statements/{mine.id}/approve")

    assert to_come.status_code == 422
    assert [name in page.text for name in ("Individual report", "Consensus report", "Day of the panel")] == [True] * 3
    assert early.status_code >= 400
    assert confirmed.status_code == 200
    assert expert.get(f"/statements/{other.id}").status_code == 404
    assert expert.get(f"/calls/{call.id}/statements.csv").status_code == 404
    rows = list(csv.DictReader(io.StringIO(manager.get(f"/calls/{call.id}/statements.csv").text)))
    assert [
        (row["name"], row["reports"], row["consensus_reports"], row["panel_days"], row["units"]) for row in rows
    ] == [('\'=HYPERLINK("x")', "1", "1", "1", "3")]
    with world.look() as act:
        paper = act.session.scalars(select(Document).where(Document.kind == "statement_of_work")).one()
        assert paper.thing_id == mine.id
        assert [row[1] for row in paper.snapshot["tables"][0]["rows"]].count("Individual report") == 1
    assert expert.get(f"/documents/{paper.id}").status_code == 202
    assert web.client_of(worked.people[0]).get(f"/documents/{paper.id}").status_code == 404
    assert len(web.mails("statement_approved", to=worked.people[1].email)) == 1


def test_whoever_has_an_interest_in_the_call_counts_no_work_and_sees_none(world: World, web: Web) -> None:  # noqa: F811
    worked = Worked(world)
    call = worked.story.call
    tied_one = world.person("Tina Tied", None, R.CALL_MANAGER)
    with world.act() as act:
        membership = act.session.get_one(Application, worked.application.id).memberships[0]
        act.session.add(
            OrganisationMember(
                id=act.new_id(), organisation_id=membership.organisation_id, person_id=tied_one.id, accepted=True,
                asked_at=world.now,
            )
        )  # fmt: skip
    manager, tied_browser = web.client_of(worked.story.manager), web.client_of(tied_one)

    refused = tied_browser.post(f"/calls/{call.id}/statements")
    manager.post(f"/calls/{call.id}/statements")

    assert refused.status_code in (403, 422)
    for page in (f"/calls/{call.id}/statements", f"/calls/{call.id}/statements.csv", f"/calls/{call.id}/conflicts"):
        assert "Lea Lead" not in tied_browser.get(page).text
    assert "Lea Lead" in manager.get(f"/calls/{call.id}/statements").text


def test_workload_and_punctuality_are_for_the_person_and_the_managers_alone(world: World, web: Web) -> None:  # noqa: F811
    worked = Worked(world)
    with world.look() as act:
        experts = {one.person_id: one.id for one in act.session.scalars(select(Expert))}
    auditor = world.person("Aud Auditor", None, R.AUDITOR)
    in_time, late = (experts[one.id] for one in worked.people)

    with world.look(worked.story.manager) as act:
        counted = [workload_of(act, act.session.get_one(Expert, key)) for key in (in_time, late)]

    assert [(one.finished, one.in_time, one.late) for one in counted] == [(1, 1, 0), (1, 0, 1)]
    heading = "Workload and punctuality"
    assert heading in web.client_of(worked.people[0]).get(f"/experts/{in_time}").text
    assert heading in web.client_of(worked.story.manager).get(f"/experts/{in_time}").text
    assert heading not in web.client_of(auditor).get(f"/experts/{in_time}").text


def test_training_cases_are_scored_before_their_spread_is_seen(world: World, web: Web) -> None:  # noqa: F811
    story = Evaluation(world)
    manager = web.client_of(story.manager)
    people = [story.expert(f"Expert {number}") for number in range(3)]
    address = f"/calls/{story.call.id}/training"
    manager.post(address, {"title": "A made-up case", "text": "Some text."})
    case = re.search(r"case-([a-z2-7]{26})", manager.get(address).text)
    assert case is not None

    unread = web.client_of(people[0]).get(address)
    wrong = web.client_of(people[0]).post(f"{address}/score", {"case": case[1], "points_C1": "4.25", "points_C2": "1"})
    for person, points in zip(people, ("1", "4,5", "3"), strict=True):
        sent = {"case": case[1], "points_C1": points, "points_C2": "20", "reasons_C1": "Because."}
        assert web.client_of(person).post(f"{address}/score", sent).status_code == 303
    page = web.client_of(people[2]).get(address)

    assert "Some text." not in unread.text.split("<h2")[0]
    assert wrong.status_code == 422
    assert "far apart" in page.text
    assert "Expert 0" not in page.text
    assert web.client_of(world.person("Nobody Here")).get(address).status_code == 404
    with world.look() as act:
        assert act.session.scalar(select(func.count()).select_from(TrainingScore)) == 6


def test_where_a_call_asks_for_it_nothing_opens_before_a_training_case_is_scored(world: World, web: Web) -> None:  # noqa: F811
    story = Evaluation(world)
    application = story.application()
    story.close()
    story.admit(application)
    with world.act() as act:
        act.session.get_one(Call, story.call.id).training_required = True
    expert = story.expert("Tara Untrained")
    report = story.report_of(story.task(application, expert))
    client, office, address = web.client_of(expert), web.client_of(story.manager), f"/calls/{story.call.id}/training"
    closed = [f"/assessments/{report.id}", f"/applications/{application.id}"]

    assert [client.get(one).status_code for one in closed] == [404, 404]
    assert client.post(f"/assessments/{report.id}/save", {"points-C1": "3"}).status_code == 404
    assert "The office has not written one yet" in client.get("/assessments").text
    office.post(address, {"title": "A made-up case", "text": "Some text."})
    assert "Go to the training cases" in client.get("/assessments").text
    assert "Tara Untrained" in office.get(address).text

    case = re.search(r"case-([a-z2-7]{26})", office.get(address).text)
    assert case is not None
    given = {"case": case[1], "points_C1": "4", "points_C2": "20", "reasons_C1": "", "reasons_C2": ""}
    assert client.post(f"{address}/score", given).status_code == 303
    assert [client.get(one).status_code for one in closed] == [200, 200]
    assert "Tara Untrained" not in office.get(address).text


def test_the_balance_is_shown_against_the_targets_of_the_call(world: World, web: Web) -> None:  # noqa: F811
    story = Evaluation(world)
    people = [story.expert(f"Expert {number}") for number in range(2)]
    with world.look() as act:
        experts = {one.person_id: one.id for one in act.session.scalars(select(Expert))}
    web.client_of(people[0]).post(f"/experts/{experts[people[0].id]}/about", {"gender": "woman"})
    manager = web.client_of(story.manager)

    page = manager.get(f"/calls/{story.call.id}/balance")

    assert page.status_code == 200
    assert "This call sets no targets." in page.text
    assert manager.get(f"/experts/{experts[people[0].id]}/about").status_code == 404
    assert "oman" not in manager.get(f"/experts/{experts[people[0].id]}").text
