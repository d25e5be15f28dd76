"""A clarification: named answers alone, with a clock of its own; the frozen version stays, both are read side by side."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import select

from app.models import Application, Clarification, File, Job, Membership, Person
from app.services.applications.answers import save
from app.services.applications.canonical import content_of
from app.services.applications.submission import content_of_version, current_version
from app.services.calls.call import definition_of
from app.services.checks.clarification import (
    clarifications_of,
    clarified_for_experts,
    open_clarification,
    reopenable,
    save_clarification,
    view_of,
)
from app.services.checks.clarification_files import keep_clarified, reopenable_documents
from app.services.transitions import Refused, perform
from app.services.uploads.files import Where, receive
from app.store import Store
from app.ticking import tick
from tests.support.application import Consortium, a_pdf, received
from tests.support.beginnings import Begin
from tests.support.world import World
from workflows.clarification import State
from workflows.relations import Relation as R

TIME = timedelta(days=5)


@pytest.fixture(name="received")
def a_received_one(begin: Begin) -> Consortium:
    found: Consortium = begin(received)
    return found


@pytest.fixture
def manager(world: World) -> Person:
    return world.person("Max Manager", None, R.CALL_MANAGER)


def text_question(found: Consortium) -> str:
    return next(q.id for q in reopenable(definition_of(found.call)) if q.type == "long_text")


def opened(world: World, manager: Person, found: Consortium) -> Clarification:
    with world.act(manager) as act:
        application = act.session.get_one(Application, found.application.id)
        return open_clarification(act, application, [text_question(found)], "Which regions?", world.now + TIME)


def answer(world: World, person: Person, clarification: Clarification, question: str, value: str) -> None:
    with world.act(person) as act:
        save_clarification(act, act.session.get_one(Clarification, clarification.id), {question: value})


def take(world: World, person: Person, clarification: Clarification, name: str, **data: str) -> None:
    with world.act(person) as act:
        perform(act, act.session.get_one(Clarification, clarification.id), name, data)


def test_the_coordinator_changes_the_named_answer_and_nothing_else(
    world: World, received: Consortium, manager: Person
) -> None:
    question, clarification = text_question(received), opened(world, manager, received)
    with world.look() as act:
        told = [
            j.args["address"]
            for j in act.session.scalars(select(Job))
            if j.args.get("template") == "clarification_opened"
        ]
        before = current_version(act, act.session.get_one(Application, received.application.id))
        assert told == [received.coordinator.email]
        assert before is not None

    with world.act(received.coordinator) as act, pytest.raises(Refused):
        save(act, act.session.get_one(Application, received.application.id), {question: "In the application"}, {})
    answer(world, received.coordinator, clarification, question, "Piemonte and Norte.")
    answer(world, received.coordinator, clarification, "another", "Not asked.")
    take(world, received.coordinator, clarification, "answer")

    with world.look(manager) as act:
        stored = act.session.get_one(Clarification, clarification.id)
        (pair,) = view_of(act, stored).pairs
        assert (pair.sent.value, pair.clarified.value) == (
            f"What we say on {pair.question.label}.", "Piemonte and Norte."
        )  # fmt: skip
        after = current_version(act, act.session.get_one(Application, received.application.id))
        assert after is not None
        assert (after.id, after.sha256, after.canonical) == (before.id, before.sha256, before.canonical)
        application = act.session.get_one(Application, received.application.id)
        assert [one.clarification.id for one in clarified_for_experts(act, application)] == [clarification.id]


def test_the_clock_ends_it_and_what_was_typed_is_not_sent(world: World, received: Consortium, manager: Person) -> None:
    question, clarification = text_question(received), opened(world, manager, received)
    answer(world, received.coordinator, clarification, question, "Too slow.")

    world.now += TIME
    with pytest.raises(Refused) as refused:
        answer(world, received.coordinator, clarification, question, "After the end.")
    assert refused.value.verdict.codes == ("too-late",)
    with pytest.raises(Refused) as refused:
        take(world, received.coordinator, clarification, "answer")
    assert refused.value.verdict.codes == ("too-late",)
    tick(world.database, world.now, world.chance)

    with world.look(manager) as act:
        stored = act.session.get_one(Clarification, clarification.id)
        assert (stored.state, stored.answered_at) == (State.LAPSED, None)
        assert clarified_for_experts(act, act.session.get_one(Application, received.application.id)) == ()


def test_one_is_open_at_a_time_and_the_manager_may_close_it(
    world: World, received: Consortium, manager: Person
) -> None:
    clarification = opened(world, manager, received)
    with pytest.raises(Refused) as refused:
        opened(world, manager, received)
    assert refused.value.verdict.codes == ("open-already",)

    take(world, manager, clarification, "close", reason="Found in the annex.")
    opened(world, manager, received)

    with world.look(received.coordinator) as act:
        application = act.session.get_one(Application, received.application.id)
        assert {one.state for one in clarifications_of(act, application)} == {State.CLOSED, State.OPENED}
    with world.look(world.person("Somebody Else")) as act:
        assert clarifications_of(act, act.session.get_one(Application, received.application.id)) == ()


def test_an_empty_answer_is_not_sent(world: World, received: Consortium, manager: Person) -> None:
    question, clarification = text_question(received), opened(world, manager, received)
    answer(world, received.coordinator, clarification, question, "")

    with pytest.raises(Refused) as refused:
        take(world, received.coordinator, clarification, "answer")

    assert refused.value.verdict.codes == ("answers-missing",)


def test_a_reopened_document_is_asked_of_each_partner_and_stands_beside_the_one_that_was_sent(
    world: World, received: Consortium, manager: Person
) -> None:
    store = Store.from_url(str(world.folder / "files"))
    place = next(one for one in reopenable_documents(received.call) if one.per_partner)
    with world.look(manager) as act:
        application = act.session.get_one(Application, received.application.id)
        member, *others = [one.id for one in sorted(application.memberships, key=lambda one: one.position)]
    with world.act(manager) as act:
        application = act.session.get_one(Application, received.application.id)
        clarification = open_clarification(act, application, [place.id, "no-such-place"], "Signed?", world.now + TIME)
        assert clarification.questions == [place.id]

    def send(title: str, person: Person, slot: str = place.id, replaces: str | None = None, of: str = member) -> str:
        stored = receive(place, f"{title}.pdf", a_pdf(title), store=store)
        with world.act(person) as act:
            asked = act.session.get_one(Clarification, clarification.id)
            whose = act.session.get(Membership, of)
            older = act.session.get(File, replaces) if replaces else None
            return keep_clarified(act, asked, slot, stored, Where(whose, older)).id

    with pytest.raises(Refused, match="Answer these first"):
        take(world, received.coordinator, clarification, "answer")
    with pytest.raises(Refused):
        send("Stranger", world.person("Somebody Else"))
    with pytest.raises(KeyError):
        send("Elsewhere", received.coordinator, slot=reopenable_documents(received.call)[-1].id + "-x")
    first = send("First", received.coordinator)
    second = send("Second", received.coordinator, replaces=first)
    with pytest.raises(Refused) as refused:
        take(world, received.coordinator, clarification, "answer")
    (reason,) = refused.value.reasons
    assert (reason.code, str(reason.params["labels"]).count(place.label)) == ("answers-missing", len(others))
    theirs = [send(f"Theirs {at}", received.coordinator, of=one) for at, one in enumerate(others)]
    take(world, received.coordinator, clarification, "answer")
    with pytest.raises(Refused, match="for somebody else"):
        send("Third", received.coordinator, replaces=second)

    with world.look(manager) as act:
        application = act.session.get_one(Application, received.application.id)
        (pair,) = view_of(act, act.session.get_one(Clarification, clarification.id)).files
        assert {one.id for one in pair.clarified} == {second, *theirs}
        assert pair.sent
        assert second not in [one.id for one in pair.sent]
        version = current_version(act, application)
        assert version is not None
        assert content_of(act, application)["files"] == content_of_version(version)["files"]
