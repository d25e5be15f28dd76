"""What an answer to a question may be. Pure: choices are passed in, values come out as JSON can hold them."""

from collections.abc import Mapping, Sequence
from types import MappingProxyType

from workflows.definition_questions import Question, QuestionType
from workflows.question_tables import TABLE_TYPES, Row, clean_rows, columns_of, missing_cells
from workflows.question_text import characters
from workflows.question_values import NO_LISTS, SINGLE_TYPES, Lists, Single, choices_of, clean_many, clean_single
from workflows.verdict import ALLOWED, Reason, Verdict, refuse
from workflows.words import _

__all__ = [
    "COLUMN_TYPES",
    "KEYS_OF_TYPE",
    "NO_LISTS",
    "TABLE_TYPES",
    "Answer",
    "Lists",
    "characters",
    "choices_of",
    "clean",
    "clean_section",
    "columns_of",
    "is_empty",
    "missing",
]

Answer = Single | list[str] | list[Row]

# Types a column of a table may have.
COLUMN_TYPES = SINGLE_TYPES

_T = QuestionType
_TABLE = frozenset({"columns", "max_rows"})
# fmt: off
# Keys of a call file that mean something for a type, besides id, label, type, required and hint.
KEYS_OF_TYPE: Mapping[QuestionType, frozenset[str]] = MappingProxyType({
    _T.TEXT:          frozenset({"max_chars"}),
    _T.LONG_TEXT:     frozenset({"max_chars"}),
    _T.CHOICE:        frozenset({"taxonomy", "choices"}),
    _T.MULTI_CHOICE:  frozenset({"taxonomy", "choices", "max_choices"}),
    _T.NUMBER:        frozenset({"min", "max", "step"}),
    _T.DATE:          frozenset(),
    _T.YES_NO:        frozenset(),
    _T.COUNTRY:       frozenset(),
    _T.REGION_LIST:   _TABLE,
    _T.PARTNER_LIST:  _TABLE | {"max_chars"},
    _T.WORK_PACKAGES: _TABLE,
    _T.INDICATORS:    _TABLE | {"choices"},
    _T.BUDGET:        _TABLE | {"choices", "indirect_rate"},
    _T.TABLE:         _TABLE,
    _T.DOCUMENT:      frozenset({"formats", "max_mb", "max_count"}),
})
# fmt: on


def clean(question: Question, raw: object, lists: Lists = NO_LISTS) -> tuple[Answer, Verdict]:
    """The answer in the form it is stored in, and every reason against it.

    `raw` is text, a list of texts, or a list of rows (mappings of column id to text). Nothing typed gives None or an
    empty list. Whether an answer is needed at all is asked by `missing`: a draft may have gaps.
    """
    if question.type in TABLE_TYPES:
        return clean_rows(question, raw, lists)
    if question.type is QuestionType.MULTI_CHOICE:
        return clean_many(question, raw, lists)
    if question.type is QuestionType.DOCUMENT:
        return _files(question, raw)
    return clean_single(question, raw, lists)


def _files(question: Question, raw: object) -> tuple[list[str], Verdict]:
    """Ids of files stored before; how they were judged is not known here."""
    given = [raw] if isinstance(raw, str) else raw if isinstance(raw, Sequence) else []
    found = [one for one in given if isinstance(one, str) and one]
    if len(found) <= question.max_count:
        return found, ALLOWED
    text = _("“{label}”: at most {limit} files are allowed; remove one.")
    return found, refuse("too-many-files", text, label=question.label, limit=question.max_count)


def is_empty(answer: Answer) -> bool:
    """Was nothing answered? `no` is an answer."""
    return answer is not False and not answer


def missing(question: Question, answer: Answer, lists: Lists = NO_LISTS) -> Verdict:
    """What is still to be answered: a required answer, or required cells of rows that were begun."""
    if is_empty(answer):
        if question.required:
            return refuse("answer-missing", _("Answer “{label}”."), label=question.label)
        return ALLOWED
    if question.type in TABLE_TYPES and isinstance(answer, list):
        return missing_cells(question, [row for row in answer if isinstance(row, dict)], lists)
    return ALLOWED


def clean_section(
    questions: Sequence[Question], raw: Mapping[str, object], lists: Lists = NO_LISTS
) -> tuple[dict[str, Answer], dict[str, tuple[Reason, ...]]]:
    """All answers of a section by question, and the reasons against them by question; unknown keys are left out."""
    answers: dict[str, Answer] = {}
    reasons: dict[str, tuple[Reason, ...]] = {}
    for question in questions:
        answers[question.id], verdict = clean(question, raw.get(question.id), lists)
        if not verdict:
            reasons[question.id] = verdict.reasons
    return answers, reasons
