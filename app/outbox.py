"""What rows name in `after` becomes jobs in the same transaction: one for each addressee, one for each document."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import select

from app.act import Act
from app.models import Job, Status

NOBODY = "erased.invalid"  # the domain of addresses that are nobody's (RFC 2606)


def enqueue(act: Act, kind: str, key: str, args: dict[str, Any], *, at: datetime | None = None) -> Job | None:
    """Add a job once, to be done at once or not before a moment. The same key is the same job.

    Returns None where it is there already.
    """
    if act.session.scalar(select(Job.id).where(Job.key == key)) is not None:
        return None
    job = Job(
        id=act.new_id(), kind=kind, key=key, args=args, status=Status.WAITING, run_at=at or act.now, enqueued_at=act.now
    )
    act.session.add(job)
    act.session.flush()
    return job


def enqueue_mail(
    act: Act, template: str, *, person_id: str | None, address: str, about: dict[str, Any], key: str,
    at: datetime | None = None,
) -> None:  # fmt: skip
    """Add a mail to one addressee; `about` holds ids only: the worker builds the text when it sends.

    Nothing is sent to the address that stands for somebody who was erased.
    """
    if address.endswith(f"@{NOBODY}"):
        return
    enqueue(act, "mail", f"mail:{template}:{key}:{address}", {
        "template": template, "person": person_id, "address": address, **about,
    }, at=at)  # fmt: skip
