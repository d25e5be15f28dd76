"""Two people who did not know each other: one finds the other by what is missing, and together they submit, twice.

Told through pages and mails alone, after the accounts, their organisations and an open call were set up. Told once with
JavaScript and once without; every kind of page is looked at (see `Somebody.look`), and doctor finds nothing at the end.
"""

from __future__ import annotations

import re
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from playwright.sync_api import Browser

from tests.support.application import a_pdf
from tests.support.browser import ROOT, Findings, People, Site, Somebody, running
from tests.support.sharing import copy_of

CALL = ROOT / "tests" / "data" / "practice-proposals.yaml"
WHILE_OPEN = datetime(2027, 2, 3, 9, tzinfo=UTC)
CARLA, PAULA = "carla@north.example", "paula@south.example"
PHONE, DESK = {"width": 360, "height": 740}, {"width": 1280, "height": 900}
WISH = "Test water-saving dyeing in your eight mills."
FIRST = "Carla's text: dyeing without water, tried in two regions. Price: 5 € – “déjà vu” 🧵"
SECOND = "Paula's text: eight mills of Norte take part."
BOTH = f"{FIRST}\n\n{SECOND}"
LATER = "What the regions gain: cleaner rivers, and work for 200 small firms."


@dataclass
class Story:
    """Who takes part, each with a browser of their own, and where the things of the story stand."""

    site: Site
    people: People
    folder: Path
    carla: Somebody
    paula: Somebody
    addresses: dict[str, str] = field(default_factory=dict)


@pytest.fixture(params=[True, False], ids=["with scripts", "without scripts"])
def story(request: pytest.FixtureRequest, sqlite_template: Path, tmp_path: Path, browser: Browser) -> Iterator[Story]:
    database = copy_of(sqlite_template, tmp_path)
    with running(database, tmp_path, browser) as site:
        site.at(WHILE_OPEN)
        site.world.call(CALL)
        carla, paula = site.office("Carla Conti", CARLA), site.office("Paula Pereira", PAULA)
        site.world.organisation("North Cluster", carla, country="IT", region="ITC1")
        site.world.organisation("South Cluster", paula, country="PT", region="PT11", open_to_contact=True)
        site.world.organisation(
            "Closed Cluster", site.world.person("Cleo Closed"), country="FR", region="FR10", open_to_contact=False
        )
        site.settle()  # the search knows them
        people = People(site, browser, request.param, Findings(closely=request.param))
        yield Story(site, people, tmp_path, people.somebody(), people.somebody())
    database.close()


def test_two_people_find_each_other_and_submit_together(story: Story) -> None:
    try:
        tell(story)
    except BaseException as stopped:
        for somebody in (story.carla, story.paula):
            stopped.add_note(f"{somebody.page.url}\n{somebody.page.locator('main').inner_text()[:1500]}")
        stopped.add_note("\n".join(story.people.findings.faults))
        raise

    assert len(story.people.findings.looked_at) > 20
    assert "\n".join(story.people.findings.faults) == ""
    assert story.site.complaints() == []


def tell(story: Story) -> None:
    story.carla.sign_in(CARLA)
    story.paula.sign_in(PAULA)
    begin(story)
    find_by_the_gap(story)
    ask_to_be_introduced(story)
    agree_to_meet(story)
    invite_from_the_introduction(story)
    accept_on_a_phone(story)
    confirm_a_changed_part(story)
    describe_the_project(story)
    clash_and_merge(story)
    finish_and_submit(story)
    change_after_submitting(story)
    submit_again(story)
    read_the_receipts(story)


def begin(story: Story) -> None:
    carla = story.carla
    carla.go("/calls")
    carla.follow("Clusters invest together")
    carla.follow("Start an application")
    carla.fill("Acronym", "CLEANTEX")
    carla.press("Start")
    story.addresses["application"] = carla.here
    assert carla.sees("CLEANTEX")


