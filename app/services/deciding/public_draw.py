"""The public draw of a call: a secret is committed before its public number is known, then equals are drawn once."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, time
from zoneinfo import ZoneInfo

from sqlalchemy import select

from app.act import Act
from app.models import Call, Decision, Draw
from app.services.calls.call import definition_of
from app.services.permitted import one_at_a_time, relation_for
from app.services.transitions import Refused, note
from workflows import decision as decisions
from workflows.definition import DrawTerms, TieBreakBy
from workflows.public_draw import commitment_of, public_number, seed_of, ticket_of
from workflows.ranking import asks
from workflows.verdict import refuse
from workflows.words import _

LONGEST_NUMBER = 200


@dataclass(frozen=True)
class PublicDraw:
    """What anybody may know of a call's draw: the secret, the number and the seed only once results are released."""

    terms: DrawTerms
    known_from: datetime
    draw: Draw | None
    is_open: bool  # released: everything is told
    is_known: bool  # the day of the number has begun
    ticket: str = ""


def terms_of(call: Call) -> DrawTerms | None:
    """Give the terms of the call's draw; None where its rules for equals don't end in one."""
    definition = definition_of(call)
    return definition.draw if asks(definition, TieBreakBy.DRAW) else None


def known_from(call: Call, terms: DrawTerms) -> datetime:
    """Give the first instant of the day on which the public number becomes known, where the call is at home."""
    return datetime.combine(terms.on, time(), tzinfo=ZoneInfo(call.zone))


def draw_of(act: Act, call: Call) -> Draw | None:
    return act.session.scalar(select(Draw).where(Draw.call_id == call.id))


def public_draw(act: Act, call: Call, application: str = "") -> PublicDraw | None:
    """Give the public page of a draw; `application` is a number whose ticket somebody wants to see."""
    terms = terms_of(call)
    if terms is None:
        return None
    draw = draw_of(act, call)
    released = select(Decision.id).where(Decision.call_id == call.id, Decision.state == decisions.State.RELEASED)
    is_open = act.session.scalar(released) is not None
    seed = draw.seed if draw and is_open else None
    ticket = ticket_of(seed, application) if seed and application else ""
    known = known_from(call, terms)
    return PublicDraw(terms, known, draw, is_open, act.now >= known, ticket)


def commit_draw(act: Act, call: Call) -> Draw:
    """Commit a secret nobody chose and publish its digest. Refused from the day on which the number becomes known."""
    relation = relation_for(act, "call.commit_draw", call)
    one_at_a_time(act, call)
    terms = terms_of(call)
    if terms is None:
        raise Refused(refuse("no-draw", _("The rules of this call don't end in a draw.")))
    if draw_of(act, call) is not None:
        raise Refused(refuse("committed-already", _("The draw is committed already; a second try is not possible.")))
    if act.now >= known_from(call, terms):
        text = _("The public number may be known by now: a secret committed today would prove nothing.")
        raise Refused(refuse("too-late-to-commit", text))
    secret = act.chance.bytes(32).hex()
    draw = Draw(
        id=act.new_id(), call_id=call.id, secret=secret, commitment=commitment_of(secret),
        committed_at=act.now, committed_by=act.person_id,
    )  # fmt: skip
    act.session.add(draw)
    note(act, call, "commit_draw", relation=relation, data={"commitment": draw.commitment})
    act.session.flush()
    return draw


def draw_equals(act: Act, decision: Decision, typed: str) -> Draw:
    """Draw with the public number. Once only; the seed, and by it every ticket, follows from what is recorded."""
    relation = relation_for(act, "decision.draw", decision)
    one_at_a_time(act, decision)
    terms, draw, number = terms_of(decision.call), draw_of(act, decision.call), public_number(typed)
    if terms is None or draw is None:
        raise Refused(refuse("not-committed", _("No secret was committed before, so there can't be a draw.")))
    if draw.seed is not None:
        raise Refused(refuse("drawn-already", _("It was drawn already; a second draw is not possible.")))
    if act.now < known_from(decision.call, terms):
        raise Refused(refuse("number-not-known", _("The public number is not known yet.")))
    if not number or len(number) > LONGEST_NUMBER:
        raise Refused(refuse("no-number", _("Type the public number, as its source publishes it.")))
    draw.number, draw.seed = number, seed_of(draw.secret, number)
    draw.drawn_at, draw.drawn_by = act.now, act.person_id
    data = {"commitment": draw.commitment, "number": number, "seed": draw.seed}
    note(act, decision, "draw", relation=relation, data=data)
    act.session.flush()
    return draw
