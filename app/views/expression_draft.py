"""Writing an expression of interest: all questions on one page, savable at any time."""

from __future__ import annotations

from collections.abc import Mapping

from flask import g, redirect, render_template, request, url_for

from app.chance import Secret, new_id
from app.facts.expression import advice, missing_answers
from app.gate import may
from app.models import Expression
from app.services.applications.answer_lists import lists_for
from app.services.applications.answers import Clash, Difference, latest, numbers_of, value_of
from app.services.applications.answers_shown import shown
from app.services.calls.call import definition_of
from app.services.calls.call_queries import closing_precision
from app.services.calls.call_versions import look_again
from app.services.expressions.expression import save_answers
from app.ui import reason
from app.ui_form import form_errors
from app.views.expression import Answer, bp
from forms.answers import AnswersForm

UNPROCESSABLE = 422


@bp.route("/expressions/<expression_id>/edit", methods=["GET", "POST"])
@may("expression.edit")
def edit(expression: Expression) -> Answer:
    form = _form(expression)
    if request.method == "GET" or form.wants_rows:
        return _page(expression, form)
    fine = form.validate()
    if request.headers.get("HX-Request"):
        return _saved_while_typing(expression, form)
    if not fine:
        return _page(expression, form, UNPROCESSABLE)
    try:
        save_answers(g.act, expression, form.answers, form.numbers)
    except Clash as clash:
        return _page(expression, form, 409, {difference.question: difference for difference in clash.differences})
    then = "expression.show" if "finish" in request.form else "expression.edit"
    return redirect(url_for(then, expression_id=expression.id), 303)


def _form(expression: Expression) -> AnswersForm:
    call, stored = definition_of(expression.call), latest(g.act, expression)
    return AnswersForm(
        call.sections,
        lists_for(call),
        formdata=request.form if request.method == "POST" else None,
        stored={question: value_of(answer) for question, answer in stored.items()},
        numbers=numbers_of(stored),
        say=reason,
    )


def _page(
    expression: Expression, form: AnswersForm, status: int = 200, differences: Mapping[str, Difference] | None = None
) -> Answer:
    call = definition_of(expression.call)
    lists = lists_for(call)
    return render_template(
        "expression/edit.html", expression=expression, asked=form.asked(differences),
        stored={q: shown(call.question(q), d.theirs, lists) for q, d in (differences or {}).items()},
        rules=advice(g.act, expression), missing=missing_answers(g.act, expression),
        act_id=new_id(Secret()), again=look_again(g.act, expression),
        precision=closing_precision(expression.call, call),
        errors=[line for part in form.parts for line in form_errors(part)], has_errors=status == UNPROCESSABLE,
    ), status  # fmt: skip


def _saved_while_typing(expression: Expression, form: AnswersForm) -> Answer:
    """Save what is sound; the line of the page says what was saved and what was not."""
    clashes: tuple[str, ...] = ()
    try:
        save_answers(g.act, expression, form.sound, form.numbers)
    except Clash as clash:
        clashes = clash.questions
    page = render_template(
        "expression/_saved.html", expression=expression, numbers=numbers_of(latest(g.act, expression)),
        faulty=len(form.faulty), clashes=clashes, rules=advice(g.act, expression),
        missing=missing_answers(g.act, expression),
    )  # fmt: skip
    return page, (409 if clashes else 200)
