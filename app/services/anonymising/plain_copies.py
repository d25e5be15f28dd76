"""Copies without properties for evaluators of anonymous calls: made once for each content, by a job."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import Any

from sqlalchemy import Select, select

from app.act import Act
from app.db import Database
from app.models import Application, Call, File, Job, PlainCopy, RedactedFile
from app.outbox import enqueue
from app.plain.maker import own_maker
from app.services.applications.content import identifying
from app.services.calls.call import definition_of
from app.services.evaluating.readable import released, released_files
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
    files = (
        select(File)
        .join(Application, Application.id == File.application_id)
        .join(Call, Call.id == Application.call_id)
        .where(Call.anonymous.is_(True), Application.state.in_(AFTER_SUBMISSION), File.state == State.USABLE)
    )
    wanted = [(file.sha256, {"file": file.id}) for file in act.session.scalars(_without(files, File))]
    others = _without(select(RedactedFile).where(RedactedFile.sha256.is_not(None)), RedactedFile)
    wanted += [(other.sha256 or "", {"redacted_file": other.id}) for other in act.session.scalars(others)]
    return sum(enqueue(act, "plain_copy", f"plain:{digest}", args) is not None for digest, args in wanted)


def _without(query: Select[Any], model: type[File | RedactedFile]) -> Select[Any]:
    """Those that have no copy, and for which none is asked."""
    has_one = select(PlainCopy.id).where(PlainCopy.original_sha256 == model.sha256)
    asked = select(Job.id).where(Job.key == "plain:" + model.sha256)
    return query.where(~has_one.exists(), ~asked.exists()).order_by(model.id)


def copying(database: Database, store: Store) -> Callable[[dict[str, Any], str], Finish]:
    """Give the handler of the outbox for jobs of the kind "plain_copy"."""

    def work(args: dict[str, Any], _job_id: str) -> Finish:
        with database.reading() as session:
            file: File | RedactedFile = (
                session.get_one(File, str(args["file"]))
                if "file" in args
                else session.get_one(RedactedFile, str(args["redacted_file"]))
            )
            sha256, media_type = file.sha256 or "", file.media_type
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
    copy = copy_of(act, _instead_of(act, file))
    if copy is None:
        raise Refused(refuse("copy-awaited", _("This file is being made ready for you. Try again in a minute.")))
    if copy.sha256 is None or copy.size is None:
        text = _("This file cannot be shown: it says inside who made it. The call manager knows.")
        raise Refused(refuse("copy-impossible", text))
    return copy.sha256, copy.size


def _instead_of(act: Act, file: File) -> str:
    """Give the digest of what evaluators get in place of a file: of another file, or of its own."""
    application = act.session.get_one(Application, file.application_id)
    redaction = released(act, application)
    other = released_files(redaction).get(file.id) if redaction is not None else None
    if file.slot in identifying(definition_of(application.call)) or (other is not None and other.sha256 is None):
        raise Refused(refuse("withheld", _("This file is not given to evaluators: it tells who applies.")))
    return file.sha256 if other is None or other.sha256 is None else other.sha256


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
