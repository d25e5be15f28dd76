"""The mails a demonstration has written to files, for whoever plays their addressee."""

from __future__ import annotations

import email
import email.policy
from dataclasses import dataclass
from datetime import datetime
from email.utils import parsedate_to_datetime
from pathlib import Path


@dataclass(frozen=True)
class Mail:
    name: str
    to: str
    subject: str
    at: datetime
    body: str


def _read(path: Path) -> Mail:
    message = email.message_from_bytes(path.read_bytes(), policy=email.policy.default)
    return Mail(
        name=path.stem,
        to=str(message["To"]),
        subject=str(message["Subject"]),
        at=parsedate_to_datetime(str(message["Date"])),
        body=message.get_content(),
    )


def written(folder: Path, to: str = "") -> list[Mail]:
    """List the mails of a folder, the newest first; `to` keeps those whose address contains it."""
    mails = [_read(path) for path in sorted(folder.glob("*.eml"))] if folder.exists() else []
    return sorted((m for m in mails if to.lower() in m.to.lower()), key=lambda m: (m.at, m.name), reverse=True)


def one(folder: Path, name: str) -> Mail | None:
    """Find a mail by its name, which must be one the folder lists."""
    return next((_read(path) for path in folder.glob("*.eml") if path.stem == name), None)
