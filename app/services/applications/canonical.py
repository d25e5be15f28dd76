"""What an application says at one moment, as plain data; in canonical JSON (RFC 8785) it is what a version freezes.

People stand in it by their random ids. Their names and addresses are in a sheet beside it, of which the content keeps
only a salted digest: when somebody is erased, the digest of the version stays true.
"""

from __future__ import annotations

import hashlib
import hmac
from decimal import Decimal
from typing import Any

import rfc8785
from sqlalchemy import select

from app.act import Act
from app.facts.clarification import PREFIX as OF_CLARIFICATIONS
from app.facts.membership import facts_to_confirm, has_accepted, name_of_partner
from app.models import Application, File, Membership, Participant
from app.services.applications.answers import values_of
from app.services.calls.call import definition_of
from workflows.definition_questions import DocumentDue
from workflows.file import KEPT
from workflows.membership import LIVE

FORMAT = 1


def content_of(act: Act, application: Application) -> dict[str, Any]:
    """Gather the draft as it is now. Money is a string with two digits, days and moments are ISO 8601."""
    call = application.call
    definition = definition_of(call)
    answers = values_of(act, application)
    return {
        "format": FORMAT,
        "application": {"id": application.id, "number": application.number},
        "call": {"code": call.code, "title": call.title, "reference": definition.reference},
        "acronym": application.acronym,
        "title": application.title,
        "theme": application.theme,
        "starts_on": application.starts_on.isoformat() if application.starts_on else None,
        "months": application.months,
        "requested_grant": _money(application.requested_grant),
        "eligible_cost": _money(application.eligible_cost),
        "partners": [_partner(act, member) for member in live_members(application)],
        "answers": {question.id: answers.get(question.id) for question in definition.questions()},
        "files": [_file(file) for file in files_of(act, application)],
    }


def live_members(application: Application) -> list[Membership]:
    """Give who is invited or has accepted, in the order of the list of partners."""
    return sorted((m for m in application.memberships if m.state in LIVE), key=lambda m: (m.position, m.id))


def files_of(act: Act, application: Application) -> list[File]:
    """Give the files that belong to the draft, in the order they came.

    Not those that follow the award, nor what was uploaded for a clarification.
    """
    later = [slot.id for slot in definition_of(application.call).documents if slot.due is DocumentDue.AWARD]
    query = (
        select(File)
        .where(
            File.application_id == application.id,
            File.state.in_(KEPT),
            File.slot.not_in(later),
            ~File.slot.startswith(OF_CLARIFICATIONS),
        )
        .order_by(File.uploaded_at, File.id)
    )
    return list(act.session.scalars(query))


def persons_of(act: Act, application: Application) -> dict[str, dict[str, str]]:
    """Give the sheet of persons: who acts for whom in the consortium, with name and address."""
    query = select(Participant).where(Participant.application_id == application.id, Participant.until.is_(None))
    people = {participant.person for participant in act.session.scalars(query)}
    return {person.id: {"name": person.name, "email": person.email} for person in sorted(people, key=lambda p: p.id)}


def canonical(content: dict[str, Any]) -> str:
    """Write content in the one form that has one digest."""
    return rfc8785.dumps(content).decode()


def digest_of(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()


def persons_digest(persons: dict[str, Any], salt: bytes) -> str:
    """Digest the sheet of persons under its salt; without the salt nobody can try names against it."""
    return hmac.new(salt, rfc8785.dumps(persons), hashlib.sha256).hexdigest()


def _partner(act: Act, member: Membership) -> dict[str, Any]:
    organisation = member.organisation
    parts = select(Participant).where(Participant.membership_id == member.id, Participant.until.is_(None))
    return {
        "id": member.id,
        "organisation": member.organisation_id,
        "name": name_of_partner(member),
        "name_en": organisation.name_en if organisation else "",
        "pic": organisation.pic if organisation else None,
        "role": member.role.value,
        "kinds": list(member.kinds),
        "country": member.country,
        "region": member.region,
        "region_acted_for": member.region_acted_for,
        "share": _money(member.share),
        "task": member.task,
        "confirmed": has_accepted(member),
        "consent": {
            "sha256": member.consents[-1].sha256 if member.consents else None,
            "to_confirm": list(facts_to_confirm(member)),
        },
        "people": sorted([p.person_id, p.part.value] for p in act.session.scalars(parts)),
    }


def _file(file: File) -> dict[str, Any]:
    return {
        "id": file.id,
        "slot": file.slot,
        "partner": file.membership_id,
        "name": file.name,
        "media_type": file.media_type,
        "size": file.size,
        "pages": file.pages,
        "sha256": file.sha256,
        "caption": file.caption,
    }


def _money(amount: Decimal | None) -> str | None:
    return None if amount is None else f"{amount:.2f}"
