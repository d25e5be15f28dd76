"""What was written before can be taken over: only unasked questions, only one's own, with its source until it is checked."""

from __future__ import annotations

from typing import Any

import pytest

from app.models import Application, Call, Organisation
from app.services.applications.answers import latest, save, value_of
from app.services.applications.application import start_application
from app.services.applications.prefill import source_of
from tests.support.application import Consortium, a_draft, with_partners
from tests.support.web import Web
from tests.support.world import World

TEXT, MANAGEMENT, PARTNERS = "joint_strategy", "management", "partners_roles"
WROTE = "What we wrote before.\n\n- with a list"


@pytest.fixture
def found(world: World) -> Consortium:
    return with_partners(world, a_draft(world))


def another(world: World, found: Consortium, acronym: str = "BEFORE") -> Application:
    """An application of the same coordinator, with answers."""
    with world.act(found.coordinator) as act:
        call, organisation = (
            act.session.get_one(Call, found.call.id),
            act.session.get_one(Organisation, found.organisation.id),
        )
        other = start_application(act, call, organisation, acronym=acronym)
        save(act, other, {TEXT: WROTE, MANAGEMENT: "x" * 10}, {})
    return other


def address(found: Consortium, suffix: str = "") -> str:
    return f"/applications/{found.application.id}/suggestions{suffix}"


def stored(world: World, found: Consortium, question: str) -> Any:
    with world.look() as act:
        return latest(act, act.session.get_one(Application, found.application.id)).get(question)


def test_an_answer_is_offered_with_its_source_and_taken_when_chosen(web: Web, world: World, found: Consortium) -> None:
    other, browser = another(world, found), web.client_of(found.coordinator)

    page = browser.get(address(found)).text
    assert "From the application BEFORE" in page
    assert stored(world, found, TEXT) is None, "nothing is filled in unasked"

    assert browser.post(address(found), {f"take_{TEXT}": f"application.{other.id}"}).status_code == 303
    answer = stored(world, found, TEXT)
    assert value_of(answer) == WROTE
    assert source_of(answer).name == "BEFORE"
    assert stored(world, found, MANAGEMENT) is None


def test_the_mark_stays_until_somebody_checks_the_answer(web: Web, world: World, found: Consortium) -> None:
    other, browser = another(world, found), web.client_of(found.coordinator)
    browser.post(address(found), {f"take_{TEXT}": f"application.{other.id}"})
    section = f"/applications/{found.application.id}/sections/quality"
    assert "Check what was taken over" in browser.get(section).text

    assert browser.post(address(found, f"/{TEXT}/checked")).status_code == 303

    assert "Check what was taken over" not in browser.get(section).text
    answer = stored(world, found, TEXT)
    assert (value_of(answer), source_of(answer), answer.number) == (WROTE, None, 2)


def test_an_answered_question_is_left_alone(web: Web, world: World, found: Consortium) -> None:
    other, browser = another(world, found), web.client_of(found.coordinator)
    with world.act(found.coordinator) as act:
        save(act, act.session.get_one(Application, found.application.id), {TEXT: "mine"}, {})

    assert f"take_{TEXT}" not in browser.get(address(found)).text
    assert browser.post(address(found), {f"take_{TEXT}": f"application.{other.id}"}).status_code == 422
    assert value_of(stored(world, found, TEXT)) == "mine"


def test_what_this_call_would_refuse_is_not_offered(web: Web, world: World, found: Consortium) -> None:
    other = another(world, found)
    with world.act(found.coordinator) as act:
        save(act, act.session.get_one(Application, other.id), {TEXT: "x" * 6001}, {TEXT: 1})

    assert f"take_{TEXT}" not in web.client_of(found.coordinator).get(address(found)).text


def test_nobody_is_offered_what_somebody_else_wrote(web: Web, world: World, found: Consortium) -> None:
    another(world, found)
    partner = found.partners[0][0]

    page = web.client_of(partner).get(address(found)).text

    assert "BEFORE" not in page
    assert WROTE.split("\n", maxsplit=1)[0] not in page


def test_roles_of_partners_come_from_their_profiles(web: Web, world: World, found: Consortium) -> None:
    with world.act(found.coordinator) as act:
        act.session.get_one(Organisation, found.organisation.id).offers = "A pilot line for textiles"
    browser = web.client_of(found.coordinator)
    key = f"consortium.{found.application.id}"
    assert "A pilot line for textiles" in browser.get(address(found)).text

    assert browser.post(address(found), {f"take_{PARTNERS}": key}).status_code == 303

    rows = value_of(stored(world, found, PARTNERS))
    assert len(rows) == 3
    assert "A pilot line for textiles" in rows[0]["contribution"]


def test_a_made_up_source_takes_nothing(web: Web, world: World, found: Consortium) -> None:
    page = web.client_of(found.coordinator).post(address(found), {f"take_{TEXT}": "application." + "a" * 26})

    assert page.status_code == 422
    assert stored(world, found, TEXT) is None


def test_a_stranger_finds_nothing(web: Web, world: World, found: Consortium) -> None:
    stranger = web.client_of(world.person("Sam Stranger"))

    assert stranger.get(address(found)).status_code == 404
    assert stranger.post(address(found, f"/{TEXT}/checked")).status_code == 404
