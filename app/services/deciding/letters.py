"""Letters of the decision: the result to each consortium, and the signed act that holds the whole list."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta
from decimal import Decimal
from typing import Any

from sqlalchemy import select

from app.act import Act
from app.models import Application, Decision, Label, Outcome, Person, Review
from app.services.calls.call import definition_of
from app.services.deciding.ranking import trimmed
from app.services.deciding.reports import released_result
from app.services.deciding.results import Result, decision_line
from app.services.documents.paper_heads import (
    addressee,
    common,
    coordinator_of,
    day_text,
    local_day,
    redress_text,
    sender,
)
from app.services.reviews.review import until_of
from app.services.reviews.review_ranking import released_review
from app.services.transitions import Done
from workflows.words import _, plural

INSTANT = timedelta(microseconds=1)  # the last day of a period is that of the instant before its end
KINDS = {Outcome.AWARD: "awarded", Outcome.HOLD_IN_RESERVE: "reserve", Outcome.REJECT: "rejected"}
SUBJECT = _("{acronym}: result of the call {call}")
GREETING = _("Dear {name},")
RESULT = {
    Outcome.AWARD: _(
        "Your application {acronym} ({number}) was successful. We offer your partnership the {label} label. The "
        "coordinator accepts it in the service by {day}; the certificate is issued then."
    ),
    Outcome.HOLD_IN_RESERVE: _(
        "Your application {acronym} ({number}) reaches all thresholds and is on the reserve list, at place {place}. "
        "We write again if a place becomes free."
    ),
    Outcome.REJECT: _("Your application {acronym} ({number}) was not successful."),
}
WITHOUT_GRANT = _(
    "Without waiting for a grant you may take the {label} label, if your partnership carries on by its own means: no "
    "grant of the call goes with it. The coordinator accepts it in the service by {day}; the certificate, which says "
    "that it comes without a grant, is issued then. Nothing changes in your place on the reserve list."
)
SCORES = _("It reached {total} of {max} points. The evaluation summary report gives each score with its reasons.")
REVIEWED = _(
    "This letter follows the review of the evaluation that you asked for on {day}. It replaces what our earlier letter "
    "says of the result; the first evaluation stays on record as it was."
)
BASIS = _(
    "The decision was signed on {day}. The signed act rests on a ranking whose fingerprint (SHA-256) is {digest}."
)
CLOSING = _("Thank you for the work your partnership put into this application.")
SIGNED = _("{name}, programme manager")
ACT_SUBJECT = _("Decision on the call {call}")
ACT_TEXT = _("The applications of the call {title} ({call}) are decided as listed below, by their ranking.")
ACT_COUNTS = _("Awarded: {award}. On the reserve list: {reserve}. Rejected: {reject}.")
ACT_BASIS = _(
    "The ranking rests on the agreed scores and the order of the call. Its fingerprint (SHA-256) is {digest}."
)
ACT_PROPOSED = _("Proposed by {name} on {day}.")
ACT_CAPTION = _("The decision, application by application")
ACT_COLUMNS = (_("Place"), _("Application"), _("Number"), _("Points"), _("Grant asked (EUR)"), _("Decision"))
ACT_PANEL = plural("{n} tie was settled by the panel.", "{n} ties were settled by the panel.")
ACT_OUTCOMES = {Outcome.AWARD: _("awarded"), Outcome.HOLD_IN_RESERVE: _("reserve list"), Outcome.REJECT: _("rejected")}


def result_letter_snapshot(act: Act, application: Application, done: Done) -> tuple[dict[str, Any], str | None, str]:
    """Give what the letter says (see app/documents/snapshots.py), its application and its call."""
    result = released_result(act, application)
    call = application.call
    reference = result.definition.reference or result.definition.code
    snapshot = common(act, call, done, "result_letter") | {
        "number": application.number,
        "kind": KINDS[result.outcome],
        "subject": SUBJECT.format(acronym=result.sent.acronym, call=reference),
        "reference": application.number,
        "date": local_day(act.now, call.zone).isoformat(),
        "sender": sender(act),
        "addressee": addressee(act, application),
        "paragraphs": _paragraphs(act, application, result),
        "reasons": [reason.plain() for reason in result.reasons],
        "redress": redress_text(
            result.definition, until=None if result.review else until_of(act, call), zone=call.zone
        ),
        "closing": CLOSING,
        "signatures": _signatures(act, application),
        "attachments": [{"title": _("Evaluation summary report")}],
    }
    return snapshot, application.id, application.call_id


def _paragraphs(act: Act, application: Application, result: Result) -> list[str]:
    person, _lead = coordinator_of(act, application)
    label = act.session.scalar(select(Label).where(Label.application_id == application.id))
    facts: Mapping[str, Any] = {
        "acronym": result.sent.acronym,
        "number": application.number,
        "label": result.definition.label or result.definition.code,
        "day": day_text(local_day(label.accept_by - INSTANT, application.call.zone)) if label else "",
        "place": result.reserve_place or 0,
    }
    scores = SCORES.format(total=trimmed(result.scored.total), max=trimmed(result.scored.max_total))
    greeting = [GREETING.format(name=person.name)] if person else []
    alone = [WITHOUT_GRANT.format(**facts)] if label and not label.with_grant else []
    told = RESULT[result.outcome].format(**facts)
    return [*greeting, *_after_review(application, result), told, *alone, scores, *_basis(act, application)]


def _basis(act: Act, application: Application) -> list[str]:
    """Cite the act that was signed: what it prints as its basis."""
    signed = _decided_by(act, application)
    if signed is None or signed.signed_at is None:
        return []
    day = day_text(local_day(signed.signed_at, application.call.zone))
    return [BASIS.format(day=day, digest=signed.ranking_sha256)]


def _decided_by(act: Act, application: Application) -> Decision | Review | None:
    """Give what decided on the application last."""
    if (review := released_review(act, application)) is not None:
        return review
    line = decision_line(act, application)
    return act.session.get_one(Decision, line.decision_id) if line else None


def _after_review(application: Application, result: Result) -> list[str]:
    if result.review is None:
        return []
    return [REVIEWED.format(day=day_text(local_day(result.review.created_at, application.call.zone)))]


def _signatures(act: Act, application: Application) -> list[str]:
    decided = _decided_by(act, application)
    return _signed_by(act, decided.signed_by if decided else None)


def _signed_by(act: Act, person_id: str | None) -> list[str]:
    person = act.session.get(Person, person_id) if person_id else None
    return [SIGNED.format(name=person.name)] if person else []


def decision_act_snapshot(act: Act, decision: Decision, done: Done) -> tuple[dict[str, Any], str | None, str]:
    """Give what the signed act says: every application in its order with its outcome, and the ranking's digest."""
    call, definition = decision.call, definition_of(decision.call)
    reference = definition.reference or definition.code
    snapshot = common(act, call, done, "decision_act") | {
        "number": definition.code,
        "kind": "other",
        "subject": ACT_SUBJECT.format(call=reference),
        "reference": reference,
        "date": local_day(act.now, call.zone).isoformat(),
        "sender": sender(act),
        "addressee": [],
        "paragraphs": _act_paragraphs(act, decision, reference),
        "reasons": [],
        "tables": [_act_table(decision)],
        "redress": None,
        "signatures": _signed_by(act, decision.signed_by),
        "attachments": [],
    }
    return snapshot, None, decision.call_id


