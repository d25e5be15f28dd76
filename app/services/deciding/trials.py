"""Trials on a frozen copy of what a ranking rests on: assembled, frozen, thawed, saved by name.

Nothing reads them back into a ranking: the only rows written here are the trial's own and the entry of its saving.
"""

from __future__ import annotations

import hashlib
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

import rfc8785
from sqlalchemy import select
from sqlalchemy.orm import selectinload

from app.act import Act
from app.callfile import from_json, to_json
from app.models import Application, Assessment, Assignment, Call, Decision, Trial, TrialKind
from app.services.deciding.ranking import entries_of, ranking_of, trimmed
from app.services.permitted import relation_for
from app.services.transitions import Refused, note
from workflows.assessment import IN
from workflows.assignment import READING
from workflows.ranking import Entry
from workflows.verdict import refuse
from workflows.what_if import Inputs, Report
from workflows.words import _

LONGEST_NAME = 120


def inputs_of(act: Act, call: Call) -> Inputs:
    """Give all the ranking rests on now, and the reports beneath it; evaluators are not named."""
    ranking = ranking_of(act, call)
    entries, _changed = entries_of(act, call, ranking.definition)
    return Inputs(
        call=ranking.definition,
        entries=tuple(entries),
        panel=ranking.panel,
        seed=ranking.seed,
        reports=tuple(report for report, _person in reports_of(act, call, entries)),
    )


def reports_of(act: Act, call: Call, entries: Sequence[Entry]) -> list[tuple[Report, str]]:
    """Give the reports that count towards what is ranked, each with its writer, in the order of their ids."""
    ranked = {entry.key for entry in entries}
    query = (
        select(Assessment)
        .join(Assignment, Assignment.id == Assessment.assignment_id)
        .join(Application, Application.id == Assessment.application_id)
        .where(Application.call_id == call.id, Assessment.state.in_(IN), Assignment.state.in_(READING))
        .options(selectinload(Assessment.scores))
        .order_by(Assessment.id)
    )
    return [
        (Report(key=one.id, application=one.application_id, scores=_points(one)), one.person_id)
        for one in act.session.scalars(query)
        if one.application_id in ranked
    ]


def _points(report: Assessment) -> dict[str, Decimal]:
    return {score.criterion: score.points for score in report.scores if score.points is not None}


def names_of(inputs: Inputs) -> tuple[list[tuple[str, str]], list[tuple[str, str]]]:
    """Name applications by acronym and reports by application and number, for people to choose from."""
    acronyms = {entry.key: entry.acronym for entry in inputs.entries}
    counted: dict[str, int] = defaultdict(int)
    reports = []
    for report in inputs.reports:
        counted[report.application] += 1
        reports.append((report.key, f"{acronyms[report.application]} · {counted[report.application]}"))
    return sorted(acronyms.items(), key=lambda one: one[1]), sorted(reports, key=lambda one: one[1])


def freeze(inputs: Inputs) -> dict[str, Any]:
    """Write the inputs as plain data, numbers as texts."""
    return {
        "call": to_json(inputs.call),
        "entries": [
            {
                "key": one.key,
                "acronym": one.acronym,
                "number": one.number,
                "strand": one.strand,
                "requested_grant": trimmed(one.requested_grant),
                "scores": _texts(one.scores),
            }
            for one in inputs.entries
        ],
        "panel": list(inputs.panel),
        "seed": inputs.seed,
        "reports": [
            {"key": one.key, "application": one.application, "scores": _texts(one.scores)} for one in inputs.reports
        ],
    }


def thaw(frozen: Mapping[str, Any]) -> Inputs:
    """Read back what `freeze` wrote."""
    return Inputs(
        call=from_json(frozen["call"]),
        entries=tuple(
            Entry(
                key=one["key"],
                acronym=one["acronym"],
                number=one["number"],
                strand=one["strand"],
                requested_grant=Decimal(one["requested_grant"]),
                scores=_numbers(one["scores"]),
            )
            for one in frozen["entries"]
        ),
        panel=tuple(frozen["panel"]),
        seed=frozen["seed"],
        reports=tuple(
            Report(key=one["key"], application=one["application"], scores=_numbers(one["scores"]))
            for one in frozen["reports"]
        ),
    )


def _texts(scores: Mapping[str, Decimal]) -> dict[str, str]:
    return {code: trimmed(points) for code, points in scores.items()}


def _numbers(scores: Mapping[str, str]) -> dict[str, Decimal]:
    return {code: Decimal(points) for code, points in scores.items()}


def digest_of(frozen: Mapping[str, Any]) -> str:
    return hashlib.sha256(rfc8785.dumps(dict(frozen))).hexdigest()


@dataclass(frozen=True)
class Saving:
    """A trial to be kept: its name, what was asked, on which inputs, and what came out."""

    kind: TrialKind
    name: str
    asked: Sequence[tuple[str, str]]
    inputs: Inputs
    answer: Mapping[str, Any]


def save_trial(act: Act, decision: Decision, saving: Saving) -> Trial:
    """Keep a trial by name, with its frozen copy. Refused without a name, or with one the call has already."""
    relation = relation_for(act, "decision.save_trial", decision)
    name = " ".join(saving.name.split())
    if not name or len(name) > LONGEST_NAME:
        raise Refused(refuse("no-name", _("Give the trial a name of at most {most} characters."), most=LONGEST_NAME))
    if act.session.scalar(select(Trial.id).where(Trial.call_id == decision.call_id, Trial.name == name)):
        raise Refused(refuse("name-taken", _("There is a trial of this name already; choose another.")))
    frozen = freeze(saving.inputs)
    trial = Trial(
        id=act.new_id(), call_id=decision.call_id, kind=saving.kind, name=name, frozen=frozen,
        frozen_sha256=digest_of(frozen), asked=[list(pair) for pair in saving.asked], answer=dict(saving.answer),
        made_at=act.now, made_by=act.person_id,
    )  # fmt: skip
    act.session.add(trial)
    act.session.flush()
    note(act, trial, "save", relation=relation, data={"kind": trial.kind.value, "frozen_sha256": trial.frozen_sha256})
    return trial


def trials_of(act: Act, call: Call) -> list[Trial]:
    """List the kept trials of a call, newest first."""
    query = select(Trial).where(Trial.call_id == call.id).order_by(Trial.made_at.desc(), Trial.id)
    return list(act.session.scalars(query))


def trial_of(act: Act, call: Call, trial_id: str) -> Trial | None:
    return act.session.scalar(select(Trial).where(Trial.call_id == call.id, Trial.id == trial_id))
