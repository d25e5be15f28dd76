"""Who coordinates, who is let in, who is reminded, what a departure touches, and how many applications one may join."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from decimal import Decimal
from pathlib import Path

import pytest
from sqlalchemy import select

from app.access import can
from app.models import Application, Event, Job, Membership, OrganisationMember, Part, Participant, Person, Remark
from app.services.applications.answers import save
from app.services.consortia.departure import what_follows
from app.services.consortia.draft_look import end_look, let_office_look, running_look
from app.services.consortia.handover import appoint, hand_over_to_colleague, take_over
from app.services.consortia.mandate import ask_signatory
from app.services.consortia.membership import give_facts
from app.services.consortia.membership_queries import applications_counted
from app.services.consortia.participant import name_person, people_of
from app.services.consortia.reminder import debts_of, remind, reminder_verdict
from app.services.transitions import Refused, perform
from app.ticking import tick
from tests.support.application import Consortium, a_draft, completed, with_partners
from tests.support.beginnings import Begin
from tests.support.world import REAL, World
from workflows.relations import Relation as R
from workflows.reminders import due_moment
from workflows.working_days import easter, end_of_working_days, is_working_day


def coordinators(world: World, found: Consortium) -> list[str]:
    with world.look() as act:
        people = people_of(act, act.session.get_one(Application, found.application.id))
        return [p.person_id for p in people if p.part is Part.COORDINATOR]


def colleague(world: World, found: Consortium, name: str = "Cora Colleague") -> Person:
    person = world.person(name)
    with world.act() as act:
        member = OrganisationMember(
            id=act.new_id(), organisation_id=found.organisation.id, person_id=person.id, administrator=False,
            accepted=True, asked_at=world.now, answered_at=world.now,
        )  # fmt: skip
        act.session.add(member)
    return person


def close_account(world: World, person: Person) -> None:
    with world.act() as act:
        act.session.get_one(Person, person.id).disabled_at = world.now


# -- who coordinates -----------------------------------------------------------------------------------------------


def test_the_coordination_passes_to_a_colleague_who_had_no_part_before(world: World) -> None:
    found = a_draft(world)
    other, stranger = colleague(world, found), world.person("Sam Stranger")
    with world.act(found.coordinator) as act, pytest.raises(Refused) as refused:
        hand_over_to_colleague(act, act.session.get_one(Application, found.application.id), stranger.id)
    with world.act(found.coordinator) as act:
        hand_over_to_colleague(act, act.session.get_one(Application, found.application.id), other.id)

    assert refused.value.verdict.codes == ("no-colleague",)
    assert coordinators(world, found) == [other.id]
    with world.look(other) as act:
        assert can(act, "application.submit", act.session.get_one(Application, found.application.id))


def test_a_deputy_takes_over_only_once_the_coordinator_has_left(world: World) -> None:
    found = a_draft(world)
    deputy = colleague(world, found, "Dora Deputy")
    with world.act(found.coordinator) as act:
        name_person(act, act.session.get_one(Application, found.application.id), Part.DEPUTY, deputy.email)

    with world.act(deputy) as act, pytest.raises(Refused) as early:
        take_over(act, act.session.get_one(Application, found.application.id))
    close_account(world, found.coordinator)
    with world.act(deputy) as act:
        take_over(act, act.session.get_one(Application, found.application.id))

    assert early.value.verdict.codes == ("coordinator-there",)
    assert coordinators(world, found) == [deputy.id]


def test_the_office_names_a_coordinator_with_a_reason_where_nobody_is_left(world: World) -> None:
    found = a_draft(world)
    other, manager = colleague(world, found), world.person("Mona Manager", None, R.CALL_MANAGER)

    def name(reason: str) -> None:
        with world.act(manager) as act:
            appoint(act, act.session.get_one(Application, found.application.id), other.id, reason)

    with pytest.raises(Refused) as early:
        name("They asked.")
    close_account(world, found.coordinator)
    with pytest.raises(Refused) as silent:
        name(" ")
    name("The coordinator left the organisation.")

    assert (early.value.verdict.codes, silent.value.verdict.codes) == (("coordinator-there",), ("reason-missing",))
    assert coordinators(world, found) == [other.id]
    with world.look() as act:
        event = act.session.scalars(select(Event).where(Event.name == "appoint_coordinator")).one()
        assert event.actor_id == manager.id
        assert (
            act.session.get_one(Remark, event.data["reason"]["remark"]).text == "The coordinator left the organisation."
        )


# -- the office looks ----------------------------------------------------------------------------------------------


def test_the_office_reads_a_draft_for_just_24_hours_after_it_was_let_in(world: World) -> None:
    found = a_draft(world)
    manager = world.person("Mona Manager", None, R.CALL_MANAGER)

    def may() -> bool:
        with world.look(manager) as act:
            return can(act, "application.view_draft", act.session.get_one(Application, found.application.id))

    before = may()
    with world.act(found.coordinator) as act:
        let_office_look(act, act.session.get_one(Application, found.application.id))
    let_in = may()
    world.later(hours=24, seconds=-1)
    last = may()
    world.later(seconds=1)
    after = may()

    assert (before, let_in, last, after) == (False, True, True, False)


def test_the_applicants_close_the_draft_again_at_once(world: World) -> None:
    found = a_draft(world)
    manager = world.person("Mona Manager", None, R.CALL_MANAGER)
    with world.act(found.coordinator) as act:
        application = act.session.get_one(Application, found.application.id)
        let_office_look(act, application)
        end_look(act, application)

    with world.look(manager) as act:
        application = act.session.get_one(Application, found.application.id)
        assert running_look(act, application) is None
        assert not can(act, "application.view_draft", application)


def test_only_who_leads_lets_the_office_in(world: World) -> None:
    found = with_partners(world, a_draft(world))

    with world.act(found.partners[0][0]) as act, pytest.raises(Refused) as refused:
        let_office_look(act, act.session.get_one(Application, found.application.id))

    assert refused.value.verdict.codes == ("not-yours",)


# -- reminders -----------------------------------------------------------------------------------------------------


def mails(world: World, template: str) -> list[str]:
    with world.look() as act:
        jobs = act.session.scalars(select(Job.args).where(Job.key.startswith(f"mail:{template}:"))).all()
        return [args["address"] for args in jobs]


def test_a_partner_with_a_part_to_confirm_is_reminded_by_hand_and_not_once_it_is_done(world: World) -> None:
    found = with_partners(world, a_draft(world))
    person, _organisation, membership = found.partners[0]

    def by_hand() -> tuple[str, ...]:
        with world.act(found.coordinator) as act:
            member = act.session.get_one(Membership, membership.id)
            verdict = reminder_verdict(act, member, debts_of(act, member))
            if verdict:
                remind(act, member)
            return verdict.codes

    nothing = by_hand()
    with world.act(found.coordinator) as act:
        give_facts(act, act.session.get_one(Membership, membership.id), {"task": "Another task."})
    first, again = by_hand(), by_hand()
    world.later(hours=48)
    later = by_hand()
    with world.act(person) as act:
        perform(act, act.session.get_one(Membership, membership.id), "confirm")

    assert (nothing, first, again, later) == (("nothing-owed",), (), ("reminded-lately",), ())
    assert by_hand() == ("nothing-owed",)
    assert mails(world, "still_owed") == [person.email, person.email]


def test_the_clock_reminds_seven_days_two_days_and_four_hours_before_and_stops_when_it_is_done(world: World) -> None:
    found = with_partners(world, a_draft(world))
    person, _organisation, membership = found.partners[0]
    with world.act(person) as act:
        ask_signatory(act, act.session.get_one(Membership, membership.id), name="Rita Rector", email="rita@two.example")
    closes = found.call.closes_at

    def at(moment: datetime) -> int:
        world.now = moment
        tick(world.database, world.now, world.chance)
        tick(world.database, world.now, world.chance)
        return len(mails(world, "signature_reminder"))

    assert closes == datetime(2018, 3, 8, 16, tzinfo=UTC)  # a Thursday
    assert at(closes - timedelta(days=7, hours=1)) == 0
    assert at(closes - timedelta(days=7)) == 1
    assert at(closes - timedelta(days=2)) == 2
    with world.act(person) as act:
        perform(act, act.session.get_one(Membership, membership.id), "leave", {})
    assert at(closes - timedelta(hours=4)) == 2


def test_a_reminder_that_falls_on_a_weekend_or_holiday_goes_out_the_working_day_before() -> None:
    monday = datetime(2018, 4, 9, 15, tzinfo=UTC)  # seven days before it is Easter Monday

    assert due_moment(monday, datetime(2018, 3, 29, 15, tzinfo=UTC)) is None
    assert due_moment(monday, datetime(2018, 3, 30, 15, tzinfo=UTC)) == datetime(2018, 3, 30, 15, tzinfo=UTC)
    assert due_moment(monday, monday) is None


@pytest.mark.parametrize(
    ("year", "month", "day"), [(2016, 3, 27), (2018, 4, 1), (2024, 3, 31), (2026, 4, 5), (2038, 4, 25)]
)
def test_easter_is_where_the_almanac_has_it(year: int, month: int, day: int) -> None:
    assert easter(year) == datetime(year, month, day, tzinfo=UTC).date()


def test_working_days_leave_out_weekends_and_belgian_holidays() -> None:
    thursday = datetime(2018, 5, 3, 10, tzinfo=UTC)

    # Friday 4, Monday 7, Tuesday 8, Wednesday 9; Thursday 10 is Ascension Day; Friday 11 is the fifth.
    assert end_of_working_days(thursday, 5) == datetime(2018, 5, 11, 22, tzinfo=UTC)
    assert not is_working_day(datetime(2018, 7, 21, tzinfo=UTC).date())
    assert not is_working_day(datetime(2019, 8, 15, tzinfo=UTC).date())


# -- departures and limits -----------------------------------------------------------------------------------------


def test_a_departure_names_rules_budget_lines_and_texts(world: World, begin: Begin) -> None:
    found: Consortium = begin(completed)
    membership = found.partners[0][2]
    with world.act(found.coordinator) as act:
        application = act.session.get_one(Application, found.application.id)
        save(act, application, {"objectives": "cluster 2 leads the trials."}, {"objectives": 1})

    with world.look(found.coordinator) as act:
        departure = what_follows(act, act.session.get_one(Membership, membership.id))
    assert "min_countries" in {rule.result.id for rule in departure.changed_rules}
    assert departure.money >= Decimal("105000.00")
    assert [trace.rows for trace in departure.budget] == [1]
    assert 0 in {trace.rows for trace in departure.texts}
    assert departure.files


def test_what_names_a_gone_partner_is_still_listed_until_it_is_changed(world: World, begin: Begin) -> None:
    found: Consortium = begin(completed)
    membership = found.partners[0][2]
    with world.act(found.coordinator) as act:
        perform(act, act.session.get_one(Membership, membership.id), "remove")

    with world.look(found.coordinator) as act:
        assert what_follows(act, act.session.get_one(Membership, membership.id)).budget


def test_an_organisation_sees_its_other_applications_and_the_calls_limit_stops_one_too_many(
    world: World, tmp_path: Path
) -> None:
    limited = tmp_path / "limited.yaml"
    limited.write_text(REAL.read_text("utf-8") + "\napplications_per_organisation: 1\n", "utf-8")
    first = a_draft(world, world.call(limited))
    second = a_draft(world, first.call)
    other = with_partners(world, second, accepted=False)
    person, organisation, membership = other.partners[0]
    with world.act() as act:
        act.session.get_one(Membership, membership.id).organisation_id = first.organisation.id
        act.session.add(
            OrganisationMember(
                id=act.new_id(), organisation_id=first.organisation.id, person_id=person.id, administrator=True,
                accepted=True, asked_at=world.now, answered_at=world.now,
            )
        )  # fmt: skip

    with world.look(person) as act:
        (counted,) = applications_counted(act, act.session.get_one(Membership, membership.id))
    with world.act(person) as act, pytest.raises(Refused) as refused:
        perform(act, act.session.get_one(Membership, membership.id), "accept")

    assert (counted.count, counted.limit, counted.is_full) == (1, 1, True)
    assert refused.value.verdict.codes == ("too-many-applications",)
    assert organisation.id != first.organisation.id


def test_a_person_who_hands_over_stays_a_contact(world: World) -> None:
    found = a_draft(world)
    other = colleague(world, found)
    with world.act(found.coordinator) as act:
        hand_over_to_colleague(act, act.session.get_one(Application, found.application.id), other.id)

    with world.look() as act:
        mine = act.session.scalars(
            select(Participant.part).where(Participant.person_id == found.coordinator.id, Participant.until.is_(None))
        ).all()
        assert mine == [Part.CONTACT]
