"""The whole road as its persons walk it: from a call and an expression of interest to a certificate anybody can verify.

Told twice: with JavaScript on SQLite, without it on PostgreSQL. Every page that is visited is looked at: no violation found by axe, one heading,
no wider than a small phone. At the end doctor finds nothing.
"""

from __future__ import annotations

import re
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from playwright.sync_api import Browser

from app.db import Database
from tests.support.application import a_pdf
from tests.support.browser import PASSWORD, ROOT, People, Site, Somebody, running
from tests.support.sharing import copy_of, share_statements
from workflows.relations import Relation as R

DATA = ROOT / "tests" / "data"
OPENS = datetime(2027, 2, 1, 9, tzinfo=UTC)
CLOSES = datetime(2027, 4, 15, 15, tzinfo=UTC)
MANAGER, DIRECTOR = "mona@office.example", "pat@direction.example"
EXPERTS = ("eva@university-one.example", "emil@university-two.example")
CARLA, PAULA, IVAN = "carla@north.example", "paula@south.example", "ivan@west.example"


@dataclass
class Story:
    """Where the story stands: addresses of what was made so far."""

    site: Site
    people: People
    folder: Path
    addresses: dict[str, str] = field(default_factory=dict)
    signed_in: dict[tuple[str, datetime], Somebody] = field(default_factory=dict)

    def somebody(self, address: str | None = None) -> Somebody:
        """A browser: a visitor's, or that of a person who stays signed in until time goes on."""
        if address is None:
            return self.people.somebody()
        key = (address, self.site.clock.now)
        if key not in self.signed_in:
            self.signed_in[key] = self.people.somebody()
            self.signed_in[key].sign_in(address)
        return self.signed_in[key]


WAYS = [
    pytest.param((True, "sqlite"), id="with scripts, on SQLite"),
    pytest.param((False, "postgresql"), id="without scripts, on PostgreSQL", marks=pytest.mark.postgres),
]


@pytest.fixture(params=WAYS)
def story(request: pytest.FixtureRequest, tmp_path: Path, browser: Browser) -> Iterator[Story]:
    scripts, kind = request.param
    if kind == "sqlite":
        database = copy_of(request.getfixturevalue("sqlite_template"), tmp_path)
    else:
        database = share_statements(Database(request.getfixturevalue("postgresql").new_database()))
    with running(database, tmp_path, browser) as site:
        site.office("Mona Meyer", MANAGER, R.CALL_MANAGER)
        site.office("Pat Pohl", DIRECTOR, R.PROGRAMME_MANAGER)
        yield Story(site, People(site, browser, scripts), tmp_path)
    database.close()


def test_the_whole_road(story: Story) -> None:
    try:
        tell(story)
    except Exception as stopped:
        stopped.add_note(story.people.where())
        raise

    assert len(story.people.findings.looked_at) > 50
    assert "\n".join(story.people.findings.faults) == ""
    assert story.site.complaints() == []


def tell(story: Story) -> None:
    announce_calls(story)
    join(story, CARLA, "Carla Conti", "North Cluster", "Italy", "Piemonte")
    join(story, PAULA, "Paula Pereira", "South Cluster", "Portugal", "Norte")
    validate_profiles(story, "North Cluster", "South Cluster")
    publish_expression(story)
    express_interest(story)
    accept_reply(story)
    story.site.at(OPENS)
    turn_into_application(story)
    accept_as_partner(story)
    invite_by_mail(story)
    accept_from_the_mail(story)
    complete_profile(story)
    fill_in(story)
    submit(story)
    story.site.at(CLOSES + timedelta(days=1))
    check(story)
    hire_and_assign(story)
    for address in EXPERTS:
        declare_and_score(story, address)
    agree(story)
    decide(story)
    accept_label(story)
    verify(story)


def announce_calls(story: Story) -> None:
    mona = story.somebody(MANAGER)
    for name in ("practice-expressions", "practice-proposals"):
        mona.go("/calls/import")
        mona.page.locator("input[type=file]").set_input_files(DATA / f"{name}.yaml")
        mona.press("Import as a draft")
        story.addresses[name] = mona.here.removesuffix("/values")
        mona.go(story.addresses[name])
        mona.go(f"{story.addresses[name]}/announce")
        mona.press("Announce the call")
    story.site.settle()
    assert mona.sees("Announced")


