"""The pool: when somebody is free, and how a balance is counted."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal

import pytest

from workflows.definition_evaluation import Balance
from workflows.pool import Member, balance_of, is_free

TODAY = date(2027, 3, 1)


def _days(first: int, last: int) -> tuple[date, date]:
    return TODAY + timedelta(days=first), TODAY + timedelta(days=last)


@pytest.mark.parametrize(
    ("away", "until", "free"),
    [
        ([], None, True),
        ([_days(0, 21)], None, True),  # of 29 days 7 are left
        ([_days(0, 22)], None, False),
        ([_days(0, 10), _days(12, 30)], None, False),
        ([_days(-30, -1)], None, True),
        ([_days(40, 60)], None, True),
        ([_days(3, 3)], TODAY + timedelta(days=3), False),  # a short time has to be free as a whole
        ([_days(4, 9)], TODAY + timedelta(days=3), True),
    ],
)
def test_whoever_has_too_few_days_left_is_not_free(away, until, free):
    assert is_free(away, TODAY, until) is free


def test_shares_are_counted_against_their_targets():
    members = [
        Member("PT", "woman", "research", newcomer=True),
        Member("PT", "man", "research", newcomer=False),
        Member("IT", "", "", newcomer=False),
        Member("", "man", "business", newcomer=False),
    ]
    targets = Balance(
        largest_country=Decimal("0.4"), least_women=Decimal("0.4"), least_men=Decimal("0.4"),
        least_newcomers=Decimal("0.25"),
    )  # fmt: skip

    shares = {(one.what, one.value): (one.count, one.of, one.is_met) for one in balance_of(members, targets)}

    assert shares == {
        ("country", "PT"): (2, 4, False),
        ("country", "IT"): (1, 4, True),
        ("country", ""): (1, 4, None),
        ("gender", "woman"): (1, 3, False),
        ("gender", "man"): (2, 3, True),
        ("gender", "other"): (0, 3, None),
        ("gender", ""): (1, 4, None),
        ("sector", "research"): (2, 4, None),
        ("sector", "business"): (1, 4, None),
        ("sector", ""): (1, 4, None),
        ("newcomer", "newcomer"): (1, 4, True),
    }


def test_nobody_to_count_meets_and_misses_nothing():
    assert {one.is_met for one in balance_of([], Balance(least_women=Decimal(1), least_newcomers=Decimal(1)))} == {None}
