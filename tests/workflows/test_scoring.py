"""Scores, thresholds, ranking, ties and lists, by worked examples and by what must always hold."""

from dataclasses import replace
from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from workflows.definition import (
    Award,
    Band,
    Budget,
    CallDefinition,
    CallKind,
    Criterion,
    Evaluation,
    Moment,
    TieBreak,
    TieBreakBy,
    Timetable,
)
from workflows.ranking import Entry, rank
from workflows.ranking_lists import Listed, lists
from workflows.scoring import check_score, check_scores, nearest, outcome_of, spread

C1 = Criterion(code="C1", name="Relevance", max_points=Decimal(30), threshold=Decimal(15))
C2 = Criterion(code="C2", name="Quality", max_points=Decimal(30), threshold=Decimal(15), weight=Decimal(2))
CALL = CallDefinition(
    code="call",
    kind=CallKind.GRANT_AND_LABEL,
    title="Call",
    timetable=Timetable(zone="Europe/Brussels", opens=Moment(at="2018-01-01"), closes=Moment(at="2018-03-08T17:00:00")),
    budget=Budget(total=Decimal(700), expected_awards=2),
    evaluation=Evaluation(),
    criteria=(C1, C2),
    overall_threshold=Decimal(40),
    tie_breaks=(TieBreak(by=TieBreakBy.CRITERION, code="C1"), TieBreak(by=TieBreakBy.PANEL_DECISION)),
    award=Award(),
)


def entry(key, c1, c2, grant=100):
    return Entry(
        key=key,
        acronym=key.upper(),
        scores={"C1": Decimal(str(c1)), "C2": Decimal(str(c2))},
        requested_grant=Decimal(grant),
    )


def keys(positions):
    return [position.key for position in positions]


def listed(call, *entries, panel=()):
    return {line.position.key: line.listed for line in lists(call, rank(call, entries, panel))}


def test_weights_serve_the_ranking_and_never_the_threshold():
    outcome = outcome_of(CALL, {"C1": Decimal(15), "C2": Decimal("24.5")})

    assert (outcome.total, outcome.ranking_total, outcome.passes) == (Decimal("39.5"), Decimal(64), False)
    assert [reason.code for reason in outcome.failings] == ["total-below-threshold"]


def test_reaching_a_threshold_passes():
    assert outcome_of(CALL, {"C1": Decimal(15), "C2": Decimal(25)}).passes


def test_each_failing_threshold_is_named():
    outcome = outcome_of(CALL, {"C1": Decimal("14.5"), "C2": Decimal(14)})

    assert [reason.plain() for reason in outcome.failings] == [
        "Relevance: 14.5 is below its threshold 15.",
        "Quality: 14 is below its threshold 15.",
        "The total 28.5 is below its threshold 40.",
    ]


@pytest.mark.parametrize(
    ("score", "codes"),
    [("0", ()), ("30", ()), ("12.5", ()), ("12.25", ("score-off-step",)), ("30.5", ("score-out-of-range",)),
     ("-0.5", ("score-out-of-range",)), ("NaN", ("score-out-of-range",)), ("Infinity", ("score-out-of-range",))],
)  # fmt: skip
def test_a_score_stands_on_its_step_within_its_points(score, codes):
    assert check_score(C1, Decimal(score)).codes == codes


def test_a_score_off_the_step_is_told_its_neighbours():
    (reason,) = check_score(C1, Decimal("12.3")).reasons

    assert reason.plain() == "Relevance: scores go in steps of 0.5; give 12 or 12.5."


def test_scores_missing_and_unknown_are_both_told():
    assert check_scores(CALL, {"C1": Decimal(1), "C9": Decimal(1)}).codes == ("score-missing", "score-unknown")


def test_the_band_of_a_score_is_the_last_that_begins_at_or_below_it():
    banded = replace(C1, bands=(Band(start=Decimal(0), text="weak"), Band(start=Decimal(15), text="good")))

    assert [banded.band(Decimal(s)).text for s in ("0", "14.5", "15", "30")] == ["weak", "weak", "good", "good"]
    assert C1.band(Decimal(3)) is None


def test_spread_is_a_part_of_the_points():
    assert spread(C1, {"one": Decimal(10), "two": Decimal(25)}) == Decimal("0.5")


def test_equal_totals_fall_to_the_first_tie_break():
    # Both weigh 70: 20 + 2 * 25 and 26 + 2 * 22.
    found = rank(CALL, [entry("a", 20, 25), entry("b", 26, 22)])

    assert keys(found) == ["b", "a"]
    assert found[1].reasons[-1].plain() == "Equal in total; behind B by Relevance: 20 to 26."


def test_what_only_a_panel_can_decide_stays_tied_until_it_has():
    tied = [entry("b", 20, 25), entry("a", 20, 25), entry("c", 30, 30)]

    assert [(p.key, p.rank, p.tied_with) for p in rank(CALL, tied)] == [
        ("c", 1, ()),
        ("a", 2, ("b",)),
        ("b", 2, ("a",)),
    ]
    decided = rank(CALL, tied, panel=("b", "a"))
    assert [(p.key, p.rank) for p in decided] == [("c", 1), ("b", 2), ("a", 3)]
    assert decided[2].reasons[-1].code == "behind-panel"


def test_a_panel_cannot_turn_what_the_scores_decide():
    assert keys(rank(CALL, [entry("a", 30, 30), entry("b", 20, 25)], panel=("b", "a"))) == ["a", "b"]


def test_a_call_without_panel_decision_leaves_the_tie_to_nobody():
    call = replace(CALL, tie_breaks=CALL.tie_breaks[:1])

    assert [p.rank for p in rank(call, [entry("a", 20, 25), entry("b", 20, 25)], panel=("b", "a"))] == [1, 1]


