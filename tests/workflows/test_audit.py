"""The sample of an auditor: anybody draws the same again."""

from __future__ import annotations

import hashlib
from collections import Counter

from workflows.audit import may_draw, sample

NUMBERS = [f"A-{place:03}" for place in range(40)]


def test_anybody_draws_the_same_again_whatever_the_order() -> None:
    by_hand = sorted(NUMBERS, key=lambda number: hashlib.sha256(f"5eed:{number}".encode()).hexdigest())[:7]

    assert sample(NUMBERS, 7, "5eed") == sample(reversed(NUMBERS), 7, "5eed") == by_hand
    assert sample(NUMBERS, 7, "other") != by_hand
    assert sample(NUMBERS, 12, "5eed")[:7] == by_hand  # a larger one begins with the smaller


def test_each_application_is_drawn_about_as_often() -> None:
    drawn = Counter(number for seed in range(800) for number in sample(NUMBERS, 10, str(seed)))

    assert set(drawn) == set(NUMBERS)
    assert 140 < min(drawn.values()) <= max(drawn.values()) < 260  # 200 each, five deviations of 12


def test_a_sample_is_drawn_once_after_the_deadline_and_of_a_size_there_is() -> None:
    assert may_draw(drawn=False, closed=True, of=3, size=3)
    for refused in (
        may_draw(drawn=True, closed=True, of=3, size=1),
        may_draw(drawn=False, closed=False, of=3, size=1),
        may_draw(drawn=False, closed=True, of=3, size=0),
        may_draw(drawn=False, closed=True, of=3, size=4),
    ):
        assert not refused
