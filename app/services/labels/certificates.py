"""What a certificate says: taken at the acceptance or when the grant changes, printed from just that ever after."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from app import taxonomy
from app.act import Act
from app.models import Label
from app.services.calls.call import definition_of
from app.services.documents.paper_heads import common, issuer, local_day
from app.services.dossiers.anchoring import last_head
from app.services.transitions import Done


def certificate_snapshot(act: Act, label: Label, done: Done) -> tuple[dict[str, Any], str | None, str]:
    """Give what the certificate says (see app/documents/snapshots.py), its application and its call."""
    if label.number is None or label.code is None or label.conferred_at is None:
        raise LookupError("a label without a number has no certificate")
    call, definition = label.call, definition_of(label.call)
    last_day = last_valid_day(label)
    snapshot = common(act, call, done, "certificate") | {
        "number": label.number,
        "code": label.code,
        "verify_url": f"{act.site.address}/v/{label.code}",
        "acronym": label.acronym,
        "title": label.title,
        "thematic_area": theme_name(label.theme),
        "label_name": definition.label or definition.short_title or definition.code,
        "label_long_name": act.site.label_long_name,
        "issuer": issuer(act),
        "call_title": call.title,
        "call_reference": definition.reference or definition.code,
        "issued_on": local_day(act.now, call.zone).isoformat(),  # a later one has a day of its own
        "expires_on": last_day.isoformat() if last_day else None,
        "with_grant": label.with_grant,
        "partners": [_partner(partner) for partner in label.partners],
        "record_head": last_head(act.session),
    }
    return snapshot, label.application_id, label.call_id


def last_valid_day(label: Label) -> date | None:
    """Give the last local day on which the label is valid; None where it has no end."""
    if label.valid_until is None:
        return None
    return local_day(label.valid_until - timedelta(microseconds=1), label.call.zone)


def theme_name(code: str | None) -> str | None:
    return taxonomy.term_name("thematic_areas", code) if code else None


def _partner(partner: dict[str, Any]) -> dict[str, Any]:
    return {
        "name": partner["name"],
        "latin_name": partner["name_en"],
        "region_name": partner["region_name"],
        "region_code": partner["region"],
        "country": partner["country_name"],
        "is_coordinator": partner["role"] == "coordinator",
    }
