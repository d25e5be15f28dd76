"""My work: what awaits the person in all their roles."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, render_template

from app.gate import may

bp = Blueprint("work", __name__)


@bp.get("/work")
@may("work.view")
def show() -> Any:  # noqa: ANN401
    return render_template("work/show.html", tasks=[])
