"""What guards of a clarification may know, and which documents belong to one."""

from __future__ import annotations

import json

from sqlalchemy import select

from app.act import Act
from app.callfile import from_json
from app.facts.call_version import definition_at
from app.models import Clarification, File
from workflows.clarification import Facts
from workflows.definition_questions import QuestionType
from workflows.file import KEPT
from workflows.questions import is_empty

PREFIX = "clarification:"  # of the place of what is uploaded for one: no place of a call has such a name


def slot_of(clarification: Clarification) -> str:
    return PREFIX + clarification.id


def named_documents(clarification: Clarification) -> list[str]:
    """Give the places for files among what is reopened: slots of the call, and questions answered by a document."""
    call = from_json(clarification.application.call.definition)
    places = {slot.id: slot.label for slot in call.documents}
    places |= {one.id: one.label for one in call.questions() if one.type is QuestionType.DOCUMENT}
    return [one for one in clarification.questions if one in places]


def files_for(act: Act, clarification: Clarification, place: str) -> list[File]:
    """Give what was uploaded for a reopened place and still stands there, in the order it came."""
    query = select(File).where(
        File.slot == slot_of(clarification), File.state.in_(KEPT), File.id.in_(clarification.answers.get(place) or [])
    )
    return list(act.session.scalars(query.order_by(File.uploaded_at, File.id)))


def clarification_facts(act: Act, clarification: Clarification) -> Facts:
    sent = json.loads(clarification.submitted.canonical)
    call = definition_at(act, clarification.application.call, sent.get("call_version"))
    documents = named_documents(clarification)
    labels = {slot.id: slot.label for slot in call.documents} | {one.id: one.label for one in call.questions()}
    missing = tuple(
        labels.get(one, one)
        for one in clarification.questions
        if (not files_for(act, clarification, one) if one in documents else is_empty(clarification.answers.get(one)))
    )
    return Facts(now=act.now, due_at=clarification.due_at, answers_missing=missing)
