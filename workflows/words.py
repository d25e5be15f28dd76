"""No-op markers: what they are given is found by the extraction of messages and translated where it is shown."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Self


@dataclass(frozen=True)
class Plural:
    """Two forms of one message; the parameter `n` chooses."""

    one: str
    many: str


Text = str | Plural


class Codes(str):
    """Codes of one list, joined by commas: stored as they are, named only where people read them."""

    __slots__ = ("each", "of")

    of: str  # the subject of the rule: which list the codes are from
    each: tuple[str, ...]

    def __new__(cls, of: str, each: Iterable[str]) -> Self:
        codes = tuple(each)
        made = super().__new__(cls, ", ".join(codes))
        made.of, made.each = of, codes
        return made


def _(message: str) -> str:
    """Mark a message; its named parameters stand in braces."""
    return message


def plural(one: str, many: str) -> Plural:
    """Mark a message that depends on the parameter `n`."""
    return Plural(one, many)
