"""Marks that a panel changed: kept beside the agreed ones, which stay as they were signed; the ranking takes them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from decimal import Decimal

from sqlalchemy import select

from app.act import Act
from app.models import Consensus, Decision, PanelMark
from app.services.calls.call import definition_of
from app.services.permitted import relation_for
from app.services.transitions import Refused, note, remark
from workflows import decision as decisions
from workflows.scoring import check_score
from workflows.verdict import refuse
from workflows.words import _

MOST_LETTERS = 4000  # of a reason
Marks = Mapping[str, PanelMark]


def all_marks_of(act: Act, consensus: Consensus) -> list[PanelMark]:
    """Give every change the panel made of one report, oldest first."""
    query = select(PanelMark).where(PanelMark.consensus_id == consensus.id).order_by(PanelMark.at, PanelMark.id)
    return list(act.session.scalars(query))


def marks_of(act: Act, reports: Iterable[Consensus]) -> dict[str, dict[str, PanelMark]]:
    """Give the changes that count, by report and criterion: the newest, while the agreed mark is what it changed."""
    agreed = {report.id: {line.criterion: line.points for line in report.scores} for report in reports}
    if not agreed:
        return {}
    query = select(PanelMark).order_by(PanelMark.at, PanelMark.id)
    query = query.where(PanelMark.consensus_id.in_(agreed)) if len(agreed) == 1 else query
    newest: dict[str, dict[str, PanelMark]] = {}
    for mark in act.session.scalars(query):
        if mark.consensus_id in agreed:
            newest.setdefault(mark.consensus_id, {})[mark.criterion] = mark
    return {
        report: {code: mark for code, mark in marks.items() if stands(mark, agreed[report].get(code))}
        for report, marks in newest.items()
    }


def stands(mark: PanelMark, agreed: Decimal | None) -> bool:
    """Say whether a change still speaks of the agreed mark, and changes it: going back to it is a change too."""
    return agreed is not None and mark.before == agreed and mark.points != agreed


def points_of(consensus: Consensus, marks: Marks) -> dict[str, Decimal]:
    """Give the marks that count: the agreed ones, and the panel's where it changed them."""
    found = {line.criterion: line.points for line in consensus.scores if line.points is not None}
    return found | {code: mark.points for code, mark in marks.items()}


def counting_points(act: Act, consensus: Consensus) -> dict[str, Decimal]:
    """Give the marks of one report that count."""
    return points_of(consensus, marks_of(act, [consensus]).get(consensus.id, {}))


def change_mark(act: Act, consensus: Consensus, criterion: str, points: Decimal, reason: str) -> PanelMark:
    """Record that the panel changes a mark, and why. The agreed mark stays beside it.

    Refused unless the report is approved, the decision not yet proposed, the mark allowed, and a reason given.
    """
    relation = relation_for(act, "consensus.change_mark", consensus)
    known = {one.code: one for one in definition_of(consensus.application.call).criteria}
    agreed = next((line.points for line in consensus.scores if line.criterion == criterion), None)
    if criterion not in known or agreed is None:
        raise Refused(refuse("no-such-mark", _("There is no agreed score on this criterion.")))
    _may_change(act, consensus, counting_points(act, consensus)[criterion], points, reason)
    if not (verdict := check_score(known[criterion], points)):
        raise Refused(verdict)
    told = remark(act, reason.strip())
    mark = PanelMark(
        id=act.new_id(), consensus_id=consensus.id, criterion=criterion, before=agreed, points=points,
        reason=reason.strip(), at=act.now, by=act.person_id,
    )  # fmt: skip
    act.session.add(mark)
    data = {"criterion": criterion, "before": str(agreed), "points": str(points), "reason": told}
    note(act, consensus, "change_mark", relation=relation, data=data)
    act.session.flush()
    return mark


def _may_change(act: Act, consensus: Consensus, counts: Decimal, points: Decimal, reason: str) -> None:
    fixed = select(Decision.id).where(
        Decision.call_id == consensus.application.call_id, Decision.state.in_(decisions.FIXED)
    )
    if act.session.scalar(fixed) is not None:
        text = _("The decision on this call is proposed: have it returned first.")
        raise Refused(refuse("decision-proposed", text))
    if not reason.strip():
        raise Refused(refuse("missing-reason", _("Fill in: {field}."), field=_("Reason")))
    if len(reason) > MOST_LETTERS:
        raise Refused(refuse("reason-too-long", _("Shorten the reason to {most} characters."), most=MOST_LETTERS))
    if points == counts:
        raise Refused(refuse("same-mark", _("This is the score that counts already; nothing was changed.")))
