"""The village in a call that hides who applies, with a marker in every field its evaluators may not read.

Which fields these are follows from the models and the table of permissions: a new column or table is planted by itself.
"""

from __future__ import annotations

import io
import json
import re
import sqlite3
from collections.abc import Iterable, Iterator
from contextlib import closing
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pikepdf
from sqlalchemy import Column, String, Table, select

from app.access import can, visible
from app.act import Act
from app.db_objects import APPEND_ONLY
from app.models import THINGS, Application, Assessment, Assignment, Base, Call, Disclosure, File, Redaction
from app.services.anonymising.plain_copies import copying, want_plain_copies
from app.services.anonymising.redaction import accept_all, start_redactions
from app.services.conflicts.disclosure import disclose, organisations_of
from app.services.erasing.erasing_fates import FATES, holds_words
from app.services.transitions import create, perform
from tests.support.played import Moment, Village
from tests.support.twin_copies import Copy, copied
from tests.support.twins import Fact
from workflows.permissions import PERMISSIONS
from workflows.relations import Relation as R

FILLED = 'SELECT "{0}" FROM "{1}" WHERE "{2}" <> ?'  # names of tables and columns are the models'
VALUE = "SELECT id, {0} FROM {1} WHERE {2}"
WRITE = 'UPDATE "{0}" SET "{1}" = ? WHERE "{2}" = ?'
MARKER = re.compile(r"Zqm(\d+)q", re.IGNORECASE)
# What everybody may read, whoever applies; what the machinery keeps; people and pool, whose names many see.
ELSEWHERE = frozenset(
    {"organisation", "organisation_name", "call", "call_source", "call_version", "expression", "label", "person", "expert",
     "enquiry", "event", "document", "job", "plan", "decision", "statement", "remark", "submitted_version"}
)  # fmt: skip
SHOWN_CODES = frozenset({"theme", "number", "country", "region", "region_acted_for"})  # kept beside the names
CODES = ("codes", "ids and codes")
# Parts of a frozen version that are codes, or that evaluators read: every other text of it is planted.
NOT_NAMES = frozenset(
    {"id", "organisation", "role", "kinds", "country", "region", "region_acted_for", "share", "consent", "people", "slot",
     "partner", "media_type", "sha256", "caption", "number", "call", "theme", "starts_on", "title", "answers", "format",
     "requested_grant", "eligible_cost", "months", "size", "pages", "confirmed", "call_version", "application"}
)  # fmt: skip


@dataclass
class Markers:
    """Where each marker stands: table, column and id of the row."""

    planted: list[tuple[str, str, str]] = field(default_factory=list)

    def new(self, table: str, column: str, row: str) -> str:
        self.planted.append((table, column, row))
        return f"Zqm{len(self.planted) - 1}q"

    def leaks(self, act: Act, text: str) -> set[str]:
        """Name the planted fields that stand in what somebody saw and may not read."""
        found = {self.planted[int(number)] for number in MARKER.findall(text)}
        return {f"{table}.{column}" for table, column, row in found if not _may_read(act, table, row)}


def blind(village: Village, folder: Path) -> tuple[Copy, Markers]:
    """Copy the village as it stands; in the copy the call hides who applies, its texts are anonymised and released."""
    copy, markers = copied(village, folder, 5000), Markers()
    with closing(sqlite3.connect(copy.path)) as connection:
        unlock(connection)
        _plant_rows(connection, markers)
        _plant_versions(connection, markers)
        connection.commit()
    _hide(copy.village)
    return copy, markers


def unlock(connection: sqlite3.Connection) -> None:
    """Let rows be changed that nobody ever changes: here the world is made, not acted in."""
    for table in APPEND_ONLY:
        for verb in ("update", "delete"):
            connection.execute(f"DROP TRIGGER IF EXISTS {table}_refuses_{verb}")
    connection.execute("DROP TRIGGER IF EXISTS submitted_version_refuses_late")


def _plant_rows(connection: sqlite3.Connection, markers: Markers) -> None:
    for table in Base.metadata.sorted_tables:
        key = next(iter(table.primary_key.columns)).name
        for column in table.columns:
            if _holds_hidden_words(table, column):
                for (row,) in connection.execute(FILLED.format(key, table.name, column.name), ("",)).fetchall():
                    said = markers.new(table.name, column.name, str(row))
                    connection.execute(WRITE.format(table.name, column.name, key), (said, row))


