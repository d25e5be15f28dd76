"""Entries taken down outside the database: tampering is found, even where chains were rewritten whole."""

from __future__ import annotations

import random
import re
from collections.abc import Callable
from datetime import datetime, timedelta
from itertools import zip_longest
from pathlib import Path
from typing import Any

from sqlalchemy import delete, insert, select, text
from sqlalchemy.orm import Session

from app.doctor.outside import taken_down
from app.doctor.record import chains_verify
from app.models import Event, Organisation
from app.services.dossiers.anchoring import LIST, hashes_of, kept_in, take_down
from app.services.record import GENESIS, hash_of
from app.services.transitions import note
from tests.support.world import World
from workflows.relations import Relation as R

Entry = dict[str, Any]
WORDS = ("name", "relation", "request_id", "from_state", "to_state")
HASHES = ("previous_hash", "hash")
COLUMNS = [column.key for column in Event.__table__.columns]


def _chained(entries: list[Entry]) -> None:
    previous = GENESIS
    for number, entry in enumerate(entries, start=1):
        entry.update(number=number, previous_hash=previous)
        entry["hash"] = previous = hash_of(Event(**entry))


def edit(entries: list[Entry], chance: random.Random, hashes: tuple[str, ...] = HASHES) -> None:
    """Change one thing that one entry says: a word, the moment, what was done, or a hash."""
    entry = chance.choice(entries)
    changed = chance.choice([*WORDS, *hashes, "at", "data"])
    if changed == "at":
        entry["at"] += timedelta(microseconds=1)
    elif changed == "data":
        entry["data"] = entry["data"] | {"reason": f"x{chance.random()}"}
    else:
        entry[changed] = f"x{chance.random()}"


def gone(entries: list[Entry], chance: random.Random) -> None:
    entries.pop(chance.randrange(len(entries)))


def inserted(entries: list[Entry], chance: random.Random) -> None:
    place = chance.randrange(len(entries))
    made = entries[place] | {"id": f"{chance.getrandbits(100):026d}"[:26], "act_id": None, "hash": f"{chance.random()}"}
    entries.insert(place, made)
    for number, entry in enumerate(entries, start=1):
        entry["number"] = number


def swapped(entries: list[Entry], chance: random.Random) -> None:
    one, other = chance.sample(entries, 2)
    one["number"], other["number"] = other["number"], one["number"]


def tail_cut(entries: list[Entry], chance: random.Random) -> None:
    del entries[chance.randrange(len(entries)) :]


def rewritten(entries: list[Entry], chance: random.Random) -> None:
    edit(entries, chance, hashes=())
    _chained(entries)


KINDS: list[Callable[[list[Entry], random.Random], None]] = [edit, gone, inserted, swapped, tail_cut, rewritten]


def _tamper(session: Session, chance: random.Random) -> tuple[str, dict[str, int]]:
    """Tamper with one thing, or with all of them; gives the kind, and the first entry that differs in each."""
    kind = chance.choice(KINDS)
    everything = kind is rewritten and chance.random() < 0.3
    things = [thing for thing, hashes in hashes_of(session).items() if len(hashes) > 1]
    session.execute(text("PRAGMA defer_foreign_keys = ON"))
    first = {}
    for noun, thing_id in things if everything else [chance.choice(things)]:
        of_it = (Event.noun == noun, Event.thing_id == thing_id)
        rows = session.scalars(select(Event).where(*of_it).order_by(Event.number)).all()
        entries: list[Entry] = [{key: getattr(row, key) for key in COLUMNS} for row in rows]
        before = [dict(entry) for entry in entries]
        kind(entries, chance)
        after = sorted(entries, key=lambda entry: entry["number"])
        same = [one == other for one, other in zip_longest(before, after)]
        first[f"{noun} {thing_id}"] = same.index(False) + 1
        session.expunge_all()
        session.execute(delete(Event).where(*of_it))
        if entries:
            session.execute(insert(Event), entries)
    return "all rewritten" if everything else kind.__name__, first


def _found(session: Session, now: datetime, folder: Path) -> dict[str, int]:
    """The first entry of each thing of which doctor says something."""
    places: dict[str, int] = {}
    for what, said in [*chains_verify(session, now), *taken_down(session, folder)]:
        place = re.search(r"entry (\d+)", said)
        assert place is not None, said
        places[what] = min(int(place[1]), places.get(what, int(place[1])))
    return places


def test_a_thousand_tamperings_are_found_at_their_place(world: World, tmp_path: Path):
    """Six kinds, one of them also with every thing at once."""
    person = world.person()
    for name in ("Weavers of the North", "Spinners of the South"):
        organisation = world.organisation(name, person)
        with world.act(person) as act:
            for _ in range(4):
                note(act, act.session.get_one(Organisation, organisation.id), "looked_at", relation=R.SIGNED_IN)
    chance = random.Random(7)
    with world.database.writing() as session:
        for name in session.scalars(
            text("SELECT name FROM sqlite_master WHERE type = 'trigger' AND tbl_name = 'event'")
        ):
            session.execute(text(f"DROP TRIGGER {name}"))  # who tampers is not held up by them
        session.commit()
        take_down(session, tmp_path)
        assert not [*chains_verify(session, world.now), *taken_down(session, tmp_path)]
        kinds: dict[str, int] = {}
        for _ in range(1000):
            kind, first = _tamper(session, chance)
            assert _found(session, world.now, tmp_path) == first, kind
            kinds[kind] = kinds.get(kind, 0) + 1
            session.rollback()
        assert len(kinds) == len(KINDS) + 1
        assert min(kinds.values()) >= 40, kinds
        assert not [*chains_verify(session, world.now), *taken_down(session, tmp_path)]


def test_the_file_tells_of_changes_and_forgets_what_a_crash_left(world: World, tmp_path: Path):
    world.organisation("Weavers of the North", world.person())
    path = tmp_path / LIST
    with world.database.reading() as session:
        head = take_down(session, tmp_path)
        whole = path.read_text()
        path.write_text(whole + "person half")
        assert kept_in(tmp_path).head == head
        take_down(session, tmp_path)
        assert path.read_text().startswith(whole + "head ")
        path.write_text(whole.replace("profile", "Profile", 1))
        assert next(what for what, _ in taken_down(session, tmp_path)) == LIST
