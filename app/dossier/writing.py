"""Writes a dossier: tables with what is sealed, files, the story, the script, the manifest; one ZIP."""

from __future__ import annotations

import hashlib
import hmac
import io
import json
import zipfile
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from sqlalchemy.orm import Session

from app.dossier.auditors_part import auditors_part
from app.dossier.gathering import Gathered, gather
from app.dossier.levels import Cut, cut_of, salted
from app.dossier.replaying.chain import leaf_of, root_of, sealed_digest, table_digest
from app.dossier.replaying.reading import DIGESTS, MANIFEST, ZIP_DATE, digests_of, parts_of
from app.dossier.story import story
from app.models import Dossier, Level
from app.services.record import plain
from app.store import DamagedError, Store

HERE = Path(__file__).resolve().parent
FORMAT = 1
READABLE_FILES = frozenset({"usable", "replaced"})
_SALT = 32  # hexadecimal digits


@dataclass(frozen=True)
class Written:
    """A dossier as bytes, and what is kept of it so that a rewrite is found."""

    data: bytes
    manifest_sha256: str
    root: str
    persons: tuple[str, ...]  # ids of whom it names


@dataclass
class _Tables:
    files: dict[str, bytes]
    said: dict[str, dict[str, Any]]
    told: Gathered  # rows as this level tells them, for the story and the files


def write(session: Session, dossier: Dossier, store: Store) -> Written:
    """Gather, seal what the level keeps back, and write the ZIP. The same rows give the same bytes."""
    found = gather(session, dossier)
    tables = _tables(found, cut_of(dossier.kind, found), dossier.seed)
    files = tables.files | _papers(tables.told, store) | _script()
    if dossier.kind is Level.AUDITOR:
        files["audit.json"] = auditors_part(session, dossier)
    subject = _subject(dossier, found)
    files["index.html"] = story(dossier, subject, tables.told, sorted(files)).encode()
    root = root_of({name: said["digest"] for name, said in tables.said.items()})
    head = {
        "format": FORMAT,
        "dossier": dossier.id,
        "subject": subject,
        "level": dossier.kind.value,
        "wanted_at": plain(dossier.wanted_at),
        "root": root,
    }
    manifest = _manifest(head, tables.said, files)
    digests = digests_of(manifest).encode()
    persons = tuple(str(row["id"]) for row in tables.told.rows.get("person", ()) if "name" in row)
    data = _zip({**files, MANIFEST: manifest, DIGESTS: digests})
    return Written(data, hashlib.sha256(manifest).hexdigest(), root, persons)


def _subject(dossier: Dossier, found: Gathered) -> dict[str, str]:
    call = found.rows["call"][0]
    if dossier.application_id is None:
        return {"noun": "call", "id": dossier.call_id, "name": str(call["title"]), "call": str(call["code"])}
    number = str(found.rows["application"][0]["number"])
    return {"noun": "application", "id": dossier.application_id, "name": f"Application {number}", "call": call["code"]}


def _tables(found: Gathered, cut: Cut, seed: bytes) -> _Tables:
    made = _Tables({}, {}, Gathered())
    for name in sorted(found.rows):
        rows = [_salted(name, row, seed) for row in found.rows[name]]
        leaves = [leaf_of(name, row) for row in rows]
        withheld = cut.withholds_table(name)
        made.said[name] = {"digest": table_digest(leaves), "withheld": withheld}
        if withheld:
            continue
        pairs = list(zip(found.rows[name], rows, leaves, strict=True))
        shown = [_cut(name, original, row, leaf, cut) for original, row, leaf in pairs]
        made.files[f"data/{name}.json"] = _lines(shown)
        made.told.rows[name] = [_unsalted(row) for row in shown if "withheld" not in row]
    return made


def _salted(table: str, row: Mapping[str, Any], seed: bytes) -> dict[str, Any]:
    """Put a salt beside each value that some level keeps back."""
    return {
        column: {"salt": _salt(seed, table, row["id"], column), "value": value} if column in salted(table) else value
        for column, value in row.items()
    }


