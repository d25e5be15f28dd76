"""Sharing the writing of an application: who may, who is told, and what a later change does to a sign-off."""

from __future__ import annotations

import re
from datetime import date

import pytest

from app.access import can
from app.mailing.text import write as write_letter
from app.models import Application, Job, Part, Participant, Person, SectionComment
from app.services.applications import writing
from app.services.applications.answer_history import compare, put_back, versions_of
from app.services.applications.answer_lists import lists_for
from app.services.applications.answers import Clash, latest, numbers_of, save, values_of
from app.services.applications.writing_queries import standing_of
from app.services.calls.call import definition_of
from app.services.consortia.participant import name_person
from app.services.transitions import Refused
from tests.support.application import Consortium, a_draft, with_partners
from tests.support.web import settings_of
from tests.support.world import AFTER_CLOSING, World
from workflows.relations import Relation as R


@pytest.fixture
def found(world: World) -> Consortium:
    return with_partners(world, a_draft(world))


def the(act: object, found: Consortium) -> Application:
    return act.session.get_one(Application, found.application.id)  # type: ignore[attr-defined, no-any-return]


def first_section(found: Consortium) -> object:
    return next(s for s in definition_of(found.call).sections if any(q.type.value == "long_text" for q in s.questions))


def write(world: World, found: Consortium, person: Person, text: str) -> str:
    """Save the first long text of the first section, as one who opened the page just now."""
    question = next(q for q in first_section(found).questions if q.type.value == "long_text")  # type: ignore[attr-defined]
    with world.act(person) as act:
        application = the(act, found)
        save(act, application, {question.id: text}, numbers_of(latest(act, application)))
    return str(question.id)


def mails(world: World) -> list[Job]:
    with world.look() as act:
        return [job for job in act.session.query(Job) if job.args.get("template") == "mentioned"]


def test_a_section_gets_its_owner_and_its_day(world: World, found: Consortium) -> None:
    section = first_section(found).id  # type: ignore[attr-defined]
    partner = found.partners[0][0]

    with world.act(found.coordinator) as act:
        assert writing.plan_section(act, the(act, found), section, partner.id, date(2018, 2, 20))
        assert not writing.plan_section(act, the(act, found), section, partner.id, date(2018, 2, 20))

    with world.look(partner) as act:
        plan = standing_of(act, the(act, found))[section].plan
        assert plan is not None
        assert (plan.owner_id, plan.due_on) == (partner.id, date(2018, 2, 20))


def test_only_those_who_lead_plan_and_only_those_who_take_part_own(world: World, found: Consortium) -> None:
    section = first_section(found).id  # type: ignore[attr-defined]
    stranger = world.person("Sam Stranger")

    with world.act(found.partners[0][0]) as act, pytest.raises(Refused, match="can't do this"):
        writing.plan_section(act, the(act, found), section, found.coordinator.id, None)
    with world.act(found.coordinator) as act, pytest.raises(Refused, match="take part"):
        writing.plan_section(act, the(act, found), section, stranger.id, None)


def test_whoever_is_mentioned_gets_one_mail_a_day_however_often(world: World, found: Consortium) -> None:
    section = first_section(found).id  # type: ignore[attr-defined]
    partner = found.partners[0][0]
    for text in ("Is this right?", "And this?"):
        with world.act(found.coordinator) as act:
            writing.comment_on_section(act, the(act, found), section, text, mentions=[partner.id])
    assert [job.args["address"] for job in mails(world)] == [partner.email]
    (job,) = mails(world)
    assert job.run_at.astimezone(writing.BRUSSELS).time() == writing.TOLD_AT
    with world.look() as act:
        letter = write_letter(act.session, settings_of(world), job.args)
        comments = [one.id for one in act.session.query(SectionComment).order_by(SectionComment.written_at)]
    assert letter.subject.endswith("2 comments for you")
    assert re.findall(r"#comment-(\w+)", letter.body) == comments

    world.later(days=1)
    with world.act(found.coordinator) as act:
        writing.comment_on_section(act, the(act, found), section, "Still waiting.", mentions=[partner.id])

    assert [job.args["address"] for job in mails(world)] == [partner.email] * 2


def test_nobody_from_outside_can_be_mentioned(world: World, found: Consortium) -> None:
    manager = world.person("Mona Manager", None, R.CALL_MANAGER)

    with world.act(found.coordinator) as act, pytest.raises(Refused, match="take part"):
        writing.comment_on_section(act, the(act, found), first_section(found).id, "Look!", mentions=[manager.id])  # type: ignore[attr-defined]

    assert mails(world) == []


