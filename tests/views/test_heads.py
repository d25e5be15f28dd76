"""Entries taken down outside the database: tampering is found, even where chains were rewritten whole."""

from __future__ import annotations

import random
import re
from collections.abc import Callable
from datetime import datetime, timedelta
from itertools import pairwise, zip_longest
from pathlib import Path
from typing import Any

from sqlalchemy import delete, insert, select, text
from sqlalchemy.orm import Session

from app.act import Act
from app.doctor.outside import taken_down
from app.doctor.record import chains_verify
from app.models import Event, Organisation, RecordHead
from app.services.dossiers.anchoring import HEADS, LIST, hashes_of, kept_in, publish, take_down
from app.services.record import GENESIS, format_of, hash_of
from app.services.transitions import note
from tests.support.world import World
from workflows.relations import Relation as R

Entry = dict[str, Any]
WORDS = ("name", "relation", "request_id", "from_state", "to_state", "act_id")
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


def _publish(world: World, session: Session, folder: Path) -> None:
    """Take the record down and show its head, as the worker does."""
    head = take_down(session, folder)
    publish(Act(session, world.now, world.chance, "heads"), head, "daily", 1, 1)
    session.commit()
    world.now += timedelta(hours=1)


def _tamper(session: Session, chance: random.Random) -> tuple[str, dict[str, int]]:
    """Tamper with one thing, or with all of them; gives the kind, and the first entry that differs in each."""
    kind = chance.choice(KINDS)
    everything = kind is rewritten and chance.random() < 0.3
    things = [thing for thing, hashes in hashes_of(session).items() if len(hashes) > 1 and thing != HEADS]
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
        _publish(world, session, tmp_path)
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


def _tamper_with_heads(session: Session, chance: random.Random) -> tuple[str, int]:
    """Edit, delete, insert or swap public heads, cut their tail, or write all of them anew; gives the first that differs."""
    rows = list(session.scalars(select(RecordHead).order_by(RecordHead.number)))
    columns = [column.key for column in RecordHead.__table__.columns]
    heads = [{key: getattr(row, key) for key in columns} for row in rows]
    before = [dict(head) for head in heads]
    kind = chance.choice(("edit", "delete", "insert", "swap", "cut", "rewrite"))
    place = chance.randrange(len(heads) - 1)
    if kind == "edit":
        changed = chance.choice(("id", "at", "why", "entries", "things", "head"))
        new: dict[str, Any] = {"at": heads[place]["at"] + timedelta(microseconds=1), "entries": 99, "things": 99}
        heads[place][changed] = new.get(changed, f"x{chance.random()}")
    elif kind == "delete":
        heads.pop(place)
    elif kind == "insert":
        heads.insert(place, heads[place] | {"id": f"x{chance.random()}", "head": f"{chance.random()}"})
    elif kind == "swap":
        other = chance.choice([n for n in range(len(heads)) if n != place])
        heads[place], heads[other] = heads[other], heads[place]
    elif kind == "cut":
        del heads[chance.randrange(1, len(heads)) :]
    else:
        for head in heads[place:]:
            head["head"] = f"{chance.getrandbits(256):064x}"
    if chance.random() < 0.5 or kind in ("insert", "swap"):  # numbered on, so that no gap tells
        heads = [head | {"number": number} for number, head in enumerate(heads, start=1)]
    session.expunge_all()
    session.execute(delete(RecordHead))
    session.execute(insert(RecordHead), heads)
    return kind, [one == other for one, other in zip_longest(before, heads)].index(False) + 1


def test_tampering_with_the_public_heads_themselves_is_found_at_its_place(world: World, tmp_path: Path):
    """Also where entries and heads are written anew together: the copy outside the database has others."""
    organisation, chance = world.organisation("Weavers of the North", world.person()), random.Random(8)
    with world.database.writing() as session:
        for table in ("event", "record_head"):
            names = text(f"SELECT name FROM sqlite_master WHERE type = 'trigger' AND tbl_name = '{table}'")  # noqa: S608
            for name in session.scalars(names):
                session.execute(text(f"DROP TRIGGER {name}"))
        session.commit()
        for _ in range(6):
            note(
                Act(session, world.now, world.chance, "noting"),
                session.get_one(Organisation, organisation.id),
                "looked_at",
                relation=R.CLOCK,
            )
            session.flush()
            _publish(world, session, tmp_path)
        assert not list(taken_down(session, tmp_path))
        kinds: dict[str, int] = {}
        for _ in range(150):
            kind, first = _tamper_with_heads(session, chance)
            found = [
                int(place[1])
                for one in taken_down(session, tmp_path)
                if (place := re.search(r"(?:entry|public head) (\d+)", " ".join(one)))
            ]
            assert min(found, default=0) == first, kind
            kinds[kind] = kinds.get(kind, 0) + 1
            session.rollback()
        assert len(kinds) == 6
        assert min(kinds.values()) >= 12, kinds

        entries = session.scalars(select(Event).where(Event.thing_id == organisation.id).order_by(Event.number)).all()
        changed = [{key: getattr(row, key) for key in COLUMNS} for row in entries]
        changed[2]["name"] = "something_else"
        _chained(changed)
        session.expunge_all()
        session.execute(delete(Event).where(Event.thing_id == organisation.id))
        session.execute(insert(Event), changed)
        (tmp_path / "anew").mkdir()
        session.execute(delete(RecordHead))
        for number in range(1, 7):
            head = take_down(session, tmp_path / "anew")
            publish(Act(session, world.now, world.chance, "heads"), head, "daily", number, number)
            session.flush()
        assert not list(chains_verify(session, world.now))
        assert not list(taken_down(session, tmp_path / "anew"))  # whole in itself
        found_in = dict(taken_down(session, tmp_path))
        assert found_in[f"profile {organisation.id}"] == "entry 3 is not the one that was taken down"
        assert "public head 1" in found_in


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


def test_entries_of_the_first_format_stay_true_and_no_new_one_is_taken_for_one_of_them(world: World):
    """A database of before: its first entry knows nothing of the act it came of, all later ones do."""
    person = world.person()
    organisation = world.organisation("Weavers of the North", person)
    with world.database.writing() as session:
        for name in session.scalars(
            text("SELECT name FROM sqlite_master WHERE type = 'trigger' AND tbl_name = 'event'")
        ):
            session.execute(text(f"DROP TRIGGER {name}"))
        of_it = select(Event).where(Event.thing_id == organisation.id).order_by(Event.number)
        first, *later = session.scalars(of_it)
        first.hash = hash_of(first, 1)
        for before, entry in pairwise([first, *later]):
            entry.previous_hash = before.hash
            entry.hash = hash_of(entry)
        session.flush()
        assert later
        assert not list(chains_verify(session, world.now))
        assert [format_of(entry) for entry in (first, *later)] == [1, *[2] * len(later)]

        last = later[-1]
        true, last.act_id = last.act_id, "another act"
        session.flush()
        assert [said for _what, said in chains_verify(session, world.now)] == [breaks(last)]
        last.act_id, last.hash = true, hash_of(last, 1)
        session.flush()
        assert [said for _what, said in chains_verify(session, world.now)] == [breaks(last)]
        session.rollback()


def breaks(event: Event) -> str:
    return f"the chain breaks at entry {event.number} ({event.name})"
