"""Password hashes: argon2, a few at a time, so that a crowd at the door does not take all memory."""

from __future__ import annotations

import unicodedata
from threading import BoundedSemaphore

from argon2 import PasswordHasher
from argon2.exceptions import VerificationError

AT_ONCE = 2  # a hash takes 64 MiB


class Passwords:
    """Makes and checks hashes. Neither belongs into a transaction: both are slow on purpose."""

    def __init__(self, *, expensive: bool = True) -> None:
        self._hasher = PasswordHasher() if expensive else PasswordHasher(time_cost=1, memory_cost=8, parallelism=1)
        self._running = BoundedSemaphore(AT_ONCE)
        self._nobody = self._hasher.hash("the password of nobody")

    def hash(self, password: str) -> str:
        with self._running:
            return self._hasher.hash(_normal(password))

    def verify(self, hashed: str | None, password: str) -> bool:
        """Check a password; without a hash it takes as long and says no."""
        with self._running:
            try:
                return self._hasher.verify(hashed or self._nobody, _normal(password)) and hashed is not None
            except VerificationError:
                return False


def _normal(password: str) -> str:
    return unicodedata.normalize("NFC", password)
