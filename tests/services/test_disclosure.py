"""An anonymous call: interests are declared once on its whole list, the system finds what they bar, and tells nobody."""

from __future__ import annotations

import threading

import pytest
from sqlalchemy import func, select

from app.access import can
from app.act import Act
from app.chance import Seeded
from app.models import (
    Application,
    Assignment,
    Disclosure,
    DisclosureLine,
    Event,
    Job,
    Membership,
    Organisation,
    Person,
    Role,
)
from app.services.assigning.assignment import assign
from app.services.assigning.assignment_queries import candidates_for
from app.services.conflicts.disclosure import disclose, disclosures_to_make, organisations_of
from app.services.transitions import Refused, create, perform
from app.services.work.work import tasks_of
from app.ticking import tick
from tests.support.beginnings import Begin
from tests.support.blind import ALPHA, BETA, GAMMA, Blind
from tests.support.evaluation import Evaluation
from tests.support.world import World
from workflows.membership import State as MembershipState
from workflows.relations import Relation as R


def _add_organisation(world: World, application: Application, organisation: Organisation) -> None:
    with world.act() as act:
        member = Membership(
            application_id=application.id, organisation_id=organisation.id, position=2, role=Role.PARTNER,
            kinds=[], country="IT", region="ITC1",
        )  # fmt: skip
        create(act, member, relation=R.COORDINATOR)
        assert member.state is MembershipState.INVITED


def test_before_the_list_is_gone_through_an_expert_sees_no_task_and_has_one_thing_to_do(
    world: World, begin: Begin
) -> None:
    blind: Blind = begin(Blind)

    assert blind.tasks_seen() == set()
    with world.look(blind.person) as act:
        assert [str(one.call_id) for one in disclosures_to_make(act)] == [blind.story.call.id]
        assert [task.noun for task in tasks_of(act)] == ["disclosure"]
        for application in (blind.one, blind.two):
            assert not can(act, "application.view_title", act.session.get_one(Application, application.id))


def test_several_tasks_ask_for_one_declaration(world: World, begin: Begin) -> None:
    begin(Blind)

    with world.look() as act:
        assert act.session.scalar(select(func.count()).select_from(Disclosure)) == 1


def test_the_list_has_every_organisation_in_an_order_of_its_own_for_each_expert(world: World, begin: Begin) -> None:
    blind: Blind = begin(Blind)
    for place in range(8):
        _add_organisation(world, blind.three, world.organisation(f"Cluster {place}", world.person()))
    other = blind.story.expert("Finn Expert")
    blind.story.task(blind.three, other, declared=False)

    with world.look() as act:
        disclosures = {d.person_id: d for d in act.session.scalars(select(Disclosure))}
        mine = [one.name for one in organisations_of(act, disclosures[blind.person.id])]
        again = [one.name for one in organisations_of(act, disclosures[blind.person.id])]
        theirs = [one.name for one in organisations_of(act, disclosures[other.id])]

    assert set(mine) == {ALPHA, BETA, GAMMA, *(f"Cluster {place}" for place in range(8))}
    assert mine == again
    assert mine != theirs


def test_what_is_ticked_bars_the_applications_of_that_organisation_alone(world: World, begin: Begin) -> None:
    blind: Blind = begin(Blind)

    blind.disclose(ALPHA)

    assert (blind.state(0), blind.state(1)) == ("conflicted", "asked")
    assert blind.tasks_seen() == {blind.tasks[1].id}
    with world.look() as act:
        barred = act.session.scalars(select(Event).where(Event.name == "bar_found")).one()
        assert (barred.relation, act.session.get_one(Event, barred.cause_id).name) == ("cascade", "disclose")


def test_in_the_task_itself_neither_acronym_nor_title_is_told(world: World, begin: Begin) -> None:
    blind: Blind = begin(Blind)
    blind.disclose()

    with world.look(blind.person) as act:
        application = act.session.get_one(Application, blind.two.id)
        assert can(act, "assignment.declare_free", act.session.get_one(Assignment, blind.tasks[1].id))
        assert not can(act, "application.view_title", application)
    with world.act(blind.person) as act:
        perform(act, act.session.get_one(Assignment, blind.tasks[1].id), "declare_free", {"no_conflict": True})
    with world.look(blind.person) as act:
        assert can(act, "application.view", act.session.get_one(Application, blind.two.id))


