"""The pages of the decision: the room, ties, signatures, and the result after the release and not before."""

from __future__ import annotations

import pytest
from sqlalchemy import select

from app.models import Document
from tests.support.beginnings import Begin
from tests.support.decided import FAIR, GOOD, WEAK, Office
from tests.support.web import Web
from workflows.relations import Relation as R


@pytest.fixture
def office(begin: Begin) -> Office:
    found: Office = begin(Office)
    return found


def decision_id(office: Office) -> str:
    with office.deciding(office.manager) as (_act, decision):
        return decision.id


def typed(first: tuple[str, str], second: tuple[str, str], reason: str) -> dict[str, str]:
    """What the form of a tie sends: its fields carry the name of the tie."""
    key = min(first[0], second[0])
    places = {f"{key}-place_{one}": place for one, place in (first, second)}
    return {"tie": key, **places, f"{key}-reason": reason}


def test_a_manager_starts_the_decision_from_the_call(web: Web, office: Office) -> None:
    office.application("FIRST", GOOD)
    browser = web.client_of(office.manager)
    assert "Start the decision" in browser.get(f"/calls/{office.call.id}/decision").text

    page = browser.post(f"/calls/{office.call.id}/decision", follow=True)

    assert page.status_code == 200
    assert "FIRST" in page.text


def test_the_room_shows_scores_reasons_and_the_cut(web: Web, office: Office) -> None:
    office.application("FIRST", GOOD, grant=2_700_000)
    office.application("SECOND", FAIR, grant=200_000)
    office.application("WEAK", WEAK)
    office.start()

    page = web.client_of(office.manager).get(f"/decisions/{decision_id(office)}").text

    assert "86.5" in page
    assert "Behind FIRST by the total: 72 to 86.5." in page
    assert "Relevance: 14 is below its threshold 15." in page
    assert "First: none that reaches all thresholds has a higher total than 86.5." in page
    assert "of the money is left." in page
    assert page.count("escp-row--cut") == 1


def test_a_tie_is_ordered_on_the_page(web: Web, office: Office) -> None:
    first = office.application("FIRST", GOOD, grant=2_000_000)
    equal = office.application("EQUAL", GOOD, grant=2_000_000)
    office.start()
    address = f"/decisions/{decision_id(office)}"
    browser = web.client_of(office.manager)
    assert "1 tie waits" in browser.get(address).text

    order = typed((first.id, "1"), (equal.id, "2"), "FIRST has the stronger plan.")
    page = browser.post(f"{address}/tie", order, follow=True)

    assert page.status_code == 200
    assert "FIRST has the stronger plan." in page.text
    assert "Behind FIRST by decision of the panel." in page.text


@pytest.mark.parametrize(("places", "reason"), [(("1", "1"), "Because"), (("1", "x"), "Because"), (("1", "2"), "")])
def test_an_order_that_cannot_be_is_refused_and_kept(
    web: Web, office: Office, places: tuple[str, str], reason: str
) -> None:
    first = office.application("FIRST", GOOD, grant=2_000_000)
    equal = office.application("EQUAL", GOOD, grant=2_000_000)
    office.start()
    address = f"/decisions/{decision_id(office)}"

    order = typed((first.id, places[0]), (equal.id, places[1]), reason)
    page = web.client_of(office.manager).post(f"{address}/tie", order)

    assert page.status_code == 422
    assert "Error: " in page.text
    assert reason in page.text
    with office.deciding(office.manager) as (_act, decision):
        assert decision.panel_order == []


def test_nobody_else_sees_the_room(web: Web, office: Office) -> None:
    lead = office.world.person("Lea Lead")
    office.application("FIRST", GOOD, lead=lead)
    tied = office.world.person("Tia Tied")
    office.start()
    office.take(office.manager, "propose")
    address = f"/decisions/{decision_id(office)}"

    assert web.client_of(lead).get(address).status_code == 404
    assert web.client_of(tied).get(address).status_code == 404
    assert web.client_of(office.director).get(address).status_code == 200


def test_who_is_tied_to_an_application_never_reads_the_act_of_the_decision(web: Web, office: Office) -> None:
    tied = office.world.person("Tia Tied", None, R.CALL_MANAGER)
    office.application("FIRST", GOOD, lead=tied)
    office.start()
    office.take(office.manager, "propose")
    office.take(office.director, "sign")
    with office.world.look() as act:
        address = f"/documents/{act.session.scalars(select(Document.id)).one()}"

    assert web.client_of(tied).get(address).status_code == 404
    assert web.client_of(tied).get(f"/decisions/{decision_id(office)}").status_code == 404
    assert web.client_of(office.manager).get(address).status_code == 202


def test_before_the_release_no_page_tells_a_result(web: Web, office: Office) -> None:
    lead = office.world.person("Lea Lead")
    application = office.application("FIRST", GOOD, lead=lead)
    office.start()
    office.take(office.manager, "propose")
    office.take(office.director, "sign")
    browser = web.client_of(lead)

    assert browser.get(f"/applications/{application.id}/result").status_code == 404
    assert browser.get(f"/calls/{office.call.id}/decision").status_code == 404
    for address in ("/register", "/api/register"):
        assert "FIRST" not in browser.get(address).text


def test_after_the_release_each_consortium_reads_its_own_result(web: Web, office: Office) -> None:
    lead = office.world.person("Lea Lead")
    office.application("FIRST", GOOD, grant=2_700_000)
    second = office.application("SECOND", FAIR, grant=200_000, lead=lead)
    office.release()

    page = web.client_of(lead).get(f"/applications/{second.id}/result").text

    assert "Your application is on the reserve list" in page
    assert "SECOND on C1" in page
    assert "FIRST" not in page
    assert "of the money is left" not in page, "what others ask for is not told"


def test_the_coordinator_accepts_the_label_with_its_charter(web: Web, office: Office) -> None:
    lead = office.world.person("Lea Lead")
    application = office.application("FIRST", GOOD, lead=lead)
    office.release()
    label = office.label_of(application)
    browser = web.client_of(lead)
    page = browser.get(f"/labels/{label.id}").text
    assert "The partners work together on a joint cooperation agenda" in page

    answer = browser.post(f"/labels/{label.id}/accept", {"charter": "y", "version": str(label.version)}, follow=True)

    assert answer.status_code == 200
    assert "The certificate is being made" in answer.text
    assert office.label_of(application).number is not None


def test_the_label_is_not_accepted_without_the_charter(web: Web, office: Office) -> None:
    lead = office.world.person("Lea Lead")
    application = office.application("FIRST", GOOD, lead=lead)
    office.release()
    label = office.label_of(application)

    answer = web.client_of(lead).post(f"/labels/{label.id}/accept", {"version": str(label.version)})

    assert answer.status_code == 422
    assert office.label_of(application).number is None


def test_what_waits_for_a_signature_stands_on_one_page(web: Web, office: Office) -> None:
    office.application("FIRST", GOOD)
    office.start()
    office.take(office.manager, "propose")

    page = web.client_of(office.director).get("/for-your-signature").text

    assert "Decision on the call" in page
    assert "Sign the decision" in page
    assert web.client_of(office.manager).get("/for-your-signature").status_code == 404


def test_a_sign_in_that_is_not_fresh_is_told_to_sign_in_again(web: Web, office: Office) -> None:
    office.application("FIRST", GOOD)
    office.start()
    office.take(office.manager, "propose")
    browser = web.client_of(office.director)
    office.world.later(minutes=11)

    page = browser.get("/for-your-signature").text

    assert "Sign in again, then come back here" in page
