"""The pool as the office works on it: a file of people, looking somebody up, balance; and what experts alone say."""

from __future__ import annotations

from flask import g, redirect, render_template, request, url_for
from werkzeug.datastructures import MultiDict

from app.expert_form import csv_codes, organisation_named
from app.gate import may
from app.models import Call, Expert
from app.services.experts import expert as experts
from app.services.experts.expert_check import calls_to_check, check_person, checks_made
from app.services.experts.pool_balance import balances_of
from app.services.experts.pool_import import COLUMNS, Preview, import_all, preview_of
from app.services.transitions import Refused
from app.ui import reason
from app.views.expert import Answer, bp
from forms.expert import AboutForm
from forms.pool import MOST_TEXT, CheckForm, ImportForm
from workflows.pool import GENDERS, SECTORS

UNPROCESSABLE = 422
EXAMPLE = (
    "name,email,country,languages,expertise,employer\nAna Silva,ana@lab.example,PT,pt en,textiles,Textile Laboratory"
)
WORDS = {**GENDERS, **SECTORS}


@bp.route("/experts/import", methods=["GET", "POST"])
@may("expert.import")
def bring() -> Answer:
    """First the preview; only what was seen there is stored, with the second button."""
    form = ImportForm(_sent() if request.method == "POST" else None)
    if request.method == "GET" or not form.validate():
        return _import_page(form)
    text = form.text.data or ""
    if "confirmed" not in request.form:
        return _import_page(form, preview=preview_of(g.act, text, csv_codes()))
    try:
        import_all(g.act, text, csv_codes(), lambda name: organisation_named(g.act, name))
    except Refused as refused:
        form.form_errors = [reason(one) for one in refused.reasons]
        return _import_page(form, preview=preview_of(g.act, text, csv_codes()))
    return redirect(url_for("expert.index"), 303)


def _sent() -> MultiDict[str, str]:
    """Give what was pasted; a file that was chosen stands in its place."""
    sent = MultiDict(request.form)
    chosen = request.files.get("file")
    if chosen is not None and chosen.filename:
        data = chosen.stream.read(4 * MOST_TEXT)
        try:
            sent["text"] = data.decode("utf-8-sig")
        except UnicodeDecodeError:  # as older spreadsheets write it
            sent["text"] = data.decode("cp1252", errors="replace")
    return sent


def _import_page(form: ImportForm, preview: Preview | None = None) -> tuple[str, int]:
    faulty = bool(form.errors) or (preview is not None and not preview.is_ready)
    page = render_template("expert/import.html", form=form, preview=preview, columns=COLUMNS, example=EXAMPLE)
    return page, UNPROCESSABLE if faulty else 200


@bp.route("/experts/check", methods=["GET", "POST"])
@may("expert.check")
def check() -> Answer:
    form = CheckForm(request.form if request.method == "POST" else request.args)
    calls = {call.id: call for call in calls_to_check(g.act)}
    form.call.choices = [(call.id, call.title) for call in calls.values()]
    made = None
    if request.method == "POST" and form.validate():
        employers = [line.strip() for line in (form.employers.data or "").split("\n") if line.strip()]
        call = calls[form.call.data]
        made = check_person(g.act, call, name=form.name.data or "", email=form.email.data or "", employers=employers)
    chosen = calls.get(form.call.data or "") or next(iter(calls.values()), None)
    earlier = checks_made(g.act, chosen) if chosen else []
    page = render_template("expert/check.html", form=form, made=made, earlier=earlier, chosen=chosen)
    return page, UNPROCESSABLE if request.method == "POST" and form.errors else 200


@bp.get("/calls/<call_id>/balance")
@may("call.view_balance")
def balance(call: Call) -> Answer:
    return render_template("expert/balance.html", call=call, balances=balances_of(g.act, call), words_of=WORDS)


@bp.route("/experts/<expert_id>/about", methods=["GET", "POST"])
@may("expert.describe")
def about(expert: Expert) -> Answer:
    form = AboutForm(request.form if request.method == "POST" else None, data={"gender": expert.gender})
    if request.method == "GET" or not form.validate():
        return render_template("expert/about.html", form=form, expert=expert), UNPROCESSABLE if form.errors else 200
    experts.describe(g.act, expert, gender=form.gender.data or "")
    return redirect(url_for("expert.show", expert_id=expert.id), 303)
