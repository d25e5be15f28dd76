"""Tables by way of a spreadsheet: what goes out comes back the same, faults are named by cell, nothing is lost."""

from __future__ import annotations

import io
import json
from decimal import Decimal
from typing import Any

import openpyxl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.models import Application
from app.services.applications.answers import latest, value_of
from app.sheets.grid import Grid, cell_name, grid_of, pasted
from app.sheets.rows import taken_from
from tests.support.application import Consortium, a_draft, with_partners
from tests.support.web import Browser, Web
from tests.support.world import World
from workflows.definition_questions import Column, Question, QuestionType
from workflows.question_values import NO_LISTS

BUDGET = "budget_table"
PLAN = Question(
    id="plan", label="Plan", type=QuestionType.TABLE, max_rows=5,
    columns=(
        Column(id="what", label="What", required=True, max_chars=20),
        Column(id="cost", label="Cost in euro", type=QuestionType.NUMBER, min=Decimal(0)),
        Column(id="due", label="Due", type=QuestionType.DATE),
        Column(id="sure", label="Sure", type=QuestionType.YES_NO),
    ),
)  # fmt: skip


def faults(text: str) -> dict[str, str]:
    return {fault.cell: fault.reason.code for fault in taken_from(PLAN, NO_LISTS, pasted(text)).faults}


def test_a_pasted_range_is_read_in_the_order_of_the_table() -> None:
    taken = taken_from(PLAN, NO_LISTS, pasted("Pilot\t1 250,50\t2018-03-08\tyes\r\nTour\t\t\tno\r\n"))

    assert taken.faults == ()
    assert taken.rows == [
        {"what": "Pilot", "cost": "1250.50", "due": "2018-03-08", "sure": True},
        {"what": "Tour", "cost": None, "due": None, "sure": False},
    ]


def test_headings_decide_the_order_and_are_no_row() -> None:
    taken = taken_from(PLAN, NO_LISTS, pasted("cost in EURO\tWhat\n10\tPilot"))

    assert taken.rows == [{"what": "Pilot", "cost": "10", "due": None, "sure": None}]


def test_a_cell_with_line_breaks_and_quotes_stays_one_cell() -> None:
    assert pasted('"two\nlines ""quoted"""\tb').rows == (('two\nlines "quoted"', "b"),)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("What\tCost in euro\nPilot\tmuch", {"B2": "not-a-number"}),
        ("What\tCost in euro\n\n\nPilot\t-4", {"B4": "too-small"}),  # empty rows count: the cell keeps its name
        ("What\tCost in euro\tColour\nPilot\t4\tred", {"C1": "no-such-column"}),
        ("What\tWhat\nPilot\tTour", {"B1": "column-twice"}),
        ("Pilot\t4\t8 March\tyes", {"C1": "not-a-date"}),
        ("Pilot\t4\t\tyes\tmore", {"E1": "no-such-column"}),
        ("A name that is far too long for its cell\t1", {"A1": "too-long"}),
        ("a\nb\nc\nd\ne\nf", {"": "too-many-rows"}),
    ],
)
def test_a_fault_is_named_by_its_cell(text: str, expected: dict[str, str]) -> None:
    assert faults(text) == expected


def test_cells_are_named_as_spreadsheets_name_them() -> None:
    assert [cell_name(0, n) for n in (0, 25, 26, 51, 52, 701, 702)] == ["A1", "Z1", "AA1", "AZ1", "BA1", "ZZ1", "AAA1"]


@settings(max_examples=300, deadline=None)
@given(
    st.lists(
        st.lists(st.text(st.characters(exclude_categories=["Cs", "Cc"]), max_size=8), min_size=1, max_size=4),
        max_size=4,
    )
)
def test_whatever_is_pasted_gives_an_answer(rows: list[list[str]]) -> None:
    grid = grid_of(rows)
    taken = taken_from(PLAN, NO_LISTS, grid)

    assert bool(taken.rows) or bool(taken.faults) or not Grid(grid.rows)
    assert all(set(row) == {"what", "cost", "due", "sure"} for row in taken.rows)


# -- on the pages --------------------------------------------------------------------------------------------------


@pytest.fixture
def found(world: World) -> Consortium:
    return with_partners(world, a_draft(world))


def address(found: Consortium, suffix: str = "") -> str:
    return f"/applications/{found.application.id}/tables/{BUDGET}{suffix}"


def stored(world: World, found: Consortium) -> Any:
    with world.look() as act:
        return value_of(latest(act, act.session.get_one(Application, found.application.id)).get(BUDGET))


