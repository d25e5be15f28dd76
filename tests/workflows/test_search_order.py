"""The order of results: fit first, stale last, a floor of exposure, and another shuffle each week."""

from __future__ import annotations

import random

from workflows.overlap import Outline, overlap
from workflows.search_order import EVERY, Candidate, Placed, Seeker, in_default_order, points, reasons, shuffle_of
from workflows.words import Plural


def drawn(number: int, seed: int, week: int = 1) -> list[Placed]:
    draw = random.Random(seed)
    return [
        Placed(draw.random() < 0.2, -draw.randrange(4), shuffle_of(f"thing{n}", week), f"thing{n}", draw.random() < 0.2)
        for n in range(number)
    ]


def test_every_result_stands_once_whatever_is_drawn() -> None:
    for seed in range(200):
        given = drawn(40, seed)

        assert sorted(one.id for one in in_default_order(given)) == sorted(one.id for one in given)


def test_in_every_four_places_one_is_for_the_floor_as_long_as_any_is_left() -> None:
    for seed in range(200):
        ordered = [one for one in in_default_order(drawn(60, seed)) if not one.stale]
        last = max((place for place, one in enumerate(ordered) if one.floor), default=-1)
        windows = [ordered[place : place + EVERY] for place in range(max(0, last - EVERY + 2))]

        assert all(any(one.floor for one in window) for window in windows)


def test_what_is_stale_stands_after_everything_else() -> None:
    for seed in range(50):
        stale = [one.stale for one in in_default_order(drawn(40, seed))]

        assert stale == sorted(stale)


def test_without_a_floor_the_best_fit_comes_first() -> None:
    plain = [one._replace(floor=False, stale=False) for one in drawn(40, 3)]

    ordered = [one.behind for one in in_default_order(plain)]

    assert ordered == sorted(ordered)


def test_the_same_week_gives_the_same_order_and_another_week_another() -> None:
    equals = [one._replace(behind=0, stale=False, floor=False) for one in drawn(30, 4, week=10)]
    later = [one._replace(shuffle=shuffle_of(one.id, 11)) for one in equals]

    assert list(in_default_order(equals)) == list(in_default_order(reversed(equals)))
    assert [one.id for one in in_default_order(equals)] != [one.id for one in in_default_order(later)]


def test_points_and_reasons_rest_on_the_same_facts() -> None:
    seeker = Seeker(
        frozenset({"textiles", "tourism"}), frozenset({"ict"}), frozenset({"ITC1"}), True, frozenset({"science_park"})
    )
    near = Candidate(frozenset({"textiles", "tourism"}), frozenset({"ict"}), frozenset({"PT11"}), frozenset({"sme"}))
    far = Candidate(frozenset({"water"}), frozenset(), frozenset({"ITC1"}), frozenset({"science_park"}))

    told = [(one.text.many if isinstance(one.text, Plural) else one.text, one.params) for one in reasons(seeker, near)]

    assert told == [
        ("{n} priorities in common", {"n": 2}),
        ("{n} technologies in common", {"n": 1}),
        ("region not yet in your consortium", {}),
        ("can take part as associated partner, not as partner", {}),
    ]
    assert points(seeker, near) == 6
    assert (points(seeker, far), reasons(seeker, far)) == (0, ())


def test_notices_overlap_in_the_same_call_by_theme_and_region_or_technology() -> None:
    one = Outline("a", "call", frozenset({"textiles"}), frozenset({"ict"}), frozenset({"ITC1"}))

    assert overlap(one, Outline("b", "call", frozenset({"textiles"}), frozenset(), frozenset({"ITC1"})))
    assert overlap(one, Outline("b", "call", frozenset({"textiles"}), frozenset({"ict"}), frozenset()))
    assert not overlap(one, Outline("b", "call", frozenset({"textiles"}), frozenset(), frozenset({"PT11"})))
    assert not overlap(one, Outline("b", "call", frozenset({"water"}), frozenset({"ict"}), frozenset({"ITC1"})))
    assert not overlap(one, Outline("b", "other", one.themes, one.technologies, one.regions))
    assert not overlap(one, Outline("a", "call", one.themes, one.technologies, one.regions))
