"""Expressions of interest: the public list, one notice, and writing one."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from flask import Blueprint, abort, g, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.datastructures import MultiDict
from werkzeug.wrappers import Response

from app.access import can
from app.chance import Secret, new_id
from app.facts.expression import advice
from app.gate import may
from app.maps import overlay
from app.models import Call, Expression, Organisation
from app.services import expression as services
from app.services import expression_queries as queries
from app.services.follow import ensure_follow, follow_of, followers, stop_following
from app.services.transitions import Refused
from app.taxonomy import term_name
from app.ui import country, reason, words
from forms.expression import CommentForm, StartForm
from workflows.expression import EXPRESSION, State

bp = Blueprint("expression", __name__)
Answer = str | Response | tuple[str, int]


@bp.get("/expressions")
@may("expression.list")
def index() -> Answer:
    chosen = _chosen()
    listed = queries.listed(g.act, chosen)
    groups = _groups(listed, chosen)
    return render_template(
        "expression/index.html", chosen=chosen, listed=listed, groups=groups, overlay=overlay(listed.marks)
    )


def _chosen() -> queries.Chosen:
    asked: MultiDict[str, str] = request.args
    return queries.Chosen(
        words=asked.get("q", "")[:200],
        themes=frozenset(asked.getlist("theme")),
        countries=frozenset(asked.getlist("country")),
        kinds=frozenset(asked.getlist("kind")),
        states=frozenset(asked.getlist("state")),
        call=asked.get("call", ""),
    )


def _groups(listed: queries.Listed, chosen: queries.Chosen) -> list[dict[str, Any]]:
    """The filters with how many notices each would leave."""

    def options(name: str, checked: frozenset[str], label: Callable[[str], str]) -> list[dict[str, Any]]:
        found = sorted(((label(code), code, count) for code, count in listed.counts[name].items()))
        return [{"value": c, "label": text, "count": n, "checked": c in checked} for text, c, n in found]

    names = EXPRESSION.names
    groups = [
        ("theme", _("Theme"), options("theme", chosen.themes, lambda code: term_name("thematic_areas", code))),
        ("country", _("Country"), options("country", chosen.countries, country)),
        (
            "kind",
            _("Kind of partner sought"),
            options("kind", chosen.kinds, lambda code: term_name(queries.KINDS, code)),
        ),
        ("state", _("State"), options("state", chosen.states, lambda code: words(names[State(code)].public))),
    ]
    return [{"name": name, "title": title, "options": found} for name, title, found in groups if found]


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
    page = queries.page_of(g.act, expression)
    return render_template(
        "expression/show.html", expression=expression, page=page, form=form, overlay=overlay(page.marks),
        following=follow_of(g.act, expression), followers=followers(g.act, expression),
        terms=queries.terms_of(expression), act_id=new_id(Secret()),
        rules=advice(g.act, expression) if can(g.act, "expression.edit", expression) else (),
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
