"""What the pages of a decision show: the room of one call, and all that waits for a signature."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal
from typing import Any

from sqlalchemy import or_, select

from app.access import offered, visible
from app.act import Act
from app.models import Application, Call, Decision, Document, DocumentKind, FiledCopy, Label, Outcome, Person, Remark
from app.services.calls.call import definition_of
from app.services.deciding.decision import digest_of_ranking
from app.services.deciding.ranking import Ranking, panel_decides, ranking_data, ranking_of
from app.services.deciding.ranking_then import ranking_then
from app.services.deciding.stand_in import signature_of
from app.services.reason_json import reason_from_json
from app.services.transitions import verdict_on
from workflows import call as calls
from workflows import decision as decisions
from workflows import label as labels
from workflows.definition import CallDefinition, Strand, TieBreakBy
from workflows.machine import Row, StateName
from workflows.ranking import asks
from workflows.relations import Relation as R
from workflows.verdict import Reason, Verdict

# After a review the first letter and report stay to be read beside the new ones.
KEPT_BESIDE = (DocumentKind.RESULT_LETTER, DocumentKind.SUMMARY_REPORT)


@dataclass(frozen=True)
class RankedLine:
    """One row of the ranking table."""

    data: Mapping[str, Any]
    application: Application
    outcome: Outcome
    reasons: tuple[Reason, ...]
    is_tied: bool

    @property
    def word(self) -> str:
        """Give the list it stands in; of equals at the cut nobody can say before the panel orders them."""
        if self.is_tied and any(reason.code == "tie-at-the-cut" for reason in self.reasons):
            return "undecided"
        return self.outcome.value

    @property
    def grant(self) -> Decimal:
        return Decimal(self.data["requested_grant"])


@dataclass(frozen=True)
class Tie:
    """Equals whom the panel orders, in their order if it has one."""

    applications: tuple[Application, ...]
    rank: int
    settled: bool
    matters: bool
    reason: str = ""

    @property
    def key(self) -> str:
        """Name the group in forms, whatever its order is."""
        return min(application.id for application in self.applications)

    @property
    def named(self) -> list[tuple[str, str]]:
        return [(application.id, application.acronym) for application in self.applications]


@dataclass(frozen=True)
class Room:
    """Everything on the page of a decision."""

    decision: Decision
    definition: CallDefinition
    criteria: Sequence[Mapping[str, Any]]
    lines: tuple[RankedLine, ...]
    ties: tuple[Tie, ...]
    proposer: Person | None
    signer: Person | None
    documents: tuple[Document, ...]
    weighted: bool  # totals with weights differ from the plain ones somewhere
    open_ties: int = 0
    proposed_at: datetime | None = None
    signed_at: datetime | None = None
    released_at: datetime | None = None
    fingerprint: str | None = None  # of the ranking that was proposed
    signature: str = ""  # who signed, and in whose place
    state: StateName | None = None  # at a moment of the past; none before the decision was started

    @property
    def currency(self) -> str:
        return self.definition.budget.currency if self.definition.budget else "EUR"

    @property
    def by_panel(self) -> bool:
        return panel_decides(self.definition)

    @property
    def by_draw(self) -> bool:
        return asks(self.definition, TieBreakBy.DRAW)

    @property
    def strands(self) -> tuple[tuple[Strand | None, tuple[RankedLine, ...]], ...]:
        """Give the lines strand by strand, those of no strand last; one group where the call has none."""
        if not self.definition.strands:
            return ((None, self.lines),)
        known = {strand.code: strand for strand in self.definition.strands}
        groups = {code: tuple(one for one in self.lines if one.data.get("strand") == code) for code in known}
        apart = tuple(line for line in self.lines if line.data.get("strand") not in known)
        return (*((known[code], lines) for code, lines in groups.items()), *(((None, apart),) if apart else ()))

    def count(self, word: str) -> int:
        return sum(line.word == word for line in self.lines)


def room_of(act: Act, decision: Decision) -> Room:
    """Assemble the page: the frozen ranking once proposed, the living one before."""
    fixed = decision.state in decisions.FIXED
    ranking = None if fixed else ranking_of(act, decision.call)
    data = ranking_data(ranking, decision.panel_order) if ranking else decision.ranking or {"criteria": [], "lines": []}
    return _room(
        act, decision, data, ranking, decision.panel_order,
        people=(decision.proposed_by, decision.signed_by),
        documents=documents_of(act, decision),
        proposed_at=decision.proposed_at,
        signed_at=decision.signed_at,
        released_at=decision.released_at,
        fingerprint=decision.ranking_sha256 if decision.proposed_at else None,
    )  # fmt: skip


def room_then(act: Act, decision: Decision, moment: datetime) -> Room:
    """Assemble the page as it stood at a moment of the past, worked out from the record.

    A ranking that was proposed then is the one that was frozen; where that one is not kept any more, for the proposal
    was returned and made anew since, it is worked out again.
    """
    then = ranking_then(act, decision, moment)
    proposed, signed, released = (then.acts.get(name) for name in ("propose", "sign", "release"))
    data = ranking_data(then.ranking, then.orders)
    if proposed is not None and decision.proposed_at == proposed.at and decision.ranking is not None:
        data = decision.ranking
    made = [one for one in documents_of(act, decision) if signed is not None and one.wanted_at <= moment]
    return _room(
        act, decision, data, None if proposed else then.ranking, then.orders,
        people=(proposed.actor_id if proposed else None, signed.actor_id if signed else None),
        documents=tuple(made),
        proposed_at=proposed.at if proposed else None,
        signed_at=signed.at if signed else None,
        released_at=released.at if released else None,
        fingerprint=digest_of_ranking(data) if proposed else None,
        state=decisions.DECISION.names[then.state] if then.state else None,
    )  # fmt: skip


def _room(
    act: Act,
    decision: Decision,
    data: Mapping[str, Any],
    living: Ranking | None,
    orders: Sequence[Mapping[str, Any]],
    *,
    people: tuple[str | None, str | None],
    **more: Any,  # noqa: ANN401 - what the room of now and of then tell differently
) -> Room:
    """Put together what both rooms show; a ranking that still lives has ties to order."""
    tied = {position.key for tie in living.open_ties for position in tie} if living else set()
    proposer, signer = (act.session.get(Person, one) if one else None for one in people)
    return Room(
        decision=decision,
        definition=living.definition if living else definition_of(decision.call),
        criteria=data["criteria"],
        lines=tuple(_line(act, line, tied) for line in data["lines"]),
        ties=_ties(act, orders, living) if living and panel_decides(living.definition) else (),
        proposer=proposer,
        signer=signer,
        signature=signature_of(act, signer, decision) if signer else "",
        weighted=any(line["total"] != line["weighted_total"] for line in data["lines"]),
        open_ties=len(living.open_ties) if living else 0,
        **more,
    )


def _line(act: Act, data: Mapping[str, Any], tied: set[str]) -> RankedLine:
    application = act.session.get_one(Application, data["application"])
    reasons = tuple(reason_from_json(raw) for raw in data["reasons"] if raw["code"] != "criterion")
    return RankedLine(data, application, Outcome(data["outcome"]), reasons, application.id in tied)


def _ties(act: Act, orders: Sequence[Mapping[str, Any]], ranking: Ranking) -> tuple[Tie, ...]:
    unsettled = {position.key for tie in ranking.open_ties for position in tie}
    place = {line.position.key: number for number, line in enumerate(ranking.lines)}
    found = []
    for tie in ranking.ties:
        keys = sorted((position.key for position in tie), key=place.__getitem__)
        order = next((o for o in orders if set(o["applications"]) == set(keys)), None)
        found.append(
            Tie(
                applications=tuple(act.session.get_one(Application, key) for key in keys),
                rank=tie[0].rank,
                settled=order is not None,
                matters=bool(unsettled.intersection(keys)),
                reason=_words(act, order),
            )
        )
    return tuple(found)


def _words(act: Act, order: Mapping[str, Any] | None) -> str:
    remark = act.session.get(Remark, order["reason"]["remark"]) if order else None
    return (remark.text or "") if remark else ""


def documents_of(act: Act, decision: Decision, *kinds: DocumentKind) -> tuple[Document, ...]:
    """Give the act of a decision and the panel's minutes, or just those kinds, and older ones that were signed."""
    signed = Document.id.in_(select(FiledCopy.document_id))
    query = visible(act, Document, "document.view").where(
        Document.noun == "decision", Document.thing_id == decision.id, or_(Document.replaced_at.is_(None), signed)
    )
    query = query.where(Document.kind.in_(kinds)) if kinds else query
    return tuple(act.session.scalars(query.order_by(Document.kind, Document.wanted_at.desc())))


