"""Out of the house: by SMTP where a server is configured, else as files that can be read."""

from __future__ import annotations

import smtplib
import ssl
from datetime import datetime
from email.message import EmailMessage
from email.utils import format_datetime
from pathlib import Path
from typing import Protocol
from urllib.parse import urlsplit

from app.mailing.bounces import own_address
from app.mailing.text import Letter
from config import Mailing, Settings


class Post(Protocol):
    def send(self, message: EmailMessage) -> None: ...


class SmtpPost:
    def __init__(self, mailing: Mailing, bounce_address: str = "") -> None:
        self._mailing = mailing
        self._bounce_address = bounce_address

    def send(self, message: EmailMessage) -> None:
        mailing = self._mailing
        with smtplib.SMTP(mailing.host, mailing.port, timeout=30) as server:
            if mailing.starttls:
                server.starttls(context=ssl.create_default_context())  # the certificate is checked
            if mailing.user:
                server.login(mailing.user, mailing.password)
            server.send_message(message, from_addr=self._returns_to(message))

    def _returns_to(self, message: EmailMessage) -> str | None:
        """Give the address a mail of its own comes back to; none: that of its sender."""
        return own_address(self._bounce_address, id_of(message)) if self._bounce_address else None


class FolderPost:
    """Writes each mail as an .eml file; the same mail again is the same file."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def send(self, message: EmailMessage) -> None:
        self._folder.mkdir(parents=True, exist_ok=True)
        name = id_of(message)
        partial = self._folder / f".{name}.partial"
        partial.write_bytes(message.as_bytes())
        partial.rename(self._folder / f"{name}.eml")


def post_of(settings: Settings) -> Post:
    return (
        SmtpPost(settings.mailing, settings.bounces.address)
        if settings.mailing.host
        else FolderPost(settings.data / "mail")
    )


def id_of(message: EmailMessage) -> str:
    """Give the id of the job that made the message."""
    return str(message["Message-ID"]).strip("<>").partition("@")[0]


def message_of(letter: Letter, settings: Settings, job_id: str, at: datetime) -> EmailMessage:
    """Make the message; its id comes from the job, so that a mail sent twice is seen to be one."""
    message = EmailMessage()
    message["From"] = settings.mailing.sender
    message["To"] = letter.to
    message["Subject"] = letter.subject
    message["Date"] = format_datetime(at)
    message["Message-ID"] = f"<{job_id}@{urlsplit(settings.address).hostname}>"
    message["Auto-Submitted"] = "auto-generated"
    for name, value in letter.headers.items():
        message[name] = value
    message.set_content(letter.body)
    return message
