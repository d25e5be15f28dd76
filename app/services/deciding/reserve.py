"""The reserve list after the award: what became free, who is next, and the proposal that it moves up."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal

from sqlalchemy import select

from app.access import relations_of
from app.act import Act
from app.addressees import people_who_are
from app.models import Advance, Application, Call, Decision, Label, Outcome
from app.outbox import enqueue_mail
from app.services.calls.call import definition_of
from app.services.permitted import one_at_a_time, relation_for
from app.services.reviews.review_ranking import released_ranking
from app.services.transitions import Done, Refused, create
from workflows.advance import State
from workflows.application import State as ApplicationState
from workflows.definition import Strand
from workflows.label import NOT_TAKEN
from workflows.label import State as LabelState
from workflows.ranking_lists import limits_of
from workflows.relations import SIGNERS
from workflows.relations import Relation as R
from workflows.reserve import Left, Place, left_of, may_move_up
from workflows.verdict import Verdict, refuse
from workflows.words import _


@dataclass(frozen=True)
class Waiting:
    """One application of the reserve list, and what stands against proposing it."""

    application: Application
    grant: Decimal
    against: Verdict
    proposed: Advance | None


@dataclass(frozen=True)
class Freed:
    """An award that is not taken, so its place and its money are free."""

    application: Application
    grant: Decimal
    state: LabelState
    strand: str


@dataclass(frozen=True)
class Reserve:
    """The list of one strand, in the order of the ranking that stands."""

    strand: Strand | None
    left: Left
    freed: tuple[Freed, ...]
    waiting: tuple[Waiting, ...]

    @property
    def freed_money(self) -> Decimal:
        return sum((one.grant for one in self.freed), Decimal(0))


def lines_of(act: Act, call: Call, *, apart_from: str | None = None) -> list[Place]:
    """Give the ranking that stands with who holds an award now. What is proposed holds its place already."""
    ranking = released_ranking(act, call.id).data
    first = {line["application"] for line in _first(act, call) if line["outcome"] == Outcome.AWARD.value}
    of_call = act.session.scalars(select(Application).where(Application.call_id == call.id))
    states = {application.id: application.state for application in of_call}
    proposed = {one.application_id for one in _proposed(act, call) if one.id != apart_from}
    gone = {label.application_id for label in _not_taken(act, call)}
    known = {strand.code for strand in definition_of(call).strands}
    return [
        Place(
            key=line["application"],
            strand=line.get("strand") if line.get("strand") in known else "",
            rank=line["rank"],
            grant=Decimal(line["requested_grant"]),
            awarded_first=line["application"] in first,
            holds=line["application"] in proposed
            or (states.get(line["application"]) is ApplicationState.AWARDED and line["application"] not in gone),
            waits=states.get(line["application"]) is ApplicationState.RESERVE and line["application"] not in proposed,
        )
        for line in ranking["lines"]
    ]


def _first(act: Act, call: Call) -> list[dict[str, str]]:
    ranking = act.session.scalar(select(Decision.ranking).where(Decision.call_id == call.id))
    return list(ranking["lines"]) if ranking else []


def _proposed(act: Act, call: Call) -> list[Advance]:
    query = select(Advance).where(Advance.call_id == call.id, Advance.state == State.PROPOSED)
    return list(act.session.scalars(query))


def _not_taken(act: Act, call: Call) -> list[Label]:
    query = select(Label).where(Label.call_id == call.id, Label.state.in_(NOT_TAKEN))
    return list(act.session.scalars(query))


def reserves_of(act: Act, call: Call) -> list[Reserve]:
    """Give the reserve list of each strand with what is left and what became free; one list without strands."""
    definition, lines = definition_of(call), lines_of(act, call)
    limits = limits_of(definition)
    proposed = {one.application_id: one for one in _proposed(act, call)}
    named = {one.id: one for one in act.session.scalars(select(Application).where(Application.call_id == call.id))}
    gone = {label.application_id: label.state for label in _not_taken(act, call)}
    strands: list[Strand | None] = [*definition.strands] or [None]
    found = []
    for strand in strands:
        own = [one for one in lines if one.strand == (strand.code if strand else "")]
        freed = tuple(
            Freed(named[one.key], one.grant, gone[one.key], one.strand)
            for one in own
            if one.key in gone and named[one.key].state is ApplicationState.AWARDED
        )
        waiting = tuple(
            Waiting(named[one.key], one.grant, may_move_up(limits, lines, one.key), proposed.get(one.key))
            for one in own
            if named[one.key].state is ApplicationState.RESERVE
        )
        found.append(Reserve(strand, left_of(limits, lines, strand.code if strand else ""), freed, waiting))
    return found


def next_now(act: Act, advance: Advance) -> Verdict:
    """Say whether a proposed application is still the next, with all that happened since."""
    lines = lines_of(act, advance.call, apart_from=advance.id)
    return may_move_up(limits_of(definition_of(advance.call)), lines, advance.application_id)


def propose_advance(act: Act, decision: Decision, application: Application) -> Advance:
    """Propose that the next of the reserve list is awarded. Raises `Refused` where it isn't, or nothing is left."""
    relation_for(act, "decision.propose_advance", decision)
    call = decision.call
    one_at_a_time(act, decision)
    if act.person_id is None or application.call_id != call.id:
        raise Refused(refuse("not-on-reserve", _("It is not on the reserve list.")))
    lines, limits = lines_of(act, call), limits_of(definition_of(call))
    if not (verdict := may_move_up(limits, lines, application.id)):
        raise Refused(verdict)
    own = next(one for one in lines if one.key == application.id)
    left = left_of(limits, lines, own.strand)
    reserve = next(one for one in reserves_of(act, call) if (one.strand.code if one.strand else "") == own.strand)
    advance = Advance(
        call_id=call.id, application_id=application.id, ranking_sha256=released_ranking(act, call.id).sha256,
        strand=own.strand, grant=own.grant, places_left=left.places, money_left=left.money, proposed_by=act.person_id,
        freed=[
            {"application": one.application.id, "grant": f"{one.grant:f}", "label": one.state.value}
            for one in reserve.freed
        ],
    )  # fmt: skip
    with act.session.begin_nested():
        data = {"application": application.id, "ranking_sha256": advance.ranking_sha256}
        event = create(act, advance, relation=R.CALL_MANAGER, data=data)
        if R.CALL_MANAGER not in relations_of(act, advance, {R.CALL_MANAGER}):
            raise Refused(refuse("not-yours", _("You can't do this: it is for somebody else.")))
    about = {"noun": "advance", "thing": advance.id, "event": event.id}
    for person in people_who_are(act, advance, SIGNERS):
        enqueue_mail(act, "advance_to_sign", person_id=person.id, address=person.email, about=about, key=event.id)
    return advance


def of_advance(_act: Act, advance: Advance, _done: Done) -> Iterable[Application]:
    return [advance.application]


def advances_of(act: Act, call: Call) -> list[Advance]:
    query = select(Advance).where(Advance.call_id == call.id).order_by(Advance.created_at, Advance.id)
    return list(act.session.scalars(query))
