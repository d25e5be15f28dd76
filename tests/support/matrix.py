"""Every route as every persona: addresses made from the URL map, answers compared with the table of permissions."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from werkzeug.routing import Rule

from app.access import relations_of, state_of
from app.act import Act
from app.gate import MODELS
from app.models import (
    Base,
    Comment,
    Document,
    Label,
    OfficeHolding,
    OrganisationMember,
    Participant,
    Person,
    Publication,
    SectionComment,
    SubmittedVersion,
)
from app.services.accounts.sign_in import start_sign_in
from tests.support.played import Village
from tests.support.web import new_app
from workflows.permissions import PERMISSIONS, allows
from workflows.relations import Relation as R

PERSONAS = (
    None, "nobody", "coordinator", "deputy", "partner", "helper", "invited", "expert", "expert_elsewhere", "rapporteur",
    "conflicted", "call_manager", "tied_manager", "programme_manager", "auditor", "auditor_elsewhere", "administrator",
)  # fmt: skip
NOTED_ON_GET = frozenset({"reading", "denial", "sign_in", "showing"})
NOWHERE = "aaaaaaaaaaaaaaaaaaaaaaaaaa"  # an id that nothing has


@dataclass(frozen=True)
class Place:
    """One address of one route, and what it is about."""

    endpoint: str
    address: str
    action: str
    noun: str
    thing_id: str | None
    methods: frozenset[str]


def values_at(village: Village) -> dict[str, str | None]:
    """Something for each parameter of addresses; None where the play has not made it yet."""
    things = village.things
    with village.looking(None) as act:
        found: dict[str, Any] = {
            "holding_id": act.session.scalar(select(OfficeHolding.id).limit(1)),
            "participant_id": act.session.scalar(
                select(Participant.id).where(Participant.person_id == village.people["deputy"]).limit(1)
            ),
            "member_id": act.session.scalar(
                select(OrganisationMember.id).where(OrganisationMember.organisation_id == village.organisations["lead"])
            ),
            "section_comment_id": act.session.scalar(select(SectionComment.id).limit(1)),
            "comment": act.session.scalar(select(Comment.id).limit(1)),
            "document_id": act.session.scalar(
                select(Document.id).where(Document.application_id == things.get("application", "")).limit(1)
            ),
            "version": act.session.scalar(
                select(SubmittedVersion.number).where(SubmittedVersion.application_id == things.get("application", ""))
            ),
            "label_number": act.session.scalar(select(Label.number).where(Label.number.is_not(None))),
            "figure": things.get("figure"),
            "kind": act.session.scalar(select(Publication.kind).limit(1)),
            "about": act.session.scalar(select(Publication.about).limit(1)),
            "mark": act.session.scalar(select(Label.code).where(Label.code.is_not(None))),
        }
    nouns = {f"{noun}_id": things.get(noun) for noun in MODELS if noun not in ("profile", "person", "document")}
    return {
        **nouns, **found,
        "organisation_id": village.organisations["lead"], "person_id": village.people["expert"],
        "section_id": "idea", "question_id": "steps", "slot": "plan", "criterion": "C1", "purpose": "invitation", "token": "no-such-token",
        "of": "applications", "form": "csv", "batch": NOWHERE, "letter": "awarded",
        "saved": NOWHERE, "merge_id": NOWHERE, "sign_in_id": NOWHERE, "access_id": NOWHERE, "mandate_id": NOWHERE,
    }  # fmt: skip


def places(app: Flask, village: Village) -> Iterator[Place]:
    """Every route with an address that leads to something; a transition's route once for each of its rows."""
    values = values_at(village)
    for rule in app.url_map.iter_rules():
        if rule.endpoint == "static":
            continue
        yield from _places_of(app, rule, values)


def _places_of(app: Flask, rule: Rule, values: dict[str, str | None]) -> Iterator[Place]:
    view: Any = app.view_functions[rule.endpoint]
    given: dict[str, Any] = {}
    for name in rule.arguments - {"transition"}:
        of_register = name == "number" and "register" in rule.rule
        named = "label_number" if of_register else "version" if name == "number" else name
        given[name] = values.get("figure" if rule.endpoint == "file.picture" else named)
    if any(value is None for value in given.values()):
        return
    key = f"{view.param}_id".replace("profile_id", "organisation_id")
    rows = rule._converters["transition"].items if "transition" in rule.arguments else [None]
    for row in sorted(rows, key=str):
        with app.test_request_context():
            address = app.url_map.bind("localhost").build(rule.endpoint, given | ({"transition": row} if row else {}))
        methods = frozenset(rule.methods or ()) - {"HEAD", "OPTIONS"}
        yield Place(
            f"{rule.endpoint}{'.' + row if row else ''}", address, view.permission, view.param, given.get(key), methods
        )


def app_of(village: Village) -> Flask:
    return new_app(village.stage.house.settings, village.stage.clock)


def parameters(app: Flask) -> set[str]:
    return {name for rule in app.url_map.iter_rules() if rule.endpoint != "static" for name in rule.arguments}


class Standing:
    """What each persona is to each thing at this moment; asked of the door once for each pair."""

    def __init__(self, village: Village) -> None:
        self.village = village
        self._held: dict[tuple[str | None, str, str | None], tuple[frozenset[R], str | None]] = {}

    def granting(self, persona: str | None, place: Place) -> R | None:
        """Name the relation that opens the place to the persona, by the table alone."""
        held, state = self._of(persona, place)
        cells = PERMISSIONS[place.action]
        return next((r for r in cells if r in held and allows(place.action, r, state)), None)

    def state(self, place: Place) -> str | None:
        return self._of(None, place)[1]

    def _of(self, persona: str | None, place: Place) -> tuple[frozenset[R], str | None]:
        noun = place.action.partition(".")[0]
        key = (persona, noun if place.thing_id else "", place.thing_id)
        if key not in self._held:
            among = {r for action, cells in PERMISSIONS.items() if action.startswith(f"{noun}.") for r in cells}
            with self.village.looking(persona) as act:
                thing = _thing(act, place.noun, place.thing_id)
                self._held[key] = (relations_of(act, thing, among if place.thing_id else tuple(R)), state_of(thing))
        return self._held[key]


def _thing(act: Act, noun: str, thing_id: str | None) -> Base | None:
    return act.session.get_one(MODELS[noun], thing_id) if thing_id else None


def client_as(app: Flask, village: Village, persona: str | None) -> FlaskClient:
    client = app.test_client()
    if persona is not None:
        with village.stage.act(village.people[persona]) as act:
            token = start_sign_in(act, act.session.get_one(Person, village.people[persona]))
        client.set_cookie("sign-in", token)
    return client


def all_rows(path: Path) -> dict[str, list[Any]]:
    """Everything a SQLite database holds, by table."""
    with closing(sqlite3.connect(path)) as connection:
        names = [name for (name,) in connection.execute("SELECT name FROM sqlite_master WHERE type = 'table'")]
        return {name: sorted(map(repr, connection.execute(f'SELECT * FROM "{name}"'))) for name in names}  # noqa: S608


def tables_that_differ(before: dict[str, list[Any]], after: dict[str, list[Any]]) -> set[str]:
    return {name for name in before | after if before.get(name) != after.get(name)}
