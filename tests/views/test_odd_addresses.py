"""What visitors type into addresses and long fields: read as data, never as an order, and no lock outlives its request."""

from __future__ import annotations

import gc
from collections.abc import Iterator

import pytest
from flask import g

from app.db import Database
from app.gate import may
from app.models import CalendarFeed, Event, Person
from app.sheets.grid import pasted
from tests.support.application import Consortium, a_draft, with_partners
from tests.support.web import Web, serving
from tests.support.world import World

LISTS = ("/partners", "/organisations", "/expressions", "/register")
MEANT_FOR_OTHERS = "endpoint=x&_external=1&_scheme=javascript&_anchor=x&_method=POST&self=x"


@pytest.fixture
def found(world: World) -> Consortium:
    return with_partners(world, a_draft(world))


@pytest.mark.parametrize("address", LISTS)
def test_names_in_an_address_give_no_orders_to_the_links_of_the_page(web: Web, address: str) -> None:
    answer = web.visitor().get(f"{address}?{MEANT_FOR_OTHERS}", follow_redirects=True)
    assert answer.status_code == 200
    assert 'href="javascript' not in answer.text


def test_the_list_of_applications_neither(web: Web, found: Consortium) -> None:
    assert web.client_of(found.coordinator).get(f"/applications?{MEANT_FOR_OTHERS}").status_code == 200


def test_an_endless_address_is_an_unknown_one(web: Web) -> None:
    answer = web.visitor().post("/sign-in", {"email": "A" * 70_000, "password": "x"})
    assert answer.status_code == 422


def test_a_page_that_refuses_leaves_no_transaction_open(web: Web, found: Consortium) -> None:
    """On SQLite such a transaction holds the one lock for writing: nobody else could save meanwhile."""
    browser = web.client_of(found.coordinator)
    served: Database = web.app.extensions["database"]
    gc.disable()  # a forgotten session would be cleared away at some time, and not at the end of its request
    try:
        address = f"/applications/{found.application.id}/answers/no-such-question/history"
        assert browser.post(address, {"number": "1", "newest": "1"}).status_code == 404
        assert served.engine.pool.checkedout() == 0  # type: ignore[attr-defined]
    finally:
        gc.enable()


@pytest.fixture
def changed(world: World) -> Iterator[Web]:
    """An application of its own, for a test that adds a page."""
    with serving(world) as web:
        yield web


def test_what_the_database_refuses_is_told_to_the_person_who_asked(changed: Web, world: World) -> None:
    """As when two do the same at once: a unique key decides, and the slower one gets a page that knows them."""

    @changed.app.post("/twice")
    @may("site.sign_out")
    def twice() -> str:
        for _time in range(2):
            g.act.session.add(CalendarFeed(person_id=g.act.person_id, salt=b"s", digest="d", made_at=g.act.now))
            g.act.session.flush()
            g.act.session.expunge_all()
            g.act.person = g.act.session.get(Person, g.act.person_id)
        return "stored"

    answer = changed.client_of(world.person("Ada Abel", "ada@ada.example")).post("/twice")
    assert answer.status_code == 409
    assert "Ada Abel" in answer.text
    assert changed.app.extensions["database"].engine.pool.checkedout() == 0


def test_an_act_id_that_is_none_of_ours_is_no_id(web: Web, world: World) -> None:
    person = world.person("Ada Abel", "ada@ada.example")
    browser = web.client_of(person)
    answer = browser.post(f"/people/{person.id}/calendar/renew", {"act_id": "A" * 70_000})
    assert answer.status_code == 303
    with world.look() as act:
        assert act.session.query(Event).filter(Event.act_id.is_not(None)).count() == 0


def test_a_pasted_cell_of_any_length_is_read() -> None:
    assert pasted('"' + "a" * 200_000 + "\tb\nc").rows[1] == ("c",)
