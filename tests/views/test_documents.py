"""Documents on pages: replaced ones stay readable, those of a profile are used again and never swapped by themselves."""

from __future__ import annotations

import io
from dataclasses import dataclass
from pathlib import Path

import pytest
from sqlalchemy import select

from app.models import Application, File
from app.services.applications.canonical import content_of
from tests.support.application import Consortium, a_draft, a_pdf
from tests.support.corpus import a_picture
from tests.support.web import Browser, Web
from tests.support.world import World
from workflows.file import State

SMALL = Path(__file__).parents[1] / "support" / "small_call.yaml"
SLOTS = """
documents:
  - {id: plan, label: Plan, required: true, max_count: 2}
  - {id: statutes, label: Statutes of each partner, required: true, per: partner, keeps: statutes}
  - {id: bank, label: Bank details, required: true, due: award}
"""
QUESTION = "      - {id: summary, label: What you will do, type: long_text, max_chars: 2000}\n"
FIGURES = "      - {id: chain, label: Value chain, type: document, formats: [png, jpg], max_count: 2}\n"


@dataclass
class Office:
    web: Web
    world: World
    found: Consortium
    browser: Browser

    def send(self, address: str, name: str, text: str, **fields: str) -> int:
        data = {"file": (io.BytesIO(a_pdf(text)), name), **fields}
        return self.browser.post(address, data, content_type="multipart/form-data").status_code

    def files(self, **wanted: object) -> list[File]:
        with self.world.look() as act:
            query = select(File).filter_by(**wanted).order_by(File.uploaded_at, File.name)
            return list(act.session.scalars(query))


@pytest.fixture
def office(web: Web, world: World) -> Office:
    path = world.folder / "call.yaml"
    path.write_text(SMALL.read_text().replace(QUESTION, QUESTION + FIGURES) + SLOTS)
    found = a_draft(world, world.call(path))
    return Office(web, world, found, web.client_of(found.coordinator))


def test_a_new_version_takes_the_place_of_the_old_one_which_stays_readable(office: Office) -> None:
    address = f"/applications/{office.found.application.id}/documents"
    office.send(f"{address}/plan", "first.pdf", "one")
    (first,) = office.files(slot="plan")
    answer = office.send(f"{address}/plan", "second.pdf", "two", replaces=first.id)
    page = office.browser.get(address)
    old = office.browser.get(f"/files/{first.id}")
    again = office.send(f"{address}/plan", "third.pdf", "three", replaces=first.id)

    assert answer == 303
    assert {file.name: file.state for file in office.files(slot="plan")} == {
        "first.pdf": State.REPLACED,
        "second.pdf": State.USABLE,
    }
    assert "1 older version" in page.text
    assert "Carla Coordinator" in page.text
    assert old.data == a_pdf("one")
    assert again == 422
    with office.world.look() as act:
        draft = content_of(act, act.session.get_one(Application, office.found.application.id))
    assert [file["name"] for file in draft["files"]] == ["second.pdf"]


def test_a_refused_version_leaves_the_old_one_in_its_place(office: Office) -> None:
    address = f"/applications/{office.found.application.id}/documents/plan"
    office.send(address, "first.pdf", "one")
    (first,) = office.files(slot="plan")

    answer = office.send(address, "second.exe", "two", replaces=first.id)

    assert answer == 422
    assert [(file.name, file.state) for file in office.files(slot="plan")] == [("first.pdf", State.USABLE)]


def test_the_page_names_what_is_asked_only_after_the_award_and_takes_nothing_for_it(office: Office) -> None:
    address = f"/applications/{office.found.application.id}/documents"

    page = office.browser.get(address).text

    assert "Later, and only if you are on the award list" in page
    assert "Bank details" in page
    assert office.send(f"{address}/bank", "bank.pdf", "bank") == 422
    assert office.browser.get(f"/applications/{office.found.application.id}/award-documents").status_code == 404


