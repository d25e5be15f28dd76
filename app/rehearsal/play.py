"""The chapters of a call in their order; a play may stop after any of them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import IntEnum

from app.models import Application, Call
from app.partnerships import Partnership
from app.rehearsal import applying, checking, deciding, evaluating, training
from app.rehearsal.applying import Entry
from app.rehearsal.cast import Cast, hire_office
from app.rehearsal.stage import Stage, get
from app.services.calls.call import definition_of, import_call
from app.services.transitions import perform
from workflows.application import State
from workflows.definition import CallDefinition

SPARE_EXPERTS = 3  # beyond what the reports need, so that somebody with an interest can be passed over


class Chapter(IntEnum):
    """Moments at which a play may stop."""

    ANNOUNCED = 0
    WRITING = 1
    SUBMITTED = 2
    CHECKED = 3
    SCORING = 4
    CONSENSUS = 5
    PROPOSED = 6
    RELEASED = 7
    LABELLED = 8


@dataclass
class Play:
    call_id: str
    definition: CallDefinition
    entries: list[Entry] = field(default_factory=list)
    decision_id: str = ""
    left_out: list[Partnership] = field(default_factory=list)


@dataclass
class Scene:
    """What a chapter is given; `stops` says that the play ends with it, and leaves something to do."""

    stage: Stage
    cast: Cast
    made: Play
    partnerships: list[Partnership]
    until: datetime
    stops: bool


def moments(definition: CallDefinition) -> dict[Chapter, datetime]:
    """Say when each chapter ends."""
    times = definition.timetable
    opens, closes = times.opens_at, times.closes_at
    day = timedelta(days=1)
    return {
        Chapter.ANNOUNCED: opens - 7 * day,
        Chapter.WRITING: opens + (closes - opens) * 3 / 4,
        Chapter.SUBMITTED: closes - day / 4,
        Chapter.CHECKED: closes + 8 * day,
        Chapter.SCORING: closes + 30 * day,
        Chapter.CONSENSUS: closes + 40 * day,
        Chapter.PROPOSED: closes + 50 * day,
        Chapter.RELEASED: closes + 60 * day,
        Chapter.LABELLED: closes + 70 * day,
    }


def play(
    stage: Stage,
    cast: Cast,
    call_file: bytes,
    partnerships: Sequence[Partnership],
    *,
    until: Chapter,
    practice: bool = False,
) -> Play:
    """Play a call up to and with a chapter."""
    made = announce(stage, cast, call_file, practice=practice)
    when = moments(made.definition)
    chapters = (
        (Chapter.WRITING, _write),
        (Chapter.SUBMITTED, _submit),
        (Chapter.CHECKED, _check),
        (Chapter.SCORING, _score),
        (Chapter.CONSENSUS, _agree),
        (Chapter.PROPOSED, _propose),
        (Chapter.RELEASED, _release),
        (Chapter.LABELLED, _label),
    )
    for chapter, act_out in chapters:
        if chapter > until:
            break
        act_out(Scene(stage, cast, made, list(partnerships), when[chapter], until is chapter))
        stage.run_outbox()
    return made


def announce(stage: Stage, cast: Cast, call_file: bytes, *, practice: bool) -> Play:
    """Import a call and announce it, a week before it opens."""
    hire_office(stage, cast)
    with stage.act(cast.call_managers[0]) as act:
        call = import_call(act, call_file, practice=practice)
        definition = definition_of(call)
    stage.clock.move_to(moments(definition)[Chapter.ANNOUNCED])
    with stage.act(cast.call_managers[0]) as act:
        perform(act, get(act, Call, call.id), "announce")
    return Play(call.id, definition)


def _write(scene: Scene) -> None:
    stage, cast, made, until, stops = scene.stage, scene.cast, scene.made, scene.until, scene.stops
    start = made.definition.timetable.opens_at
    stage.clock.move_to(start)
    stage.tick()
    wanted = [p for p in scene.partnerships if p.partners and not p.eoi_only]
    made.left_out = [p for p in scene.partnerships if p not in wanted]
    for place, partnership in enumerate(wanted, start=1):
        stage.clock.move_to(start + (until - start) * place / (len(wanted) + 1))
        full = applying.with_money(stage, made.definition, partnership)
        unfinished = stops and place == 1  # a play that stops here leaves something to do
        entry = applying.apply(stage, cast, made.call_id, full, unfinished=unfinished)
        made.entries.append(entry)
        applying.write(stage, entry, unfinished=unfinished)


def _submit(scene: Scene) -> None:
    stage, made, until = scene.stage, scene.made, scene.until
    for place, entry in enumerate(made.entries):
        stage.clock.move_to(until - timedelta(hours=2 * (len(made.entries) - place)))
        if entry.partnership.fate != "unfinished":
            applying.submit(stage, entry)
    stage.clock.move_to(until)


def _check(scene: Scene) -> None:
    stage, cast, made, until, stops = scene.stage, scene.cast, scene.made, scene.until, scene.stops
    stage.clock.move_to(made.definition.timetable.closes_at)
    stage.tick()
    stage.clock.move_to(until - timedelta(days=4))
    received = [entry for entry in made.entries if _state(stage, entry) is State.RECEIVED]
    for place, entry in enumerate(received):
        if not (stops and place % 2):  # a play that stops here leaves every second application to be checked
            checking.check(stage, cast, entry)
    stage.clock.move_to(until)


def _score(scene: Scene) -> None:
    stage, cast, made, until, stops = scene.stage, scene.cast, scene.made, scene.until, scene.stops
    eligible = [entry for entry in made.entries if _state(stage, entry) is State.ELIGIBLE]
    evaluation = made.definition.evaluation
    each = evaluation.reports_per_application if evaluation else 1
    evaluating.hire_experts(stage, cast, each + SPARE_EXPERTS, tasks=max(10, 2 * len(eligible)))
    evaluating.assign_experts(stage, cast, eligible)
    if evaluation is not None and evaluation.training.required:
        training.train(stage, cast, made.call_id)
    stage.clock.move_to(until - timedelta(days=15))
    for place, entry in enumerate(eligible):
        if stops and place == len(eligible) - 1:
            break  # the last application waits for its declarations
        evaluating.declare(stage, cast, entry)
        evaluating.score(stage, entry, finish=not (stops and place % 2))
    stage.clock.move_to(until)


def _agree(scene: Scene) -> None:
    stage, cast, made, until, stops = scene.stage, scene.cast, scene.made, scene.until, scene.stops
    stage.clock.move_to(until - timedelta(days=5))
    eligible = [entry for entry in made.entries if _state(stage, entry) is State.ELIGIBLE]
    for place, entry in enumerate(eligible):
        evaluating.agree(stage, cast, entry, until_signed=not (stops and place == 0))
    stage.clock.move_to(until)


def _propose(scene: Scene) -> None:
    stage, cast, made, until = scene.stage, scene.cast, scene.made, scene.until
    stage.clock.move_to(until)
    made.decision_id = deciding.propose(stage, cast, made.call_id)


def _release(scene: Scene) -> None:
    stage, cast, made, until = scene.stage, scene.cast, scene.made, scene.until
    stage.clock.move_to(until - timedelta(days=5))
    deciding.sign(stage, cast, made.decision_id)
    stage.clock.move_to(until)
    deciding.release(stage, cast, made.decision_id)


def _label(scene: Scene) -> None:
    stage, cast, made, until = scene.stage, scene.cast, scene.made, scene.until
    for place, entry in enumerate(made.entries):
        stage.clock.move_to(until - timedelta(hours=len(made.entries) - place))
        fate = entry.partnership.fate
        if fate == "declined":
            deciding.decline_label(stage, entry)
        elif fate != "reserve":  # who waits for money has not answered the label without it
            deciding.accept_label(stage, entry)
        if fate in ("suspended", "revoked"):
            deciding.end_label(stage, cast, entry, withdraw=fate == "revoked")
    stage.clock.move_to(until)


def _state(stage: Stage, entry: Entry) -> State:
    with stage.act() as act:
        state: State = get(act, Application, entry.application_id).state
        return state
