"""What a receipt says: everything that was sent, with the time it came and its fingerprint."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import UTC, date
from decimal import Decimal
from typing import Any

from app.act import Act
from app.models import Application, Person
from app.services.applications.answers_shown import Cell, ShownAnswer
from app.services.applications.content import ShownContent, ShownFile, ShownPartner, shown_content
from app.services.applications.submission import content_of_version, current_version
from app.services.calls.call import definition_of
from app.services.documents.paper_heads import common
from app.services.statements import sentences
from app.services.transitions import Done
from workflows.definition import CallDefinition
from workflows.definition_questions import QuestionType
from workflows.words import _


def receipt_snapshot(act: Act, application: Application, done: Done) -> tuple[dict[str, Any], str | None, str]:
    """Give what the receipt of the newest version says (see app/documents/snapshots.py), its application and call."""
    version = current_version(act, application)
    if version is None:
        raise LookupError("nothing was submitted")
    call, definition = application.call, definition_of(application.call)
    content = content_of_version(version)
    shown = shown_content(definition, content)
    person = act.session.get_one(Person, version.submitted_by)
    snapshot = (
        common(act, call, done, "receipt")
        | printed(shown)
        | {
            "number": f"{application.number}-v{version.number}",
            "reference": application.number,
            "acronym": shown.acronym,
            "title": shown.title,
            "call_title": call.title,
            "call_reference": definition.reference or call.code,
            "version": version.number,
            "received_at": version.received_at.astimezone(UTC).isoformat(),
            "digest": version.sha256,
            "submitted_by": person.name,
            "may_change_until": application.closes_at.astimezone(UTC).isoformat(),
            "declarations": list(declared(definition, content["declarations"])),
        }
    )
    return snapshot, application.id, application.call_id


def printed(shown: ShownContent) -> dict[str, Any]:
    """Give what an application says as documents print it."""
    digests = {file.id: file.sha256 for file in shown.files}
    return {
        "facts": list(_facts(shown)),
        "sections": [{"title": s.title, "blocks": [_block(a, digests) for a in s.answers]} for s in shown.sections],
        "partners": [_partner(partner) for partner in shown.partners],
        "tables": [],
        "files": [_file(file) for file in shown.files],
    }


def declared(definition: CallDefinition, codes: list[str]) -> Iterator[str]:
    """Give the sentences that were ticked, in the order of the call."""
    yield from (sentence for code, sentence in sentences(definition) if code in codes)


def _facts(shown: ShownContent) -> Iterator[tuple[str, str]]:
    if shown.theme:
        yield _("Thematic area"), shown.theme
    if shown.starts_on:
        yield _("Start"), f"{shown.starts_on.day} {shown.starts_on:%B %Y}"
    if shown.months:
        yield _("Length"), _("{months} months").format(months=shown.months)
    for label, amount in ((_("Grant requested"), shown.requested_grant), (_("Eligible cost"), shown.eligible_cost)):
        if amount is not None:
            yield label, f"{shown.currency} {amount:,.2f}"


def _partner(partner: ShownPartner) -> dict[str, Any]:
    return {
        "name": partner.name,
        "latin_name": partner.name_en if partner.name_en != partner.name else None,
        "country": partner.country,
        "region_name": partner.region_name,
        "region_code": partner.region_code,
        "role": _standing(partner),
    }


def _standing(partner: ShownPartner) -> str:
    """Say the role, and whether the partner's word was missing or no longer covered its part when this was sent."""
    if not partner.confirmed:
        return _("{role}, not confirmed").format(role=partner.role)
    if partner.to_confirm:
        return _("{role}, must confirm its part again within five working days").format(role=partner.role)
    return partner.role


def _file(file: ShownFile) -> dict[str, Any]:
    slot = f"{file.slot}: {file.partner}" if file.partner else file.slot
    return {"slot": slot, "name": file.name, "size": file.size, "sha256": file.sha256}


def _block(answer: ShownAnswer, digests: Mapping[str, str]) -> dict[str, Any]:
    block: dict[str, Any] = {"question": answer.label}
    if answer.figures:
        block["figures"] = [{"sha256": digests[one.file_id], "caption": one.caption} for one in answer.figures]
    if answer.items:
        block["items"] = list(answer.items)
    elif answer.kind == "table":
        block["table"] = _table(answer)
    elif answer.kind != "none":
        block["text"] = _word(answer.value)
        block["long"] = answer.kind == "long"
    return block


def _table(answer: ShownAnswer) -> dict[str, Any]:
    numeric = [at for at, column in enumerate(answer.columns) if column.type is QuestionType.NUMBER]
    total = [_("Total"), *(_word(cell) for cell in answer.total)] if answer.total else None
    return {
        "caption": answer.label,
        "columns": [column.label for column in answer.columns],
        "rows": [[_word(cell) for cell in row] for row in answer.rows],
        "numeric": numeric,
        "total": total,
    }


def _word(cell: Cell) -> str:
    if cell is None:
        return ""
    if isinstance(cell, bool):
        return _("Yes") if cell else _("No")
    if isinstance(cell, date):
        return f"{cell.day} {cell:%B %Y}"
    if isinstance(cell, Decimal):
        return f"{cell:,.2f}".removesuffix(".00")
    return str(cell)