def filled(content: bytes, rows: list[list[str | float]]) -> bytes:
    """The file as somebody brings it back."""
    book = openpyxl.load_workbook(io.BytesIO(content))
    for line, row in enumerate(rows, start=2):
        for at, value in enumerate(row, start=1):
            book.worksheets[0].cell(line, at, value)
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def bring(browser: Browser, found: Consortium, content: bytes, name: str = "budget.xlsx") -> Any:
    return browser.post(address(found), {"file": (io.BytesIO(content), name)}, content_type="multipart/form-data")


def names_of(found: Consortium) -> list[str]:
    return [found.organisation.name, *(organisation.name for _, organisation, _ in found.partners)]


def test_a_table_goes_out_and_comes_back(web: Web, world: World, found: Consortium) -> None:
    browser = web.client_of(found.coordinator)
    empty = browser.get(address(found, ".xlsx")).data
    columns = [cell.value for cell in openpyxl.load_workbook(io.BytesIO(empty)).worksheets[0][1]]
    row: list[str | float] = [names_of(found)[0], *([1000.1] * (len(columns) - 2)), 900]

    page = bring(browser, found, filled(empty, [row]))
    assert page.status_code == 200
    assert "Keep this row" in page.text
    assert stored(world, found) is None, "nothing is kept before it was seen"

    grid = openpyxl_grid(filled(empty, [row]))
    answer = browser.post(address(found), {"grid": json.dumps(grid), "number": 0, "take": 1})
    assert answer.status_code == 303
    kept = stored(world, found)
    assert kept[0]["grant"] == "900"
    assert kept[0]["personnel"] == "1000.1"

    again = browser.get(address(found, ".xlsx")).data
    page = bring(browser, found, again)
    assert page.status_code == 200
    browser.post(address(found), {"grid": json.dumps(openpyxl_grid(again)), "number": 1, "take": 1})
    assert stored(world, found) == kept


def openpyxl_grid(content: bytes) -> list[list[str]]:
    sheet = openpyxl.load_workbook(io.BytesIO(content)).worksheets[0]
    return [["" if value is None else str(value) for value in row] for row in sheet.iter_rows(values_only=True)]


def test_a_fault_names_its_cell_and_changes_nothing(web: Web, world: World, found: Consortium) -> None:
    browser = web.client_of(found.coordinator)
    empty = browser.get(address(found, ".xlsx")).data

    page = bring(browser, found, filled(empty, [[names_of(found)[0], "a lot"], ["Nobody we know", 3]]))

    assert page.status_code == 422
    assert "B2: “" in page.text
    assert "A3: “" in page.text
    assert stored(world, found) is None


def test_a_text_that_looks_like_a_formula_stays_text(web: Web, world: World, found: Consortium) -> None:
    with world.act(found.coordinator) as act:
        act.session.get_one(Application, found.application.id)
    browser = web.client_of(found.coordinator)
    book = openpyxl.load_workbook(io.BytesIO(browser.get(address(found, ".xlsx")).data))

    assert all(cell.data_type != "f" for sheet in book for row in sheet.iter_rows() for cell in row)


@pytest.mark.parametrize(
    ("content", "name", "code"),
    [
        (b"not a spreadsheet", "budget.xlsx", 422),
        (b"", "budget.xlsx", 422),
        (b"a;b", "budget.csv", 422),
    ],
)
def test_what_is_no_spreadsheet_is_refused_in_words(
    web: Web, found: Consortium, content: bytes, name: str, code: int
) -> None:
    page = bring(web.client_of(found.coordinator), found, content, name)

    assert page.status_code == code
    assert "There is 1 problem on this page" in page.text


def test_what_was_pasted_stays_in_the_field_with_its_faults(web: Web, found: Consortium) -> None:
    page = web.client_of(found.coordinator).post(address(found), {"pasted": "Nobody\tmuch"})

    assert page.status_code == 422
    assert "Nobody\tmuch" in page.text


def test_somebody_faster_is_shown_beside_what_is_brought(web: Web, world: World, found: Consortium) -> None:
    browser = web.client_of(found.coordinator)
    first = {"grid": json.dumps([[names_of(found)[0], "1", "", "", "", "", "5"]]), "number": 0, "take": 1}
    assert browser.post(address(found), first).status_code == 303

    page = browser.post(address(found), first | {"grid": json.dumps([[names_of(found)[1], "2", "", "", "", "", "7"]])})

    assert page.status_code == 409
    assert stored(world, found)[0]["grant"] == "5"
    assert names_of(found)[1] in page.text


def test_a_stranger_finds_no_table(web: Web, world: World, found: Consortium) -> None:
    stranger = web.client_of(world.person("Sam Stranger"))

    assert stranger.get(address(found)).status_code == 404
    assert stranger.get(address(found, ".xlsx")).status_code == 404
    assert bring(stranger, found, b"x").status_code == 404