def find_by_the_gap(story: Story) -> None:
    """The consortium lacks somebody: the page says whom, and the search for the application leads to the same."""
    carla = story.carla
    carla.follow("Consortium and rules")
    assert carla.sees("What is missing, and who could fill it")
    assert carla.sees("One more partner is enough")
    named = carla.page.locator("#missing").inner_text()
    assert "South Cluster" in named
    assert "Closed Cluster" not in named
    carla.follow("What if it joined? South Cluster")
    assert carla.sees("Partners from at least two countries are needed")
    carla.go(f"{story.addresses['application']}/consortium")
    carla.follow("Find partners for this application")
    result = carla.page.locator("article", has_text="South Cluster")
    assert result.get_by_role("link", name="Invite South Cluster").count() == 1
    closed = carla.page.locator("article", has_text="Closed Cluster")
    assert closed.get_by_role("link", name="Ask for an introduction").count() == 0
    carla.follow("South Cluster")
    assert nobody_is_named(carla, PAULA, "Paula Pereira")
    carla.page.go_back()
    carla.follow("Ask for an introduction South Cluster")


def look_anew(story: Story, *kinds: str) -> None:
    """Look at these kinds of pages once more: they show something else from now on."""
    looked_at = story.people.findings.looked_at
    looked_at -= {key for key in looked_at if key[0] in kinds}


def nobody_is_named(reader: Somebody, *words: str) -> bool:
    """Whether neither the page nor anything in its source gives the other side away."""
    source = reader.page.content()
    return not any(word in source for word in words)


def ask_to_be_introduced(story: Story) -> None:
    carla = story.carla
    carla.fill("What you would like to do together", WISH)
    carla.press("Ask for an introduction")
    story.addresses["introduction"] = carla.here
    assert carla.sees("They can answer until")
    assert nobody_is_named(carla, PAULA, "Paula Pereira")


def agree_to_meet(story: Story) -> None:
    paula, carla = story.paula, story.carla
    asked = story.site.mail_to(PAULA, "would like to be introduced")
    assert CARLA not in asked
    assert "Carla" not in asked.replace("Paula", "")
    paula.go("/work")
    paula.follow("North Cluster")
    assert paula.sees(WISH)
    assert nobody_is_named(paula, CARLA, "Carla Conti")
    paula.follow("Yes, introduce us")
    look_anew(story, "/introductions/…")
    paula.press("Yes, introduce us")
    assert paula.sees(CARLA)
    carla.go(story.site.link_in_mail(CARLA, "are introduced"))
    assert carla.sees(PAULA)


def invite_from_the_introduction(story: Story) -> None:
    carla = story.carla
    carla.follow("Invite South Cluster")
    carla.page.locator("textarea[name=invitation]").fill("Run the trials in Norte; a third of the grant.")
    carla.press("Send the invitation")
    assert carla.sees("Invited")


def accept_on_a_phone(story: Story) -> None:
    paula = story.paula
    paula.page.set_viewport_size(PHONE)
    paula.go(story.site.link_in_mail(PAULA, "become a partner"))
    assert paula.sees("Run the trials in Norte; a third of the grant.")
    look_anew(story, "/memberships/…", "/applications/…/consortium")
    paula.press("Accept the invitation")
    assert paula.sees("your organisation is a partner now")
    assert paula.sees("What was confirmed")
    fits = "() => document.documentElement.scrollWidth <= document.documentElement.clientWidth"
    assert paula.page.evaluate(fits)
    story.addresses["membership"] = paula.here.partition("?")[0]


def confirm_a_changed_part(story: Story) -> None:
    """The coordinator writes the share: only the partner's own word counts for it."""
    carla, paula = story.carla, story.paula
    carla.go(f"{story.addresses['application']}/consortium")
    carla.follow("Role, task, share South Cluster")
    carla.page.locator("input[name=share]").fill("100000")
    carla.press("Save")
    assert carla.sees("Must confirm again")
    paula.go(story.site.link_in_mail(PAULA, "CLEANTEX"))
    paula.go(story.addresses["membership"])
    assert paula.sees("Your part was changed after you confirmed it")
    assert paula.sees("EUR 100,000.00")
    paula.press("Confirm our part")
    assert not paula.sees("Your part was changed after you confirmed it")
    paula.page.set_viewport_size(DESK)
    carla.go(f"{story.addresses['application']}/consortium")
    assert not carla.sees("Must confirm again")


def describe_the_project(story: Story) -> None:
    carla, home = story.carla, story.addresses["application"]
    carla.go(home)
    carla.follow("About the project")
    carla.fill("Title", "Clusters for cleaner textiles")
    for name, value in (("months", "24"), ("requested_grant", "300000"), ("eligible_cost", "400000")):
        carla.page.locator(f"[name=q_{name}]").fill(value)
    carla.page.locator("select[name=q_theme]").select_option(index=1)
    carla.page.locator("[name^=q_starts_on]").first.fill("2027-10-01")
    carla.press("Save and go to overview")
    carla.follow("Documents")
    plan = story.folder / "plan.pdf"
    plan.write_bytes(a_pdf("Work plan"))
    carla.upload(plan)
    assert carla.sees("plan.pdf")


