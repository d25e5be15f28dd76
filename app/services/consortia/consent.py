"""What partners confirmed: each word a row of its own with a digest of exactly what was confirmed."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC
from decimal import Decimal
from typing import Any

import rfc8785
from sqlalchemy import select

from app.act import Act
from app.addressees import people_who_are
from app.facts.answers import latest
from app.facts.membership import facts_to_confirm, part_of
from app.models import Agreement, Application, Consent, Mandate, Membership, Person
from app.outbox import enqueue_mail
from app.services.applications.canonical import canonical, digest_of
from app.services.permitted import refuse_unless_open_for, relation_for
from app.services.transitions import Done, Refused, note
from workflows.consent import CONFIRM_WITHIN, Part, as_data, from_data
from workflows.membership import State
from workflows.relations import Relation as R
from workflows.verdict import refuse
from workflows.words import _
from workflows.working_days import end_of_working_days

FORMAT = 1
BASICS = ("acronym", "title", "theme", "months")


def text_seen(act: Act, application: Application) -> dict[str, Any]:
    """Name the version of the text as it is now: facts about the project, and each answer by its number."""
    return {
        **{name: getattr(application, name) for name in BASICS},
        "starts_on": application.starts_on.isoformat() if application.starts_on else None,
        "requested_grant": _money(application.requested_grant),
        "eligible_cost": _money(application.eligible_cost),
        "answers": {question: answer.number for question, answer in sorted(latest(act, application).items())},
    }


def write_consent(act: Act, membership: Membership) -> Consent:
    """Write down that the partner stands to its part as it is now; earlier rows stay as they were."""
    seen, part = text_seen(act, membership.application), as_data(part_of(membership))
    mandate = _signed_mandate(act, membership)
    signed = {
        "format": FORMAT,
        "application": membership.application_id,
        "membership": membership.id,
        "organisation": membership.organisation_id,
        "part": part,
        "text": seen,
        "person": act.person_id,
        "mandate": mandate.id if mandate else None,
        "at": act.now.astimezone(UTC).isoformat(timespec="microseconds"),
    }
    text = canonical(signed)
    row = Consent(
        id=act.new_id(),
        membership_id=membership.id,
        number=len(membership.consents) + 1,
        part=part,
        text_sha256=digest_of(rfc8785.dumps(seen).decode()),
        canonical=text,
        sha256=digest_of(text),
        person_id=act.person_id,
        mandate_id=mandate.id if mandate else None,
        at=act.now,
    )
    membership.consents.append(row)
    membership.consent_digest, membership.consented_at = row.sha256, act.now
    membership.confirm_by = membership.confirm_missed_at = None
    act.session.flush()
    return row


def _signed_mandate(act: Act, membership: Membership) -> Mandate | None:
    """Give the declaration of the authorised signatory that stands, if one was signed."""
    query = select(Mandate).where(
        Mandate.membership_id == membership.id, Mandate.signed_at.is_not(None), Mandate.voided_at.is_(None)
    )
    return act.session.scalar(query.order_by(Mandate.signed_at.desc()).limit(1))


def _money(amount: Decimal | None) -> str | None:
    return None if amount is None else f"{amount:.2f}"


# -- agreed beforehand ---------------------------------------------------------------------------------------------


def agree_beforehand(act: Act, membership: Membership, *, share_percent: Decimal | None, texts: bool) -> Agreement:
    """Let the lead change the share within so many per cent of the confirmed one, or the task, until the deadline.

    An earlier agreement ends. Raises `Refused` for nothing agreed to, or where the partner has something to confirm.
    """
    relation = relation_for(act, "membership.agree_beforehand", membership)
    refuse_unless_open_for(act, membership.application)
    if share_percent is None and not texts:
        raise Refused(refuse("nothing-agreed", _("Give a percentage for the share, or tick the task.")))
    if facts_to_confirm(membership):
        raise Refused(refuse("confirm-first", _("Confirm your part as it is now first.")))
    _end(act, membership)
    agreement = Agreement(
        id=act.new_id(),
        membership_id=membership.id,
        share_percent=share_percent,
        texts=texts,
        given_by=act.person_id,
        given_at=act.now,
        ended_at=None,
    )
    membership.agreements.append(agreement)
    act.session.flush()
    kept = {"agreement": agreement.id, "share_percent": share_percent, "texts": texts}
    note(act, membership, "agree_beforehand", relation=relation, data=kept)
    return agreement


def take_agreement_back(act: Act, membership: Membership) -> None:
    """End what was agreed to beforehand; what was changed under it is to be confirmed then."""
    relation = relation_for(act, "membership.agree_beforehand", membership)
    refuse_unless_open_for(act, membership.application)
    _end(act, membership)
    note(act, membership, "take_agreement_back", relation=relation)


def end_agreements(act: Act, membership: Membership) -> None:
    """End what was agreed to beforehand because an accepted amendment changes the part after the deadline."""
    _end(act, membership)


def _end(act: Act, membership: Membership) -> None:
    for agreement in membership.agreements:
        if agreement.ended_at is None:
            agreement.ended_at = act.now
    act.session.flush()


# -- after a submission --------------------------------------------------------------------------------------------


def ask_to_confirm(act: Act, application: Application, done: Done) -> None:
    """Give whoever went out with a part to confirm five working days, and tell them."""
    due = end_of_working_days(act.now, CONFIRM_WITHIN)
    for membership in application.memberships:
        if not facts_to_confirm(membership):
            membership.confirm_by = None
            continue
        membership.confirm_by, membership.confirm_missed_at = due, None
        act.session.flush()
        mail_own_people(act, membership, "part_to_confirm", done.event.id)


def mail_own_people(act: Act, membership: Membership, template: str, key: str) -> list[Person]:
    """Mail everybody who acts for the partner."""
    people = people_who_are(act, membership, (R.OWN_PARTNER,))
    about = {"noun": "membership", "thing": membership.id, "event": key}
    for person in people:
        enqueue_mail(act, template, person_id=person.id, address=person.email, about=about, key=key)
    return people


@dataclass(frozen=True)
class Word:
    """One row of what a partner confirmed, with the names that go with it."""

    row: Consent
    person: str
    signatory: str

    @property
    def part(self) -> Part:
        return from_data(self.row.part)


def consents_of(act: Act, membership: Membership) -> list[Word]:
    """Give what the partner confirmed, newest first, with who acted and which signatory had signed."""
    wanted = {row.person_id for row in membership.consents if row.person_id}
    people = {one.id: one.name for one in act.session.scalars(select(Person).where(Person.id.in_(wanted)))}
    signed = {row.mandate_id for row in membership.consents if row.mandate_id}
    mandates = {
        one.id: one.signatory_name for one in act.session.scalars(select(Mandate).where(Mandate.id.in_(signed)))
    }
    return [
        Word(row, people.get(row.person_id or "", ""), mandates.get(row.mandate_id or "", ""))
        for row in reversed(membership.consents)
    ]


def must_confirm(members: Iterable[Membership]) -> list[Membership]:
    """Give the accepted partners whose word no longer covers their part."""
    return [member for member in members if member.state is State.ACCEPTED and facts_to_confirm(member)]


def overdue_in(act: Act, applications: Sequence[str]) -> list[Membership]:
    """Give the partners of the applications that did not confirm within their time."""
    query = select(Membership).where(
        Membership.application_id.in_(applications),
        Membership.state == State.ACCEPTED,
        Membership.confirm_missed_at.is_not(None),
    )
    return [m for m in act.session.scalars(query.order_by(Membership.confirm_by, Membership.id)) if facts_to_confirm(m)]
