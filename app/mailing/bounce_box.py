"""The mailbox that mails come back to: a Maildir folder or an IMAP account. What was read is marked, never deleted."""

from __future__ import annotations

import base64
import contextlib
import imaplib
import logging
import re
import ssl
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Protocol
from urllib.parse import unquote, urlsplit

from config import Bounces

TIMEOUT = 30  # seconds
IMAPS = 993
LARGEST = 1024 * 1024  # bytes read of a mail: what says that it failed stands before the mail that came back
FLAGS, SEEN = ":2,", "S"  # in the name of a file of a Maildir
_BEYOND_ASCII = re.compile(r"[^\x20-\x7e]+")
log = logging.getLogger(__name__)


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
        if not (folder / "new").is_dir() or not (folder / "cur").is_dir():
            raise BoxError(f"{folder} is no Maildir folder")
        self._folder = folder

    def unread(self) -> Iterator[tuple[str, bytes]]:
        for file in sorted([*(self._folder / "new").iterdir(), *(self._folder / "cur").iterdir()]):
            if SEEN in file.name.partition(FLAGS)[2] or file.name.startswith("."):
                continue
            with contextlib.suppress(FileNotFoundError), file.open("rb") as opened:  # moved meanwhile: read next time
                yield str(file.relative_to(self._folder)), opened.read(LARGEST)

    def mark(self, key: str) -> None:
        file = self._folder / key
        name, _mark, flags = file.name.partition(FLAGS)
        marked = f"{name}{FLAGS}{''.join(sorted({*flags, SEEN}))}"
        with contextlib.suppress(FileNotFoundError):
            file.rename(self._folder / "cur" / marked)

    def close(self) -> None:
        """Nothing is kept open."""


class ImapBox:
    """A mailbox of an IMAP server, over TLS from the first byte; what was read is flagged as seen."""

    def __init__(self, address: str, password: str) -> None:
        parts = urlsplit(address)
        context = ssl.create_default_context()  # the certificate is checked
        with _as_sentence("the mailbox can't be opened"):
            self._server = imaplib.IMAP4_SSL(
                parts.hostname or "", parts.port or IMAPS, ssl_context=context, timeout=TIMEOUT
            )
        try:
            with _as_sentence("the mailbox can't be opened"):
                self._sign_in(unquote(parts.username or ""), password)
                self._asked(self._server.select(_quoted(unquote(parts.path.strip("/")) or "INBOX")))
        except BoxError:
            self.close()
            raise

    def _sign_in(self, name: str, password: str) -> None:
        if "AUTH=PLAIN" in self._server.capabilities:  # the only way for a password beyond ASCII
            self._asked(self._server.authenticate("PLAIN", lambda _challenge: f"\0{name}\0{password}".encode()))
        else:
            self._asked(self._server.login(name, password))

    @staticmethod
    def _asked(answer: tuple[str, Sequence[object]]) -> Sequence[object]:
        if answer[0] != "OK":
            raise BoxError(f"the mail server refuses: {answer[1]}")
        return answer[1]

    def unread(self) -> Iterator[tuple[str, bytes]]:
        with _as_sentence("the mailbox can't be read"):
            found = self._asked(self._server.uid("SEARCH", "UNSEEN"))
        keys = found[0].decode().split() if found and isinstance(found[0], bytes) else []
        for key in keys:
            with _as_sentence("the mailbox can't be read"):
                status, told = self._server.uid("FETCH", key, f"(BODY.PEEK[]<0.{LARGEST}>)")
            if status != "OK":  # one mail that its server can't give is no reason to leave the others unread
                log.warning("mail %s of the mailbox can't be read: %s", key, told)
            for piece in told if status == "OK" else ():
                if isinstance(piece, tuple) and isinstance(piece[1], bytes):
                    yield key, piece[1]

    def mark(self, key: str) -> None:
        with _as_sentence("the mail can't be marked as read"):
            self._asked(self._server.uid("STORE", key, "+FLAGS", r"(\Seen)"))

    def close(self) -> None:
        with contextlib.suppress(OSError, imaplib.IMAP4.error):  # it may be gone already
            self._server.logout()


@contextmanager
def _as_sentence(what: str) -> Iterator[None]:
    try:
        yield
    except (OSError, imaplib.IMAP4.error, UnicodeError) as fault:
        raise BoxError(f"{what}: {fault}") from fault


def _quoted(folder: str) -> str:
    """Write the name of a mailbox as IMAP has it: quoted, what is beyond ASCII in its own UTF-7 (RFC 3501, 5.1.3)."""
    escaped = folder.replace("&", "&-").replace("\\", r"\\").replace('"', r"\"")
    return f'"{_BEYOND_ASCII.sub(lambda found: _utf7(found[0]), escaped)}"'


def _utf7(text: str) -> str:
    coded = base64.b64encode(text.encode("utf-16-be")).decode().rstrip("=").replace("/", ",")
    return f"&{coded}-"


def box_of(bounces: Bounces) -> Box:
    """Open the mailbox that is configured. BoxError where it can't be read."""
    scheme, _colon, rest = bounces.box.partition(":")
    if scheme == "maildir":
        return MaildirBox(Path(rest))
    return ImapBox(bounces.box, bounces.password)