def _salt(seed: bytes, table: str, row_id: str, column: str) -> str:
    return hmac.new(seed, f"{table}|{row_id}|{column}".encode(), hashlib.sha256).hexdigest()[:_SALT]


def _cut(table: str, original: Mapping[str, Any], row: dict[str, Any], leaf: str, cut: Cut) -> dict[str, Any]:
    if cut.withholds_row(table, original):
        return {"withheld": leaf}
    return {
        column: {"sealed": sealed_digest(value["salt"], table, row["id"], column, value["value"])}
        if column in salted(table) and cut.seals(table, column, original)
        else value
        for column, value in row.items()
    }


def _unsalted(row: Mapping[str, Any]) -> dict[str, Any]:
    """Give a row as it is read: a sealed value is not there."""
    told = {}
    for column, value in row.items():
        if isinstance(value, dict) and set(value) == {"salt", "value"}:
            told[column] = value["value"]
        elif not (isinstance(value, dict) and set(value) == {"sealed"}):
            told[column] = value
    return told


def _lines(rows: list[dict[str, Any]]) -> bytes:
    """Write one row on one line, so that a difference has a line."""
    text = ",\n".join(json.dumps(row, ensure_ascii=False, sort_keys=True) for row in rows)
    return f"[\n{text}\n]\n".encode()


def _papers(told: Gathered, store: Store) -> dict[str, bytes]:
    """Give the uploaded files and the documents of the rows that this level tells."""
    files: dict[str, bytes] = {}
    for row in told.rows.get("file", ()):
        if row["state"] in READABLE_FILES:
            ending = Path(row["name"]).suffix.lower()
            _put(files, f"files/{row['sha256']}{ending if ending.isascii() else ''}", row["sha256"], store)
    for row in told.rows.get("document", ()):
        if row["issued_sha256"]:
            _put(files, f"documents/{row['kind']}-{row['id']}.pdf", row["issued_sha256"], store)
    for row in told.rows.get("filed_copy", ()):
        _put(files, f"documents/signed-{row['document_id']}-{row['number']}.pdf", row["sha256"], store)
    return files


def _put(files: dict[str, bytes], path: str, digest: str, store: Store) -> None:
    try:
        files[path] = store.get(digest)
    except (FileNotFoundError, DamagedError):
        files[f"{path}.missing.txt"] = f"The store has no true file {digest}.\n".encode()


def _script() -> dict[str, bytes]:
    parts = {f"replaying/{path.name}": path.read_bytes() for path in sorted((HERE / "replaying").glob("*.py"))}
    return {"replay.py": (HERE / "replay.py").read_bytes(), **parts}


def _manifest(head: Mapping[str, Any], said: Mapping[str, Any], files: Mapping[str, bytes]) -> bytes:
    """Write one line for each file and table."""
    lines = [f"{json.dumps(key)}: {json.dumps(value, ensure_ascii=False)}" for key, value in head.items()]
    tables = [f"  {json.dumps(name)}: {json.dumps(said[name])}" for name in sorted(said)]
    listed = [
        f"  {json.dumps(path)}: "
        + json.dumps({"sha256": hashlib.sha256(data).hexdigest(), "size": len(data), "parts": parts_of(path, data)})
        for path, data in sorted(files.items())
    ]
    blocks = [('"tables": {', tables), ('"files": {', listed)]
    body = ",\n".join([*lines, *(f"{name}\n" + ",\n".join(inside) + "\n}" for name, inside in blocks)])
    return f"{{\n{body}\n}}\n".encode()


def _zip(files: Mapping[str, bytes]) -> bytes:
    """Pack in the order of names, each entry dated alike."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        for path in sorted(files):
            entry = zipfile.ZipInfo(path, ZIP_DATE)
            entry.external_attr = 0o644 << 16
            entry.compress_type = zipfile.ZIP_DEFLATED
            archive.writestr(entry, files[path])
    return buffer.getvalue()