def join(story: Story, address: str, name: str, organisation: str, country: str, region: str) -> None:
    """Sign up, prove the address, register an organisation and send its profile for validation."""
    person = story.somebody()
    person.go("/")
    person.go("/sign-up")
    person.fill("Your name", name)
    person.fill("E-mail address", address)
    person.fill("Password", PASSWORD)
    person.press("Create account")
    person.go(story.site.link_in_mail(address, "Confirm your e-mail"))
    person.press("Confirm the address")
    person.go("/organisations/find")
    person.fill("Name of your organisation", organisation)
    person.press("Find my organisation")
    person.follow("Register a new organisation")
    person.fill("Name", organisation)
    person.choose("Country of the seat", country)
    person.press("Register")
    person.go(f"{person.here.partition('?')[0].removesuffix('/edit')}/edit")
    describe(person, address, organisation, region)


def describe(person: Somebody, address: str, organisation: str, region: str) -> None:
    """Fill in what a profile needs, on the page that edits it, and send it for validation."""
    person.page.get_by_label("Cluster organisation").check()
    _choose_region(person, "Region of the seat", region)
    person.fill("Website", f"https://www.{address.partition('@')[2]}/")
    person.fill("What it does", f"{organisation} brings small firms of its region together.")
    person.page.locator("input[name=themes]").first.check()
    person.press("Save the profile")
    person.press("Send for validation")
    assert person.sees("Waiting for validation")


def _choose_region(person: Somebody, label: str, name: str) -> None:
    """Regions are listed with name and code: choose by the beginning of the name."""
    box = person.page.get_by_label(label, exact=False).first
    value = box.locator("option", has_text=name).first.get_attribute("value")
    box.select_option(value=value)


def validate_profiles(story: Story, *names: str) -> None:
    mona = story.somebody(MANAGER)
    for name in names:
        mona.go("/organisations/to-validate")
        mona.follow(name)
        mona.follow("Publish the profile")
        mona.press("Publish the profile")


def publish_expression(story: Story) -> None:
    carla = story.somebody(CARLA)
    carla.go("/expressions/new")
    carla.page.get_by_label("Find partners for investing together").check()
    carla.page.get_by_label("North Cluster").check()
    carla.press("Start")
    carla.fill("Title of the partnership", "Clusters for cleaner textiles")
    carla.fill("Acronym", "CLEANTEX")
    carla.fill("What you want to do together", "Test water-saving dyeing in three regions and invest in it.")
    carla.press("Save and look at it")
    carla.follow("Publish the expression of interest")
    carla.press("Publish the expression of interest")
    story.addresses["expression"] = carla.here
    visitor = story.somebody()
    visitor.go("/partners?show=expressions")
    visitor.follow("CLEANTEX")
    assert visitor.sees("water-saving dyeing")


def express_interest(story: Story) -> None:
    paula = story.somebody(PAULA)
    paula.go(story.addresses["expression"])
    paula.follow("Express interest")
    paula.page.locator("textarea[name=message]").fill("We bring eight dyeing mills.")
    paula.press("Send to the authors")


def accept_reply(story: Story) -> None:
    carla = story.somebody(CARLA)
    carla.go(story.site.link_in_mail(CARLA, "South Cluster"))
    carla.go(story.addresses["expression"])
    carla.follow("South Cluster")
    carla.follow("Accept")
    carla.press("Accept")
    assert carla.sees("Accepted")


def turn_into_application(story: Story) -> None:
    carla = story.somebody(CARLA)
    carla.go(story.addresses["expression"])
    carla.follow("Turn into an application")
    carla.press("Turn into an application")
    carla.go(story.addresses["expression"])
    carla.page.locator("a[href^='/applications/']").first.click()
    carla.page.wait_for_load_state("load")
    story.addresses["application"] = carla.here
    carla.look()
    assert carla.sees("South Cluster")


def accept_as_partner(story: Story) -> None:
    paula = story.somebody(PAULA)
    paula.go(story.site.link_in_mail(PAULA, "become a partner"))
    paula.press("Accept the invitation")
    assert paula.sees("Accepted")


def invite_by_mail(story: Story) -> None:
    carla = story.somebody(CARLA)
    carla.go(f"{story.addresses['application']}/consortium")
    carla.fill("Name of the organisation", "West Network")
    carla.fill("E-mail address of the person you ask", IVAN)
    carla.page.locator("textarea[name=invitation]").fill("Run the trials of work package 2.")
    carla.press("Send the invitation")


