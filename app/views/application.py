"""Applications as they are read: the list, the overview, what evaluators see, the history."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, abort, g, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.datastructures import MultiDict
from werkzeug.wrappers import Response

from app.access import can
from app.chance import Secret, new_id
from app.facts.call import is_open_for
from app.gate import may
from app.models import Application, Call, Expression, Organisation
from app.services.applications import application_list
from app.services.applications import application_queries as queries
from app.services.applications.application import start_application
from app.services.applications.application_history import history_of
from app.services.applications.canonical import content_of
from app.services.applications.content import shown_content
from app.services.applications.submission import content_of_version, current_version, definition_of_version
from app.services.calls.call import definition_of
from app.services.calls.call_versions import look_again
from app.services.calls.exception import exceptions_of
from app.services.checks.clarification import clarifications_of, clarified_for_experts
from app.services.consortia.participant import people_of
from app.services.consortia.reminder import reminders_offered
from app.services.evaluating.readable import readable_by
from app.services.labels.award_documents import asks_after_award
from app.services.reviews.review import reviews_on
from app.services.transitions import Refused
from app.ui import reason, words
from app.urls import with_query
from forms.application import StartForm
from workflows.application import APPLICATION, State

bp = Blueprint("application", __name__)
Answer = str | Response | tuple[str, int]


@bp.get("/applications")
@may("application.list")
def index() -> Answer:
    asked: MultiDict[str, str] = request.args
    chosen = application_list.Chosen(
        calls=frozenset(asked.getlist("call")),
        states=frozenset(state for value in asked.getlist("state") for state in value.split(",")),
        words=asked.get("q", "")[:200],
        page=max(1, asked.get("page", 1, type=int)),
    )
    listed = application_list.listed(g.act, chosen)
    return render_template(
        "application/index.html", listed=listed, chosen=chosen, groups=_groups(listed, chosen), address=_page_address
    )


def _groups(listed: application_list.Listed, chosen: application_list.Chosen) -> list[dict[str, Any]]:
    calls = [
        {"value": call.id, "label": call.title, "count": count, "checked": call.id in chosen.calls}
        for call, count in listed.calls
    ]
    states = _states(listed, chosen)
    groups = [("call", _("Call"), calls), ("state", _("State"), states)]
    return [{"name": name, "title": title, "options": options} for name, title, options in groups if options]


def _states(listed: application_list.Listed, chosen: application_list.Chosen) -> list[dict[str, Any]]:
    """Several states may have one name for applicants: they are one choice."""
    named: dict[str, list[tuple[str, int]]] = {}
    for state, count in listed.states:
        named.setdefault(words(APPLICATION.names[State(state)].applicant), []).append((state, count))
    return [
        {
            "value": ",".join(state for state, _count in found),
            "label": label,
            "count": sum(count for _state, count in found),
            "checked": all(state in chosen.states for state, _count in found),
        }
        for label, found in named.items()
    ]


def _page_address(number: int) -> str:
    asked: dict[str, Any] = {**request.args.to_dict(flat=False), "page": str(number)}
    return with_query("application.index", asked)


@bp.route("/applications/new", methods=["GET", "POST"])
@may("application.create")
def new() -> Answer:
    form = _start_form()
    if request.method == "GET":
        return render_template("application/new.html", form=form, act_id=new_id(Secret()))
    if form.validate():
        try:
            return redirect(url_for("application.show", application_id=_start(form).id), 303)
        except Refused as refused:
            g.act.session.rollback()
            form.form_errors = [reason(one) for one in refused.reasons]
    return render_template("application/new.html", form=form, act_id=request.form.get("act_id", "")), 422


def _start_form() -> StartForm:
    calls = queries.open_calls(g.act)
    wanted = request.args.get("call", "")
    data = {"call": wanted} if wanted in {call.id for call in calls} else {}
    form = StartForm(request.form if request.method == "POST" else None, data=data)
    form.offer(
        [(call.id, call.title) for call in calls],
        [(organisation.id, organisation.name) for organisation in queries.my_organisations(g.act)],
        [(one.id, one.acronym or one.title) for one in queries.my_expressions(g.act)],
    )
    return form


def _start(form: StartForm) -> Application:
    session = g.act.session
    call = session.get(Call, form.call.data) or abort(404)
    organisation = session.get(Organisation, form.organisation.data) or abort(404)
    expression = session.get(Expression, form.expression.data) if form.expression.data else None
    return start_application(g.act, call, organisation, acronym=form.acronym.data or "", expression=expression)


@bp.get("/applications/<application_id>")
@may("application.view")
def show(application: Application) -> Answer:
    """The overview for those who take part; for everybody else, what was submitted."""
    if not can(g.act, "application.view_draft", application):
        return _read(application)
    found = queries.overview(g.act, application)
    may_edit = can(g.act, "application.edit", application) and is_open_for(g.act, application)
    receipts = queries.receipts_of(g.act, application)
    return render_template(
        "application/show.html", may_edit=may_edit, application=application, overview=found, receipts=receipts,
        reminders=reminders_offered(g.act, [partner.membership for partner in found.partners]),
        again=look_again(g.act, application), exceptions=exceptions_of(g.act, application),
        clarifications=clarifications_of(g.act, application), asks_after_award=asks_after_award(application),
        reviews=reviews_on(g.act, application),
    )  # fmt: skip


def _read(application: Application) -> Answer:
    version = current_version(g.act, application)
    if version is None:
        return redirect(url_for("application.readiness", application_id=application.id), 303)
    readable = readable_by(g.act, application)
    return render_template(
        "application/read.html", application=application, version=version, content=readable.shown,
        clarified=clarified_for_experts(g.act, application), exceptions=exceptions_of(g.act, application),
        clarifications=clarifications_of(g.act, application), reviews=reviews_on(g.act, application),
    )  # fmt: skip


@bp.get("/applications/<application_id>/preview")
@may("application.view_draft")
def preview(application: Application) -> Answer:
    definition = definition_of(application.call)
    content = shown_content(definition, content_of(g.act, application), names=not application.call.anonymous)
    return render_template("application/preview.html", application=application, content=content)


@bp.get("/applications/<application_id>/versions/<int:number>")
@may("application.view_history")
def version(application: Application, number: int) -> Answer:
    found = next((v for v in application.versions if v.number == number), None) or abort(404)
    receipts = queries.receipts_of(g.act, application)
    content = shown_content(definition_of_version(g.act, found), content_of_version(found))
    return render_template(
        "application/version.html", application=application, version=found, content=content,
        receipt=receipts.get(found.sha256), newest=application.versions[-1].number == number,
    )  # fmt: skip


@bp.get("/applications/<application_id>/history")
@may("application.view_history")
def history(application: Application) -> Answer:
    return render_template("application/history.html", application=application, events=history_of(g.act, application))


@bp.get("/applications/<application_id>/readiness")
@may("application.view_readiness")
def readiness(application: Application) -> Answer:
    """What is still missing, without anything that was written: for the office while the call is open."""
    helpers = [p.person for p in people_of(g.act, application) if p.part.value == "helper"]
    return render_template(
        "application/readiness.html",
        application=application,
        overview=queries.overview(g.act, application),
        helpers=helpers,
        exceptions=exceptions_of(g.act, application),
    )


@bp.app_context_processor
def _newer_edits() -> dict[str, Any]:
    """On every page of a submitted application: whether the draft went on since."""
    return {"newer_edits": queries.newer_edits(g.act, g.get("thing")) if g.get("thing") is not None else None}