@pytest.mark.parametrize("office", [R.CALL_MANAGER, R.PROGRAMME_MANAGER, R.AUDITOR, R.ADMINISTRATOR])
def test_comments_are_for_those_who_write_and_never_for_the_office(world: World, found: Consortium, office: R) -> None:
    section = first_section(found).id  # type: ignore[attr-defined]
    with world.act(found.coordinator) as act:
        writing.comment_on_section(act, the(act, found), section, "Between us: the budget is too high.")
    helper, official = world.person("Hana Helper"), world.person("Olaf Office", None, office)
    with world.act(found.coordinator) as act:
        name_person(act, the(act, found), Part.HELPER, helper.email)

    for person in (found.coordinator, found.partners[0][0], helper):
        with world.look(person) as act:
            assert [c.text for c in writing.comments_on(act, the(act, found))] == [
                "Between us: the budget is too high."
            ]
    with world.look(official) as act:
        assert not can(act, "application.view_comments", the(act, found))
        with pytest.raises(Refused):
            writing.comments_on(act, the(act, found))


def test_whoever_left_reads_no_more_comments(world: World, found: Consortium) -> None:
    partner = found.partners[0][0]
    with world.act() as act:
        for one in act.session.query(Participant).filter(Participant.person_id == partner.id):
            one.until = act.now

    with world.look(partner) as act, pytest.raises(Refused):
        writing.comments_on(act, the(act, found))


def test_a_later_change_marks_a_sign_off(world: World, found: Consortium) -> None:
    section = first_section(found).id  # type: ignore[attr-defined]
    question = write(world, found, found.coordinator, "First text.")
    with world.act(found.partners[0][0]) as act:
        writing.sign_off_section(act, the(act, found), section)
    with world.look() as act:
        assert [one.changed for one in standing_of(act, the(act, found))[section].signed_off] == [()]

    write(world, found, found.coordinator, "Second text.")

    label = definition_of(found.call).question(question).label
    with world.look() as act:
        standing = standing_of(act, the(act, found))[section]
        assert [one.changed for one in standing.signed_off] == [(label,)]
        assert standing.is_changed_since


def test_signing_off_again_and_taking_it_back_leave_one_or_none(world: World, found: Consortium) -> None:
    section = first_section(found).id  # type: ignore[attr-defined]
    for _ in range(2):
        with world.act(found.coordinator) as act:
            writing.sign_off_section(act, the(act, found), section)
    with world.look() as act:
        assert len(standing_of(act, the(act, found))[section].signed_off) == 1

    with world.act(found.coordinator) as act:
        writing.undo_sign_off(act, the(act, found), section)

    with world.look() as act:
        assert standing_of(act, the(act, found))[section].signed_off == ()


def test_who_saved_a_moment_ago_is_seen_by_the_others(world: World, found: Consortium) -> None:
    section = first_section(found).id  # type: ignore[attr-defined]
    write(world, found, found.coordinator, "I am at it.")

    world.later(minutes=2)
    with world.look(found.partners[0][0]) as act:
        assert [one.by.id for one in standing_of(act, the(act, found))[section].present] == [found.coordinator.id]
    with world.look(found.coordinator) as act:
        assert standing_of(act, the(act, found))[section].present == ()
    world.later(minutes=4)
    with world.look(found.partners[0][0]) as act:
        assert standing_of(act, the(act, found))[section].present == ()


def test_every_version_is_kept_and_an_old_one_can_be_put_back(world: World, found: Consortium) -> None:
    for text in ("We train forty firms.", "We train sixty firms.", "No."):
        question = write(world, found, found.coordinator, text)
    asked = definition_of(found.call).question(question)
    with world.look() as act:
        versions = versions_of(act, the(act, found), asked, lists_for(definition_of(found.call)))
    assert [(v.number, v.text, v.is_newest) for v in versions] == [
        (3, "No.", True), (2, "We train sixty firms.", False), (1, "We train forty firms.", False),
    ]  # fmt: skip
    compared = compare(versions, 1, 2)
    assert compared is not None
    assert [piece.text for piece in compared.pieces] == ["We train ", "forty ", "sixty ", "firms."]

    with world.act(found.coordinator) as act:
        put_back(act, the(act, found), question, 2, 3)

    with world.look() as act:
        assert values_of(act, the(act, found))[question] == "We train sixty firms."
        assert len(versions_of(act, the(act, found), asked, lists_for(definition_of(found.call)))) == 4


def test_a_version_is_not_put_back_over_what_somebody_saved_meanwhile(world: World, found: Consortium) -> None:
    for text in ("One.", "Two."):
        question = write(world, found, found.coordinator, text)
    write(world, found, found.partners[0][0], "Three, by somebody else.")

    with world.act(found.coordinator) as act, pytest.raises(Clash):
        put_back(act, the(act, found), question, 1, 2)


def test_nothing_is_said_after_the_deadline_whatever_the_clock_has_ticked(world: World, found: Consortium) -> None:
    with world.act(found.coordinator) as act:
        said = writing.comment_on_section(act, the(act, found), first_section(found).id, "In time.").id  # type: ignore[attr-defined]
    world.now = AFTER_CLOSING
    with pytest.raises(Refused, match="not open"), world.act(found.coordinator) as act:
        writing.comment_on_section(act, the(act, found), first_section(found).id, "Too late.")  # type: ignore[attr-defined]
    with pytest.raises(Refused, match="not open"), world.act(found.coordinator) as act:
        writing.settle_comment(act, the(act, found), said)
