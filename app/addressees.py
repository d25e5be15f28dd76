"""Who stands in a relation to a thing: likely people from the tables, each confirmed by the relation itself."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from sqlalchemy import ColumnElement, or_, select
from sqlalchemy.orm import selectinload

from app.access import relations_of, relations_of_many
from app.act import Act
from app.models import (
    Application,
    Assignment,
    Call,
    Disclosure,
    Enquiry,
    Expression,
    Follow,
    Introduction,
    Membership,
    OfficeHolding,
    Organisation,
    OrganisationMember,
    Part,
    Participant,
    Person,
    Reply,
    Review,
    ReviewMember,
    StandIn,
    Statement,
)
from app.some import parts_of
from workflows.relations import OFFICES
from workflows.relations import Relation as R

OF_ONE_TASK = frozenset({R.ASSIGNED, R.EXPERT, R.ASSESSOR})  # to a task nobody but its own expert is these


def people_who_are(act: Act, thing: Any, relations: tuple[R, ...]) -> list[Person]:  # noqa: ANN401 - any thing
    """List the people who stand in one of the relations to the thing now, by name."""
    wanted = set(relations)
    if isinstance(thing, Call):
        return _concerned_by(act, thing, wanted)
    if isinstance(thing, Enquiry):
        return _concerned_by_answer(act, thing, wanted)
    own = isinstance(thing, Assignment) and wanted <= OF_ONE_TASK
    conditions = [Person.id == thing.person_id] if own else _likely(thing, wanted)
    if not conditions:
        return []
    query = select(Person).where(or_(*conditions), Person.disabled_at.is_(None)).order_by(Person.name, Person.id)
    found = act.session.scalars(query).all()
    return [person for person in found if relations_of(replace(act, person=person), thing, wanted)]


def people_of_each(act: Act, things: Sequence[Any], relations: tuple[R, ...]) -> dict[str, list[Person]]:
    """The same for many things of one kind, by id: the experts of many tasks are asked about all of theirs at once."""
    wanted = set(relations)
    if not wanted <= OF_ONE_TASK or not all(isinstance(thing, Assignment) for thing in things):
        return {thing.id: people_who_are(act, thing, relations) for thing in things}
    tasks: dict[str, list[Assignment]] = {}
    for task in things:
        tasks.setdefault(task.person_id, []).append(task)
    found: dict[str, list[Person]] = {task.id: [] for task in things}
    for part in parts_of(list(tasks)):
        query = select(Person).where(Person.id.in_(part), Person.disabled_at.is_(None))
        for person in act.session.scalars(query.options(selectinload(Person.offices))).all():
            held = relations_of_many(replace(act, person=person), tasks[person.id], wanted)
            found |= {task_id: [person] for task_id, some in held.items() if some}
    return found


def _concerned_by(act: Act, call: Call, wanted: set[R]) -> list[Person]:
    """A call's own audience: who leads an application of it, who writes an expression of interest, who follows."""
    parts = [part for part in (Part.COORDINATOR, Part.DEPUTY) if part.value in wanted]
    leads = (
        select(Participant.person_id)
        .join(Application, Application.id == Participant.application_id)
        .where(Application.call_id == call.id, Participant.part.in_(parts), Participant.until.is_(None))
    )
    conditions = [Person.id.in_(leads)]
    if R.AUTHOR in wanted:
        conditions.append(Person.id.in_(select(Expression.author_id).where(Expression.call_id == call.id)))
    if R.FOLLOWER in wanted:
        conditions.append(Person.id.in_(select(Follow.person_id).where(Follow.thing_id == call.id)))
    query = select(Person).where(or_(*conditions), Person.disabled_at.is_(None))
    return list(act.session.scalars(query.order_by(Person.name, Person.id)))


def _concerned_by_answer(act: Act, enquiry: Enquiry, wanted: set[R]) -> list[Person]:
    """Who asked, and the audience of the call, as far as each of them is wanted."""
    found = _concerned_by(act, enquiry.call, wanted) if wanted - {R.SELF} else []
    asker = [enquiry.asker] if R.SELF in wanted and enquiry.asker.disabled_at is None else []
    return [*asker, *(person for person in found if person not in asker)]


def _likely(thing: Any, wanted: set[R]) -> list[ColumnElement[bool]]:  # noqa: ANN401
    conditions = _of_the_office(wanted)
    application_id = _application_of(thing)
    if application_id is not None:
        conditions += [
            Person.id.in_(select(model.person_id).where(model.application_id == application_id))
            for model in (Participant, Assignment)
        ]
    if organisations := _organisations_of(thing):
        members = select(OrganisationMember.person_id).where(OrganisationMember.organisation_id.in_(organisations))
        conditions.append(Person.id.in_(members))
    if isinstance(thing, Membership) and thing.invited_email_folded:
        conditions.append(Person.email_folded == thing.invited_email_folded)
    if R.SELF in wanted and isinstance(thing, Disclosure | Statement):
        conditions.append(Person.id == thing.person_id)
    if isinstance(thing, Review):
        conditions.append(Person.id.in_(select(ReviewMember.person_id).where(ReviewMember.review_id == thing.id)))
    if isinstance(thing, Expression):
        conditions.append(Person.id.in_(select(Follow.person_id).where(Follow.thing_id == thing.id)))
    return conditions


def _of_the_office(wanted: set[R]) -> list[ColumnElement[bool]]:
    conditions: list[ColumnElement[bool]] = []
    if offices := wanted & OFFICES:
        conditions.append(Person.id.in_(select(OfficeHolding.person_id).where(OfficeHolding.office.in_(offices))))
    if R.STAND_IN in wanted:
        conditions.append(Person.id.in_(select(StandIn.person_id).where(StandIn.ended_at.is_(None))))
    return conditions


def _application_of(thing: Any) -> str | None:  # noqa: ANN401
    if isinstance(thing, Application):
        return thing.id
    return getattr(thing, "application_id", None)


def _organisations_of(thing: Any) -> list[str]:  # noqa: ANN401
    if isinstance(thing, Organisation):
        return [thing.id]
    if isinstance(thing, Reply):
        return [thing.organisation_id, thing.expression.organisation_id]
    if isinstance(thing, Expression):
        return [thing.organisation_id]
    if isinstance(thing, Introduction):
        return [thing.asking_id, thing.asked_id]
    if isinstance(thing, Membership) and thing.organisation_id:
        return [thing.organisation_id]
    return []
