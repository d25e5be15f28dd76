"""What the letter to a refused application says: each rule that is not met, with the facts it rests on."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from app.act import Act
from app.code_names import in_english
from app.models import Application, Check
from app.services.calls.call import definition_of
from app.services.deciding.letter_body import NOBODY
from app.services.deciding.letter_texts import text_of
from app.services.documents.paper_heads import (
    addressee,
    after_refusal,
    common,
    coordinator_of,
    local_day,
    name_of_member,
    redress_text,
    sender,
)
from app.services.reason_json import reason_from_json
from app.services.reviews.review import until_of
from app.services.reviews.review_checks import finding_on, refused_checks
from app.services.transitions import Done
from workflows.application import State as ApplicationState
from workflows.check import Stage
from workflows.letter_texts import Kind, filled, parts, uses
from workflows.review import Kind as ReviewKind
from workflows.words import _

KINDS = {ApplicationState.INADMISSIBLE: Kind.INADMISSIBLE, ApplicationState.INELIGIBLE: Kind.INELIGIBLE}


def refusal_letter(act: Act, application: Application, done: Done) -> tuple[dict[str, Any], str | None, str]:
    """Give the snapshot of the letter, the application's id and the call's."""
    until = until_of(act, application, ReviewKind.CHECKS)
    letter = letter_of_refusal(act, application, application.state, until)
    snapshot = common(act, application.call, done, "refusal_letter") | letter
    return snapshot, application.id, application.call_id


def letter_of_refusal(
    act: Act, application: Application, state: ApplicationState, until: datetime | None
) -> dict[str, Any]:
    """Write the letter that refuses an application, as plain data; `until` ends the time to ask for a review."""
    call = application.call
    definition = definition_of(call)
    text = text_of(act, call, KINDS[state])
    person, lead = coordinator_of(act, application)
    redress = redress_text(after_refusal(definition), until=until, zone=call.zone)
    values = {
        "name": person.name if person else name_of_member(lead) or NOBODY,
        "acronym": application.acronym,
        "number": application.number or "",
        "call": definition.reference or definition.code,
        "call_title": call.title,
        "redress": redress or "",
    }
    return {
        "kind": state.value,
        "text": {"kind": text.kind.value, "version": text.number},
        "number": application.number,
        "subject": _("{acronym}: result of the formal and eligibility checks").format(acronym=application.acronym),
        "reference": application.number,
        "date": local_day(act.now, call.zone).isoformat(),
        "sender": sender(act),
        "addressee": addressee(act, application),
        "paragraphs": parts(filled(text.text, values)),
        "reasons": [_in_words(act, check) for check in _refused(act, application, state)],
        "redress": None if uses(text.text, "redress") else redress,
        "signatures": [],
        "attachments": [],
    }


def _refused(act: Act, application: Application, state: ApplicationState) -> list[Check]:
    refused = refused_checks(act, application)
    if state is ApplicationState.INADMISSIBLE:
        return [check for check in refused if check.stage is Stage.ADMISSIBILITY]
    return refused


def _in_words(act: Act, check: Check) -> str:
    """The rule, the facts where the system finds it not met, and what the person found."""
    facts = [in_english(reason_from_json(fact)) for fact in check.facts] if check.proposed == "not_met" else []
    told = [_("Not met: “{rule}”").format(rule=check.label), *facts, finding_on(act, check)]
    return " ".join(part for part in told if part)
