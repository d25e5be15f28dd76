"""The office's texts of letters in a call: kept in versions, edited by its call managers, never while one is signed."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from sqlalchemy import select

from app.access import relations_of
from app.act import Act
from app.models import Call, Decision, LetterText
from app.services.permitted import one_at_a_time, relation_for
from app.services.transitions import Refused, note
from workflows import decision as decisions
from workflows.letter_texts import SHIPPED, Kind, parts, text_verdict
from workflows.relations import Relation as R
from workflows.verdict import ALLOWED, Verdict, refuse
from workflows.words import _

AWAITED = frozenset({decisions.State.PROPOSED, decisions.State.SIGNED})


@dataclass(frozen=True)
class InForce:
    """The text that counts: the newest version of the office, or the shipped one, which has the number 0."""

    kind: Kind
    text: str
    number: int = 0


def text_of(act: Act, call: Call, kind: Kind) -> InForce:
    """Give the text that letters of the kind are made with now."""
    return texts_of(act, call)[kind]


def texts_of(act: Act, call: Call) -> Mapping[Kind, InForce]:
    """Give the text of every kind of letter in a call."""
    found = {kind: InForce(kind, text) for kind, text in SHIPPED.items()}
    query = select(LetterText).where(LetterText.call_id == call.id).order_by(LetterText.number)
    return found | {one.kind: InForce(one.kind, one.text, one.number) for one in act.session.scalars(query)}


def versions_of(act: Act, call: Call, kind: Kind) -> list[LetterText]:
    """List the versions of one text, newest first."""
    query = select(LetterText).where(LetterText.call_id == call.id, LetterText.kind == kind)
    return list(act.session.scalars(query.order_by(LetterText.number.desc())))


def may_change(act: Act, call: Call) -> Verdict:
    """Say whether texts can be changed: not while somebody is asked to sign what is written with them."""
    decision = act.session.scalar(select(Decision).where(Decision.call_id == call.id))
    if decision is None:
        return ALLOWED
    verdict = ALLOWED
    if R.CALL_MANAGER not in relations_of(act, decision, {R.CALL_MANAGER}):
        verdict += refuse("not-yours", _("You can't prepare this decision: it is for somebody else."))
    if decision.state in AWAITED:
        told = _("The decision is proposed and its letters are as they will be sent. Have it returned first.")
        verdict += refuse("decision-proposed", told)
    return verdict


def save_text(act: Act, call: Call, kind: Kind, text: str, seen: int) -> LetterText | None:
    """Keep a new version of a text; None where nothing was changed. `seen` is the number it was made from.

    Refused with all reasons where the text is no letter, was changed by somebody else, or can't be changed now.
    """
    relation = relation_for(act, "call.edit_letters", call)
    one_at_a_time(act, call)
    before = text_of(act, call, kind)
    clean = "\n\n".join(parts(text.replace("\r\n", "\n")))
    verdict = may_change(act, call) + text_verdict(kind, clean)
    if before.number != seen:
        verdict += refuse(
            "text-changed", _("Somebody else changed this text meanwhile. Compare with the text in force.")
        )
    if not verdict:
        raise Refused(verdict)
    if clean == before.text:
        return None
    made = LetterText(
        id=act.new_id(), call_id=call.id, kind=kind, number=before.number + 1, text=clean, at=act.now, by=act.person_id
    )
    act.session.add(made)
    act.session.flush()
    note(act, call, "word_letters", relation=relation, data={"kind": kind.value, "version": made.number})
    return made
