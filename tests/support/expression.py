"""Expressions of interest for tests, made by the services themselves."""

from __future__ import annotations

from datetime import UTC, datetime

from app.models import Call, Expression, Organisation, Person
from app.services.expressions.expression import save_answers, start_expression
from app.services.transitions import perform
from tests.support.world import World
from workflows.question_tables import Row
from workflows.questions import Answer

WHILE_OPEN = datetime(2016, 6, 15, 12, tzinfo=UTC)  # the real call for expressions of interest

REGIONS: list[Row] = [
    {"region": "ITC1", "priority": "Circular textiles"},
    {"region": "ES51", "priority": "New materials"},
]
CONSORTIUM: list[Row] = [{"partner": "Textile Cluster", "country": "IT", "contribution": "Leads the initiative."}]
ANSWERS: dict[str, Answer] = {
    "title": "Smart textiles for four regions",
    "acronym": "SMARTEX-4R",
    "abstract": "Four regions share their pilot lines for recycled fibres.",
    "objectives": "Share pilot lines; plan joint investments.",
    "thematic_area": "textiles",
    "technologies": [],
    "regions": REGIONS,
    "consortium": CONSORTIUM,
    "sought": "A cluster from a less developed region.",
    "activities": "Mapping, matchmaking, pilots.",
}


def a_draft(world: World, call: Call, organisation: Organisation, author: Person, **changes: Answer) -> Expression:
    """A draft with all that publishing asks for."""
    with world.act(author) as act:
        there = act.session.get_one(Call, call.id)
        expression = start_expression(act, there, act.session.get_one(Organisation, organisation.id))
        save_answers(act, expression, ANSWERS | changes, {})
    return expression


def a_published(world: World, call: Call, organisation: Organisation, author: Person, **changes: Answer) -> Expression:
    """A published one."""
    expression = a_draft(world, call, organisation, author, **changes)
    with world.act(author) as act:
        perform(act, act.session.get_one(Expression, expression.id), "publish")
    return expression
