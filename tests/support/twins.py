"""Two worlds that differ in one fact, and the pages of both as somebody who must not know it.

The village is played once. At a moment its database is copied twice, and in one copy the fact is made. Then both are
asked the same by the same client. What a page says follows from what it reads, the time, and chance: the time stands
still, and what chance gives is masked. So a page that reads none of the tables in which the copies differ is the same
page there, and is not asked for again.
"""

from __future__ import annotations

import re
import sqlite3
from collections.abc import Callable, Iterable, Iterator
from contextlib import closing
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from werkzeug.datastructures import MultiDict

from app.db import Database
from app.mailing.text import write
from app.models import THINGS, Job
from app.services.calls.calendar import renew_feed, token_of
from tests.support.matrix import Standing, client_as, places
from tests.support.played import Moment, Village
from tests.support.twin_copies import Copy, copied, tables_that_differ
from tests.support.twin_pages import Asked, difference, kind_of, offers_of, one_act_of_each, search, send

Viewer = str | None
ID = re.compile(rb"[a-z2-7]{26}")
TOKENS = re.compile(rb'(?<=name="csrf_token" value=")[^"]*|(?<=name="act_id" value=")[^"]*')
OF_THE_MOMENT = ("x-request-id", "set-cookie")
NEVER_SENT = ("sign-out", "sign-in", "password")  # would end who looks, or hash for long
WHO_ASKS = frozenset({"sign_in", "person", "office_holding"})
FORBIDDEN_AT_MOST = 3  # things that both worlds have, of each fact and viewer
POSTS_AT_MOST = 10
NEW_IDS = "SELECT id FROM main.{0} EXCEPT SELECT id FROM base.{0}"


@dataclass(frozen=True)
class Fact:
    """Something that is so in one world and not in the other, and who must not know it."""

    name: str
    moment: Moment
    viewers: tuple[Viewer, ...]
    make: Callable[[Village], object]
    word: str = ""  # what somebody who guesses would search for


@dataclass(frozen=True)
class Answer:
    """What came back, without what chance put in; what it was made from."""

    said: bytes
    read: frozenset[str]
    page: str


@dataclass
class Found:
    """What was compared, and what differs."""

    pairs: int = 0
    asked: int = 0
    facts: set[str] = field(default_factory=set)
    endpoints: set[str] = field(default_factory=set)
    differences: list[str] = field(default_factory=list)
    caught: dict[str, bool] = field(default_factory=dict)  # leaks put in on purpose
    planted: int = 0  # markers in hidden fields of an anonymous call
    told: set[str] = field(default_factory=set)  # hidden fields whose marker came out, by viewer


class Eyes:
    """The application, put before any copy; each viewer keeps one client, with its cookies."""

    def __init__(self, app: Flask, village: Village) -> None:
        self.app, self.village = app, village
        self.clients: dict[Viewer, FlaskClient] = {}
        self.calendars: dict[Viewer, str] = {}
        self._own: Database = app.extensions["database"]

    def enter(self, viewers: Iterable[Viewer]) -> None:
        """Sign viewers in at this moment; ahead of every copy, so that all of them know. Each gets a calendar once."""
        for viewer in viewers:
            self.clients[viewer] = client_as(self.app, self.village, viewer)
            if viewer is not None and viewer not in self.calendars:
                with self.village.stage.act(self.village.people[viewer]) as act, self.app.app_context():
                    self.calendars[viewer] = f"/calendar/{token_of(renew_feed(act))}.ics"

    def ask(self, copy: Copy, viewer: Viewer, asked: Asked) -> Answer:
        self.app.extensions["database"] = copy.database
        client = self.clients[viewer]
        token = self._token(client) if asked.method == "POST" else ""
        cookies = dict(client._cookies)  # type: ignore[attr-defined]
        copy.read.clear()
        if asked.method == "GET":
            answer = client.get(asked.address)
        else:
            answer = client.post(asked.address, data=MultiDict([*asked.fields, ("csrf_token", token)]))
        assert viewer is None or "/sign-in?" not in answer.headers.get("Location", ""), f"{viewer} is not signed in"
        request_id = answer.headers.get("X-Request-Id", "").encode() or b"-"
        page = answer.text if answer.mimetype == "text/html" else ""
        head = "\n".join(f"{n}: {v}" for n, v in sorted(answer.headers) if n.lower() not in OF_THE_MOMENT)
        said = f"{answer.status}\n{head}\n\n".encode() + TOKENS.sub(b"", answer.data)
        if asked.method == "POST":
            said = ID.sub(b"", said)  # of what the act would have made
        answer.close()
        client._cookies = cookies  # type: ignore[attr-defined]  # what a page says once is said in each world
        return Answer(said.replace(request_id, b""), frozenset(copy.read), page)

    def _token(self, client: FlaskClient) -> str:
        if not getattr(client, "token", ""):
            page = client.get("/sign-in").text  # the session's cookie comes with it and stays
            client.token = re.search(r'name="csrf_token" value="([^"]+)"', page)[1]  # type: ignore[attr-defined,index]
        return str(client.token)  # type: ignore[attr-defined]

    def close(self) -> None:
        self.app.extensions["database"] = self._own
        self._own.close()


