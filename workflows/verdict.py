"""Answers to "may this be done?": yes, or no with every reason at once."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from decimal import Decimal

from workflows.words import Text


@dataclass(frozen=True)
class Reason:
    """Why not. The code is for tests and the API, the text for people."""

    code: str
    text: Text
    params: Mapping[str, object] = field(default_factory=dict)

    def plain(self) -> str:
        """Give the text in English with its parameters filled in, for logs and the command line."""
        params = {name: _without_zeros(value) for name, value in self.params.items()}
        if isinstance(self.text, str):
            return self.text.format(**params)
        form = self.text.one if self.params.get("n") == 1 else self.text.many
        return form.format(**params)


def _without_zeros(value: object) -> object:
    """Write an amount without exponent and without zeros that say nothing; anything else stays what it is."""
    if not isinstance(value, Decimal):
        return value
    text = format(value, "f")
    return text.rstrip("0").rstrip(".") if "." in text else text


@dataclass(frozen=True)
class Verdict:
    """Truthy when there is nothing against it; adds up, so that a person sees all reasons at once."""

    reasons: tuple[Reason, ...] = ()

    def __bool__(self) -> bool:
        return not self.reasons

    def __add__(self, other: Verdict) -> Verdict:
        return Verdict(self.reasons + other.reasons)

    @property
    def codes(self) -> tuple[str, ...]:
        return tuple(reason.code for reason in self.reasons)


ALLOWED = Verdict()


def refuse(code: str, text: Text, /, **params: object) -> Verdict:
    return Verdict((Reason(code, text, params),))


def together(verdicts: Iterable[Verdict]) -> Verdict:
    """Add up any number of verdicts."""
    return Verdict(tuple(reason for verdict in verdicts for reason in verdict.reasons))
