"""Trials on a ranking: what is not named stays, what is named counts, and a panel's order is not stretched."""

from decimal import Decimal

import pytest

from tests.workflows.test_scoring import CALL, entry, keys
from workflows.ranking_lists import Listed
from workflows.what_if import Inputs, Report, Trial, crossings, tried

A, B, C = entry("a", 25, 25), entry("b", 20, 20), entry("c", 24, 17)


def report(key, application, c1, c2):
    return Report(key=key, application=application, scores={"C1": Decimal(c1), "C2": Decimal(c2)})


INPUTS = Inputs(
    call=CALL,
    entries=(A, B, C),
    reports=(report("r1", "b", 18, 20), report("r2", "b", 22, 20), report("r3", "c", 24, 17)),
)


def listed(inputs):
    return {line.position.key: line.listed for line in inputs.lines()}


def order(inputs):
    return keys([line.position for line in inputs.lines()])


def test_an_empty_trial_changes_nothing():
    assert tried(INPUTS, Trial()) == INPUTS
    assert crossings(INPUTS.lines(), tried(INPUTS, Trial()).lines()) == ()


def test_a_threshold_an_award_and_a_score_each_move_who_they_should():
    higher = tried(INPUTS, Trial(thresholds={"C1": Decimal(21)}))
    one_award = tried(INPUTS, Trial(awards={"": 1}))
    better = tried(INPUTS, Trial(score=("c", "C1", Decimal(30))))

    assert listed(higher) == {"a": Listed.AWARDED, "b": Listed.REJECTED, "c": Listed.AWARDED}
    assert listed(one_award) == {"a": Listed.AWARDED, "b": Listed.RESERVE, "c": Listed.RESERVE}
    assert [(one.key, one.goes_in, one.goes_out) for one in crossings(INPUTS.lines(), better.lines())] == [
        ("c", True, False),
        ("b", False, True),
    ]


def test_a_report_left_out_moves_the_agreed_scores_as_far_as_the_mean_of_the_reports_moves():
    without = tried(INPUTS, Trial(without="r1"))
    scores = {one.key: one.scores for one in without.entries}

    assert scores["b"] == {"C1": Decimal(22), "C2": Decimal(20)}  # the mean rose from 20 to 22
    assert tried(INPUTS, Trial(without="r3")).entries == INPUTS.entries  # the only report of its application


def test_the_panels_order_is_kept_for_those_it_was_given_for_alone():
    equals = Inputs(call=CALL, entries=(B, entry("d", 20, 20), C), panel=("d", "b"))

    assert order(equals) == ["d", "b", "c"]
    assert order(tried(equals, Trial(awards={"": 1}))) == ["d", "b", "c"]
    joined = tried(tried(equals, Trial(score=("c", "C1", Decimal(20)))), Trial(score=("c", "C2", Decimal(20))))
    assert [line.position.rank for line in joined.lines()] == [1, 1, 1]


@pytest.mark.parametrize(
    "trial", [Trial(thresholds={"C9": Decimal(1)}), Trial(without="r9"), Trial(score=("z", "C1", Decimal(1)))]
)
def test_what_is_not_there_is_named(trial):
    with pytest.raises(KeyError):
        tried(INPUTS, trial)
