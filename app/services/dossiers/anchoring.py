"""The record kept outside the database: the hash of every entry, with a head over all of them (threats.md 31).

Whoever can write to the database can rewrite a chain whole, so that it verifies. This file tells: each time it is
written it takes down the entries since the last time, and a head that hashes them with the head before.
"""

from __future__ import annotations

import fcntl
import hashlib
import os
from collections import defaultdict
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import UTC
from itertools import takewhile
from pathlib import Path
from typing import Any

from sqlalchemy import distinct, func, select
from sqlalchemy.orm import Session

from app.act import Act
from app.db import Database
from app.models import Event, RecordHead
from app.outbox import enqueue
from app.services.record import GENESIS, plain

LIST = "heads.txt"
HEADS = ("record_head", "all")  # the public heads, taken down as if they were one thing
DAILY, RELEASE = "daily", "release"
Finish = Callable[[Act], dict[str, Any]]
Thing = tuple[str, str]  # (noun, id)
Hashes = dict[Thing, list[str]]  # the hashes of a thing's entries, in order


@dataclass
class Kept:
    """What the file says: the hashes of all entries taken down, the last head, the first line that is not true."""

    hashes: Hashes = field(default_factory=lambda: defaultdict(list))
    head: str = GENESIS
    heads: list[str] = field(default_factory=list)
    size: int = 0  # bytes up to the last head
    fault: int | None = None


def want_heads(act: Act) -> None:
    """Enqueue the taking down of this day's entries, once."""
    enqueue(act, "heads", f"heads:{act.now.astimezone(UTC):%Y-%m-%d}", {"why": DAILY})


def want_head_of_release(act: Act, thing: Any, _done: object) -> None:  # noqa: ANN401 - whatever is released
    """Enqueue the taking down of all that a release brought about; done as soon as it is committed."""
    enqueue(act, "heads", f"heads:release:{thing.id}", {"why": RELEASE})


def anchoring(database: Database, data: Path) -> Callable[[dict[str, Any], str], Finish]:
    """Give the handler of the outbox for jobs of the kind "heads"."""

    def work(args: dict[str, Any], _job_id: str) -> Finish:
        with database.reading() as session:
            head = take_down(session, data)
            entries = session.execute(select(func.count(), func.count(distinct(Event.thing_id)))).one()
        return lambda act: publish(act, head, args.get("why", DAILY), *entries)

    return work


def publish(act: Act, head: str, why: str, entries: int, things: int) -> dict[str, Any]:
    """Keep a head that was taken down where everybody may read it."""
    number = act.session.scalar(select(func.max(RecordHead.number))) or 0
    act.session.add(
        RecordHead(number=number + 1, id=act.new_id(), at=act.now, why=why, entries=entries, things=things, head=head)
    )
    return {"head": head}


def last_head(session: Session) -> dict[str, Any] | None:
    """Give the newest public head as it travels in documents; None before the first."""
    found = session.scalar(select(RecordHead).order_by(RecordHead.number.desc()).limit(1))
    return None if found is None else {"number": found.number, "at": plain(found.at), "head": found.head}


def take_down(session: Session, data: Path) -> str:
    """Add the entries since the last time and the head over all; give the head. RuntimeError if the file is not true.

    Where the database denies what was taken down, nothing is added for that thing: doctor tells.
    """
    with (data / LIST).open("a+", encoding="ascii") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        kept = kept_in(data)
        if kept.fault is not None:
            raise RuntimeError(f"{LIST} is damaged before line {kept.fault}")
        file.truncate(kept.size)  # what a crash left half written
        lines = list(_since(kept.hashes, hashes_of(session)))
        head = _head(kept.head, lines)
        file.writelines([*lines, f"head {head}\n"])
        file.flush()
        os.fsync(file.fileno())
    return head


def kept_in(data: Path) -> Kept:
    """Read the file, which may not be there yet, up to its last head."""
    kept, lines, path = Kept(), list[str](), data / LIST
    text = path.read_text(encoding="ascii", errors="backslashreplace") if path.exists() else ""
    for place, line in enumerate(text.splitlines(keepends=True), start=1):
        if not (line.startswith("head ") and line.endswith("\n")):
            lines.append(line)
            continue
        kept.head = _head(kept.head, lines)
        if line != f"head {kept.head}\n":
            kept.fault = place
            break
        for entry in lines:
            noun, thing_id, _number, digest = entry.split()
            kept.hashes[noun, thing_id].append(digest)
        kept.heads.append(kept.head)
        kept.size += sum(map(len, lines)) + len(line)
        lines.clear()
    return kept


def hashes_of(session: Session) -> Hashes:
    """Give the hashes of all entries as the database has them, and those of the public heads."""
    found: Hashes = defaultdict(list)
    rows = session.execute(
        select(Event.noun, Event.thing_id, Event.hash).order_by(Event.noun, Event.thing_id, Event.number)
    )
    for noun, thing_id, digest in rows:
        found[noun, thing_id].append(digest)
    if heads := public_heads(session, None):
        found[HEADS] = [_digest_of(head) for head in reversed(heads)]
    return found


def _digest_of(head: RecordHead) -> str:
    said = (head.number, head.id, plain(head.at), head.why, head.entries, head.things, head.head)
    return hashlib.sha256("|".join(map(str, said)).encode()).hexdigest()


def differences(kept: Hashes, found: Hashes) -> Iterator[tuple[Thing, int]]:
    """Give the first entry of each thing that is not what was taken down, counted from 1."""
    for thing, hashes in kept.items():
        now = found.get(thing, [])
        same = sum(1 for _ in takewhile(lambda pair: pair[0] == pair[1], zip(hashes, now, strict=False)))
        if same < len(hashes):
            yield thing, same + 1


def _since(kept: Hashes, found: Hashes) -> Iterator[str]:
    denied = {thing for thing, _place in differences(kept, found)}
    for thing, hashes in found.items():
        if thing in denied:
            continue
        before = len(kept.get(thing, []))
        for number, digest in enumerate(hashes[before:], start=before + 1):
            yield f"{thing[0]} {thing[1]} {number} {digest}\n"


def _head(before: str, lines: list[str]) -> str:
    return hashlib.sha256("".join([before, "\n", *lines]).encode("ascii", "backslashreplace")).hexdigest()


def public_heads(session: Session, most: int | None) -> list[RecordHead]:
    """Give the public heads, the newest first."""
    return list(session.scalars(select(RecordHead).order_by(RecordHead.number.desc()).limit(most)))
