"""tables: writes the diagrams and the matrix of the manual from the tables in the code."""

from __future__ import annotations

import sys
from pathlib import Path

import click

from workflows.draw import machine_page, matrix
from workflows.machines import MACHINES

FOLDER = Path(__file__).resolve().parents[2] / "docs" / "tables"


def pages() -> dict[str, str]:
    """Give every generated page by its file name."""
    index = "\n".join(f"- [{noun}]({noun}.md)" for noun in MACHINES)
    head = "# The tables\n\nEvery state, every act, who may take it and what follows.\n"
    return {
        "README.md": f"{head}\n{index}\n- [permissions](permissions.md)\n",
        "permissions.md": matrix(),
        **{f"{noun}.md": machine_page(machine) for noun, machine in MACHINES.items()},
    }


@click.command()
@click.option("--check", is_flag=True, help="Write nothing; exit 1 if a page is out of date.")
def tables(*, check: bool) -> None:
    """Write docs/tables from the machines and the permissions."""
    stale = [name for name, text in pages().items() if not _same(FOLDER / name, text)]
    if check:
        click.echo("\n".join(f"out of date: {name}" for name in stale) or "up to date")
        sys.exit(1 if stale else 0)
    FOLDER.mkdir(parents=True, exist_ok=True)
    for name in stale:
        (FOLDER / name).write_text(pages()[name], encoding="utf-8")
    click.echo(f"{len(stale)} pages written")


def _same(path: Path, text: str) -> bool:
    return path.exists() and path.read_text(encoding="utf-8") == text
