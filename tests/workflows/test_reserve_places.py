"""Places on reserve lists are counted strand by strand."""

from __future__ import annotations

import random

from app.services.reviews.review_ranking import reserve_place

RESERVE = "hold_in_reserve"


def test_those_of_another_strand_never_stand_before() -> None:
    lines = [
        {"application": "a1", "strand": "A"}, {"application": "b1", "strand": "B"}, {"application": "b2", "strand": "B"},
        {"application": "a2", "strand": "A"}, {"application": "b3", "strand": "B"}, {"application": "n1"},
        {"application": "n2", "strand": ""},
    ]  # fmt: skip
    outcomes = dict.fromkeys(("b1", "b2", "a2", "b3", "n1", "n2"), RESERVE) | {"a1": "award"}

    places = {one["application"]: reserve_place(lines, outcomes, one["application"]) for one in lines}
    assert places == {"a1": None, "b1": 1, "b2": 2, "a2": 1, "b3": 3, "n1": 1, "n2": 2}


def test_places_of_a_strand_are_one_to_n_in_the_order_of_the_ranking() -> None:
    chance = random.Random(11)
    for _ in range(50):
        lines = [{"application": str(n), "strand": chance.choice("ABC")} for n in range(30)]
        outcomes = {one["application"]: chance.choice((RESERVE, "award", "reject")) for one in lines}
        for strand in "ABC":
            held = [
                one["application"]
                for one in lines
                if one["strand"] == strand and outcomes[one["application"]] == RESERVE
            ]
            assert [reserve_place(lines, outcomes, one) for one in held] == list(range(1, len(held) + 1))
