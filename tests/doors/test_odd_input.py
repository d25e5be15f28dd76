"""Odd values in every form, every field of an address and every address: a clear answer, and never an error of ours.

Forms are those that people see: each page is opened by somebody who may, and each of its forms is sent with one field
odd. What such a request writes reaches the database and is not kept, so that the next one meets the same world.
"""

from __future__ import annotations

import io
import random
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from html.parser import HTMLParser
from pathlib import Path
from typing import Any
from urllib.parse import quote, urlsplit

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy.orm import Session, sessionmaker
from werkzeug.datastructures import MultiDict

from app.db import WRITES
from tests.support.matrix import PERSONAS, Place, Standing, app_of, client_as, places
from tests.support.played import Moment, Village, found, moments
from tests.support.sharing import copy_of

SEED = 20170308
AT = (Moment.DRAFT, Moment.SCORING)
HERE = Path(__file__).resolve().parents[2]
ODD = (
    "", " ", "\x00", "a\x00b", "\x1b[31m", "\u202egpj.exe", "\u2066x", "e\u0301\u0301", "\U0010ffff", "\ufeff", "²", "٣", "१२", "-1", "-0",
    "0", "1e999", "NaN", "Infinity", "1_000", "0x10", "9" * 19, "9" * 400, "99999999999999999999.99", "1,5", "1.250",
    "0001-01-01", "0001-01-01T00:00", "9999-12-31", "9999-12-31T23:59", "2027-02-30", "2027-03-28T02:30", "2027-W01-1", "null",
    "true", "[]", "{}", "[{}]", "[[1],[2]]", '{"a":', '{"a": {"b": NaN}}', "[" * 3000, '=HYPERLINK("x")', "<script>x</script>",
    "' OR 1=1 --", "%", "_%_", "a\r\nBcc: x@y.example", "../../etc/passwd", "//evil.example/", "\\\\evil.example", "javascript:x",
    "a@b", "@", "x@" + "a" * 300 + ".example", "{reason}", "{0.__class__}", "%(name)s", "%s%n", "aaaaaaaaaaaaaaaaaaaaaaaaaa", "A" * 70_000,
    "(" * 200, '"', "NEAR(a b)", "a AND", "*", "ß" * 300,
)  # fmt: skip
# Fields that no page shows as such: scripts fill them in, or views read them from the address.
READ = re.compile(r"""request\.(?:args|form|files)(?:\.get(?:list)?\(|\[)["'](\w+)["']""")
SKIPPED = ("site.sign_out",)
FORMS_AT_MOST = 220
PLACES_AT_MOST = 50


class Forgetting(Session):
    """Writes whatever it is told to, and keeps nothing."""

    def commit(self) -> None:
        self.flush()


@dataclass(frozen=True)
class Form:
    """A form as it stood on a page."""

    address: str
    method: str
    fields: tuple[tuple[str, str], ...]
    files: frozenset[str]
    persona: str | None

    @property
    def kind(self) -> tuple[Any, ...]:
        """Forms of one kind differ in ids and texts only."""
        path = re.sub(r"[a-z2-7]{26}", "…", urlsplit(self.address).path)
        return path, self.method, frozenset(re.sub(r"[a-z2-7]{26}|\d+", "…", name) for name, _ in self.fields)


class _Reader(HTMLParser):
    """Reads the forms of a page."""

    def __init__(self, address: str, persona: str | None) -> None:
        super().__init__()
        self.address, self.persona = address, persona
        self.forms: list[Form] = []
        self._open: dict[str, str | None] | None = None
        self._fields: list[tuple[str, str]] = []
        self._files: set[str] = set()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        if tag == "form":
            self._open, self._fields, self._files = given, [], set()
        elif self._open is not None and tag in ("input", "select", "textarea", "button") and given.get("name"):
            name = given["name"] or ""
            if given.get("type") == "file":
                self._files.add(name)
            else:
                self._fields.append((name, given.get("value") or ("1" if tag == "input" else "")))

    def handle_endtag(self, tag: str) -> None:
        if tag != "form" or self._open is None:
            return
        address = self._open.get("action") or self.address
        method = (self._open.get("method") or "get").upper()
        self.forms.append(Form(address, method, tuple(self._fields), frozenset(self._files), self.persona))
        self._open = None


@dataclass
class Sent:
    """What was sent and what came of it."""

    village: Village
    app: Flask
    chance: random.Random
    clients: dict[str | None, FlaskClient] = field(default_factory=dict)
    asked: int = 0
    kinds: set[tuple[Any, ...]] = field(default_factory=set)
    failed: list[str] = field(default_factory=list)

    def ask(self, method: str, address: str, persona: str | None, odd: str, **given: Any) -> None:
        self.asked += 1
        try:
            answer = self.clients[persona].open(address, method=method, **given)
            status, location = answer.status_code, answer.headers.get("Location", "")
        except Exception as error:  # noqa: BLE001 - whatever escapes would be a page that says nothing
            status, location = 500, repr(error)[:300]
        if status >= 500 or "evil.example" in urlsplit(location).netloc:
            self.failed.append(f"{persona} {method} {address[:120]} {odd[:120]} → {status} {location[:300]}")


