"""dossier: everything recorded of a call or an application in one ZIP that works itself out again."""

from __future__ import annotations

from pathlib import Path

import click
from sqlalchemy import select

from app.act import Act
from app.chance import Secret
from app.commands.house import House, open_house
from app.dossier.writing import write
from app.models import Application, Call, Dossier, Level
from app.services.dossiers.dossier import Subject, finish, new_dossier
from app.services.transitions import note
from workflows.relations import Relation as R


@click.command()
@click.argument("subject", metavar="CALL|APPLICATION")
@click.option("--level", type=click.Choice([one.value for one in Level]), default=Level.FULL.value, show_default=True)
@click.option("--out", required=True, type=click.Path(dir_okay=False, path_type=Path), help="The ZIP to write.")
def dossier(subject: str, level: str, out: Path) -> None:
    """Write the dossier of a call (by its code) or of an application (by its number or id)."""
    house = open_house()
    with house.database.writing() as session:
        act = Act(session, house.now(), Secret(), "command", site=house.settings.site)
        found = _found(act, subject)
        if found is None:
            raise click.ClickException(f"{subject}: there is no call of that code and no application of that number")
        if isinstance(found, Call) and Level(level) is Level.APPLICANT:
            raise click.ClickException("this level is of one application")
        made = write_dossier(act, house, found, Level(level), out)
        session.commit()
    click.echo(f"{out}: digest of the manifest {made.manifest_sha256}")


def write_dossier(act: Act, house: House, subject: Subject, level: Level, out: Path) -> Dossier:
    """Make a dossier at once, in the transaction of the act, and write its ZIP."""
    made = new_dossier(act, subject, level)
    note(act, subject, "ask_dossier", relation=R.ADMINISTRATOR, data={"level": level.value, "dossier": made.id})
    written = write(act.session, made, house.store)
    finish(act, made.id, written, house.store.put(written.data))
    out.parent.mkdir(parents=True, exist_ok=True)
    out.write_bytes(written.data)
    return made


def _found(act: Act, subject: str) -> Subject | None:
    call = act.session.scalar(select(Call).where(Call.code == subject))
    either = (Application.number == subject) | (Application.id == subject)
    return call or act.session.scalar(select(Application).where(either))
