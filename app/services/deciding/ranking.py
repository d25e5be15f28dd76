"""The ranking of a call from its agreed scores: assembled here, judged in workflows/ranking.py."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from itertools import groupby
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import selectinload

from app.act import Act
from app.models import Application, Call, Consensus, Decision, Draw, Outcome
from app.services.applications.sent import sent_facts
from app.services.calls.call import definition_of
from app.services.deciding.panel_marks import marks_of, points_of
from app.services.reason_json import reason_to_json
from workflows import application as applications
from workflows import consensus as consensus_states
from workflows.definition import CallDefinition, Strand, TieBreakBy
from workflows.ranking import Entry, Position, asks, rank
from workflows.ranking_lists import Line, Listed, lists

RANKED = applications.DECIDED | {applications.State.EVALUATED}
OUTCOMES = {
    Listed.AWARDED: Outcome.AWARD,
    Listed.RESERVE: Outcome.HOLD_IN_RESERVE,
    Listed.REJECTED: Outcome.REJECT,
}


@dataclass(frozen=True)
class Ranking:
    """The ranked list of a call as the scores and the panel's orders make it now."""

    definition: CallDefinition
    lines: tuple[Line, ...]
    ties: tuple[tuple[Position, ...], ...]  # equals whom the call's other rules leave to the panel, settled or not
    panel: tuple[str, ...]  # keys in the order the panel gave, of ties that still stand
    seed: str = ""  # of the public draw, once it was drawn
    changed: frozenset[str] = frozenset()  # keys of applications a mark of which the panel changed

    @property
    def open_ties(self) -> tuple[tuple[Position, ...], ...]:
        """Give the ties that wait for the panel's order. Among those who are all awarded, an order changes nothing."""
        placed = {line.position.key: line for line in self.lines}
        return tuple(
            tie
            for tie in self.ties
            if any(placed[position.key].position.tied_with for position in tie)
            and any(placed[position.key].listed is not Listed.AWARDED for position in tie)
        )


def ranking_of(act: Act, call: Call) -> Ranking:
    """Rank the evaluated applications of a call by their approved scores, the call's tie-breaks and the panel's orders.

    Withdrawn and refused applications have no place. Writes nothing.
    """
    definition = definition_of(call)
    return ranked(definition, *entries_of(act, call, definition), _orders(act, call), _seed(act, call))


def ranked(
    definition: CallDefinition,
    entries: Sequence[Entry],
    changed: frozenset[str],
    orders: Iterable[Sequence[str]],
    drawn: str,
) -> Ranking:
    """Rank what is given, with those of the panel's orders that stand, and the draw's seed where the call asks it."""
    ties = ties_of(definition, entries)
    panel = standing_orders(ties, orders)
    seed = drawn if asks(definition, TieBreakBy.DRAW) else ""
    ranking = rank(definition, entries, panel, seed)
    return Ranking(definition, lists(definition, ranking), ties, panel, seed, changed)


def outcome_of_line(definition: CallDefinition, line: Line) -> Outcome:
    """Give the outcome of a line. Equals at the cut whom no rule of the call can part are treated alike: reserve."""
    if line.listed is not Listed.UNDECIDED:
        return OUTCOMES[line.listed]
    return Outcome.REJECT if definition.award and not definition.award.reserve else Outcome.HOLD_IN_RESERVE


def panel_decides(definition: CallDefinition) -> bool:
    return asks(definition, TieBreakBy.PANEL_DECISION)


def _seed(act: Act, call: Call) -> str:
    return act.session.scalar(select(Draw.seed).where(Draw.call_id == call.id)) or ""


def entries_of(act: Act, call: Call, definition: CallDefinition) -> tuple[list[Entry], frozenset[str]]:
    """Give what is ranked, with the marks that count, and which applications have a mark that the panel changed."""
    query = (
        select(Consensus)
        .join(Application, Application.id == Consensus.application_id)
        .where(
            Application.call_id == call.id,
            Application.state.in_(RANKED),
            Consensus.state == consensus_states.State.APPROVED,
        )
        .options(selectinload(Consensus.scores), selectinload(Consensus.application))
        .order_by(Application.id)
    )
    found = list(act.session.scalars(query))
    marks = marks_of(act, found)
    entries = [
        entry_of(act, report.application, definition, points_of(report, marks.get(report.id, {}))) for report in found
    ]
    return entries, frozenset(consensus.application_id for consensus in found if marks.get(consensus.id))


