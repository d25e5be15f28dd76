"""The pages of a review: asked for, judged, made anew, released; who applies learns neither names nor what is proposed."""

from __future__ import annotations

from tests.support.decided import GOOD, WEAK, Office
from tests.support.web import Browser, Web
from tests.support.world import World
from workflows.relations import Relation as R


def test_a_review_is_led_from_the_result_to_the_next_by_its_pages(web: Web, world: World) -> None:
    office = Office(world)
    office.application("FIRST", GOOD)
    weak = office.application("WEAK", WEAK)
    office.release()
    lead = web.client_of(office.lead_of(weak))
    result = f"/applications/{weak.id}/result"
    assert "until the end of 9 April 2018" in lead.get(result).text

    asked = lead.post(f"/applications/{weak.id}/review", {"ground": "error", "text": "Page 12 answers it."})
    assert asked.status_code == 303
    page = asked.headers["Location"]
    members = [world.person(f"Zmember {n}", f"{n}@house-{n}.example", R.PROGRAMME_MANAGER) for n in (1, 2, 3)]
    manager, director = web.client_of(office.manager), web.client_of(office.director)
    for person in (office.director, *members):
        answer = manager.post(f"{page}/committee", {"person": person.id})
        assert answer.status_code == (422 if person is office.director else 303)
    judge = web.client_of(members[0])
    take(judge, page, "admit", reason="It names an error.")
    take(judge, page, "order_reevaluation", reason="It was overlooked.")
    refused = judge.post(f"{page}/marks", {"criterion": "C1", "points": "99", "reasons": "All of it."})
    assert (refused.status_code, "give a score from 0 to 30" in refused.text) == (422, True)
    for code, points in (("C1", "29"), ("C2", "28"), ("C3", "28"), ("C4", "9")):
        judge.post(f"{page}/marks", {"criterion": code, "points": points, "reasons": f"ANEW-{code}"})
    take(manager, page, "propose", reason="MARKER-OF-PROPOSAL")
    take(director, page, "sign")

    assert "ANEW-C1" in director.get(page).text
    seen = lead.get(page).text + lead.get(result).text
    assert [word for word in ("Zmember", "ANEW", "MARKER", "New decision") if word in seen] == []

    take(director, page, "release")

    assert "ANEW-C1" in lead.get(result).text
    assert "Your application was successful" in lead.get(result).text
    assert "WEAK" in manager.get(f"/calls/{office.call.id}/reviews").text


def take(browser: Browser, page: str, name: str, **data: str) -> None:
    assert browser.post(f"{page}/{name}", data).status_code == 303, (name, browser.page and browser.page.text)
