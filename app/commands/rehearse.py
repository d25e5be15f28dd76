"""rehearse: a whole call with made-up people and clock, against a scratch database."""

from __future__ import annotations

import json
import random
import sys
import time
from contextlib import AbstractContextManager
from datetime import timedelta
from pathlib import Path
from typing import Any

import click

from app.callfile import read_call
from app.chance import Seeded
from app.commands.dossier import write_dossier
from app.commands.house import House, open_house
from app.documents.renderer import Renderer
from app.models import Call, Level
from app.partnerships import Partnership, read_partnerships
from app.rehearsal.cast import Cast
from app.rehearsal.expressing import play_expressions
from app.rehearsal.play import Chapter, moments, play
from app.rehearsal.report import report_on, write_documents
from app.rehearsal.stage import Clock, Stage, get
from config import Settings, rehearsal_settings
from workflows.definition import CallDefinition, CallKind

A_FILE = click.Path(exists=True, dir_okay=False, path_type=Path)
STEPS_OF_A_PARTNER = 2
STEPS_OF_AN_APPLICATION = 10


@click.command()
@click.argument("call_file", metavar="CALL.yaml", type=A_FILE)
@click.option(
    "--organisations", required=True, type=A_FILE, help="Partnerships, in the shape of app/data/partnerships.yaml."
)
@click.option(
    "--out", required=True, type=click.Path(file_okay=False, path_type=Path), help="Empty folder for the result."
)
@click.option("--seed", default=1, show_default=True, help="The same seed gives the same result.")
def rehearse(call_file: Path, organisations: Path, out: Path, seed: int) -> None:
    """Run a whole call with the partnerships of a file; the result is DIR/report.json and DIR/dossier.zip."""
    started = time.monotonic()
    definition = _definition(call_file)
    partnerships = [p for p in _partnerships(organisations) if p.call == definition.code]
    if not partnerships:
        raise click.ClickException(f"{organisations.name}: no partnership names the call {definition.code}")
    house = _scratch(out)
    with Renderer() as renderer, _bar(partnerships) as bar:
        clock = Clock(moments(definition)[Chapter.ANNOUNCED] - timedelta(days=30))
        stage = Stage(house, clock, Seeded(seed), random.Random(seed), renderer, told=lambda _what: bar.update(1))  # noqa: S311
        data = call_file.read_bytes()
        if definition.kind is CallKind.EXPRESSION_OF_INTEREST:
            made = play_expressions(stage, Cast(), data, partnerships)
        else:
            made = play(stage, Cast(), data, partnerships, until=Chapter.LABELLED)
        stage.tick()
        stage.run_outbox()
        bar.update(bar.length - bar.pos)
    house.stop_clock_at(clock.now)
    names = write_documents(house, out / "documents")
    report = report_on(house, made, names, stage.notes)
    with stage.act() as act:
        write_dossier(act, house, get(act, Call, made.call_id), Level.FULL, out / "dossier.zip")
    report["seconds"] = round(time.monotonic() - started, 1)
    (out / "report.json").write_text(json.dumps(report, ensure_ascii=False, indent=2) + "\n", encoding="utf-8")
    refused = {entry["acronym"] for entry in report["refused"]}
    click.echo(f"{len(report['labels'])} labels, {len(refused)} refused: {out / 'report.json'}")


def _definition(call_file: Path) -> CallDefinition:
    definition, faults = read_call(call_file.read_bytes())
    if definition is None or faults:
        for fault in faults:
            click.echo(str(fault), err=True)
        sys.exit(2)
    return definition


def _partnerships(path: Path) -> tuple[Partnership, ...]:
    try:
        return read_partnerships(path.read_bytes())
    except ValueError as error:
        raise click.ClickException(f"{path.name}: {error}") from error


def _scratch(out: Path) -> House:
    """Open a house of its own: a rehearsal never touches a database that was there before."""
    data = out / "data"
    if data.exists() and any(data.iterdir()):
        raise click.ClickException(f"{data} is not empty: give a new folder with --out")
    settings: Settings = rehearsal_settings(data.resolve())
    return open_house(settings, durable=False)


def _bar(partnerships: list[Partnership]) -> AbstractContextManager[Any]:
    partners = sum(len(p.partners) for p in partnerships)
    steps = partners * STEPS_OF_A_PARTNER + len(partnerships) * STEPS_OF_AN_APPLICATION
    return click.progressbar(length=steps, label="Rehearsing", file=sys.stderr)
