"""The office checks: confirms what the machine says, settles what cannot be told, refuses with two persons."""

from __future__ import annotations

from dataclasses import replace

from sqlalchemy import select

from app.act import Act
from app.facts.consortium import consortium_facts
from app.models import Application, Check
from app.rehearsal.applying import Entry
from app.rehearsal.cast import Cast
from app.rehearsal.stage import Stage, get
from app.services.calls.call import definition_of
from app.services.transitions import perform
from workflows.check import RECORDED
from workflows.check import Stage as CheckStage
from workflows.check import State as CheckState
from workflows.rules import evaluate_call
from workflows.rules_facts import Answer

SETTLED = "Seat region unknown; the other regions alone satisfy the rule. (Reason made up for a rehearsal.)"
NOT_SHOWN = "The regions that are known do not satisfy the rule. (Reason made up for a rehearsal.)"


def check(stage: Stage, cast: Cast, entry: Entry) -> None:
    """Record every check of an application, then admit it or find against it."""
    first, second = cast.call_managers[:2]
    for check_id in _open_checks(stage, entry):
        _record(stage, first, second, check_id)
    with stage.act(first) as act:
        application = get(act, Application, entry.application_id)
        checks = act.session.scalars(select(Check).where(Check.application_id == application.id)).all()
        refused = [c for c in checks if c.state is CheckState.NOT_MET]
        if not refused:
            perform(act, application, "admit")
        else:
            inadmissible = any(c.stage is CheckStage.ADMISSIBILITY for c in refused)
            perform(act, application, "find_inadmissible" if inadmissible else "find_ineligible")
            entry.reasons = tuple((c.rule, c.label) for c in refused)
    stage.told(entry.partnership.acronym)


def _open_checks(stage: Stage, entry: Entry) -> list[str]:
    with stage.act() as act:
        query = select(Check).where(Check.application_id == entry.application_id).order_by(Check.position)
        return [c.id for c in act.session.scalars(query) if c.state not in RECORDED]


def _record(stage: Stage, first: str, second: str, check_id: str) -> None:
    with stage.act(first) as act:
        found = get(act, Check, check_id)
        match found.proposed:
            case "met":
                perform(act, found, "confirm")
                return
            case "undetermined" if _known_regions_suffice(act, found):
                perform(act, found, "override", {"reason": SETTLED})
                return
            case _:
                perform(act, found, "propose_refusal", {"reason": NOT_SHOWN})
    with stage.act(second) as act:
        perform(act, get(act, Check, check_id), "confirm_refusal")


def _known_regions_suffice(act: Act, found: Check) -> bool:
    """Say whether the rule is met by the partners whose region is known: what the made-up manager goes by."""
    definition = definition_of(found.application.call)
    facts = consortium_facts(act, found.application)
    known = replace(facts, partners=tuple(partner for partner in facts.partners if partner.region is not None))
    results = {result.id: result.answer for result in evaluate_call(definition, known)}
    return results.get(found.rule) is Answer.MET
