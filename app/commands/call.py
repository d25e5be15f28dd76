"""call check | import | export: calls as files."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import IO

import click
from sqlalchemy import select

from app.act import Act
from app.callfile import Fault, read_call
from app.chance import Secret, new_id
from app.commands.house import open_house
from app.models import Call
from app.services.accounts.sign_in import person_for
from app.services.calls.call import FaultyCallFile, import_call
from app.services.evaluating.freezing import readings_as_csv, readings_of
from app.services.transitions import Refused, perform
from workflows.relations import Relation as R

A_FILE = click.Path(exists=True, dir_okay=False, path_type=Path)


@click.group()
def call() -> None:
    """Calls as files."""


def _tell(faults: tuple[Fault, ...], *, as_json: bool, path: Path) -> None:
    if as_json:
        lines = [{"path": f.path, "line": f.line, "message": f.message} for f in faults]
        click.echo(json.dumps({"file": path.name, "faults": lines}, ensure_ascii=False, indent=2))
    else:
        for fault in faults:
            click.echo(str(fault))


@call.command()
@click.argument("file", type=A_FILE)
@click.option("--json", "as_json", is_flag=True)
def check(file: Path, *, as_json: bool) -> None:
    """Name every fault of FILE by its path and line; exit 0 without faults, 2 with."""
    _definition, faults = read_call(file.read_bytes())
    if faults or as_json:
        _tell(faults, as_json=as_json, path=file)
    else:
        click.echo(f"{file.name}: no faults")
    sys.exit(2 if faults else 0)


@call.command("freeze-evaluation")
@click.argument("code")
@click.option("--as", "email", required=True, help="The address of who decides it: a call or programme manager.")
@click.option("--reason", required=True, help="Stays in the record.")
@click.option("--csv", "target", type=click.File("w", encoding="utf-8"), help="Write who read what into this file.")
def freeze_evaluation(code: str, email: str, reason: str, target: IO[str] | None) -> None:
    """Freeze the evaluation of the call CODE: experts are signed out, none of them reads, scores or comments."""
    house = open_house()
    with house.database.writing() as session:
        person = person_for(session, email)
        found = session.scalar(select(Call).where(Call.code == code))
        if person is None or found is None:
            raise click.ClickException(f"{email} has no account" if person is None else f"no call {code}")
        act = Act(session, house.now(), Secret(), f"command-{new_id(Secret())}", person)
        try:
            perform(act, found, "freeze_evaluation", {"reason": reason})
        except Refused as refused:
            raise click.ClickException("; ".join(one.plain() for one in refused.reasons)) from refused
        readings = readings_of(act, found)
        if target is not None:
            target.write(readings_as_csv(readings))
        session.commit()
    click.echo(f"{code}: frozen; {len(readings)} readings recorded. On the call's page “Who read what” it goes on.")


@call.command("import")
@click.argument("file", type=A_FILE)
@click.option("--practice", is_flag=True, help="Mark it as practice on every page, mail and PDF.")
@click.option("--json", "as_json", is_flag=True)
def import_(file: Path, *, practice: bool, as_json: bool) -> None:
    """Make a call of FILE."""
    house = open_house()
    with house.database.writing() as session:
        act = Act(session, house.now(), Secret(), f"command-{new_id(Secret())}")
        try:
            made = import_call(act, file.read_bytes(), practice=practice, relation=R.ADMINISTRATOR)
        except FaultyCallFile as faulty:
            _tell(faulty.faults, as_json=as_json, path=file)
            sys.exit(2)
        session.commit()
    click.echo(json.dumps({"code": made.code, "id": made.id}) if as_json else f"{made.code}: imported")


@call.command()
@click.argument("code")
@click.option(
    "--out", type=click.Path(dir_okay=False, path_type=Path), help="Write to this file instead of standard output."
)
def export(code: str, out: Path | None) -> None:
    """Write the call CODE as its file: an unedited call gives the bytes it was imported from."""
    house = open_house()
    with house.database.reading() as session:
        found = session.scalar(select(Call).where(Call.code == code))
        if found is None:
            known = ", ".join(session.scalars(select(Call.code).order_by(Call.code)))
            raise click.ClickException(f"there is no call “{code}”; known are: {known or 'none'}")
        data = found.source.data
    if out:
        out.write_bytes(data)
    else:
        sys.stdout.buffer.write(data)
