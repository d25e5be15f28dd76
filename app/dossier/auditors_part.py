"""What is the auditors' own in a dossier: who was let in, the samples they drew, what they noted."""

from __future__ import annotations

import json
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.models import Application, AuditAccess, AuditNote, Dossier
from app.services.record import plain
from workflows.audit import sample


def auditors_part(session: Session, dossier: Dossier) -> bytes:
    """Write the part that only the level for auditors has. It is no part of the record of the call."""
    accesses = session.scalars(
        select(AuditAccess)
        .where(AuditAccess.call_id == dossier.call_id)
        .order_by(AuditAccess.granted_at, AuditAccess.id)
    )
    notes = select(AuditNote, Application.number).join(Application, Application.id == AuditNote.application_id)
    if dossier.application_id is None:
        notes = notes.where(Application.call_id == dossier.call_id)
    else:
        notes = notes.where(Application.id == dossier.application_id)
    found = {
        "accesses": [_access(one) for one in accesses],
        "notes": [
            {"application": number, "at": plain(note.at), "by": note.person.name, "text": note.text}
            for note, number in session.execute(notes.order_by(AuditNote.at, AuditNote.id))
        ],
    }
    return (json.dumps(found, ensure_ascii=False, indent=1, sort_keys=True) + "\n").encode()


def _access(access: AuditAccess) -> dict[str, Any]:
    told: dict[str, Any] = {
        "auditor": access.person.name,
        "since": plain(access.since),
        "until": plain(access.until),
        "ended_at": plain(access.ended_at),
        "granted_by": access.granter.name,
    }
    if access.drawn_at is None:
        return told
    drawn = sample(access.population or (), access.size or 0, access.seed)
    return told | {
        "drawn_at": plain(access.drawn_at), "seed": access.seed, "size": access.size,
        "drawn_from": access.population, "sample": drawn,
    }  # fmt: skip
