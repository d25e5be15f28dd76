"""Changes of the partners after the deadline: asked with a reason, shown with their effect, answered by the office."""

from __future__ import annotations

from decimal import Decimal

import pytest
from sqlalchemy import select

from app.facts.consortium import consortium_facts
from app.models import Amendment, Application, Event, Job, Membership, Organisation, Person, Role
from app.services.applications.submission import content_of_version, current_version
from app.services.consortia.amendment import Wanted, ask_amendment, effect_on_rules, waiting_in
from app.services.consortia.consent import must_confirm
from app.services.consortia.draft_look import let_office_look
from app.services.consortia.membership import give_facts, invite
from app.services.transitions import Refused, perform
from app.services.work.cockpit_consortium import consortium_needs
from tests.support.application import Consortium, a_draft, complete, received, with_partners
from tests.support.beginnings import Begin
from tests.support.decided import GOOD, Office
from tests.support.world import World
from workflows.amendment import Change, State
from workflows.membership import State as MemberState
from workflows.relations import Relation as R


@pytest.fixture
def locked(begin: Begin) -> Consortium:
    found: Consortium = begin(received)
    return found


@pytest.fixture
def manager(world: World) -> Person:
    return world.person("Mona Manager", None, R.CALL_MANAGER)


def ask(world: World, found: Consortium, by: Person, change: Change, at: int | None = 0, **facts: object) -> str:
    with world.act(by) as act:
        application = act.session.get_one(Application, found.application.id)
        member = act.session.get_one(Membership, found.partners[at][2].id) if at is not None else None
        wanted = Wanted(change=change, reason="They merged.", membership=member, **facts)  # type: ignore[arg-type]
        return ask_amendment(act, application, wanted).id


def answer(world: World, manager: Person, amendment_id: str, row: str = "accept") -> None:
    with world.act(manager) as act:
        perform(act, act.session.get_one(Amendment, amendment_id), row, {"reason": "Fine."})


def test_the_list_is_locked_at_the_deadline_for_everybody(world: World, locked: Consortium) -> None:
    person, _organisation, membership = locked.partners[0]

    with world.act(person) as act, pytest.raises(Refused) as leaving:
        perform(act, act.session.get_one(Membership, membership.id), "leave", {})
    with world.act(locked.coordinator) as act, pytest.raises(Refused) as removing:
        perform(act, act.session.get_one(Membership, membership.id), "remove")
    with world.act(locked.coordinator) as act, pytest.raises(Refused):
        invite(act, act.session.get_one(Application, locked.application.id), email="new@partner.example")

    assert (leaving.value.verdict.codes, removing.value.verdict.codes) == (("list-locked",), ("call-closed",))


def test_before_the_deadline_nobody_asks_for_what_can_be_done_directly(world: World) -> None:
    found = complete(world, with_partners(world, a_draft(world)))

    with pytest.raises(Refused) as refused:
        ask(world, found, found.coordinator, Change.REMOVE)

    assert refused.value.verdict.codes == ("not-yours",)  # a draft has no list to amend


def test_its_effect_on_the_rules_is_shown_before_anybody_answers(
    world: World, locked: Consortium, manager: Person
) -> None:
    amendment_id = ask(world, locked, locked.coordinator, Change.REMOVE)

    with world.look(manager) as act:
        (waiting,) = waiting_in(act, act.session.get_one(Application, locked.application.id).call)
        changes = {one.result.id: one.then.value for one in effect_on_rules(act, waiting) if one.changes}
    assert waiting.id == amendment_id
    assert changes["min_countries"] == "not_met"


def test_an_accepted_one_takes_the_partner_out_by_cascade_and_leaves_the_version(
    world: World, locked: Consortium, manager: Person
) -> None:
    membership = locked.partners[0][2]
    amendment_id = ask(world, locked, locked.coordinator, Change.REMOVE)
    answer(world, manager, amendment_id)

    with world.look() as act:
        application = act.session.get_one(Application, locked.application.id)
        version = current_version(act, application)
        event = act.session.scalars(
            select(Event).where(Event.thing_id == membership.id, Event.name == "take_out")
        ).one()
        assert act.session.get_one(Membership, membership.id).state is MemberState.REMOVED
        assert (event.relation, act.session.get_one(Event, event.cause_id).thing_id) == ("cascade", amendment_id)
        assert version is not None
        assert membership.id in {one["id"] for one in content_of_version(version)["partners"]}


def test_a_changed_part_is_confirmed_again_by_its_partner(world: World, locked: Consortium, manager: Person) -> None:
    person, _organisation, membership = locked.partners[0]
    amendment_id = ask(world, locked, locked.coordinator, Change.PART, share=Decimal("7000.00"), task="More.")
    answer(world, manager, amendment_id)

    with world.look() as act:
        application = act.session.get_one(Application, locked.application.id)
        (again,) = must_confirm(application.memberships)
        assert (again.id, again.share, again.task) == (membership.id, Decimal("7000.00"), "More.")
        assert again.confirm_by is not None
    with world.act(person) as act:
        perform(act, act.session.get_one(Membership, membership.id), "confirm")
        assert must_confirm(act.session.get_one(Application, locked.application.id).memberships) == []


