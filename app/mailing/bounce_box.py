"""The mailbox that mails come back to: a Maildir folder or an IMAP account. What was read is marked, never deleted."""

from __future__ import annotations

import imaplib
import mailbox
import ssl
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Protocol
from urllib.parse import unquote, urlsplit

from config import Bounces

TIMEOUT = 30  # seconds
IMAPS = 993


class BoxError(RuntimeError):
    """The mailbox can't be read; the sentence says why."""


class Box(Protocol):
    def unread(self) -> Iterator[tuple[str, bytes]]:
        """Give what was not read yet, each with its key."""

    def mark(self, key: str) -> None:
        """Mark one as read."""

    def close(self) -> None: ...


class MaildirBox:
    """A folder with `new`, `cur` and `tmp`, as mail servers write it; what was read has the flag S."""

    def __init__(self, folder: Path) -> None:
        if not (folder / "new").is_dir():
            raise BoxError(f"{folder} is no Maildir folder")
        self._box = mailbox.Maildir(folder, create=False)

    def unread(self) -> Iterator[tuple[str, bytes]]:
        for key in sorted(self._box.keys()):
            if "S" not in self._box.get_message(key).get_flags():
                yield key, self._box.get_bytes(key)

    def mark(self, key: str) -> None:
        message = self._box.get_message(key)
        message.set_subdir("cur")
        message.add_flag("S")
        self._box[key] = message

    def close(self) -> None:
        self._box.close()


class ImapBox:
    """A mailbox of an IMAP server, over TLS from the first byte; what was read is flagged as seen."""

    def __init__(self, address: str, password: str) -> None:
        parts = urlsplit(address)
        context = ssl.create_default_context()  # the certificate is checked
        try:
            self._server = imaplib.IMAP4_SSL(
                parts.hostname or "", parts.port or IMAPS, ssl_context=context, timeout=TIMEOUT
            )
            self._server.login(unquote(parts.username or ""), password)
            self._asked(self._server.select(f'"{unquote(parts.path.strip("/")) or "INBOX"}"'))
        except (OSError, imaplib.IMAP4.error) as fault:
            raise BoxError(f"the mailbox can't be opened: {fault}") from fault

    @staticmethod
    def _asked(answer: tuple[str, Sequence[object]]) -> Sequence[object]:
        if answer[0] != "OK":
            raise BoxError(f"the mail server refuses: {answer[1]}")
        return answer[1]

    def unread(self) -> Iterator[tuple[str, bytes]]:
        found = self._asked(self._server.uid("SEARCH", "UNSEEN"))
        keys = found[0].decode().split() if found and isinstance(found[0], bytes) else []
        for key in keys:
            told = self._asked(self._server.uid("FETCH", key, "(BODY.PEEK[])"))
            for piece in told:
                if isinstance(piece, tuple) and isinstance(piece[1], bytes):
                    yield key, piece[1]

    def mark(self, key: str) -> None:
        self._asked(self._server.uid("STORE", key, "+FLAGS", r"(\Seen)"))

    def close(self) -> None:
        self._server.logout()


def box_of(bounces: Bounces) -> Box:
    """Open the mailbox that is configured. BoxError where it can't be read."""
    scheme, _colon, rest = bounces.box.partition(":")
    if scheme == "maildir":
        return MaildirBox(Path(rest))
    return ImapBox(bounces.box, bounces.password)
