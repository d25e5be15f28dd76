"""What is still missing in the lines of a report, one reason for each criterion."""

from __future__ import annotations

from collections.abc import Iterable

from app.models import AgreedScore, Score
from workflows.definition import CallDefinition
from workflows.verdict import Verdict, refuse, together
from workflows.words import _


def missing_lines(call: CallDefinition, lines: Iterable[Score | AgreedScore]) -> Verdict:
    """Name each criterion of the call that lacks its score or its reasons."""
    given = {line.criterion: line for line in lines}
    found = []
    for criterion in call.criteria:
        line = given.get(criterion.code)
        if line is None or line.points is None:
            found.append(refuse("score-missing", _("{name}: give a score."), name=criterion.name))
        if line is None or not line.reasons.strip():
            found.append(refuse("reasons-missing", _("{name}: give reasons."), name=criterion.name))
    return together(found)
