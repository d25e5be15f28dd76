"""Verification of a label by its number or code, for anybody with a certificate in their hands."""

from __future__ import annotations

from flask import Blueprint, abort, current_app, g, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from app.gate import may
from app.maps import overlay
from app.services.labels import label_queries as queries
from app.services.labels.verification import find_label, tidy_mark
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


@bp.get("/v/<mark>/certificate.png")
@may("label.verify")
def picture(mark: str) -> Response:
    """Show the certificate as a picture, to compare with paper. It is drawn once, then kept by the PDF's digest."""
    limit("verify.sender", sender())
    label = find_label(g.act, mark)
    current = queries.page_of(g.act, label).current if label else None
    if current is None or current.issued_sha256 is None:
        abort(404)
    store, pictures = current_app.extensions["store"], current_app.extensions["pictures"]
    sha256 = current.issued_sha256
    response = Response(pictures.of(sha256, lambda: b"".join(store.stream(sha256))), mimetype="image/png")
    response.headers["Cache-Control"] = "private, max-age=3600"
    return response
