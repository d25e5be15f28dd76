"""Pages of calls: what a visitor reads, what the office does."""

from __future__ import annotations

from datetime import timedelta
from io import BytesIO

import pytest
from sqlalchemy import select

from app.models import Call, Follow
from tests.support.web import Web, web
from tests.support.world import REAL, World
from workflows.relations import Relation as R

__all__ = ["web"]  # the fixture


def test_a_visitor_reads_the_call_from_the_data_that_is_executed(web: Web, world: World) -> None:
    call = world.call()

    page = web.visitor().get(f"/calls/{call.id}")

    assert page.status_code == 200
    assert "At least three different legal entities are needed." in page.text
    assert "Thursday 8 March 2018, 17:00 Brussels time" in page.text
    assert "EUR 350,000.00" in page.text
    assert "Higher score for “Relevance” first." in page.text
    assert "/values" not in page.text


def test_a_call_in_preparation_looks_to_visitors_as_if_it_did_not_exist(web: Web, world: World) -> None:
    call = world.call(opened=False)

    assert web.client_of(world.person()).get(f"/calls/{call.id}").status_code == 404
    assert call.title not in web.visitor().get("/calls").text


def test_five_questions_are_answered_without_an_account(web: Web, world: World) -> None:
    call = world.call()
    visitor = web.visitor()

    met = visitor.get(f"/calls/{call.id}/check?kind=cluster_organisation&country=IT&region=&second=&third=")
    refused = visitor.get(f"/calls/{call.id}/check?kind=other&country=IT&region=&second=&third=")
    unfinished = visitor.get(f"/calls/{call.id}/check?kind=&country=")

    assert "Your organisation can apply in this call" in met.text
    assert "Your organisation can&#39;t apply in this call" in refused.text
    assert "Choose your country." in unfinished.text


def test_following_twice_is_following_once(web: Web, world: World) -> None:
    call, reader = world.call(), world.person()
    browser = web.client_of(reader)

    for _ in range(2):
        assert browser.post(f"/calls/{call.id}/follow").status_code == 303

    with world.look() as act:
        assert len(act.session.scalars(select(Follow)).all()) == 1


def test_the_file_goes_out_with_the_bytes_it_came_in_with(web: Web, world: World) -> None:
    call = world.call()

    answer = web.visitor().get(f"/calls/{call.id}/export")

    assert answer.data == REAL.read_bytes()
    assert answer.headers["Content-Disposition"] == f'attachment; filename="{call.code}.yaml"'


def test_a_faulty_file_is_answered_with_path_and_line_and_nothing_is_stored(web: Web, world: World) -> None:
    browser = web.client_of(world.person("Mona Manager", None, R.CALL_MANAGER))
    data = REAL.read_bytes().replace(b"max_points: 30", b"max_points: many", 1)

    page = browser.post("/calls/import", {"file": (BytesIO(data), "call.yaml")}, content_type="multipart/form-data")

    assert page.status_code == 422
    assert "criteria[C1].max_points" in page.text
    with world.look() as act:
        assert act.session.scalars(select(Call)).all() == []


@pytest.mark.parametrize("data", [b"", b"\x00\xff", b"- a list", b"code: ["])
def test_whatever_bytes_are_sent_the_import_answers_in_words(web: Web, world: World, data: bytes) -> None:
    browser = web.client_of(world.person("Mona Manager", None, R.CALL_MANAGER))

    page = browser.post("/calls/import", {"file": (BytesIO(data), "call.yaml")}, content_type="multipart/form-data")

    assert page.status_code == 422


def test_an_imported_call_leads_to_its_values(web: Web, world: World) -> None:
    browser = web.client_of(world.person("Mona Manager", None, R.CALL_MANAGER))
    sent = {"file": (BytesIO(REAL.read_bytes()), "call.yaml")}

    page = browser.post("/calls/import", sent, content_type="multipart/form-data", follow=True)

    assert page.status_code == 200
    assert "overall_threshold" in page.text
    assert "Assumed" in page.text


def test_a_time_that_does_not_exist_is_refused_with_its_reason(web: Web, world: World) -> None:
    call = world.call()
    browser = web.client_of(world.person("Mona Manager", None, R.CALL_MANAGER))
    address = f"/calls/{call.id}/propose_extension"

    gap = browser.post(address, {"closes_at": "2018-03-25T02:30", "reason": "Floods"})
    fine = browser.post(address, {"closes_at": "2018-03-25T03:30", "reason": "Floods"})

    assert gap.status_code == 422
    assert "clocks go forward" in gap.text
    assert fine.status_code == 303
    with world.look() as act:
        proposed = act.session.get_one(Call, call.id).proposed_closes_at
        assert proposed is not None
        assert proposed.isoformat() == "2018-03-25T01:30:00+00:00"


@pytest.mark.parametrize("page", ["cockpit", "values", "regions"])
def test_pages_of_the_office_are_not_for_others(web: Web, world: World, page: str) -> None:
    call = world.call()

    assert (
        web.client_of(world.person("Mona Manager", None, R.CALL_MANAGER)).get(f"/calls/{call.id}/{page}").status_code
        == 200
    )
    assert web.client_of(world.person("Ana Silva")).get(f"/calls/{call.id}/{page}").status_code == 404


def test_the_deadline_on_the_list_is_the_one_in_force(web: Web, world: World) -> None:
    call = world.call()
    with world.act() as act:
        act.session.get_one(Call, call.id).closes_at = call.closes_at + timedelta(days=7)

    assert "Thursday 15 March 2018, 17:00 Brussels time" in web.visitor().get("/calls").text
