"""The service on a loopback port, and people who use it with a browser: they follow links, fill in fields, read mail."""

from __future__ import annotations

import email
import email.policy
import os
import re
import shutil
import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
import waitress
from flask import Flask
from playwright.sync_api import Browser, BrowserContext, Page, Response, sync_playwright
from sqlalchemy import select

from app.chance import Secret
from app.commands.house import House
from app.db import Database
from app.doctor import examine
from app.documents.renderer import Renderer
from app.models import OfficeHolding, Person
from app.passwords import Passwords
from app.rehearsal.stage import Clock
from app.store import Store
from app.ticking import tick
from app.worker import make_worker
from config import rehearsal_settings
from tests.support.web import new_app
from tests.support.world import World
from workflows.relations import Relation as R

ROOT = Path(__file__).resolve().parents[2]
AXE = ROOT / "node_modules" / "axe-core" / "axe.min.js"
CHROMIUM = "chromium-headless-shell"  # Debian's, without the parts of a desktop: half the processor's time
# The last such flag counts: what Playwright switches off itself, and what costs time that no page of ours is the better for:
# a renderer kept ready for a page that never comes, and pages kept for going back.
SWITCHED_OFF = (
    "AvoidUnnecessaryBeforeUnloadCheckSync", "DestroyProfileOnBrowserClose", "HttpsUpgrades", "PaintHolding",
    "HttpsFirstBalancedModeAutoEnable", "LensOverlay", "MediaRouter", "ThirdPartyStoragePartitioning",
    "AvoidCorsURLLoaderRestartOnRedirect", "OptimizationHints", "NetworkTimeServiceQuerying", "AimEnabled",
    "PreconnectToSearch", "SpareRendererForSitePerProcess", "BackForwardCache",
)  # fmt: skip
FLAGS = [
    "--no-sandbox", "--disable-gpu", "--disable-background-networking", "--disable-component-update", "--disable-sync",
    "--renderer-process-limit=1", f"--disable-features={','.join(SWITCHED_OFF)}",
]  # fmt: skip
_WORKER = int(os.environ.get("PYTEST_XDIST_WORKER", "gw0").removeprefix("gw"))
PORTS = range(
    8130 + 10 * _WORKER, 8140 + 10 * _WORKER
)  # each worker has its own: none takes what another just found free
PASSWORD = "several words are easier"
PASSWORD_HASH = Passwords(expensive=False).hash(PASSWORD)
# Sent to a browser once, not with each page; run on the pages that are looked at.
CHECKER = (
    f"window.loadAxe = () => {{ {AXE.read_text(encoding='utf-8')}\nreturn window.axe; }};" if AXE.is_file() else ""
)
RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
ID = re.compile(r"/[a-z2-7]{26}(?=/|$)|\d+")


def free_port() -> int:
    for port in PORTS:
        with socket.socket() as probe:
            if probe.connect_ex(("127.0.0.1", port)):
                return port
    raise OSError("no port of this test is free")


@dataclass
class Site:
    """The running service, its clock in the test's hand."""

    house: House
    clock: Clock
    renderer: Renderer
    world: World

    @property
    def address(self) -> str:
        return self.house.settings.address

    def settle(self) -> None:
        """Do what worker and clock would have done by now."""
        tick(self.house.database, self.clock.now, Secret())
        make_worker(
            self.house.database, self.house.store, self.house.settings, self.renderer, clock=self.clock, chance=Secret
        ).run_until_idle()

    def at(self, moment: datetime) -> None:
        self.clock.move_to(moment)
        self.world.now = self.clock.now
        self.settle()

    def office(self, name: str, address: str, *offices: R) -> Person:
        """An account of the office, as the command `escp user add` makes it."""
        person = self.world.person(name, address, *offices)
        with self.world.act() as act:
            act.session.get_one(Person, person.id).password_hash = PASSWORD_HASH
            for holding in act.session.scalars(select(OfficeHolding).where(OfficeHolding.person_id == person.id)):
                holding.since = datetime(2026, 1, 1, tzinfo=UTC)
        return person

    def mail_to(self, address: str, about: str) -> str:
        """Read the newest mail to an address whose subject has these words."""
        self.settle()
        found = []
        for path in (self.house.settings.data / "mail").glob("*.eml"):
            message = email.message_from_bytes(path.read_bytes(), policy=email.policy.default)
            if address in str(message["To"]) and about.casefold() in str(message["Subject"]).casefold():
                found.append((email.utils.parsedate_to_datetime(str(message["Date"])), path.stat().st_mtime, message))
        assert found, f"no mail about “{about}” to {address}"
        body: str = max(found, key=lambda one: one[:2])[2].get_content()
        return body

    def link_in_mail(self, address: str, about: str) -> str:
        link = re.search(r"https?://\S+", self.mail_to(address, about))
        assert link is not None
        return link[0]

    def complaints(self) -> list[str]:
        """What doctor finds."""
        with self.house.database.reading() as session:
            return [str(finding) for finding in examine(session, self.house.store, self.clock.now)]


