"""The register as data: public, stable addresses, nothing that is not on the pages as well."""

from __future__ import annotations

import json
from typing import Any

from flask import Blueprint, Response, g

from app.gate import may
from app.services.labels import register
from app.services.labels.verification import find_label
from app.views.label import chosen_of_request

bp = Blueprint("api", __name__)


def answer(data: dict[str, Any], status: int = 200) -> Response:
    """Answer with JSON that any page may read: it is public."""
    body = json.dumps(data, ensure_ascii=False, indent=2) + "\n"
    return Response(body, status, mimetype="application/json", headers={"Access-Control-Allow-Origin": "*"})


@bp.get("/api/register")
@may("label.list")
def listed() -> Response:
    """Give every entry that fits; the filters are those of the page: q, theme, country, state, year."""
    found = register.search(g.act, chosen_of_request())
    entries = [register.entry_data(g.act, entry.label) for entry in found.entries]
    return answer({"total": found.total, "count": len(entries), "labels": entries})


@bp.get("/api/register/<number>")
@may("label.list")
def one(number: str) -> Response:
    label = find_label(g.act, number)
    if label is None or label.number != number:
        return answer({"error": "not-found", "message": "No label of that number is in the register."}, 404)
    return answer(register.entry_data(g.act, label))
