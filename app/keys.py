"""The server's key, and the keys derived from it: one for each purpose, none used for two."""

from __future__ import annotations

import hashlib
import hmac
from dataclasses import dataclass

from config import from_environment


@dataclass
class _Kept:
    server: bytes | None = None


_KEPT = _Kept()


def use_key(key: bytes) -> None:
    """Set the key of this process: the application does it at its start."""
    _KEPT.server = key


def server_key() -> bytes:
    """Give the key that was set, or else that of the settings, for jobs and commands that start no application."""
    if _KEPT.server is None:
        _KEPT.server = from_environment().secret_key
    return _KEPT.server


def digest(key: bytes, purpose: str, *parts: bytes) -> bytes:
    """Give HMAC-SHA256 under a key; each part goes in with its length, so that none runs into the next."""
    message = b"".join(len(part).to_bytes(4, "big") + part for part in (purpose.encode(), *parts))
    return hmac.new(key, message, hashlib.sha256).digest()