def _holds_hidden_words(table: Table, column: Column[Any]) -> bool:
    if table.name in ELSEWHERE or _thing_of(table) is None or not holds_words(column) or column.unique:
        return False
    fate = FATES.get(table.name)
    coded = [names.split() for names, why in (fate.kept if fate else {}).items() if why.startswith(CODES)]
    whole = isinstance(column.type, String) and column.name not in SHOWN_CODES
    return whole and not any(column.name in names for names in coded)


def _thing_of(table: Table) -> tuple[str, str] | None:
    """Give the noun a row belongs to, and the column that leads there: its own, or that of what it hangs on."""
    for noun, model in THINGS.items():
        if model.__table__ is table:
            return noun, "id"
    known = {model.__tablename__: noun for noun, model in THINGS.items()}
    for column in table.columns:
        for foreign in column.foreign_keys:
            if known.get(foreign.column.table.name, "") in THINGS and foreign.column.table.name not in ELSEWHERE:
                return known[foreign.column.table.name], column.name
    return None


def _may_read(act: Act, table: str, row: str) -> bool:
    """Say whether a row's words are for somebody: rows of an application's own side for those who may know who applies."""
    own = Base.metadata.tables[table]
    noun, column = _thing_of(own) or ("application", "application_id")
    key = next(iter(own.primary_key.columns))
    thing_id = act.session.scalar(select(own.c[column]).where(key == row))
    model = THINGS[noun]
    if f"{noun}.view" in PERMISSIONS:
        query = visible(act, model, f"{noun}.view").where(model.id == thing_id)
        if act.session.scalar(query.with_only_columns(model.id)) is None:
            return False
    if model in (Application, File):
        thing = act.session.get_one(model, thing_id)
        application = thing if model is Application else act.session.get_one(Application, thing.application_id)
        return can(act, "application.view_people", application)
    return True


def _plant_versions(connection: sqlite3.Connection, markers: Markers) -> None:
    """In the frozen versions: every text that is neither a code nor one that evaluators read, and a name in an answer."""
    for row, canonical in connection.execute("SELECT id, canonical FROM submitted_version").fetchall():
        content = json.loads(canonical)
        planted = {
            text: markers.new("submitted_version", name, row) for _part, name, text in _names_in(content) if text
        }
        for place, name, text in list(_names_in(content)):
            place[name] = planted.get(text, text)
        acronym = planted[json.loads(canonical)["acronym"]]
        content = json.loads(json.dumps(content).replace(json.loads(canonical)["acronym"], acronym))  # in texts too
        told = f"{content['partners'][0]['name']} and {content['acronym']} write to who@{_domain(content)}. "
        content["answers"]["idea"] = told + (content["answers"]["idea"] or "")
        connection.execute("UPDATE submitted_version SET canonical = ? WHERE id = ?", (json.dumps(content), row))


def _domain(content: dict[str, Any]) -> str:
    return f"{content['partners'][0]['id']}.example"


def _names_in(part: Any) -> Iterator[tuple[Any, str, str]]:
    if isinstance(part, list):
        for one in part:
            yield from _names_in(one)
    elif isinstance(part, dict):
        for name, value in part.items():
            if name in NOT_NAMES:
                continue
            if isinstance(value, str):
                yield part, name, value
            else:
                yield from _names_in(value)


def _hide(village: Village) -> None:
    with village.stage.act() as act:
        call = act.session.get_one(Call, village.things["call"])
        evaluation = call.definition["evaluation"] | {"anonymous": True}
        call.definition = call.definition | {"evaluation": evaluation}
        call.anonymous = call.waits_for_redaction = True
    for persona in _evaluators(village):
        _go_through(village, persona)
    anonymise(village)
    make_plain_copies(village)


def _evaluators(village: Village) -> Iterable[str]:
    with village.looking(None) as act:
        tasks = act.session.scalars(
            select(Assignment.person_id).join(Assessment, Assessment.assignment_id == Assignment.id)
        ).all()
    return [persona for persona, person in village.people.items() if person in tasks]


def _go_through(village: Village, persona: str) -> None:
    with village.stage.act(village.people[persona]) as act:
        disclosure = Disclosure(call_id=village.things["call"], person_id=act.person_id)
        create(act, disclosure, relation=R.CASCADE)
        disclose(act, disclosure, [], [one.key for one in organisations_of(act, disclosure)], secret=True)


