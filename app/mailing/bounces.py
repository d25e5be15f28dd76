"""What comes back of a mail: delivery status notifications (RFC 3464), and which of our mails each of them is about.

Only what says "failed" counts: a mail that is late is not lost, and an automatic answer is no bounce.
"""

from __future__ import annotations

import email
import re
from collections.abc import Iterator
from dataclasses import dataclass
from email.message import Message
from email.utils import getaddresses

ID = r"[a-z2-7]{26}"  # of a job
_MESSAGE_ID = re.compile(rf"<({ID})@([^<>\s]+)>")
_STATUS = re.compile(r"\b[245]\.\d{1,3}\.\d{1,3}\b")
UNKNOWN = "5.0.0"  # "other or undefined", where the other mail server gives no status (RFC 3463)
LONGEST = 1000  # characters kept of what the other mail server said
_TO = ("To", "Delivered-To", "X-Original-To", "Envelope-To")


@dataclass(frozen=True)
class Returned:
    """One mail of ours that was not delivered."""

    job_id: str
    status: str
    said: str


def own_address(address: str, job_id: str) -> str:
    """Give the address that one mail comes back to: name+ID@host."""
    name, _at, host = address.partition("@")
    return f"{name}+{job_id}@{host}"


def returned(content: bytes, *, host: str, address: str = "") -> Returned | None:
    """Read a mail of the mailbox; None where it does not say that a mail of ours failed.

    `host` is that of our message ids; `address` is what mails come back to, if each has its own.
    """
    message = email.message_from_bytes(content)  # without a policy: broken headers stay text and raise nothing
    if message.get_content_type() != "multipart/report":
        return None
    failed = next(_failures(message), None)
    job_id = _by_address(message, address) or _by_message_id(message, host)
    if failed is None or job_id is None:
        return None
    return Returned(job_id, *failed)


def _failures(message: Message) -> Iterator[tuple[str, str]]:
    for part in message.walk():
        if part.get_content_type() != "message/delivery-status":
            continue
        blocks = part.get_payload()
        for block in blocks if isinstance(blocks, list) else []:
            if isinstance(block, Message) and _word(block, "Action") == "failed":
                status = _STATUS.search(_word(block, "Status"))
                said = " ".join(str(block.get("Diagnostic-Code", "")).split())
                yield status[0] if status else UNKNOWN, said[:LONGEST]


def _word(block: Message, name: str) -> str:
    return str(block.get(name, "")).strip().lower()


def _by_address(message: Message, address: str) -> str | None:
    name, _at, host = address.lower().partition("@")
    if not host:
        return None
    wanted = re.compile(rf"{re.escape(name)}\+({ID})@{re.escape(host)}")
    told = getaddresses([str(value) for header in _TO for value in message.get_all(header, [])])
    found = (wanted.fullmatch(one.lower()) for _name, one in told)
    return next((match[1] for match in found if match), None)


def _by_message_id(message: Message, host: str) -> str | None:
    """Look for our message id where the mail that came back is attached, whole or its head, and in the references."""
    texts = [str(message.get(header, "")) for header in ("In-Reply-To", "References")]
    for part in message.walk():
        kind = part.get_content_type()
        if kind == "message/rfc822":
            inner = part.get_payload()
            texts += [str(one.get("Message-ID", "")) for one in inner if isinstance(one, Message)]
        elif kind == "text/rfc822-headers":
            head = part.get_payload(decode=True)
            texts.append(str(email.message_from_bytes(head).get("Message-ID", "")) if isinstance(head, bytes) else "")
    matches = (match for text in texts for match in _MESSAGE_ID.finditer(text))
    return next((match[1] for match in matches if match[2] == host), None)


def from_report(told: object, *, host: str) -> Returned | None:
    """Read what a relay tells by its hook: `message_id` and `status`, and `said` if it likes. None if it is neither."""
    if not isinstance(told, dict):
        return None
    match = _MESSAGE_ID.search(f"<{str(told.get('message_id', '')).strip('<>')}>")
    status = _STATUS.search(str(told.get("status", "")))
    if match is None or match[2] != host or status is None or not status[0].startswith("5"):
        return None
    return Returned(match[1], status[0], " ".join(str(told.get("said", "")).split())[:LONGEST])
