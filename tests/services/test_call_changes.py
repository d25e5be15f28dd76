"""A call that changes while it is open: a new version, told to everybody; nothing typed is lost."""

from __future__ import annotations

from datetime import timedelta
from hashlib import sha256

import pytest
from sqlalchemy import select

from app.models import Application, Call, Job, Organisation, Person
from app.services.applications.answers import save, values_of
from app.services.applications.application import start_application
from app.services.applications.content import shown_content
from app.services.applications.submission import content_of_version, current_version
from app.services.calls.call import FaultyCallFile, definition_of, export_call
from app.services.calls.call_versions import look_again, looked_again, prepare_change, versions_of
from app.services.transitions import Refused, perform
from tests.support.application import a_draft, complete, submit, with_partners
from tests.support.world import REAL, World
from workflows.relations import Relation as R

FILE = REAL.read_bytes()


def changed(*pairs: tuple[str, str]) -> bytes:
    text = FILE.decode()
    for before, after in pairs:
        assert before in text, before
        text = text.replace(before, after, 1)
    return text.encode()


def question_of(call: Call) -> tuple[str, str, str]:
    """A text question of the call: its id, its label, and the lines of the file that make it."""
    question = next(q for q in definition_of(call).questions() if q.type == "long_text")
    lines = FILE.decode().splitlines(keepends=True)
    start = next(i for i, line in enumerate(lines) if line.strip() == f"- id: {question.id}")
    indent = len(lines[start]) - len(lines[start].lstrip())
    end = next(
        i for i in range(start + 1, len(lines))
        if lines[i].strip() and len(lines[i]) - len(lines[i].lstrip()) <= indent
    )  # fmt: skip
    return question.id, question.label, "".join(lines[start:end])


def change(world: World, manager: Person, call: Call, data: bytes, text: str = "One question less.") -> None:
    with world.act(manager) as act:
        prepare_change(act, act.session.get_one(Call, call.id), data)
    with world.act(manager) as act:
        perform(act, act.session.get_one(Call, call.id), "change", {"summary": text})


@pytest.fixture
def manager(world: World) -> Person:
    return world.person("Max Manager", None, R.CALL_MANAGER)


def test_a_question_that_disappears_takes_nothing_typed_with_it(world: World, manager: Person) -> None:
    found = a_draft(world)
    question, label, lines = question_of(found.call)
    with world.act(found.coordinator) as act:
        save(act, act.session.get_one(Application, found.application.id), {question: "A week of work."}, {})

    change(world, manager, found.call, changed((lines, "")))

    with world.look(found.coordinator) as act:
        application = act.session.get_one(Application, found.application.id)
        again = look_again(act, application)
        assert again is not None
        assert (again.seen, again.now, [text for _, _, text in again.texts]) == (1, 2, ["One question less."])
        assert [(c.kind, c.thing) for c, _ in again.changes] == [("removed", question)]
        assert [(kept.label, kept.value) for kept in again.kept] == [(label, "A week of work.")]
        assert values_of(act, application)[question] == "A week of work."
    with world.act(found.coordinator) as act:
        application = act.session.get_one(Application, found.application.id)
        looked_again(act, application, 2)
        assert look_again(act, application) is None


def test_a_limit_that_changes_is_told_in_words_with_its_path(world: World, manager: Person) -> None:
    call = world.call()
    question, label, lines = question_of(call)
    shorter = lines.replace("required: true", "required: false", 1)
    assert shorter != lines

    with world.act(manager) as act:
        changes = prepare_change(act, act.session.get_one(Call, call.id), changed((lines, shorter)))

    assert [(c.kind, c.thing, c.text.plain()) for c in changes] == [
        ("changed", question, f"Question “{label}”, needed: was True, is now False.")
    ]
    assert changes[0].path.endswith(f"questions[{question}].required")


