"""A partner who only has a phone and five minutes: from the mail to the acceptance in five steps, or fewer."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path

import pytest
from playwright.sync_api import Browser

from app.models import Application, Membership
from app.services.consortia.membership import invite
from tests.support.application import a_draft
from tests.support.browser import PASSWORD, ROOT, People, Site, Somebody, running
from tests.support.sharing import copy_of

CALL = ROOT / "tests" / "data" / "practice-proposals.yaml"
WHILE_OPEN = datetime(2027, 2, 3, 9, tzinfo=UTC)
IVAN = "ivan@west.example"
PHONE = {"width": 360, "height": 740}
MOST_STEPS = 5


@dataclass
class Phone:
    """Counts what a thumb does: a link opened, a link or a button pressed. Typing is no step."""

    owner: Somebody
    steps: list[str] = field(default_factory=list)
    wide: list[str] = field(default_factory=list)

    def open(self, address: str) -> None:
        self.steps.append("open the link of the mail")
        self.owner.go(address)
        self._measure()

    def follow(self, name: str) -> None:
        self.steps.append(name)
        self.owner.follow(name)
        self._measure()

    def press(self, name: str) -> None:
        self.steps.append(name)
        self.owner.press(name)
        self._measure()

    def _measure(self) -> None:
        sizes = self.owner.page.evaluate(
            "() => [document.documentElement.scrollWidth, document.documentElement.clientWidth]"
        )
        if sizes[0] > sizes[1]:
            self.wide.append(self.owner.here)


@pytest.fixture
def site(sqlite_template: Path, tmp_path: Path, browser: Browser) -> Iterator[Site]:
    database = copy_of(sqlite_template, tmp_path)
    with running(database, tmp_path, browser) as found:
        found.at(WHILE_OPEN)
        yield found
    database.close()


def invited(site: Site) -> str:
    found = a_draft(site.world, site.world.call(CALL))
    with site.world.act(found.coordinator) as act:
        membership = invite(
            act, act.session.get_one(Application, found.application.id),
            email=IVAN, name="West Network", invitation="Run the trials of work package 2.",
        )  # fmt: skip
    return membership.id


@pytest.mark.parametrize("scripts", [True, False], ids=["with scripts", "without scripts"])
def test_from_the_mail_to_accepted_in_five_steps_on_a_phone(site: Site, browser: Browser, scripts: bool) -> None:
    membership_id = invited(site)
    people = People(site, browser, scripts)
    ivan = people.somebody()
    ivan.page.set_viewport_size(PHONE)
    phone = Phone(ivan)

    phone.open(site.link_in_mail(IVAN, "become a partner"))
    assert ivan.sees("Run the trials of work package 2.")
    phone.follow("Create an account and answer")
    ivan.fill("Your name", "Ivan Ivanov")
    ivan.fill("E-mail address", IVAN)
    ivan.fill("Password", PASSWORD)
    phone.press("Create account")
    phone.press("Go on to your answer")
    assert ivan.sees("The call sets no limit.") or ivan.sees("Your organisation")
    ivan.choose("Country", "Ireland")
    ivan.page.get_by_label("Cluster organisation").check()
    phone.press("Accept the invitation")

    assert ivan.sees("your organisation is a partner now")
    assert ivan.sees("What was confirmed")
    assert len(phone.steps) <= MOST_STEPS, phone.steps
    assert phone.wide == []
    assert "\n".join(people.findings.faults) == ""
    with site.world.look() as act:
        stored = act.session.get_one(Membership, membership_id)
        (word,) = stored.consents
    receipt = site.mail_to(IVAN, "what West Network confirmed")
    assert stored.state == "accepted"
    assert word.sha256 in receipt
