"""Proposed by one, signed by another, released at one moment; then labels are accepted and certificates made."""

from __future__ import annotations

from sqlalchemy import select

from app.models import Call, Decision, Label
from app.rehearsal.applying import Entry
from app.rehearsal.cast import Cast
from app.rehearsal.stage import Stage, get
from app.services.deciding.decision import order_tie, start_decision
from app.services.deciding.ranking import ranking_of
from app.services.transitions import perform
from workflows.label import State as LabelState

PANEL = "The panel read both reports again and found the first more ready to begin. (Invented for a rehearsal.)"


def propose(stage: Stage, cast: Cast, call_id: str) -> str:
    """Settle ties by the panel's order where the call leaves them to it, then propose."""
    with stage.act(cast.call_managers[0]) as act:
        decision = start_decision(act, get(act, Call, call_id))
        for tie in ranking_of(act, decision.call).open_ties:
            order_tie(act, decision, [position.key for position in tie], PANEL)
    with stage.act(cast.call_managers[0]) as act:
        perform(act, get(act, Decision, decision.id), "propose")
    return decision.id


def sign(stage: Stage, cast: Cast, decision_id: str) -> None:
    with stage.act(cast.programme_managers[0]) as act:
        perform(act, get(act, Decision, decision_id), "sign")


def release(stage: Stage, cast: Cast, decision_id: str) -> None:
    with stage.act(cast.programme_managers[0]) as act:
        perform(act, get(act, Decision, decision_id), "release")
    stage.run_outbox()


def accept_label(stage: Stage, entry: Entry) -> None:
    """The coordinator accepts the label that was offered, if one was."""
    with stage.act(entry.coordinator) as act:
        label = act.session.scalar(select(Label).where(Label.application_id == entry.application_id))
        if label is not None and label.state is LabelState.OFFERED:
            perform(act, label, "accept", {"charter": True})
    stage.run_outbox()
    stage.told(entry.partnership.acronym)


def decline_label(stage: Stage, entry: Entry) -> None:
    """The coordinator does not take the label: its place and its money are free."""
    with stage.act(entry.coordinator) as act:
        label = act.session.scalars(select(Label).where(Label.application_id == entry.application_id)).one()
        perform(act, label, "decline", {"reason": "Our lead partner gives up the field (invented)."})


def end_label(stage: Stage, cast: Cast, entry: Entry, *, withdraw: bool) -> None:
    """Suspend a label of a made-up partnership, and withdraw it where its fate says so: two persons each time."""
    steps = [("propose_suspension", cast.call_managers[0]), ("suspend", cast.programme_managers[0])]
    if withdraw:
        steps += [("propose_withdrawal", cast.call_managers[0]), ("withdraw", cast.programme_managers[0])]
    for name, person_id in steps:
        with stage.act(person_id) as act:
            label = act.session.scalars(select(Label).where(Label.application_id == entry.application_id)).one()
            needs = (
                {"reason": "The partnership no longer works together (invented)."} if name.startswith("propose") else {}
            )
            perform(act, label, name, needs)
