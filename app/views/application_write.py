"""Writing an application: basic facts and the sections of the call."""

from __future__ import annotations

from typing import Any

from flask import abort, g, redirect, render_template, request, url_for

from app.facts.membership import name_of_partner
from app.gate import may
from app.models import Application
from app.services.applications.answer_lists import lists_for
from app.services.applications.answers import Clash, latest, numbers_of, save, value_of
from app.services.applications.answers_shown import shown
from app.services.applications.application import BASIC_FIELDS, BasicsClash, Change, save_basics
from app.services.applications.budget_sums import Sums, sums_of
from app.services.applications.canonical import live_members
from app.services.applications.prefill import Source, source_of
from app.services.applications.writing_queries import standing_of
from app.services.calls.call import definition_of
from app.services.transitions import Refused
from app.services.uploads.files import places_of
from app.ui import reason
from app.ui_form import form_errors
from app.views.application import Answer, bp
from forms.answers import AnswersForm
from forms.application import basic_values, basics_section, kept_theirs, started_from, typed_value
from forms.question import SectionForm, field_name, section_form
from workflows.definition import Section
from workflows.definition_questions import Choice, Question
from workflows.questions import Lists

CLASH, UNPROCESSABLE = 409, 422


def typed() -> Any:  # noqa: ANN401 - a MultiDict, or none
    return request.form if request.method == "POST" else None


# -- basic facts ---------------------------------------------------------------------------------------------------


@bp.route("/applications/<application_id>/about", methods=["GET", "POST"])
@may("application.edit")
def about(application: Application) -> Answer:
    section = basics_section(definition_of(application.call))
    stored = {name: typed_value(getattr(application, name)) or None for name in BASIC_FIELDS}
    form = section_form(section, lists_for(definition_of(application.call)), reason)(typed(), stored=stored)
    if request.method == "GET":
        return _about_page(application, form)
    fine = form.validate()
    if not fine and not request.headers.get("HX-Request"):
        return _about_page(application, form, UNPROCESSABLE)
    return _save_about(application, form)


def _save_about(application: Application, form: SectionForm) -> Answer:
    sound = {
        q: v for q, v in form.answers.items() if not form[field_name(q)].errors and q not in kept_theirs(request.form)
    }
    by_script = bool(request.headers.get("HX-Request"))
    try:
        save_basics(g.act, application, basic_values(sound), started_from(request.form, form.section.questions))
    except BasicsClash as clash:
        changes = {change.field: change for change in clash.changes}
        return (
            _saved_line(application, form, clashes=True)
            if by_script
            else _about_page(application, form, CLASH, changes)
        )
    except Refused as refused:
        g.act.session.rollback()
        form.form_errors = [reason(one) for one in refused.reasons]
        return _about_page(application, form, UNPROCESSABLE)
    if by_script:
        return _saved_line(application, form)
    return redirect(_onward(application, form.section.id), 303)


def _about_page(
    application: Application, form: SectionForm, status: int = 200, changes: dict[str, Change] | None = None
) -> Answer:
    was = {name: typed_value(getattr(application, name)) for name in BASIC_FIELDS}
    budget = definition_of(application.call).budget
    if status == UNPROCESSABLE:  # the page goes on from where it started, so that a clash is still seen
        was |= {name: request.form.get(f"was_{name}", was[name]) for name in BASIC_FIELDS}
    return render_template(
        "application/about.html", application=application, form=form, was=was, changes=changes or {},
        place=_place(application, form.section.id), currency=budget.currency if budget else "EUR",
        has_errors=status == UNPROCESSABLE,
    ), status  # fmt: skip


def _saved_line(application: Application, form: SectionForm, *, clashes: bool = False) -> Answer:
    was = {name: typed_value(getattr(application, name)) for name in BASIC_FIELDS}
    faulty = sum(bool(form[field_name(q.id)].errors) for q in form.section.questions)
    page = render_template("application/_saved.html", was=was, numbers={}, faulty=faulty, clashes=clashes)
    return page, (CLASH if clashes else 200)


# -- sections ------------------------------------------------------------------------------------------------------


@bp.route("/applications/<application_id>/sections/<section_id>", methods=["GET", "POST"])
@may("application.edit")
def section(application: Application, section_id: str) -> Answer:
    definition = definition_of(application.call)
    found = next((s for s in definition.sections if s.id == section_id), None) or abort(404)
    form = _answers_form(application, found)
    if form.wants_sums:
        form.validate()
    if request.method == "GET" or form.wants_rows or form.wants_sums:
        return _section_page(application, found, form)
    if not form.validate() and not request.headers.get("HX-Request"):
        return _section_page(application, found, form, UNPROCESSABLE)
    return _save_section(application, found, form)


