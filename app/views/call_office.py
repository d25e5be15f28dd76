"""Calls for the office: import, export, where each value comes from, regions to settle."""

from __future__ import annotations

from collections.abc import Sequence

from flask import Response, g, make_response, redirect, render_template, request, url_for
from flask_babel import gettext as _

from app.chance import Secret, new_id
from app.gate import may
from app.geography import CATEGORIES
from app.models import Call
from app.services.calls import call_queries as queries
from app.services.calls.call import CodeTaken, FaultyCallFile, definition_of, export_call, import_call
from app.services.calls.call_versions import prepare_change, prepared_changes
from app.services.calls.call_words import CATEGORIES as CATEGORY_WORDS
from app.services.organisations.region import regions_to_settle, settle_region, settled_regions
from app.services.transitions import Refused
from app.ui import reason, words
from app.views.call import Answer, bp
from forms.call import ChangeForm, ImportForm, SettleForm

LARGEST = 1024 * 1024
Problems = Sequence[tuple[str, str]]  # field and what is wrong with it


@bp.route("/calls/import", methods=["GET", "POST"], endpoint="import_file")
@may("call.import")
def import_file() -> Answer:
    form = ImportForm(request.form if request.method == "POST" else None)
    if request.method == "GET":
        return render_template("call/import.html", form=form, faults=(), problems=())
    chosen = request.files.get("file")
    data = chosen.read(LARGEST + 1) if chosen else b""
    problems: Problems = _problems(data)
    faults: tuple[object, ...] = ()
    if not problems:
        try:
            call = import_call(g.act, data, practice=bool(form.practice.data))
            return redirect(url_for("call.values", call_id=call.id), 303)
        except FaultyCallFile as faulty:
            faults = faulty.faults
        except CodeTaken as taken:
            problems = [("file", words(taken.text, {"code": taken.code}))]
    return render_template("call/import.html", form=form, faults=faults, problems=problems), 422


def _problems(data: bytes, field: str = "file") -> Problems:
    if not data.strip():
        return [(field, _("Choose the call file.") if field == "file" else _("Write the text of the call."))]
    if len(data) > LARGEST:
        return [(field, _("The file is larger than 1 MB: a call file is text of a few kilobytes."))]
    return []


@bp.get("/calls/<call_id>/export")
@may("call.export")
def export(call: Call) -> Response:
    number = request.args.get("version", type=int)
    older = next((version.data for version in call.versions if version.number == number), None)
    answer = make_response(older or export_call(call))
    answer.headers["Content-Type"] = "application/yaml; charset=utf-8"
    answer.headers["Content-Disposition"] = f'attachment; filename="{call.code}.yaml"'
    return answer


@bp.route("/calls/<call_id>/new-version", methods=["GET", "POST"])
@may("call.prepare_change")
def new_version(call: Call) -> Answer:
    """Change the text, or choose a changed file, and see what it changes; putting it in force is an act of its own."""
    form = ChangeForm(request.form if request.method == "POST" else None)
    if request.method == "GET":
        return _change_page(call, form, call.source.prepared or export_call(call))
    data, field = _changed(form)
    problems, faults = _problems(data, field), tuple[object, ...]()
    try:
        if not problems:
            prepare_change(g.act, call, data)
            return redirect(url_for("call.new_version", call_id=call.id) + "#changes", 303)
    except FaultyCallFile as faulty:
        faults = faulty.faults
    except Refused as refused:
        problems = [(field, reason(one)) for one in refused.reasons]
    return _change_page(call, form, data, faults, problems), 422


def _changed(form: ChangeForm) -> tuple[bytes, str]:
    """Give the changed text and the field it came from: a file that was chosen, else what was written."""
    chosen = request.files.get("file")
    if chosen or "text" not in request.form:
        return (chosen.read(LARGEST + 1) if chosen else b""), "file"
    return f"{form.text.data}\n".encode(), "text"


def _change_page(
    call: Call, form: ChangeForm, data: bytes, faults: tuple[object, ...] = (), problems: Problems = ()
) -> str:
    form.text.data = text = data.decode(errors="replace") or form.text.data or ""
    return render_template(
        "call/new_version.html", call=call, form=form, faults=faults, problems=problems, changes=prepared_changes(call),
        lines=text.splitlines(),
    )  # fmt: skip


@bp.get("/calls/<call_id>/values")
@may("call.manage")
def values(call: Call) -> Answer:
    lines = queries.values_with_provenance(definition_of(call))
    show_only = request.args.get("show", "")
    shown = [line for line in lines if show_only != "assumed" or line.assumed]
    return render_template(
        "call/values.html",
        call=call,
        lines=shown,
        show=show_only,
        total=len(lines),
        assumed=sum(line.assumed for line in lines),
    )


@bp.route("/calls/<call_id>/regions", methods=["GET", "POST"])
@may("call.settle_region")
def regions(call: Call) -> Answer:
    form = SettleForm(request.form if request.method == "POST" else None)
    form.offer([(code, words(CATEGORY_WORDS[code])) for code in CATEGORIES])
    reasons: tuple[str, ...] = ()
    if request.method == "POST" and form.validate():
        try:
            settle_region(g.act, call, **form.answers)
            return redirect(url_for("call.regions", call_id=call.id), 303)
        except Refused as refused:
            reasons = tuple(reason(one) for one in refused.reasons)
    if request.method == "GET" and request.args.get("region"):
        form.region.data = request.args["region"]
    page = render_template(
        "call/regions.html", call=call, form=form, reasons=reasons, waiting=regions_to_settle(g.act, call),
        settled=settled_regions(g.act, call), categories=CATEGORY_WORDS, act_id=new_id(Secret()),
    )  # fmt: skip
    return page, (422 if request.method == "POST" else 200)
