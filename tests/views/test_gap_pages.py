"""The pages about missing partners, as a browser without scripts uses them."""

from __future__ import annotations

from app.models import Organisation
from tests.support.application import a_draft, with_partners
from tests.support.web import Web, web
from tests.support.world import World

__all__ = ["web"]  # the fixture


def a_candidate(world: World) -> Organisation:
    return world.organisation("Poor cluster", world.person("Piotr Poor"), country="PL", region="PL21")


def test_the_consortium_page_names_who_could_join_and_leads_to_inviting_them(web: Web, world: World) -> None:
    found, poor = a_draft(world), a_candidate(world)
    browser = web.client_of(found.coordinator)
    address = f"/applications/{found.application.id}/consortium"

    page = browser.get(address).text
    invited = browser.get(f"{address}?invite={poor.id}").text

    assert "What is missing, and who could fill it" in page
    assert f"{address}?invite={poor.id}#invite" in page
    assert f'<option selected value="{poor.id}">' in invited


def test_what_if_is_a_plain_page_for_joining_and_leaving(web: Web, world: World) -> None:
    found = with_partners(world, a_draft(world))
    poor = a_candidate(world)
    browser = web.client_of(found.coordinator)
    address = f"/applications/{found.application.id}/what-if"

    searched = browser.get(f"{address}?q=poor").text
    left = browser.get(f"{address}?leave={found.partners[0][2].id}").text
    joined = browser.get(f"{address}?join={poor.id}").text

    assert f"join={poor.id}" in searched
    assert "At least three different legal entities are needed." in left
    assert "No rule would change its answer." in joined


def test_outsiders_find_no_page(web: Web, world: World) -> None:
    found, outsider = a_draft(world), world.person("Olga Outsider")
    poor = a_candidate(world)
    browser = web.client_of(outsider)

    answers = [
        browser.get(f"/applications/{found.application.id}/what-if").status_code,
        browser.get(f"/applications/{found.application.id}/missing").status_code,
        browser.get(f"/organisations/{poor.id}/openings").status_code,
    ]

    assert answers == [404, 404, 404]
