"""What advises a panel where the published call names it: how sure each rank is, how strict evaluators are.

Neither is read by anything that ranks, lists or writes. What was tried is kept only when somebody saves it by name.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from app.act import Act
from app.chance import Seeded
from app.models import Call, Person
from app.services.deciding.trials import reports_of
from workflows.certainty import Certainty, certainty
from workflows.definition import CallDefinition
from workflows.definition_evaluation import Advice
from workflows.severity import Given, Severities, severities
from workflows.what_if import Inputs

USUAL_SEED = 1
LARGEST_SEED = 999_999_999


@dataclass(frozen=True)
class Advised:
    """What the call lets be shown; None where its file does not name it."""

    certainty: Certainty | None
    severities: Severities | None
    people: Mapping[str, str]
    seed: int

    @property
    def kept(self) -> dict[str, Any]:
        """Give what is kept of a saved trial: bands alone, nothing of evaluators."""
        found = self.certainty
        lines = found.lines if found else ()
        return {
            "seed": self.seed,
            "draws": found.draws if found else None,
            "lines": [[one.key, one.rank, one.lowest, one.highest, str(one.above)] for one in lines],
        }


def advice_in(definition: CallDefinition) -> Advice:
    return definition.evaluation.advice if definition.evaluation else Advice()


def advised(act: Act, call: Call, inputs: Inputs, seed: int, *, frozen: bool = False) -> Advised:
    """Work out what the call names. On a frozen copy nothing is said of evaluators: it does not hold who they are."""
    advice = advice_in(inputs.call)
    found = certainty(inputs, Seeded(seed)) if advice.certainty else None
    if not advice.severity or frozen:
        return Advised(found, None, {}, seed)
    given = [
        Given(person, report.application, float(sum(report.scores.values())))
        for report, person in reports_of(act, call, inputs.entries)
        if len(report.scores) == len(inputs.call.criteria)
    ]
    people = {person: act.session.get_one(Person, person).name for person in {one.evaluator for one in given}}
    return Advised(found, severities(given), people, seed)
