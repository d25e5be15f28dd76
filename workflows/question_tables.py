"""Answers in rows: regions, partners, work packages, indicators, budget, and tables of the call's own."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from decimal import Decimal

from workflows.definition_questions import Choice, Column, Question, QuestionType
from workflows.question_values import NO_LISTS, Lists, Single, clean_single
from workflows.verdict import ALLOWED, Reason, Verdict, refuse
from workflows.words import _, plural

Row = dict[str, Single]

MAX_ROWS = 100
GRANT = "grant"
PARTNER = "partner"
_CENT = Decimal("0.01")
_MONTH = Decimal(1)
_LONG = 2000
_SHORT = 300
_MOST_MONTHS = Decimal(120)

TABLE_TYPES = frozenset(
    {
        QuestionType.REGION_LIST,
        QuestionType.PARTNER_LIST,
        QuestionType.WORK_PACKAGES,
        QuestionType.INDICATORS,
        QuestionType.BUDGET,
        QuestionType.TABLE,
    }
)

# Cost categories of a budget question that names none.
CATEGORIES = (
    Choice(code="personnel", label=_("Staff")),
    Choice(code="travel", label=_("Travel")),
    Choice(code="equipment", label=_("Equipment")),
    Choice(code="subcontracting", label=_("Subcontracting")),
    Choice(code="other", label=_("Other direct costs")),
)


def categories_of(question: Question) -> tuple[Choice, ...]:
    """Cost categories of a budget question."""
    return question.choices or CATEGORIES


def _partner(lists: Lists, label: str = _("Partner")) -> Column:
    """A partner of the consortium where there is one to choose from, else a name."""
    kind = QuestionType.CHOICE if lists.partners else QuestionType.TEXT
    limit = None if lists.partners else _SHORT
    return Column(id=PARTNER, label=label, type=kind, required=True, choices=lists.partners, max_chars=limit)


def _regions(_question: Question, lists: Lists) -> tuple[Column, ...]:
    return (
        Column(id="region", label=_("Region"), type=QuestionType.CHOICE, required=True, choices=lists.regions),
        Column(id="priority", label=_("Priority of its strategy (S3)"), max_chars=_SHORT),
    )


def _partners(question: Question, lists: Lists) -> tuple[Column, ...]:
    limit = question.max_chars or _LONG
    known = () if lists.partners else (Column(id="country", label=_("Country"), type=QuestionType.COUNTRY),)
    role = Column(id="contribution", label=_("Role and experience"), type=QuestionType.LONG_TEXT, required=True)
    return (_partner(lists), *known, replace(role, max_chars=limit))


def _work_packages(_question: Question, lists: Lists) -> tuple[Column, ...]:
    month = Column(
        id="start_month", label=_("First month"), type=QuestionType.NUMBER, required=True,
        min=_MONTH, max=_MOST_MONTHS, step=_MONTH,
    )  # fmt: skip
    return (
        Column(id="title", label=_("Title"), required=True, max_chars=_SHORT),
        replace(_partner(lists, _("Lead")), required=False),
        month,
        replace(month, id="end_month", label=_("Last month")),
        Column(id="tasks", label=_("Tasks and results"), type=QuestionType.LONG_TEXT, required=True, max_chars=_LONG),
    )


def _indicators(question: Question, _lists: Lists) -> tuple[Column, ...]:
    kind = QuestionType.CHOICE if question.choices else QuestionType.TEXT
    limit = None if question.choices else _SHORT
    return (
        Column(
            id="indicator", label=_("Indicator"), type=kind, required=True, choices=question.choices, max_chars=limit
        ),
        Column(id="baseline", label=_("Value today"), type=QuestionType.NUMBER, min=Decimal(0)),
        Column(id="target", label=_("Target"), type=QuestionType.NUMBER, required=True, min=Decimal(0)),
        Column(id="evidence", label=_("How it is measured"), max_chars=_SHORT),
    )


def _budget(question: Question, lists: Lists) -> tuple[Column, ...]:
    money = Column(id="", label="", type=QuestionType.NUMBER, min=Decimal(0), step=_CENT)
    costs = (replace(money, id=category.code, label=category.label) for category in categories_of(question))
    return (_partner(lists), *costs, replace(money, id=GRANT, label=_("Grant requested"), required=True))


def _own(_question: Question, _lists: Lists) -> tuple[Column, ...]:
    return ()


_BUILT_IN = {
    QuestionType.REGION_LIST: _regions,
    QuestionType.PARTNER_LIST: _partners,
    QuestionType.WORK_PACKAGES: _work_packages,
    QuestionType.INDICATORS: _indicators,
    QuestionType.BUDGET: _budget,
    QuestionType.TABLE: _own,
}


def columns_of(question: Question, lists: Lists = NO_LISTS) -> tuple[Column, ...]:
    """The columns of a question that is answered in rows: those of its type, then the call's own."""
    return _BUILT_IN[question.type](question, lists) + question.columns