def test_a_document_of_the_profile_is_used_again_and_a_newer_one_is_offered_and_not_swapped(office: Office) -> None:
    organisation, application = office.found.organisation, office.found.application
    kept = f"/organisations/{organisation.id}/documents"
    address = f"/applications/{application.id}/documents"
    with office.world.look() as act:
        member = act.session.get_one(Application, application.id).memberships[0].id
    office.send(kept, "old.pdf", "old", kind="statutes", dated_on="2016-03-03")
    offered = office.browser.get(address).text
    (old,) = office.files(organisation_id=organisation.id)
    taken = office.browser.post(f"{address}/statutes/from-profile", {"source": old.id, "partner": member})
    office.send(kept, "new.pdf", "new", kind="statutes", dated_on="2017-05-05")
    newer = office.browser.get(address).text

    assert "Use the one of 3 March 2016 from your profile" in offered
    assert taken.status_code == 303
    assert "Your profile has a newer one, of 5 May 2017" in newer
    used = office.files(application_id=application.id)
    assert [(file.name, file.sha256, file.source_id) for file in used] == [("old.pdf", old.sha256, old.id)]


def test_only_people_of_the_organisation_see_what_its_profile_keeps_until_it_is_used(office: Office) -> None:
    organisation = office.found.organisation
    kept = f"/organisations/{organisation.id}/documents"
    office.send(kept, "old.pdf", "old", kind="statutes", dated_on="2016-03-03")
    (old,) = office.files(organisation_id=organisation.id)
    stranger = office.web.client_of(office.world.person("Sid Stranger"))
    manager = office.web.client_of(office.world.person("Mona Manager"))

    for other in (stranger, manager):
        assert other.get(kept).status_code == 404
        assert other.get(f"/files/{old.id}").status_code == 404
    assert office.browser.get(f"/files/{old.id}").data == a_pdf("old")


@pytest.mark.parametrize(
    ("day", "kind", "status"), [("", "statutes", 422), ("2099-01-01", "statutes", 422), ("2016-03-03", "nothing", 404)]
)
def test_a_document_is_kept_under_a_known_kind_and_a_day_that_was(
    office: Office, day: str, kind: str, status: int
) -> None:
    answer = office.send(
        f"/organisations/{office.found.organisation.id}/documents", "a.pdf", "a", kind=kind, dated_on=day
    )

    assert answer == status
    assert office.files() == []


def test_a_figure_is_shown_in_its_place_drawn_anew_and_described(office: Office) -> None:
    application = office.found.application
    told = b"taken at the home of somebody"
    picture = a_picture("JPEG", (900, 600)) + told
    data = {"file": (io.BytesIO(picture), "chain.jpg"), "caption": "Firms from fibre to cloth"}
    address = f"/applications/{application.id}/documents/chain"
    sent = office.browser.post(address, data, content_type="multipart/form-data").status_code
    (file,) = office.files(slot="chain")

    page = office.browser.get(f"/applications/{application.id}/preview").text
    shown = office.browser.get(f"/files/{file.id}/picture")

    assert sent == 303
    assert f'src="/files/{file.id}/picture" alt="Firms from fibre to cloth"' in page
    assert shown.content_type == "image/png"
    assert shown.data.startswith(b"\x89PNG")
    assert told not in shown.data
    assert shown.headers["X-Content-Type-Options"] == "nosniff"
    assert shown.headers["Content-Security-Policy"] == "sandbox; default-src 'none'"
    assert office.web.visitor().get(f"/files/{file.id}/picture").status_code == 303


def test_what_is_no_picture_is_never_shown_in_place(office: Office) -> None:
    office.send(f"/applications/{office.found.application.id}/documents/plan", "plan.pdf", "one")
    (file,) = office.files(slot="plan")

    shown = office.browser.get(f"/files/{file.id}/picture")

    assert shown.status_code in {403, 409, 422}
    assert "download it" in shown.text
