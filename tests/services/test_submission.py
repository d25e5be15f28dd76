"""Submission: complete or not at all, in time or not at all, and frozen for ever."""

import json
from datetime import UTC, datetime, timedelta

import pytest
import rfc8785
from sqlalchemy import func, select

from app.models import Application, Call, Document, File, Job, Membership, SubmittedVersion
from app.services.applications.answers import save
from app.services.applications.application import save_basics
from app.services.applications.canonical import digest_of, persons_digest
from app.services.applications.readiness import readiness
from app.services.applications.submission import changes_since, content_of_version, current_version
from app.services.consortia.membership import give_facts
from app.services.transitions import Refused, perform
from tests.support.application import (
    Consortium,
    a_draft,
    completed,
    declarations_of,
    submit,
)
from tests.support.beginnings import Begin
from tests.support.world import World
from workflows.application import State


@pytest.fixture
def ready(begin: Begin) -> Consortium:
    found: Consortium = begin(completed)
    return found


def test_a_new_draft_is_refused_with_everything_that_is_missing(world: World) -> None:
    found = a_draft(world)

    with world.act(found.coordinator) as act, pytest.raises(Refused) as refused:
        application = act.session.get_one(Application, found.application.id)
        perform(act, application, "submit", {"declarations": declarations_of(found)})

    codes = set(refused.value.verdict.codes)
    assert {"acronym-missing", "rule-min_partners", "answer-missing", "file-missing"} <= codes


def test_the_readiness_list_and_the_guard_say_the_same(world: World) -> None:
    found = a_draft(world)

    with world.act(found.coordinator) as act, pytest.raises(Refused) as refused:
        application = act.session.get_one(Application, found.application.id)
        listed = [reason for item in readiness(act, application) for reason in item.verdict.reasons]
        perform(act, application, "submit", {"declarations": declarations_of(found)})

    assert list(refused.value.reasons) == listed


def test_a_complete_application_is_submitted_and_gets_a_receipt(world: World, ready: Consortium) -> None:
    submit(world, ready)

    with world.look() as act:
        application = act.session.get_one(Application, ready.application.id)
        (document,) = act.session.scalars(select(Document)).all()
        version = current_version(act, application)
        mails = act.session.scalars(select(Job.args).where(Job.kind == "mail", Job.key.contains("received"))).all()
        assert application.state is State.SUBMITTED
        assert version is not None
        assert (document.kind.value, document.snapshot["digest"]) == ("receipt", version.sha256)
        assert [mail["address"] for mail in mails] == [ready.coordinator.email]


def test_one_microsecond_before_the_deadline_is_in_time_and_the_deadline_is_not(
    world: World, ready: Consortium
) -> None:
    with world.look() as act:
        deadline = act.session.get_one(Call, ready.call.id).closes_at
    world.now = deadline
    with pytest.raises(Refused) as refused:
        submit(world, ready)
    world.now = deadline - timedelta(microseconds=1)
    submit(world, ready)

    assert refused.value.verdict.codes == ("call-closed",)
    with world.look() as act:
        assert act.session.scalar(select(func.count(SubmittedVersion.id))) == 1


def test_a_version_is_the_canonical_json_its_digest_says(world: World, ready: Consortium) -> None:
    submit(world, ready)

    with world.look() as act:
        version = act.session.scalars(select(SubmittedVersion)).one()
        content = json.loads(version.canonical)
        assert version.sha256 == digest_of(rfc8785.dumps(content).decode())
        assert content["persons_digest"] == persons_digest(version.persons, version.persons_salt or b"")
        assert sorted(file["sha256"] for file in content["files"]) == sorted(act.session.scalars(select(File.sha256)))


def test_no_name_or_address_of_a_person_stands_in_the_canonical_text(world: World, ready: Consortium) -> None:
    submit(world, ready)

    with world.look() as act:
        version = act.session.scalars(select(SubmittedVersion)).one()
        people = list(version.persons.values())
        assert len(people) == 3
        assert [p for p in people if p["name"] in version.canonical or p["email"] in version.canonical] == []


def test_a_later_change_leaves_the_version_as_it_was_and_is_counted(world: World, ready: Consortium) -> None:
    submit(world, ready)
    world.later(minutes=5)

    with world.act(ready.coordinator) as act:
        application = act.session.get_one(Application, ready.application.id)
        version = current_version(act, application)
        assert version is not None
        before, unchanged = version.canonical, changes_since(act, application, version)
        save(act, application, {"objectives": "Other aims."}, {"objectives": 1})
        save_basics(act, application, {"months": 20})
        changed = changes_since(act, application, version)

    assert (unchanged, changed) == (0, 2)
    with world.look() as act:
        version = act.session.scalars(select(SubmittedVersion)).one()
        assert version.canonical == before
        assert content_of_version(version)["months"] == 24


def test_submitting_again_makes_the_next_version_and_keeps_the_first(world: World, ready: Consortium) -> None:
    submit(world, ready)
    submit(world, ready, "resubmit")

    with world.look() as act:
        versions = act.session.scalars(select(SubmittedVersion).order_by(SubmittedVersion.number)).all()
        assert [version.number for version in versions] == [1, 2]


def test_a_change_of_a_partners_own_part_warns_and_gives_that_partner_five_working_days(
    world: World, ready: Consortium
) -> None:
    person, _organisation, membership = ready.partners[0]
    with world.act(ready.coordinator) as act:
        give_facts(act, act.session.get_one(Membership, membership.id), {"task": "Another task."})

    submit(world, ready)
    with world.look(person) as act:
        given = {m.id: m.confirm_by for m in act.session.get_one(Application, ready.application.id).memberships}
    with world.act(person) as act:
        perform(act, act.session.get_one(Membership, membership.id), "confirm")

    assert [one for one, until in given.items() if until] == [membership.id]
    assert given[membership.id] == datetime(2018, 2, 8, 23, tzinfo=UTC)  # Thursday 1 February and five working days
    with world.look() as act:
        assert act.session.get_one(Membership, membership.id).confirm_by is None


def test_a_partner_cannot_submit(world: World, ready: Consortium) -> None:
    person = ready.partners[0][0]

    with world.act(person) as act, pytest.raises(Refused) as refused:
        application = act.session.get_one(Application, ready.application.id)
        perform(act, application, "submit", {"declarations": declarations_of(ready)})

    assert "not-yours" in refused.value.verdict.codes
