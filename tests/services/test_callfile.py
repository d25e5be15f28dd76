"""Call files: the real ones, every fault with its place, and writing that reads back as the same."""

import json
from dataclasses import replace
from decimal import Decimal
from pathlib import Path
from unicodedata import normalize

import jsonschema
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from ruamel.yaml import YAML

from app.callfile import call_schema, emit_call, from_json, read_call, schema_text, to_json
from app.callfile.origin import assumed_values, values
from app.data_files import shipped
from workflows.definition import (
    CallDefinition,
    CallKind,
    Choice,
    Moment,
    Provenance,
    Question,
    QuestionType,
    RuleKind,
    Section,
    Source,
    Statement,
    Timetable,
)

NAMES = ("calls/eoi-2016.yaml", "calls/cos-clustpartns-2017-3-02.yaml")
GRANT = shipped(NAMES[1]).decode()
EOI = shipped(NAMES[0]).decode()


def faults_of(text):
    call, faults = read_call(text.encode() if isinstance(text, str) else text)
    assert call is None
    return [(fault.path, fault.reason.code) for fault in faults]


def changed(old, new, text=GRANT):
    assert text.count(old) == 1, old
    return text.replace(old, new)


@pytest.mark.parametrize("name", NAMES)
def test_real_calls_are_without_fault_and_fit_the_published_schema(name):
    call, faults = read_call(shipped(name))

    assert faults == ()
    assert call.sources
    jsonschema.Draft202012Validator(call_schema()).validate(YAML(typ="safe", pure=True).load(shipped(name)))


@pytest.mark.parametrize("name", NAMES)
def test_written_and_read_again_a_real_call_is_the_same(name):
    call, _ = read_call(shipped(name))
    written = emit_call(call)

    assert read_call(written) == (call, ())
    assert emit_call(read_call(written)[0]) == written
    assert from_json(json.loads(json.dumps(to_json(call)))) == call


def test_the_published_schema_is_the_one_the_reader_follows():
    assert shipped("call.schema.json").decode() == schema_text()


def test_the_facts_of_the_real_call_are_where_they_are_used():
    call, _ = read_call(GRANT.encode())

    assert (call.max_grant, call.max_rate, call.max_points) == (Decimal(350000), Decimal("0.75"), Decimal(100))
    assert call.closes_at.isoformat() == "2018-03-08T16:00:00+00:00"
    assert [len(criterion.bands) for criterion in call.criteria] == [5, 5, 5, 5]
    assert call.evaluation.anonymous is False


def test_provenance_is_kept_by_path_and_tells_assumed_from_sourced():
    call, _ = read_call(GRANT.encode())

    assert call.provenance["criteria[C1]"].assumed
    assert call.provenance["rules[max_grant]"] == Provenance(source=("S9",))
    assert call.provenance["timetable.projects_start"].source == ("S15", "S16")
    assert call.provenance["strands"].assumed


def test_an_unknown_key_is_refused_with_its_line_and_a_suggestion():
    text = changed("  total: 2800000", "  totl: 2800000")
    _, (fault,) = read_call(text.encode())

    assert (fault.path, text.splitlines()[fault.line - 1]) == ("budget.totl", "  totl: 2800000")
    assert str(fault) == f"budget.totl: There is no key “totl” here. Did you mean “total”? (line {fault.line})"


def test_a_doubled_key_is_refused_and_names_the_first():
    text = changed("  total: 2800000", "  total: 2800000\n  total: 1")
    _, (fault,) = read_call(text.encode())

    assert fault.path == "budget.total"
    assert fault.message == f"The key “total” stands twice; the first is on line {fault.line - 1}. Remove one of them."


