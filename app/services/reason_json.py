"""Reasons kept in a column of JSON and read back, so that stored answers are shown in the reader's language."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from decimal import Decimal
from typing import Any

from workflows.verdict import Reason
from workflows.words import Codes, Plural

MOMENT, CODES, NUMBER = "moment", "codes", "number"


def reason_to_json(reason: Reason) -> dict[str, Any]:
    """Write a reason: code, message and parameters; codes stay codes, numbers that are not whole keep every digit."""
    text: Any = reason.text if isinstance(reason.text, str) else {"one": reason.text.one, "many": reason.text.many}
    return {"code": reason.code, "text": text, "params": {key: _kept(value) for key, value in reason.params.items()}}


def reason_from_json(raw: Mapping[str, Any]) -> Reason:
    """Read back what `reason_to_json` wrote. KeyError for anything else."""
    text = raw["text"]
    message = text if isinstance(text, str) else Plural(text["one"], text["many"])
    return Reason(raw["code"], message, {key: _read(value) for key, value in raw["params"].items()})


def _read(value: Any) -> object:  # noqa: ANN401 - what JSON knows
    match value:
        case {"codes": codes, "of": of}:
            return Codes(of, codes)
        case {"moment": moment}:
            return datetime.fromisoformat(moment)
        case {"number": number}:
            return Decimal(number)
    return value


def _kept(value: object) -> Any:  # noqa: ANN401 - what JSON knows
    match value:
        case Codes():
            return {CODES: list(value.each), "of": str(value.of)}
        case datetime():
            return {MOMENT: value.isoformat()}
        case Decimal():
            return {NUMBER: trimmed(value)}
        case list() | tuple() | set() | frozenset():
            return [_kept(item) for item in value]
        case None | bool() | int() | str():
            return value
    return str(value)


def trimmed(value: Decimal) -> str:
    """Write a number without needless zeros and never with an exponent: 80.500 is 80.5, 80.000 is 80."""
    text = f"{value:f}"
    return text.rstrip("0").rstrip(".") if "." in text else text
