"""Long lists in parts that a statement can hold: databases count the parameters of one."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TypeVar

T = TypeVar("T")
AT_ONCE = 500


def parts_of(many: Sequence[T], at_once: int = AT_ONCE) -> Iterator[Sequence[T]]:
    """Give a list in parts, in its order."""
    for start in range(0, len(many), at_once):
        yield many[start : start + at_once]
