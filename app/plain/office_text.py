"""The text of an office document, to be searched: body, headers, notes, comments, drawings, links; cells of a sheet."""

import io
import re
import zipfile
from collections.abc import Iterator, Mapping
from xml.parsers import expat

from app.inspection.office import count

_FIRST = ("word/document.xml", "xl/sharedStrings.xml")
_NO_WORDS = re.compile(r"docProps/|\[Content_Types\]|(?:word|xl)/(?:styles|settings|webSettings|fontTable|theme/)")
_ENDS = frozenset({"p", "si", "c", "comment", "tr"})  # of a paragraph, a cell's text, a cell, a remark, a row
_SPACES = frozenset({"br", "tab", "cr"})
_LENGTH, _MOST = 20_000, 10_000_000  # characters of a part, and of all: what is longer is not called searched


def texts(data: bytes) -> list[str]:
    """Give its text in parts of about 20,000 characters that end where a paragraph does. ValueError where too long."""
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        entries = archive.infolist()
        count(entries)
        names = sorted((entry.filename for entry in entries), key=lambda name: (name not in _FIRST, name))
        lines = [line for name in names if not _NO_WORDS.match(name) for line in _lines(name, archive)]
    if sum(map(len, lines)) > _MOST:
        raise ValueError("the text is too long to be searched")
    return list(_parts(lines))


def _lines(name: str, archive: zipfile.ZipFile) -> Iterator[str]:
    if name.endswith(".xml"):
        yield from _Words().read(archive.read(name))
    elif name.endswith(".rels"):
        yield from _Links().read(archive.read(name))


def _parts(lines: list[str]) -> Iterator[str]:
    part = ""
    for line in lines:
        part += f"{line}\n"
        if len(part) >= _LENGTH:
            yield part
            part = ""
    if part or not lines:
        yield part


class _Reader:
    """Reads XML through; a document type, and with it any entity, is refused at its first letter."""

    def __init__(self) -> None:
        self.lines: list[str] = []
        self.parser = expat.ParserCreate()
        self.parser.StartDoctypeDeclHandler = _refuse_doctype

    def read(self, content: bytes) -> list[str]:
        self.parser.Parse(content, True)
        return self.lines


class _Words(_Reader):
    def __init__(self) -> None:
        super().__init__()
        self._line: list[str] = []
        self.parser.CharacterDataHandler = self._line.append
        self.parser.EndElementHandler = self._end

    def read(self, content: bytes) -> list[str]:
        super().read(content)
        self._break()
        return self.lines

    def _end(self, name: str) -> None:
        local = name.rpartition(":")[2]
        if local in _ENDS:
            self._break()
        elif local in _SPACES:
            self._line.append(" ")

    def _break(self) -> None:
        line = "".join(self._line).strip()
        self._line.clear()
        if line:
            self.lines.append(line)


class _Links(_Reader):
    """Where links lead: the address stands there even where the text says something else."""

    def __init__(self) -> None:
        super().__init__()
        self.parser.StartElementHandler = self._start

    def _start(self, _name: str, attributes: Mapping[str, str]) -> None:
        if attributes.get("TargetMode", "").lower() == "external":
            self.lines.append(attributes.get("Target", ""))


def _refuse_doctype(*_details: object) -> None:
    raise ValueError("a document type")
