"""doctor: checks what must always hold, and what real use needs; one line for each violation."""

from __future__ import annotations

import json
import sys

import click

from app.commands.house import open_house
from app.doctor import Finding, examine
from app.doctor.outside import taken_down
from app.doctor.production import examine_for_production
from app.services.erasing.erasing_again import came_back


@click.command()
@click.option("--production", is_flag=True, help="Also refuse what is not fit for real use.")
@click.option("--json", "as_json", is_flag=True)
def doctor(*, production: bool, as_json: bool) -> None:
    """Check every invariant that database and files can show; exit 1 with one line per violation."""
    house = open_house()
    with house.database.reading() as session:
        findings: list[Finding] = list(examine(session, house.store, house.now()))
        findings += [
            Finding(
                "erased people stay erased", f"person {one.id}", "came back with a backup: run escp user erase-again"
            )
            for one in came_back(session, house.settings.data)
        ]
        findings += [
            Finding("the record is as it was taken down", *one) for one in taken_down(session, house.settings.data)
        ]
        if production:
            findings += examine_for_production(session, house.settings, house.now())
    if as_json:
        click.echo(json.dumps([finding.plain() for finding in findings], ensure_ascii=False, indent=2))
    else:
        for finding in findings:
            click.echo(str(finding))
        if not findings:
            click.echo("everything holds")
    sys.exit(1 if findings else 0)
