"""The public register of labels, one entry, and the page of a label for its coordinator and the office."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from flask import Blueprint, Response, abort, g, render_template, request
from flask_babel import gettext as _

from app.access import can, relations_of
from app.gate import may
from app.maps import overlay
from app.models import Label
from app.services.history import history_of
from app.services.labels import charter, register
from app.services.labels import label_queries as queries
from app.services.labels.verification import find_label
from app.services.transitions import verdict_on
from app.taxonomy import term_name
from app.ui import country, words
from app.urls import with_query
from forms.transition import transition_form
from workflows.label import LABEL, REGISTERED, State
from workflows.relations import OFFICES, Relation
from workflows.two_persons import but_the_second

bp = Blueprint("label", __name__)
CONSORTIUM = frozenset({Relation.COORDINATOR, Relation.DEPUTY, Relation.PARTNER})


@bp.get("/register")
@may("label.list")
def index() -> str:
    chosen = chosen_of_request()
    found = register.search(g.act, chosen)
    page = max(request.args.get("page", 1, type=int), 1)
    first = (page - 1) * register.PAGE
    return render_template(
        "label/index.html",
        chosen=chosen,
        found=found,
        shown=found.entries[first : first + register.PAGE],
        page=page,
        pages=-(-len(found.entries) // register.PAGE),
        groups=_groups(found, chosen),
        overlay=overlay(found.marks),
        asked=request.args.to_dict(flat=False),
        with_query=with_query,
    )


def chosen_of_request() -> register.Chosen:
    asked = request.args
    return register.Chosen(
        words=asked.get("q", "")[:200],
        themes=frozenset(asked.getlist("theme")),
        countries=frozenset(asked.getlist("country")),
        states=frozenset(asked.getlist("state")),
        years=frozenset(asked.getlist("year")),
    )


def _groups(found: register.Found, chosen: register.Chosen) -> list[dict[str, Any]]:
    """Give the filters with how many entries of the register each has."""

    def options(name: str, checked: frozenset[str], label: Callable[[str], str]) -> list[dict[str, Any]]:
        listed = sorted((label(value), value, count) for value, count in found.counts[name].items())
        return [{"value": v, "label": text, "count": n, "checked": v in checked} for text, v, n in listed]

    groups = (
        ("state", _("State"), options("state", chosen.states, lambda value: words(LABEL.names[State(value)].public))),
        ("theme", _("Thematic area"), options("theme", chosen.themes, lambda code: term_name("thematic_areas", code))),
        ("country", _("Country"), options("country", chosen.countries, country)),
        ("year", _("Year"), options("year", chosen.years, str)),
    )
    return [{"name": name, "title": title, "options": listed} for name, title, listed in groups if listed]


@bp.get("/register.csv")
@may("label.list")
def table() -> Response:
    text = register.as_csv(g.act, register.search(g.act, chosen_of_request()))
    headers = {"Content-Disposition": "attachment; filename=labels.csv"}
    return Response("\ufeff" + text, mimetype="text/csv", headers=headers)  # the mark tells spreadsheets it is UTF-8


@bp.get("/register/<number>")
@may("label.list")
def entry(number: str) -> str:
    """Show an entry at its stable address; what is not registered looks like what does not exist."""
    label = find_label(g.act, number)
    if label is None or label.number != number:
        abort(404)
    page = queries.page_of(g.act, label)
    return render_template("label/entry.html", label=label, page=page, overlay=overlay(page.marks))


@bp.get("/labels/<label_id>")
@may("label.view")
def show(label: Label) -> str:
    act = g.act
    office = bool(relations_of(act, label, OFFICES))  # the public may see it as well, so the gate names no office
    page = queries.page_of(act, label, office=office)
    accept = LABEL.row("accept", label.state)
    return render_template(
        "label/show.html",
        label=label,
        page=page,
        office=office,
        accepting=transition_form(accept, [])() if accept and can(act, "label.accept", label) else None,
        verdicts={
            row.name: but_the_second(verdict_on(act, label, row.name))
            for row in LABEL.rows
            if label.state in row.sources
        },
        proposal=history_of(act, label, names=("propose_suspension", "propose_withdrawal"), people=True)
        if office
        else (),
        registered=label.state in REGISTERED,
        stands=charter.stands_of(act, label) if relations_of(act, label, OFFICES | CONSORTIUM) else (),
        overlay=overlay(page.marks),
    )
