"""Answers: what is accepted, in which form it is kept, what is refused and how that is said."""

import json
import unicodedata
from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from workflows.definition import Choice, Column, Question, QuestionType
from workflows.question_budget import budget_of
from workflows.question_tables import columns_of
from workflows.question_values import parse_number
from workflows.questions import COLUMN_TYPES, KEYS_OF_TYPE, TABLE_TYPES, Lists, characters, clean, is_empty, missing

T = QuestionType
LISTS = Lists(
    taxonomy={"themes": (Choice(code="esm", label="Manufacturing"), Choice(code="water", label="Water"))},
    countries=(Choice(code="FR", label="France"),),
    regions=(Choice(code="FRK2", label="Rhône-Alpes"),),
    partners=(Choice(code="p1", label="Lyonbiopole"), Choice(code="p2", label="BioWin")),
)


def question(kind, **given):
    return Question(id="q", label="Question", type=kind, **given)


def cleaned(asked, raw):
    value, verdict = clean(asked, raw, LISTS)
    assert verdict, verdict.codes
    return value


def codes(asked, raw):
    return clean(asked, raw, LISTS)[1].codes


@pytest.mark.parametrize(("text", "count"), [
    ("", 0), ("é", 1), ("e\u0301", 1), ("a\r\nb", 3), ("a\nb", 3), ("a\rb", 3), ("👍🏽", 2), ("Ω", 1), ("한", 1),
])  # fmt: skip
def test_characters_are_code_points_after_nfc_with_a_line_break_as_one(text, count):
    assert characters(text) == count


def test_text_is_kept_in_one_normal_form():
    assert cleaned(question(T.LONG_TEXT), "  Cafe\u0301\r\nzwei  ") == "Café\nzwei"
    assert cleaned(question(T.TEXT), "   ") is None


def test_a_text_at_its_limit_is_accepted_and_one_more_is_told_by_how_much():
    asked = question(T.LONG_TEXT, max_chars=3)

    assert cleaned(asked, "a\r\nb") == "a\nb"
    value, verdict = clean(asked, "abcdé")
    assert value == "abcdé"
    assert verdict.reasons[0].plain() == "Shorten “Question” by 2 characters: 3 are allowed, it has 5."


@pytest.mark.parametrize(("kind", "raw", "code"), [
    (T.TEXT, "two\nlines", "more-than-one-line"),
    (T.TEXT, "a\x00b", "control-character"),
    (T.LONG_TEXT, "a\x07b", "control-character"),
    (T.LONG_TEXT, "a\ud800b", "control-character"),
    (T.TEXT, "abc\u202ecba", "turning-mark"),
    (T.TEXT, ["a"], "not-one-value"),
    (T.DATE, "2018-02-29", "not-a-date"),
    (T.DATE, "08.03.2018", "not-a-date"),
    (T.DATE, "20180308", "not-a-date"),
    (T.YES_NO, "maybe", "not-yes-or-no"),
    (T.COUNTRY, "XX", "unknown-choice"),
    (T.NUMBER, "12 apples", "not-a-number"),
    (T.NUMBER, "NaN", "not-a-number"),
    (T.NUMBER, "1e5", "not-a-number"),
    (T.NUMBER, "1,250", "two-readings"),
    (T.NUMBER, "1.250", "two-readings"),
    (T.NUMBER, "1234567890123456", "too-many-digits"),
])  # fmt: skip
def test_what_cannot_be_meant_is_refused(kind, raw, code):
    assert codes(question(kind), raw) == (code,)


@pytest.mark.parametrize(("typed", "number"), [
    ("350000", "350000"), ("350 000", "350000"), ("350\u202f000,50", "350000.50"), ("0,75", "0.75"), ("0.125", "0.125"),
    ("1250", "1250"), ("1.5", "1.5"), ("-3", "-3"), ("1.2500", "1.2500"),
])  # fmt: skip
def test_numbers_are_read_as_people_write_them(typed, number):
    assert cleaned(question(T.NUMBER), typed) == number


def test_a_number_with_two_readings_is_offered_both():
    (reason,) = clean(question(T.NUMBER), "1,250")[1].reasons

    assert reason.plain() == "“Question”: 1,250 can be read in two ways; write 1250 or 1.2500."
    assert [parse_number(text)[0] for text in ("1250", "1.2500")] == [Decimal(1250), Decimal("1.25")]


@pytest.mark.parametrize(("raw", "code"), [("-1", "too-small"), ("11", "too-large"), ("2.3", "off-step")])
def test_numbers_stay_in_range_and_on_step(raw, code):
    asked = question(T.NUMBER, min=Decimal(0), max=Decimal(10), step=Decimal("0.5"))

    assert codes(asked, raw) == (code,)
    assert cleaned(asked, "2,5") == "2.5"


def test_yes_and_no_are_both_answers():
    assert cleaned(question(T.YES_NO), "no") is False
    assert not missing(question(T.YES_NO, required=True), None)
    assert missing(question(T.YES_NO, required=True), False)


def test_choices_come_from_the_call_or_the_taxonomy():
    own = question(T.CHOICE, choices=(Choice(code="a", label="A"),))

    assert cleaned(own, "a") == "a"
    assert codes(own, "esm") == ("unknown-choice",)
    assert cleaned(question(T.CHOICE, taxonomy="themes"), "esm") == "esm"


def test_several_choices_are_kept_once_in_the_order_of_the_list():
    asked = question(T.MULTI_CHOICE, taxonomy="themes", max_choices=1)

    assert clean(asked, ["water", "esm", "water"], LISTS)[0] == ["esm", "water"]
    assert codes(asked, ["water", "esm"]) == ("too-many-choices",)
    assert codes(asked, ["sea"]) == ("unknown-choice",)