def _save_section(application: Application, found: Section, form: AnswersForm) -> Answer:
    by_script = bool(request.headers.get("HX-Request"))
    try:
        save(g.act, application, form.sound if by_script else form.answers, form.numbers)
    except Clash as clash:
        if by_script:
            return render_template("application/_saved.html", was={}, numbers={}, faulty=0, clashes=True), CLASH
        return _section_page(application, found, form, CLASH, clash)
    except Refused as refused:
        g.act.session.rollback()
        return _section_page(application, found, form, UNPROCESSABLE, None, refused)
    if by_script:
        numbers = numbers_of(latest(g.act, application))
        shown_numbers = {q.id: numbers.get(q.id, 0) for q in found.questions}
        return render_template(
            "application/_saved.html", was={}, numbers=shown_numbers, faulty=len(form.faulty), clashes=False,
            sums=_sums(application, found),
        )  # fmt: skip
    return redirect(_onward(application, found.id), 303)


def _answers_form(application: Application, found: Section) -> AnswersForm:
    stored = latest(g.act, application)
    return AnswersForm(
        [found],
        lists_of(application),
        formdata=typed(),
        stored={question: value_of(answer) for question, answer in stored.items()},
        numbers=numbers_of(stored),
        say=reason,
    )


def _sums(application: Application, found: Section) -> dict[str, Sums]:
    """Add up the budgets of a section as they stand on the page: typed where something was sent, else stored."""
    if request.method == "GET":
        answers = {question: value_of(answer) for question, answer in latest(g.act, application).items()}
    else:
        judged = _answers_form(application, found)  # its own: the page's form shows faults only where asked
        judged.validate()
        answers = judged.answers
    return sums_of(definition_of(application.call), found, answers, lists_of(application))


def lists_of(application: Application) -> Lists:
    """What answers may choose from, its partners among it."""
    partners = tuple(Choice(code=m.id, label=name_of_partner(m)) for m in live_members(application))
    return lists_for(definition_of(application.call), partners)


def _section_page(
    application: Application,
    found: Section,
    form: AnswersForm,
    status: int = 200,
    clash: Clash | None = None,
    refused: Refused | None = None,
) -> Answer:
    definition = definition_of(application.call)
    differences = {d.question: d for d in clash.differences} if clash else {}
    lists = lists_of(application)
    last = max((a for a in latest(g.act, application).values() if a.question in {q.id for q in found.questions}),
               key=lambda answer: answer.saved_at, default=None)  # fmt: skip
    errors = [(None, reason(one)) for one in refused.reasons] if refused else []
    return render_template(
        "application/section.html", application=application, section=found, asked=form.asked(differences),
        stored={q: shown(definition.question(q), d.theirs, lists) for q, d in differences.items()},
        errors=errors + [line for part in form.parts for line in form_errors(part)], last=last,
        standing=standing_of(g.act, application)[found.id], unchecked=_unchecked(application, found),
        place=_place(application, found.id), has_errors=status == UNPROCESSABLE,
        sums=_sums(application, found),
    ), status  # fmt: skip


def _unchecked(application: Application, found: Section) -> list[tuple[Question, Source]]:
    """Give the answers that were taken over and nobody has saved since."""
    stored = latest(g.act, application)
    sources = ((question, source_of(stored.get(question.id))) for question in found.questions)
    return [(question, source) for question, source in sources if source is not None]


def _steps(application: Application) -> list[str]:
    """Give the pages of writing in their order."""
    definition = definition_of(application.call)
    return [
        "basics",
        "consortium",
        *(s.id for s in definition.sections),
        *(["documents"] if places_of(application.call) else []),
    ]


def _place(application: Application, step: str) -> tuple[int, int]:
    steps = _steps(application)
    return steps.index(step) + 1, len(steps)


def _onward(application: Application, step: str) -> str:
    """Give the page after a saved one: the overview if it was asked for, else the next part."""
    steps = _steps(application)
    at = steps.index(step) + 1
    if "finish" in request.form or at == len(steps):
        return url_for("application.show", application_id=application.id)
    return address_of(application, steps[at])


def address_of(application: Application, step: str) -> str:
    """Give the page on which a part of the application is written."""
    endpoints = {
        "basics": "application.about",
        "consortium": "application.consortium",
        "documents": "application.documents",
    }
    if step in endpoints:
        return url_for(endpoints[step], application_id=application.id)
    return url_for("application.section", application_id=application.id, section_id=step)


@bp.app_context_processor
def _addresses() -> dict[str, Any]:
    return {"part_address": address_of}


__all__ = ["CLASH", "UNPROCESSABLE", "about", "address_of", "lists_of", "section", "typed"]
