"""What a call file says of who sees whose names: firm things and keys that hide nothing are refused by their path."""

from __future__ import annotations

from pathlib import Path

import pytest

from app.callfile import emit_call, read_call
from app.services.applications.content import shown_content
from workflows.definition import CallDefinition

SMALL = Path(__file__).resolve().parents[1] / "support" / "small_call.yaml"
CONTENT = {
    "acronym": "ALPHA", "title": "ALPHA in full", "theme": None, "starts_on": None, "months": 24, "requested_grant": None,
    "eligible_cost": None,
    "partners": [{
        "id": "m1", "name": "North Cluster", "name_en": "", "kinds": ["cluster_organisation"], "country": "IT",
        "region": "ITC1", "role": "coordinator", "share": "5.00", "task": "We lead.", "confirmed": True,
    }],
    "answers": {"summary": "We weave.", "who": "We are North Cluster."},
    "files": [],
}  # fmt: skip
WHO = "      - {id: who, label: Who you are, type: long_text, max_chars: 2000, identifying: true}\n"


def _text(evaluation: str, *, questions: str = "") -> bytes:
    text = SMALL.read_text("utf-8").replace("anonymous: false", evaluation)
    return text.replace("max_chars: 2000}\n", "max_chars: 2000}\n" + questions, 1).encode()


def _call(evaluation: str, *, questions: str = "") -> CallDefinition:
    call, faults = read_call(_text(evaluation, questions=questions))
    assert call is not None
    assert faults == ()
    return call


@pytest.mark.parametrize(("evaluation", "questions", "path", "code"), [
    ("anonymous: true, anonymity: {applicants: {}}", "", "evaluation.anonymity.applicants", "unknown-key"),
    ("anonymous: true, anonymity: {fields: [budget]}", "", "evaluation.anonymity.fields[0]", "unknown-word"),
    ("anonymous: false, anonymity: {fields: [title]}", "", "evaluation.anonymity.fields", "not-anonymous"),
    ("anonymous: false, anonymity: {redacted_copies: true}", "", "evaluation.anonymity.redacted_copies", "not-anonymous"),
    ("anonymous: true, anonymity: {applicants_from_experts: {individual: false}}", "",
     "evaluation.anonymity.applicants_from_experts.individual", "shown-at-once"),
    ("anonymous: true, anonymity: {experts_from_each_other: {individual: false}}", "",
     "evaluation.anonymity.experts_from_each_other.individual", "sealed"),
    ("anonymous: true, anonymity: {experts_from_applicants: {consensus: false}}", "",
     "evaluation.anonymity.experts_from_applicants.consensus", "always-hidden"),
    ("anonymous: false", WHO, "sections[idea].questions[who].identifying", "not-anonymous"),
])  # fmt: skip
def test_a_key_that_hides_nothing_or_breaks_what_is_firm_is_refused(
    evaluation: str, questions: str, path: str, code: str
) -> None:
    _call_or_none, faults = read_call(_text(evaluation, questions=questions))

    assert [(fault.path, fault.reason.code) for fault in faults] == [(path, code)]


def test_experts_may_be_hidden_from_each_other_in_a_call_that_names_applicants() -> None:
    told = "anonymous: false, anonymity: {experts_from_each_other: {consensus: true}}"

    call = _call(told)

    assert call.evaluation is not None
    assert call.evaluation.anonymity.experts_from_each_other.consensus is True
    assert read_call(emit_call(call))[0] == call


def test_evaluators_see_neither_names_nor_hidden_fields_nor_identifying_answers() -> None:
    call = _call("anonymous: true, anonymity: {fields: [countries, kinds, shares]}", questions=WHO)

    shown = shown_content(call, CONTENT, names=False)
    named = shown_content(call, CONTENT)

    (partner,) = shown.partners
    assert (partner.name, partner.country, partner.region_name, partner.kinds, partner.share, partner.task) == (
        "Partner 1", "", None, (), None, "",
    )  # fmt: skip
    assert (shown.acronym, [answer.id for section in shown.sections for answer in section.answers]) == ("", ["summary"])
    assert "North Cluster" not in repr(shown)
    assert [answer.id for section in named.sections for answer in section.answers] == ["summary", "who"]


@pytest.mark.parametrize("field", ["title", "partners"])
def test_a_call_may_hide_the_title_or_all_partners(field: str) -> None:
    shown = shown_content(_call(f"anonymous: true, anonymity: {{fields: [{field}]}}"), CONTENT, names=False)

    assert not (shown.title if field == "title" else shown.partners)
