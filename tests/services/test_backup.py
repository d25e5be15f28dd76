"""A backup is whole, can be restored, and says so when it is not."""

import json
import shutil
import subprocess
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import func, select

from app.commands.backup import STAMP, BackupError, make_backup
from app.commands.house import House
from app.db import Database
from app.doctor import examine
from app.doctor.production import examine_for_production
from app.models import Event, Person
from app.store import Store
from config import from_environment
from tests.support.postgresql import Server
from tests.support.world import World

NOW = datetime(2026, 11, 22, 18, 0, tzinfo=UTC)


@pytest.fixture
def house(world: World, database: Database, tmp_path: Path) -> House:
    data = tmp_path / "data"
    url = database.engine.url.render_as_string(hide_password=False)
    settings = from_environment({"ESCP_DATA": str(data), "ESCP_DATABASE_URL": url})
    world.organisation("Textile Cluster", world.person("Ana Silva"))
    return House(settings, database, Store.from_url(settings.storage_url))


def restored(backup: Path, backend: str, folder: Path, request: pytest.FixtureRequest) -> Database:
    """Bring the database back as docs/operators/backup.md says."""
    if backend == "sqlite":
        shutil.copy(backup / "escp.sqlite3", folder / "restored.sqlite3")
        return Database(f"sqlite:///{folder / 'restored.sqlite3'}")
    server: Server = request.getfixturevalue("postgresql")
    name = "restored"
    server.run(f"DROP DATABASE IF EXISTS {name} WITH (FORCE)")
    server.run(f"CREATE DATABASE {name}")
    address = server.url(name).replace("+psycopg", "")
    subprocess.run(
        ["pg_restore", "--no-owner", f"--dbname={address}", str(backup / "database.dump")],
        check=True,
        capture_output=True,
    )
    return Database(server.url(name))


def test_a_backup_brings_back_rows_files_and_key(house, backend, tmp_path, request):
    kept = house.store.put(b"a letter of support")

    backup = make_backup(house, tmp_path / "backups", NOW)
    database = restored(backup, backend, tmp_path, request)

    with house.database.reading() as before, database.reading() as after:
        events = select(func.count()).select_from(Event)
        assert after.scalar(events) == before.scalar(events) > 0
        assert after.scalars(select(Person.name).order_by(Person.name)).all() == ["Ana Silva", "Mona Manager"]
        assert [f for f in examine(after, house.store, NOW) if f.statement != "files have their rows"] == []
    database.close()
    name = f"{kept.sha256[:2]}/{kept.sha256}"
    assert (backup / "files.txt").read_text() == f"{name}\n"
    assert (backup.parent / "files" / name).read_bytes() == b"a letter of support"
    assert (backup / "secret-key").read_bytes() == house.settings.secret_key
    assert json.loads((backup / "manifest.json").read_text())["files"] == 1


def test_what_is_written_after_a_backup_is_not_in_it(house, backend, tmp_path, request, world):
    backup = make_backup(house, tmp_path / "backups", NOW)
    world.person("Late Comer")

    database = restored(backup, backend, tmp_path, request)

    with database.reading() as session:
        assert session.scalar(select(Person.id).where(Person.name == "Late Comer")) is None
    database.close()


def test_backups_share_the_files_that_have_not_changed(house, tmp_path):
    out = tmp_path / "backups"
    first = house.store.put(b"one")
    make_backup(house, out, NOW)
    pooled = out / "files" / first.sha256[:2] / first.sha256
    written = pooled.stat().st_mtime_ns
    house.store.put(b"two")

    second = make_backup(house, out, NOW + timedelta(days=1))

    assert pooled.stat().st_mtime_ns == written
    assert len((second / "files.txt").read_text().split()) == 2


def test_doctor_sees_the_last_backup_for_a_day(house, tmp_path):
    def complaints(now: datetime) -> list[str]:
        with house.database.reading() as session:
            return [f.why for f in examine_for_production(session, house.settings, now) if f.thing == "backup"]

    assert len(complaints(NOW)) == 1
    make_backup(house, tmp_path / "backups", NOW)

    assert complaints(NOW + timedelta(hours=23)) == []
    assert len(complaints(NOW + timedelta(hours=25))) == 1


def test_a_damaged_file_makes_no_backup(house, tmp_path):
    kept = house.store.put(b"as it was sent")
    path = house.settings.data / "files" / kept.sha256[:2] / kept.sha256
    path.chmod(0o600)
    path.write_bytes(b"as it was bent")

    with pytest.raises(BackupError, match=kept.sha256):
        make_backup(house, tmp_path / "backups", NOW)

    assert not (house.settings.data / STAMP).exists()
    assert [p.name for p in (tmp_path / "backups").iterdir() if p.name.startswith("2026")] == []


def test_a_backup_does_not_lie_in_what_it_saves(house):
    with pytest.raises(BackupError, match="inside the data folder"):
        make_backup(house, house.settings.data / "backups", NOW)


def test_only_its_owner_reads_a_backup(house, tmp_path):
    backup = make_backup(house, tmp_path / "backups", NOW)

    assert backup.stat().st_mode & 0o077 == 0
    assert (backup.parent / "files").stat().st_mode & 0o077 == 0
    assert (backup / "secret-key").stat().st_mode & 0o177 == 0
