"""The public register, verification and the interface for machines: what everybody sees, and nothing before its time."""

from __future__ import annotations

import csv
import io
import json

import pytest
from sqlalchemy import select

from app.models import Document, Label
from app.services.labels.register import harmless
from app.services.transitions import perform
from tests.support.beginnings import Begin
from tests.support.decided import GOOD, Office
from tests.support.web import Web
from tests.support.world import World


@pytest.fixture
def office(begin: Begin) -> Office:
    found: Office = begin(Office)
    return found


@pytest.fixture
def label(office: Office) -> Label:
    application = office.application("FIRST", GOOD, title="First partnership; “Διεθνής” <b>bold</b>")
    office.release()
    accepted = office.accept(application)
    office.certify_without_printing()
    return office.label_again(accepted)


def test_the_register_lists_valid_labels(web: Web, label: Label) -> None:
    page = web.visitor().get("/register")

    assert page.status_code == 200
    assert label.number in page.text
    assert "FIRST cluster IT" in page.text


def test_an_offer_and_a_conferral_stand_in_no_public_place(web: Web, office: Office) -> None:
    application = office.application("SECRETLY", GOOD)
    visitor = web.visitor()
    office.release()
    for _step in range(2):
        texts = [visitor.get(address).text for address in ("/register", "/register.csv", "/api/register")]
        assert [text for text in texts if "SECRETLY" in text] == []
        offered = office.label_of(application)
        assert visitor.get(f"/labels/{offered.id}").status_code in (303, 404)
        if offered.number is None:
            accepted = office.accept(application)
    assert visitor.get(f"/v/{accepted.code}").status_code == 404
    assert visitor.get(f"/register/{accepted.number}").status_code == 404
    assert visitor.get(f"/api/register/{accepted.number}").status_code == 404


@pytest.mark.parametrize(
    "asked", ["q=first", "country=GR", "theme=digital-transformation", "state=active", "year=2018"]
)
def test_filters_find_what_fits(web: Web, label: Label, asked: str) -> None:
    found = json.loads(web.visitor().get(f"/api/register?{asked}").text)

    assert [entry["number"] for entry in found["labels"]] == [label.number]


@pytest.mark.parametrize("asked", ["q=absent", "country=FR", "theme=other", "state=withdrawn", "year=2017"])
def test_filters_leave_out_what_does_not_fit(web: Web, label: Label, asked: str) -> None:
    assert label.number is not None

    assert json.loads(web.visitor().get(f"/api/register?{asked}").text)["labels"] == []


def test_an_entry_has_a_stable_address_and_the_same_as_data(web: Web, label: Label) -> None:
    page = web.visitor().get(f"/register/{label.number}")
    data = json.loads(web.visitor().get(f"/api/register/{label.number}").text)

    assert page.status_code == 200
    assert "&lt;b&gt;bold&lt;/b&gt;" in page.text
    assert (data["state"], data["acronym"], data["valid_until"]) == ("active", "FIRST", "2020-09-30")
    assert [partner["country"] for partner in data["partners"]] == ["IT", "GR", "BG"]
    assert data["certificates"][0]["current"] is True


def test_an_entry_names_no_person(web: Web, office: Office, label: Label) -> None:
    texts = [web.visitor().get(f"{address}/{label.number}").text for address in ("/register", "/api/register", "/v")]

    for name in ("Lea FIRST", "Mona Manager", "Pat Programme"):
        assert [text for text in texts if name in text] == []


def test_the_table_for_spreadsheets_runs_no_formulas(web: Web, office: Office) -> None:
    application = office.application("=1+1", GOOD)
    office.release()
    office.accept(application)
    office.certify_without_printing()

    rows = list(csv.DictReader(io.StringIO(web.visitor().get("/register.csv").get_data().decode("utf-8-sig"))))

    assert [row["acronym"] for row in rows] == ["'=1+1"]
    assert [harmless(cell) for cell in ("@x", "-1", "+1", "plain")] == ["'@x", "'-1", "'+1", "plain"]


def test_verification_says_valid_with_the_fingerprint(web: Web, label: Label, world: World) -> None:
    page = web.visitor().get(f"/v/{label.code}")
    with world.look() as act:
        digest = act.session.scalars(select(Document.issued_sha256).where(Document.kind == "certificate")).one()

    assert page.status_code == 200
    assert '<h1 class="escp-h1">This label is valid</h1>' in page.text
    assert f'data-compare="{digest}"' in page.text


def test_a_typed_number_leads_to_its_verdict(web: Web, label: Label) -> None:
    visitor = web.visitor()
    answer = visitor.get("/v", query_string={"mark": f" {label.number.lower()} "})

    assert answer.status_code == 303
    assert "This label is valid" in visitor.get(answer.location).text


@pytest.mark.parametrize("typed", ["../..", "a/b", "%2F", "?", "é", "ESCP S3 2018"])
def test_whatever_is_typed_gets_a_verdict(web: Web, typed: str) -> None:
    visitor = web.visitor()
    answer = visitor.get("/v", query_string={"mark": typed})

    assert answer.status_code == 303
    assert "We don't know this number" in visitor.get(answer.location).text


@pytest.mark.parametrize("mark", ["ESCP-S3-2018-AAAAA", "AAAA-BBBB-CCCC-DDDD", "%", "' OR 1=1 --", "x" * 300, "…"])
def test_what_we_do_not_know_all_looks_the_same(web: Web, label: Label, mark: str) -> None:
    page = web.visitor().get(f"/v/{mark}")

    assert label.number not in page.text
    assert page.status_code == 404
    assert "We don't know this number" in page.text


def test_an_empty_field_is_told_what_to_enter(web: Web) -> None:
    page = web.visitor().get("/v?mark=")

    assert page.status_code == 422
    assert "Enter the number or code that stands on the certificate" in page.text


def test_too_many_tries_must_wait(web: Web) -> None:
    visitor = web.visitor()
    answers = [visitor.get("/v/ESCP-S3-2018-AAAAA").status_code for _try in range(61)]

    assert set(answers[:60]) == {404}
    assert answers[60] == 429


def test_a_withdrawn_label_stays_with_its_date(web: Web, office: Office, label: Label, world: World) -> None:
    for person, row, data in (
        (office.manager, "propose_suspension", {"reason": "The partners stopped"}),
        (office.director, "suspend", None),
        (office.manager, "propose_withdrawal", {"reason": "They said so"}),
        (office.other_director, "withdraw", None),
    ):
        with world.act(person) as act:
            perform(act, act.session.get_one(Label, label.id), row, data)

    verdict, entry = (web.visitor().get(f"{where}/{label.number}").text for where in ("/v", "/register"))

    assert "This label was withdrawn on 9 March 2018" in verdict
    assert "Withdrawn" in entry
    assert "The partners stopped" not in verdict + entry
    assert json.loads(web.visitor().get(f"/api/register/{label.number}").text)["ended_on"] == "2018-03-09"


def test_the_page_of_verification_shows_the_certificate_as_a_picture(web: Web, label: Label) -> None:
    visitor = web.visitor()

    page = visitor.get(f"/v/{label.code}").text

    assert f'src="/v/{label.number}/certificate.png?' in page
    assert f"label {label.number}, awarded to FIRST" in page
    assert "A grant of the call goes with it." in page
    assert visitor.get("/v/AAAA-BBBB-CCCC-DDDD/certificate.png").status_code == 404
