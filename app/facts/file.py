"""What guards of a file may know."""

from __future__ import annotations

from app.act import Act
from app.callfile import from_json
from app.facts.call import is_open_for
from app.facts.clarification import PREFIX
from app.models import Application, Clarification, Expression, File
from workflows.application import State
from workflows.clarification import State as ClarificationState
from workflows.definition_questions import DocumentDue
from workflows.file import Facts


def file_facts(act: Act, file: File) -> Facts:
    """A document of a profile may change at any time, one that follows the award while its application has it."""
    if file.organisation_id is not None:
        return Facts(call_is_open=True)
    if file.expression_id is not None:
        return Facts(call_is_open=is_open_for(act, act.session.get_one(Expression, file.expression_id)))
    application = act.session.get_one(Application, file.application_id)
    if file.slot.startswith(PREFIX):
        asked = act.session.get_one(Clarification, file.slot.removeprefix(PREFIX))
        return Facts(call_is_open=asked.state is ClarificationState.OPENED and act.now < asked.due_at)
    definition = from_json(application.call.definition)
    if any(slot.id == file.slot and slot.due is DocumentDue.AWARD for slot in definition.documents):
        return Facts(call_is_open=application.state is State.AWARDED)
    return Facts(call_is_open=is_open_for(act, application))
