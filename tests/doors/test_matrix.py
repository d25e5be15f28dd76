"""Every route × persona × moment over HTTP: answers are what the table of permissions says, and nothing leaks.

A cell is asked once for each distinct expected answer: a route, the relation that opens it (or none), the state of the
thing. Pages that whoever may not read something could reach are asked as each of those persons.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient

from app.documents.renderer import Renderer
from tests.support.matrix import (
    NOTED_ON_GET,
    PERSONAS,
    Place,
    Standing,
    all_rows,
    app_of,
    client_as,
    places,
    tables_that_differ,
)
from tests.support.played import Moment, Village, found, moments, texts_hidden_from
from tests.support.sharing import copy_of
from workflows.relations import Relation as R

FINE = (200, 302, 303)
ON_THE_WAY = ("site.sign_in", "site.read_calendar", "search.stop")  # pages of mailed links
GONE = 410  # what a page on the way of signing in answers to whoever is not on that way: a mailed link, a new factor
# Who is searched for what they may not read, on every page they can ask for.
SEARCHED = {
    Moment.SCORING: ("expert",),
    Moment.DECIDED: (None, "coordinator", "partner", "invited", "expert_elsewhere", "conflicted", "tied_manager", "auditor_elsewhere", "administrator"),
}  # fmt: skip


@dataclass
class Walk:
    """What was found while walking."""

    asked: int = 0
    wrong: list[str] = field(default_factory=list)
    failed: list[str] = field(default_factory=list)
    leaks: list[str] = field(default_factory=list)
    changed_by_get: dict[str, set[str]] = field(default_factory=dict)
    changed_by_post: dict[str, set[str]] = field(default_factory=dict)
    posts: list[str] = field(default_factory=list)
    visited: set[str] = field(default_factory=set)
    routes: set[str] = field(default_factory=set)
    mails: int = 0
    seen: set[tuple[Any, ...]] = field(default_factory=set)


@pytest.fixture(scope="module")
def walk(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Walk]:
    folder = tmp_path_factory.mktemp("matrix")
    path = folder / "escp.sqlite3"
    database = copy_of(request.getfixturevalue("sqlite_template"), folder)
    village, walked = found(database, folder), Walk()
    app = app_of(village)
    with Renderer() as renderer:
        village.stage.renderer = renderer
        for moment in moments(village):
            village.stage.run_outbox()
            _walk(app, village, moment, walked, path)
            if moment is Moment.DECIDED:
                _search_mails(village, walked)
    walked.routes = {rule.endpoint for rule in app.url_map.iter_rules() if rule.endpoint != "static"}
    yield walked
    app.extensions["database"].close()
    database.close()


def _walk(app: Flask, village: Village, moment: Moment, walked: Walk, path: Path) -> None:
    standing = Standing(village)
    clients = {persona: client_as(app, village, persona) for persona in PERSONAS}
    there = list(places(app, village))
    before = all_rows(path)
    for place in there:
        walked.visited.add(place.endpoint.partition(".")[0] if place.endpoint.startswith("act.") else place.endpoint)
        for persona in PERSONAS:
            _ask(clients[persona], place, persona, moment, standing, walked)
    walked.changed_by_get[moment] = tables_that_differ(before, all_rows(path)) - NOTED_ON_GET
    before = all_rows(path)
    for place in there:
        if "POST" in place.methods:
            _post_without_token(clients, place, standing, walked)
    walked.changed_by_post[moment] = tables_that_differ(before, all_rows(path)) - NOTED_ON_GET


def _search_mails(village: Village, walked: Walk) -> None:
    """No mail tells its addressee what no page would."""
    for path in (village.stage.house.settings.data / "mail").glob("*.eml"):
        mail = path.read_text(encoding="utf-8", errors="replace")
        persona = next(
            (p for p in village.people if f"{p.replace('_', '-')}@" in mail.partition("Subject:")[0]), "call_manager"
        )
        walked.mails += 1
        walked.leaks += [f"mail to {persona}: {text}" for text in texts_hidden_from(persona) if text in mail]


def _ask(
    client: FlaskClient, place: Place, persona: str | None, moment: Moment, standing: Standing, walked: Walk
) -> None:
    if "GET" not in place.methods:
        return
    relation = standing.granting(persona, place)
    searched = persona in SEARCHED.get(moment, ())
    keys = _keys(place, relation, persona, standing, moment if searched else None)
    if keys <= walked.seen:
        return
    walked.seen |= keys
    answer = client.get(place.address)
    walked.asked += 1
    where = f"{moment}: {persona} GET {place.address} [{place.endpoint}] {relation} → {answer.status_code}"
    if answer.status_code >= 500:
        walked.failed.append(where)
    elif not _as_expected(answer, place, persona, allowed=relation is not None):
        walked.wrong.append(where)
    if searched:
        walked.leaks += [
            f"{where}: {text}" for text in texts_hidden_from(persona or "") if text.encode() in answer.data
        ]


def _keys(
    place: Place, relation: R | None, persona: str | None, standing: Standing, searched_at: Moment | None
) -> set[tuple[Any, ...]]:
    """Name the distinct answers a request would show; one that shows none that is new is not sent.

    All acts of a thing are judged alike: each relation asks for one of them, and each of them is asked for by somebody.
    """
    state = standing.state(place)
    if place.endpoint.startswith("act."):
        of_thing = (place.noun, relation, persona is None, state)
        return {of_thing} if relation is None else {of_thing, (place.endpoint, state)}
    own = (persona, searched_at) if searched_at and relation is not None else ()
    return {(place.endpoint, relation, persona is None, state, *own)}


def _as_expected(answer: Any, place: Place, persona: str | None, *, allowed: bool) -> bool:
    if allowed:
        return answer.status_code in FINE or (answer.status_code == GONE and place.action in ON_THE_WAY)
    if persona is None:
        return answer.status_code == 303 and "/sign-in" in answer.location
    return answer.status_code == 404


def _post_without_token(clients: dict[str | None, FlaskClient], place: Place, standing: Standing, walked: Walk) -> None:
    """As somebody who may, and as nobody: neither stores anything. No view runs without the token, whatever the state."""
    able = next((p for p in PERSONAS if p is not None and standing.granting(p, place)), None)
    for persona in {able, None}:
        asked_of = place.noun if place.endpoint.startswith("act.") else place.endpoint
        key = ("POST", asked_of, persona is None)
        if key in walked.seen:
            continue
        walked.seen.add(key)
        answer = clients[persona].post(place.address, data={"reason": "typed"})
        walked.asked += 1
        if answer.status_code in (200, 201, 204) or answer.status_code >= 500:
            walked.posts.append(f"{persona} POST {place.address} [{place.endpoint}] → {answer.status_code}")


def test_answers_are_what_the_table_says(walk: Walk) -> None:
    assert walk.asked > 500
    assert "\n".join(walk.wrong) == ""


def test_no_page_fails(walk: Walk) -> None:
    assert "\n".join(walk.failed) == ""


def test_getting_a_page_changes_nothing(walk: Walk) -> None:
    assert walk.changed_by_get == {moment: set() for moment in Moment}


def test_a_form_without_its_token_stores_nothing(walk: Walk) -> None:
    assert walk.changed_by_post == {moment: set() for moment in Moment}
    assert walk.posts == []


def test_nothing_hidden_reaches_whoever_may_not_read_it(walk: Walk) -> None:
    assert walk.mails > 20
    assert "\n".join(walk.leaks) == ""


def test_every_route_was_walked(walk: Walk) -> None:
    assert {e for e in walk.routes if e not in walk.visited and not e.startswith("act.")} == set()


def test_the_walk_asks_each_answer_once(walk: Walk) -> None:
    """It grows with the routes, not with persons times moments; a bound in seconds would measure other work."""
    assert walk.asked <= len(walk.seen)
    assert walk.asked < 10 * len(walk.routes)
