"""Calls in public: the list, one call, "Can we apply?", and following."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, g, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from app.chance import Secret, new_id
from app.gate import may
from app.models import Call
from app.services.applications.answer_lists import lists_for
from app.services.calls import call_queries as queries
from app.services.calls.call import definition_of
from app.services.calls.call_versions import versions_of
from app.services.calls.call_words import GROUPS, KINDS, REDRESS, SEVERITIES, TYPES, tie_break
from app.services.calls.enquiry import published_questions, questions_until
from app.services.calls.exception import granted_in
from app.services.calls.first_check import Asked, first_answer
from app.services.calls.follow import ensure_follow, follow_of, stop_following
from forms.call import FirstCheckForm

bp = Blueprint("call", __name__)
Answer = str | Response | tuple[str, int]
WORDS: dict[str, Any] = {
    "kinds": KINDS, "severities": SEVERITIES, "types": TYPES, "groups": GROUPS,
    "redress": REDRESS, "tie_break": tie_break,
}  # fmt: skip


@bp.get("/calls")
@may("call.list")
def index() -> Answer:
    return render_template(
        "call/index.html", calls=queries.calls_listed(g.act), words_of=WORDS, precision=queries.closing_precision
    )


@bp.get("/calls/<call_id>")
@may("call.view")
def show(call: Call) -> Answer:
    page = queries.call_page(g.act, call)
    return render_template(
        "call/show.html", call=call, page=page, d=page.definition, words_of=WORDS, act_id=new_id(Secret()),
        precision=queries.closing_precision(call, page.definition), following=follow_of(g.act, call),
        versions=versions_of(g.act, call), answered=published_questions(g.act, call),
        questions_until=questions_until(call, page.definition),
        granted=granted_in(g.act, call) if page.definition.exceptions_public else (),
    )  # fmt: skip


@bp.get("/calls/<call_id>/versions")
@may("call.view")
def versions(call: Call) -> Answer:
    """What the call said before, and what changed."""
    return render_template("call/versions.html", call=call, versions=versions_of(g.act, call))


@bp.get("/calls/<call_id>/check")
@may("call.view")
def check(call: Call) -> Answer:
    definition, form = definition_of(call), FirstCheckForm(request.args)
    form.offer(*_choices(call))
    answer = None
    if request.args and form.validate():
        answers = {name: value or "" for name, value in form.answers.items()}
        answer = first_answer(g.act, definition, Asked(**answers))
    if not request.args:
        form = FirstCheckForm()
        form.offer(*_choices(call))
    return render_template("call/check.html", call=call, d=definition, form=form, answer=answer)


def _choices(call: Call) -> tuple[list[tuple[str, str]], ...]:
    definition = definition_of(call)
    kinds = list(zip(definition.eligible_kinds, queries.kind_names(definition.eligible_kinds), strict=True))
    lists = lists_for(definition)
    return kinds, [(c.code, c.label) for c in lists.countries], [(c.code, c.label) for c in lists.regions]


@bp.post("/calls/<call_id>/follow")
@may("call.follow")
def follow(call: Call) -> Answer:
    ensure_follow(g.act, call)
    return redirect(url_for("call.show", call_id=call.id), 303)


@bp.post("/calls/<call_id>/unfollow")
@may("call.follow")
def unfollow(call: Call) -> Answer:
    stop_following(g.act, call)
    return redirect(url_for("call.show", call_id=call.id), 303)
