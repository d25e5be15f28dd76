"""What a rehearsal came to, as one file and as a folder of documents."""

from __future__ import annotations

from collections import Counter
from pathlib import Path
from typing import Any

from sqlalchemy import func, select

from app.commands.house import House
from app.models import THINGS, Application, Check, Document, DocumentKind, Event, Job, Label, Status
from app.rehearsal.play import Play
from workflows.label import NUMBERED
from workflows.machines import MACHINES
from workflows.rules import rules_of


def write_documents(house: House, folder: Path) -> dict[str, str]:
    """Write every document that was made and give their file names by id."""
    folder.mkdir(parents=True, exist_ok=True)
    names: dict[str, str] = {}
    with house.database.reading() as session:
        for document in session.scalars(select(Document).where(Document.issued_sha256.is_not(None))):
            application = session.get(Application, document.application_id) if document.application_id else None
            prefix = f"{application.acronym}-" if application else ""
            name = f"{prefix}{document.file_name}".replace("/", "-")
            names[document.id] = name
            (folder / name).write_bytes(house.store.get(document.issued_sha256 or ""))
    return names


def report_on(house: House, play: Play, names: dict[str, str], notes: list[str]) -> dict[str, Any]:
    """Count and list what happened; equal for the same seed."""
    with house.database.reading() as session:
        events = session.execute(
            select(Event.noun, Event.name, func.count())
            .group_by(Event.noun, Event.name)
            .order_by(Event.noun, Event.name)
        ).all()
        done = {(noun, name): count for noun, name, count in events}
        mails = select(func.count()).select_from(Job).where(Job.kind == "mail", Job.status == Status.DONE)
        return {
            "call": play.definition.code,
            "labels": _labels(session, names),
            "refused": _refused(play),
            "left_out": [partnership.acronym for partnership in play.left_out],
            "states": _states(session),
            "transitions": {noun: _of(done, noun) for noun in MACHINES},
            "transitions_never_used": [
                f"{noun}.{name}"
                for noun, machine in MACHINES.items()
                for name in machine.words
                if (noun, name) not in done
            ],
            "rules_never_exercised": _rules_never_exercised(session, play),
            "mails": session.scalar(mails) or 0,
            "assumed": notes,
        }


def _of(done: dict[tuple[str, str], int], noun: str) -> dict[str, int]:
    return {name: count for (of, name), count in done.items() if of == noun and name in MACHINES[noun].words}


def _labels(session: Any, names: dict[str, str]) -> list[dict[str, str | None]]:  # noqa: ANN401
    found = []
    for label in session.scalars(select(Label).where(Label.state.in_(NUMBERED)).order_by(Label.acronym)):
        certificate = session.scalar(
            select(Document.id).where(
                Document.kind == DocumentKind.CERTIFICATE, Document.thing_id == label.id, Document.replaced_at.is_(None)
            )
        )
        found.append({"number": label.number, "acronym": label.acronym, "certificate": names.get(certificate or "")})
    return found


def _refused(play: Play) -> list[dict[str, str]]:
    return [
        {"acronym": entry.partnership.acronym, "rule": rule, "message": message}
        for entry in play.entries
        for rule, message in entry.reasons
    ]


def _states(session: Any) -> dict[str, dict[str, int]]:  # noqa: ANN401
    counts: dict[str, dict[str, int]] = {}
    for noun, model in THINGS.items():
        found = Counter(session.scalars(select(model.state)))
        counts[noun] = {state.value: count for state, count in sorted(found.items())}
    return counts


def _rules_never_exercised(session: Any, play: Play) -> list[str]:  # noqa: ANN401
    """Rules that told nobody apart: no application failed them and none was left undetermined."""
    failed = set(session.scalars(select(Check.rule).where(Check.proposed != "met")))
    failed |= {rule for entry in play.entries for rule, _ in entry.reasons}
    return [rule.id for rule in rules_of(play.definition) if rule.id not in failed]
