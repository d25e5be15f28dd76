"""500 interests hidden among 5,000 pairs: none of the direct ones is ever assigned, nearly all others are found."""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from difflib import SequenceMatcher
from pathlib import Path

import pytest
from sqlalchemy import select

from app.act import Act
from app.asker import sinces
from app.chance import Seeded as Chance
from app.interest import expert_is_tied
from app.models import Assignment, Call
from app.planning.solve import solve
from app.services.assigning.plan_question import Situation, question_of, situation_of
from app.services.organisations.names import LIKE, likeness
from tests.oracles.seeded_conflicts import INDIRECT, NOW, Seeded, Sower
from tests.support.sharing import copy_of
from tests.support.world import REAL, World

SMALL = Path(__file__).parents[1] / "support" / "small_call.yaml"


@dataclass
class Sown:
    truth: Seeded
    situation: Situation
    barred: set[tuple[str, str]]  # of all 5,000 pairs, by the condition in SQL


@pytest.fixture(scope="module")
def sown(sqlite_template: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Sown]:
    folder = tmp_path_factory.mktemp("sown")
    database = copy_of(sqlite_template, folder)
    world = World(database, Chance(7), folder)
    call = world.call(SMALL)
    older = world.call(REAL, opened=False)
    with database.writing() as session:
        here, before = session.get_one(Call, call.id), session.get_one(Call, older.id)
        truth = Sower(session, here, before, seed=20270301).sow()
        session.commit()
    with database.reading() as session:
        situation = situation_of(Act(session, NOW, Chance(8), "sown"), session.get_one(Call, call.id))
    with database.writing() as session:
        for application, person in situation.ties:
            session.add(_a_task(application, person, len(session.new)))
        session.flush()
        query = select(Assignment.application_id, Assignment.person_id).where(expert_is_tied())
        barred = {(application, person) for application, person in session.execute(query, sinces(NOW))}
    yield Sown(truth, situation, barred)
    database.close()


def _a_task(application: str, person: str, number: int) -> Assignment:
    key = f"t{number:025d}"
    return Assignment(
        id=key, application_id=application, person_id=person, state="draft", created_at=NOW, last_act_at=NOW
    )


def test_the_seeds_are_as_many_as_they_should_be(sown: Sown) -> None:
    assert len(sown.situation.ties) == 5000
    assert (len(sown.truth.direct), len(sown.truth.indirect)) == (250, 250)


def test_no_direct_interest_is_assigned_by_the_best_plan(sown: Sown) -> None:
    instance = question_of(sown.situation, repair=False)

    answer = solve(instance)

    pairs = instance.pairs
    offered = [
        (instance.needs[a].id, instance.readers[e].id) for a, e in zip(pairs.application, pairs.expert, strict=True)
    ]
    chosen = {offered[place] for place in answer["chosen"]}
    assert len(chosen) == 100
    assert chosen & sown.truth.direct == set()
    assert set(offered) & sown.truth.direct == set()


def test_at_least_95_in_100_indirect_interests_are_flagged(sown: Sown) -> None:
    """Each by its own kind: that something else was found of the pair is not enough."""
    seeds = sown.truth.indirect | dict.fromkeys(sown.truth.rivals, "rival")

    missed = Counter(
        kind for pair, kind in seeds.items() if kind not in {tie.kind for tie in sown.situation.open_ties(*pair)}
    )

    assert sum(missed[kind] for kind in INDIRECT) <= 0.05 * len(sown.truth.indirect), missed
    assert missed["rival"] == 0


def test_pairs_without_an_interest_are_left_alone(sown: Sown) -> None:
    """A search that flags everybody would find every seed."""
    truth = sown.truth
    clean = set(sown.situation.ties) - truth.direct - truth.indirect.keys() - truth.rivals

    flagged = [pair for pair in clean if sown.situation.ties[pair]]

    assert len(clean) == 2700
    assert len(flagged) <= 0.01 * len(clean), flagged


def test_the_condition_in_sql_bars_just_the_direct_ones(sown: Sown) -> None:
    assert sown.barred == sown.truth.direct


def test_the_shortcut_of_comparing_names_changes_no_answer() -> None:
    rng = random.Random(5)
    letters = "abcdefgh ijklmnop"
    for _ in range(3000):
        one = "".join(rng.choices(letters, k=rng.randint(3, 24))).strip() or "a"
        other = "".join(c if rng.random() > 0.15 else rng.choice(letters) for c in one) + rng.choice(("", "x", "yz"))
        plain = SequenceMatcher(None, telling(one), telling(other), autojunk=False).ratio() >= LIKE

        assert (likeness(one, other) >= LIKE) is plain, (one, other)


def telling(name: str) -> str:
    return " ".join(sorted("".join(c if c.isalnum() else " " for c in name).split()))
