"""Answers to the questions of a call, in versions: the newest counts, none is ever overwritten or lost."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select, tuple_

from app.act import Act
from app.facts.answers import Owner, answers_of, latest, value_of, values_of
from app.facts.call import is_open_for
from app.models import Answer, Application, Expression, Person
from app.services.transitions import Refused
from workflows.questions import Answer as Value
from workflows.questions import is_empty
from workflows.verdict import refuse
from workflows.words import _

__all__ = [
    "Clash",
    "Difference",
    "Owner",
    "is_changed",
    "last_saved",
    "latest",
    "numbers_of",
    "opened_with",
    "restate",
    "save",
    "saved_after",
    "value_of",
    "values_of",
]


@dataclass(frozen=True)
class Difference:
    """One question two people changed at once: what the slower one typed, what is stored, by whom and since when."""

    question: str
    mine: Value
    theirs: Value
    number: int  # of the stored answer: whoever saves next starts from it
    by: Person | None
    at: datetime


class Clash(Exception):  # noqa: N818 - somebody was faster, nothing is broken
    """Somebody saved newer answers meanwhile; nothing of this save is stored."""

    def __init__(self, differences: tuple[Difference, ...]) -> None:
        super().__init__(", ".join(difference.question for difference in differences))
        self.differences = differences

    @property
    def questions(self) -> tuple[str, ...]:
        return tuple(difference.question for difference in self.differences)


def numbers_of(answers: Mapping[str, Answer]) -> dict[str, int]:
    """From which number a page starts, for each question: it comes back with what is saved."""
    return {question: answer.number for question, answer in answers.items()}


def save(
    act: Act,
    owner: Owner,
    values: Mapping[str, Value],
    started_from: Mapping[str, int],
    sources: Mapping[str, dict[str, str]] | None = None,
) -> dict[str, Answer]:
    """Store each changed answer as a new row and give the new rows by question.

    `values` are clean (`workflows.questions.clean`); `started_from` has the number each question had when the page was
    opened, none for a question without an answer. A question its person did not touch never clashes. `sources` tells
    where a value was taken from that nobody typed (see `app/services/applications/prefill.py`).
    Raises `Refused` where the call is not open at `act.now`, `Clash` where a newer answer says something else.
    """
    if not is_open_for(act, owner):
        raise Refused(refuse("call-closed", _("The call is not open: this can't be changed any more.")))
    # One saves, the other waits: PostgreSQL locks the row, SQLite the whole database.
    act.session.execute(select(type(owner).id).where(type(owner).id == owner.id).with_for_update())
    known = latest(act, owner)
    opened = opened_with(act, owner, started_from)
    changed = {q: value for q, value in values.items() if is_changed(value, opened.get(q), known.get(q))}
    _refuse_clashes(act, changed, started_from, known)
    stored = {question: _row(act, owner, question, value, known.get(question)) for question, value in changed.items()}
    for question in stored.keys() & (sources or {}).keys():
        stored[question].value |= {"source": (sources or {})[question]}
    act.session.add_all(stored.values())
    act.session.flush()
    return stored


def opened_with(act: Act, owner: Owner, started_from: Mapping[str, int]) -> dict[str, Answer]:
    """The answers a page showed when it was opened."""
    pairs = tuple_(Answer.question, Answer.number).in_(list(started_from.items()))
    return (
        {a.question: a for a in act.session.scalars(select(Answer).where(answers_of(owner), pairs))}
        if started_from
        else {}
    )


def is_changed(mine: Value, opened: Answer | None, newest: Answer | None) -> bool:
    """Did the person change it? What says the same as the page did, or as is stored now, is left alone."""
    return not (_same(mine, value_of(newest)) or (newest is not opened and _same(mine, value_of(opened))))


def _same(one: Value, other: Value) -> bool:
    return one == other or (is_empty(one) and is_empty(other))


def _refuse_clashes(
    act: Act, changed: Mapping[str, Value], started_from: Mapping[str, int], known: Mapping[str, Answer]
) -> None:
    newer = [q for q in changed if q in known and known[q].number > started_from.get(q, 0)]
    if newer:
        raise Clash(tuple(_difference(act, question, changed[question], known[question]) for question in newer))


def _difference(act: Act, question: str, mine: Value, stored: Answer) -> Difference:
    by = act.session.get(Person, stored.saved_by) if stored.saved_by else None
    return Difference(question, mine, value_of(stored), stored.number, by, stored.saved_at)


def _row(act: Act, owner: Owner, question: str, value: Value, before: Answer | None) -> Answer:
    return Answer(
        id=act.new_id(),
        application_id=owner.id if isinstance(owner, Application) else None,
        expression_id=owner.id if isinstance(owner, Expression) else None,
        question=question,
        number=before.number + 1 if before else 1,
        value={"value": value},
        saved_by=act.person_id,
        saved_at=act.now,
    )


def restate(act: Act, owner: Owner, question: str) -> Answer | None:
    """Store the newest answer once more as the acting person's own: what was taken over is checked then.

    Raises `Refused` where the call is not open.
    """
    if not is_open_for(act, owner):
        raise Refused(refuse("call-closed", _("The call is not open: this can't be changed any more.")))
    before = latest(act, owner).get(question)
    if before is None:
        return None
    row = _row(act, owner, question, value_of(before), before)
    act.session.add(row)
    act.session.flush()
    return row


def last_saved(answers: Iterable[Answer]) -> Answer | None:
    """The answer that was saved last, for "saved by … at …"."""
    return max(answers, key=lambda answer: answer.saved_at, default=None)


def saved_after(act: Act, owner: Owner, moment: datetime) -> int:
    """How many questions have an answer newer than the moment: changes that are not sent yet."""
    query = select(func.count(func.distinct(Answer.question))).where(answers_of(owner), Answer.saved_at > moment)
    return act.session.scalar(query) or 0