def entry_of(
    act: Act,
    application: Application,
    definition: CallDefinition,
    points: Mapping[str, Decimal],
    moment: datetime | None = None,
) -> Entry:
    """Give one application as it is ranked with these marks; what was sent by a moment of the past, if one is named."""
    known = {criterion.code for criterion in definition.criteria}
    sent = sent_facts(act, application, definition.strand_question, moment)
    return Entry(
        key=application.id,
        acronym=sent.acronym,
        scores={code: given for code, given in points.items() if code in known},
        requested_grant=sent.requested_grant,
        strand=sent.strand,
        number=application.number or "",
    )


def _orders(act: Act, call: Call) -> list[list[str]]:
    stored = act.session.scalar(select(Decision.panel_order).where(Decision.call_id == call.id)) or []
    return [list(order["applications"]) for order in stored]


def ties_of(definition: CallDefinition, entries: Iterable[Entry]) -> tuple[tuple[Position, ...], ...]:
    """Give the equals whom the call's other rules leave to its panel or its draw; none where it asks neither."""
    if not (panel_decides(definition) or asks(definition, TieBreakBy.DRAW)):
        return ()
    groups = (tuple(group) for _place, group in groupby(rank(definition, entries), key=lambda position: position.group))
    return tuple(group for group in groups if len(group) > 1 and group[0].outcome.passes)


def standing_orders(ties: Iterable[tuple[Position, ...]], orders: Iterable[Sequence[str]]) -> tuple[str, ...]:
    """Keep an order only while it names just the equals it was given for: scores may have changed since."""
    standing = [{position.key for position in tie} for tie in ties]
    return tuple(key for order in orders if set(order) in standing for key in order)


def ranking_data(ranking: Ranking, orders: Sequence[Mapping[str, Any]]) -> dict[str, Any]:
    """Give the ranking as plain data: scores, totals, rules of order, lists, reasons. It is what is digested."""
    definition = ranking.definition
    return {
        "call": definition.code,
        "criteria": [
            {
                "code": c.code,
                "name": c.name,
                "max_points": trimmed(c.max_points),
                "threshold": None if c.threshold is None else trimmed(c.threshold),
                "weight": trimmed(c.weight),
            }
            for c in definition.criteria
        ],
        "overall_threshold": None if definition.overall_threshold is None else trimmed(definition.overall_threshold),
        "tie_breaks": [
            {"by": r.by.value, "code": r.code, "direction": r.direction.value} for r in definition.tie_breaks
        ],
        "strands": [_strand_data(strand) for strand in definition.strands],
        "transfers": [
            {"from": t.giver, "to": t.taker, "of": t.of.value, "most": None if t.most is None else trimmed(t.most)}
            for t in definition.transfers
        ],
        "draw_seed": ranking.seed,
        "panel": [list(order["applications"]) for order in orders if set(order["applications"]) <= set(ranking.panel)],
        "lines": [_line_data(ranking, place, line) for place, line in enumerate(ranking.lines, start=1)],
    }


def _strand_data(strand: Strand) -> dict[str, Any]:
    money = None if strand.total is None else trimmed(strand.total)
    return {"code": strand.code, "title": strand.title, "total": money, "expected_awards": strand.expected_awards}


def _line_data(ranking: Ranking, place: int, line: Line) -> dict[str, Any]:
    position = line.position
    return {
        "place": place,
        "rank": position.rank,
        "application": position.key,
        "acronym": position.entry.acronym,
        "number": position.entry.number,
        "strand": position.entry.strand,
        "scores": {found.criterion.code: trimmed(found.score) for found in position.outcome.criteria},
        "total": trimmed(position.outcome.total),
        "weighted_total": trimmed(position.outcome.ranking_total),
        "requested_grant": trimmed(position.entry.requested_grant),
        "panel_changed": position.key in ranking.changed,
        "outcome": outcome_of_line(ranking.definition, line).value,
        "reasons": [reason_to_json(reason) for reason in (*position.reasons, *line.reasons)],
    }


def trimmed(value: Decimal) -> str:
    """Write a number without needless zeros and never with an exponent: 80.500 is 80.5, 80.000 is 80."""
    text = f"{value:f}"
    return text.rstrip("0").rstrip(".") if "." in text else text
