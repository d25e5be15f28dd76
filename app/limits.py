"""How often something may be tried: counted by address of the sender and by what is tried.

One process counts in memory. Several count together, in `app/shared_limits.py`.
"""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from threading import Lock
from typing import Protocol


@dataclass(frozen=True)
class Limit:
    times: int
    within: timedelta


# The first word says what is counted, the second by what.
LIMITS: dict[str, Limit] = {
    "sign_in.account": Limit(10, timedelta(minutes=15)),
    "sign_in.sender": Limit(100, timedelta(minutes=15)),
    "code.account": Limit(6, timedelta(minutes=10)),
    "mail.account": Limit(5, timedelta(hours=1)),
    "mail.sender": Limit(60, timedelta(hours=1)),
    "sign_up.sender": Limit(60, timedelta(hours=1)),
    "verify.sender": Limit(60, timedelta(minutes=1)),
}
# What pages that are only read count stays in memory always: nothing is written for them.
READ_ONLY = frozenset({"verify.sender"})
MOST_KEYS = 50_000  # then the oldest are forgotten: memory is not a sender's to fill


class Limits(Protocol):
    def wait(self, name: str, key: str, now: datetime) -> timedelta | None: ...

    def forget(self, name: str, key: str) -> None: ...


@dataclass
class Limiter:
    """Counts within one process; nothing is written for it."""

    limits: dict[str, Limit] = field(default_factory=lambda: LIMITS)
    _seen: dict[tuple[str, str], deque[datetime]] = field(default_factory=dict)
    _lock: Lock = field(default_factory=Lock)

    def wait(self, name: str, key: str, now: datetime) -> timedelta | None:
        """Count one try. Gives the time to wait where there were too many; such a try is not counted."""
        limit = self.limits[name]
        with self._lock:
            tries = self._seen.pop((name, key), deque())
            self._seen[name, key] = tries  # now the newest
            while tries and now - tries[0] >= limit.within:
                tries.popleft()
            if len(tries) >= limit.times:
                return limit.within - (now - tries[0])
            tries.append(now)
            while len(self._seen) > MOST_KEYS:
                del self._seen[next(iter(self._seen))]
        return None

    def forget(self, name: str, key: str) -> None:
        """Begin anew: after a success."""
        with self._lock:
            self._seen.pop((name, key), None)
