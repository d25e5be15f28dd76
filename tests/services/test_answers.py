"""Answers in versions: nobody's text is lost."""

from __future__ import annotations

from dataclasses import dataclass

import pytest

from app.models import Answer, Expression, Person
from app.services.applications.answers import Clash, latest, numbers_of, save, values_of
from app.services.transitions import Refused
from tests.support.expression import WHILE_OPEN, a_draft
from tests.support.world import REAL_EXPRESSIONS, World


@dataclass
class Two:
    """Two colleagues with the same draft open."""

    world: World
    expression: Expression
    ana: Person
    ben: Person

    def numbers(self) -> dict[str, int]:
        with self.world.look() as act:
            return numbers_of(latest(act, self.here(act.session)))

    def values(self) -> dict[str, object]:
        with self.world.look() as act:
            return dict(values_of(act, self.here(act.session)))

    def save(self, person: Person, values: dict[str, object], started_from: dict[str, int]) -> dict[str, Answer]:
        with self.world.act(person) as act:
            return save(act, self.here(act.session), values, started_from)  # type: ignore[arg-type]

    def here(self, session: object) -> Expression:
        return session.get_one(Expression, self.expression.id)  # type: ignore[attr-defined, no-any-return]


@pytest.fixture
def two(world: World) -> Two:
    world.now = WHILE_OPEN
    ana, ben = world.person("Ana Silva"), world.person("Ben Okafor")
    call = world.call(REAL_EXPRESSIONS)
    organisation = world.organisation("Textile Cluster", ana, ben)
    return Two(world, a_draft(world, call, organisation, ana), ana, ben)


def test_what_is_saved_again_unchanged_makes_no_new_row(two: Two) -> None:
    stored = two.save(two.ana, {"title": "Smart textiles for four regions"}, two.numbers())

    assert stored == {}


def test_each_change_is_a_new_row_and_the_newest_counts(two: Two) -> None:
    for title in ("First", "Second"):
        two.save(two.ana, {"title": title}, two.numbers())

    assert two.values()["title"] == "Second"
    assert two.numbers()["title"] == 3


def test_two_who_change_the_same_answer_clash_and_both_texts_are_told(two: Two) -> None:
    opened = two.numbers()
    two.save(two.ben, {"title": "Ben's title"}, opened)

    with pytest.raises(Clash) as clash:
        two.save(two.ana, {"title": "Ana's title", "objectives": "Ana's objectives"}, opened)

    (difference,) = clash.value.differences
    assert (difference.question, difference.mine, difference.theirs) == ("title", "Ana's title", "Ben's title")
    assert difference.by is not None
    assert difference.by.name == "Ben Okafor"
    assert two.values()["title"] == "Ben's title"
    assert two.values()["objectives"] == "Share pilot lines; plan joint investments."


def test_somebody_who_did_not_touch_an_answer_does_not_clash_over_it(two: Two) -> None:
    opened, before = two.numbers(), two.values()
    two.save(two.ben, {"title": "Ben's title"}, opened)

    stored = two.save(two.ana, {"title": before["title"], "objectives": "Ana's objectives"}, opened)

    assert list(stored) == ["objectives"]
    assert two.values()["title"] == "Ben's title"


def test_after_a_clash_the_newer_number_lets_mine_stand(two: Two) -> None:
    opened = two.numbers()
    two.save(two.ben, {"title": "Ben's title"}, opened)
    with pytest.raises(Clash) as clash:
        two.save(two.ana, {"title": "Ana's title"}, opened)

    two.save(two.ana, {"title": "Ana's title"}, opened | {"title": clash.value.differences[0].number})

    assert two.values()["title"] == "Ana's title"


def test_an_answer_that_both_wrote_alike_is_no_clash(two: Two) -> None:
    opened = two.numbers()
    two.save(two.ben, {"governance": "A board of three"}, opened)

    assert two.save(two.ana, {"governance": "A board of three"}, opened) == {}


def test_nothing_is_saved_from_the_deadline_on(two: Two) -> None:
    two.world.now = two.expression.call.closes_at

    with pytest.raises(Refused) as refused:
        two.save(two.ana, {"title": "Too late"}, two.numbers())

    assert refused.value.verdict.codes == ("call-closed",)
