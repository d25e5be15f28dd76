"""The acts of every machine: one page to confirm and one POST, made from the tables."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

from flask import Blueprint, abort, g, redirect, render_template, request
from flask_babel import gettext as _

from app.act import Act
from app.chance import Secret, new_id
from app.gate import may
from app.matters import matter_of
from app.services.proposing import leave_it, propose_act
from app.services.statements import statements_for
from app.services.transitions import Refused, perform, verdict_on
from app.two_persons import second_of
from app.urls import PLURALS, param_of, url_of
from forms.base import BaseForm
from forms.transition import transition_form
from workflows.machine import Machine, Row, for_persons
from workflows.machines import MACHINES
from workflows.two_persons import NEEDS_TWO

bp = Blueprint("act", __name__)


def _page(act: Act, thing: Any, row: Row, form: BaseForm, reasons: Any, status: int = 200) -> tuple[str, int]:  # noqa: ANN401
    words, against = thing.__machine__.words[row.name], [one for one in reasons if one.code != NEEDS_TWO]
    page = render_template(
        "act/confirm.html",
        thing=thing, row=row, words=words, form=form, reasons=against, second=second_of(act, thing, _whole(thing, row)),
        act_id=request.form.get("act_id") or new_id(Secret()),
        back=url_of(thing.__noun__, thing.id), matter=matter_of(thing),
        allowed=not set(verdict_on(act, thing, row.name).codes) - {NEEDS_TWO},
    )  # fmt: skip
    return page, status


def _known(thing: Any, row: Row) -> dict[str, str]:  # noqa: ANN401
    """What stands in fields at first: the thing's own text, where a need starts from it."""
    return {need.name: getattr(thing, need.starts_from) for need in row.needs if need.starts_from}


def _whole(thing: Any, row: Row) -> Row:  # noqa: ANN401
    """Give the row with all it needs, as the table has it."""
    return thing.__machine__.row(row.name, thing.state) or row


def _asked_for(act: Act, thing: Any, row: Row) -> Row:  # noqa: ANN401
    """Ask nothing more of whoever takes what another person proposed: it is done as it was proposed."""
    return replace(row, needs=()) if second_of(act, thing, row).proposal else row


def _take(act: Act, thing: Any, row: Row, form: BaseForm) -> str:  # noqa: ANN401
    """Take the row, propose it, or end what is proposed; give the page that shows it."""
    if "leave" in request.form:
        leave_it(act, thing, row)
    elif NEEDS_TWO in second_of(act, thing, row).verdict.codes:
        propose_act(act, thing, row, form.answers)
    else:
        perform(act, thing, row.name, form.answers)
        return url_of(thing.__noun__, thing.id)
    return request.path


def _view(machine: Machine) -> Callable[..., Any]:
    def take(transition: str, **named: Any) -> Any:  # noqa: ANN401
        (thing,) = named.values()
        act: Act = g.act
        row = machine.row(transition, thing.state) or next(iter(machine.named(transition)), None)
        if row is None or not for_persons(row):
            abort(404)
        row = _asked_for(act, thing, row)
        form_class = transition_form(row, statements_for(act, thing, row))
        form = form_class(request.form if request.method == "POST" else None, data=_known(thing, row))
        if request.method == "GET":
            return _page(act, thing, row, form, verdict_on(act, thing, row.name).reasons)
        if not form.validate():
            return _page(act, thing, row, form, (), 422)
        if request.form.get("version", str(thing.version)) != str(thing.version):
            form.form_errors = [_("It was changed after you opened it: look at it, then do this once more.")]
            return _page(act, thing, row, form, (), 409)
        try:
            goes_on = _take(act, thing, row, form)
        except Refused as refused:
            act.session.rollback()
            act.session.refresh(thing)
            return _page(act, thing, row, form, refused.reasons, 422)
        return redirect(goes_on, 303)

    take.__name__ = f"take_{machine.noun}"
    return take


for _machine in MACHINES.values():
    _names = ",".join(sorted({row.name for row in _machine.rows if for_persons(row)}))
    bp.add_url_rule(
        f"/{PLURALS[_machine.noun]}/<{param_of(_machine.noun)}>/<any({_names}):transition>",
        endpoint=_machine.noun,
        view_func=may(f"{_machine.noun}.view")(_view(_machine)),
        methods=["GET", "POST"],
    )
