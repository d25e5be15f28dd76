"""backup: one consistent copy of database, files and key in a folder.

The database is copied first, the files after it: files are never changed and never removed, so every row of the copied
database finds its file. All backups of a folder share one pool of files, and only new ones are copied.
"""

from __future__ import annotations

import hashlib
import json
import os
import shutil
import sqlite3
import subprocess
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import click
from sqlalchemy.engine import URL, make_url

from app.commands.house import House, open_house
from app.schema import newest
from app.store import DamagedError, Store

STAMP = "last-backup"  # read by `escp doctor --production`
KEY = "secret-key"
PIECE = 1024 * 1024


class BackupError(Exception):
    """There is no whole backup; the sentence says why."""


@click.command()
@click.option(
    "--out",
    required=True,
    type=click.Path(file_okay=False, path_type=Path),
    help="Folder of all backups, outside the data folder.",
)
def backup(out: Path) -> None:
    """Copy database, files and key into a new folder under DIR; exit 1 if anything is missing or damaged."""
    house = open_house()
    try:
        made = make_backup(house, out.resolve(), house.now())
    except BackupError as error:
        raise click.ClickException(str(error)) from error
    click.echo(str(made))


def make_backup(house: House, out: Path, now: datetime) -> Path:
    """Make one backup and give its folder. Raises `BackupError`; what is half made keeps the name `.partial-…`."""
    if out.is_relative_to(house.settings.data):
        raise BackupError(f"{out} is inside the data folder: give a place that does not go with it")
    name = now.astimezone(UTC).strftime("%Y-%m-%dT%H%M%SZ")
    final, partial = out / name, out / f".partial-{name}"
    if final.exists() or partial.exists():
        raise BackupError(f"{final} is there already")
    out.mkdir(parents=True, exist_ok=True)
    partial.mkdir(mode=0o700)
    database = _copy_database(make_url(house.settings.database_url), partial)
    names = copy_files(house.store, out / "files")
    (partial / "files.txt").write_text("".join(f"{name}\n" for name in names), encoding="ascii")
    manifest = {
        "made_at": now.astimezone(UTC).isoformat(),
        "migration": newest(),
        "database": {"file": database.name, "sha256": _digest(database)},
        "files": len(names),
        "key": _copy_key(house.settings.data, partial),
    }
    _write(partial / "manifest.json", manifest)
    partial.rename(final)
    (house.settings.data / STAMP).write_text(f"{manifest['made_at']}\n", encoding="ascii")
    return final


# -- database ----------------------------------------------------------------------------------------------------------


def _copy_database(url: URL, folder: Path) -> Path:
    if url.get_backend_name() == "sqlite":
        return copy_sqlite(Path(url.database or ""), folder / "escp.sqlite3")
    return _dump_postgresql(url, folder / "database.dump")


def copy_sqlite(source: Path, target: Path) -> Path:
    """Copy a database while others write to it: the copy is what one reader sees at one moment."""
    with closing(sqlite3.connect(source)) as from_, closing(sqlite3.connect(target)) as to:
        from_.backup(to)
        answer = to.execute("PRAGMA integrity_check").fetchone()[0]
    if answer != "ok":
        raise BackupError(f"the copy of {source.name} is damaged: {answer}")
    target.chmod(0o600)
    return target


def _dump_postgresql(url: URL, target: Path) -> Path:
    program = shutil.which("pg_dump")
    if program is None:
        raise BackupError("pg_dump is not installed: install postgresql-client of the server's version, or newer")
    address = url.set(drivername="postgresql", password=None).render_as_string()
    command = [program, "--format=custom", "--no-owner", "--no-password", f"--file={target}", f"--dbname={address}"]
    # The password goes by the environment: arguments are read by every process of the machine.
    password = {"PGPASSWORD": str(url.password)} if url.password else {}
    done = subprocess.run(  # noqa: S603
        command, env={"PATH": "/usr/bin:/bin", **password}, capture_output=True, text=True, check=False
    )
    if done.returncode:
        raise BackupError(f"pg_dump failed: {done.stderr.strip()}")
    target.chmod(0o600)
    return target


# -- files and key -----------------------------------------------------------------------------------------------------


def copy_files(store: Store, pool: Path) -> list[str]:
    """Copy what the pool lacks, each checked against its digest; name all. A damaged one is told of at the end."""
    pool.mkdir(mode=0o700, exist_ok=True)
    names, damaged = [], []
    for digest in store.all():
        name = f"{digest[:2]}/{digest}"
        names.append(name)
        if (pool / name).exists():
            continue
        try:
            _keep(pool / name, store.get(digest))
        except DamagedError:
            damaged.append(digest)
    if damaged:
        raise BackupError(f"these stored files are damaged, run escp doctor: {', '.join(damaged)}")
    return names


def _keep(path: Path, data: bytes) -> None:
    path.parent.mkdir(mode=0o700, exist_ok=True)
    partial = path.with_suffix(".partial")
    with partial.open("wb") as file:
        file.write(data)
        file.flush()
        os.fsync(file.fileno())
    partial.rename(path)


def _copy_key(data: Path, folder: Path) -> str:
    """Copy the key of the data folder, if it is used: one given by the environment is kept by whoever gave it."""
    if not (data / KEY).exists():
        return "given by ESCP_SECRET_KEY: not part of this backup"
    shutil.copyfile(data / KEY, folder / KEY)
    (folder / KEY).chmod(0o600)
    return KEY


def _digest(path: Path) -> str:
    digest = hashlib.sha256()
    with path.open("rb") as file:
        while piece := file.read(PIECE):
            digest.update(piece)
    return digest.hexdigest()


def _write(path: Path, value: dict[str, Any]) -> None:
    path.write_text(json.dumps(value, indent=2) + "\n", encoding="utf-8")
