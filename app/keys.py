"""The server's key, and the keys derived from it: one for each purpose, none used for two.

What is sealed with the key can be opened as well with the one before it, where the settings still name that one.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
from dataclasses import dataclass

from cryptography.fernet import Fernet, InvalidToken

from config import from_environment


@dataclass
class _Kept:
    server: bytes | None = None
    former: bytes | None = None


_KEPT = _Kept()


def use_key(key: bytes, former: bytes | None = None) -> None:
    """Set the key of this process, and the one before it: the application does it at its start."""
    _KEPT.server, _KEPT.former = key, former


def server_key() -> bytes:
    """Give the key that was set, or else that of the settings, for jobs and commands that start no application."""
    if _KEPT.server is None:
        settings = from_environment()
        use_key(settings.secret_key, settings.former_key)
    assert _KEPT.server is not None  # noqa: S101 - set just now
    return _KEPT.server


def digest(key: bytes, purpose: str, *parts: bytes) -> bytes:
    """Give HMAC-SHA256 under a key; each part goes in with its length, so that none runs into the next."""
    message = b"".join(len(part).to_bytes(4, "big") + part for part in (purpose.encode(), *parts))
    return hmac.new(key, message, hashlib.sha256).digest()


SEALED = "sealed:"


class CannotOpenError(Exception):
    """What is sealed was sealed with another key."""


def seal(purpose: str, text: str, owner: str) -> str:
    """Encrypt for storage under the server's key; it opens for the same purpose and owner alone."""
    return SEALED + _box(server_key(), purpose, owner).encrypt(text.encode()).decode()


def unseal(purpose: str, stored: str, owner: str) -> str:
    """Give back what was sealed with the key or the one before it; what never was sealed is given as it is.

    Raises `CannotOpenError` where both are other keys.
    """
    if not stored.startswith(SEALED):
        return stored
    for key in (server_key(), _KEPT.former):
        if key is not None and (found := _opened(key, purpose, stored, owner)) is not None:
            return found
    raise CannotOpenError(purpose)


def is_current(purpose: str, stored: str, owner: str) -> bool:
    """Say whether something is sealed, and with the key of today."""
    return stored.startswith(SEALED) and _opened(server_key(), purpose, stored, owner) is not None


def _opened(key: bytes, purpose: str, stored: str, owner: str) -> str | None:
    try:
        return _box(key, purpose, owner).decrypt(stored.removeprefix(SEALED).encode()).decode()
    except InvalidToken:
        return None


def _box(key: bytes, purpose: str, owner: str) -> Fernet:
    return Fernet(base64.urlsafe_b64encode(digest(key, f"sealed {purpose}", owner.encode())))
