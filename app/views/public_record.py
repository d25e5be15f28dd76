"""What the service owes the public: the heads of its record, and the lists that are due for publication."""

from __future__ import annotations

from typing import Any

from flask import Response, abort, g, render_template
from sqlalchemy import select

from app.gate import may
from app.models import Publication
from app.services.dossiers.anchoring import public_heads
from app.services.labels import publication as services
from app.services.record import plain
from app.views.public import bp

SHOWN = 60


@bp.get("/record")
@may("site.view")
def record() -> str:
    """Show the newest heads and all lists."""
    heads = public_heads(g.act.session, SHOWN)
    return render_template(
        "public/record.html", heads=heads, lists=services.published(g.act.session), titles=services.TITLES
    )


@bp.get("/record.json")
@may("site.view")
def record_json() -> dict[str, Any]:
    """Give every head, for whoever keeps them elsewhere."""
    return {
        "heads": [
            {"number": one.number, "at": plain(one.at), "why": one.why, "entries": one.entries, "head": one.head}
            for one in public_heads(g.act.session, None)
        ]
    }


@bp.get("/published/<kind>/<about>")
@may("site.view")
def published_list(kind: str, about: str) -> str:
    found = _list(kind, about)
    return render_template("public/published.html", found=found, titles=services.TITLES)


@bp.get("/published/<kind>/<about>.csv")
@may("site.view")
def published_csv(kind: str, about: str) -> Response:
    text = services.as_csv(_list(kind, about))
    headers = {"Content-Disposition": f'attachment; filename="{kind}.csv"', "X-Content-Type-Options": "nosniff"}
    return Response(text, mimetype="text/csv", headers=headers)


@bp.get("/published/<kind>/<about>.json")
@may("site.view")
def published_json(kind: str, about: str) -> dict[str, Any]:
    return services.as_json(_list(kind, about))


def _list(kind: str, about: str) -> services.Published:
    query = select(Publication).where(Publication.kind == kind, Publication.about == about)
    one = g.act.session.scalar(query)
    return abort(404) if one is None else services.shown(g.act.session, one)
