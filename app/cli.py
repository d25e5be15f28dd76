"""The `escp` command."""

from __future__ import annotations

import sys

import click

from app.commands.backup import backup
from app.commands.call import call
from app.commands.demo import demo
from app.commands.doctor import doctor
from app.commands.dossier import dossier
from app.commands.rehearse import rehearse
from app.commands.running import serve, tick, worker
from app.commands.tables import tables
from app.commands.user import user
from app.commands.verify import verify
from app.garbage import search_memory_seldom
from config import SettingsError


@click.group(context_settings={"help_option_names": ["-h", "--help"]})
def escp() -> None:
    """Runs calls for expressions of interest and for proposals, and awards a label."""


for command in (serve, worker, tick, demo, call, rehearse, doctor, backup, verify, dossier, tables, user):
    escp.add_command(command)


def main() -> None:
    search_memory_seldom()
    try:
        escp(prog_name="./escp")
    except SettingsError as error:
        click.echo(f"Settings: {error}", err=True)
        sys.exit(2)


if __name__ == "__main__":
    main()
