"""An anonymous call: what evaluators read is edited, released and followed; what was sent stays as it is."""

from __future__ import annotations

import pytest
from sqlalchemy import select

from app.access import can
from app.act import Act
from app.models import Application, Assessment, Assignment, Call, Event, Person, Redaction, SubmittedVersion
from app.services.anonymising.redaction import (
    accept,
    accept_all,
    leave_as_it_is,
    not_anonymised,
    save_text,
    side_of,
    start_redactions,
    take_back,
)
from app.services.anonymising.redaction_lists import closed_meanwhile
from app.services.assigning.assignment import assign
from app.services.evaluating.discussion import hides_names
from app.services.evaluating.readable import readable_by
from app.services.evaluating.reading_pack import own_copy
from app.services.transitions import Refused, perform
from app.services.work.cockpit import cockpit_of
from tests.support.blind import Blind
from tests.support.world import World

PLACE = "answer:summary"
WAITING = "anonymous: true, anonymity: {redacted_copies: true}"


@pytest.fixture
def blind(world: World) -> Blind:
    return Blind(
        world, summary="álpha cluster organisation, +32 2 123 45 67 (the ministry), lead@alpha.example. We weave."
    )


def _redaction(blind: Blind, act: Act) -> Redaction:
    return act.session.scalars(select(Redaction).where(Redaction.application_id == blind.one.id)).one()


def _decide_on_what_is_found(blind: Blind) -> None:
    with blind.world.act(
        blind.story.manager
    ) as act:  # one passage tells nothing, one is replaced alone, the others together
        redaction = _redaction(blind, act)
        side = side_of(act, redaction, PLACE)
        found = [side.text[s.start : s.end] for s in side.left]
        assert found == ["álpha cluster organisation", "+32 2 123 45 67", "lead@alpha.example"]
        with pytest.raises(Refused, match="may tell who applies are left"):
            perform(act, redaction, "release")
        span = side.left[1]
        assert leave_as_it_is(act, redaction, PLACE, {f"{span.start}-{span.end}"}, side.number) == 1
        first = side.left[0]
        assert accept(act, redaction, PLACE, {f"{first.start}-{first.end}"}, side.number) == 1
        with pytest.raises(Refused, match="saved this text meanwhile"):
            save_text(act, redaction, PLACE, "over the newer one", side.number)
        assert accept_all(act, redaction) >= 1
        text = side_of(act, redaction, PLACE).text
        assert text == "[Partner 1], +32 2 123 45 67 (the ministry), [e-mail address]. We weave."
        save_text(act, redaction, PLACE, text + " Well.", side_of(act, redaction, PLACE).number)
        perform(act, redaction, "release")


def test_the_road_of_an_anonymised_copy(blind: Blind) -> None:
    world, manager = blind.world, blind.story.manager
    with world.act() as act:
        assert (start_redactions(act), start_redactions(act)) == (3, 0)
    with world.look(manager) as act:
        sent = act.session.scalars(select(SubmittedVersion.canonical).order_by(SubmittedVersion.id)).all()
        assert len(not_anonymised(act, [blind.one.id, blind.two.id])) == 2
        needs = cockpit_of(act, act.session.get_one(Call, blind.story.call.id)).needs
        assert [need.what.params["n"] for need in needs if need.what.code == "not-anonymised"] == [3]

    _decide_on_what_is_found(blind)

    blind.disclose()
    expert = blind.person
    with world.act(expert) as act:
        task = act.session.get_one(Assignment, blind.tasks[0].id)
        perform(act, task, "declare_free", {"no_conflict": True})
    report = blind.story.report_of(blind.tasks[0])
    with world.act(expert) as act:
        perform(act, act.session.get_one(Assessment, report.id), "order_copy")
        assert own_copy(act, report) is not None
    with world.look(expert) as act:
        shown = readable_by(act, act.session.get_one(Application, blind.one.id)).shown
        assert "We weave. Well." in str(shown.sections)
        assert not any(name in repr(shown) for name in ("ALPHA", "álpha", "alpha.example"))

    world.later(hours=1)
    with world.act(manager) as act:  # what is edited later is read when it is given again
        redaction = _redaction(blind, act)
        perform(act, redaction, "reopen", {"reason": "A name was left."})
        take_back(act, redaction, PLACE)
    with world.look(expert) as act:
        assert "We weave. Well." in str(readable_by(act, act.session.get_one(Application, blind.one.id)).shown.sections)
    with world.look(manager) as act:
        assert act.session.scalars(select(SubmittedVersion.canonical).order_by(SubmittedVersion.id)).all() == sent
        assert len(_redaction(blind, act).texts) >= 4
    with world.act(manager) as act:
        accept_all(act, _redaction(blind, act))
        perform(act, _redaction(blind, act), "release")
    with world.look(expert) as act:  # a copy of the older texts is nobody's any more
        assert own_copy(act, report) is None
    with world.look(manager) as act:
        names = set(act.session.scalars(select(Event.name).where(Event.noun == "redaction")))
        assert names == {"create", "edit_text", "leave_as_it_is", "release", "reopen"}


def test_a_call_that_waits_sends_no_task_and_shows_no_text_before_it_is_anonymised(world: World) -> None:
    blind = Blind(world, anonymous=WAITING, tasks=False)
    with world.act() as act:
        start_redactions(act)
    with world.act(blind.story.manager) as act:
        task = assign(act, act.session.get_one(Application, blind.one.id), act.session.get_one(Person, blind.person.id))
        with pytest.raises(Refused, match="are not anonymised yet"):
            perform(act, task, "publish")
        accept_all(act, _redaction(blind, act))
        perform(act, _redaction(blind, act), "release")
        perform(act, task, "publish")
    blind.disclose()
    with world.act(blind.person) as act:
        perform(act, act.session.get_one(Assignment, task.id), "declare_free", {"no_conflict": True})
        assert can(act, "application.view", act.session.get_one(Application, blind.one.id))
        assert closed_meanwhile(act) == 0

    with world.act(blind.story.manager) as act:
        perform(act, _redaction(blind, act), "reopen", {"reason": "A name was left."})
    with world.look(blind.person) as act:
        assert not can(act, "application.view", act.session.get_one(Application, blind.one.id))
        assert closed_meanwhile(act) == 1


def test_a_call_may_show_who_applies_and_who_evaluates_once_the_consensus_is_open(world: World) -> None:
    told = "applicants_from_experts: {consensus: false}, experts_from_each_other: {consensus: false}"
    blind = Blind(world, anonymous=f"anonymous: true, anonymity: {{{told}}}", tasks=False)
    people = [blind.person, blind.story.expert("Finn Expert")]
    for place, person in enumerate(people):
        task = blind.story.task(blind.one, person, rapporteur=not place, declared=False)
        blind.person = person
        blind.disclose()
        with world.act(person) as act:
            perform(act, act.session.get_one(Assignment, task.id), "declare_free", {"no_conflict": True})
        blind.story.score(task, "4", "20")

    with world.look(people[0]) as act:
        application = act.session.get_one(Application, blind.one.id)
        assert not can(act, "application.view_people", application)
        assert readable_by(act, application).shown.partners[0].name == "Partner 1"
    blind.story.open_consensus(blind.one)

    with world.look(people[0]) as act:
        application = act.session.get_one(Application, blind.one.id)
        assert readable_by(act, application).shown.partners[0].name == "ALPHA Cluster Organisation"
        assert not hides_names(act, application)
