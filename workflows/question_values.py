"""Single answers: what a person typed becomes a value JSON can hold (decimals and days as text), or a reason."""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal

from workflows.definition_questions import Choice, Column, Question, QuestionType
from workflows.question_text import clean_text, normal
from workflows.verdict import ALLOWED, Verdict, refuse
from workflows.words import _, plural

MAX_DIGITS = 15
# What JSON can hold and an answer can be; rows of tables are lists of mappings of these.
Single = str | bool | None
Cleaned = tuple[Single, Verdict]

_NUMBER = re.compile(r"[+-]?[0-9]+(?:[.,][0-9]+)?")
_DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
_GROUPED = re.compile(r"[0-9]{1,3}(?:[ \u00a0\u202f'’][0-9]{3})+(?:[.,][0-9]+)?")
# 1.250 is a thousand and more to some and little more than one to others; 0.250 is clear to all.
_TWO_READINGS = re.compile(r"[+-]?[1-9][0-9]{0,2}[.,][0-9]{3}")
_YES_NO = {"yes": True, "no": False, "true": True, "false": False}


@dataclass(frozen=True, kw_only=True, slots=True)
class Lists:
    """Codes and names answers may choose from, besides those the question itself names."""

    taxonomy: Mapping[str, tuple[Choice, ...]] = field(default_factory=dict, hash=False)
    countries: tuple[Choice, ...] = ()
    regions: tuple[Choice, ...] = ()
    partners: tuple[Choice, ...] = ()


NO_LISTS = Lists()
Asked = Question | Column


def choices_of(asked: Asked, lists: Lists = NO_LISTS) -> tuple[Choice, ...]:
    """The choices of a question: its own, those of the taxonomy, or countries."""
    if asked.type is QuestionType.COUNTRY:
        return lists.countries
    if isinstance(asked, Question) and asked.taxonomy is not None:
        return lists.taxonomy.get(asked.taxonomy, ())
    return asked.choices


def clean_single(asked: Asked, raw: object, lists: Lists = NO_LISTS) -> Cleaned:
    """One answer. What is refused comes back in its normal form, beside the reasons; nothing typed gives None."""
    if isinstance(raw, bool):
        raw = "yes" if raw else "no"
    if raw is not None and not isinstance(raw, str):
        return None, refuse("not-one-value", _("“{label}”: give one answer."), label=asked.label)
    text = raw or ""
    if not normal(text):
        return None, ALLOWED
    return _CLEANERS[asked.type](asked, text, lists)


def _text(asked: Asked, raw: str, _lists: Lists) -> Cleaned:
    one_line = asked.type is QuestionType.TEXT
    return clean_text(raw, label=asked.label, max_chars=asked.max_chars, one_line=one_line)


def _choice(asked: Asked, raw: str, lists: Lists) -> Cleaned:
    code = normal(raw)
    if code in {choice.code for choice in choices_of(asked, lists)}:
        return code, ALLOWED
    return code, refuse("unknown-choice", _("“{label}”: choose one of the answers offered."), label=asked.label)


def _yes_no(asked: Asked, raw: str, _lists: Lists) -> Cleaned:
    answer = _YES_NO.get(normal(raw).lower())
    if answer is None:
        return None, refuse("not-yes-or-no", _("“{label}”: choose yes or no."), label=asked.label)
    return answer, ALLOWED


def _date(asked: Asked, raw: str, _lists: Lists) -> Cleaned:
    text = normal(raw)
    try:
        return date.fromisoformat(text if _DAY.fullmatch(text) else "").isoformat(), ALLOWED
    except ValueError:
        message = _("“{label}”: {given} is not a day of the calendar; write year-month-day, such as 2018-03-08.")
        return text, refuse("not-a-date", message, label=asked.label, given=text)


def parse_number(raw: str) -> tuple[Decimal | None, str | None]:
    """A number as people write it; None and a code if it is none ("not-a-number") or has two readings ("two-readings").

    A comma is a decimal comma. Blanks between groups of three digits are accepted. A single comma or point before
    just three digits could be either, and is refused.
    """
    text = normal(raw)
    if _GROUPED.fullmatch(text):
        return Decimal(re.sub("[ \u00a0\u202f'’]", "", text).replace(",", ".")), None
    if not _NUMBER.fullmatch(text):
        return None, "not-a-number"
    if _TWO_READINGS.fullmatch(text):
        return None, "two-readings"
    return Decimal(text.replace(",", ".")), None


def _number(asked: Asked, raw: str, _lists: Lists) -> Cleaned:
    number, problem = parse_number(raw)
    text = normal(raw)
    if problem == "two-readings":
        grouped, decimal = re.sub("[.,]", "", text), text.replace(",", ".")
        message = _("“{label}”: {given} can be read in two ways; write {grouped} or {decimal}0.")
        return text, refuse(problem, message, label=asked.label, given=text, grouped=grouped, decimal=decimal)
    if number is None:
        message = _("“{label}”: {given} is not a number; write digits only, such as 1250.50.")
        return text, refuse("not-a-number", message, label=asked.label, given=text)
    if sum(c.isdigit() for c in text) > MAX_DIGITS:
        message = _("“{label}”: a number may have at most {limit} digits.")
        return text, refuse("too-many-digits", message, label=asked.label, limit=MAX_DIGITS)
    return format(number, "f"), _in_range(asked, number)


def _in_range(asked: Asked, number: Decimal) -> Verdict:
    if asked.min is not None and number < asked.min:
        return refuse("too-small", _("“{label}”: give at least {min}."), label=asked.label, min=asked.min)
    if asked.max is not None and number > asked.max:
        return refuse("too-large", _("“{label}”: give at most {max}."), label=asked.label, max=asked.max)
    if asked.step is not None and (number - (asked.min or 0)) % asked.step:
        return refuse("off-step", _("“{label}”: give a number in steps of {step}."), label=asked.label, step=asked.step)
    return ALLOWED


_CLEANERS: Mapping[QuestionType, Callable[[Asked, str, Lists], Cleaned]] = {
    QuestionType.TEXT: _text,
    QuestionType.LONG_TEXT: _text,
    QuestionType.CHOICE: _choice,
    QuestionType.NUMBER: _number,
    QuestionType.DATE: _date,
    QuestionType.YES_NO: _yes_no,
    QuestionType.COUNTRY: _choice,
}
SINGLE_TYPES = frozenset(_CLEANERS)


def clean_many(question: Question, raw: object, lists: Lists = NO_LISTS) -> tuple[list[str], Verdict]:
    """Several choices, each once, in the order of the choices."""
    listed = [raw] if isinstance(raw, str) else raw if isinstance(raw, (list, tuple)) else []
    # What is no text is no code either, and need not be hashable: a file brought back may hold anything.
    given = {code if isinstance(code, str) else repr(code) for code in listed if code is not None}
    offered = [choice.code for choice in choices_of(question, lists)]
    found = [code for code in offered if code in given]
    verdict = ALLOWED
    if given - set(offered) - {""}:
        verdict += refuse("unknown-choice", _("“{label}”: choose among the answers offered."), label=question.label)
    if question.max_choices is not None and len(found) > question.max_choices:
        text = plural("“{label}”: choose at most {n} answer.", "“{label}”: choose at most {n} answers.")
        verdict += refuse("too-many-choices", text, label=question.label, n=question.max_choices)
    return found, verdict
