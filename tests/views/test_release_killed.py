"""The release killed in the middle, and a result turned over: nobody outside the office sees one sign of either."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

import pytest
from sqlalchemy import select

from app.models import Application, Base, Decision, Event, Job, Label, Outcome
from tests.support.beginnings import Begin
from tests.support.embargoed import OFFICE, READERS, Answer, Embargoed, looked, pages_about, signed
from tests.support.web import Web, new_app, settings_of
from tests.support.world import World
from workflows.application import State as ApplicationState

REQUESTS = 100  # the first ones after the restart
NOTED_BY_LOOKING = {"reading", "denial", "sign_in", "showing"}
Seen = dict[str, dict[str, Answer]]


@pytest.fixture
def scene(begin: Begin) -> Embargoed:
    found: Embargoed = begin(signed)
    return found


def rows(world: World) -> dict[str, list[str]]:
    """Every row of every table but those that looking itself writes."""
    with world.look() as act:
        return {
            table.name: sorted(str(tuple(row)) for row in act.session.execute(select(table)))
            for table in Base.metadata.sorted_tables
            if table.name not in NOTED_BY_LOOKING
        }


def crawl(web: Web, scene: Embargoed, names: Iterable[str]) -> Seen:
    found: Seen = {}
    for name in names:
        person = scene.people[name]
        browser = web.client_of(person) if person else web.visitor()
        found[name] = looked(browser, web.app.extensions["database"], scene.pages_of(name))
    return found


def differences(one: Seen, other: Seen) -> list[str]:
    return [f"{name}: {page}" for name in one for page in one[name] if one[name][page] != other[name][page]]


def test_no_sign_of_a_result_after_a_release_that_was_killed(web: Web, scene: Embargoed, world: World) -> None:
    before = crawl(web, scene, scene.people)
    data = rows(world)
    world.database.close()
    scene.release_and_kill(2, 5)  # with the first applications decided, and with labels offered and letters wanted
    assert rows(world) == data

    app = new_app(settings_of(world), lambda: world.now)  # nothing of the one before is in memory
    try:
        restarted = Web(app, world)
        insiders = crawl(restarted, scene, (*OFFICE, *READERS))
        scene.turn_over()
        outsiders = crawl(restarted, scene, scene.outside)
    finally:
        app.extensions["database"].close()

    assert sum(map(len, outsiders.values())) >= REQUESTS
    assert differences(insiders | outsiders, before) == []
    opened = {name: sum(one.status == 200 for one in pages.values()) for name, pages in before.items()}
    assert min(opened.values()) >= 5, opened
    with world.look() as act:
        assert set(act.session.scalars(select(Application.state))) == {ApplicationState.EVALUATED}
        assert act.session.scalars(select(Label)).all() == []
        assert [job for job in act.session.scalars(select(Job)) if job.args.get("template") == "result"] == []


def test_what_an_applicant_gets_does_not_hang_on_the_result(web: Web, scene: Embargoed) -> None:
    """Neither its bytes nor what is asked of the database for it, from which its time comes."""
    database = web.app.extensions["database"]
    found = []
    for acronym, application in (("Alpha", scene.first), ("Omega", scene.last)):
        lead = web.client_of(scene.people[f"coordinator of the {'first' if acronym == 'Alpha' else 'last'}"])
        own = looked(lead, database, pages_about(application))
        number = f"A-{acronym.upper()}"
        public = ["/register?q=", "/api/register/", "/register/", "/v?mark=", "/v/"]
        everybodys = looked(web.visitor(), database, [f"{page}{number}" for page in public])
        found.append([masked(one, acronym) for one in (*own.values(), *everybodys.values())])

    assert [one == other for one, other in zip(*found, strict=True)] == [True] * len(found[0])
    assert {one.status for one in found[0]} == {200, 303, 404}


def masked(answer: Answer, acronym: str) -> Answer:
    """Without the names of its own, which are as long as those of the other."""
    text = answer.text.replace(acronym, "Delta").replace(acronym.upper(), "DELTA").replace("Ann", "Oda")
    return replace(answer, text=text, leads_to=answer.leads_to.replace(acronym.upper(), "DELTA"))


def test_all_are_told_in_the_same_minute(scene: Embargoed, world: World) -> None:
    office = scene.office

    office.take(office.director, "release")

    with world.look() as act:
        decision = act.session.scalars(select(Decision)).one()
        told = [job for job in act.session.scalars(select(Job)) if job.args.get("template") == "result"]
        assert len(told) == 3  # two coordinators, and the contact of a partner
        assert {job.enqueued_at for job in told} == {decision.released_at}
        changes = act.session.scalars(select(Event).where(Event.noun == "application", Event.name.in_(Outcome))).all()
        assert {event.at for event in changes} == {decision.released_at}
        assert {event.request_id for event in changes} == {changes[0].request_id}
