"""What the pages of expressions of interest show."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import joinedload

from app.access import can, visible
from app.act import Act
from app.facts.call import is_open
from app.maps import Mark
from app.models import Application, Call, Comment, Event, Expression, File, Organisation, OrganisationMember, Reply
from app.services.applications.answer_lists import lists_for
from app.services.applications.answers import saved_after, values_of
from app.services.applications.answers_shown import ShownSection, shown_sections
from app.services.calls.call import definition_of
from app.services.history import Happened, history_of
from app.services.organisations.region_marks import marks_of
from workflows.contact_details import HIDDEN, hide_contacts, hide_in
from workflows.definition import CallKind, Publication
from workflows.expression import PUBLIC, State
from workflows.file import KEPT, READABLE
from workflows.questions import Answer


def mine(act: Act) -> Iterable[Expression]:
    """Those of the organisations the person acts for."""
    if act.person is None:
        return ()
    organisations = [organisation.id for organisation in my_organisations(act)]
    query = select(Expression).where(Expression.organisation_id.in_(organisations)).options(joinedload(Expression.call))
    return act.session.scalars(query.order_by(Expression.last_act_at.desc(), Expression.id))


def my_organisations(act: Act) -> Sequence[Organisation]:
    """Organisations the person acts for, by name."""
    if act.person is None:
        return ()
    query = (
        select(Organisation)
        .join(OrganisationMember, OrganisationMember.organisation_id == Organisation.id)
        .where(
            OrganisationMember.person_id == act.person_id,
            OrganisationMember.accepted.is_(True),
            OrganisationMember.ended_at.is_(None),
        )
        .order_by(Organisation.name_folded, Organisation.id)
    )
    return act.session.scalars(query).all()


def _calls_for_expressions(act: Act) -> Sequence[Call]:
    query = visible(act, Call, "call.view").where(Call.kind == CallKind.EXPRESSION_OF_INTEREST.value)
    return act.session.scalars(query.order_by(Call.closes_at, Call.id)).all()


def public_answers(expression: Expression) -> Mapping[str, Answer]:
    """The answers as they were last published."""
    published: dict[str, Any] = expression.published or {}
    answers: Mapping[str, Answer] = published.get("answers", {})
    return answers


def regions_in(expression: Expression, answers: Mapping[str, Answer]) -> tuple[tuple[str, int], ...]:
    """Regions involved, each with the vintage of the call's list."""
    vintage = definition_of(expression.call).regions.vintage
    return tuple((str(row["region"]), vintage) for row in _rows(answers, "regions") if row.get("region"))


def _rows(answers: Mapping[str, Answer], question: str) -> list[dict[str, Any]]:
    value = answers.get(question)
    return [row for row in value if isinstance(row, dict)] if isinstance(value, list) else []


@dataclass(frozen=True)
class Page:
    """Everything on the page of one expression of interest."""

    expression: Expression
    sections: tuple[ShownSection, ...]
    marks: tuple[Mark, ...]
    comments: Sequence[Comment]
    replies: Sequence[Reply]
    may_reply_for: Sequence[Organisation]
    applications: Sequence[Application]
    unpublished_changes: int
    files: Sequence[File] = ()
    history: Sequence[Happened] = ()
    whole: bool = False  # nothing in its texts is hidden from the reader

    @property
    def public(self) -> bool:
        return self.expression.state in PUBLIC


def page_of(act: Act, expression: Expression, hidden: str = HIDDEN) -> Page:
    """The published answers; of what is not published yet, the draft's.

    `hidden` stands in the place of contact details in its texts, where the reader is not to see them yet.
    """
    call, whole = definition_of(expression.call), can(act, "expression.view_contact_details", expression)
    answers = public_answers(expression) if expression.published else values_of(act, expression)
    answers = answers if whole else hide_in(answers, hidden)
    replies = act.session.scalars(
        visible(act, Reply, "reply.view")
        .where(Reply.expression_id == expression.id)
        .options(joinedload(Reply.organisation), joinedload(Reply.person))
        .order_by(Reply.created_at.desc(), Reply.id)
    ).all()
    answered_for = {reply.organisation_id for reply in replies}
    public = expression.state in PUBLIC
    return Page(
        expression=expression,
        sections=shown_sections(call.sections, answers, lists_for(call)),
        marks=marks_of(regions_in(expression, answers), step=4),
        comments=comments_on(act, expression) if public else (),
        replies=replies,
        may_reply_for=[
            o for o in my_organisations(act) if o.id != expression.organisation_id and o.id not in answered_for
        ],
        applications=applications_from(act, expression),
        files=files_of(act, expression),
        unpublished_changes=_unpublished(act, expression),
        history=_history(act, expression, None if whole else hidden) if public else (),
        whole=whole,
    )


def _history(act: Act, expression: Expression, hidden: str | None) -> Sequence[Happened]:
    told = history_of(act, expression)
    return told if hidden is None else [replace(one, remark=hide_contacts(one.remark, hidden)) for one in told]


def files_of(act: Act, expression: Expression) -> Sequence[File]:
    """Documents that were published with it, replaced meanwhile or not; before publishing those the author uploaded."""
    query = visible(act, File, "file.view").where(File.expression_id == expression.id)
    if expression.published is None:
        query = query.where(File.state.in_(KEPT))
    else:
        query = query.where(File.state.in_(READABLE), File.id.in_(_published_files(expression)))
    return act.session.scalars(query.order_by(File.slot, File.uploaded_at)).all()


def _published_files(expression: Expression) -> frozenset[str]:
    published: dict[str, Any] = expression.published or {}
    return frozenset(file["id"] for file in published.get("files", []))


def comments_on(act: Act, expression: Expression) -> Sequence[Comment]:
    """Remarks that were not hidden, oldest first."""
    query = select(Comment).where(Comment.expression_id == expression.id, Comment.hidden_at.is_(None))
    query = query.options(joinedload(Comment.person), joinedload(Comment.organisation))
    return act.session.scalars(query.order_by(Comment.at, Comment.id)).all()


def applications_from(act: Act, expression: Expression) -> Sequence[Application]:
    """Applications it became that the person may see."""
    query = visible(act, Application, "application.view").where(Application.expression_id == expression.id)
    return act.session.scalars(query.order_by(Application.created_at, Application.id)).all()


def _unpublished(act: Act, expression: Expression) -> int:
    """Changes that only the author sees: answers and documents newer than the last publishing."""
    if expression.state is not State.PUBLISHED:
        return 0
    last = act.session.scalar(
        select(Event.at)
        .where(Event.thing_id == expression.id, Event.name.in_(["publish", "publish_again"]))
        .order_by(Event.number.desc())
        .limit(1)
    )
    return (saved_after(act, expression, last) if last else 0) + _unpublished_files(act, expression)


def _unpublished_files(act: Act, expression: Expression) -> int:
    kept = select(File.id).where(File.expression_id == expression.id, File.state.in_(KEPT))
    now, then = frozenset(act.session.scalars(kept)), _published_files(expression)
    return max(len(now - then), len(then - now))  # one in the place of another is one change


def open_calls(act: Act) -> list[Call]:
    """Calls in which an expression of interest can be started now."""
    return [call for call in _calls_for_expressions(act) if is_open(act, call)]


def terms_of(expression: Expression) -> Publication:
    """What may be done with a published notice in its call."""
    return definition_of(expression.call).publication or Publication()
