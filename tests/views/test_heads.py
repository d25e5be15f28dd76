"""Entries taken down outside the database: tampering is found, even where chains were rewritten whole."""

from __future__ import annotations

import random
from collections.abc import Callable
from pathlib import Path

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

Entry = dict[str, object]
COLUMNS = [column.key for column in Event.__table__.columns]


def _chained(entries: list[Entry]) -> None:
    previous = GENESIS
    for number, entry in enumerate(entries, start=1):
        entry.update(number=number, previous_hash=previous)
        entry["hash"] = previous = hash_of(Event(**entry))


def edit(entries: list[Entry], chance: random.Random) -> None:
    entry = chance.choice(entries)
    entry[chance.choice(["relation", "name", "request_id"])] = f"x{chance.random()}"


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
    edit(entries, chance)
    _chained(entries)


KINDS: list[Callable[[list[Entry], random.Random], None]] = [edit, gone, inserted, swapped, tail_cut, rewritten]


def _tamper(session: Session, chance: random.Random) -> str:
    kind = chance.choice(KINDS)
    everything = kind is rewritten and chance.random() < 0.3
    things = [thing for thing, hashes in hashes_of(session).items() if len(hashes) > 1]
    session.execute(text("PRAGMA defer_foreign_keys = ON"))
    for noun, thing_id in things if everything else [chance.choice(things)]:
        of_it = (Event.noun == noun, Event.thing_id == thing_id)
        rows = session.scalars(select(Event).where(*of_it).order_by(Event.number)).all()
        entries: list[Entry] = [{key: getattr(row, key) for key in COLUMNS} for row in rows]
        kind(entries, chance)
        session.expunge_all()
        session.execute(delete(Event).where(*of_it))
        if entries:
            session.execute(insert(Event), entries)
    return kind.__name__


def test_a_thousand_tamperings_are_found(world: World, tmp_path: Path):
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
        for _ in range(1000):
            kind = _tamper(session, chance)
            assert [*chains_verify(session, world.now), *taken_down(session, tmp_path)], kind
            session.rollback()
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