def accept_from_the_mail(story: Story) -> None:
    """A partner without an account: from the mail to the acceptance in few steps."""
    ivan = story.somebody()
    ivan.go(story.site.link_in_mail(IVAN, "become a partner"))
    assert ivan.sees("Run the trials of work package 2.")
    ivan.follow("Create an account and answer")
    ivan.fill("Your name", "Ivan Ivanov")
    ivan.fill("E-mail address", IVAN)
    ivan.fill("Password", PASSWORD)
    ivan.press("Create account")
    ivan.press("Go on to your answer")
    ivan.choose("Country", "Ireland")
    _choose_region(ivan, "Region", "Eastern and Midland")
    ivan.page.get_by_label("Cluster organisation").check()
    ivan.press("Accept the invitation")
    assert ivan.sees("Accepted")


def complete_profile(story: Story) -> None:
    """The full profile may wait; before the checks the organisation has to be validated."""
    ivan = story.somebody(IVAN)
    ivan.go("/work")
    ivan.follow("West Network")
    ivan.go(f"{ivan.here}/edit")
    describe(ivan, IVAN, "West Network", "Eastern and Midland")
    validate_profiles(story, "West Network")


def fill_in(story: Story) -> None:
    carla = story.somebody(CARLA)
    home = story.addresses["application"]
    carla.go(f"{home}/about")
    carla.fill("Acronym", "CLEANTEX")
    carla.fill("Title", "Clusters for cleaner textiles")
    for name, value in (("months", "24"), ("requested_grant", "300000"), ("eligible_cost", "400000")):
        carla.page.locator(f"[name=q_{name}]").fill(value)
    theme = carla.page.locator("select[name=q_theme]")
    theme.select_option(index=1) if theme.count() else carla.page.locator("[name=q_theme]").first.check()
    carla.page.locator("[name^=q_starts_on]").first.fill("2027-10-01")
    carla.press("Save and continue")
    for section, question, text in (
        ("idea", "idea", "Test water-saving dyeing in three regions and invest in it."),
        ("work", "regions_gain", "Cleaner rivers and work for small firms."),
    ):
        carla.go(f"{home}/sections/{section}")
        carla.page.locator(f"textarea[name=q_{question}]").fill(text)
        carla.press("Save and continue")
    carla.go(f"{home}/documents")
    plan = story.folder / "plan.pdf"
    plan.write_bytes(a_pdf("Work plan"))
    carla.upload(plan)
    assert carla.sees("plan.pdf")
    carla.go(f"{home}/preview")


def submit(story: Story) -> None:
    carla = story.somebody(CARLA)
    carla.go(f"{story.addresses['application']}/send")
    for box in carla.page.locator("input[type=checkbox]").all():
        box.check()
    carla.page.locator("main form button[type=submit]").last.click()
    carla.page.wait_for_load_state("load")
    carla.look()
    assert carla.sees("Version 1 was received")
    story.site.settle()
    carla.go(f"{story.addresses['application']}/receipt")
    assert carla.sees("Receipt (PDF)")


def check(story: Story) -> None:
    mona = story.somebody(MANAGER)
    mona.go(f"{story.addresses['practice-proposals']}/cockpit")
    lists = f"{story.addresses['practice-proposals']}/lists"
    mona.go(f"{lists}/applications?open={story.addresses['application'].rpartition('/')[2]}")
    mona.go(f"{lists}/checks?state=open&tick=all")
    mona.press("Go on")
    mona.press("Confirm as met: ")
    assert mona.sees("are done")
    mona.go(f"{story.addresses['application']}/checks")
    mona.press("Record as admissible and eligible")
    assert mona.sees("Eligible")


def hire_and_assign(story: Story) -> None:
    mona = story.somebody(MANAGER)
    for address, name in zip(EXPERTS, ("Eva Ek", "Emil Egger"), strict=True):
        mona.go("/experts/invite")
        mona.fill("Name", name)
        mona.fill("E-mail address", address)
        mona.page.locator("select[name=country]").select_option(label="Austria")
        mona.page.locator("input[name=languages][value=en]").check()
        mona.press("Send the invitation")
        expert = story.somebody()
        expert.go(story.site.link_in_mail(address, "Confirm your e-mail"))
        expert.fill("New password", PASSWORD)
        expert.press("Confirm the address")
        expert.sign_in(address)
        expert.go(_expert_page(story, address))
        expert.press("Accept the code of conduct")
    for name in ("Eva Ek", "Emil Egger"):
        mona.go(f"{story.addresses['application']}/evaluators")
        mona.press(f"Assign {name}")
    mona.go(f"{story.addresses['application']}/evaluators")
    mona.press("Name as lead evaluator Eva Ek")
    mona.go(f"{story.addresses['practice-proposals']}/assignments")
    mona.press("Publish")


def _expert_page(story: Story, address: str) -> str:
    body = story.site.mail_to(address, "invited to evaluate")
    return next(word for word in body.split() if "/experts/" in word)


