"""Joining, merging, renaming: who answers, what moves, what can be undone."""

from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import select

from app.models import Base, Event, Exposure, Introduction, Job, Organisation, OrganisationMember, Person, Showing
from app.services.organisations import organisation_merge as merging
from app.services.organisations.organisation import everybody, find_organisations, look_alikes, rename
from app.services.organisations.organisation_people import (
    answer,
    ask_to_join,
    hand_over_requests,
    overdue_since,
    set_administrator,
)
from app.services.searching.exposure import add_up, times_shown
from app.services.transitions import Refused, create
from tests.support.world import World
from workflows.relations import Relation as R

BRUSSELS = ZoneInfo("Europe/Brussels")


def asked(world: World, organisation: Organisation, person: Person) -> str:
    with world.act(person) as act:
        return ask_to_join(act, act.session.get_one(Organisation, organisation.id)).id


def test_a_weekend_is_no_working_day() -> None:
    monday = datetime(2018, 2, 5, 12, tzinfo=BRUSSELS)

    assert overdue_since(monday).date() == date(2018, 1, 31)  # the Wednesday before


def test_a_request_unanswered_for_three_working_days_goes_to_the_office_once(world: World) -> None:
    ana, boris, _manager = world.person(), world.person("Boris"), world.person("Mona", None, R.CALL_MANAGER)
    organisation = world.organisation("Cluster", ana)
    member = asked(world, organisation, boris)
    with world.act() as act:
        assert hand_over_requests(act) == 0

    world.later(days=5)
    with world.act() as act:
        handed = hand_over_requests(act)
    with world.act() as act:
        again = hand_over_requests(act)

    assert (handed, again) == (1, 0)
    with world.look() as act:
        assert act.session.get_one(OrganisationMember, member).handed_to_office_at == world.now
        mails = [j for j in act.session.scalars(select(Job)) if j.args.get("template") == "join_request_waits"]
        assert mails


def test_the_office_answers_only_what_was_passed_to_it(world: World) -> None:
    ana, boris, mona = world.person(), world.person("Boris"), world.person("Mona", None, R.CALL_MANAGER)
    organisation = world.organisation("Cluster", ana)
    member = asked(world, organisation, boris)

    with pytest.raises(Refused) as early, world.act(mona) as act:
        answer(act, act.session.get_one(Organisation, organisation.id), member, accept=True, relation=R.CALL_MANAGER)
    world.later(days=5)
    with world.act() as act:
        hand_over_requests(act)
    with world.act(mona) as act:
        answer(act, act.session.get_one(Organisation, organisation.id), member, accept=True, relation=R.CALL_MANAGER)

    assert early.value.verdict.codes == ("not-yet-ours",)
    with world.look() as act:
        assert act.session.get_one(OrganisationMember, member).accepted


def test_an_organisation_keeps_one_administrator(world: World) -> None:
    ana = world.person()
    organisation = world.organisation("Cluster", ana)
    with world.look() as act:
        mine = act.session.scalar(select(OrganisationMember.id).where(OrganisationMember.person_id == ana.id))
        assert mine is not None

    with pytest.raises(Refused) as refused, world.act(ana) as act:
        kept = act.session.get_one(Organisation, organisation.id)
        set_administrator(act, kept, mine, yes=False, relation=R.ORGANISATION_ADMINISTRATOR)

    assert refused.value.verdict.codes == ("last-administrator",)


def test_a_merge_moves_people_and_is_undone_whole(world: World) -> None:
    ana, boris, mona = world.person(), world.person("Boris"), world.person("Mona", None, R.CALL_MANAGER)
    kept, double = world.organisation("Cluster A", ana), world.organisation("Cluster B", boris, pic="123456789")

    with world.act(mona) as act:
        record = merging.merge(
            act, act.session.get_one(Organisation, kept.id), f"https://x.example/organisations/{double.id}"
        )
    with world.look() as act:
        merged = {m.person_id for m in act.session.get_one(Organisation, kept.id).people}
        pic = act.session.get_one(Organisation, kept.id).pic
    with world.act(mona) as act:
        merging.undo(act, act.session.get_one(Organisation, kept.id), record.id)

    assert (merged, pic) == ({ana.id, boris.id}, "123456789")
    with world.look() as act:
        parted = act.session.get_one(Organisation, double.id)
        assert {m.person_id for m in parted.people} == {boris.id}
        assert (parted.pic, parted.merged_into_id) == ("123456789", None)