@contextmanager
def served(app: Flask, browser: Browser, port: int = 0) -> Iterator[str]:
    """Serve in a thread of this process; gives the address. Whatever the browser has open is closed before the server."""
    server = waitress.create_server(app, host="127.0.0.1", port=port, threads=4, connection_limit=900)
    thread = threading.Thread(target=server.run, daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.effective_port}"
    finally:
        for context in browser.contexts:  # a connection that is kept open would keep the server waiting
            context.close()
        server.task_dispatcher.shutdown(timeout=10)  # a page may be saving still
        server.trigger.pull_trigger(server.close)  # by the thread that waits on the sockets
        thread.join(timeout=10)
        app.extensions["database"].close()


@contextmanager
def running(database: Database, folder: Path, browser: Browser) -> Iterator[Site]:
    """Serve on a migrated database, with a clock to turn."""
    port = free_port()
    settings = replace(
        rehearsal_settings(folder), database_url=database.url, address=f"http://127.0.0.1:{port}",
        second_factor_required=False,
    )  # fmt: skip
    settings = replace(settings, site=replace(settings.site, address=settings.address, environment="demonstration"))
    clock = Clock(datetime(2027, 1, 12, 9, tzinfo=UTC))
    world = World(database, Secret(), folder)
    world.now = clock.now
    with served(new_app(settings, clock), browser, port), Renderer() as renderer:
        yield Site(House(settings, database, Store.from_url(settings.storage_url)), clock, renderer, world)


@dataclass
class Findings:
    """What was wrong with pages that were looked at; each kind of page is looked at once.

    Not `closely`: the same pages are looked at by the story as it is told with scripts.
    """

    closely: bool = True
    looked_at: set[tuple[str, str, int]] = field(default_factory=set)
    faults: list[str] = field(default_factory=list)