def declare_and_score(story: Story, address: str) -> None:
    expert = story.somebody(address)
    expert.go("/assessments")
    expert.page.locator("input[type=radio][value=free]").first.check()
    expert.press("Send the declarations")
    expert.go("/assessments")
    expert.follow("CLEANTEX")
    _give_points(expert, "4.5", "25.5")
    expert.press("Finish and go to next")
    expert.go("/assessments/mine")


def _give_points(expert: Somebody, relevance: str, quality: str) -> None:
    expert.page.locator(f"input[name=points-C1][value='{relevance}']").check()
    expert.page.locator("input[name=points-C2]").fill(quality)
    for code in ("C1", "C2"):
        expert.page.locator(f"textarea[name=reasons-{code}]").fill(f"The text shows how ({code}).")


def agree(story: Story) -> None:
    mona = story.somebody(MANAGER)
    mona.go(f"{story.addresses['practice-proposals']}/scores")
    mona.page.locator("a[href^='/consensus/']").first.click()
    mona.page.wait_for_load_state("load")
    story.addresses["consensus"] = mona.here
    mona.look()
    _take(mona, "Open the consensus")
    eva, emil = (story.somebody(address) for address in EXPERTS)
    eva.go(story.addresses["consensus"])
    _give_points(eva, "4.5", "25")
    eva.press("Save")
    _take(eva, "Send round for signature")
    for expert in (eva, emil):
        expert.go(story.addresses["consensus"])
        _take(expert, "Sign the consensus report")
    eva.go(story.addresses["consensus"])
    _take(eva, "Close as agreed")
    mona.go(story.addresses["consensus"])
    for point in mona.page.get_by_role("group", name="What is true of this report").get_by_role("checkbox").all():
        point.check()
    mona.press("Approve the consensus report")


def _take(person: Somebody, name: str) -> None:
    """Follow the way to an act and confirm it on its page."""
    person.follow(name)
    person.press(name)


def decide(story: Story) -> None:
    mona = story.somebody(MANAGER)
    mona.go(f"{story.addresses['practice-proposals']}/decision")
    mona.press("Start the decision")
    story.addresses["decision"] = mona.here
    _take(mona, "Propose this decision")
    pat = story.somebody(DIRECTOR)
    pat.go("/for-your-signature")
    pat.go(story.addresses["decision"])
    _take(pat, "Sign the decision")
    carla = story.somebody(CARLA)
    carla.go(story.addresses["application"])
    assert not carla.sees("Successful")
    pat.go(story.addresses["decision"])
    _take(pat, "Release the results")


def accept_label(story: Story) -> None:
    carla = story.somebody(CARLA)
    carla.go(story.site.link_in_mail(CARLA, "CLEANTEX"))
    carla.go(f"{story.addresses['application']}/result")
    carla.follow("Read and accept the label")
    story.addresses["label"] = carla.here
    carla.page.locator("input[type=checkbox]").first.check()
    carla.press("Accept the label")
    story.site.settle()


def verify(story: Story) -> None:
    """Whoever holds the certificate types the address printed on it, or asks the command."""
    visitor = story.somebody()
    visitor.go("/register")
    visitor.follow("CLEANTEX")
    with visitor.page.expect_download() as downloading:
        visitor.page.get_by_role("link", name="Download the certificate").click()
    certificate = story.folder / "certificate.pdf"
    downloading.value.save_as(certificate)
    printed = re.search(r"/v/([A-Z0-9-]+)", _text_of(certificate))
    assert printed is not None
    visitor.go(f"/v/{printed[1]}")
    assert visitor.sees("This label is valid")
    assert "CLEANTEX" in _verified(story, certificate)
    altered = story.folder / "altered.pdf"
    content = certificate.read_bytes()
    altered.write_bytes(content[:-20] + bytes([content[-20] ^ 1]) + content[-19:])
    assert _verified(story, altered) == ""


def _text_of(path: Path) -> str:
    told = subprocess.run(["pdftotext", "-layout", str(path), "-"], capture_output=True, text=True, check=True)
    return told.stdout.replace("\u00ad", "")


def _verified(story: Story, path: Path) -> str:
    """What the command says to a file: nothing where it is not one of ours as issued."""
    settings = story.site.house.settings
    told = subprocess.run(
        [sys.executable, "-m", "app.cli", "verify", str(path)], cwd=ROOT, capture_output=True, text=True, check=False,
        env={"ESCP_DATA": str(settings.data), "ESCP_DATABASE_URL": settings.database_url, "PATH": "/usr/bin:/bin"},
    )  # fmt: skip
    return told.stdout if told.returncode == 0 else ""