def located(reason: Reason, row: int, column: Column | None) -> Reason:
    """The same reason, knowing its row (counted from 1) and the id and label of its column."""
    where = {"row": row, "column": column.id if column else None, "column_label": column.label if column else None}
    return Reason(reason.code, reason.text, {**reason.params, **where})


def clean_rows(question: Question, raw: object, lists: Lists = NO_LISTS) -> tuple[list[Row], Verdict]:
    """The rows in which something stands. Reasons know their row as it is counted in the result."""
    given = raw if isinstance(raw, Sequence) and not isinstance(raw, str) else ()
    columns = columns_of(question, lists)
    rows: list[Row] = []
    verdict = ALLOWED
    for cells in given:
        if not isinstance(cells, Mapping):
            continue
        row, found = _row(columns, cells, len(rows) + 1, lists)
        if any(value is not None for value in row.values()) or not found:  # what can't be read was typed all the same
            rows.append(row)
            verdict += found + _between_cells(question, row, len(rows))
    return rows, verdict + _twice(question, rows) + _too_many(question, rows)


def _row(columns: Sequence[Column], cells: Mapping[str, object], at: int, lists: Lists) -> tuple[Row, Verdict]:
    row: Row = {}
    reasons: list[Reason] = []
    for column in columns:
        row[column.id], verdict = clean_single(column, cells.get(column.id), lists)
        reasons += [located(reason, at, column) for reason in verdict.reasons]
    return row, Verdict(tuple(reasons))


def _between_cells(question: Question, row: Row, at: int) -> Verdict:
    if question.type is not QuestionType.WORK_PACKAGES:
        return ALLOWED
    start, end = row.get("start_month"), row.get("end_month")
    if isinstance(start, str) and isinstance(end, str) and start.isdigit() and end.isdigit() and int(end) < int(start):
        column = Column(id="end_month", label=_("Last month"))
        reason = Reason("ends-before-start", _("The last month stands before the first; correct one of them."))
        return Verdict((located(reason, at, column),))
    return ALLOWED


_KEY_COLUMNS = {
    QuestionType.REGION_LIST: "region",
    QuestionType.PARTNER_LIST: PARTNER,
    QuestionType.BUDGET: PARTNER,
    QuestionType.INDICATORS: "indicator",
}


def _twice(question: Question, rows: Sequence[Row]) -> Verdict:
    """Rows that speak of the same region, partner or indicator."""
    key = _KEY_COLUMNS.get(question.type)
    seen: set[Single] = set()
    reasons = []
    for at, row in enumerate(rows, start=1):
        value = row.get(key) if key else None
        if value is not None and value in seen:
            reason = Reason("row-twice", _("This row speaks of the same as one above; put them together."))
            reasons.append(located(reason, at, Column(id=key or "", label="")))
        seen.add(value)
    return Verdict(tuple(reasons))


def _too_many(question: Question, rows: Sequence[Row]) -> Verdict:
    limit = question.max_rows or MAX_ROWS
    if len(rows) <= limit:
        return ALLOWED
    text = plural("“{label}”: at most {n} row is allowed.", "“{label}”: at most {n} rows are allowed.")
    return refuse("too-many-rows", text, label=question.label, n=limit)


def missing_cells(question: Question, rows: Sequence[Row], lists: Lists = NO_LISTS) -> Verdict:
    """Cells of given rows that must be filled and are not."""
    reasons = [
        located(
            Reason("cell-missing", _("“{label}”: fill in “{column_label}” in row {row}."), {"label": question.label}),
            at,
            column,
        )
        for at, row in enumerate(rows, start=1)
        for column in columns_of(question, lists)
        if column.required and row.get(column.id) is None
    ]
    return Verdict(tuple(reasons))
