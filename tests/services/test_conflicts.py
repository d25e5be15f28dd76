"""Interests found by the system: direct ones bar the pair, soft ones wait for a manager, each with its path in words."""

from datetime import date

import pytest
from sqlalchemy import select

from app.models import Application, Assignment, Conflict, Person
from app.services.assigning.assignment import assign
from app.services.conflicts.conflict import dismiss_findings
from app.services.conflicts.conflict_finding import find_conflicts, ties_of
from app.services.experts.expert import EmployerEntry
from app.services.reason_json import reason_from_json
from app.services.transitions import Refused, perform
from tests.support.evaluation import Evaluation
from tests.support.world import World


def _ties(world: World, application: Application, person: Person) -> list[tuple[str, str, str]]:
    with world.look() as act:
        target, who = act.session.get_one(Application, application.id), act.session.get_one(Person, person.id)
        found = ties_of(act, target, [who])[who.id]
        return [(tie.kind, tie.strength.value, " ".join(step.plain() for step in tie.path)) for tie in found]


def test_an_employer_of_the_last_three_years_is_a_direct_tie(world: World) -> None:
    story = Evaluation(world)
    application = story.application("SMARTEX")
    partner = _applicant(world, application)
    until = date(2016, 1, 1)
    person = story.expert(employers=[EmployerEntry(name="SMARTEX", organisation_id=partner, until_on=until)])

    assert _ties(world, application, person) == [
        (
            "same_organisation",
            "direct",
            ("Eva Expert belonged to SMARTEX until 2016-01-01. SMARTEX Cluster Organisation takes part in SMARTEX."),
        )
    ]


def test_an_employer_of_long_ago_is_none(world: World) -> None:
    story = Evaluation(world)
    application = story.application()
    entry = EmployerEntry(name="Long ago", organisation_id=_applicant(world, application), until_on=date(2014, 1, 1))
    person = story.expert(employers=[entry])

    assert _ties(world, application, person) == []


def test_a_mail_domain_in_common_is_soft_and_a_public_one_says_nothing(world: World) -> None:
    story = Evaluation(world)
    application = story.application("SMARTEX")
    story.application("PUBLIC", world.organisation("Free Mail Cluster", world.person("Fay", "fay@gmail.com")))
    colleague = story.expert("Cora Colleague", email="cora@research.smartex.example")
    stranger = story.expert("Sam Stranger", email="sam@gmail.com")

    assert [tie[:2] for tie in _ties(world, application, colleague)] == [("mail_domain", "soft")]
    assert _ties(world, application, stranger) == []


def test_a_name_that_looks_alike_is_soft(world: World) -> None:
    story = Evaluation(world)
    application = story.application("SMARTEX")
    person = story.expert(employers=[EmployerEntry(name="Ｓmartex cluster organisatíon")])

    assert [tie[:2] for tie in _ties(world, application, person)] == [("like_name", "soft")]


def test_a_partner_of_a_partner_is_soft_with_the_consortium_that_joins_them(world: World) -> None:
    story = Evaluation(world)
    own = world.person("Olga Own", "olga@own.example")
    shared = world.organisation("Shared Cluster", world.person("Shay", "shay@shared.example"))
    application = story.application("FIRST", shared)
    story.application("SECOND", shared, world.organisation("Experts' Employer", own))
    story.close()

    assert [tie[:2] for tie in _ties(world, application, own)] == [
        ("partner_of_partner", "soft"),
        ("rival", "soft"),
    ]


def test_partners_of_what_is_not_locked_yet_are_not_named(world: World) -> None:
    story = Evaluation(world)
    own = world.person("Olga Own", "olga@own.example")
    shared = world.organisation("Shared Cluster", world.person("Shay", "shay@shared.example"))
    application = story.application("FIRST", shared)
    story.application("SECOND", shared, world.organisation("Experts' Employer", own))

    assert _ties(world, application, own) == []


def test_a_direct_tie_bars_the_pair_at_once(world: World) -> None:
    story = Evaluation(world)
    application = story.application("SMARTEX")
    person = story.expert(employers=[EmployerEntry(name="S", organisation_id=_applicant(world, application))])
    story.close()
    story.admit(application)

    with world.act(story.manager) as act, pytest.raises(Refused) as refused:
        assign(act, act.session.get_one(Application, application.id), act.session.get_one(Person, person.id))

    assert refused.value.verdict.codes == ("tied",)


def test_an_expert_with_a_soft_finding_waits_for_a_manager(world: World) -> None:
    story = Evaluation(world)
    application = story.application("SMARTEX")
    person = story.expert(email="cora@smartex.example")
    story.close()
    story.admit(application)

    task = story.task(application, person)

    with world.look() as act:
        assert act.session.get_one(Assignment, task.id).state == "declared"
    with world.act(story.manager) as act:
        perform(act, act.session.get_one(Assignment, task.id), "clear", {"reason": "Another company of that name."})
        assert act.session.get_one(Assignment, task.id).state == "accepted"
        open_ones = act.session.scalars(select(Conflict).where(Conflict.dismissed_at.is_(None))).all()
        assert open_ones == []


def test_what_was_dismissed_stays_so_until_the_facts_change(world: World) -> None:
    story = Evaluation(world)
    application = story.application("SMARTEX")
    person = story.expert(email="cora@smartex.example")
    story.close()
    story.admit(application)
    with world.act(story.manager) as act:
        target, who = act.session.get_one(Application, application.id), act.session.get_one(Person, person.id)
        task = assign(act, target, who)
        dismiss_findings(act, task, "Another company of that name.")

        assert find_conflicts(act, target, who) == []


def test_a_declared_conflict_sets_the_report_aside_and_hides_the_application(world: World) -> None:
    story = Evaluation(world)
    application = story.application("SMARTEX")
    story.close()
    story.admit(application)
    person = story.expert()
    task = story.task(application, person)
    report = story.report_of(task)

    with world.act(person) as act:
        data = {"kind": "family", "detail": "My brother works there."}
        perform(act, act.session.get_one(Assignment, task.id), "declare_conflict", data)

    with world.look(person) as act:
        stored = act.session.scalars(select(Conflict)).one()
        assert (stored.declared, stored.kind, stored.detail) == (True, "family", "My brother works there.")
        assert reason_from_json(stored.path[0]).plain().startswith("I have close family")
        assert act.session.get_one(type(report), report.id).state == "frozen"


def _applicant(world: World, application: Application) -> str:
    with world.look() as act:
        membership = act.session.get_one(Application, application.id).memberships[0]
        assert membership.organisation_id is not None
        return membership.organisation_id
