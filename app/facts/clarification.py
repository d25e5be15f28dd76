"""What guards of a clarification may know, and which documents belong to one."""

from __future__ import annotations

import json

from sqlalchemy import select

from app.act import Act
from app.callfile import from_json
from app.facts.call_version import definition_at
from app.facts.membership import has_accepted, name_of_partner
from app.facts.readiness import owing
from app.models import Clarification, File, Membership
from workflows.clarification import Facts
from workflows.definition import CallDefinition
from workflows.definition_questions import DocumentPer, QuestionType
from workflows.file import KEPT
from workflows.membership import LIVE
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
    missing: list[str] = []
    for one in clarification.questions:
        if one in documents:
            missing += _documents_missing(act, clarification, one, labels.get(one, one))
        elif is_empty(clarification.answers.get(one)):
            missing.append(labels.get(one, one))
    return Facts(now=act.now, due_at=clarification.due_at, answers_missing=tuple(missing))


def partners_to_ask(clarification: Clarification, call: CallDefinition, place: str) -> list[Membership] | None:
    """Give the partners each of whom uploads a document of their own for a place; None: one for all is uploaded."""
    slot = next((slot for slot in call.documents if slot.id == place), None)
    if slot is None or slot.per is not DocumentPer.PARTNER:
        return None
    members = [one for one in clarification.application.memberships if one.state in LIVE and has_accepted(one)]
    due = owing(slot, members)
    return sorted((one for one in members if one in due), key=lambda one: (one.position, one.id))


def _documents_missing(act: Act, clarification: Clarification, place: str, label: str) -> list[str]:
    files = files_for(act, clarification, place)
    partners = partners_to_ask(clarification, from_json(clarification.application.call.definition), place)
    if not partners:  # one for all, or none of them owes it: what was asked for is still to be given once
        return [] if files else [label]
    given = {file.membership_id for file in files}
    return [f"{label} ({name_of_partner(one)})" for one in partners if one.id not in given]
