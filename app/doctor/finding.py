"""One violation: which statement does not hold, of what, and why."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import asdict, dataclass

Found = Iterator[tuple[str, str]]  # (what, why)


@dataclass(frozen=True)
class Finding:
    statement: str
    thing: str
    why: str

    def __str__(self) -> str:
        return f"{self.statement}: {self.thing}: {self.why}"

    def plain(self) -> dict[str, str]:
        return asdict(self)
