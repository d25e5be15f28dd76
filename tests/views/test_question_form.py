"""Forms made from the questions of the real calls: typed text is kept, errors stand at their cells, rows are numbered."""

import pytest
from flask import Flask
from flask_babel import Babel
from werkzeug.datastructures import MultiDict

from app.callfile import read_call
from app.data_files import shipped
from app.services.applications.answer_lists import lists_for
from forms.question import section_form
from workflows.definition import Choice, Question, QuestionType, Section

PARTNERS = (Choice(code="p1", label="Lyonbiopole"), Choice(code="p2", label="BioWin"))


@pytest.fixture(autouse=True)
def _page():
    app = Flask("forms")
    Babel(app)
    with app.test_request_context():
        yield


@pytest.fixture(scope="module")
def calls():
    return {name: read_call(shipped(f"calls/{name}.yaml"))[0] for name in ("eoi-2016", "cos-clustpartns-2017-3-02")}


@pytest.fixture
def budget(calls):
    call = calls["cos-clustpartns-2017-3-02"]
    return section_form(call.section("budget"), lists_for(call, PARTNERS))


@pytest.fixture
def ambition(calls):
    call = calls["eoi-2016"]
    return section_form(call.section("ambition"), lists_for(call))


@pytest.mark.parametrize("name", ["eoi-2016", "cos-clustpartns-2017-3-02"])
def test_every_section_of_the_real_calls_makes_a_form_with_a_field_a_question(calls, name):
    for section in calls[name].sections:
        form = section_form(section, lists_for(calls[name], PARTNERS))()

        assert [field.name for field in form] == [f"q_{question.id}" for question in section.questions]
        assert form.validate()


def test_what_was_typed_comes_back_as_it_was_typed(budget):
    form = budget(MultiDict({"q_budget_table-0-c_partner": "p1", "q_budget_table-0-c_travel": "1,250"}))

    assert not form.validate()
    cell = form["q_budget_table"].entries[0].form["c_travel"]
    assert 'value="1,250"' in cell()
    assert [str(text) for text in cell.errors] == [
        "Row 1: “Travel”: 1,250 can be read in two ways; write 1250 or 1.2500."
    ]


def test_errors_find_their_row_past_rows_that_were_left_empty(budget):
    form = budget(
        MultiDict(
            {
                "q_budget_table-0-c_partner": "",
                "q_budget_table-0-c_travel": "  ",
                "q_budget_table-1-c_partner": "p1",
                "q_budget_table-1-c_grant": "much",
            }
        )
    )

    assert not form.validate()
    entries = form["q_budget_table"].entries
    assert (entries[0].form.errors, list(entries[1].form.errors)) == ({}, ["c_grant"])
    assert str(entries[1].form["c_grant"].errors[0]).startswith("Row 2: ")


def test_an_error_is_said_in_the_words_of_whoever_shows_it(calls):
    section = calls["cos-clustpartns-2017-3-02"].section("budget")
    form = section_form(section, say=lambda reason: reason.code)(MultiDict({"q_justification": "x" * 3001}))

    assert not form.validate()
    assert form["q_justification"].errors == ["too-long"]


def test_clean_answers_fill_the_form_again(ambition):
    sent = MultiDict([
        ("q_objectives", " Together\r\nstronger "), ("q_thematic_area", "esm"), ("q_technologies", "ict"),
        ("q_technologies", "photonics"), ("q_regions-0-c_region", "FRK2"), ("q_regions-0-c_priority", "Industry"),
    ])  # fmt: skip
    form = ambition(sent)
    assert form.validate()

    again = ambition(stored=form.answers)
    assert again.validate()
    assert (
        again.answers
        == form.answers
        == {
            "objectives": "Together\nstronger",
            "thematic_area": "esm",
            "technologies": ["photonics", "ict"],
            "regions": [{"region": "FRK2", "priority": "Industry"}],
            "background": None,
        }
    )


@pytest.mark.parametrize(("stored", "more", "rows"), [
    ({}, None, 3), ({"budget_table": [{"partner": "p1"}]}, None, 2), ({}, "budget_table", 6),
])  # fmt: skip
def test_rows_are_numbered_and_there_is_always_an_empty_one(budget, stored, more, rows):
    entries = budget(stored=stored, more=more)["q_budget_table"].entries

    assert [str(entry.label.text) for entry in entries] == [f"Row {n}" for n in range(1, rows + 1)]


def test_only_what_is_not_required_is_marked_as_optional(ambition):
    form = ambition()

    assert not form["q_objectives"].flags.optional
    assert form["q_background"].flags.optional


def test_fields_sent_that_no_question_asks_for_reach_nobody(ambition):
    form = ambition(MultiDict({"q_secret": "x", "objectives": "y"}))

    assert form.validate()
    assert "secret" not in form.answers
    assert form.answers["objectives"] is None


def test_ids_that_are_words_of_forms_themselves_do_no_harm():
    questions = tuple(Question(id=name, label=name, type=QuestionType.TEXT) for name in ("data", "validate", "version"))
    form = section_form(Section(id="s", title="S", questions=questions))(MultiDict({"q_data": "1", "q_validate": "2"}))

    assert form.validate()
    assert form.answers == {"data": "1", "validate": "2", "version": None}


def test_documents_are_handed_over_apart_from_answers():
    asked = Question(id="plan", label="Plan", type=QuestionType.DOCUMENT)
    form = section_form(Section(id="s", title="S", questions=(asked,)))(MultiDict())

    assert form.validate()
    assert (form.answers, form.uploads()) == ({}, {"plan": []})
