"""Trials beside a decision: what if, how sure. Addresses hold all that is tried; saving one records no decision."""

from __future__ import annotations

from typing import Any
from urllib.parse import parse_qsl, urlencode

from flask import Blueprint, abort, g, redirect, render_template, request, url_for
from flask_babel import gettext
from werkzeug.datastructures import MultiDict
from werkzeug.wrappers import Response

from app.gate import may
from app.maps import overlay
from app.models import Decision, TrialKind
from app.models import Trial as KeptTrial
from app.office_page import past_in, unreadable_moment
from app.services.deciding import trials
from app.services.deciding.advice import LARGEST_SEED, USUAL_SEED, advice_in, advised
from app.services.deciding.portfolio import portfolio_of
from app.services.deciding.trials import Saving
from app.services.deciding.what_if_room import smallest_of, what_if
from app.services.transitions import Refused
from app.ui import reason
from forms.what_if import WhatIfForm, what_if_form
from workflows.verdict import refuse
from workflows.what_if import Inputs, Trial
from workflows.words import _

bp = Blueprint("trial", __name__)
Answer = str | Response | tuple[str, int]
UNPROCESSABLE = 422
LONGEST = 4000  # of an address


@bp.get("/decisions/<decision_id>/what-if")
@may("decision.try")
def what_if_room(decision: Decision) -> Answer:
    return _room(decision, request.args)


def _room(decision: Decision, args: MultiDict[str, str], errors: list[tuple[str, str]] | None = None) -> Answer:
    kept = _kept(decision, args.get("trial"), TrialKind.WHAT_IF)
    inputs = trials.thaw(kept.frozen) if kept else trials.inputs_of(g.act, decision.call)
    given = MultiDict([(key, value) for key, value in args.items(multi=True) if value and key != "trial"])
    if kept is not None and not given:
        given = MultiDict([(str(key), str(value)) for key, value in kept.asked])
    form = _form(inputs, given)
    fine = form.validate()
    found = what_if(inputs, form.trial if fine else Trial())
    page = render_template(
        "decision/what_if.html",
        decision=decision, form=form, room=found, kept=kept, errors=errors or [], smallest=smallest_of(inputs),
        trials=[one for one in trials.trials_of(g.act, decision.call) if one.kind is TrialKind.WHAT_IF],
        asked=urlencode(list(given.items(multi=True))), changed=bool(given), names=dict(trials.names_of(inputs)[0]),
    )  # fmt: skip
    return page, 200 if fine and not errors else UNPROCESSABLE


def _kept(decision: Decision, trial_id: str | None, kind: TrialKind) -> KeptTrial | None:
    if not trial_id:
        return None
    kept = trials.trial_of(g.act, decision.call, trial_id)
    return kept if kept is not None and kept.kind is kind else abort(404)


def _form(inputs: Inputs, given: MultiDict[str, str]) -> WhatIfForm:
    return what_if_form(inputs.call, *trials.names_of(inputs))(given)


@bp.post("/decisions/<decision_id>/what-if")
@may("decision.save_trial")
def save_what_if(decision: Decision) -> Answer:
    """Keep a trial by name; the ranking and its decision stay as they are."""
    asked = MultiDict(parse_qsl(request.form.get("asked", "")[:LONGEST]))
    inputs = trials.inputs_of(g.act, decision.call)
    form = _form(inputs, asked)
    if not form.validate():
        return _room(decision, asked)
    saving = Saving(
        TrialKind.WHAT_IF,
        request.form.get("name", ""),
        list(asked.items(multi=True)),
        inputs,
        what_if(inputs, form.trial).answer,
    )
    try:
        kept = trials.save_trial(g.act, decision, saving)
    except Refused as refused:
        g.act.session.rollback()
        told: Any = [("name", reason(one)) for one in refused.reasons]
        return _room(decision, asked, told)
    return redirect(url_for("trial.what_if_room", decision_id=decision.id, trial=kept.id), 303)


@bp.get("/decisions/<decision_id>/certainty")
@may("decision.try")
def certainty(decision: Decision) -> Answer:
    return _certainty(decision)


def _certainty(decision: Decision, errors: list[tuple[str, str]] | None = None) -> Answer:
    kept = _kept(decision, request.args.get("trial"), TrialKind.CERTAINTY)
    inputs = trials.thaw(kept.frozen) if kept else trials.inputs_of(g.act, decision.call)
    seed = int(kept.answer["seed"] or USUAL_SEED) if kept else _seed(request.values.get("seed", ""))
    found = advised(g.act, decision.call, inputs, seed, frozen=kept is not None)
    page = render_template(
        "decision/certainty.html", decision=decision, found=found, advice=advice_in(inputs.call), kept=kept, seed=seed,
        names=dict(trials.names_of(inputs)[0]), errors=errors or [],
        trials=[one for one in trials.trials_of(g.act, decision.call) if one.kind is TrialKind.CERTAINTY],
    )  # fmt: skip
    return page, UNPROCESSABLE if errors else 200


def _seed(typed: str) -> int:
    """A seed of at most nine digits; anything else is the usual one."""
    return int(typed) if typed.isascii() and typed.isdigit() and len(typed) <= len(str(LARGEST_SEED)) else USUAL_SEED


@bp.post("/decisions/<decision_id>/certainty")
@may("decision.save_trial")
def save_certainty(decision: Decision) -> Answer:
    inputs, seed = trials.inputs_of(g.act, decision.call), _seed(request.form.get("seed", ""))
    found = advised(g.act, decision.call, inputs, seed, frozen=True)
    saving = Saving(TrialKind.CERTAINTY, request.form.get("name", ""), [("seed", str(seed))], inputs, found.kept)
    if found.certainty is None:
        raise Refused(refuse("not-named", _("This call does not name it, so it is off.")))
    try:
        kept = trials.save_trial(g.act, decision, saving)
    except Refused as refused:
        g.act.session.rollback()
        return _certainty(decision, [("name", reason(one)) for one in refused.reasons])
    return redirect(url_for("trial.certainty", decision_id=decision.id, trial=kept.id), 303)


@bp.get("/decisions/<decision_id>/portfolio")
@may("decision.try")
def portfolio(decision: Decision) -> Answer:
    """What the ranking comes to, now or at the moment the address names."""
    past = past_in(g.act, decision.call)
    if past.refused:
        return unreadable_moment(decision, past, gettext("Portfolio"), "trial.portfolio")
    found = portfolio_of(g.act, decision, past.moment)
    return render_template(
        "decision/portfolio.html", decision=decision, found=found, overlay=overlay(found.marks), past=past
    )
