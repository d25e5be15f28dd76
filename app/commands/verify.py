"""verify: was this PDF issued by us, and what became of it."""

from __future__ import annotations

import sys
from pathlib import Path

import click

from app.act import Act
from app.chance import Secret
from app.commands.house import open_house
from app.verify_command import verify_file


@click.command()
@click.argument("file", metavar="FILE.pdf", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--json", "as_json", is_flag=True)
def verify(file: Path, *, as_json: bool) -> None:
    """Say what the register knows of FILE; exit 0 if it is a valid certificate of ours, else 1."""
    house = open_house()
    with house.database.reading() as session:
        code, text = verify_file(Act(session, house.now(), Secret(), "command"), file, as_json=as_json)
    click.echo(text)
    sys.exit(code)
