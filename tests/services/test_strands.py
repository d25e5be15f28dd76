"""Strands, transfers and the public draw: refused where they make no sense, and acted on where they do."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import pytest
from sqlalchemy import select

from app.callfile import read_call
from app.models import Call, Draw, Event
from app.services.deciding.decision import decision_on
from app.services.deciding.public_draw import commit_draw, draw_equals, public_draw
from app.services.deciding.ranking import ranking_of
from app.services.transitions import Refused
from tests.support.decided import FAIR, GOOD, Office
from tests.support.world import World
from workflows.public_draw import is_kept, seed_of, ticket_of

SMALL = (Path(__file__).parents[1] / "support" / "small_call.yaml").read_text(encoding="utf-8")
QUESTION = "      - {id: part, label: Strand, type: choice, required: true, choices: [{code: A, label: A}, {code: B, label: B}]}\n"
STRANDS = """strand_question: part
strands:
  - {code: A, title: First, total: 100}
  - {code: B, title: Second, total: 200}
transfers:
  - {from: A, to: B, most: 50}
"""
DRAW = """tie_breaks: [{by: draw}]
draw: {number: the numbers of the state lottery in the order drawn, on: "2018-04-02"}
"""
WITH = SMALL.replace("evaluation:", QUESTION + "evaluation:", 1) + STRANDS + DRAW


def faults(text: str) -> list[str]:
    return [fault.path for fault in read_call(text.encode())[1]]


def test_a_call_with_strands_and_a_draw_is_read():
    call, found = read_call(WITH.encode())

    assert found == ()
    assert call is not None
    assert [(t.giver, t.taker) for t in call.transfers] == [("A", "B")]


@pytest.mark.parametrize(("old", "new", "path"), [
    ("from: A, to: B", "from: A, to: C", "transfers[0].to"),
    ("from: A, to: B", "from: A, to: A", "transfers[0].to"),
    ("most: 50", "most: 0", "transfers[0].most"),
    ("most: 50", "mots: 50", "transfers[0].mots"),
    ("strand_question: part", "strand_question: summary", "strand_question"),
    ("{code: B, label: B}", "{code: C, label: B}", "strand_question"),
    ("total: 200}", "expected_awards: 2}", "transfers[0].to"),
    ("by: draw", "by: total", "draw"),
    ("[{by: draw}]", "[{by: draw}, {by: total}]", "tie_breaks[0]"),
    ("2018-04-02", "2018-03-08", "draw.on"),
])  # fmt: skip
def test_what_makes_no_sense_is_refused_by_its_path(old: str, new: str, path: str):
    assert path in faults(WITH.replace(old, new))


def test_equals_are_drawn_once_by_a_secret_committed_before_its_number_was_known(world: World):
    text = Path("app/data/calls/cos-clustpartns-2017-3-02.yaml").read_text(encoding="utf-8")
    changed = text.replace("  - {by: panel_decision, assumed: true}\n", "  - {by: draw, assumed: true}\n", 1)
    path = world.folder / "drawn.yaml"
    path.write_text(changed + '\ndraw: {number: the state lottery, on: "2018-06-01"}\n', encoding="utf-8")
    office = Office(world, path=path)
    first = office.application("FIRST", GOOD, grant=2_000_000)
    second = office.application("EQUAL", GOOD, grant=2_000_000)
    office.application("LAST", FAIR)
    office.start()

    with world.act(office.manager) as act:
        call = act.session.get_one(Call, office.call.id)
        commit_draw(act, call)
        with pytest.raises(Refused, match="second try"):
            commit_draw(act, call)
    with office.deciding(office.manager) as (act, decision), pytest.raises(Refused, match="not known yet"):
        draw_equals(act, decision, "1 2 3")
    with pytest.raises(Refused, match="public draw"):
        office.take(office.manager, "propose")
    world.now = datetime(2018, 6, 1, 20, tzinfo=UTC)
    with office.deciding(office.manager) as (act, decision):
        draw_equals(act, decision, " 1  2 3 ")
    with office.deciding(office.manager) as (act, decision), pytest.raises(Refused, match="second draw"):
        draw_equals(act, decision, "4 5 6")

    with world.look() as act:
        draw = act.session.scalars(select(Draw)).one()
        assert is_kept(draw.commitment, draw.secret)
        assert draw.seed == seed_of(draw.secret, "1 2 3")
        order = [line.position.key for line in ranking_of(act, act.session.get_one(Call, office.call.id)).lines]
        tickets = {one.id: ticket_of(draw.seed, one.number or "") for one in (first, second)}
        assert order[:2] == sorted(tickets, key=tickets.__getitem__)
        assert act.session.scalars(select(Event.name).where(Event.name == "draw")).all() == ["draw"]
        call = act.session.get_one(Call, office.call.id)
        before = public_draw(act, call, "A-FIRST")
        assert before is not None
        assert (before.is_open, before.ticket) == (False, "")
    office.take(office.manager, "propose")
    office.take(office.director, "sign")
    office.take(office.director, "release")
    with world.look() as act:
        call = act.session.get_one(Call, office.call.id)
        after = public_draw(act, call, first.number or "")
        assert after is not None
        assert after.ticket == tickets[first.id]
        decision = decision_on(act, call)
        assert decision is not None
        assert decision.ranking is not None
        assert decision.ranking["draw_seed"] == draw.seed