class Twins:
    """The village from moment to moment: the world as it is, and what each viewer sees of it."""

    def __init__(self, eyes: Eyes, village: Village, folder: Path, found: Found) -> None:
        self.eyes, self.village, self.folder, self.found = eyes, village, folder, found
        self._answers: dict[tuple[Viewer, Asked], Answer] = {}
        self._made = 0
        self.look_again()

    def look_again(self) -> None:
        """Take the world as it is at this moment; a page that reads nothing but who asks is still the same."""
        self._made += 1
        self.base = copied(self.village, self.folder / f"as-it-is-{self._made}", 1000)
        self.base.forget_what_is_written()
        self.standing = Standing(self.base.village)
        self.there = [place for place in places(self.eyes.app, self.base.village) if "GET" in place.methods]
        self._answers = {key: answer for key, answer in self._answers.items() if answer.read <= WHO_ASKS}
        self._mails: dict[Viewer, tuple[list[str], frozenset[str]]] = {}
        self._pages: dict[Viewer, list[Asked]] = {}

    def compare(self, fact: Fact, *, only: str = "") -> None:
        """Make the fact in a copy, and look at both worlds as each viewer; `only` asks one endpoint, and anew."""
        self._made += 1
        other = copied(self.village, self.folder / f"with-{self._made}", 1000 + self._made)
        fact.make(other.village)
        other.forget_what_is_written()
        changed = tables_that_differ(self.base.path, other.path)
        assert changed, f"{fact.name}: nothing differs"
        new = self._only_in(other)
        for viewer in fact.viewers:
            self._compare_mails(fact, viewer, other, changed)
            wanted = (*(self.reached(viewer) if only else self._asked(fact, viewer)), *new)
            for asked in dict.fromkeys(wanted):
                if only in ("", asked.endpoint):
                    self._compare(fact, viewer, asked, other, changed)
        self.found.facts.add(fact.name)
        other.database.close()

    def catches(self, fact: Fact, only: str) -> bool:
        """Say whether a leak that was put into one endpoint, or into the mails, is seen."""
        kept = self.found, self._answers, self._mails
        self.found, self._answers, self._mails = Found(), {}, {}
        self.compare(fact, only=only)
        caught = bool(self.found.differences)
        self.found, self._answers, self._mails = kept
        return caught

    def _compare(self, fact: Fact, viewer: Viewer, asked: Asked, other: Copy, changed: frozenset[str]) -> None:
        answer = self.answer(viewer, asked)
        self.found.pairs += 1
        self.found.endpoints.add(asked.endpoint)
        if not answer.read & changed:
            return
        self.found.asked += 1
        twin = self.eyes.ask(other, viewer, asked)
        if twin.said != answer.said:
            where = f"{fact.name}: {viewer} {asked.method} {asked.address} {dict(asked.fields)}"
            self.found.differences.append(f"{where}\n{difference(answer.said, twin.said)}")

    def answer(self, viewer: Viewer, asked: Asked) -> Answer:
        """What the viewer sees in the world as it is; asked once."""
        if (viewer, asked) not in self._answers:
            self._answers[viewer, asked] = self.eyes.ask(self.base, viewer, asked)
        return self._answers[viewer, asked]

    def _asked(self, fact: Fact, viewer: Viewer) -> Iterator[Asked]:
        """Everything the viewer may reach, what these pages offer, and some of what the viewer may not reach."""
        pages = self.reached(viewer)
        yield from pages
        yield from self._offered(viewer, pages, fact.word)
        forbidden = [place for place in self.there if self.standing.granting(viewer, place) is None]
        step = max(1, len(forbidden) // FORBIDDEN_AT_MOST)
        start = len(self.found.facts) % step  # others for each fact
        yield from (Asked(p.address, endpoint=p.endpoint) for p in forbidden[start::step])

    def reached(self, viewer: Viewer) -> list[Asked]:
        if viewer not in self._pages:
            open_to = [place for place in self.there if self.standing.granting(viewer, place) is not None]
            self._pages[viewer] = [Asked(place.address, endpoint=place.endpoint) for place in one_act_of_each(open_to)]
            if viewer in self.eyes.calendars:
                self._pages[viewer].append(Asked(self.eyes.calendars[viewer], endpoint="calendar.feed"))
        return self._pages[viewer]

    def _offered(self, viewer: Viewer, pages: list[Asked], word: str) -> Iterator[Asked]:
        """Links with a query, such as orders and filters; forms that ask; some of those that act."""
        seen: set[tuple[Any, ...]] = set()
        acting = 0
        for page in pages:
            offers = offers_of(page.address, self.answer(viewer, page).page)
            for address in offers.links:
                if (kind := kind_of(address)) not in seen:
                    seen.add(kind)
                    yield Asked(address, endpoint="?")
            for address, method, fields in offers.forms:
                kind = kind_of(address, (name for name, _value, _of in fields))
                if kind in seen or any(text in address for text in NEVER_SENT):
                    continue
                seen.add(kind)
                if method == "GET":
                    yield search(address, fields, word)
                elif acting < POSTS_AT_MOST and not {"file", "password"} & {of for _name, _value, of in fields}:
                    acting += 1
                    yield send(address, fields)

    def _only_in(self, other: Copy) -> list[Asked]:
        """The pages of things that are not there at all in the world as it is."""
        found: list[Asked] = []
        with closing(sqlite3.connect(other.path)) as connection:
            connection.execute("ATTACH ? AS base", (str(self.base.path),))
            for noun, model in THINGS.items():
                rows = NEW_IDS.format(f'"{model.__tablename__}"')
                for (thing_id,) in connection.execute(rows).fetchall():
                    found += [
                        Asked(place.address.replace(place.thing_id, thing_id), endpoint=place.endpoint)
                        for place in self.there
                        if place.noun == noun and place.thing_id and place.endpoint.endswith(".show")
                    ]
        return found

    def _compare_mails(self, fact: Fact, viewer: Viewer, other: Copy, changed: frozenset[str]) -> None:
        """What waits to be mailed to the viewer: how many, when, and every word of them."""
        if viewer is None:
            return
        self.found.pairs += 1
        if viewer not in self._mails:
            self._mails[viewer] = self._mails_to(viewer, self.base)
        mails, read = self._mails[viewer]
        if read & changed and (twin := self._mails_to(viewer, other)[0]) != mails:
            said = difference("\n\n".join(mails).encode(), "\n\n".join(twin).encode())
            self.found.differences.append(f"{fact.name}: mails to {viewer}\n{said}")

    def _mails_to(self, viewer: str, copy: Copy) -> tuple[list[str], frozenset[str]]:
        copy.read.clear()
        settings, person_id = self.village.stage.house.settings, self.village.people[viewer]
        with copy.database.reading() as session:
            jobs = session.scalars(select(Job).where(Job.kind == "mail")).all()
            mine = [job for job in jobs if job.args.get("person") == person_id]
            letters = [(job.run_at, write(session, settings, job.args)) for job in mine]
        said = sorted(f"{at} {letter.to} {letter.subject}\n{letter.headers}\n{letter.body}" for at, letter in letters)
        return said, frozenset(copy.read)
