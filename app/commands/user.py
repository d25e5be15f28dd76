"""user: the first accounts of an installation, which no page can make."""

from __future__ import annotations

import click
from sqlalchemy import select

from app.act import Act
from app.chance import Secret, new_id
from app.commands.house import open_house
from app.models import OfficeHolding, Person
from app.services.person import hash_password
from app.services.transitions import note
from workflows.relations import OFFICES
from workflows.relations import Relation as R


@click.group()
def user() -> None:
    """Accounts and offices."""


@user.command()
@click.argument("email")
@click.argument("name")
@click.option(
    "--office",
    "offices",
    multiple=True,
    type=click.Choice(sorted(office.value for office in OFFICES)),
    help="May be given several times.",
)
@click.password_option(help="Asked for when not given.")
def add(email: str, name: str, offices: tuple[str, ...], password: str) -> None:
    """Add a person with a verified address, and perhaps offices."""
    house = open_house()
    with house.database.writing() as session:
        act = Act(session, house.now(), Secret(), f"command-{new_id(Secret())}")
        if session.scalar(select(Person).where(Person.email_folded == email.casefold())) is not None:
            raise click.ClickException(f"{email} has an account already")
        person = Person(
            id=act.new_id(), name=name, email=email, email_folded=email.casefold(), email_verified_at=act.now,
            created_at=act.now, password_hash=hash_password(password),
        )  # fmt: skip
        session.add(person)
        session.flush()
        for office in offices:
            session.add(OfficeHolding(id=act.new_id(), person_id=person.id, office=R(office), since=act.now))
            note(act, person, "grant_office", relation=R.ADMINISTRATOR, data={"office": office})
        session.commit()
    click.echo(f"{email}: added" + (f" as {', '.join(offices)}" if offices else ""))
