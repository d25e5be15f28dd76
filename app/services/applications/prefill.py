"""Answers that need not be typed twice: from profiles, the consortium and earlier applications, each with its source.

Nothing is filled in unasked. What is taken keeps its source beside it until somebody saves the answer again.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import select

from app.access import visible
from app.act import Act
from app.facts.membership import has_accepted, name_of_partner
from app.models import Answer, Application, Membership, Organisation
from app.services.applications.answers import latest, save, value_of
from app.services.applications.answers_shown import ShownAnswer, shown
from app.services.applications.canonical import live_members
from app.services.calls.call import definition_of
from workflows.definition_questions import Question, QuestionType
from workflows.question_tables import PARTNER
from workflows.questions import Answer as Value
from workflows.questions import Lists, clean, is_empty

MOST_PER_QUESTION = 3


@dataclass(frozen=True)
class Source:
    """Where a suggestion stands. `kind` is profile, consortium or application; `at` is when it was last changed."""

    kind: str
    id: str
    name: str
    at: datetime

    @property
    def plain(self) -> dict[str, str]:
        return {"kind": self.kind, "id": self.id, "name": self.name, "at": self.at.isoformat()}


@dataclass(frozen=True)
class Suggestion:
    """One answer somebody might take over."""

    value: Value
    shown: ShownAnswer
    source: Source

    @property
    def key(self) -> str:
        return f"{self.source.kind}.{self.source.id}"


def source_of(answer: Answer | None) -> Source | None:
    """Tell where the newest answer was taken from; None once somebody has saved it as their own."""
    plain: dict[str, str] | None = answer.value.get("source") if answer else None
    return None if plain is None else Source(**(plain | {"at": datetime.fromisoformat(plain["at"])}))  # type: ignore[arg-type]


def suggestions(
    act: Act, application: Application, lists: Lists, only: Application | None = None
) -> dict[str, tuple[Suggestion, ...]]:
    """Give what could be taken over for each question nobody has answered yet, newest first.

    `only` names the one earlier application to look at.
    """
    answered = latest(act, application)
    open_questions = [
        question
        for question in definition_of(application.call).questions()
        if question.type is not QuestionType.DOCUMENT and is_empty(value_of(answered.get(question.id)))
    ]
    earlier = _earlier(act, application, open_questions, only)
    found = {}
    for question in open_questions:
        raw = [*_from_consortium(application, question), *earlier.get(question.id, ())]
        offered = tuple(_sound(question, raw, lists))[:MOST_PER_QUESTION]
        if offered:
            found[question.id] = offered
    return found


def _sound(question: Question, raw: list[tuple[Any, Source]], lists: Lists) -> Iterator[Suggestion]:
    """Offer what this call's question takes, each text once: a limit or a list may be another than it was."""
    seen: list[Value] = []
    for given, source in raw:
        value, verdict = clean(question, given, lists)
        if verdict and not is_empty(value) and value not in seen:
            seen.append(value)
            yield Suggestion(value, shown(question, value, lists), source)


def take(
    act: Act, application: Application, chosen: Mapping[str, str], lists: Lists, only: Application | None = None
) -> list[str]:
    """Save the chosen suggestions, given as question → key, and name the questions that got an answer.

    A suggestion that is gone, and a question somebody has answered meanwhile, are left as they are.
    """
    offered = suggestions(act, application, lists, only)
    wanted = {
        question: suggestion
        for question, key in chosen.items()
        for suggestion in offered.get(question, ())
        if suggestion.key == key
    }
    numbers = {question: answer.number for question, answer in latest(act, application).items()}
    stored = save(
        act,
        application,
        {question: suggestion.value for question, suggestion in wanted.items()},
        numbers,
        {question: suggestion.source.plain for question, suggestion in wanted.items()},
    )
    return sorted(stored)


# -- the consortium and its profiles ---------------------------------------------------------------------------------


def _from_consortium(application: Application, question: Question) -> Iterator[tuple[Any, Source]]:
    members = [member for member in live_members(application) if has_accepted(member)]
    rows: list[dict[str, str]] = []
    if question.type is QuestionType.REGION_LIST:
        rows = _regions(members)
    elif question.type is QuestionType.PARTNER_LIST:
        rows = [{PARTNER: member.id, "contribution": _contribution(member)} for member in members]
    if rows:
        changed = max(member.last_act_at for member in members)
        yield rows, Source("consortium", application.id, ", ".join(name_of_partner(m) for m in members), changed)


def _regions(members: list[Membership]) -> list[dict[str, str]]:
    """One row for each region the partners act for, with the priority their profiles name for it."""
    rows: dict[str, dict[str, str]] = {}
    for member in members:
        region = member.region_acted_for or member.region
        if region and region not in rows:
            rows[region] = {"region": region, "priority": _priority(member.organisation, region)}
    return list(rows.values())


def _priority(organisation: Organisation | None, region: str) -> str:
    listed: list[Any] = organisation.priorities if organisation else []
    return next((one["text"] for one in listed if isinstance(one, dict) and one.get("region") == region), "")


def _contribution(member: Membership) -> str:
    organisation = member.organisation
    parts = [member.task, organisation.summary if organisation else "", organisation.offers if organisation else ""]
    return "\n\n".join(part.strip() for part in parts if part.strip())


# -- earlier applications --------------------------------------------------------------------------------------------


def _earlier(
    act: Act, application: Application, questions: list[Question], only: Application | None
) -> dict[str, list[tuple[Any, Source]]]:
    """Find answers to the same questions in applications the person takes part in, newest first."""
    mine = visible(act, Application, "application.reuse").where(Application.id != application.id)
    mine = mine if only is None else mine.where(Application.id == only.id)
    others = {other.id: other for other in act.session.scalars(mine)}
    rows = act.session.scalars(
        select(Answer)
        .where(Answer.application_id.in_(others), Answer.question.in_([q.id for q in questions]))
        .order_by(Answer.saved_at.desc(), Answer.number.desc())
    )
    found: dict[str, list[tuple[Any, Source]]] = {}
    seen: set[tuple[str, str]] = set()
    types = {question.id: question.type for question in questions}
    for row in rows:
        other = others[str(row.application_id)]
        if (row.question, other.id) in seen:
            continue
        seen.add((row.question, other.id))
        value = value_of(row)
        if _same_type(other, row.question, types[row.question]) and not is_empty(value):
            source = Source("application", other.id, other.acronym or other.number, row.saved_at)
            found.setdefault(row.question, []).append((_without_partners(value), source))
    return found


def _same_type(other: Application, question: str, kind: QuestionType) -> bool:
    asked = {q.id: q.type for q in definition_of(other.call).questions()}
    return asked.get(question) is kind


def _without_partners(value: Value) -> Any:  # noqa: ANN401 - what `clean` takes
    """Leave out who did what: the partners of another consortium have other ids."""
    if not isinstance(value, list):
        return value
    return [
        {key: cell for key, cell in row.items() if key != PARTNER} if isinstance(row, dict) else row for row in value
    ]
