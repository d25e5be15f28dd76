"""Calls as data: imported, exported, announced, extended; what their pages say comes from the same data."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import select

from app.callfile import read_call
from app.facts.call import is_open
from app.models import Application, Call, CallSource, Job, Membership, Organisation, Person
from app.services.applications.application import start_application
from app.services.calls.call import CodeTaken, FaultyCallFile, definition_of, export_call, import_call
from app.services.calls.call_queries import call_page, calls_listed, values_with_provenance
from app.services.calls.first_check import Asked, first_answer
from app.services.calls.follow import ensure_follow
from app.services.organisations.region import regions_to_settle, settle_region
from app.services.transitions import Refused, perform
from app.services.work.cockpit import cockpit_of
from tests.support.world import REAL, REAL_EXPRESSIONS, World
from workflows.call import State
from workflows.relations import Relation as R
from workflows.rules import Answer


@pytest.fixture
def manager(world: World) -> Person:
    return world.person("Mona Manager", "mona@office.example", R.CALL_MANAGER)


@pytest.mark.parametrize("path", [REAL, REAL_EXPRESSIONS], ids=lambda path: path.stem)
def test_the_real_calls_come_out_as_they_went_in(world: World, path: object) -> None:
    data = path.read_bytes()  # type: ignore[attr-defined]
    call = world.call(path, opened=False)  # type: ignore[arg-type]

    with world.look() as act:
        stored = act.session.get_one(Call, call.id)
        assert export_call(stored) == data


def test_an_edited_call_is_written_so_that_reading_it_gives_the_same(world: World) -> None:
    call = world.call(opened=False)
    with world.act() as act:
        act.session.get_one(CallSource, call.id).edited = True

    with world.look() as act:
        stored = act.session.get_one(Call, call.id)
        definition, faults = read_call(export_call(stored))
    assert faults == ()
    assert definition == definition_of(stored)


def test_a_faulty_file_stores_nothing(world: World, manager: Person) -> None:
    data = REAL.read_bytes().replace(b"max_points: 30", b"max_points: many", 1)

    with world.act(manager) as act, pytest.raises(FaultyCallFile) as faulty:
        import_call(act, data)

    assert [fault.path for fault in faulty.value.faults] == ["criteria[C1].max_points"]
    with world.look() as act:
        assert act.session.scalars(select(Call)).all() == []


def test_two_calls_never_share_a_code(world: World, manager: Person) -> None:
    world.call(opened=False)

    with world.act(manager) as act, pytest.raises(CodeTaken):
        import_call(act, REAL.read_bytes())


def test_a_call_is_open_from_its_first_instant_until_before_its_deadline(world: World) -> None:
    call = world.call()
    moments = (
        (call.opens_at - timedelta(seconds=1), False),
        (call.opens_at, True),
        (call.closes_at - timedelta(microseconds=1), True),
        (call.closes_at, False),
    )

    for now, expected in moments:
        world.now = now
        with world.look() as act:
            assert is_open(act, act.session.get_one(Call, call.id)) is expected


def test_the_list_sorts_calls_by_the_moment_and_hides_drafts(world: World) -> None:
    call = world.call()
    world.call(REAL_EXPRESSIONS, opened=False)

    with world.look() as act:
        listed = calls_listed(act)
        assert [line.call.id for line in listed.open] == [call.id]
        assert (listed.coming, listed.closed, listed.preparing) == ((), (), ())
    world.now = call.closes_at
    with world.look() as act:
        assert [line.call.id for line in calls_listed(act).closed] == [call.id]


def test_the_page_names_countries_on_the_day_that_counts(world: World) -> None:
    call = world.call()

    with world.look() as act:
        page = call_page(act, act.session.get_one(Call, call.id))
    members = dict(page.countries)["EU_MEMBER_STATES"]
    assert len(members) == 28
    assert "GB" in members


def test_assumed_values_stay_marked_and_the_others_name_their_source(world: World) -> None:
    call = world.call(opened=False)

    with world.look() as act:
        lines = {line.path: line for line in values_with_provenance(definition_of(act.session.get_one(Call, call.id)))}
    assert lines["overall_threshold"].assumed
    assert not lines["timetable.closes.at"].assumed
    assert lines["timetable.closes.at"].sources[0].startswith("https://docest.com")
    assert lines["sections[quality].questions[joint_strategy].max_chars"].assumed
    assert not lines["sections[quality].questions[joint_strategy].label"].assumed


@pytest.mark.parametrize(
    ("asked", "answer"),
    [
        (Asked(kind="cluster_organisation", country="IT"), Answer.MET),
        (Asked(kind="other", country="IT"), Answer.NOT_MET),
        (Asked(kind="cluster_organisation", country="US"), Answer.NOT_MET),
        (Asked(kind="cluster_organisation", country=""), Answer.UNDETERMINED),
    ],
)
def test_five_questions_say_whether_an_organisation_can_apply(world: World, asked: Asked, answer: Answer) -> None:
    call = world.call()

    with world.look() as act:
        assert first_answer(act, definition_of(act.session.get_one(Call, call.id)), asked).answer is answer


def test_countries_of_further_partners_count_for_the_rules_of_the_partnership(world: World) -> None:
    call = world.call()
    asked = Asked(kind="cluster_organisation", country="IT", region="ITF3", second="ES", third="PT")

    with world.look() as act:
        found = first_answer(act, definition_of(act.session.get_one(Call, call.id)), asked)
    answers = {result.id: result.answer for result in found.partnership}
    assert answers["min_countries"] is Answer.MET
    assert answers["less_developed_or_transition"] is Answer.MET


def test_a_later_deadline_needs_two_people_and_tells_whoever_it_concerns(world: World, manager: Person) -> None:
    call = world.call()
    petra = world.person("Petra Programme", "petra@office.example", R.PROGRAMME_MANAGER)
    ana, follower = world.person("Ana Silva", "ana@textile.example"), world.person("Fay Follower", "fay@press.example")
    organisation = world.organisation("Textile Cluster", ana)
    with world.act(ana) as act:
        start_application(act, act.session.get_one(Call, call.id), act.session.get_one(Organisation, organisation.id))
    with world.act(follower) as act:
        ensure_follow(act, act.session.get_one(Call, call.id))
    later = call.closes_at + timedelta(days=14)

    with world.act(manager) as act:
        perform(act, act.session.get_one(Call, call.id), "propose_extension", {"closes_at": later, "reason": "Floods"})
    with world.act(manager) as act, pytest.raises(Refused):
        perform(act, act.session.get_one(Call, call.id), "extend")
    with world.act(petra) as act:
        perform(act, act.session.get_one(Call, call.id), "extend")

    with world.look() as act:
        page = call_page(act, act.session.get_one(Call, call.id))
        jobs = act.session.scalars(select(Job).where(Job.kind == "mail"))
        told = sorted(job.args["address"] for job in jobs if job.args["template"] == "deadline_moved")
    assert (page.call.closes_at, page.call.state) == (later, State.OPEN)
    assert [(moved.before, moved.after, moved.reason) for moved in page.moved] == [(call.closes_at, later, "Floods")]
    assert told == ["ana@textile.example", "fay@press.example"]


def test_a_region_is_settled_once_with_its_source_and_no_longer_waits(world: World, manager: Person) -> None:
    call = world.call()
    ana = world.person("Ana Silva")
    organisation = world.organisation("Textile Cluster", ana)
    with world.act(ana) as act:
        application = start_application(
            act, act.session.get_one(Call, call.id), act.session.get_one(Organisation, organisation.id)
        )
        member = act.session.scalars(select(Membership).where(Membership.application_id == application.id)).one()
        member.country, member.region = "FR", "FRZ9"

    with world.look(manager) as act:
        waiting = regions_to_settle(act, act.session.get_one(Call, call.id))
    assert [(region.code, region.partners) for region in waiting] == [("FRZ9", 1)]
    with world.act(manager) as act:
        settle_region(
            act, act.session.get_one(Call, call.id), region="frz9", category="transition", source="Decision 2014/99/EU"
        )
    with world.look(manager) as act:
        assert regions_to_settle(act, act.session.get_one(Call, call.id)) == ()


def test_settling_without_a_source_or_with_no_code_of_a_region_is_refused(world: World, manager: Person) -> None:
    call = world.call()

    with world.act(manager) as act:
        there = act.session.get_one(Call, call.id)
        with pytest.raises(Refused) as refused:
            settle_region(act, there, region="ZZ99", category="poor", source=" ")

    assert refused.value.verdict.codes == ("unknown-category", "unknown-region", "no-source")


def test_the_cockpit_counts_what_its_reader_may_know(world: World, manager: Person) -> None:
    call = world.call()
    ana = world.person("Ana Silva")
    organisation = world.organisation("Textile Cluster", ana)
    petra = world.person("Petra Programme", None, R.PROGRAMME_MANAGER)
    with world.act(ana) as act:
        start_application(act, act.session.get_one(Call, call.id), act.session.get_one(Organisation, organisation.id))

    with world.look(manager) as act:
        cockpit = cockpit_of(act, act.session.get_one(Call, call.id))
        assert [number.number for number in cockpit.numbers] == [0, 0, 0, 0, 0, 0]
        assert not cockpit.closed_to_reader
        assert len(act.session.scalars(select(Application)).all()) == 1
    with world.look(petra) as act:
        assert cockpit_of(act, act.session.get_one(Call, call.id)).closed_to_reader