def test_the_manager_sees_the_interest_and_cannot_assign_against_it(world: World, begin: Begin) -> None:
    blind: Blind = begin(Blind)
    blind.disclose(GAMMA)

    with world.look(blind.story.manager) as act:
        target = act.session.get_one(Application, blind.three.id)
        (candidate,) = (c for c in candidates_for(act, target) if c.line.expert.person_id == blind.person.id)
        assert [tie.kind for tie in candidate.ties] == ["disclosed_interest"]
        assert candidate.is_barred
    with world.act(blind.story.manager) as act, pytest.raises(Refused) as refused:
        assign(act, act.session.get_one(Application, blind.three.id), act.session.get_one(Person, blind.person.id))
    assert refused.value.verdict.codes == ("tied",)


def test_an_organisation_added_later_asks_again_and_closes_the_content_meanwhile(world: World, begin: Begin) -> None:
    blind: Blind = begin(Blind)
    blind.disclose()
    with world.act(blind.person) as act:
        perform(act, act.session.get_one(Assignment, blind.tasks[0].id), "declare_free", {"no_conflict": True})
    _add_organisation(world, blind.one, world.organisation("Late Cluster", world.person()))

    tick(world.database, world.now, Seeded(3))

    with world.look(blind.person) as act:
        assert act.session.get_one(Disclosure, blind.id).state == "asked"
        assert not can(act, "application.view", act.session.get_one(Application, blind.one.id))
        mails = [job.args["template"] for job in act.session.scalars(select(Job).where(Job.kind == "mail"))]
        assert mails.count("disclosure_asked_again") == 1
    blind.disclose("Late Cluster")
    assert blind.state(0) == "conflicted"
    tick(world.database, world.now, Seeded(4))
    with world.look() as act:
        assert act.session.get_one(Disclosure, blind.id).state == "disclosed"


def test_what_was_ticked_once_stays_declared(world: World, begin: Begin) -> None:
    blind: Blind = begin(Blind)
    blind.disclose(GAMMA)

    blind.disclose(BETA)

    with world.look() as act:
        ticked = act.session.scalars(select(DisclosureLine.name).where(DisclosureLine.interest.is_(True))).all()
    assert set(ticked) == {BETA, GAMMA}


def test_a_list_that_grew_under_the_page_is_to_be_looked_through_again(world: World, begin: Begin) -> None:
    blind: Blind = begin(Blind)
    shown = blind.listed().values()
    _add_organisation(world, blind.three, world.organisation("Late Cluster", world.person()))

    with world.act(blind.person) as act, pytest.raises(Refused) as refused:
        disclose(act, act.session.get_one(Disclosure, blind.id), [], shown, secret=True)

    assert refused.value.verdict.codes == ("list-grown",)


def test_nobody_declares_without_the_list_or_without_the_promise(world: World, begin: Begin) -> None:
    blind: Blind = begin(Blind)

    with world.act(blind.person) as act, pytest.raises(Refused) as without_list:
        perform(act, act.session.get_one(Disclosure, blind.id), "disclose", {"secret": True})
    with world.act(blind.person) as act, pytest.raises(Refused) as without_promise:
        disclose(act, act.session.get_one(Disclosure, blind.id), [], blind.listed().values(), secret=False)

    assert without_list.value.verdict.codes == ("list-missing",)
    assert without_promise.value.verdict.codes == ("missing-secret",)


def test_a_call_that_hides_nobody_asks_for_no_list(world: World) -> None:
    story = Evaluation(world)
    application = story.application("OPEN")
    story.close()
    story.admit(application)

    story.task(application, story.expert(), declared=False)

    with world.look() as act:
        assert act.session.scalars(select(Disclosure)).all() == []


def test_of_two_managers_who_assign_the_same_pair_at_once_one_is_told_it_exists(world: World, begin: Begin) -> None:
    blind: Blind = begin(Blind)
    newcomer = blind.story.expert("Nora Newcomer")
    told: list[tuple[str, ...]] = []

    def assign_too() -> None:
        try:
            with world.act(blind.story.second) as act:
                _assign(act, blind.three, newcomer)
        except Refused as refused:
            told.append(refused.verdict.codes)

    other = threading.Thread(target=assign_too)
    with world.act(blind.story.manager) as act:
        _assign(act, blind.three, newcomer)
        other.start()
        other.join(0.3)  # it looks, finds nothing and waits for the first to end
    other.join()

    assert told == [("assigned-already",)]


def _assign(act: Act, application: Application, person: Person) -> None:
    assign(act, act.session.get_one(Application, application.id), act.session.get_one(Person, person.id))