def test_introductions_and_counts_of_a_double_move_and_come_back(world: World) -> None:
    ana, boris, carl = world.person(), world.person("Boris"), world.person("Carl")
    mona = world.person("Mona", None, R.CALL_MANAGER)
    kept, double = world.organisation("Cluster A", ana), world.organisation("Cluster B", boris)
    third = world.organisation("Cluster C", carl)
    week = date(2018, 1, 29)
    introductions = [
        introduction(world, boris, double, third), introduction(world, carl, third, double),
        introduction(world, ana, kept, double),
    ]  # fmt: skip
    with world.act() as act:
        act.session.add_all([
            Exposure(organisation_id=kept.id, week=week, shown=3), Exposure(organisation_id=double.id, week=week, shown=4),
        ])  # fmt: skip

    def standing() -> tuple[list[tuple[str, str]], list[int]]:
        with world.look() as act:
            found = [act.session.get_one(Introduction, one) for one in introductions]
            shown = [times_shown(act, act.session.get_one(Organisation, one.id)) for one in (kept, double)]
            return [(one.asking_id, one.asked_id) for one in found], shown

    with world.act(mona) as act:
        record = merging.merge(act, act.session.get_one(Organisation, kept.id), double.id)
    with world.act() as act:  # a page that was shown before, counted afterwards
        act.session.add(Showing(id=act.new_id(), day=world.now.date(), things=[double.id]))
        act.session.flush()
        add_up(act)
    assert standing() == ([(kept.id, third.id), (third.id, kept.id), (kept.id, double.id)], [8, 0])

    with world.act(mona) as act:
        merging.undo(act, act.session.get_one(Organisation, kept.id), record.id)
    assert standing() == ([(double.id, third.id), (third.id, double.id), (kept.id, double.id)], [4, 4])


def introduction(world: World, person: Person, asking: Organisation, asked: Organisation) -> str:
    with world.act(person) as act:
        made = Introduction(
            asking_id=asking.id, asked_id=asked.id, asked_by=person.id, message="Shall we?",
            answer_by=world.now + timedelta(days=9),
        )  # fmt: skip
        create(act, made, relation=R.ORGANISATION_MEMBER)
        return made.id


def test_every_column_that_names_an_organisation_is_moved_or_left_on_purpose() -> None:
    left = {
        "organisation.merged_into_id", "organisation_name.organisation_id", "organisation_merge.kept_id",
        "organisation_merge.absorbed_id",
    }  # fmt: skip
    moved = {f"{column.class_.__tablename__}.{column.key}" for column in merging.MOVED.values()}
    named = {
        f"{table.name}.{column.name}"
        for table in Base.metadata.sorted_tables
        for column in table.columns
        for key in column.foreign_keys
        if key.target_fullname == "organisation.id"
    }

    assert moved | left | {"exposure.organisation_id"} == named


def test_a_rename_keeps_the_old_name_with_its_last_day(world: World) -> None:
    ana = world.person()
    organisation = world.organisation("Old Cluster", ana)

    with world.act(ana) as act:
        own = act.session.get_one(Organisation, organisation.id)
        rename(act, own, name="Νέο Cluster", name_en="New Cluster", from_on=date(2018, 1, 1), relation=R.SELF)

    with world.look() as act:
        renamed = act.session.get_one(Organisation, organisation.id)
        assert (renamed.name, renamed.name_folded) == ("Νέο Cluster", "νέο cluster")
        assert [(n.name, n.until_on) for n in renamed.names] == [("Old Cluster", date(2018, 1, 1))]
        told = act.session.scalars(
            select(Event.name).where(Event.thing_id == organisation.id).order_by(Event.number)
        ).all()
        assert told[-1] == "rename"


def test_a_name_in_other_letters_and_a_domain_find_the_organisation(world: World) -> None:
    ana = world.person()
    organisation = world.organisation("Automotive Cluster of Slovenia", ana, domains=["acs.example"])

    with world.look() as act:
        by_name = find_organisations(act, name="Cluster Automotive Slovenia")
        by_domain = find_organisations(act, address="eva@ACS.example")
        by_public_domain = find_organisations(act, address="eva@gmail.com")

    assert [(f.organisation.id, f.why) for f in by_name] == [(organisation.id, "name")]
    assert [(f.organisation.id, f.why) for f in by_domain] == [(organisation.id, "domain")]
    assert by_public_domain == []


def test_a_name_that_imitates_another_is_shown_to_the_office(world: World) -> None:
    ana, eve = world.person(), world.person("Eve")
    genuine = world.organisation("Textile Cluster", ana)
    posing = world.organisation("Тextile Сluster", eve)  # with Cyrillic letters

    with world.look() as act:
        alike = look_alikes(act.session.get_one(Organisation, posing.id), everybody(act))

    assert [o.id for o in alike] == [genuine.id]
