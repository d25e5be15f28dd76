"""Where ids, codes and salts come from. Given like `now`, so that a rehearsal can be repeated."""

from __future__ import annotations

import random
import secrets
from base64 import b32encode
from typing import Protocol

CODE_LETTERS = "23456789ABCDEFGHJKMNPQRSTVWXYZ"  # nothing that is misread aloud or on paper


class Chance(Protocol):
    def bytes(self, count: int) -> bytes: ...


class Secret:
    """The operating system's randomness: the only one for real data."""

    def bytes(self, count: int) -> bytes:
        return secrets.token_bytes(count)


class Seeded:
    """Repeats itself for the same seed. Only for rehearsals, on a database made for one."""

    def __init__(self, seed: int) -> None:
        self._random = random.Random(seed)  # noqa: S311 - on purpose

    def bytes(self, count: int) -> bytes:
        return self._random.randbytes(count)


def new_id(chance: Chance) -> str:
    """Make an id of 128 random bits: 26 letters and digits, in lower case."""
    return b32encode(chance.bytes(16)).decode().rstrip("=").lower()


def new_code(chance: Chance, length: int) -> str:
    """Make a code people can read and type; about 4.9 bits a letter."""
    count = len(CODE_LETTERS)
    letters: list[str] = []
    while len(letters) < length:
        letters += [CODE_LETTERS[byte % count] for byte in chance.bytes(length) if byte < 256 - 256 % count]
    return "".join(letters[:length])
