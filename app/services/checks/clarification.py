"""Clarifications: the office reopens named answers of a received application; the frozen version never changes."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

from sqlalchemy import select

from app.access import visible
from app.act import Act
from app.addressees import people_who_are
from app.facts.clarification import named_documents
from app.models import Application, Clarification
from app.outbox import enqueue_mail
from app.services.applications.answer_lists import lists_for
from app.services.applications.answers_shown import ShownAnswer, shown
from app.services.applications.submission import content_of_version, current_version, definition_of_version
from app.services.calls.call import definition_of
from app.services.checks.clarification_files import FilePair, file_pairs, reopenable_documents
from app.services.permitted import one_at_a_time, relation_for
from app.services.transitions import Done, Refused, create, note
from workflows.clarification import LEADERS, State
from workflows.definition import CallDefinition, Question, QuestionType
from workflows.definition_questions import Choice
from workflows.question_values import Lists
from workflows.questions import Answer
from workflows.verdict import ALLOWED, refuse
from workflows.words import _


def open_clarification(
    act: Act, application: Application, questions: Sequence[str], text: str, due_at: datetime
) -> Clarification:
    """Reopen the named answers until `due_at` and nothing else; the applicant is told. Raises `Refused`."""
    relation = relation_for(act, "application.open_clarification", application)
    one_at_a_time(act, application)
    version = current_version(act, application)
    if version is None or act.person_id is None:
        raise LookupError("nothing was submitted, or nobody asks")
    call = definition_of_version(act, version)
    places = [place.id for place in reopenable_documents(application.call)]
    asked = [one for one in (*(question.id for question in reopenable(call)), *places) if one in set(questions)]
    reasons = (
        (bool(asked), "no-question", _("Choose at least one answer or document to reopen.")),
        (due_at > act.now, "in-the-past", _("The time to answer must lie ahead.")),
        (_open_one(act, application) is None, "open-already", _("A clarification is open already: close it first.")),
    )
    verdict = sum((refuse(code, text) for fine, code, text in reasons if not fine), ALLOWED)
    if not verdict:
        raise Refused(verdict)
    sent = content_of_version(version)["answers"]
    clarification = Clarification(
        application=application, submitted=version, questions=asked, text=text, due_at=due_at.astimezone(UTC),
        opened_by=act.person_id, answers={one: [] if one in places else sent.get(one) for one in asked},
    )  # fmt: skip
    event = create(act, clarification, relation=relation, data={"questions": asked, "due_at": due_at})
    for person in people_who_are(act, clarification, LEADERS):
        about = {"noun": "clarification", "thing": clarification.id, "event": event.id}
        enqueue_mail(act, "clarification_opened", person_id=person.id, address=person.email, about=about, key=event.id)
    return clarification


def _open_one(act: Act, application: Application) -> str | None:
    query = select(Clarification.id).where(
        Clarification.application_id == application.id, Clarification.state == State.OPENED
    )
    return act.session.scalar(query.limit(1))


def reopenable(call: CallDefinition) -> list[Question]:
    """Questions whose answers can be reopened; documents are reopened by their places."""
    return [question for question in call.questions() if question.type is not QuestionType.DOCUMENT]


def save_clarification(act: Act, clarification: Clarification, values: Mapping[str, Answer]) -> None:
    """Keep what is typed so far. Raises `Refused` when the time is over, whatever the clock has ticked."""
    relation = relation_for(act, "clarification.edit", clarification)
    if act.now >= clarification.due_at:
        raise Refused(refuse("too-late", _("The time for this clarification is over.")))
    named = {one: values[one] for one in answers_named(clarification) if one in values}
    clarification.answers = {**clarification.answers, **named}
    note(act, clarification, "save_answers", relation=relation, data={"questions": sorted(named)})


def answers_named(clarification: Clarification) -> list[str]:
    """The questions it reopens, documents apart."""
    documents = named_documents(clarification)
    return [one for one in clarification.questions if one not in documents]


def freeze_clarification(act: Act, clarification: Clarification, _done: Done) -> None:
    """What is typed now is what was answered."""
    clarification.answered_by, clarification.answered_at = act.person_id, act.now


# -- shown ---------------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Pair:
    """One answer as it was sent, and as it was clarified."""

    question: Question
    sent: ShownAnswer
    clarified: ShownAnswer


@dataclass(frozen=True)
class ClarificationView:
    clarification: Clarification
    pairs: tuple[Pair, ...]
    files: tuple[FilePair, ...] = ()


def definition_for(act: Act, clarification: Clarification) -> CallDefinition:
    """The call as it was when the version was sent."""
    return definition_of_version(act, clarification.submitted)


def lists_of(act: Act, clarification: Clarification) -> Lists:
    """The lists its answers choose from; partners as they stand in the frozen version."""
    content = content_of_version(clarification.submitted)
    partners = tuple(Choice(code=one["id"], label=one["name"]) for one in content["partners"])
    return lists_for(definition_for(act, clarification), partners)


def view_of(act: Act, clarification: Clarification) -> ClarificationView:
    """Old and new side by side."""
    call, lists = definition_for(act, clarification), lists_of(act, clarification)
    sent = content_of_version(clarification.submitted)["answers"]
    return ClarificationView(
        clarification,
        tuple(
            Pair(
                call.question(one),
                shown(call.question(one), sent.get(one), lists),
                shown(call.question(one), clarification.answers.get(one), lists),
            )
            for one in answers_named(clarification)
        ),
        file_pairs(act, clarification),
    )


def clarifications_of(act: Act, application: Application) -> tuple[Clarification, ...]:
    """All clarifications of an application that the person may read, newest first."""
    query = visible(act, Clarification, "clarification.view").where(Clarification.application_id == application.id)
    return tuple(act.session.scalars(query.order_by(Clarification.created_at.desc(), Clarification.id)))


def clarified_for_experts(act: Act, application: Application) -> tuple[ClarificationView, ...]:
    """What evaluators read beside the application, where the call lets them: answered clarifications, oldest first."""
    if not definition_of(application.call).clarifications_to_evaluators:
        return ()
    found = [one for one in reversed(clarifications_of(act, application)) if one.state is State.ANSWERED]
    return tuple(view_of(act, one) for one in found)
