"""Where the writing of each section stands: who owns it, who is at it now, who signed it off, what is said of it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import func, select
from sqlalchemy.orm import joinedload

from app.act import Act
from app.models import Answer, Application, Person, SectionComment, SectionPlan, SectionSignOff
from app.services.applications.answers import latest
from app.services.applications.writing import numbers_in
from app.services.calls.call import definition_of
from workflows.definition import Section

PRESENT = timedelta(minutes=5)  # whoever saved within it is taken to be at it still


@dataclass(frozen=True)
class SignedOff:
    """One person's sign-off; `changed` are the labels of answers that are others since."""

    by: Person
    at: datetime
    changed: tuple[str, ...]


@dataclass(frozen=True)
class Presence:
    by: Person
    at: datetime


@dataclass(frozen=True)
class SectionStanding:
    """One section as those who write it see it."""

    section: Section
    plan: SectionPlan | None
    signed_off: tuple[SignedOff, ...]
    open_comments: int
    comments: int
    present: tuple[Presence, ...]  # others than the reader

    @property
    def is_changed_since(self) -> bool:
        return any(one.changed for one in self.signed_off)


def standing_of(act: Act, application: Application) -> dict[str, SectionStanding]:
    """Give every section's standing, in five queries however many sections there are."""
    answers = latest(act, application)
    sections = definition_of(application.call).sections
    plans = _plans(act, application)
    signed = _signs(act, application)
    counted = _comments(act, application)
    people = _people_at_it(act, application)
    return {
        section.id: SectionStanding(
            section=section,
            plan=plans.get(section.id),
            signed_off=_signed(section, [one for one in signed if one.section == section.id], answers),
            open_comments=counted[section.id, True],
            comments=counted[section.id, True] + counted[section.id, False],
            present=_present(section, people),
        )
        for section in sections
    }


def _plans(act: Act, application: Application) -> dict[str, SectionPlan]:
    query = select(SectionPlan).where(SectionPlan.application_id == application.id)
    return {one.section: one for one in act.session.scalars(query.options(joinedload(SectionPlan.owner)))}


def _signs(act: Act, application: Application) -> list[SectionSignOff]:
    query = select(SectionSignOff).where(
        SectionSignOff.application_id == application.id, SectionSignOff.undone_at.is_(None)
    )
    return list(act.session.scalars(query.options(joinedload(SectionSignOff.signer))))


def _signed(section: Section, signed: Sequence[SectionSignOff], answers: dict[str, Answer]) -> tuple[SignedOff, ...]:
    now = numbers_in(section, answers)
    labels = {question.id: question.label for question in section.questions}
    return tuple(
        SignedOff(
            by=one.signer,
            at=one.signed_at,
            changed=tuple(labels[q] for q, number in now.items() if number != one.numbers.get(q, 0)),
        )
        for one in sorted(signed, key=lambda one: one.signed_at)
    )


def _comments(act: Act, application: Application) -> Counter[tuple[str, bool]]:
    is_open = SectionComment.settled_at.is_(None)
    query = (
        select(SectionComment.section, is_open, func.count())
        .where(SectionComment.application_id == application.id)
        .group_by(SectionComment.section, is_open)
    )
    return Counter({(section, bool(open_)): number for section, open_, number in act.session.execute(query)})


def _people_at_it(act: Act, application: Application) -> list[tuple[str, Person, datetime]]:
    """Give who else saved which question within the last minutes."""
    query = (
        select(Answer.question, Person, func.max(Answer.saved_at))
        .join(Person, Person.id == Answer.saved_by)
        .where(
            Answer.application_id == application.id,
            Answer.saved_at > act.now - PRESENT,
            Answer.saved_by != act.person_id,
        )
        .group_by(Answer.question, Person.id)
    )
    return [(question, person, at) for question, person, at in act.session.execute(query)]


def _present(section: Section, people: Sequence[tuple[str, Person, datetime]]) -> tuple[Presence, ...]:
    questions = {question.id for question in section.questions}
    last: dict[str, Presence] = {}
    for question, person, at in people:
        if question in questions and (person.id not in last or last[person.id].at < at):
            last[person.id] = Presence(person, at)
    return tuple(sorted(last.values(), key=lambda one: one.by.name))