def test_one_more_partner_counts_once_it_has_accepted_itself(world: World, locked: Consortium, manager: Person) -> None:
    person = world.person("Nina New")
    organisation = world.organisation("Cluster Four", person, country="ES", region="ES51")
    with world.act(locked.coordinator) as act:
        wanted = Wanted(Change.ADD, "One left.", organisation=act.session.get_one(Organisation, organisation.id))
        amendment_id = ask_amendment(act, act.session.get_one(Application, locked.application.id), wanted).id
    answer(world, manager, amendment_id)

    def counted() -> int:
        with world.look() as act:
            application = act.session.get_one(Application, locked.application.id)
            return len(consortium_facts(act, application).counted())

    before = counted()
    with world.act(person) as act:
        membership_id = act.session.scalars(select(Membership.id).where(Membership.amendment_id == amendment_id)).one()
        mine = act.session.get_one(Membership, membership_id)
        give_facts(act, mine, {"country": "ES", "region": "ES51", "kinds": ["cluster_organisation"]})
        perform(act, mine, "accept")
    assert (before, counted()) == (3, 4)


def test_a_refused_one_changes_nothing_and_says_why(world: World, locked: Consortium, manager: Person) -> None:
    amendment_id = ask(world, locked, locked.coordinator, Change.REMOVE)
    with world.act(manager) as act, pytest.raises(Refused) as silent:
        perform(act, act.session.get_one(Amendment, amendment_id), "refuse", {})
    answer(world, manager, amendment_id, "refuse")

    assert silent.value.verdict.codes == ("missing-reason",)
    with world.look() as act:
        assert act.session.get_one(Amendment, amendment_id).state is State.REFUSED
        assert act.session.get_one(Membership, locked.partners[0][2].id).state is MemberState.ACCEPTED
        told = act.session.scalars(select(Job.args).where(Job.key.startswith("mail:amendment_answered:"))).all()
        assert [args["person"] for args in told] == [locked.coordinator.id]


def test_a_partner_asks_for_its_own_leaving_and_for_nothing_else(world: World, locked: Consortium) -> None:
    person = locked.partners[0][0]
    with pytest.raises(Refused) as other:
        ask(world, locked, person, Change.REMOVE, 1)
    with pytest.raises(Refused) as part:
        ask(world, locked, person, Change.PART, share=Decimal("9000000.00"))
    own = ask(world, locked, person, Change.REMOVE, 0)

    assert (other.value.verdict.codes, part.value.verdict.codes) == (("not-yours",), ("not-yours",))
    with world.look() as act:
        assert act.session.get_one(Amendment, own).asked_by == person.id


def test_the_coordinator_stays_and_one_change_waits_at_a_time(world: World, locked: Consortium) -> None:
    ask(world, locked, locked.coordinator, Change.REMOVE)

    with pytest.raises(Refused) as twice:
        ask(world, locked, locked.coordinator, Change.REMOVE)
    with world.act(locked.coordinator) as act, pytest.raises(Refused) as lead:
        application = act.session.get_one(Application, locked.application.id)
        member = next(m for m in application.memberships if m.role is Role.COORDINATOR)
        ask_amendment(act, application, Wanted(Change.REMOVE, "Enough.", membership=member))

    assert (twice.value.verdict.codes, lead.value.verdict.codes) == (("asked-already",), ("coordinator-stays",))


def test_the_cockpit_names_what_consortia_wait_for(world: World, locked: Consortium, manager: Person) -> None:
    ask(world, locked, locked.coordinator, Change.REMOVE)

    with world.look(manager) as act:
        application = act.session.get_one(Application, locked.application.id)
        lines = list(consortium_needs(act, application.call, [application]))
    assert [(line[0].code, line[2]) for line in lines] == [("amendments", "call.amendments")]
    assert lines[0][1] == "Cluster 2"


def test_the_cockpit_says_which_draft_is_open_to_the_office(world: World, manager: Person) -> None:
    found = a_draft(world)
    with world.act(found.coordinator) as act:
        let_office_look(act, act.session.get_one(Application, found.application.id))

    with world.look(manager) as act:
        application = act.session.get_one(Application, found.application.id)
        (line,) = consortium_needs(act, application.call, [])
    assert (line[0].code, line[2], line[3]) == ("draft-open", "application.preview", {"application_id": application.id})


def test_an_offered_label_names_the_partners_of_today_and_a_numbered_one_those_of_its_day(world: World) -> None:
    office, lead = Office(world), world.person("Lea Lead")
    application = office.application("FIRST", GOOD, lead=lead)
    office.release()

    def taken_out(position: int) -> int:
        with world.act(lead) as act:
            mine = act.session.get_one(Application, application.id)
            member = next(m for m in mine.memberships if m.position == position)
            amendment_id = ask_amendment(act, mine, Wanted(Change.REMOVE, "They closed.", membership=member)).id
        answer(world, office.manager, amendment_id)
        return len(office.label_of(application).partners)

    offered = len(office.label_of(application).partners)
    after_one = taken_out(1)
    office.accept(application)

    assert (offered, after_one, taken_out(2)) == (3, 2, 2)
