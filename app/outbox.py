"""What rows name in `after` becomes jobs in the same transaction: one for each addressee, one for each document."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import select

from app.act import Act
from app.models import Job, Status
from app.some import parts_of

NOBODY = "erased.invalid"  # the domain of addresses that are nobody's (RFC 2606)


def enqueue(act: Act, kind: str, key: str, args: dict[str, Any], *, at: datetime | None = None) -> Job | None:
    """Add a job once, to be done at once or not before a moment. The same key is the same job.

    Returns None where it is there already.
    """
    if act.session.scalar(select(Job.id).where(Job.key == key)) is not None:
        return None
    job = _job(act, kind, key, args, at)
    act.session.add(job)
    act.session.flush()
    return job


@dataclass(frozen=True)
class Outgoing:
    """A mail to one addressee; `about` holds ids only: the worker builds the text when it sends."""

    template: str
    person_id: str | None
    address: str
    about: dict[str, Any]
    key: str


def enqueue_mail(
    act: Act, template: str, *, person_id: str | None, address: str, about: dict[str, Any], key: str,
    at: datetime | None = None,
) -> None:  # fmt: skip
    """Add a mail to one addressee, to be sent at once or not before a moment."""
    enqueue_mails(act, [Outgoing(template, person_id, address, about, key)], at=at)


def enqueue_mails(act: Act, mails: Iterable[Outgoing], *, at: datetime | None = None) -> None:
    """Add many mails, each once. Nothing is sent to the address that stands for somebody who was erased."""
    wanted = {f"mail:{m.template}:{m.key}:{m.address}": m for m in mails if not m.address.endswith(f"@{NOBODY}")}
    there: set[str] = set()
    for part in parts_of(list(wanted)):
        there |= set(act.session.scalars(select(Job.key).where(Job.key.in_(part))))
    for key, mail in wanted.items():
        if key not in there:
            args = {"template": mail.template, "person": mail.person_id, "address": mail.address, **mail.about}
            act.session.add(_job(act, "mail", key, args, at))
    act.session.flush()


def _job(act: Act, kind: str, key: str, args: dict[str, Any], at: datetime | None) -> Job:
    return Job(
        id=act.new_id(), kind=kind, key=key, args=args, status=Status.WAITING, run_at=at or act.now, enqueued_at=act.now
    )
