"""A review: asked for, judged by its committee; scores and refused checks answered anew beside the first ones."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from flask import Blueprint, g, redirect, render_template, request, url_for

from app.access import can, offered, relations_of
from app.chance import Secret, new_id
from app.gate import may
from app.models import Application, Call, Person, Review
from app.services.calls.call import definition_of
from app.services.history import Happened, history_of
from app.services.reviews import review as service
from app.services.reviews import review_checks as checks
from app.services.reviews import review_committee as committee
from app.services.reviews.review_checks import sheet_of_refusal
from app.services.reviews.review_fork import fork_of
from app.services.reviews.review_letters import documents_of
from app.services.reviews.review_ranking import marks_of_review
from app.services.transitions import Refused, verdict_on
from app.ui import reason
from app.views.application import Answer
from forms.review import CheckAnswerForm, MarkForm, MemberForm, RefusalReviewForm, ReviewForm
from workflows.relations import Relation as R
from workflows.review import OTHER_KIND, OTHER_ROAD, UNTOLD, UNTOLD_OF_CHECKS, Ground, Kind

bp = Blueprint("review", __name__)
APPLICANTS = (R.COORDINATOR, R.DEPUTY, R.PARTNER)


def _told(refused: Refused) -> tuple[str, ...]:
    return tuple(reason(one) for one in refused.reasons)


@bp.route("/applications/<application_id>/review", methods=["GET", "POST"])
@may("application.ask_review")
def ask(application: Application) -> Answer:
    way = service.way_of(g.act, application)
    asked_with = RefusalReviewForm if way.kind is Kind.CHECKS else ReviewForm
    form = asked_with(request.form if request.method == "POST" else None)
    reasons: tuple[str, ...] = ()
    if request.method == "POST" and form.validate():
        try:
            asked = service.ask_review(g.act, application, Ground(form.ground.data), form.text.data or "")
            return redirect(url_for("review.show", review_id=asked.id), 303)
        except Refused as refused:
            reasons = _told(refused)
    page = render_template(
        "review/ask.html", application=application, form=form, reasons=reasons, way=way, act_id=new_id(Secret()),
    )  # fmt: skip
    return page, (422 if request.method == "POST" else 200)


@bp.get("/calls/<call_id>/reviews")
@may("call.view_reviews")
def of_call(call: Call) -> Answer:
    return render_template("review/of_call.html", call=call, reviews=service.reviews_of(g.act, call))


@bp.get("/reviews/<review_id>")
@may("review.view")
def show(review: Review) -> Answer:
    return _page(review)


def _page(review: Review, refused: tuple[str, ...] = (), **typed: Any) -> Answer:  # noqa: ANN401 - forms
    act = g.act
    applies = bool(relations_of(act, review.application, APPLICANTS))
    seen = not applies and can(act, "review.view_committee", review)
    against = {row.name: verdict_on(act, review, row.name) for row in offered(act, review)}
    for_this = [row for row in offered(act, review) if not {OTHER_KIND, OTHER_ROAD} & set(against[row.name].codes)]
    page = render_template(
        "review/show.html", review=review, application=review.application, applies=applies, refused=refused,
        history=_history(review, applies=applies), rows=for_this, members=_members(review, seen=seen),
        against={row.name: against[row.name].reasons for row in for_this},
        checks=(sheet := sheet_of_refusal(act, review)), check_form=typed.get("check"),
        check_forms={one.check.id: _check_form(one.check.id, typed.get("check")) for one in sheet},
        candidates=committee.candidates_of(act, review) if seen and can(act, "review.name_committee", review) else (),
        criteria=definition_of(review.call).criteria, act_id=new_id(Secret()),
        marks=marks_of_review(act, review) if not applies and can(act, "review.view_fork", review) else {},
        fork=fork_of(act, review) if not applies and can(act, "review.view_fork", review) else None,
        mark_form=typed.get("mark") or _mark_form(review),
        answer=_answer(review), documents=documents_of(act, review), label_taken=service.label_is_taken(act, review),
    )  # fmt: skip
    return page, (422 if refused or typed else 200)


def _members(review: Review, *, seen: bool) -> list[Person]:
    return committee.members_of(g.act, review) if seen else []


def _history(review: Review, *, applies: bool) -> list[Happened]:
    """Whoever applies learns of a proposal when it is released."""
    found = history_of(g.act, review, people=not applies)
    return [one for one in found if not applies or one.name not in UNTOLD | UNTOLD_OF_CHECKS]


def _answer(review: Review) -> str:
    """The last reasons the committee gave, which the applicant reads."""
    names = ("find_inadmissible", "admit", "dismiss", "uphold", "order_reevaluation")
    return next((one.remark for one in history_of(g.act, review, names=names)), "")


def _mark_form(review: Review, data: Any = None) -> MarkForm:  # noqa: ANN401
    form = MarkForm(data)
    form.offer([(one.code, one.name) for one in definition_of(review.call).criteria])
    return form


@bp.post("/reviews/<review_id>/committee")
@may("review.name_committee")
def name_member(review: Review) -> Answer:
    form = MemberForm(request.form)
    form.offer([(one.person.id, one.person.name) for one in committee.candidates_of(g.act, review)])
    if not form.validate():
        return _page(review, tuple(str(text) for text in form.person.errors))
    try:
        committee.name_member(g.act, review, g.act.session.get_one(Person, form.person.data))
    except Refused as refused:
        return _page(review, _told(refused))
    return redirect(url_for("review.show", review_id=review.id), 303)


@bp.post("/reviews/<review_id>/committee/drop")
@may("review.name_committee")
def drop_member(review: Review) -> Answer:
    committee.drop_member(g.act, review, request.form.get("person", ""))
    return redirect(url_for("review.show", review_id=review.id), 303)


def _check_form(check_id: str, typed: CheckAnswerForm | None) -> CheckAnswerForm:
    """Give the form of one check, as it was typed where it was refused."""
    return typed if typed is not None and typed.check_id == check_id else CheckAnswerForm(prefix=check_id)


@bp.post("/reviews/<review_id>/checks")
@may("review.answer_check")
def answer_check(review: Review) -> Answer:
    check_id = request.form.get("check", "")[:26]
    form = CheckAnswerForm(request.form, prefix=check_id)
    form.check_id = check_id
    if not form.validate():
        return _page(review, check=form)
    try:
        met = form.met.data == "yes"
        checks.answer_check(g.act, review, check_id, met=met, reasons=form.reasons.data or "")
    except Refused as refused:
        return _page(review, _told(refused), check=form)
    return redirect(url_for("review.show", review_id=review.id) + "#checks", 303)


@bp.post("/reviews/<review_id>/marks")
@may("review.mark")
def mark(review: Review) -> Answer:
    form = _mark_form(review, request.form)
    if not form.validate():
        return _page(review, mark=form)
    try:
        service.mark_anew(g.act, review, form.criterion.data, form.points.data or Decimal(0), form.reasons.data or "")
    except Refused as refused:
        return _page(review, _told(refused), mark=form)
    return redirect(url_for("review.show", review_id=review.id) + "#fork", 303)
