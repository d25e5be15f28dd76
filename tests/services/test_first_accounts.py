"""The first accounts of an installation are made by a command, because no page can."""

from pathlib import Path

from click.testing import CliRunner
from sqlalchemy import select

from app.cli import escp
from app.commands.house import open_house
from app.models import OfficeHolding, Person
from config import from_environment


def test_an_administrator_is_made_as_the_manual_says(tmp_path: Path):
    data = tmp_path / "data"
    words = ["user", "add", "admin@example.org", "Ada Admin", "--office", "administrator"]

    done = CliRunner().invoke(
        escp, words, env={"ESCP_DATA": str(data)}, input="a long password\na long password\n", catch_exceptions=False
    )

    assert done.exit_code == 0, done.output
    house = open_house(from_environment({"ESCP_DATA": str(data)}))
    with house.database.reading() as session:
        person = session.scalars(select(Person)).one()
        assert (person.name, person.email_verified_at is not None) == ("Ada Admin", True)
        assert [office.value for office in session.scalars(select(OfficeHolding.office))] == ["administrator"]
    house.database.close()


def test_only_its_owner_looks_into_the_data_folder(tmp_path: Path):
    data = tmp_path / "data"
    house = open_house(from_environment({"ESCP_DATA": str(data)}))
    house.database.close()

    assert data.stat().st_mode & 0o077 == 0