@pytest.mark.parametrize(("old", "new", "found"), [
    ("zone: Europe/Brussels", "zone: Europe/Brusels", ("timetable.zone", "unknown-zone")),
    ('at: "2018-03-08T17:00:00"', 'at: "2018-03-25T02:30:00"', ("timetable.closes.at", "time-does-not-exist")),
    ('at: "2018-03-08T17:00:00"', 'at: "2018-10-28T02:30:00"', ("timetable.closes.at", "time-exists-twice")),
    ('at: "2018-03-08T17:00:00"', 'at: "2018-02-30"', ("timetable.closes.at", "no-such-day")),
    ('at: "2018-03-08T17:00:00"', 'at: "8 March"', ("timetable.closes.at", "wrong-form")),
    ('at: "2018-03-01T17:00:00"', 'at: "2018-04-01T17:00:00"', ("timetable.questions_until", "questions-after-closing")),
    ("  total: 2800000", "  total: 2.800.000", ("budget.total", "not-a-number")),
    ("  total: 2800000", "  total: '2800000'", ("budget.total", "not-a-number")),
    ("  total: 2800000", "  total: .inf", ("budget.total", "not-a-number")),
    ("  total: 2800000", "  total: [1]", ("budget.total", "not-a-value")),
    ("  total: 2800000", "  total: &x 1", ("budget.total", "alias")),
    ("  total: 2800000", "  total: !!int 1", ("budget.total", "tag")),
    ("  min: 18", "  min: 25", ("months", "months-order")),
    ("  min: 18", "  min: 1.5", ("months.min", "not-whole")),
    ("  vintage: 2016", "  vintage: 2017", ("regions.vintage", "unknown-vintage")),
    ("    where: {role: coordinator}", "    where: {role: boss}", ("rules[coordinator_is_partner].where.role", "unknown-name")),
    ("    of: thematic_area", "    of: partners", ("rules[shared_theme].of", "operand-wrong")),
    ("    group_by: region\n", "", ("rules[cluster_in_every_region].group_by", "operand-missing")),
    ("    of: thematic_area", "    of: thematic_area\n    value: 1", ("rules[shared_theme].value", "operand-unused")),
    ("    value: 0.75", "    value: 75", ("rules[cofinancing].value", "rate-above-one")),
    ("    rule: all_share", "    rule: all_shared", ("rules[shared_theme].rule", "unknown-word")),
    ("  - id: max_grant", "  - id: min_partners", ("rules[min_partners]", "name-twice")),
    ("      - id: added_value", "      - id: budget_table", (
        "sections[budget].questions[budget_table].id", "name-twice")),
    ("        indirect_rate: 0.07", "        max_chars: 5", (
        "sections[budget].questions[budget_table].max_chars", "key-unused")),
    ("    sections: [budget]", "    sections: [money]", ("criteria[C4].sections", "unknown-section")),
    ("    threshold: 5\n", "    threshold: 11\n", ("criteria[C4].threshold", "threshold-above-points")),
    ("      - {from: 2,", "      - {from: 9,", ("criteria[C4].bands", "bands-order")),
    ("      - {from: 2,", "      - {form: 2,", ("criteria[C4].bands[1].form", "unknown-key")),
    ("  value: 70\n", "  value: 101\n", ("overall_threshold", "threshold-above-points")),
    ("{by: criterion, code: C2,", "{by: criterion, code: C7,", ("tie_breaks[C7].code", "unknown-criterion")),
    ("{by: panel_decision, assumed: true}", "{by: total, code: C4}", ("tie_breaks[C4].code", "key-unused")),
    ("kind: grant_and_label\n", "", ("kind", "key-missing")),
    ("kind: grant_and_label\n", "kind: prize\n", ("kind", "unknown-word")),
    ("code: cos-clustpartns-2017-3-02", "code: COS 2017", ("code", "wrong-form")),
    ("label: {value: ESCP-S3, source: S10}", "label: {value: ESCP-S3, source: S99}", ("label.source", "unknown-source")),
    ("label: {value: ESCP-S3, source: S10}", "label: {valeu: ESCP-S3}", ("label", "not-a-value")),
    ("label: {value: ESCP-S3, source: S10}", 'label: "a\\x07"', ("label", "control-character")),
    ("format_version: 1", "format_version: 2", ("format_version", "format-version")),
    ("stages: {value: 1, assumed: true}", "stages: {value: 1, assumed: maybe}", ("stages.assumed", "not-boolean")),
])  # fmt: skip
def test_each_fault_is_found_at_its_place(old, new, found):
    assert found in faults_of(changed(old, new))


def test_all_faults_are_told_at_once_in_the_order_of_lines():
    text = changed("  total: 2800000", "  totl: 1", changed("  min: 18", "  min: x"))
    _, faults = read_call(text.encode())

    assert [fault.path for fault in faults] == ["budget.totl", "months.min"]


def test_a_time_that_exists_twice_is_offered_both_readings():
    text = changed('at: "2018-03-08T17:00:00"', 'at: "2018-10-28T02:30:00"')
    fault = read_call(text.encode())[1][0]

    assert "write 2018-10-28T02:30:00+02:00 or 2018-10-28T02:30:00+01:00" in fault.message
    assert read_call(text.replace("02:30:00", "02:30:00+01:00").encode())[1] == ()


def test_an_expression_of_interest_is_not_scored():
    assert ("evaluation", "not-for-kind") in faults_of(EOI + "\nevaluation: {reports_per_application: 3}\n")


@pytest.mark.parametrize(("data", "code"), [
    (b"", "empty"),
    (b"# nothing\n", "empty"),
    (b"\xff\xfe", "not-utf-8"),
    (b"a: [", "not-yaml"),
    (b"a: \x00", "not-yaml"),
    (b"a: b: c", "not-yaml"),
    (b"--- 1\n--- 2\n", "two-documents"),
    (b"just words", "not-a-mapping"),
    (b"[1, 2]", "not-a-mapping"),
    (b"{[a]: 1}", "key-not-a-word"),
    (b"[" * 100 + b"]" * 100, "too-deep"),
    (b"a: 1\n" * 300_000, "too-large"),
])  # fmt: skip
def test_what_is_no_call_file_at_all_is_told_so(data, code):
    assert code in [found for _path, found in faults_of(data)]


@settings(max_examples=60, deadline=None)
@given(st.binary(max_size=60))
def test_no_bytes_make_the_reader_fail(data):
    call, faults = read_call(data)

    assert call is None
    assert faults


