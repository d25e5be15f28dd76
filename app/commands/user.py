"""user: the first accounts of an installation, which no page can make."""

from __future__ import annotations

import click
from sqlalchemy import select

from app.act import Act
from app.chance import Secret, new_id
from app.commands.house import House, open_house
from app.models import OfficeHolding, Person
from app.services.accounts.person import hash_password
from app.services.erasing import erasing
from app.services.erasing.erasing_again import came_back
from app.services.organisations.names import fold_address
from app.services.transitions import Refused, note
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


@user.command()
@click.argument("email")
@click.option("--reason", required=True, help="Stays in the record: a reference of the request, no names.")
@click.option("--yes", "sure", is_flag=True, help="Do not ask for the address once more.")
def erase(email: str, reason: str, *, sure: bool) -> None:
    """Erase the personal data of the account EMAIL, for ever."""
    house = open_house()
    typed = email if sure else click.prompt("Type the address once more; this can't be undone")
    if fold_address(typed) != fold_address(email):
        raise click.ClickException("the addresses differ: nothing was erased")
    with house.database.reading() as session:
        found = session.scalar(select(Person.id).where(Person.email_folded == fold_address(email)))
    if found is None:
        raise click.ClickException(f"{email} has no account")
    _erase(house, found, reason)
    click.echo("old letters and receipts go with the next sweep; backups made before still hold the data")


@user.command("erase-again")
def erase_again() -> None:
    """Erase again whom a restored backup has brought back."""
    house = open_house()
    with house.database.reading() as session:
        ids = [person.id for person in came_back(session, house.settings.data)]
    for person_id in ids:
        _erase(house, person_id, "restored from a backup")
    if not ids:
        click.echo("nobody has come back")


def _erase(house: House, person_id: str, reason: str) -> None:
    data = house.settings.data
    with house.database.writing() as session:
        act = Act(session, house.now(), Secret(), f"command-{new_id(Secret())}", site=house.settings.site)
        person = session.get_one(Person, person_id)
        try:
            done = erasing.erase(act, person, relation=R.ADMINISTRATOR, reason=reason, data=data)
        except Refused as refused:
            raise click.ClickException("\n".join(one.plain() for one in refused.reasons)) from refused
        session.commit()
    until = f"until {done.evidence_until:%d.%m.%Y}" if done.evidence_until else "none"
    click.echo(f"erased: “{person.name}” stands in its place; evidence of award decisions: {until}")
