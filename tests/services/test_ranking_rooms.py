"""Beside the ranking: a panel's changed marks and minutes, trials that write nothing of the ranking, advice that is off."""

from __future__ import annotations

import hashlib
from decimal import Decimal
from typing import Any

import pytest
from sqlalchemy import select

from app.act import Act
from app.models import AgreedScore, Base, Call, Conflict, Consensus, Decision, Event, Strength, Trial, TrialKind
from app.services.deciding.advice import advised
from app.services.deciding.panel import panel_page, write_minutes
from app.services.deciding.panel_marks import change_mark
from app.services.deciding.portfolio import portfolio_of
from app.services.deciding.ranking import ranking_of
from app.services.deciding.results import result_of
from app.services.deciding.trials import Saving, digest_of, freeze, inputs_of, save_trial, thaw
from app.services.deciding.what_if_room import smallest_of, what_if
from app.services.transitions import Refused, perform
from tests.support.decided import FAIR, GOOD, WEAK, Office
from tests.support.evaluation import POINTS, Evaluation
from tests.support.world import World
from workflows.what_if import Trial as Tried


def rows(office: Office) -> dict[str, str]:
    """A hash of all rows of every table but those of the room: kept trials, and the entry of keeping one."""
    found = {}
    with office.world.look() as act:
        for table in Base.metadata.sorted_tables:
            if table.name == "trial":
                continue
            lines = [tuple(row) for row in act.session.execute(select(table))]
            if table.name == "event":
                at = list(table.columns.keys()).index("noun")
                lines = [line for line in lines if line[at] != "trial"]
            found[table.name] = hashlib.sha256(repr(sorted(map(repr, lines))).encode()).hexdigest()
    return found


def test_a_trial_shows_who_crosses_the_line_and_writes_nothing_of_the_ranking(world: World):
    office = Office(world)
    first = office.application("FIRST", GOOD, grant=2_700_000)
    second = office.application("SECOND", FAIR, grant=200_000)
    office.application("WEAK", WEAK)
    office.start()
    before = rows(office)

    with office.deciding(office.manager) as (act, decision):
        inputs = inputs_of(act, decision.call)
        found = what_if(inputs, Tried(money={"": Decimal(3_000_000)}))
        assert [one.key for one in found.goes_in] == [second.id]
        lowered = what_if(inputs, Tried(score=(first.id, "C1", Decimal(2))))
        assert [one.key for one in lowered.goes_out] == [first.id]
        assert smallest_of(inputs)
        assert thaw(freeze(inputs)).lines() == inputs.lines()
        asked = [("money", "3000000")]
        kept = save_trial(act, decision, Saving(TrialKind.WHAT_IF, "More money", asked, inputs, found.answer))
        assert kept.frozen_sha256 == digest_of(kept.frozen)
        with pytest.raises(Refused, match="of this name"):
            save_trial(act, decision, Saving(TrialKind.WHAT_IF, "More  money", asked, inputs, found.answer))

    assert rows(office) == before
    with office.world.look() as act:
        trial = act.session.scalars(select(Trial)).one()
        assert act.session.scalars(select(Event.name).where(Event.noun == "trial")).all() == ["save"]
        call = act.session.get_one(Call, office.call.id)
        assert [line.listed.value for line in ranking_of(act, call).lines] == ["awarded", "reserve", "rejected"]
        assert what_if(thaw(trial.frozen), Tried(money={"": Decimal(3_000_000)})).answer == trial.answer
        advice = advised(act, call, inputs_of(act, call), 1)
        assert (advice.certainty, advice.severities) == (None, None)  # the call does not name them
        portfolio = portfolio_of(act, act.session.scalars(select(Decision)).one())
        assert (portfolio.ranked, portfolio.awarded, portfolio.money) == (3, 1, Decimal(2_700_000))
        assert {(one.name, one.applications, one.awarded) for one in portfolio.countries} >= {
            ("IT", 3, 1),
            ("BG", 3, 1),
        }
        assert portfolio.marks


def test_a_panels_mark_counts_in_the_ranking_and_the_agreed_one_stays(world: World):
    office = Office(world)
    first = office.application("FIRST", GOOD)
    second = office.application("SECOND", FAIR)
    office.start()

    def change(points: str, reason: str = "Other calls' partners count too.") -> None:
        with world.act(office.manager) as act:
            consensus = act.session.scalars(select(Consensus).where(Consensus.application_id == first.id)).one()
            change_mark(act, consensus, "C1", Decimal(points), reason)

    for points, reason, wrong in (("12", " ", "Fill in"), ("31", "x", "from 0 to 30"), ("27", "x", "counts already")):
        with pytest.raises(Refused, match=wrong):
            change(points, reason)
    change("17")
    with world.look() as act:
        call = act.session.get_one(Call, office.call.id)
        found = ranking_of(act, call)
        assert [line.position.key for line in found.lines] == [first.id, second.id]
        assert found.lines[0].position.outcome.total == Decimal("76.5")
        assert found.changed == {first.id}
        agreed = act.session.scalars(select(AgreedScore.points).where(AgreedScore.criterion == "C1")).all()
        assert Decimal(27) in agreed
    change("27")  # back to what was agreed: recorded, and nothing is changed any more
    change("10")
    office.take(office.manager, "propose")
    with pytest.raises(Refused, match="proposed"):
        change("20")
    office.take(office.director, "sign")
    office.take(office.director, "release")
    with world.look() as act:
        result = result_of(act, act.session.get_one(type(first), first.id))
        assert result is not None
        assert result.scored.score("C1") == Decimal(10)
        assert "partners count too" in result.criteria[0].comments
        names = act.session.scalars(select(Event.name).where(Event.name == "change_mark")).all()
        assert len(names) == 3


def test_who_has_a_conflict_is_out_of_the_panel_and_its_minutes_say_so(world: World):
    story = Evaluation(world)
    application, other = story.application("SMARTEX"), story.application("OTHER")
    story.close()
    story.admit(application, other)
    readers = [story.expert(name) for name in ("Ada", "Ben", "Cleo")]
    tasks = [story.task(application, reader, rapporteur=reader is readers[0]) for reader in readers[:2]]
    story.task(other, readers[2])
    for task in tasks:
        story.score(task, "4", "20")
    consensus = story.open_consensus(application)
    story.agree_on(consensus, readers[0], "4", "20")
    for reader in readers[:2]:
        with world.act(reader) as act:
            world_perform(act, consensus, "sign")
    with world.act(readers[0]) as act:
        world_perform(act, consensus, "agree")
    with world.act(story.manager) as act:
        world_perform(act, consensus, "approve", {"points": POINTS})
        act.session.add(
            Conflict(
                id=act.new_id(),
                application_id=application.id,
                person_id=readers[2].id,
                kind="employer",
                strength=Strength.DIRECT,
                declared=True,
                path=[],
                found_at=act.now,
            )
        )

    with world.act(story.manager) as act:
        mine = act.session.get_one(Consensus, consensus.id)
        page = panel_page(act, mine)
        assert [person.name for person in page.out] == ["Cleo"]
        assert [[one.points for one in line.given] for line in page.lines] == [[4, 4], [20, 20]]
        with pytest.raises(Refused, match="Cleo can't be present"):
            write_minutes(act, mine, [readers[2].id], "We agree.")
        minute = write_minutes(act, mine, [readers[0].id], "We agree.")
        assert (minute.present, minute.absent) == ([readers[0].id], [readers[2].id])


def world_perform(act: Act, consensus: Consensus, name: str, data: dict[str, Any] | None = None) -> None:
    perform(act, act.session.get_one(Consensus, consensus.id), name, data)
