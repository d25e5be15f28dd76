"""The newest answers of an application or an expression of interest."""

from __future__ import annotations

from sqlalchemy import ColumnElement, func, select

from app.act import Act
from app.models import Answer, Application, Expression
from workflows.questions import Answer as Value

Owner = Application | Expression


def answers_of(owner: Owner) -> ColumnElement[bool]:
    """The condition that a row is an answer of this application or expression."""
    column = Answer.application_id if isinstance(owner, Application) else Answer.expression_id
    return column == owner.id


def latest(act: Act, owner: Owner) -> dict[str, Answer]:
    """The newest answer of each question that was ever saved."""
    newest = (
        select(Answer.question, func.max(Answer.number).label("number"))
        .where(answers_of(owner))
        .group_by(Answer.question)
        .subquery()
    )
    query = select(Answer).join(newest, (Answer.question == newest.c.question) & (Answer.number == newest.c.number))
    return {answer.question: answer for answer in act.session.scalars(query.where(answers_of(owner)))}


def value_of(answer: Answer | None) -> Value:
    """What is stored in a row; None where there is no row."""
    value: Value = answer.value["value"] if answer else None
    return value


def values_of(act: Act, owner: Owner) -> dict[str, Value]:
    """The newest values by question."""
    return {question: value_of(answer) for question, answer in latest(act, owner).items()}
