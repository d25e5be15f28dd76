"""A document or sheet of an office suite is a zip archive of XML: its entries are counted, never unpacked to disk."""

import io
import zipfile
from collections.abc import Mapping
from itertools import pairwise
from pathlib import PurePosixPath
from xml.parsers import expat

from app.inspection.finding import Finding
from app.inspection.slots import MEGA

_MOST_ENTRIES = 2000
_MOST_UNPACKED = 200 * MEGA  # bytes
_NESTED = {".zip", ".7z", ".rar", ".tar", ".gz", ".jar", ".docx", ".xlsx", ".pptx", ".docm", ".xlsm", ".bin", ".exe"}
_HARMLESS_BINARY = ("printersettings",)  # written by spreadsheet programs, data of the printer
LOCKED = 0x1
_LINK = 0o120000
_ARCHIVE = b"PK\x03\x04"
_OLD_OFFICE = b"\xd0\xcf\x11\xe0"  # how a document with a password begins


def judge_document(data: bytes) -> Mapping[str, int]:
    return _judge(data, "word/document.xml", "DOCX")


def judge_sheet(data: bytes) -> Mapping[str, int]:
    return _judge(data, "xl/workbook.xml", "XLSX")


def _judge(data: bytes, main_part: str, kind: str) -> Mapping[str, int]:
    if data.startswith(_OLD_OFFICE):
        raise Finding("file-is-locked")
    if not data.startswith(_ARCHIVE):  # an archive may stand behind anything; then the file is two in one
        raise Finding("file-not-what-it-says", kind=kind)
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            entries = archive.infolist()
            count(entries)
            names = {entry.filename for entry in entries}
            if main_part not in names or "[Content_Types].xml" not in names:
                raise Finding("file-not-what-it-says", kind=kind)
            for entry in entries:
                _look_at(archive, entry)
    except (zipfile.BadZipFile, expat.ExpatError, NotImplementedError, EOFError, OSError, ValueError) as fault:
        raise Finding("file-unreadable") from fault
    return {"pages": 0}


def count(entries: list[zipfile.ZipInfo]) -> None:
    """Judge an archive by what it says of itself, before anything of it is read: entries, sizes, names, places."""
    if len(entries) > _MOST_ENTRIES or sum(entry.file_size for entry in entries) > _MOST_UNPACKED:
        raise Finding("file-unpacks-too-large")
    if len({entry.filename for entry in entries}) != len(entries):
        raise Finding("file-unreadable")
    places = sorted((entry.header_offset, entry.header_offset + entry.compress_size) for entry in entries)
    if any(end > start for (_, end), (start, _) in pairwise(places)):
        raise Finding("file-unreadable")


def _look_at(archive: zipfile.ZipFile, entry: zipfile.ZipInfo) -> None:
    path = PurePosixPath(entry.filename)
    if path.is_absolute() or ".." in path.parts or "\\" in entry.filename or entry.external_attr >> 16 & _LINK == _LINK:
        raise Finding("file-unreadable")
    if entry.flag_bits & LOCKED:
        raise Finding("file-is-locked")
    suffix = path.suffix.lower()
    if path.name.lower().startswith(("vbaproject", "vbadata")):
        raise Finding("file-has-scripts")
    if suffix in _NESTED and not path.name.lower().startswith(_HARMLESS_BINARY):
        raise Finding("file-has-attachments")
    content = archive.read(entry)
    if suffix in {".xml", ".rels"}:
        _parse(content)
    if suffix == ".rels":
        _refuse_fetching(content)
    if path.name == "[Content_Types].xml" and b"macroEnabled" in content:
        raise Finding("file-has-scripts")


def _parse(content: bytes) -> None:
    """Read the XML through; a document type, and with it any entity, is refused at its first letter."""
    parser = expat.ParserCreate()
    parser.StartDoctypeDeclHandler = _refuse_doctype
    parser.Parse(content, True)


def _refuse_doctype(*_details: object) -> None:
    raise Finding("file-unreadable")


def _refuse_fetching(content: bytes) -> None:
    """A link waits for a click; a template, a picture or a frame from elsewhere is fetched when the file is opened."""
    parser = expat.ParserCreate()
    parser.StartElementHandler = _look_at_relation
    parser.Parse(content, True)


def _look_at_relation(_name: str, attributes: Mapping[str, str]) -> None:
    kind = attributes.get("Type", "").rpartition("/")[2]
    if attributes.get("TargetMode", "").lower() == "external" and kind != "hyperlink":
        raise Finding("file-fetches")
