"""The first accounts of an installation are made by a command, because no page can."""

import shutil
from pathlib import Path

from click.testing import CliRunner
from sqlalchemy import select

from app.act import Act
from app.chance import Secret
from app.cli import escp
from app.commands.backup import copy_sqlite
from app.commands.house import open_house
from app.models import Job, OfficeHolding, Person
from app.services.erasing.erasing_mails import forgetting
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


def test_the_command_erases_somebody_whom_a_restored_backup_does_not_bring_back(tmp_path: Path):
    data = tmp_path / "data"

    def run(*words: str, typed: str = "") -> str:
        done = CliRunner().invoke(escp, list(words), env={"ESCP_DATA": str(data)}, input=typed, catch_exceptions=False)
        return done.output

    run("user", "add", "ana@silva.example", "Ana Silva", typed="a long password\na long password\n")
    before = tmp_path / "before.sqlite3"
    copy_sqlite(data / "escp.sqlite3", before)
    assert "the addresses differ" in run("user", "erase", "ana@silva.example", "--reason", "R 7", typed="x@y.example\n")
    assert "erased: “Erased person" in run("user", "erase", "ana@silva.example", "--reason", "R 7", "--yes")
    house = open_house(from_environment({"ESCP_DATA": str(data)}))
    with house.database.writing() as session:
        job = session.scalars(select(Job).where(Job.kind == "after_erasing")).one()
        forgetting(data)(job.args, job.id)(Act(session, house.now(), Secret(), "job"))
    house.database.close()
    assert run("doctor") == "everything holds\n"

    for path in data.glob("escp.sqlite3*"):
        path.unlink()
    shutil.copy(before, data / "escp.sqlite3")

    assert "came back with a backup: run escp user erase-again" in run("doctor")
    assert "erased: “Erased person" in run("user", "erase-again")
    assert run("doctor") == "everything holds\n"
