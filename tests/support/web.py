"""The real application on a test's database, with clients that are signed in as somebody."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from app import create_app
from app.chance import Seeded
from app.db import Database
from app.documents.pictures import Pictures
from app.keys import use_key
from app.models import Job, MailedLink, Person
from app.services.accounts.mailed_link import token_of
from app.services.accounts.sign_in import start_sign_in
from app.shared_limits import limiter_of
from app.store import Store
from config import Settings
from tests.support.sharing import share_statements
from tests.support.world import World

KEY = b"a key for tests alone, of more than 32 characters"


def settings_of(world: World, **changes: Any) -> Settings:
    given: dict[str, Any] = {
        "data": world.folder, "database_url": world.database.url, "storage_url": f"file://{world.folder / 'files'}",
        "address": "http://localhost", "secret_key": KEY, "second_factor_required": False, "expensive_passwords": False,
    }  # fmt: skip
    return Settings(**(given | changes))


@dataclass
class Browser:
    """A client that fills in forms as people do: it takes the hidden fields of the page it saw."""

    client: FlaskClient
    page: TestResponse | None = None
    hidden: dict[str, str] = field(default_factory=dict)

    def get(self, address: str, **options: Any) -> TestResponse:
        self.page = self.client.get(address, **options)
        return self.page

    def post(
        self, address: str, data: dict[str, Any] | None = None, *, follow: bool = False, **options: Any
    ) -> TestResponse:
        """Post with a fresh CSRF token."""
        sent = {"csrf_token": self.token()} | (data or {})
        self.page = self.client.post(address, data=sent, follow_redirects=follow, **options)
        return self.page

    def token(self) -> str:
        page = self.client.get("/sign-in").text
        found = re.search(r'name="csrf_token" value="([^"]+)"', page)
        assert found is not None
        return found[1]


@dataclass
class Web:
    """The application and its clients."""

    app: Flask
    world: World

    def visitor(self) -> Browser:
        return Browser(self.app.test_client())

    def client_of(self, person: Person) -> Browser:
        """A browser signed in as the person."""
        with self.world.act(person) as act:
            token = start_sign_in(act, act.session.get_one(Person, person.id))
        browser = self.visitor()
        browser.client.set_cookie("sign-in", token)
        return browser

    def mails(self, template: str | None = None, *, to: str | None = None) -> list[Job]:
        """What waits in the outbox to be mailed, oldest first; mails of one moment stand in no order."""
        with self.world.look() as act:
            jobs = act.session.query(Job).filter(Job.kind == "mail").order_by(Job.enqueued_at, Job.id).all()
        wanted = [job for job in jobs if template is None or job.args["template"] == template]
        return [job for job in wanted if to is None or job.args["address"] == to]

    def address_in(self, job: Job) -> str:
        """The address a mail's link leads to, made as the worker makes it."""
        with self.world.look() as act:
            link = act.session.get_one(MailedLink, job.args["link"])
            return f"/open/{link.purpose}/{token_of(KEY, link)}"


def new_app(settings: Settings, clock: Callable[[], datetime]) -> Flask:
    """Make an application whose database knows what was compiled for others."""
    app = create_app(settings, clock=clock)
    share_statements(app.extensions["database"])
    return app


@contextmanager
def serving(world: World, **changes: Any) -> Iterator[Web]:
    """The application with some settings changed; its connections are closed at the end."""
    app = new_app(settings_of(world, **changes), lambda: world.now)
    try:
        yield Web(app, world)
    finally:
        app.extensions["database"].close()


def an_app(folder: Path) -> Flask:
    """Make an application to be put on a world."""
    world = World(Database(f"sqlite:///{folder / 'none.sqlite3'}"), Seeded(1), folder)
    return new_app(settings_of(world), lambda: world.now)


@pytest.fixture(scope="session")
def made_once(tmp_path_factory: pytest.TempPathFactory) -> Flask:
    """One application for a worker's tests: making it and compiling its templates takes longer than most tests do."""
    return an_app(tmp_path_factory.mktemp("made-once"))


def put_on(app: Flask, world: World) -> Web:
    """Let the application serve this world; whatever it keeps beside its routes and templates is new."""
    settings = settings_of(world)
    app.extensions.update(
        settings=settings, clock=lambda: world.now, database=world.database, store=Store.from_url(settings.storage_url),
        pictures=Pictures(settings.data / "pictures"), limiter=limiter_of(settings, world.database),
    )  # fmt: skip
    use_key(settings.secret_key)  # an application of another test may have set its own
    return Web(app, world)


@pytest.fixture
def web(world: World, made_once: Flask) -> Web:
    return put_on(made_once, world)
