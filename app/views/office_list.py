"""The office's lists of a call: searched, filtered, kept as views, acted on in a batch, taken away as data."""

from __future__ import annotations

from typing import Any

from flask import (
    Blueprint,
    Response,
    abort,
    flash,
    g,
    jsonify,
    make_response,
    redirect,
    render_template,
    request,
)
from flask_babel import gettext as _

from app.gate import may
from app.inspection.slots import MIME_TYPES
from app.models import Call
from app.office_page import (
    Past,
    address,
    asked_of,
    chosen_in,
    columns_of,
    doors_of,
    groups_of,
    opening,
    past_in,
    summary_of,
)
from app.services.transitions import Refused
from app.services.work.batch import offered_on
from app.services.work.office_export import Export, Texts, as_book, as_csv, as_data
from app.services.work.office_list import shown
from app.services.work.office_lists import MODELS, NAMES, sheet_of
from app.services.work.office_row import brief, open_row
from app.services.work.saved_view import forget_view, keep_view, my_views
from app.ui import reason, when_text, words
from app.views.partner import near
from forms.office_list import ViewForm
from workflows.machines import MACHINES

bp = Blueprint("office_list", __name__)
OF = "any(applications,checks,tasks,consensus):of"
FORMS = ("csv", "xlsx", "json")
Answer = Any


@bp.get(f"/calls/<call_id>/lists/<{OF}>")
@may("call.manage")
def show(call: Call, of: str) -> Answer:
    return _page(call, of, ViewForm())


def _page(call: Call, of: str, form: ViewForm, status: int = 200) -> Answer:
    past = past_in(g.act, call)
    if past.refused:
        return render_template("cockpit/moment.html", call=call, past=past, title=words(NAMES[of]),
                               form=past.form, action=address(call, of, {})), 422  # fmt: skip
    sheet = sheet_of(g.act, call, of, past.moment)
    chosen = chosen_in(sheet, request.args)
    found, asked = shown(sheet, chosen), asked_of(chosen, past)
    then: dict[str, str] = {"as_of": past.text} if past.moment else {}
    offers = {} if past.moment else offered_on(g.act, of, [line.id for line in found.lines])
    opened = open_row(g.act, call, of, sheet, found.lines, request.args.get("open", ""), past.moment)
    columns = columns_of(call, of, sheet, asked)
    page = render_template(
        "cockpit/list.html", call=call, of=of, past=past, sheet=sheet, found=found, chosen=chosen, form=form,
        name=words(NAMES[of]), here=address(call, of, {}), act_address=address(call, of, {}, "batch.confirm"),
        present=address(call, of, {key: value for key, value in asked.items() if key != "as_of"}),
        filtered=bool(chosen.words or any(chosen.picked.values())),
        lists=[(address(call, one, then), words(name), one == of) for one, name in NAMES.items()],
        columns=brief(columns, chosen.sort) if opened else columns, groups=groups_of(call, of, found, asked),
        opened=opened, doors=doors_of(g.act, call, of, opened.line, offers) if opened else (),
        at=lambda line_id: opening(call, of, asked | {"page": str(found.page)}, line_id),
        machine=MACHINES[MODELS[of].__noun__], offers=offers,
        hidden={key: value for key, value in asked.items() if key != "q"}, asked=asked,
        all_address=address(call, of, asked | {"page": str(found.page), "tick": "all"}),
        clear=address(call, of, then),
        pages=[(n, address(call, of, asked | {"page": str(n)})) for n in near(found.page, found.pages)],
        exports=[(one.upper(), address(call, of, asked, "office_list.export", form=one)) for one in FORMS],
        views=[(view, f"{address(call, of, {})}?{view.query}") for view in my_views(g.act, of)],
        keep=address(call, of, asked, "office_list.keep"), ticked=request.args.get("tick") == "all",
    )  # fmt: skip
    return page, status


@bp.get(f"/calls/<call_id>/lists/<{OF}>.<any(csv,xlsx,json):form>")
@may("call.manage")
def export(call: Call, of: str, form: str) -> Answer:
    """Give what the page shows with the same filters, all pages of it."""
    past = past_in(g.act, call)
    if past.refused:
        return redirect(address(call, of, {"as_of": past.text}), 303)
    sheet = sheet_of(g.act, call, of, past.moment)
    chosen = chosen_in(sheet, request.args)
    found, moment = shown(sheet, chosen, whole=True), past.moment or g.act.now
    title = words(NAMES[of])
    lines = (call.title, title, summary_of(found, chosen), _("As of %(moment)s", moment=when_text(moment, call.zone)),
             _("Made %(moment)s", moment=when_text(g.act.now, call.zone)))  # fmt: skip
    made = Export(call, sheet, found.lines, moment, Texts(title, _("As of"), _("About"), lines), words)
    return _sent(made, f"{call.code}-{of}", form, past)


def _sent(made: Export, name: str, form: str, past: Past) -> Response:
    if form == "json":
        answer = jsonify(as_data(made))
    elif form == "csv":
        answer = Response("\ufeff" + as_csv(made), mimetype="text/csv")  # the mark tells spreadsheets it is UTF-8
    else:
        answer = make_response(as_book(made, g.act.now))
        answer.headers["Content-Type"] = MIME_TYPES["xlsx"]
    name += made.moment.strftime("-as-of-%Y%m%dT%H%MZ") if past.moment else ""
    answer.headers["Content-Disposition"] = f'attachment; filename="{name}.{form}"'
    answer.headers["X-Content-Type-Options"] = "nosniff"
    return answer


@bp.post(f"/calls/<call_id>/lists/<{OF}>/views")
@may("call.manage")
def keep(call: Call, of: str) -> Answer:
    """Keep what the address asks, apart from a moment of the past, under a name."""
    form = ViewForm(request.form)
    if not form.validate():
        return _page(call, of, form, 422)
    asked = asked_of(chosen_in(sheet_of(g.act, call, of), request.args), Past(None, "", past_in(g.act, call).form))
    try:
        keep_view(g.act, of, form.name.data or "", address(call, of, asked).partition("?")[2])
    except Refused as refused:
        form.name.errors = [reason(one) for one in refused.reasons]
        return _page(call, of, form, 422)
    flash(_("The view is kept, among your views of this list."))
    return redirect(address(call, of, asked), 303)


@bp.post(f"/calls/<call_id>/lists/<{OF}>/views/<saved>")
@may("call.manage")
def forget(call: Call, of: str, saved: str) -> Answer:
    if forget_view(g.act, saved) is None:
        abort(404)
    return redirect(address(call, of, {}), 303)