@settings(max_examples=40, deadline=None)
@given(st.integers(0, len(GRANT) - 1), st.sampled_from(["", ":", "- ", "}", "\t", "'", "#", "\n", "&a ", "9"]))
def test_no_slip_of_the_keyboard_makes_the_reader_fail(place, slip):
    call, faults = read_call((GRANT[:place] + slip + GRANT[place + 1 :]).encode())

    assert (call is None) == bool(faults)


def test_words_that_other_readers_of_yaml_turn_into_values_stay_words():
    call, _ = read_call(
        changed('programme: {value: "COSME 2014-2020, work programme 2017", source: S12}', "programme: NO").encode()
    )

    assert call.programme == "NO"
    assert read_call(emit_call(call))[0] == call


def test_storing_something_else_is_refused():
    with pytest.raises(ValueError, match="key “kind” is missing"):
        from_json({"code": "x"})


def test_a_stored_call_stands_though_a_code_it_uses_left_the_taxonomy():
    call, _ = read_call(GRANT.encode())
    stored = to_json(call)
    stored["eligible_kinds"] = ["guild"]

    assert from_json(stored).eligible_kinds == ("guild",)


def test_the_manual_names_every_kind_of_rule_and_of_question():
    manual = (Path(__file__).parents[2] / "docs" / "call-files.md").read_text()

    assert [word.value for word in (*RuleKind, *QuestionType) if f"`{word.value}`" not in manual] == []


TEXTS = st.text(
    st.characters(codec="utf-8", exclude_categories=("Cc", "Cs")) | st.sampled_from("\n\t:#-'\"[]{}&*!|>%@`~ \u00a0\u2028\ufeff"),
    max_size=30,
)  # fmt: skip
AWKWARD = st.sampled_from(
    [
        "",
        "~",
        "null",
        "true",
        "no",
        "1",
        "0.5",
        "2018-01-01",
        "- a",
        "a: b",
        " a ",
        "a\n\nb\n",
        "=",
        "0x1f",
        "1e3",
        ".inf",
    ]
)
WORDS = (TEXTS | AWKWARD).map(lambda text: normalize("NFC", text))
NAME = st.from_regex(r"[a-z][a-z0-9_]{0,8}", fullmatch=True)
NUMBERS = st.decimals(0, 10**6, allow_nan=False, places=2)
QUESTIONS = st.builds(
    Question, id=NAME, label=WORDS, type=st.just(QuestionType.CHOICE), required=st.booleans(), hint=WORDS,
    choices=st.lists(st.builds(Choice, code=NAME, label=WORDS), min_size=1, max_size=2, unique_by=lambda c: c.code).map(tuple),
)  # fmt: skip
CALLS = st.builds(
    CallDefinition,
    code=st.just("made-up"),
    kind=st.just(CallKind.EXPRESSION_OF_INTEREST),
    title=WORDS,
    short_title=WORDS,
    reference=st.none() | WORDS,
    aliases=st.lists(WORDS, max_size=2).map(tuple),
    timetable=st.just(Timetable(zone="UTC", opens=Moment(at="2018-01-01"), closes=Moment(at="2018-02-01"))),
    sections=st.builds(lambda q, t: (Section(id="s", title=t, questions=(q,)),), QUESTIONS, WORDS),
    declarations=st.lists(st.builds(Statement, code=NAME, label=WORDS), max_size=2, unique_by=lambda s: s.code).map(
        tuple
    ),
    sources=st.just((Source(code="S1", text="a source"),)),
)
SAID = st.builds(
    Provenance, source=st.sampled_from([(), ("S1",), ("S1", "S1")]), assumed=st.booleans(), note=WORDS
).filter(lambda said: said != Provenance())
PATHS = [
    "",
    "title",
    "reference",
    "aliases",
    "timetable",
    "timetable.opens",
    "timetable.opens.at",
    "sections",
    "sections[s]",
    "languages",
]


@settings(max_examples=80, deadline=None)
@given(CALLS, st.dictionaries(st.sampled_from(PATHS), SAID, max_size=4))
def test_any_call_written_and_read_again_is_the_same(call, said):
    call = replace(call, provenance=said)

    assert read_call(emit_call(call)) == (call, ())
    assert from_json(json.loads(json.dumps(to_json(call)))) == call


def test_the_page_of_a_call_can_say_of_each_value_where_it_comes_from():
    call, _ = read_call(GRANT.encode())
    found = {value.path: value for value in values(call)}

    assert found["rules[max_grant].value"].text == "350000"
    assert found["rules[max_grant].value"].origin.source == ("S9",)
    assert found["criteria[C1].threshold"].assumed
    strategy = "sections[quality].questions[joint_strategy]"
    assert (found[f"{strategy}.label"].assumed, found[f"{strategy}.max_chars"].assumed) == (False, True)
    assert "sections[relevance].questions[objectives].hint" not in found
    assert {value.path for value in assumed_values(call)} == {path for path, value in found.items() if value.assumed}
