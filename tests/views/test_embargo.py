"""Before the release nothing tells a result: every page that can be fetched is fetched, and markers are looked for."""

from __future__ import annotations

import pytest
from sqlalchemy import select, update

from app.models import AgreedScore, Application, Consensus, DecisionLine, Document, Job, Membership, Person
from app.services.deciding.decision import order_tie
from tests.support.beginnings import Begin
from tests.support.decided import GOOD, WEAK, Office
from tests.support.web import Web
from tests.support.world import World

MARKERS = ("MARKER-OF-CONSENSUS", "MARKER-OF-PANEL", "86.5", "Successful", "Awarded", "On the reserve list")


@pytest.fixture
def office(begin: Begin) -> Office:
    found: Office = begin(signed)
    return found


def signed(world: World) -> Office:
    """A decision that is signed and not released, with something to be found in each hidden place."""
    office = Office(world)
    lead = world.person("Lea Lead")
    first = office.application("FIRST", GOOD, lead=lead, grant=2_000_000)
    equal = office.application("EQUAL", GOOD, grant=2_000_000)
    office.application("WEAK", WEAK)
    with world.act() as act:
        act.session.execute(update(AgreedScore).values(reasons="MARKER-OF-CONSENSUS"))
    office.start()
    with office.deciding(office.manager) as (act, decision):
        order_tie(act, decision, [first.id, equal.id], "MARKER-OF-PANEL")
    office.take(office.manager, "propose")
    office.take(office.director, "sign")
    return office


def known_ids(office: Office) -> dict[str, list[str]]:
    with office.world.look() as act:
        found = {
            f"{model.__tablename__}_id": list(act.session.scalars(select(model.id)))
            for model in (Application, Consensus, Document, Membership)
        }
    with office.deciding(office.manager) as (_act, decision):
        found["decision_id"] = [decision.id]
    return found | {"call_id": [office.call.id]}


def addresses(web: Web, ids: dict[str, list[str]]) -> list[str]:
    """Every address that needs no parameter, or just one that is known."""
    found = []
    with web.app.test_request_context():
        adapter = web.app.url_map.bind("localhost")
        for rule in web.app.url_map.iter_rules():
            if "GET" not in (rule.methods or ()) or rule.endpoint == "static":
                continue
            if not rule.arguments:
                found.append(adapter.build(rule.endpoint))
            elif len(rule.arguments) == 1 and (name := next(iter(rule.arguments))) in ids:
                found += [adapter.build(rule.endpoint, {name: one}) for one in ids[name]]
    return sorted(set(found))


@pytest.mark.parametrize("who", ["visitor", "lead"])
def test_no_page_tells_a_result_before_the_release(web: Web, office: Office, world: World, who: str) -> None:
    """Those of every other role are compared in twin worlds (tests/doors) and after a crash (test_release_killed)."""
    with world.look() as act:
        lead = act.session.scalars(select(Person).where(Person.name == "Lea Lead")).one()
    browser = web.client_of(lead) if who == "lead" else web.visitor()
    pages = {address: browser.get(address) for address in addresses(web, known_ids(office))}

    assert len(pages) > 40
    assert [address for address, page in pages.items() if page.status_code >= 500] == []
    leaks = [
        (address, marker) for address, page in pages.items() for marker in MARKERS[:3] if marker.encode() in page.data
    ]
    assert leaks == []
    if who == "lead":
        own = [page.data for address, page in pages.items() if "/applications" in address]
        assert [text for text in own if any(marker.encode() in text for marker in MARKERS)] == []


def test_the_markers_are_there_to_be_found(web: Web, office: Office) -> None:
    with office.deciding(office.director) as (_act, decision):
        address = f"/decisions/{decision.id}"

    assert "MARKER-OF-PANEL" in web.client_of(office.director).get(address).text
    assert "MARKER-OF-CONSENSUS" in _agreed_reasons(office)


def _agreed_reasons(office: Office) -> str:
    with office.world.look() as act:
        return " ".join(act.session.scalars(select(AgreedScore.reasons)))


def test_no_mail_and_no_document_of_a_result_waits_before_the_release(office: Office) -> None:
    with office.world.look() as act:
        jobs = act.session.scalars(select(Job)).all()
        kinds = {document.kind.value for document in act.session.scalars(select(Document))}
        assert len(act.session.scalars(select(DecisionLine)).all()) == 3
    assert kinds == {"decision_act"}
    assert {job.args["template"] for job in jobs if job.kind == "mail"} & {"result", "label_issued"} == set()
