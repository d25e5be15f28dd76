"""Dossiers: asked for by whoever may have that level, made by the outbox, kept with their digests."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from sqlalchemy import select

from app.access import can, visible
from app.act import Act
from app.db import Database
from app.dossier.writing import Written, write
from app.models import Application, Call, Dossier, Level
from app.outbox import enqueue
from app.services.permitted import relation_for
from app.services.transitions import note
from app.store import Store, Stored

_SEED = 32  # bytes
Finish = Callable[[Act], dict[str, Any]]
Subject = Call | Application


def levels_for(act: Act, subject: Subject) -> tuple[Level, ...]:
    """Give the levels the acting person may ask for, the fullest first."""
    return tuple(level for level in Level if can_ask(act, subject, level))


def can_ask(act: Act, subject: Subject, level: Level) -> bool:
    return _action(subject, level) is not None and can(act, _action(subject, level) or "", subject)


def _action(subject: Subject, level: Level) -> str | None:
    """Name the row of the table that lets somebody have a level."""
    if isinstance(subject, Call):
        return None if level is Level.APPLICANT else f"call.ask_{level}_dossier"
    return f"application.ask_{level}_dossier"


def ask(act: Act, subject: Subject, level: Level) -> Dossier:
    """Write down that a dossier is wanted and leave the making to the outbox. Refused to who may not have the level."""
    relation = relation_for(act, _action(subject, level) or "", subject)
    dossier = new_dossier(act, subject, level)
    note(act, subject, "ask_dossier", relation=relation, data={"level": level.value, "dossier": dossier.id})
    enqueue(act, "dossier", f"dossier:{dossier.id}", {"dossier": dossier.id})
    return dossier


def new_dossier(act: Act, subject: Subject, level: Level) -> Dossier:
    """Add the row of a dossier. Its salts come from the seed that the first one of the same subject had."""
    is_call = isinstance(subject, Call)
    application_id = None if is_call else subject.id
    call = subject if isinstance(subject, Call) else subject.call
    query = select(Dossier.seed).where(Dossier.call_id == call.id, Dossier.application_id.is_(application_id))
    if application_id is not None:
        query = select(Dossier.seed).where(Dossier.application_id == application_id)
    seed = act.session.scalar(query.limit(1)) or act.chance.bytes(_SEED)
    dossier = Dossier(
        id=act.new_id(), kind=level, call_id=call.id, application_id=application_id, wanted_by=act.person_id,
        wanted_at=act.now, seed=seed, call=call,
    )  # fmt: skip
    act.session.add(dossier)
    act.session.flush()
    return dossier


def making_dossiers(database: Database, store: Store) -> Callable[[dict[str, Any], str], Finish]:
    """Give the handler of the outbox for jobs of the kind "dossier"."""

    def work(args: dict[str, Any], _job_id: str) -> Finish:
        with database.reading() as session:
            written = write(session, session.get_one(Dossier, str(args["dossier"])), store)
        stored = store.put(written.data)
        return lambda act: finish(act, str(args["dossier"]), written, stored)

    return work


def finish(act: Act, dossier_id: str, written: Written, stored: Stored) -> dict[str, Any]:
    """Keep the digests of a dossier that is made; one that was made before stays as it is."""
    dossier = act.session.get_one(Dossier, dossier_id)
    if dossier.made_at is None:
        dossier.made_at = act.now
        dossier.sha256, dossier.size = stored.sha256, stored.size
        dossier.persons = list(written.persons)
        dossier.manifest_sha256, dossier.root = written.manifest_sha256, written.root
    return {"dossier": dossier_id, "manifest": dossier.manifest_sha256}


def take_away_naming(act: Act, person_id: str) -> None:
    """Let go of every dossier that names somebody who is erased: the next sweep takes the ZIP, the digests stay."""
    for dossier in act.session.scalars(select(Dossier).where(Dossier.sha256.is_not(None))):
        if person_id in dossier.persons:
            dossier.sha256, dossier.size, dossier.taken_away_at = None, None, act.now


def dossiers_of(act: Act, subject: Subject) -> list[Dossier]:
    """Give the dossiers of a call or an application that the acting person may have, the newest first."""
    query = visible(act, Dossier, "dossier.view").where(
        Dossier.call_id == subject.id if isinstance(subject, Call) else Dossier.application_id == subject.id
    )
    if isinstance(subject, Call):
        query = query.where(Dossier.application_id.is_(None))
    return list(act.session.scalars(query.order_by(Dossier.wanted_at.desc(), Dossier.id)))


def file_name(dossier: Dossier) -> str:
    about = dossier.call.code if dossier.application is None else dossier.application.number
    return f"dossier-{about}-{dossier.kind.value}-{dossier.wanted_at:%Y-%m-%d}.zip".lower()
