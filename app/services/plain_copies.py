"""Copies without properties for evaluators of anonymous calls: made once for each content, by a job."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import Any

from sqlalchemy import select

from app.act import Act
from app.db import Database
from app.models import Application, Call, File, Job, PlainCopy
from app.outbox import enqueue
from app.plain.maker import own_maker
from app.services.transitions import Refused
from app.store import Store
from workflows.application import AFTER_SUBMISSION
from workflows.file import State
from workflows.verdict import refuse
from workflows.words import _

Finish = Callable[[Act], dict[str, Any]]
OBSTACLES: Mapping[str, str] = MappingProxyType(
    {
        "pdf-signature": _("an electronic signature, which names who signed"),
        "pdf-properties": _("properties of the PDF that cannot be taken out"),
        "office-signature": _("an electronic signature, which names who signed"),
        "office-encoding": _("a part in an encoding that is not read"),
        "picture-properties": _("properties of a picture that cannot be taken out"),
        "unreadable": _("the file could not be read to its end"),
    }
)


def want_plain_copies(act: Act) -> int:
    """Enqueue a copy for each content in an anonymous call that has none yet; says how many."""
    has_one = select(PlainCopy.id).where(PlainCopy.original_sha256 == File.sha256)
    asked = select(Job.id).where(Job.key == "plain:" + File.sha256)
    query = (
        select(File)
        .join(Application, Application.id == File.application_id)
        .join(Call, Call.id == Application.call_id)
        .where(
            Call.anonymous.is_(True),
            Application.state.in_(AFTER_SUBMISSION),
            File.state == State.USABLE,
            ~has_one.exists(),
            ~asked.exists(),
        )
        .order_by(File.id)
    )
    return sum(
        enqueue(act, "plain_copy", f"plain:{file.sha256}", {"file": file.id}) is not None
        for file in act.session.scalars(query).all()
    )


def copying(database: Database, store: Store) -> Callable[[dict[str, Any], str], Finish]:
    """Give the handler of the outbox for jobs of the kind "plain_copy"."""

    def work(args: dict[str, Any], _job_id: str) -> Finish:
        with database.reading() as session:
            file = session.get_one(File, str(args["file"]))
            sha256, media_type = file.sha256, file.media_type
        data, obstacle = own_maker().make(store.get(sha256), media_type)
        stored = store.put(data) if data is not None else None

        def finish(act: Act) -> dict[str, Any]:
            if copy_of(act, sha256) is None:
                copy = PlainCopy(
                    id=act.new_id(),
                    original_sha256=sha256,
                    sha256=stored.sha256 if stored else None,
                    size=stored.size if stored else None,
                    obstacles=[obstacle] if obstacle else [],
                    made_at=act.now,
                )
                act.session.add(copy)
            return {"obstacle": obstacle}

        return finish

    return work


def copy_of(act: Act, sha256: str) -> PlainCopy | None:
    return act.session.scalar(select(PlainCopy).where(PlainCopy.original_sha256 == sha256))


def plain_copy_of(act: Act, file: File) -> tuple[str, int]:
    """Give digest and size of what a reader gets who may not learn who applies. Raises `Refused` without a copy."""
    copy = copy_of(act, file.sha256)
    if copy is None:
        raise Refused(refuse("copy-awaited", _("This file is being made ready for you. Try again in a minute.")))
    if copy.sha256 is None or copy.size is None:
        text = _("This file cannot be shown: it says inside who made it. The call manager knows.")
        raise Refused(refuse("copy-impossible", text))
    return copy.sha256, copy.size


def without_copy(act: Act, applications: list[str]) -> list[tuple[File, str]]:
    """Give the files of these applications that evaluators can't get, each with what stands in the way, in words."""
    query = (
        select(File, PlainCopy)
        .join(PlainCopy, PlainCopy.original_sha256 == File.sha256)
        .join(Application, Application.id == File.application_id)
        .join(Call, Call.id == Application.call_id)
        .where(
            File.application_id.in_(applications),
            File.state == State.USABLE,
            Call.anonymous.is_(True),
            PlainCopy.sha256.is_(None),
        )
        .order_by(File.id)
    )
    return [(file, OBSTACLES[copy.obstacles[0]]) for file, copy in act.session.execute(query)]
