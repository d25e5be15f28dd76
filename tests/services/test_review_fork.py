"""A ranking worked out again: what a panel decided over some equals says nothing of others."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

from app.services.deciding.ranking import Ranking, ranking_data
from app.services.reviews.review_fork import ranked_again
from tests.workflows.test_scoring import CALL, entry
from workflows.definition import Budget
from workflows.ranking import rank
from workflows.ranking_lists import lists

THREE = replace(CALL, budget=Budget(total=Decimal(1000), expected_awards=1))
AS_A_AND_B = {"C1": Decimal(20), "C2": Decimal(20)}


def released(*entries, panel):
    order = [{"applications": list(panel)}]
    return ranking_data(Ranking(THREE, lists(THREE, rank(THREE, entries, panel)), (), panel), order)


def test_a_panels_order_counts_only_for_the_equals_it_was_given_for():
    base = released(entry("a", 20, 20), entry("b", 20, 20), entry("c", 16, 16), panel=("b", "a"))

    unchanged = ranked_again(THREE, base, {})
    with_c_equal = ranked_again(THREE, base, {"c": AS_A_AND_B})

    assert unchanged["lines"] == base["lines"]
    assert [line["application"] for line in base["lines"]] == ["b", "a", "c"]
    assert with_c_equal["panel"] == []
    assert [line["rank"] for line in with_c_equal["lines"]] == [1, 1, 1]
    assert not any(reason["code"] == "behind-panel" for line in with_c_equal["lines"] for reason in line["reasons"])
