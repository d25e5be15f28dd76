"""The calendar of a person's deadlines: at a secret address that can be renewed and ended; what the person may see."""

from __future__ import annotations

import re
from datetime import timedelta

from icalendar import Calendar

from app.models import Call, Person
from app.services.calls.follow import ensure_follow
from tests.support.application import a_draft, with_partners
from tests.support.web import Browser, Web, web
from tests.support.world import World

__all__ = ["web"]  # the fixture


def address_of(browser: Browser, person: Person) -> str | None:
    found = re.search(r"http://localhost(/calendar/[^<]+\.ics)", browser.get(f"/people/{person.id}/calendar").text)
    return found[1] if found else None


def events(web: Web, address: str) -> dict[str, object]:
    answer = web.visitor().get(address)
    assert answer.status_code == 200
    assert answer.headers["Content-Type"] == "text/calendar; charset=utf-8"
    assert answer.headers["Cache-Control"] == "no-store"
    calendar = Calendar.from_ical(answer.data)
    return {str(event["summary"]): event["dtstart"].dt for event in calendar.walk("VEVENT")}


def test_it_holds_the_deadlines_of_its_person_and_of_nobody_else(web: Web, world: World) -> None:
    found = with_partners(world, a_draft(world), accepted=False)
    invited, _organisation, _membership = found.partners[0]
    stranger = world.person("Sven Stranger")
    with world.act(stranger) as act:
        ensure_follow(act, act.session.get_one(Call, found.call.id))
    calendars = {}
    for person in (found.coordinator, invited, stranger):
        browser = web.client_of(person)
        assert address_of(browser, person) is None
        browser.post(f"/people/{person.id}/calendar/renew")
        calendars[person.id] = events(web, address_of(browser, person) or "")

    closes = found.call.closes_at
    number = found.application.number
    assert calendars[found.coordinator.id] == {f"Continue the application {number}": closes}
    assert calendars[invited.id] == {f"Answer the invitation to {number}": closes}
    assert calendars[stranger.id][f"Deadline: {found.call.title}"] == closes
    assert not [name for name in calendars[stranger.id] if number in name]
    assert closes.utcoffset() == timedelta(0)


def test_an_address_that_was_renewed_or_ended_gives_nothing(web: Web, world: World) -> None:
    person = world.person("Ada Admin")
    browser = web.client_of(person)
    browser.post(f"/people/{person.id}/calendar/renew")
    first = address_of(browser, person) or ""

    browser.post(f"/people/{person.id}/calendar/renew")
    second = address_of(browser, person) or ""
    assert first != second
    assert web.visitor().get(first).status_code == 410
    assert events(web, second) == {}

    browser.post(f"/people/{person.id}/calendar/end")
    assert web.visitor().get(second).status_code == 410
    assert address_of(browser, person) is None


def test_a_new_password_gives_it_another_address(web: Web, world: World) -> None:
    person = world.person("Ada Admin")
    browser = web.client_of(person)
    browser.post(f"/people/{person.id}/calendar/renew")
    first = address_of(browser, person) or ""

    assert "your calendar program has to be told" in browser.get(f"/people/{person.id}/calendar").text
    changed = browser.post(f"/people/{person.id}/password", {"password": "a long new password"})

    assert changed.status_code == 303
    assert web.visitor().get(first).status_code == 410
    assert events(web, address_of(browser, person) or "") == {}


def test_it_is_nobody_elses_to_renew_or_to_read_on_the_page(web: Web, world: World) -> None:
    person, other = world.person("Ada Admin"), web.client_of(world.person("Olga Other"))

    assert other.get(f"/people/{person.id}/calendar").status_code == 404
    assert other.post(f"/people/{person.id}/calendar/renew").status_code == 404
