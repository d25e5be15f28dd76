"""The form of several sections at once, with the version of each answer it started from. Shared by all who answer."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from wtforms import Field

from forms.question import Say, SectionForm, field_name, section_form
from workflows.definition_questions import Question, QuestionType, Section
from workflows.question_tables import TABLE_TYPES
from workflows.questions import Answer, Lists
from workflows.verdict import Reason

NUMBER_PREFIX = "n_"  # hidden: the number of the stored answer the page was opened with
CHOICE_PREFIX = "keep_"  # after a clash: mine, theirs or merged
MORE = "more"  # a button: further rows for this question
SUMS = "sums"  # a button: add up again, and store nothing


@dataclass(frozen=True)
class Asked:
    """One question on a page: its field, the number it started from, and what somebody else stored meanwhile."""

    question: Question
    field: Field
    number: int
    in_rows: bool
    difference: Any = None  # services' Difference; the template shows who and when

    @property
    def open(self) -> bool:
        """Is there something to see: an answer, an error, or a difference?"""
        return bool(self.field.errors or self.difference or self.number)


class AnswersForm:
    """Sections of a call as one form. `validate`, then `answers`; what was typed stays in the fields."""

    def __init__(
        self,
        sections: Sequence[Section],
        lists: Lists,
        *,
        formdata: Any = None,  # noqa: ANN401 - a MultiDict; WTForms has no name for it
        stored: Mapping[str, Answer] | None = None,
        numbers: Mapping[str, int] | None = None,
        say: Say = Reason.plain,
    ) -> None:
        """Fill from what was sent, else from stored answers; `numbers` are those of the stored answers."""
        more = formdata.get(MORE) if formdata is not None else None
        self.wants_rows = more is not None
        self.wants_sums = formdata is not None and SUMS in formdata
        self.numbers = dict(numbers or {}) if formdata is None else numbers_from(formdata)
        self.parts: list[SectionForm] = [
            section_form(section, lists, say)(formdata, stored=stored or {}, more=more) for section in sections
        ]
        self._formdata = formdata

    def validate(self) -> bool:
        verdicts = [part.validate() for part in self.parts]  # every part is judged, not only up to the first fault
        return all(verdicts)

    @property
    def answers(self) -> dict[str, Answer]:
        """Clean answers by question that stood on the page, without those for which the other's text was taken."""
        taken = self._taken()
        found = {question: value for part in self.parts for question, value in part.answers.items()}
        return {
            question: value for question, value in found.items() if question not in taken and self._was_sent(question)
        }

    @property
    def sound(self) -> dict[str, Answer]:
        """Those of the answers against which nothing was found: what can be saved while somebody types."""
        return {q: value for q, value in self.answers.items() if q not in self.faulty}

    @property
    def faulty(self) -> frozenset[str]:
        return frozenset(q.id for part in self.parts for q in part.section.questions if part[field_name(q.id)].errors)

    @property
    def errors(self) -> list[Any]:
        """The forms whose errors the summary lists."""
        return list(self.parts)

    def asked(self, differences: Mapping[str, Any] | None = None) -> list[tuple[Section, list[Asked]]]:
        """Sections with their questions, documents left out: those are uploaded on their own."""
        found = differences or {}
        return [
            (part.section, [self._asked(part, q, found.get(q.id)) for q in _typed(part.section)]) for part in self.parts
        ]

    def _asked(self, part: SectionForm, question: Question, difference: Any) -> Asked:  # noqa: ANN401
        number = difference.number if difference else self.numbers.get(question.id, 0)
        return Asked(question, part[field_name(question.id)], number, question.type in TABLE_TYPES, difference)

    def _taken(self) -> frozenset[str]:
        sent = self._formdata or {}
        return frozenset(
            k.removeprefix(CHOICE_PREFIX) for k in sent if k.startswith(CHOICE_PREFIX) and sent[k] == "theirs"
        )

    def _was_sent(self, question: str) -> bool:
        return NUMBER_PREFIX + question in (self._formdata or {})


def _typed(section: Section) -> list[Question]:
    return [question for question in section.questions if question.type is not QuestionType.DOCUMENT]


def numbers_from(formdata: Mapping[str, str]) -> dict[str, int]:
    """The numbers a page was opened with; anything that is no number counts as none."""
    found = {k.removeprefix(NUMBER_PREFIX): v for k, v in formdata.items() if k.startswith(NUMBER_PREFIX)}
    return {question: int(number) for question, number in found.items() if number.isdecimal() and len(number) < 10}  # noqa: PLR2004
