"""Forms as a browser sees them, and where a text is to be found: for whoever counts what was lost."""

from __future__ import annotations

import json
import re
import sqlite3
import unicodedata
from contextlib import closing
from dataclasses import dataclass, field
from html.parser import HTMLParser
from pathlib import Path
from urllib.parse import urlsplit

Fields = dict[str, list[str]]
# What a database keeps of requests and of acts is not where a person finds a text again.
NOT_A_PLACE = frozenset({"event", "job", "alembic_version"})


@dataclass
class Sheet:
    """One form of a page: where it goes, and what it would send as it stands."""

    action: str
    fields: Fields = field(default_factory=dict)


class _Reader(HTMLParser):
    def __init__(self, address: str) -> None:
        super().__init__(convert_charrefs=True)
        self.address, self.sheets = address, list[Sheet]()
        self._open: Sheet | None = None
        self._area: str | None = None
        self._select: str | None = None
        self._options: list[tuple[str, bool]] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        name, value = given.get("name") or "", given.get("value") or ""
        if tag == "form" and (given.get("method") or "").lower() == "post":
            self._open = Sheet(given.get("action") or self.address)
            self.sheets.append(self._open)
        elif tag == "input" and name and self._is_sent(given):
            self._add(name, value)
        elif tag == "textarea" and name:
            self._area = name
            self._add(name, "")
        elif tag == "select":
            self._select, self._options = name, []
        elif tag == "option" and self._select:
            self._options.append((value, "selected" in given))

    @staticmethod
    def _is_sent(given: dict[str, str | None]) -> bool:
        kind = given.get("type") or "text"
        if kind in ("radio", "checkbox"):
            return "checked" in given
        return kind not in ("file", "submit", "button", "image", "reset")

    def handle_data(self, data: str) -> None:
        if self._area and self._open:
            self._open.fields[self._area][-1] += data

    def handle_endtag(self, tag: str) -> None:
        if tag == "form":
            self._open = None
        elif tag == "textarea":
            self._area = None
        elif tag == "select" and self._select:
            chosen = [value for value, selected in self._options if selected] or [v for v, _ in self._options[:1]]
            for value in chosen:
                self._add(self._select, value)
            self._select = None

    def _add(self, name: str, value: str) -> None:
        if self._open is not None:
            self._open.fields.setdefault(name, []).append(value)


def sheets_of(page: str, address: str = "") -> list[Sheet]:
    """Give every POST form of a page with what a browser would send."""
    reader = _Reader(address)
    reader.feed(page)
    return reader.sheets


def sheet_for(page: str, action: str) -> Sheet:
    """Give the form that goes to an address and has the most to fill in."""
    path = urlsplit(action).path
    found = [sheet for sheet in sheets_of(page, path) if urlsplit(sheet.action).path == path]
    assert found, f"no form for {action}"
    return max(found, key=lambda sheet: len(sheet.fields))


def plain(text: str) -> str:
    """A text as it is compared: NFC, one kind of newline."""
    return unicodedata.normalize("NFC", text.replace("\r\n", "\n").replace("\r", "\n"))


class _Words(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.found: list[str] = []

    def handle_starttag(self, _tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.found += [value for name, value in attrs if name == "value" and value]

    def handle_data(self, data: str) -> None:
        self.found.append(data)


def is_on(page: str, text: str) -> bool:
    """Is the whole text on the page: in a field, shown or hidden, or in words?"""
    reader = _Words()
    reader.feed(page)
    return any(plain(text) in plain(one) for one in reader.found)


def is_stored(path: Path, text: str) -> bool:
    """Is the whole text in the database, in whatever table it belongs to?"""
    wanted = plain(text)
    escaped = [json.dumps(wanted)[1:-1], json.dumps(wanted, ensure_ascii=False)[1:-1]]
    with closing(sqlite3.connect(path)) as connection:
        names = [name for (name,) in connection.execute("SELECT name FROM sqlite_master WHERE type = 'table'")]
        rows = (
            row
            for name in names
            if name not in NOT_A_PLACE and not re.search(r"_(data|idx|content|docsize|config)$", name)
            for row in connection.execute(f'SELECT * FROM "{name}"')  # noqa: S608 - names of our own tables
        )
        return any(one in cell for row in rows for cell in row if isinstance(cell, str) for one in [wanted, *escaped])


def lost(path: Path, text: str, *pages: str) -> int:
    """Count the characters of a text that are neither stored nor on any of the pages somebody has before them."""
    there = any(is_on(page, text) for page in pages) or is_stored(path, text)
    return 0 if there else len(text)
