"""Working on an application off line: a form in one file, a text to circulate, and bringing back what was typed."""

from __future__ import annotations

import json
from dataclasses import asdict
from pathlib import Path
from typing import Any

from flask import g, make_response, redirect, render_template, request, url_for
from flask_babel import get_locale
from flask_babel import gettext as _
from markupsafe import Markup
from werkzeug.wrappers import Response

from app.gate import may
from app.models import Application
from app.offline.brought import FORMAT, VERSION, Brought, UnreadableError, read
from app.offline.text import Words, text_of
from app.services.applications.answers import Clash, latest, numbers_of, value_of
from app.services.applications.application import BASIC_FIELDS, BasicsClash
from app.services.applications.bringing import Line, compare, compare_basics, take
from app.services.applications.canonical import content_of
from app.services.applications.content import shown_content
from app.services.calls.call import definition_of
from app.services.evaluating.reading_copy import copy_of
from app.services.transitions import Refused
from app.text_document import MEDIA_TYPE as TEXT_DOCUMENT
from app.ui import money, reason, when_text, words
from app.views.application import Answer, bp
from app.views.application_write import CLASH, UNPROCESSABLE, lists_of
from forms.answers import AnswersForm
from forms.application import basic_values, basics_section, typed_value
from forms.question import section_form

_STATIC = Path(__file__).resolve().parent.parent / "static"


@bp.get("/applications/<application_id>/off-line/form.html")
@may("application.edit")
def offline_form(application: Application) -> Response:
    """Give the whole form as one page that needs no connection."""
    definition, stored, lists = definition_of(application.call), latest(g.act, application), lists_of(application)
    form = AnswersForm(
        definition.sections, lists, stored={q: value_of(a) for q, a in stored.items()}, numbers=numbers_of(stored)
    )
    basics = basics_section(definition)
    was = _basics_now(application)
    page = render_template(
        "offline/form.html", application=application, asked=form.asked(),
        basics=section_form(basics, lists)(stored=_some(was)),
        was=was, numbers=form.numbers, documents=definition.documents,
        script=_own("offline.js"), style=_own("offline.css"),
    )  # fmt: skip
    return _file(page, "text/html; charset=utf-8", f"{application.number}-form.html")


@bp.get("/applications/<application_id>/off-line/text.docx")
@may("application.view_draft")
def offline_text(application: Application) -> Response:
    content = shown_content(definition_of(application.call), content_of(g.act, application))
    facts = [
        (_("Application"), application.number),
        (_("Call"), application.call.title),
        (_("Thematic area"), content.theme),
        (_("Grant requested"), money(content.requested_grant, content.currency) if content.requested_grant else ""),
        (_("Eligible cost"), money(content.eligible_cost, content.currency) if content.eligible_cost else ""),
    ]
    draft = _(
        "As it stood on %(when)s. This is a copy to read: changes in it do not come back.", when=when_text(g.act.now)
    )
    text = Words(
        draft=draft,
        partners=_("Partners"),
        partner_columns=(_("Organisation"), _("Country"), _("Role")),
        not_answered=_("Not answered"),
        total=_("All partners"),
        yes=_("Yes"),
        no=_("No"),
        facts=tuple((label, value) for label, value in facts if value),
        language=str(get_locale()),
    )  # fmt: skip
    return _file(text_of(content, text, words, g.act.now), TEXT_DOCUMENT, f"{application.number}.docx")


@bp.route("/applications/<application_id>/off-line", methods=["GET", "POST"])
@may("application.edit")
def offline(application: Application) -> Answer:
    if request.method == "GET":
        return _page(application)
    try:
        brought = read(_sent())
    except UnreadableError as fault:
        return _page(application, faults=[reason(fault.reason)])
    if brought.application != application.id:
        return _page(application, faults=[_("This file belongs to another application. Bring it back there.")])
    lines = _lines(application, brought)
    if "take" in request.form:
        return _take(application, brought, lines)
    return _page(application, brought, lines)


def _sent() -> bytes:
    chosen = request.files.get("file")
    return chosen.stream.read() if chosen is not None and chosen.filename else request.form.get("brought", "").encode()


def _lines(application: Application, brought: Brought) -> list[Line]:
    definition, lists = definition_of(application.call), lists_of(application)
    basics = compare_basics(brought, basics_section(definition), _basics_now(application), lists)
    return basics + compare(g.act, application, brought, definition.sections, lists)


def _take(application: Application, brought: Brought, lines: list[Line]) -> Answer:
    """Store what was ticked, unless somebody changed it since the page was shown."""
    wanted = set(request.form.getlist("line"))
    chosen = [line for line in lines if line.key in wanted and line.sound]
    if any(line.number != request.form.get(f"n_{line.key}", -1, type=int) for line in chosen):
        return _page(application, brought, lines, status=CLASH)
    if not chosen:
        return _page(application, brought, lines, [_("Tick what to keep, or leave this page: nothing was changed.")])
    basic = {line.question.id: line.value for line in chosen if line.basic}
    answers = [line for line in chosen if not line.basic]
    try:
        take(g.act, application, answers, basic_values(basic), {f: getattr(application, f) for f in basic})
    except (Clash, BasicsClash):
        return _page(application, brought, _lines(application, brought), status=CLASH)
    except Refused as refused:
        g.act.session.rollback()
        return _page(application, brought, lines, [reason(one) for one in refused.reasons])
    return redirect(url_for("application.show", application_id=application.id), 303)


def _page(
    application: Application,
    brought: Brought | None = None,
    lines: list[Line] | None = None,
    faults: list[str] | None = None,
    status: int = 200,
) -> Answer:
    status = UNPROCESSABLE if faults else status
    kept = json.dumps({"format": FORMAT, "version": VERSION} | asdict(brought)) if brought else ""
    return render_template(
        "application/offline.html", application=application, lines=lines, kept=kept, faults=faults or [],
        copy=copy_of(g.act, application),
        changed_since=status == CLASH, has_errors=status == UNPROCESSABLE,
    ), status  # fmt: skip


def _basics_now(application: Application) -> dict[str, str]:
    return {name: typed_value(getattr(application, name)) for name in BASIC_FIELDS}


def _some(values: dict[str, str]) -> dict[str, Any]:
    return {name: value or None for name, value in values.items()}


def _own(name: str) -> Markup:
    """Give a script or style of ours to stand inside a page: the file that is taken along must hold everything."""
    return Markup((_STATIC / name).read_text(encoding="utf-8"))  # noqa: S704 - a file of ours, not what anybody typed


def _file(content: str | bytes, media_type: str, name: str) -> Response:
    answer = make_response(content)
    answer.headers["Content-Type"] = media_type
    answer.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    return answer
