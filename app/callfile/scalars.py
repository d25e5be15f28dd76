"""Single values of a call file: what is accepted as text, number, day or word, and how it is mended otherwise."""

import re
import unicodedata
from collections.abc import Callable, Mapping
from datetime import date
from decimal import Decimal
from enum import StrEnum
from typing import Any

from app.callfile.nodes import Scalar, ScalarKind
from app.callfile.shapes import MAX_TEXT, MOMENT, ScalarShape
from workflows.verdict import Reason
from workflows.words import Text, _

MAX_DIGITS = 15
Result = tuple[Any, Reason | None]


def _refused(code: str, text: Text, /, **params: object) -> Result:
    return None, Reason(code, text, params)


def read(node: Scalar, shape: ScalarShape) -> Result:
    """The value, or the reason why it cannot be one."""
    if issubclass(shape.type, StrEnum):
        return _word(node, shape.type)
    if shape.type is str:
        return _text(node, shape.pattern)
    return _READERS[shape.type](node)


def _word(node: Scalar, words: type[StrEnum]) -> Result:
    known = [word.value for word in words]
    if node.text in known:
        return words(node.text), None
    return _refused(
        "unknown-word", _("“{text}” is not known here; write one of: {known}."), text=node.text, known=", ".join(known)
    )


def _text(node: Scalar, pattern: str | None) -> Result:
    if node.kind is not ScalarKind.TEXT and not (node.loose or pattern):
        return _refused("not-text", _("Text is needed here; put {text} in quotes."), text=node.text)
    text = unicodedata.normalize("NFC", node.text)
    unwanted = next((c for c in text if unicodedata.category(c) in ("Cc", "Cs") and c not in "\n\t"), None)
    if unwanted is not None:
        return _refused(
            "control-character",
            _("The text holds the control character {code}; remove it."),
            code=f"U+{ord(unwanted):04X}",
        )
    if len(text) > MAX_TEXT:
        return _refused(
            "too-long", _("The text has {given} characters; {limit} are allowed."), given=len(text), limit=MAX_TEXT
        )
    if pattern is not None and not re.fullmatch(pattern, text):
        return _refused("wrong-form", *_wrong_form(pattern), text=text)
    return text, None


def _wrong_form(pattern: str) -> tuple[Text]:
    if pattern == MOMENT:
        return (_("“{text}” is not a day or time; write 2018-03-08 or 2018-03-08T17:00:00."),)
    return (_("“{text}” cannot stand here; use letters without accents, digits and hyphens, without spaces."),)


def _boolean(node: Scalar) -> Result:
    if node.kind is ScalarKind.BOOLEAN:
        return node.text.lower() == "true", None
    return _refused("not-boolean", _("Write true or false here, not “{text}”."), text=node.text)


def _decimal(node: Scalar) -> Result:
    wanted = _("A number is needed here, in digits with a point for decimals, not “{text}”; such as 350000 or 0.75.")
    if node.kind is not ScalarKind.NUMBER and not (node.loose and re.fullmatch(r"-?[0-9]+(\.[0-9]+)?", node.text)):
        return _refused("not-a-number", wanted, text=node.text)
    if len(node.text) > MAX_DIGITS:
        return _refused("too-many-digits", _("The number has more than {limit} digits; write fewer."), limit=MAX_DIGITS)
    return Decimal(node.text), None


def _whole(node: Scalar) -> Result:
    if node.kind is ScalarKind.NUMBER and node.text.isdigit() and len(node.text) <= MAX_DIGITS:
        return int(node.text), None
    return _refused("not-whole", _("A whole number from 0 up is needed here, not “{text}”."), text=node.text)


def _day(node: Scalar) -> Result:
    try:
        return date.fromisoformat(node.text), None
    except ValueError:
        return _refused(
            "not-a-day", _("“{text}” is not a day of the calendar; write it as 2018-03-08."), text=node.text
        )


_READERS: Mapping[type, Callable[[Scalar], Result]] = {bool: _boolean, Decimal: _decimal, int: _whole, date: _day}
