"""demo: the main job on real data, to look at and play with."""

from __future__ import annotations

import logging
from pathlib import Path

import click

from app.commands.house import open_house
from app.commands.running import serve_together
from app.demonstration.accounts import ACCOUNTS, PASSWORD, email_of
from app.demonstration.loading import load
from config import Settings, demonstration_settings, from_environment

MARK = "demonstration"  # the file that says this folder holds a demonstration and nothing else
HALF = "demonstration-loading"


@click.command()
@click.option("--host", default="127.0.0.1", show_default=True)
@click.option("--port", default=8000, show_default=True)
@click.option("--load-only", is_flag=True, help="Load the data and stop.")
def demo(host: str, port: int, *, load_only: bool) -> None:
    """Load the real calls with demonstration data, then serve pages, worker and clock in one process."""
    logging.basicConfig(level=logging.WARNING, format="%(asctime)s %(name)s %(levelname)s %(message)s")
    settings = demonstration_settings(from_environment(), f"http://{host}:{port}")
    _fill(settings)
    _tell(settings)
    if not load_only:
        serve_together(open_house(settings), host, port)


def _fill(settings: Settings) -> None:
    folder = settings.data
    if (folder / MARK).exists():
        return
    if (folder / HALF).exists():
        _clear(folder)
    if folder.exists() and any(path.name != "secret-key" for path in folder.iterdir()):
        raise click.ClickException(
            f"{folder} holds other data: name an empty folder with ESCP_DATA, or start it with ./escp serve"
        )
    click.echo("Loading the demonstration, once; a minute or two:")
    folder.mkdir(parents=True, exist_ok=True)
    (folder / HALF).touch()
    load(open_house(settings, durable=False), lambda what: click.echo(f"  {what}"))
    (folder / HALF).rename(folder / MARK)


def _clear(folder: Path) -> None:
    """Take away what a loading left that was cut short; the folder was empty before it."""
    for path in sorted(folder.rglob("*"), reverse=True):
        if path.name not in ("secret-key", HALF):
            path.rmdir() if path.is_dir() else path.unlink()


def _tell(settings: Settings) -> None:
    click.echo(f"\nThe demonstration: {settings.address}\nIts mails:         {settings.address}/demo/mail\n")
    click.echo(f"Sign in with any of these addresses and the password “{PASSWORD}”:\n")
    for account in ACCOUNTS:
        click.echo(f"  {email_of(account):<42}{account.shows}")
    click.echo("\nStop with Ctrl+C.")
