"""A dossier as it lies in a folder or a ZIP: its files, its manifest, its tables."""

from __future__ import annotations

import hashlib
import json
import math
import zipfile
from pathlib import Path
from typing import Any, NoReturn

MANIFEST, DIGESTS = "manifest.json", "manifest.sha256"
BLOCK = 4096  # bytes, of files that have no lines
WITH_LINES = (".json", ".html", ".py", ".txt")
SHORT = 12  # digits of the digest of a part: it only tells where to look
ZIP_DATE = (1980, 1, 1, 0, 0, 0)


class DifferenceError(Exception):
    """The first thing that is not what was recorded, with its place."""

    def __init__(self, place: str, what: str) -> None:
        super().__init__(f"{place}: {what}")
        self.place, self.what = place, what


class Sealed:
    """A value that this dossier keeps back. Its digest stands in its place."""

    def __init__(self, digest: str) -> None:
        self.digest = digest


class Row(dict[str, Any]):
    """One row of a table, and where it stands."""

    place = ""

    def known(self, *columns: str) -> bool:
        """Whether the dossier tells these columns."""
        return not any(isinstance(self.get(column), Sealed) for column in columns)


class Dossier:
    """The files of a dossier. The same class whether they lie in a folder or in a ZIP."""

    def __init__(self, files: dict[str, bytes]) -> None:
        self.files = files
        self.manifest: dict[str, Any] = {}
        self.raw: dict[str, list[Any]] = {}
        self.tables: dict[str, list[Row]] = {}

    def rows(self, table: str) -> list[Row]:
        return self.tables.get(table, [])

    def one(self, table: str, row_id: Any) -> Row | None:  # noqa: ANN401
        return next((row for row in self.rows(table) if row.get("id") == row_id), None)


def differs(place: str, what: str) -> NoReturn:
    raise DifferenceError(place, what)


def sha256(data: bytes | str) -> str:
    return hashlib.sha256(data.encode("utf-8") if isinstance(data, str) else data).hexdigest()


def canonical(value: Any) -> str:  # noqa: ANN401
    """Write JSON in the one form that has one digest (RFC 8785)."""
    if isinstance(value, dict):
        keys = sorted(value, key=lambda key: key.encode("utf-16-be"))
        return "{" + ",".join(f"{json.dumps(k, ensure_ascii=False)}:{canonical(value[k])}" for k in keys) + "}"
    if isinstance(value, list):
        return "[" + ",".join(canonical(item) for item in value) + "]"
    if isinstance(value, float):
        return _number(value)
    return json.dumps(value, ensure_ascii=False)


def _number(value: float) -> str:
    """Write a number as RFC 8785 wants it, which is how JavaScript does."""
    if not math.isfinite(value):
        raise ValueError("no such number in JSON")
    if value == int(value) and abs(value) < 1e21:  # noqa: PLR2004
        return str(int(value))
    digits, _e, power = repr(value).partition("e")
    size = int(power or 0)
    if size < 0 and abs(value) >= 1e-6:  # noqa: PLR2004
        return f"{value:.{len(digits.replace('.', '').lstrip('-')) - size - 1}f}"
    return f"{digits.removesuffix('.0')}e{size:+d}" if power else digits


def parts_of(path: str, data: bytes) -> list[str]:
    """Give the short digest of each line, or of each block where a file has no lines."""
    if path.endswith(WITH_LINES):
        pieces = data.splitlines(keepends=True)
    else:
        pieces = [data[start : start + BLOCK] for start in range(0, len(data), BLOCK)]
    return [sha256(piece)[:SHORT] for piece in pieces]


def read(path: Path) -> Dossier:
    """Read all files of a dossier. DifferenceError where a ZIP is damaged."""
    if path.is_dir():
        inside = sorted(one for one in path.rglob("*") if one.is_file() and "__pycache__" not in one.parts)
        return Dossier({one.relative_to(path).as_posix(): one.read_bytes() for one in inside})
    try:
        return Dossier(_unzipped(path))
    except (zipfile.BadZipFile, ValueError, NotImplementedError, EOFError, OSError) as error:
        differs(path.name, f"the ZIP is damaged: {error}")


