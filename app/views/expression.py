"""Expressions of interest: the public list, one notice, and writing one."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, abort, current_app, g, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from app.access import can
from app.chance import Secret, new_id
from app.facts.expression import advice
from app.gate import may
from app.maps import overlay
from app.models import Call, Expression, Organisation
from app.services.calls.follow import ensure_follow, follow_of, followers, stop_following
from app.services.expressions import expression as services
from app.services.expressions import expression_queries as queries
from app.services.expressions.file_contacts import telling_files
from app.services.gaps.gap import missing_of
from app.services.gaps.gap_reasons import in_words
from app.services.searching.overlap import agree_to_be_told, overlapping
from app.services.transitions import Refused
from app.ui import reason, words
from app.urls import with_query
from forms.expression import CommentForm, StartForm
from workflows.contact_details import HIDDEN

bp = Blueprint("expression", __name__)
Answer = str | Response | tuple[str, int]


OLD_NAMES = {"kind": "seeks"}  # of the filters, until the lists became one


@bp.get("/expressions")
@may("expression.list")
def index() -> Answer:
    """The list became a part of the page on which partners are found; its filters lead there."""
    kept: dict[str, Any] = {OLD_NAMES.get(k, k): v for k, v in request.args.to_dict(flat=False).items()}
    return redirect(with_query("partner.index", {"show": "expressions"} | kept))


@bp.route("/expressions/new", methods=["GET", "POST"])
@may("expression.create")
def new() -> Answer:
    form = _start_form()
    reasons: tuple[str, ...] = ()
    if request.method == "POST" and form.validate():
        call = g.act.session.get(Call, form.call.data) or abort(404)
        organisation = g.act.session.get(Organisation, form.organisation.data) or abort(404)
        try:
            expression = services.start_expression(g.act, call, organisation)
            return redirect(url_for("expression.edit", expression_id=expression.id), 303)
        except Refused as refused:
            reasons = tuple(reason(one) for one in refused.reasons)
    page = render_template("expression/new.html", form=form, reasons=reasons)
    return page, (422 if request.method == "POST" else 200)


def _start_form() -> StartForm:
    calls = queries.open_calls(g.act)
    wanted = request.args.get("call", "")
    form = StartForm(request.form if request.method == "POST" else None)
    form.offer(
        [(call.id, call.title) for call in calls if wanted in ("", call.id)],
        _names(),
    )
    return form


@bp.get("/expressions/<expression_id>")
@may("expression.view")
def show(expression: Expression) -> Answer:
    return _page(expression, None)


def _page(expression: Expression, form: CommentForm | None, status: int = 200) -> Answer:
    if form is None:
        form = CommentForm()
        form.offer(_names())
    page, edits = queries.page_of(g.act, expression, words(HIDDEN)), can(g.act, "expression.edit", expression)
    return render_template(
        "expression/show.html", expression=expression, page=page, form=form, overlay=overlay(page.marks),
        following=follow_of(g.act, expression), followers=followers(g.act, expression),
        terms=queries.terms_of(expression), act_id=new_id(Secret()),
        rules=advice(g.act, expression) if edits else (),
        overlaps=overlapping(g.act, expression) if edits else (),
        missing=missing_of(g.act, expression) if edits else None, why=in_words,
        telling=telling_files(g.act, expression, current_app.extensions["store"]) if edits else (),
    ), status  # fmt: skip


def _names() -> list[tuple[str, str]]:
    return [(organisation.id, organisation.name) for organisation in queries.my_organisations(g.act)]


@bp.post("/expressions/<expression_id>/follow")
@may("expression.follow")
def follow(expression: Expression) -> Answer:
    ensure_follow(g.act, expression)
    return redirect(url_for("expression.show", expression_id=expression.id), 303)


@bp.post("/expressions/<expression_id>/unfollow")
@may("expression.follow")
def unfollow(expression: Expression) -> Answer:
    stop_following(g.act, expression)
    return redirect(url_for("expression.show", expression_id=expression.id), 303)


@bp.post("/expressions/<expression_id>/comments")
@may("expression.comment")
def comment(expression: Expression) -> Answer:
    form = CommentForm(request.form)
    form.offer(_names())
    if not form.validate():
        return _page(expression, form, 422)
    organisation = g.act.session.get(Organisation, form.organisation.data) if form.organisation.data else None
    services.comment(g.act, expression, form.text.data or "", organisation)
    return redirect(url_for("expression.show", expression_id=expression.id) + "#comments", 303)


@bp.post("/expressions/<expression_id>/comments/<comment>/hide")
@may("expression.hide_comment")
def hide_comment(expression: Expression, comment: str) -> Answer:
    try:
        services.hide_comment(g.act, expression, comment)
    except LookupError:
        abort(404)
    return redirect(url_for("expression.show", expression_id=expression.id) + "#comments", 303)


@bp.post("/expressions/<expression_id>/overlaps")
@may("expression.edit")
def overlaps(expression: Expression) -> Answer:
    """Agree, or not any more, that authors of overlapping notices are told of each other."""
    agree_to_be_told(g.act, expression, agreed=request.form.get("agreed") == "yes")
    return redirect(url_for("expression.show", expression_id=expression.id), 303)
