"""Times and derived values of a call."""

from dataclasses import replace
from datetime import UTC, date, datetime
from decimal import Decimal
from zoneinfo import ZoneInfo

import pytest

from workflows.definition import (
    CallDefinition,
    CallKind,
    Moment,
    Months,
    Precision,
    RuleKind,
    RuleSpec,
    Severity,
    Subject,
    Timetable,
)
from workflows.definition_evaluation import Evaluation
from workflows.definition_quality import USUAL_POINTS, CheckPoint
from workflows.definition_time import Extension, LocalTimeProblem, local_problem
from workflows.rules import derived_rules
from workflows.standstill import stands_still

BRUSSELS = ZoneInfo("Europe/Brussels")
TIMES = Timetable(
    zone="Europe/Brussels",
    opens=Moment(at="2017-12-07", precision=Precision.WEEK),
    closes=Moment(at="2018-03-08T17:00:00"),
)
CALL = CallDefinition(code="call", kind=CallKind.GRANT_AND_LABEL, title="Call", timetable=TIMES)


def test_an_hour_is_local_in_winter_and_in_summer():
    assert TIMES.closes_at == datetime(2018, 3, 8, 16, tzinfo=UTC)
    assert replace(TIMES, closes=Moment(at="2018-07-08T17:00:00")).closes_at == datetime(2018, 7, 8, 15, tzinfo=UTC)


@pytest.mark.parametrize("written", ["2017-03-31", "2017-03-31T23:59:59"])
def test_a_closing_known_to_the_day_ends_with_that_day(written):
    times = replace(TIMES, closes=Moment(at=written, precision=Precision.DAY))

    assert times.closes_at == datetime(2017, 3, 31, 22, tzinfo=UTC)


def test_an_opening_known_to_the_day_is_its_first_instant():
    assert TIMES.opens_at == datetime(2017, 12, 6, 23, tzinfo=UTC)


@pytest.mark.parametrize(("local", "problem"), [
    ("2018-03-25T02:30:00", LocalTimeProblem.DOES_NOT_EXIST),
    ("2018-10-28T02:30:00", LocalTimeProblem.EXISTS_TWICE),
    ("2018-10-28T02:30:00+01:00", None),
    ("2018-10-28T02:30:00+02:00", None),
    ("2018-10-28T02:30:00+03:00", LocalTimeProblem.WRONG_OFFSET),
    ("2018-03-25T02:30:00+01:00", LocalTimeProblem.DOES_NOT_EXIST),
    ("2018-03-25T03:00:00", None),
])  # fmt: skip
def test_local_times_that_do_not_exist_or_exist_twice_are_found(local, problem):
    assert local_problem(datetime.fromisoformat(local), BRUSSELS) is problem


def test_a_time_that_exists_twice_is_told_apart_by_its_offset():
    first = Moment(at="2018-10-28T02:30:00+02:00").starts_at(BRUSSELS)
    second = Moment(at="2018-10-28T02:30:00+01:00").starts_at(BRUSSELS)

    assert (first.hour, second.hour) == (0, 1)


def test_a_practice_copy_keeps_its_hour_over_summer_time_and_the_day_of_its_groups():
    times = replace(TIMES, extensions=(Extension(before="2018-03-01", after="2018-03-08"),))
    copy = replace(CALL, timetable=times).shifted(weeks=20, code="practice")

    assert copy.code == "practice"
    assert copy.timetable.closes.at == "2018-07-26T17:00:00"
    assert copy.closes_at == datetime(2018, 7, 26, 15, tzinfo=UTC)
    assert copy.timetable.extensions == ()
    assert (copy.timetable.opens.at, copy.timetable.opens.precision) == ("2018-04-26", Precision.WEEK)
    assert copy.countries_date == CALL.countries_date == date(2018, 3, 8)


def test_ceilings_stand_once_in_the_rules():
    ceiling = RuleSpec(id="c", rule=RuleKind.MAX_VALUE, of=Subject.REQUESTED_GRANT, value=Decimal(350000))

    assert CALL.max_grant is None
    assert replace(CALL, rules=(ceiling,)).max_grant == Decimal(350000)
    assert replace(CALL, rules=(ceiling,)).max_rate is None


def test_rules_that_follow_from_the_call_are_advice_for_an_expression_of_interest():
    call = replace(CALL, months=Months(min=18, max=24), country_groups=("FR",), eligible_kinds=("science_park",))
    ids = ["eligible_kinds", "eligible_countries", "project_months", "partners_accepted"]

    assert [rule.id for rule in derived_rules(call)] == ids
    assert [rule.severity for rule in derived_rules(call)] == [Severity.BLOCKING] * 3 + [Severity.WARNING]
    advice = derived_rules(replace(call, kind=CallKind.EXPRESSION_OF_INTEREST, consent_severity=Severity.ADVISORY))
    assert {rule.severity for rule in advice} == {Severity.ADVISORY}


def test_what_a_call_does_not_have_is_an_error_to_ask_for():
    for ask in (CALL.section, CALL.question, CALL.criterion):
        with pytest.raises(KeyError):
            ask("none")


def test_a_call_names_its_own_points_of_the_quality_check_or_the_usual_ones_are_asked():
    own = CheckPoint(code="short", text="It is no longer than two pages.")

    assert Evaluation().points_to_check == USUAL_POINTS
    assert Evaluation(quality_check=(own,)).points_to_check == (own,)
    assert len({point.code for point in USUAL_POINTS}) == len(USUAL_POINTS)


def test_looking_goes_on_while_an_evaluation_is_frozen_and_acts_do_not():
    looking = ("consensus.view", "plan.view", "call.view_readings", "call.thaw_evaluation")
    acts = ("consensus.approve", "plan.publish", "assignment.bar", "decision.sign", "call.chair_meeting")

    assert not any(map(stands_still, looking))
    assert all(map(stands_still, acts))