def clash_and_merge(story: Story) -> None:
    """Both open the same section; the second to save sees both texts and makes one of them."""
    carla, paula, home = story.carla, story.paula, story.addresses["application"]
    for somebody in (carla, paula):
        somebody.go(home)
        somebody.follow("The idea")
    idea = "textarea[name=q_idea]"
    carla.page.locator(idea).fill(FIRST)
    carla.press("Save and go to overview")
    paula.page.locator(idea).fill(SECOND)
    paula.press("Save and continue")
    assert paula.sees("Not saved: Carla Conti changed this")
    assert paula.sees(FIRST)
    assert paula.page.locator(idea).input_value() == SECOND
    paula.page.get_by_label("I have merged both in my text").check()
    paula.page.locator(idea).fill(BOTH)
    paula.press("Save and go to overview")
    carla.go(f"{home}/preview")
    assert carla.sees(FIRST)
    assert carla.sees(SECOND)


def finish_and_submit(story: Story) -> None:
    carla, paula, home = story.carla, story.paula, story.addresses["application"]
    paula.go(home)
    paula.follow("The work")
    paula.page.locator("textarea[name=q_regions_gain]").fill("Cleaner rivers.")
    paula.press("Save and go to overview")
    paula.follow("Read what will be submitted")
    assert paula.sees("The coordinator or a deputy submits")
    carla.go(home)
    carla.follow("Check and submit")
    send(story, 1)


def send(story: Story, number: int) -> None:
    carla = story.carla
    for box in carla.page.locator("main input[type=checkbox]").all():
        box.check()
    carla.press(f"Submit version {number}")
    assert carla.sees(f"Version {number} was received")
    assert carla.sees("plan.pdf")
    assert carla.sees("Work plan")


def change_after_submitting(story: Story) -> None:
    """What was submitted stands; both are told that what they write now is not in it."""
    story.site.at(story.site.clock.now + timedelta(minutes=5))
    look_anew(story, "/applications/…", "/applications/…/sections/work")
    carla, paula, home = story.carla, story.paula, story.addresses["application"]
    paula.go(f"{home}/sections/work")
    assert not paula.sees("Version 1 will be evaluated")
    paula.page.locator("textarea[name=q_regions_gain]").fill(LATER)
    paula.press("Save and go to overview")
    for somebody in (paula, carla):
        somebody.go(home)
        assert somebody.sees("Version 1 will be evaluated. You have 1 change that isn't in it.")
    carla.follow("Version 1")
    assert carla.sees("Cleaner rivers.")
    assert not carla.sees(LATER)


def submit_again(story: Story) -> None:
    carla = story.carla
    carla.go(story.addresses["application"])
    carla.follow("Check and submit version 2")
    send(story, 2)
    story.paula.go(story.addresses["application"])
    assert not story.paula.sees("will be evaluated")


def read_the_receipts(story: Story) -> None:
    """Both versions have a receipt with their own texts; the partner reads it, and got it by mail."""
    story.site.settle()
    told = story.site.mail_to(PAULA, "CLEANTEX")
    paula = story.paula
    paula.go(story.addresses["application"])
    texts = [receipt(story, paula, number) for number in (1, 2)]
    assert "Cleaner rivers." in texts[0]
    assert "200 small firms" in texts[1]
    assert "200 small firms" not in texts[0]
    assert all("South Cluster" in text and "plan.pdf" in text for text in texts)
    printed = re.search(r"[0-9a-f]{64}", texts[1].replace(" ", ""))
    assert told
    assert printed


def receipt(story: Story, reader: Somebody, number: int) -> str:
    """The receipt of a version as its PDF reads."""
    link = reader.page.get_by_role("link", name=f"Receipt (PDF) of version {number}")
    with reader.page.expect_download() as downloading:
        link.click()
    path = story.folder / f"receipt-{number}.pdf"
    downloading.value.save_as(path)
    told = subprocess.run(["pdftotext", "-layout", str(path), "-"], capture_output=True, text=True, check=True)
    return told.stdout.replace("\u00ad", "")
