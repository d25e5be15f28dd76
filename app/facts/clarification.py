"""What guards of a clarification may know."""

from __future__ import annotations

import json

from app.act import Act
from app.facts.call_version import definition_at
from app.models import Clarification
from workflows.clarification import Facts
from workflows.questions import is_empty


def clarification_facts(act: Act, clarification: Clarification) -> Facts:
    sent = json.loads(clarification.submitted.canonical)
    call = definition_at(act, clarification.application.call, sent.get("call_version"))
    missing = tuple(
        call.question(one).label for one in clarification.questions if is_empty(clarification.answers.get(one))
    )
    return Facts(now=act.now, due_at=clarification.due_at, answers_missing=missing)
