"""The decision on a call: started, its ties ordered by the panel, its ranking frozen when it is proposed."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from typing import Any

import rfc8785
from sqlalchemy import delete, select

from app.access import can, relations_of
from app.act import Act
from app.models import Call, Decision, DecisionLine
from app.services.deciding.ranking import Ranking, outcome_of_line, panel_decides, ranking_data, ranking_of
from app.services.reason_json import reason_to_json
from app.services.transitions import Done, Refused, create, note, remark
from workflows.ranking_lists import Line
from workflows.relations import Relation as R
from workflows.verdict import refuse
from workflows.words import _

MOST_LETTERS = 4000  # of a reason


def decision_on(act: Act, call: Call) -> Decision | None:
    """Find the decision of a call, if one was started."""
    return act.session.scalar(select(Decision).where(Decision.call_id == call.id))


def start_decision(act: Act, call: Call) -> Decision:
    """Give the call its decision, or the one it has.

    Refused to who holds no office of call manager or is tied to one of the call's applications.
    """
    if (found := decision_on(act, call)) is not None:
        return found
    decision = Decision(call_id=call.id, panel_order=[], ranking=None)
    with act.session.begin_nested():
        create(act, decision, relation=R.CALL_MANAGER)
        if R.CALL_MANAGER not in relations_of(act, decision, {R.CALL_MANAGER}):
            raise Refused(refuse("not-yours", _("You can't prepare this decision: it is for somebody else.")))
    return decision


def order_tie(act: Act, decision: Decision, application_ids: Sequence[str], reason: str) -> None:
    """Record the panel's order of equals, with its reason. An earlier order of the same equals is replaced.

    Refused unless the applications are exactly one group that the call's other rules leave tied.
    """
    ids = list(application_ids)
    if not can(act, "decision.order_ties", decision):
        raise Refused(refuse("not-yours", _("The order can't be changed now.")))
    if not reason.strip():
        raise Refused(refuse("missing-reason", _("Fill in: {field}."), field=_("Reason")))
    if len(reason) > MOST_LETTERS:
        raise Refused(refuse("reason-too-long", _("Shorten the reason to {most} characters."), most=MOST_LETTERS))
    ranking = ranking_of(act, decision.call)
    tied = [{position.key for position in tie} for tie in ranking.ties if panel_decides(ranking.definition)]
    if len(set(ids)) != len(ids) or set(ids) not in tied:
        raise Refused(
            refuse("no-such-tie", _("Give each of the tied applications one place, and no other application."))
        )
    kept = [order for order in decision.panel_order if set(order["applications"]) != set(ids)]
    text = remark(act, reason.strip())
    decision.panel_order = [*kept, {"applications": ids, "reason": text}]
    decision.last_act_at = act.now
    note(act, decision, "order_tie", relation=R.CALL_MANAGER, data={"applications": ids, "reason": text})


def freeze_ranking(act: Act, decision: Decision, _done: Done) -> None:
    """Write down each place with its outcome and reasons, and the digest of all the order rests on."""
    ranking = ranking_of(act, decision.call)
    act.session.execute(delete(DecisionLine).where(DecisionLine.decision_id == decision.id))
    for place, line in enumerate(ranking.lines, start=1):
        act.session.add(_line(act, decision, ranking, place, line))
    data = ranking_data(ranking, decision.panel_order)
    decision.ranking = data
    decision.ranking_sha256 = digest_of_ranking(data)
    act.session.flush()
    act.session.expire(decision, ["lines"])


def _line(act: Act, decision: Decision, ranking: Ranking, place: int, line: Line) -> DecisionLine:
    position = line.position
    return DecisionLine(
        id=act.new_id(),
        decision_id=decision.id,
        application_id=position.key,
        position=place,
        outcome=outcome_of_line(ranking.definition, line),
        total=position.outcome.total,
        weighted_total=position.outcome.ranking_total,
        reasons=[reason_to_json(reason) for reason in (*position.reasons, *line.reasons)],
    )


def digest_of_ranking(data: dict[str, Any]) -> str:
    """Give the SHA-256 of a stored ranking in canonical form (RFC 8785)."""
    return hashlib.sha256(rfc8785.dumps(data)).hexdigest()
