"""Acts that need two persons where the office says so: what was proposed, and what stands against taking it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import select

from app.act import Act
from app.models import Ending, ProposedAct, Remark, TwoPersons
from workflows.machine import Kind, Row
from workflows.two_persons import SETTABLE, another_takes_it
from workflows.verdict import ALLOWED, Verdict


@dataclass(frozen=True)
class Second:
    """What the office's setting says of an act now, and what was proposed, if it was."""

    needed: bool = False
    proposal: ProposedAct | None = None
    verdict: Verdict = ALLOWED
    data: Mapping[str, Any] = field(default_factory=dict)  # what the first person supplied
    texts: tuple[dict[str, str], ...] = ()  # the same as question and answer

    @property
    def told(self) -> dict[str, Any]:
        """Give what the event tells of the first person."""
        one = self.proposal
        return {"proposal": one.id, "act_proposed_by": one.proposed_by} if one else {}


ONE_IS_ENOUGH = Second()


def two_are_needed(act: Act, action: str) -> bool:
    """Say what the office set last for an act; one person is enough until it says otherwise."""
    if action not in SETTABLE:
        return False
    query = select(TwoPersons.needed).where(TwoPersons.act == action)
    return bool(act.session.scalar(query.order_by(TwoPersons.at.desc(), TwoPersons.id.desc()).limit(1)))


def second_of(act: Act, thing: Any, row: Row) -> Second:  # noqa: ANN401 - any thing with a machine
    """Find out whether another person has to take the row, and on what."""
    if not two_are_needed(act, f"{thing.__noun__}.{row.name}"):
        return ONE_IS_ENOUGH
    found = open_proposal(act, thing, row.name)
    proposer = found.proposed_by if found else None
    verdict = another_takes_it(needed=True, proposer=proposer, person=act.person_id)
    data = _supplied(act, found, row) if found else {}
    texts = tuple({"question": need.label, "answer": data[need.name]} for need in row.needs if data.get(need.name))
    return Second(True, found, verdict, data, texts)


def open_proposal(act: Act, thing: Any, name: str) -> ProposedAct | None:  # noqa: ANN401
    """Find what is proposed of the thing as it is now: what changed since has to be proposed again."""
    query = select(ProposedAct).where(
        ProposedAct.noun == thing.__noun__,
        ProposedAct.thing_id == thing.id,
        ProposedAct.name == name,
        ProposedAct.version == thing.version,
        ProposedAct.ended_at.is_(None),
    )
    return act.session.scalar(query.order_by(ProposedAct.proposed_at.desc(), ProposedAct.id).limit(1))


def _supplied(act: Act, proposal: ProposedAct, row: Row) -> dict[str, Any]:
    found: dict[str, Any] = dict(proposal.data)
    for need in row.needs:
        value = found.get(need.name)
        if need.kind in (Kind.TEXT, Kind.LONG_TEXT) and isinstance(value, dict):
            remark = act.session.get(Remark, value["remark"])
            found[need.name] = remark.text if remark else None
    return found


def end_proposal(act: Act, proposal: ProposedAct, ending: Ending) -> None:
    proposal.ending, proposal.ended_at, proposal.ended_by = ending, act.now, act.person_id


def end_as_done(act: Act, second: Second) -> None:
    if second.proposal is not None:
        end_proposal(act, second.proposal, Ending.DONE)
