"""Letters of a call: the office's texts, the preview of each letter, and what was found in them."""

from __future__ import annotations

from flask import Blueprint, abort, g, make_response, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from app.documents.making import make_pdf
from app.documents.renderer import Renderer
from app.gate import may
from app.models import Application, Call, Decision, Review
from app.services.deciding import letter_findings, letter_preview, letter_texts
from app.services.deciding import letter_preview_single as single
from app.services.deciding.decision import decision_on
from app.services.transitions import Refused
from app.single_text import single_text
from app.ui import reason
from workflows.letter_findings import NAMES as FOUND
from workflows.letter_texts import NAMES, SHIPPED, Kind, placeholders

bp = Blueprint("letter", __name__)
Answer = str | Response | tuple[str, int]
UNPROCESSABLE = 422


@bp.get("/calls/<call_id>/letters")
@may("call.view_letters")
def of_call(call: Call) -> Answer:
    """The texts of a call, kind by kind."""
    return render_template(
        "letter/of_call.html", call=call, texts=letter_texts.texts_of(g.act, call), names=NAMES,
        decision=decision_on(g.act, call),
    )  # fmt: skip


@bp.get("/calls/<call_id>/letters/<letter>")
@may("call.view_letters")
def text(call: Call, letter: str) -> Answer:
    return _editor(call, _kind(letter))


def _kind(kind: str) -> Kind:
    return Kind(kind) if kind in set(Kind) else abort(404)


def _editor(call: Call, kind: Kind, refused: Refused | None = None) -> Answer:
    in_force = letter_texts.text_of(g.act, call, kind)
    page = render_template(
        "letter/text.html", call=call, kind=kind, name=NAMES[kind], in_force=in_force, shipped=SHIPPED[kind],
        placeholders=placeholders(kind), versions=letter_texts.versions_of(g.act, call, kind),
        typed=request.form.get("text", in_force.text), seen=request.form.get("seen", in_force.number),
        errors=[("text", reason(one)) for one in refused.reasons] if refused else [],
        may_change=letter_texts.may_change(g.act, call), decision=decision_on(g.act, call),
    )  # fmt: skip
    return page, UNPROCESSABLE if refused else 200


@bp.post("/calls/<call_id>/letters/<letter>")
@may("call.edit_letters")
def save(call: Call, letter: str) -> Answer:
    """Keep a new version of one text."""
    which = _kind(letter)
    try:
        letter_texts.save_text(g.act, call, which, single_text("text"), request.form.get("seen", 0, type=int))
    except Refused as refused:
        g.act.session.rollback()
        return _editor(call, which, refused)
    return redirect(url_for("letter.text", call_id=call.id, letter=which.value, _anchor="versions"), 303)


@bp.get("/decisions/<decision_id>/letters")
@may("decision.preview_letters")
def preview(decision: Decision) -> Answer:
    return _previews(decision)


def _previews(decision: Decision, refused: Refused | None = None) -> Answer:
    shown = letter_preview.preparing(g.act, decision, request.args.get("page", 1, type=int))
    field = f"reason-{request.form.get('key', '')[:64]}"
    pages = [(n, url_for("letter.preview", decision_id=decision.id, page=n)) for n in range(1, shown.pages + 1)]
    page = render_template(
        "letter/preview.html", decision=decision, shown=shown, names=NAMES, found=FOUND, addresses=pages,
        errors=[(field, reason(one)) for one in refused.reasons] if refused else [],
        typed=request.form,
    )  # fmt: skip
    return page, UNPROCESSABLE if refused else 200


@bp.get("/decisions/<decision_id>/letters/<application_id>.pdf")
@may("decision.preview_letters")
def preview_pdf(decision: Decision, application_id: str) -> Response:
    """Print one letter as it would be sent, marked as a preview; the PDF is kept nowhere."""
    told = next(
        (one for one in letter_preview.addressees(g.act, decision) if one.application_id == application_id), None
    )
    if told is None:
        abort(404)
    return _printed(letter_preview.preview_of(g.act, decision, told))


def _printed(preview: letter_preview.Preview) -> Response:
    snapshot = letter_preview.printable(g.act, preview)
    with Renderer() as renderer:
        answer = make_response(make_pdf("letter", snapshot, renderer))
    answer.headers["Content-Type"] = "application/pdf"
    answer.headers["Content-Disposition"] = 'attachment; filename="preview.pdf"'
    return answer


@bp.post("/decisions/<decision_id>/findings")
@may("decision.settle_finding")
def settle(decision: Decision) -> Answer:
    """Let a finding stand, with a reason."""
    try:
        letter_findings.settle(g.act, decision, request.form.get("key", "")[:64], single_text("reason"))
    except Refused as refused:
        g.act.session.rollback()
        return _previews(decision, refused)
    return redirect(url_for("letter.preview", decision_id=decision.id, _anchor="findings"), 303)


@bp.get("/applications/<application_id>/letter")
@may("application.preview_refusal")
def refusal(application: Application) -> Answer:
    """The letter that would refuse the application, before anybody does."""
    return _single(application, single.letters_of_refusal(g.act, application), application)


@bp.get("/applications/<application_id>/letter.pdf")
@may("application.preview_refusal")
def refusal_pdf(application: Application) -> Response:
    return _printed(_one(single.letters_of_refusal(g.act, application)))


@bp.get("/reviews/<review_id>/letter")
@may("review.preview_letter")
def of_review(review: Review) -> Answer:
    """The letters that may answer a review from where it stands."""
    return _single(review.application, single.letters_of_review(g.act, review), review)


@bp.get("/reviews/<review_id>/letter.pdf")
@may("review.preview_letter")
def of_review_pdf(review: Review) -> Response:
    return _printed(_one(single.letters_of_review(g.act, review)))


def _one(letters: list[letter_preview.Preview]) -> letter_preview.Preview:
    """Give the letter whose kind the address asks for, or the first."""
    kind = request.args.get("kind", "")
    return next((one for one in letters if kind in ("", one.kind.value)), None) or abort(404)


def _single(application: Application, letters: list[letter_preview.Preview], thing: Application | Review) -> Answer:
    return render_template(
        "letter/single.html", application=application, letters=letters, thing=thing, names=NAMES, found=FOUND,
        findings=single.found_in(g.act, application, letters),
    )  # fmt: skip