def _forms(sent: Sent, there: list[Place]) -> list[Form]:
    """Open every page as the first who may, and take its forms: each kind once."""
    standing = Standing(sent.village)
    forms: list[Form] = []
    for place in there:
        able = [p for p in PERSONAS if standing.granting(p, place)]
        if "GET" not in place.methods or not able:
            continue
        for persona in dict.fromkeys((able[0], able[-1])):
            answer = sent.clients[persona].get(place.address)
            if answer.mimetype != "text/html":
                continue
            reader = _Reader(place.address, persona)
            reader.feed(answer.text)
            forms += reader.forms
    new = {form.kind: form for form in reversed(forms) if form.kind not in sent.kinds}
    sent.kinds |= set(new)
    return [form for form in new.values() if not urlsplit(form.address).path.endswith("/sign-out")]


def _send(sent: Sent, form: Form, name: str, odd: str) -> None:
    """Send the form with one field odd, or without it, or twice, or as a file."""
    fields = MultiDict(form.fields)
    if odd == "\x00" and sent.chance.random() < 0.3:
        fields.poplist(name)
    elif sent.chance.random() < 0.1:
        fields.add(name, odd)
    else:
        fields.setlist(name, [odd])
    if form.method == "GET":
        pairs = "&".join(f"{quote(n)}={quote(v)}" for n, v in fields.items(multi=True))
        sent.ask("GET", f"{urlsplit(form.address).path}?{pairs}", form.persona, "")
        return
    data: dict[str, Any] = fields.to_dict(flat=False)
    for file in form.files:
        data[file] = (io.BytesIO(odd.encode() * 2), (odd.replace("\x00", "")[:200] or "x") + ".csv")
    if name not in form.files and sent.chance.random() < 0.05:
        data[name] = (io.BytesIO(b"a file where a text belongs"), "x.txt")
    sent.ask("POST", form.address, form.persona, f"{name}={odd!r}", data=data)


def _odd_forms(sent: Sent, forms: list[Form]) -> None:
    chosen = [(form, name) for form in forms for name in sorted({n for n, _ in form.fields} | form.files)]
    chosen = [(form, name) for form, name in chosen if name != "csrf_token"]
    cases = [(form, name, sent.chance.choice(ODD)) for _ in range(4) for form, name in chosen]
    sent.chance.shuffle(cases)
    for form, name, odd in cases[:FORMS_AT_MOST]:
        _send(sent, form, name, odd)


def _odd_addresses(sent: Sent, there: list[Place], names: list[str]) -> None:
    """Every page with odd fields in its address, and with an odd part of its path."""
    standing = Standing(sent.village)
    sent.chance.shuffle(there)
    for place in [p for p in there if "GET" in p.methods][:PLACES_AT_MOST]:
        able = next((p for p in PERSONAS if standing.granting(p, place)), None)
        some = sent.chance.sample(names, 8)
        query = "&".join(f"{name}={quote(sent.chance.choice(ODD)[:500])}" for name in some)
        sent.ask("GET", f"{place.address}?{query}", able, "")
        parts = place.address.split("/")
        parts[sent.chance.randrange(1, len(parts))] = quote(sent.chance.choice(ODD)[:500], safe="") or "x"
        sent.ask("GET", "/".join(parts), able, "")


def _names_read() -> list[str]:
    texts = (path.read_text(encoding="utf-8") for path in (HERE / "app").rglob("*.py"))
    return sorted({name for text in texts for name in READ.findall(text)})


def _at(sent: Sent) -> None:
    sent.clients = {persona: client_as(sent.app, sent.village, persona) for persona in PERSONAS}
    there = [place for place in places(sent.app, sent.village) if place.endpoint not in SKIPPED]
    names = sorted(
        set(_names_read())
        | {
            "endpoint",
            "_external",
            "_scheme",
            "_anchor",
            "_method",
            "self",
            "sort",
            "country",
            "region",
            "kind",
            "order",
            "after",
            "before",
        }
    )
    _odd_forms(sent, _forms(sent, there))
    _odd_addresses(sent, there, names)


@pytest.fixture(scope="module")
def sent(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Sent]:
    folder = tmp_path_factory.mktemp("odd")
    database = copy_of(request.getfixturevalue("sqlite_template"), folder)
    village = found(database, folder)
    app = app_of(village)
    served = app.extensions["database"]
    writing = served.engine.execution_options(**{WRITES: True})
    served._writing = sessionmaker(writing, class_=Forgetting, expire_on_commit=False)
    done = Sent(village, app, random.Random(SEED))
    for moment in moments(village):
        if moment in AT:
            _at(done)
        if moment is AT[-1]:
            break
    yield done
    app.extensions["database"].close()
    database.close()


def test_whatever_is_sent_gets_an_answer_that_says_what_is_wrong(sent: Sent) -> None:
    assert sent.asked > 500
    assert len(sent.kinds) > 60
    assert "\n".join(sent.failed) == ""