def test_opposite_direction_of_a_tie_break_is_followed():
    call = replace(CALL, tie_breaks=(TieBreak(by=TieBreakBy.CRITERION, code="C1", direction="asc"),))

    assert keys(rank(call, [entry("a", 20, 25), entry("b", 26, 22)])) == ["a", "b"]


def test_failing_a_threshold_stands_behind_all_that_pass_whatever_the_total():
    found = rank(CALL, [entry("strong", 14.5, 30), entry("weak", 15, 25)])

    assert keys(found) == ["weak", "strong"]
    assert [line.listed for line in lists(CALL, found)] == [Listed.AWARDED, Listed.REJECTED]


def test_awards_end_with_their_number_and_the_rest_is_on_reserve():
    found = listed(CALL, entry("a", 30, 30), entry("b", 29, 30), entry("c", 28, 30))

    assert found == {"a": Listed.AWARDED, "b": Listed.AWARDED, "c": Listed.RESERVE}


def test_awards_end_with_the_money_and_nobody_cheaper_is_drawn_ahead():
    found = listed(CALL, entry("a", 30, 30, 600), entry("b", 29, 30, 101), entry("c", 28, 30, 1))

    assert found == {"a": Listed.AWARDED, "b": Listed.RESERVE, "c": Listed.RESERVE}


def test_the_money_may_be_spent_to_the_last_cent():
    assert listed(CALL, entry("a", 30, 30, 600), entry("b", 29, 30, 100))["b"] is Listed.AWARDED


def test_a_tie_across_the_cut_is_left_open_and_nobody_behind_it_is_awarded():
    tied = [entry("a", 30, 30), entry("b", 20, 25), entry("c", 20, 25), entry("d", 20, 24)]

    assert listed(CALL, *tied) == {
        "a": Listed.AWARDED,
        "b": Listed.UNDECIDED,
        "c": Listed.UNDECIDED,
        "d": Listed.RESERVE,
    }
    assert listed(CALL, *tied, panel=("c", "b"))["c"] is Listed.AWARDED


def test_a_tie_that_fits_whole_needs_nobody_to_decide():
    assert set(listed(CALL, entry("b", 20, 25), entry("c", 20, 25)).values()) == {Listed.AWARDED}


def test_a_call_without_reserve_rejects_what_is_left():
    call = replace(CALL, award=Award(reserve=False))

    assert listed(call, entry("a", 30, 30), entry("b", 29, 30), entry("c", 28, 30))["c"] is Listed.REJECTED


# The folder runs in two seconds, so few examples; they differ from run to run.
QUICK = settings(max_examples=20, deadline=None)
SCORES = st.integers(0, 60).map(lambda half: Decimal(half) / 2)
ENTRIES = st.lists(
    st.builds(
        lambda key, c1, c2, grant: entry(f"k{key}", c1, c2, grant),
        st.integers(0, 11), SCORES, SCORES, st.integers(0, 400),
    ),
    max_size=8,
    unique_by=lambda one: one.key,
)  # fmt: skip


@QUICK
@given(ENTRIES, st.randoms())
def test_the_ranking_does_not_depend_on_the_order_of_entry(entries, random):
    assert rank(CALL, entries) == rank(CALL, random.sample(entries, len(entries)))


@QUICK
@given(ENTRIES)
def test_nobody_stands_behind_one_with_a_lower_ranking_total_among_those_that_pass(entries):
    totals = [p.outcome.ranking_total for p in rank(CALL, entries) if p.outcome.passes]

    assert totals == sorted(totals, reverse=True)


@QUICK
@given(ENTRIES)
def test_awards_stay_within_number_and_money_and_only_pass(entries):
    awarded = [line.position for line in lists(CALL, rank(CALL, entries)) if line.listed is Listed.AWARDED]

    assert len(awarded) <= 2
    assert sum(p.entry.requested_grant for p in awarded) <= 700
    assert all(p.outcome.passes for p in awarded)


@QUICK
@given(ENTRIES, st.permutations([f"k{n}" for n in range(12)]))
def test_a_full_panel_order_leaves_nothing_undecided(entries, panel):
    assert Listed.UNDECIDED not in listed(CALL, *entries, panel=panel).values()


@QUICK
@given(st.decimals(-5, 40, allow_nan=False, places=3))
def test_nearest_scores_are_allowed_and_lie_on_both_sides(score):
    below, above = nearest(C1, score)

    assert check_score(C1, below)
    assert check_score(C1, above)
    assert below <= min(max(score, 0), 30) <= above


def test_each_place_says_what_put_it_there_and_which_limit_ended_the_awards():
    entries = (entry("a", 20, 25, 400), entry("b", 20, 24, 400), entry("c", 20, 22, 10), entry("d", 1, 1))

    said = {
        line.position.key: [reason.plain() for reason in (*line.position.reasons, *line.reasons)]
        for line in lists(CALL, rank(CALL, entries))
    }

    assert "First: none that reaches all thresholds has a higher total than 70." in said["a"]
    assert "Behind A by the total: 68 to 70." in said["b"]
    assert said["b"][-1] == "Here 400 is asked for and 300 of the money is left."
    assert said["c"][-1] == "The awards end before it, and nobody behind is drawn ahead."
    assert "Behind C, which reaches all thresholds." in said["d"]


def test_awards_that_are_used_up_are_counted():
    found = lists(CALL, rank(CALL, [entry(key, 20, n) for key, n in (("a", 25), ("b", 24), ("c", 23))]))

    assert found[-1].reasons[-1].plain() == "Of the 2 awards expected, 0 are left here."


def test_the_first_of_those_that_all_fail_says_so():
    (only,) = rank(CALL, [entry("a", 1, 1)])

    assert only.reasons[-1].code == "first-below"