@dataclass
class Somebody:
    """A person with a browser of their own."""

    site: Site
    page: Page
    findings: Findings
    scripts: bool
    address: str = ""
    answer: Response | None = None
    checker: Page | None = None

    def go(self, address: str) -> None:
        found = address if address.startswith("http") else self.site.address + address
        self.answer = self.page.goto(found, wait_until="load")
        self.look()

    def sign_in(self, address: str, password: str = PASSWORD) -> None:
        self.address = address
        self.page.context.clear_cookies()
        self.go("/sign-in")
        self.fill("E-mail address", address)
        self.fill("Password", password)
        self.press("Sign in")

    def fill(self, label: str, value: str) -> None:
        typed = self.page.locator("input:not([type=radio], [type=checkbox], [type=hidden]), textarea")
        self.page.get_by_label(label, exact=False).and_(typed).first.fill(value)

    def choose(self, label: str, value: str) -> None:
        self.page.get_by_label(label, exact=False).first.select_option(label=value)

    def upload(self, path: Path) -> None:
        """Send a file from the first place of the page that takes one. With scripts the page stays and shows it."""
        self.page.locator("input[type=file]").first.set_input_files(path)
        self.page.get_by_role("button", name="Upload").first.click()
        self.page.get_by_role("link", name=path.name).first.wait_for()
        self.look()

    def press(self, name: str) -> None:
        self._moving(self.page.get_by_role("button", name=name, exact=False).first.click)

    def follow(self, name: str) -> None:
        self._moving(self.page.get_by_role("link", name=name, exact=False).first.click)

    def _moving(self, act: Any) -> None:
        with self.page.expect_navigation(wait_until="load") as moved:
            act()
        self.answer = moved.value
        self.look()

    def sees(self, text: str) -> bool:
        return text in self.page.locator("body").inner_text()

    @property
    def here(self) -> str:
        return self.page.url.removeprefix(self.site.address)

    def look(self) -> None:
        """Look at the page as people do who see little: accessible, and no wider than a small phone."""
        status = self.answer.status if self.answer is not None else 200
        path = ID.sub("/…", self.here.partition("?")[0].partition("#")[0])
        if status >= 500 or status == 404:
            self.findings.faults.append(f"{path}: {status}")
        heading = self.page.locator("h1").all_inner_texts()
        if len(heading) != 1:
            self.findings.faults.append(f"{path}: {len(heading)} headings of the first level")
        key = (path, "", status)
        if key in self.findings.looked_at:
            return
        self.findings.looked_at.add(key)
        if not self.findings.closely:
            return
        looked = self.page if self.scripts else self._same_with_scripts()
        self._accessible(looked, path)
        self._narrow(looked, path)

    def _same_with_scripts(self) -> Page:
        """Show what this browser got in one that can run the checker."""
        assert self.checker is not None
        html = self.page.content()
        self.checker.unroute_all()
        self.checker.route(
            self.page.url, lambda route: route.fulfill(body=html, content_type="text/html; charset=utf-8")
        )
        self.checker.goto(self.page.url, wait_until="load")
        return self.checker

    def _accessible(self, page: Page, path: str) -> None:
        found = page.evaluate(
            "rules => loadAxe().run(document, {runOnly: {type: 'tag', values: rules}, resultTypes: ['violations']})",
            RULES,
        )
        self.findings.faults += [f"{path}: {one['id']}: {one['nodes'][0]['html'][:160]}" for one in found["violations"]]

    def _narrow(self, page: Page, path: str) -> None:
        before = page.viewport_size
        page.set_viewport_size({"width": 320, "height": 640})
        widths = page.evaluate("() => [document.documentElement.scrollWidth, document.documentElement.clientWidth]")
        if widths[0] > widths[1]:
            self.findings.faults.append(f"{path}: {widths[0]} px wide on a screen of {widths[1]} px")
        if before is not None:
            page.set_viewport_size(before)


@dataclass
class People:
    """Makes browsers; what is wrong with any page is found in one place."""

    site: Site
    browser: Browser
    scripts: bool
    findings: Findings = field(default_factory=Findings)
    contexts: list[BrowserContext] = field(default_factory=list)
    checker: Page | None = None

    def where(self) -> str:
        """What the last browser shows: for whoever reads why a story stopped."""
        page = self.contexts[-1].pages[-1]
        return f"{page.url}\n{page.locator('main').inner_text()[:1500]}\nfaults so far:\n" + "\n".join(
            self.findings.faults
        )

    def somebody(self) -> Somebody:
        context = self.browser.new_context(java_script_enabled=self.scripts, locale="en-GB", accept_downloads=True)
        context.set_default_timeout(30000)
        self.contexts.append(context)
        if self.scripts:
            context.add_init_script(CHECKER)
        elif self.checker is None:
            checker = self.browser.new_context(locale="en-GB")
            checker.add_init_script(CHECKER)
            self.checker = checker.new_page()
        return Somebody(self.site, context.new_page(), self.findings, self.scripts, checker=self.checker)


@pytest.fixture(scope="session")
def chromium() -> Iterator[Browser]:
    """One browser for all tests of a worker. Missing, it fails as root or in CI, else skips by name."""
    found = shutil.which(CHROMIUM)
    if found is None:
        if os.environ.get("CI") == "true" or os.geteuid() == 0:
            pytest.fail(f"{CHROMIUM} is not installed: run ./escp test, which installs it")
        pytest.skip(f"{CHROMIUM} is not installed")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=found, args=FLAGS)
        yield browser
        browser.close()


@pytest.fixture
def browser(chromium: Browser) -> Iterator[Browser]:
    """The browser of this worker; what a test opens in it is closed afterwards."""
    yield chromium
    for context in chromium.contexts:
        context.close()
