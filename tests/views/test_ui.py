"""How values are shown: times with their zone, counts as limits count, reasons in words."""

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

import pytest
from flask import Flask
from flask_babel import Babel

from app import ui
from workflows.verdict import Reason
from workflows.words import Plural

DEADLINE = datetime(2026, 12, 10, 16, 0, tzinfo=UTC)


@pytest.fixture(autouse=True)
def spoken():
    site = Flask("spoken")
    Babel(site)
    with site.test_request_context():
        yield


def test_a_moment_has_its_weekday_and_the_zone_by_its_city():
    assert ui.when_text(DEADLINE) == "Thursday 10 December 2026, 17:00 Brussels time"
    assert ui.when_text(DEADLINE, "Europe/Athens") == "Thursday 10 December 2026, 18:00 Athens time"


def test_a_moment_on_a_page_carries_the_machine_readable_one():
    assert str(ui.when(DEADLINE)).startswith('<time datetime="2026-12-10T16:00:00Z" data-escp-zone="Europe/Brussels">')


def test_a_moment_without_a_zone_is_refused():
    with pytest.raises(ValueError, match="without a zone"):
        ui.when(datetime(2026, 12, 10))  # noqa: DTZ001 the point


def test_a_day_is_the_one_of_the_zone():
    assert ui.day(datetime(2026, 12, 9, 23, 30, tzinfo=UTC)) == "10 December 2026"
    assert ui.day(date(2026, 12, 9)) == "9 December 2026"


def test_a_closing_of_day_precision_names_the_day_before_its_instant():
    end = datetime(2017, 3, 31, 22, 0, tzinfo=UTC)  # the first instant of 1 April in Brussels

    assert ui.closing(end, "day") == "until the end of 31 March 2017"
    assert ui.closing(end) == "until Saturday 1 April 2017, 00:00 Brussels time"


@pytest.mark.parametrize(
    ("left", "said"),
    [
        (timedelta(days=18, hours=2, minutes=58), "18 days 2 h"),
        (timedelta(days=1), "1 day"),
        (timedelta(hours=5, minutes=20), "5 h 20 min"),
        (timedelta(minutes=3, seconds=59), "3 min"),
        (timedelta(seconds=40), "40 s"),
        (timedelta(0), "Time is over"),
        (timedelta(seconds=-1), "Time is over"),
    ],
)
def test_time_left_is_rounded_down_and_ends_at_the_deadline_itself(left, said):
    assert ui.time_left(DEADLINE, DEADLINE - left) == said


@pytest.mark.parametrize(
    ("since", "said"),
    [
        (timedelta(seconds=59), "just now"),
        (timedelta(minutes=1), "1 minute ago"),
        (timedelta(hours=3), "3 hours ago"),
        (timedelta(days=5), "5 days ago"),
    ],
)
def test_ago_speaks_in_one_unit(since, said):
    assert ui.ago(DEADLINE - since, DEADLINE) == said


def test_amounts_shares_and_sizes_are_written_out():
    assert ui.money(Decimal(349952)) == "EUR 349,952.00"
    assert ui.number(Decimal("17.50")) == "17.5"
    assert ui.percent(Decimal("0.75")) == "75\xa0%"
    assert ui.size(3_400_000) == "3.4 MB"
    assert ui.size(1) == "1 byte"
    assert ui.money(None) == ""


@pytest.mark.parametrize(
    ("code", "name"), [("IT", "Italy"), ("EL", "Greece"), ("GR", "Greece"), ("UK", "United Kingdom"), ("ZQ", "ZQ")]
)
def test_countries_are_named_by_codes_of_iso_and_of_the_union(code, name):
    assert ui.country(code) == name


@pytest.mark.parametrize(
    ("text", "length"), [("e\u0301", 1), ("a\r\nb", 3), ("a\nb", 3), ("a\rb", 3), ("😀", 1), ("", 0), ("ά", 1)]
)
def test_characters_are_code_points_after_composing_with_a_newline_as_one(text, length):
    assert ui.count_characters(text) == length


def test_a_reason_fills_its_parameters_and_formats_them():
    given = Reason("closed", "The call closed on {at}; {share} of {total}, in {places}", {
        "at": DEADLINE, "share": Decimal("1000.50"), "total": 12000, "places": ["Lombardia", "Attiki"],
    })  # fmt: skip

    assert ui.reason(given) == (
        "The call closed on Thursday 10 December 2026, 17:00 Brussels time; 1,000.5 of 12,000, in Lombardia, Attiki"
    )


@pytest.mark.parametrize(("count", "said"), [(1, "1 partner has not signed"), (2, "2 partners have not signed")])
def test_a_plural_follows_its_count(count, said):
    text = Plural("{n} partner has not signed", "{n} partners have not signed")

    assert ui.reason(Reason("unsigned", text, {"n": count})) == said


def test_text_from_a_call_file_can_reach_nothing_but_its_parameters():
    hostile = "{n.__class__} {0} {missing} {n} 50 % {n!r}"

    assert ui.words(hostile, {"n": 3}) == "{n.__class__} {0} {missing} 3 50 % {n!r}"


def test_nothing_is_shown_as_a_dash_and_markup_is_escaped():
    assert ui.or_dash(None) == '<span aria-hidden="true">–</span>'
    assert ui.or_dash("<b>") == "&lt;b&gt;"
    assert ui.or_dash(0) == "0"
