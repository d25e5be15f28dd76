"""Pages for everybody: what this is, who may do what, accessibility, privacy, help, licences, health."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, render_template

from app.gate import may

bp = Blueprint("public", __name__)


@bp.get("/")
@may("site.view")
def home() -> Any:  # noqa: ANN401
    return render_template("public/home.html", calls=[])