def test_versions_are_kept_as_bytes_and_the_newest_is_exported(world: World, manager: Person) -> None:
    call = world.call()
    _question, _label, lines = question_of(call)
    data = changed((lines, ""))

    change(world, manager, call, data)

    with world.look() as act:
        stored = act.session.get_one(Call, call.id)
        assert [version.data for version in stored.versions] == [FILE, data]
        assert [(v.number, v.sha256, v.text) for v in versions_of(act, stored)] == [
            (2, sha256(data).hexdigest(), "One question less."), (1, sha256(FILE).hexdigest(), "")
        ]  # fmt: skip
        assert export_call(stored) == data


def test_whoever_submitted_is_told_may_submit_again_and_keeps_what_was_sent(world: World, manager: Person) -> None:
    found = complete(world, with_partners(world, a_draft(world)))
    question, label, lines = question_of(found.call)
    submit(world, found)

    change(world, manager, found.call, changed((lines, "")))

    with world.look() as act:
        told = [j.args["address"] for j in act.session.scalars(select(Job)) if j.args.get("template") == "call_changed"]
        application = act.session.get_one(Application, found.application.id)
        first = current_version(act, application)
        assert told == [found.coordinator.email]
        assert first is not None
        content = content_of_version(first)
        old = versions_of(act, application.call)[-1]
        assert (content["call_version"], old.number, question in content["answers"]) == (1, 1, True)
        assert label not in str(shown_content(definition_of(application.call), content).sections)
    submit(world, found, "resubmit")
    with world.look() as act:
        second = current_version(act, act.session.get_one(Application, found.application.id))
        assert second is not None
        content = content_of_version(second)
        assert (content["call_version"], question in content["answers"]) == (2, False)


def test_what_applicants_rely_on_stays(world: World, manager: Person) -> None:
    call = world.call()
    question, _label, lines = question_of(call)
    closes = definition_of(call).timetable.closes.at
    refused_changes = {
        "code": changed(("code: cos-clustpartns-2017-3-02", "code: another")),
        "times": changed((closes, closes.replace("2018", "2019"))),
        "type": changed((lines, lines.replace("type: long_text", "type: date", 1).replace("max_chars", "# max_chars"))),
        "no-change": FILE,
    }

    for code, data in refused_changes.items():
        with world.act(manager) as act, pytest.raises(Refused) as refused:
            prepare_change(act, act.session.get_one(Call, call.id), data)
        assert refused.value.verdict.codes == (code,)
    with world.act(manager) as act, pytest.raises(FaultyCallFile):
        prepare_change(act, act.session.get_one(Call, call.id), changed((f"id: {question}", "id: [")))


def test_nothing_changes_without_a_prepared_file_a_text_or_after_the_deadline(world: World, manager: Person) -> None:
    call = world.call()
    _question, _label, lines = question_of(call)

    def codes(**data: str) -> tuple[str, ...]:
        with world.act(manager) as act, pytest.raises(Refused) as refused:
            perform(act, act.session.get_one(Call, call.id), "change", data)
        return tuple(refused.value.verdict.codes)

    assert codes(summary="New") == ("no-change",)
    with world.act(manager) as act:
        prepare_change(act, act.session.get_one(Call, call.id), changed((lines, "")))
    assert codes() == ("missing-summary",)
    world.now = definition_of(call).closes_at
    assert codes(summary="New") == ("call-over",)
    world.now -= timedelta(microseconds=1)
    with world.act(manager) as act:
        perform(act, act.session.get_one(Call, call.id), "change", {"summary": "In time"})


def test_whoever_applies_neither_changes_nor_extends_the_call(world: World) -> None:
    both = world.person("Bea Both", None, R.CALL_MANAGER)
    call = world.call()
    organisation = world.organisation("Cluster Own", both)
    _question, _label, lines = question_of(call)
    with world.act(both) as act:
        prepare_change(act, act.session.get_one(Call, call.id), changed((lines, "")))
    with world.act(both) as act:  # a draft is enough
        start_application(act, act.session.get_one(Call, call.id), act.session.get_one(Organisation, organisation.id))

    for row, data in (("change", {"summary": "x"}), ("propose_extension", {"closes_at": world.now, "reason": "x"})):
        with world.act(both) as act, pytest.raises(Refused) as refused:
            perform(act, act.session.get_one(Call, call.id), row, data)
        assert refused.value.verdict.codes == ("applies",)
