"""Finding partners: organisations and expressions of interest on one page, as data, and saved searches."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, Response, abort, flash, g, jsonify, redirect, render_template, request, url_for
from flask_babel import gettext as _

from app.gate import may
from app.partner_page import TABS, address_of, card_of, chosen_in, groups_of, map_of, query_of, summary_of
from app.services.expressions.expression_queries import mine, open_calls
from app.services.searching import exposure, saved_search, search_export
from app.services.searching.contact_details import whole_for
from app.services.searching.search import EXPRESSION, PROFILE, SORTS, search
from app.services.searching.search_for import possible, seeker_of
from app.services.transitions import Refused
from app.ui import reason
from app.urls import with_query
from forms.search import NameForm

bp = Blueprint("partner", __name__)


@bp.get("/partners")
@may("profile.list")
def index() -> str:
    chosen, wanted = chosen_in(request.args), seeker_of(g.act, request.args.get("for", ""))
    found = search(g.act, chosen, wanted.seeker, request.args.get("page", 1, type=int))
    if chosen.noun == PROFILE:
        g.shown = [hit.thing.id for hit in found.hits]
    kept, whole = {"for": wanted.address}, whole_for(g.act, [hit.thing for hit in found.hits])
    return render_template(
        "partner/index.html",
        chosen=chosen, found=found, wanted=wanted, groups=groups_of(chosen, found), summary=summary_of(chosen),
        cards=[card_of(hit, chosen, wanted, whole=hit.thing.id in whole) for hit in found.hits], overlay=map_of(found),
        tabs=[(noun, address_of(chosen_in(_only({"show": TABS[noun]})), **kept)) for noun in TABS],
        sorts=[(sort, _address(sort=sort)) for sort in SORTS],
        pages=[(n, _address(page=str(n))) for n in near(found.page, found.pages)],
        fors=[(value, name, _address(**{"for": value})) for value, name in possible(g.act)],
        own=_own(chosen.noun), query=query_of(chosen), exports=_exports(),
    )  # fmt: skip


def near(page: int, pages: int) -> list[int]:
    """Pages worth a link: the first, the last, and those beside this one."""
    return sorted({1, pages, *range(max(1, page - 3), min(pages, page + 3) + 1)})


def _own(noun: str) -> dict[str, Any]:
    """What the reader has of their own among expressions of interest, and whether one can be started."""
    if noun != EXPRESSION:
        return {"mine": [], "open_calls": []}
    return {"mine": list(mine(g.act)), "open_calls": open_calls(g.act)}


def _only(values: dict[str, str]) -> Any:  # noqa: ANN401 - a mapping like that of an address
    return type(request.args)(values)


def _address(**changed: str) -> str:
    """The address of this page with something changed; another order or another aim begins with the first page."""
    kept: dict[str, Any] = request.args.to_dict(flat=False)
    if "page" not in changed:
        kept.pop("page", None)
    return with_query("partner.index", kept | changed)


def _exports() -> list[tuple[str, str]]:
    kept: dict[str, Any] = {k: v for k, v in request.args.to_dict(flat=False).items() if k != "page"}
    return [("CSV", with_query("partner.table", kept)), ("JSON", with_query("partner.data", kept))]


@bp.get("/partners.csv")
@may("profile.list")
def table() -> Response:
    chosen, wanted = chosen_in(request.args), seeker_of(g.act, request.args.get("for", ""))
    text = search_export.as_csv(g.act, chosen, search(g.act, chosen, wanted.seeker, page=None))
    headers = {"Content-Disposition": f"attachment; filename={TABS[chosen.noun]}.csv"}
    return Response("\ufeff" + text, mimetype="text/csv", headers=headers)  # the mark tells spreadsheets it is UTF-8


@bp.get("/partners.json")
@may("profile.list")
def data() -> Response:
    chosen, wanted = chosen_in(request.args), seeker_of(g.act, request.args.get("for", ""))
    found = search(g.act, chosen, wanted.seeker, page=None)
    return jsonify({"total": found.total, "results": search_export.as_data(g.act, chosen, found)})


@bp.get("/partners/shown")
@may("profile.view_exposure")
def shown() -> str:
    return render_template("partner/shown.html", report=exposure.exposure_report(g.act))


@bp.route("/partners/saved", methods=["GET", "POST"])
@may("search.save")
def searches() -> Any:  # noqa: ANN401
    chosen = chosen_in(request.args)
    form = NameForm(request.form if request.method == "POST" else None)
    if request.method == "GET" or not form.validate():
        page = render_template(
            "partner/saved.html", searches=_mine(), form=form, chosen=chosen, summary=summary_of(chosen),
            query=query_of(chosen), fresh="save" in request.args,
        )  # fmt: skip
        return page if request.method == "GET" else (page, 422)
    try:
        saved_search.save_search(g.act, form.name.data or "", chosen, query_of(chosen))
    except Refused as refused:
        flash("; ".join(reason(one) for one in refused.reasons))
        return redirect(url_for("partner.searches"), 303)
    flash(_("The search is saved. A mail comes once a week if there is something new."))
    return redirect(url_for("partner.searches"), 303)


def _mine() -> list[dict[str, Any]]:
    return [
        {"search": one, "url": url_for("partner.index") + "?" + one.query} for one in saved_search.my_searches(g.act)
    ]


@bp.post("/partners/saved/<saved>")
@may("search.save")
def change(saved: str) -> Any:  # noqa: ANN401
    """Stop, start again or take away one of the person's own."""
    found = saved_search.my_search(g.act, saved) or abort(404)
    does = {"stop": saved_search.stop, "start": saved_search.start_again, "forget": saved_search.forget}
    act = does.get(request.form.get("do", "")) or abort(400)
    act(g.act, found)
    return redirect(url_for("partner.searches"), 303)


@bp.route("/stop/<saved>/<token>", methods=["GET", "POST"])
@may("search.stop", one_click=True)
def stop(saved: str, token: str) -> Any:  # noqa: ANN401
    """One button, no sign-in: the link is the proof. Mail programs post here by themselves (RFC 8058)."""
    found = saved_search.search_of_link(g.act, saved, token)
    if found is None:
        return render_template("partner/stop.html", search=None, stopped=False), 410
    if request.method == "POST":
        saved_search.stop(g.act, found)
    page = render_template("partner/stop.html", search=found, stopped=found.next_at is None)
    return page, 200, {"Referrer-Policy": "no-referrer", "Cache-Control": "no-store"}