def _unzipped(path: Path) -> dict[str, bytes]:
    found: dict[str, bytes] = {}
    with zipfile.ZipFile(path) as archive:
        for entry in archive.infolist():
            if entry.date_time != ZIP_DATE or entry.extra or entry.comment or entry.filename in found:
                differs(f"{path.name}, {entry.filename}", "the entry of the ZIP was changed")
            try:
                found[entry.filename] = archive.read(entry)
            except Exception as error:  # noqa: BLE001 - whatever a damaged stream makes of itself
                differs(f"{path.name}, {entry.filename}", f"can't be read: {error}")
        if archive.comment:
            differs(path.name, "the ZIP has a comment")
    return found


def check_files(dossier: Dossier) -> str:
    """Compare every file with the manifest and the manifest with its digests; give the digest of the manifest."""
    digest = _check_manifest(dossier)
    dossier.manifest = json.loads(dossier.files[MANIFEST])
    listed = dossier.manifest["files"]
    for path, entry in listed.items():
        if path not in dossier.files:
            differs(path, "the file is missing")
        _check_file(path, dossier.files[path], entry["sha256"], entry["parts"])
    for path in sorted(set(dossier.files) - set(listed) - {MANIFEST, DIGESTS}):
        differs(path, "the manifest knows no such file")
    return digest


def _check_manifest(dossier: Dossier) -> str:
    for name in (MANIFEST, DIGESTS):
        if name not in dossier.files:
            differs(name, "the file is missing")
    lines = dossier.files[DIGESTS].decode("utf-8", "replace").split("\n")
    if len(lines) != 4 or lines[3] or sha256("\n".join(lines[:2])) != lines[2]:  # noqa: PLR2004
        for number, line in enumerate(lines[:2], start=1):  # whichever line still fits the manifest is not the one
            if line != digests_of(dossier.files[MANIFEST]).split("\n")[number - 1]:
                differs(f"{DIGESTS}, line {number}", "is not what was written")
        differs(f"{DIGESTS}, line 3", "is not what was written")
    _check_file(MANIFEST, dossier.files[MANIFEST], lines[0].partition(" ")[0], lines[1].split())
    return lines[0].partition(" ")[0]


def digests_of(manifest: bytes) -> str:
    """Give what stands beside a manifest: its digest, the short ones of its lines, and the digest of both lines."""
    lines = f"{sha256(manifest)}  {MANIFEST}\n{' '.join(parts_of(MANIFEST, manifest))}"
    return f"{lines}\n{sha256(lines)}\n"


def _check_file(path: str, data: bytes, digest: str, parts: list[str]) -> None:
    if sha256(data) == digest:
        return
    unit = "line" if path.endswith(WITH_LINES) else f"block of {BLOCK} bytes"
    found = parts_of(path, data)
    for number, part in enumerate(parts, start=1):
        if number > len(found):
            differs(f"{path}, after {unit} {len(found)}", "the rest is missing")
        if found[number - 1] != part:
            differs(f"{path}, {unit} {number}", "is not what was written")
    differs(f"{path}, after {unit} {len(parts)}", "something was added")


def read_tables(dossier: Dossier) -> None:
    """Read the tables, and tell apart what is told and what is sealed."""
    for path in sorted(dossier.files):
        if not (path.startswith("data/") and path.endswith(".json")):
            continue
        name = path[len("data/") : -len(".json")]
        dossier.raw[name] = json.loads(dossier.files[path])
        dossier.tables[name] = []
        for number, given in enumerate(dossier.raw[name], start=2):
            row = Row({column: _told(value) for column, value in given.items()})
            row.place = f"{path}, line {number}"
            if "withheld" not in given:
                dossier.tables[name].append(row)


def _told(value: Any) -> Any:  # noqa: ANN401
    if isinstance(value, dict) and set(value) == {"sealed"}:
        return Sealed(value["sealed"])
    if isinstance(value, dict) and set(value) == {"salt", "value"}:
        return value["value"]
    return value
