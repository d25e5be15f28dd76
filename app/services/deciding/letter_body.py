"""What a letter with a result says: the office's text filled in, and the parts no office can leave out.

The same function writes the letter that is sent and its preview, so what is previewed is what is sent.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from app.act import Act
from app.models import Application, Outcome
from app.services.deciding.letter_texts import InForce
from app.services.deciding.ranking import trimmed
from app.services.deciding.results import Result
from app.services.documents.paper_heads import (
    addressee,
    after_evaluation,
    coordinator_of,
    day_text,
    local_day,
    name_of_member,
    redress_text,
    sender,
)
from workflows.letter_texts import Kind, filled, parts, told, uses
from workflows.words import _

INSTANT = timedelta(microseconds=1)  # the last day of a period is that of the instant before its end
LISTS = {
    Outcome.AWARD: _("to be awarded"),
    Outcome.HOLD_IN_RESERVE: _("reserve list"),
    Outcome.REJECT: _("rejected"),
}
SNAPSHOT_KINDS = {Outcome.AWARD: "awarded", Outcome.HOLD_IN_RESERVE: "reserve", Outcome.REJECT: "rejected"}
NOBODY = _("coordinator")  # who leads the application has no account any more
NO_THRESHOLD = "–"
SUBJECT = _("{acronym}: result of the call {call}")
WITHOUT_GRANT = _(
    "Without waiting for a grant you may take the {label} label, if your partnership carries on by its own means: no "
    "grant of the call goes with it. The coordinator accepts it in the service by {day}; the certificate, which says "
    "that it comes without a grant, is issued then. Nothing changes in your place on the reserve list."
)
BASIS = _(
    "The decision was signed on {day}. The signed act rests on a ranking whose fingerprint (SHA-256) is {digest}."
)
BASIS_FILED = _("The signed copy of the act is filed under {reference}, signed on {day}.")
BASIS_ACT = _("The digest (SHA-256) of the content of the signed act is {digest}.")
CLOSING = _("Thank you for the work your partnership put into this application.")


@dataclass(frozen=True)
class Offer:
    """The label as it is offered with the result."""

    accept_by: datetime
    with_grant: bool


@dataclass(frozen=True)
class Basis:
    """What the letter rests on. In a preview the words say what is not there yet."""

    day: str
    ranking_sha256: str
    act_sha256: str = ""
    filed: tuple[str, str] | None = None  # the reference of the copy signed outside, and the day of its signing


@dataclass(frozen=True)
class Ready:
    """All that a letter is made of besides its result."""

    text: InForce
    offer: Offer | None
    basis: Basis | None
    until: datetime | None  # in which a review can be asked for
    signatures: tuple[str, ...]


def kind_of(result: Result) -> Kind:
    """Give the kind of letter that tells a result."""
    return Kind.REVIEW if result.review else kind_of_outcome(result)


def kind_of_outcome(result: Result) -> Kind:
    if result.outcome is Outcome.AWARD:
        return Kind.AWARDED
    if result.outcome is Outcome.HOLD_IN_RESERVE:
        return Kind.RESERVE
    return Kind.NOT_REACHED if result.scored.passes else Kind.BELOW_THRESHOLD


def written(act: Act, application: Application, result: Result, ready: Ready) -> dict[str, Any]:
    """Write the letter, as the plain data its snapshot holds (see app/documents/snapshots.py)."""
    call = application.call
    reference = result.definition.reference or result.definition.code
    until = None if result.review else ready.until
    redress = redress_text(after_evaluation(result.definition), until=until, zone=call.zone)
    values = values_of(act, application, result, ready) | {"redress": redress or ""}
    return {
        "number": application.number,
        "kind": SNAPSHOT_KINDS[result.outcome],
        "text": {"kind": ready.text.kind.value, "version": ready.text.number},
        "subject": SUBJECT.format(acronym=result.sent.acronym, call=reference),
        "reference": application.number,
        "date": local_day(act.now, call.zone).isoformat(),
        "sender": sender(act),
        "addressee": addressee(act, application),
        "paragraphs": [*parts(filled(ready.text.text, values)), *_fixed(ready, values)],
        "reasons": [reason.plain() for reason in result.reasons],
        "redress": None if uses(ready.text.text, "redress") else redress,
        "closing": CLOSING,
        "signatures": list(ready.signatures),
        "attachments": [{"title": _("Evaluation summary report")}],
    }


def values_of(act: Act, application: Application, result: Result, ready: Ready) -> dict[str, str]:
    """Give what stands in the place of each placeholder but that of the redress."""
    person, lead = coordinator_of(act, application)
    scored, threshold = result.scored, result.scored.overall_threshold
    zone = application.call.zone
    values = {
        "name": person.name if person else name_of_member(lead) or NOBODY,
        "acronym": result.sent.acronym,
        "number": application.number or "",
        "call": result.definition.reference or result.definition.code,
        "call_title": application.call.title,
        "label": result.definition.label or result.definition.code,
        "mark": trimmed(scored.total),
        "most": trimmed(scored.max_total),
        "threshold": NO_THRESHOLD if threshold is None else trimmed(threshold),
        "list": LISTS[result.outcome],
        "day": day_text(local_day(ready.offer.accept_by - INSTANT, zone)) if ready.offer else "",
        "place": str(result.reserve_place or 0),
        "asked_on": day_text(local_day(result.review.created_at, zone)) if result.review else "",
    }
    return values | {"result": filled(told(kind_of_outcome(result)), values)}


def _fixed(ready: Ready, values: Mapping[str, str]) -> list[str]:
    """What stands in every letter, whatever the office's text says: the label without a grant, and what signed it."""
    alone = bool(ready.offer and not ready.offer.with_grant)
    basis = [BASIS.format(day=ready.basis.day, digest=ready.basis.ranking_sha256)] if ready.basis else []
    if ready.basis and ready.basis.act_sha256:
        basis = [f"{basis[0]} {BASIS_ACT.format(digest=ready.basis.act_sha256)}"]
    if ready.basis and ready.basis.filed:
        reference, day = ready.basis.filed
        basis = [f"{basis[0]} {BASIS_FILED.format(reference=reference, day=day)}"]
    return [*([WITHOUT_GRANT.format(**values)] if alone else []), *basis]