def anonymise(village: Village) -> None:
    """Replace what is found in every application, and give it to the evaluators."""
    with village.stage.act() as act:
        start_redactions(act)
    with village.stage.act(village.people["call_manager"]) as act:
        for redaction in act.session.scalars(select(Redaction).order_by(Redaction.id)):
            if redaction.ready_at is not None:
                perform(act, redaction, "reopen", {"reason": "Look again."})
            accept_all(act, redaction)
            perform(act, redaction, "release")


def make_plain_copies(village: Village) -> None:
    handler = copying(village.stage.house.database, village.stage.house.store)
    with village.stage.act() as act:
        want_plain_copies(act)
    with village.looking(None) as act:
        files = act.session.scalars(select(File.id).where(File.application_id.is_not(None))).all()
    for file_id in files:
        finish = handler({"file": file_id}, "job")
        with village.stage.act() as act:
            finish(act)


def _path(village: Village) -> str:
    return village.stage.house.database.url.removeprefix("sqlite:///")


def _others_apply(village: Village) -> None:
    """The two applications are each other's: organisation, people and acronym have changed places."""
    ids = [village.things["application"], village.things["application_b"]]
    with closing(sqlite3.connect(_path(village))) as connection:
        unlock(connection)
        _swap(connection, "membership", "organisation_id", "application_id = ? AND position = 1", ids)
        _swap(connection, "participant", "person_id", "application_id = ? AND part = 'coordinator'", ids)
        _swap(connection, "application", "acronym", "id = ?", ids)
        _swap_names(connection, ids)
        connection.commit()
    anonymise(village)


def _swap(connection: sqlite3.Connection, table: str, column: str, where: str, ids: list[str]) -> None:
    query = VALUE.format(column, table, where)
    (one, first), (other, second) = (connection.execute(query, (key,)).fetchone() for key in ids)
    for row, value in ((one, second), (other, first)):
        connection.execute(WRITE.format(table, column, "id"), (value, row))


def _swap_names(connection: sqlite3.Connection, ids: list[str]) -> None:
    """In the frozen versions too, wherever the names stand in them."""
    query = "SELECT id, canonical FROM submitted_version WHERE application_id = ?"
    rows = [connection.execute(query, (key,)).fetchone() for key in ids]
    names = [_told(json.loads(canonical)) for _row, canonical in rows]
    for (row, canonical), mine, theirs in zip(rows, names, reversed(names), strict=True):
        for own, other in zip(mine, theirs, strict=True):
            canonical = canonical.replace(own, other)  # noqa: PLW2901 - name after name
        connection.execute("UPDATE submitted_version SET canonical = ? WHERE id = ?", (canonical, row))


def _told(content: dict[str, Any]) -> tuple[str, str]:
    return content["partners"][0]["name"], content["acronym"]


def _other_property(village: Village) -> None:
    """A file says inside that somebody else made it."""
    store = village.stage.house.store
    with village.stage.act() as act:
        file = next(f for f in act.session.scalars(_pdfs(village)) if f.media_type == "application/pdf")
        target = io.BytesIO()
        with pikepdf.open(io.BytesIO(store.get(file.sha256))) as pdf:
            pdf.docinfo["/Author"] = "Vraxle Cluster"
            pdf.save(target, deterministic_id=True)
        stored, old = store.put(target.getvalue()), (file.sha256, file.size)
        file.sha256, file.size = stored.sha256, stored.size
    with closing(sqlite3.connect(_path(village))) as connection:
        unlock(connection)
        for row, canonical in connection.execute("SELECT id, canonical FROM submitted_version").fetchall():
            content = json.loads(canonical)
            for one in content["files"]:
                if one["sha256"] == old[0]:
                    one["sha256"], one["size"] = stored.sha256, stored.size
            connection.execute("UPDATE submitted_version SET canonical = ? WHERE id = ?", (json.dumps(content), row))
        connection.commit()
    make_plain_copies(village)


def _pdfs(village: Village) -> Any:
    return select(File).where(File.application_id == village.things["application"]).order_by(File.id)


VIEWERS = ("expert", "rapporteur")
BLIND = (
    Fact("who applies in an anonymous call", Moment.SCORING, VIEWERS, _others_apply, "North Cluster"),
    Fact("a property of a file in an anonymous call", Moment.SCORING, VIEWERS, _other_property, "Vraxle"),
)