def _act_paragraphs(act: Act, decision: Decision, reference: str) -> list[str]:
    outcomes = [line.outcome for line in decision.lines]
    counts = {
        "award": outcomes.count(Outcome.AWARD),
        "reserve": outcomes.count(Outcome.HOLD_IN_RESERVE),
        "reject": outcomes.count(Outcome.REJECT),
    }
    proposer = act.session.get(Person, decision.proposed_by) if decision.proposed_by else None
    paragraphs = [
        ACT_TEXT.format(title=decision.call.title, call=reference),
        ACT_COUNTS.format(**counts),
        ACT_BASIS.format(digest=decision.ranking_sha256),
    ]
    if ties := len((decision.ranking or {}).get("panel", ())):
        paragraphs.append((ACT_PANEL.one if ties == 1 else ACT_PANEL.many).format(n=ties))
    if proposer and decision.proposed_at:
        day = day_text(local_day(decision.proposed_at, decision.call.zone))
        paragraphs.append(ACT_PROPOSED.format(name=proposer.name, day=day))
    return paragraphs


def _act_table(decision: Decision) -> dict[str, Any]:
    ranked = {line["application"]: line for line in (decision.ranking or {"lines": []})["lines"]}
    rows = [
        [
            str(line.position),
            ranked[line.application_id]["acronym"],
            line.application.number,
            trimmed(line.weighted_total),
            f"{Decimal(ranked[line.application_id]['requested_grant']):,}",
            ACT_OUTCOMES[line.outcome],
        ]
        for line in decision.lines
    ]
    return {"caption": ACT_CAPTION, "columns": list(ACT_COLUMNS), "rows": rows, "numeric": [0, 3, 4]}
