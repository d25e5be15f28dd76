"""Questions about a call: asked until a day, answered, published without names, told to whom it concerns."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from sqlalchemy import select

from app.models import Call, Enquiry, Job, Person
from app.services.calls.enquiry import ask, calls_with_waiting_questions, enquiries_of
from app.services.calls.follow import ensure_follow
from app.services.transitions import Refused, perform
from tests.support.application import a_draft
from tests.support.world import World
from workflows.enquiry import State
from workflows.relations import Relation as R


def asked(world: World, person: Person, call: Call, text: str = "May a university take part?") -> Enquiry:
    with world.act(person) as act:
        return ask(act, act.session.get_one(Call, call.id), text, "who")


def take(world: World, person: Person, enquiry: Enquiry, name: str, **data: str) -> None:
    with world.act(person) as act:
        perform(act, act.session.get_one(Enquiry, enquiry.id), name, data)


def mails(world: World, template: str) -> set[str]:
    with world.look() as act:
        return {job.args["address"] for job in act.session.scalars(select(Job)) if job.args.get("template") == template}


def test_a_question_is_answered_published_and_told_to_applicants_and_followers(world: World) -> None:
    found = a_draft(world)
    asker, follower = world.person("Ines Asker"), world.person("Fred Follower")
    manager = world.person("Max Manager", None, R.CALL_MANAGER)
    with world.act(follower) as act:
        ensure_follow(act, act.session.get_one(Call, found.call.id))
    enquiry = asked(world, asker, found.call)

    with world.look(world.person("Nobody")) as act:
        assert enquiries_of(act, act.session.get_one(Call, found.call.id)).published == ()
    with world.look(manager) as act:
        assert calls_with_waiting_questions(act) == {found.call.id: 1}
    take(world, manager, enquiry, "answer", wording="May universities take part?", answer="As associated partners.")
    assert mails(world, "enquiry_answered") == {asker.email}
    take(world, manager, enquiry, "publish")

    assert mails(world, "enquiry_published") == {found.coordinator.email, follower.email}
    with world.look() as act:
        page = enquiries_of(act, act.session.get_one(Call, found.call.id), "UNIVERSITIES")
        assert [(line.enquiry.wording, line.place.code if line.place else "") for line in page.published] == [
            ("May universities take part?", "who")
        ]
        assert enquiries_of(act, act.session.get_one(Call, found.call.id), "budget").published == ()


def test_what_names_the_asker_is_not_published(world: World) -> None:
    asker = world.person("Ines Asker")
    world.organisation("Cluster Unmistakable", asker)
    manager, call = world.person("Max Manager", None, R.CALL_MANAGER), world.call()
    enquiry = asked(world, asker, call, "Cluster Unmistakable would like to know …")

    take(world, manager, enquiry, "answer", wording="CLUSTER  unmistakable asks", answer="Yes.")
    with pytest.raises(Refused) as refused:
        take(world, manager, enquiry, "publish")

    assert refused.value.verdict.codes == ("names-somebody",)
    take(world, manager, enquiry, "answer", wording="A cluster asks", answer="Yes.")
    take(world, manager, enquiry, "publish")


def test_questions_end_when_the_call_says_so(world: World) -> None:
    call, asker = world.call(), world.person("Ines Asker")
    with world.look() as act:
        until = enquiries_of(act, act.session.get_one(Call, call.id)).until

    world.now = until
    with pytest.raises(Refused) as refused:
        asked(world, asker, call)

    assert refused.value.verdict.codes == ("questions-closed",)
    world.now = datetime(until.year, until.month, until.day, until.hour, until.minute, tzinfo=UTC)
    world.later(seconds=-1)
    assert asked(world, asker, call).state is State.ASKED


def test_a_question_that_is_closed_stays_private(world: World) -> None:
    call, asker = world.call(), world.person("Ines Asker")
    manager = world.person("Max Manager", None, R.CALL_MANAGER)
    enquiry = asked(world, asker, call)

    take(world, manager, enquiry, "close", reason="Answered by telephone.")

    assert mails(world, "enquiry_closed") == {asker.email}
    with world.look(world.person("Somebody Else")) as act:
        page = enquiries_of(act, act.session.get_one(Call, call.id))
    assert (page.published, page.mine, page.waiting) == ((), (), ())