@dataclass(frozen=True)
class ToSign:
    """One act that waits for this person: on what, what it is now, what was said, and what stands against it."""

    thing: Any
    call: Call
    title: str
    rows: tuple[Row, ...]
    verdicts: Mapping[str, Verdict] = field(default_factory=dict)

    @property
    def needs_sign_in(self) -> bool:
        return any("sign-in-again" in verdict.codes for verdict in self.verdicts.values())


WAITING = (
    (Decision, frozenset({decisions.State.PROPOSED, decisions.State.SIGNED})),
    (Label, frozenset({labels.State.SUSPENSION_PROPOSED, labels.State.WITHDRAWAL_PROPOSED})),
    (Call, frozenset({calls.State.OPEN, calls.State.CLOSED})),
)


def to_sign(act: Act) -> list[ToSign]:
    """List what waits for the signature of a programme manager, oldest first: decisions, labels, later deadlines."""
    found: list[ToSign] = []
    for model, states in WAITING:
        query = visible(act, model, f"{model.__noun__}.view").where(model.state.in_(states)).order_by(model.last_act_at)
        if model is Call:
            query = query.where(Call.proposed_closes_at.is_not(None))
        found += [_waiting(act, thing) for thing in act.session.scalars(query)]
    return sorted((one for one in found if one.rows), key=lambda one: one.thing.last_act_at)


def _waiting(act: Act, thing: Any) -> ToSign:  # noqa: ANN401
    call: Call = thing if isinstance(thing, Call) else thing.call
    title = thing.acronym if isinstance(thing, Label) else call.title
    rows = tuple(row for row in offered(act, thing) if R.STAND_IN in row.by)  # what is signed, whoever signs
    return ToSign(thing, call, title, rows, {row.name: verdict_on(act, thing, row.name) for row in rows})


def result_documents(act: Act, application: Application) -> list[Document]:
    """List the made documents of an application that the person may read, newest first."""
    query = (
        visible(act, Document, "document.view")
        .where(
            Document.application_id == application.id,
            Document.made_at.is_not(None),
            or_(Document.replaced_at.is_(None), Document.kind.in_(KEPT_BESIDE)),
        )
        .order_by(Document.wanted_at.desc(), Document.kind)
    )
    return list(act.session.scalars(query))


def label_of(act: Act, application: Application) -> Label | None:
    return act.session.scalar(select(Label).where(Label.application_id == application.id))