def test_empty_rows_vanish_and_reasons_know_their_row_and_column():
    asked = question(T.INDICATORS)
    rows = [{"indicator": " ", "target": ""}, {"indicator": "Projects", "target": "many"}]
    value, verdict = clean(asked, rows)

    assert value == [{"indicator": "Projects", "baseline": None, "target": "many", "evidence": None}]
    assert [(r.code, r.params["row"], r.params["column"]) for r in verdict.reasons] == [("not-a-number", 1, "target")]


def test_a_row_that_was_begun_must_be_finished():
    asked = question(T.INDICATORS)
    value = cleaned(asked, [{"indicator": "Projects"}])

    assert [r.plain() for r in missing(asked, value).reasons] == ["“Question”: fill in “Target” in row 1."]


def test_a_work_package_does_not_end_before_it_starts():
    row = {"title": "Mapping", "start_month": "6", "end_month": "5", "tasks": "All"}

    assert codes(question(T.WORK_PACKAGES), [row]) == ("ends-before-start",)
    assert codes(question(T.WORK_PACKAGES), [row | {"end_month": "6"}]) == ()


def test_the_same_region_or_partner_does_not_stand_in_two_rows():
    assert codes(question(T.REGION_LIST), [{"region": "FRK2"}, {"region": "FRK2"}]) == ("row-twice",)


def test_partners_are_chosen_where_there_is_a_consortium_and_named_where_there_is_none():
    asked = question(T.PARTNER_LIST)

    assert [c.type for c in columns_of(asked, LISTS)] == [T.CHOICE, T.LONG_TEXT]
    assert [c.id for c in columns_of(asked)] == ["partner", "country", "contribution"]


def test_a_table_of_the_calls_own_has_its_columns():
    asked = question(T.TABLE, columns=(Column(id="place", label="Place", required=True),), max_rows=1)

    assert cleaned(asked, [{"place": "Lyon", "other": "x"}]) == [{"place": "Lyon"}]
    assert codes(asked, [{"place": "Lyon"}, {"place": "Riga"}]) == ("too-many-rows",)


def test_a_required_answer_is_missed_and_an_optional_one_is_not():
    assert missing(question(T.TEXT, required=True), None).reasons[0].plain() == "Answer “Question”."
    assert missing(question(T.TEXT), None)
    assert not missing(question(T.BUDGET, required=True), [])


def test_a_budget_adds_up_by_partner_and_category_with_flat_indirect_costs():
    asked = question(
        T.BUDGET,
        choices=(Choice(code="staff", label="Staff"), Choice(code="travel", label="Travel")),
        indirect_rate=Decimal("0.07"),
    )
    rows = cleaned(asked, [
        {"partner": "p1", "staff": "1000.50", "travel": "99.99", "grant": "800"},
        {"partner": "p2", "staff": "2000", "grant": "1 500"},
    ])  # fmt: skip
    budget = budget_of(asked, rows)

    # 7 % of 1100.49 is 77.0343, of 2000 it is 140.
    assert [p.total for p in budget.partners] == [Decimal("1177.52"), Decimal("2140.00")]
    assert budget.by_category == (Decimal("3000.50"), Decimal("99.99"))
    assert (budget.indirect, budget.total, budget.grant) == (Decimal("217.03"), Decimal("3317.52"), Decimal(2300))
    assert budget.rate == Decimal("0.6933")
    assert budget_of(asked, []).rate is None


def test_every_type_says_its_keys_and_columns_are_never_tables():
    assert set(KEYS_OF_TYPE) == set(QuestionType)
    assert not COLUMN_TYPES & TABLE_TYPES


QUICK = settings(max_examples=25, deadline=None)
# A small alphabet of everything that is treated in its own way.
LETTERS = st.sampled_from("ab12 ,.-é\u0301\t\n\r\u2028\x00\u202e\ud800👍")
RAW = st.one_of(
    st.none(),
    st.text(LETTERS, max_size=12),
    st.lists(st.text(LETTERS, max_size=4), max_size=3),
    st.lists(
        st.dictionaries(st.sampled_from(["partner", "region", "target", "grant"]), st.text(LETTERS, max_size=6)),
        max_size=3,
    ),
    st.integers(),
    st.dictionaries(st.text(LETTERS, max_size=3), st.text(LETTERS, max_size=3), max_size=2),
)


@QUICK
@given(st.sampled_from(QuestionType), RAW)
def test_whatever_is_sent_is_answered_with_a_value_json_can_hold(kind, raw):
    value, _verdict = clean(question(kind), raw, LISTS)

    assert json.loads(json.dumps(value)) == value
    assert isinstance(is_empty(value), bool)


@QUICK
@given(st.text(LETTERS, max_size=30))
def test_cleaning_a_clean_text_changes_nothing(text):
    value, verdict = clean(question(T.LONG_TEXT), text)

    if verdict and isinstance(value, str):
        assert clean(question(T.LONG_TEXT), value) == (value, verdict)
        assert unicodedata.is_normalized("NFC", value)


@QUICK
@given(st.decimals(-(10**9), 10**9, allow_nan=False, places=2))
def test_a_number_survives_being_shown_and_sent_again(number):
    assert Decimal(cleaned(question(T.NUMBER), format(number, "f"))) == number


@pytest.mark.parametrize("odd", [{}, [], None, 1, True])
def test_a_list_of_choices_may_hold_anything_and_only_offered_codes_count(odd):
    asked = question(T.MULTI_CHOICE, choices=(Choice(code="a", label="A"),))
    found, verdict = clean(asked, ["a", odd])
    assert found == ["a"]
    assert bool(verdict) is (odd is None)
