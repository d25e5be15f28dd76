"""Verification of a label by its number or code, for anybody with a certificate in their hands."""

from __future__ import annotations

from flask import Blueprint, g, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from app.gate import may
from app.maps import overlay
from app.services import label_queries as queries
from app.services.verification import find_label, tidy_mark
from app.views.sign_in import limit, sender
from forms.label import MarkForm

bp = Blueprint("verify", __name__)
Answer = str | Response | tuple[str, int]


@bp.get("/v")
@may("label.verify")
def index() -> Answer:
    form = MarkForm(request.args if "mark" in request.args else None)
    if "mark" not in request.args:
        return render_template("verify/index.html", form=form)
    if not form.validate():
        return render_template("verify/index.html", form=form), 422
    return redirect(url_for("verify.show", mark=tidy_mark(form.mark.data or "") or "-"), 303)


@bp.get("/v/<mark>")
@may("label.verify")
def show(mark: str) -> Answer:
    """Give the verdict. What was never issued, is not issued yet, or was mistyped all look the same."""
    limit("verify.sender", sender())
    label = find_label(g.act, mark)
    if label is None:
        return render_template("verify/unknown.html", form=MarkForm(data={"mark": mark[:64]})), 404
    page = queries.page_of(g.act, label)
    return render_template("verify/show.html", label=label, page=page, overlay=overlay(page.marks))
