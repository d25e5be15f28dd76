"""No-op markers: what they are given is found by the extraction of messages and translated where it is shown."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Plural:
    """Two forms of one message; the parameter `n` chooses."""

    one: str
    many: str


Text = str | Plural


def _(message: str) -> str:
    """Mark a message; its named parameters stand in braces."""
    return message


def plural(one: str, many: str) -> Plural:
    """Mark a message that depends on the parameter `n`."""
    return Plural(one, many)
