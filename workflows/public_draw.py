"""The public draw: an order that nobody chose and everybody can work out again with any SHA-256 program.

The office commits a secret before the day of the draw by publishing its digest. On the day a public number becomes
known. Secret and number make the seed, the seed and the number of an application make its ticket; the lowest goes first.
"""

import hashlib
import re
from collections.abc import Iterable

_SECRET = re.compile(r"[0-9a-f]{64}")


def digest(text: str) -> str:
    """SHA-256 of a text in UTF-8, as 64 small hexadecimal digits."""
    return hashlib.sha256(text.encode()).hexdigest()


def commitment_of(secret: str) -> str:
    """What is published before the draw. ValueError unless the secret is 64 small hexadecimal digits."""
    if not _SECRET.fullmatch(secret):
        raise ValueError("a secret is 64 hexadecimal digits")
    return digest(secret)


def public_number(typed: str) -> str:
    """A public number as it counts: without blanks around it, each run of blanks as one."""
    return " ".join(typed.split())


def seed_of(secret: str, number: str) -> str:
    """The seed: SHA-256 of the secret, a colon, and the public number."""
    return digest(f"{secret}:{public_number(number)}")


def ticket_of(seed: str, application: str) -> str:
    """The ticket of an application: SHA-256 of the seed, a colon, and the application's number."""
    return digest(f"{seed}:{application}")


def drawn(seed: str, applications: Iterable[str]) -> list[tuple[str, str]]:
    """Tickets with their applications, the first drawn first."""
    return sorted((ticket_of(seed, application), application) for application in applications)


def is_kept(commitment: str, secret: str) -> bool:
    """Whether a revealed secret is the one that was committed."""
    return digest(secret) == commitment
