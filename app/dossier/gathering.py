"""Which rows belong to a call or an application: followed from key to key, so that a new table joins by itself."""

from __future__ import annotations

import base64
import hashlib
import json
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from decimal import Decimal
from enum import Enum
from typing import Any

from sqlalchemy import Table, select
from sqlalchemy.orm import Session

from app import geography
from app.callfile import from_json
from app.geography import Settlements
from app.models import Base, Dossier, RegionSettlement
from workflows.definition import CallDefinition

Rows = dict[str, list[dict[str, Any]]]
# What hangs on a call or an application and is no part of its record: jobs, sign-ins, what the office draws for itself.
LEFT_OUT = frozenset(
    {"dossier", "audit_access", "audit_sample", "audit_note", "job", "search_entry", "search_text", "exposure",
     "saved_search", "calendar_feed", "follow", "bookmark", "pin", "expression", "publication"}
)  # fmt: skip
HIDDEN = {"call_source": {"prepared", "prepared_by"}, "score": {"private_note"}}
DIGESTED = {"event": {"act_id": "act_sha256"}}  # told by their digest alone, under another name
# Of a person and an organisation only who it is: the rest is no part of any call.
REFERENCES = {
    "person": ("id", "name", "email"),
    "organisation": ("id", "name", "name_en", "country", "region", "kinds", "themes", "pic", "last_act_at"),
}
# An application's dossier holds these of its call: what the decision on it rests on. All else is of other applications.
OF_THE_CALL = ("call_source", "call_version", "extension", "draw", "decision", "trial")
NOT_THROUGH = ("person", "organisation", "call", "event", "expert")  # keys that lead to others' things
BATCH = 400


@dataclass
class Gathered:
    """Rows as the database has them, by table; of pseudo tables as well, whose rows tell what tables of regions say."""

    rows: Rows = field(default_factory=dict)

    def ids(self, *tables: str) -> set[str]:
        names = tables or tuple(self.rows)
        return {str(row["id"]) for name in names for row in self.rows.get(name, ())}


def gather(session: Session, dossier: Dossier) -> Gathered:
    """Read every row that belongs to the dossier's call or application."""
    found = Gathered()
    found.rows["call"] = _rows(session, "call", "id", [dossier.call_id])
    if dossier.application_id is None:
        _children(session, found, "call", [dossier.call_id], None)
    else:
        found.rows["application"] = _rows(session, "application", "id", [dossier.application_id])
        _children(session, found, "call", [dossier.call_id], OF_THE_CALL)
    _descend(session, found, dossier.application_id)
    things = found.ids()
    for name in ("event", "reading"):
        found.rows[name] = _rows(session, name, "thing_id", sorted(things))
    _add_stand_ins(session, found)
    found.rows["remark"] = _rows(session, "remark", "id", sorted(_remarks(found)))
    for name in REFERENCES:
        found.rows[name] = _rows(session, name, "id", sorted(_referred(found, name)))
    found.rows |= _regions(session, found)
    return found


def _add_stand_ins(session: Session, found: Gathered) -> None:
    """Add who had named whom, with its own entries, where something was signed in somebody's place."""
    ids = {str(row["data"]["stand_in"]) for row in found.rows["event"] if "stand_in" in row["data"]}
    if ids:
        found.rows["stand_in"] = _rows(session, "stand_in", "id", sorted(ids))
        _add(found, "event", _rows(session, "event", "thing_id", sorted(ids)))


def _tables() -> Iterator[Table]:
    for table in Base.metadata.sorted_tables:
        if table.name not in LEFT_OUT and table.name not in REFERENCES:
            yield table


def _keys_to(table: Table, parent: str) -> list[str]:
    return [c.name for c in table.columns for key in c.foreign_keys if key.column.table.name == parent]


def _children(session: Session, found: Gathered, parent: str, ids: Sequence[str], only: Iterable[str] | None) -> None:
    for table in _tables():
        if table.name == parent or (only is not None and table.name not in only):
            continue
        for column in _keys_to(table, parent):
            _add(found, table.name, _rows(session, table.name, column, ids))


def _descend(session: Session, found: Gathered, application_id: str | None) -> None:
    """Follow keys from what was found to what hangs on it, until nothing is new."""
    done: set[str] = {"call"}
    waiting = [name for name in found.rows if name not in done]
    while waiting:
        parent = waiting.pop(0)
        done.add(parent)
        if parent in NOT_THROUGH:
            continue
        before = {name: len(rows) for name, rows in found.rows.items()}
        _children(session, found, parent, sorted(found.ids(parent)), None)
        grown = [name for name, rows in found.rows.items() if len(rows) > before.get(name, 0)]
        waiting += [name for name in grown if name != parent and name not in waiting]
    if application_id is not None:
        others = found.rows.get("decision_line", [])
        found.rows["decision_line"] = [row for row in others if row["application_id"] == application_id]
        found.rows["application"] = [row for row in found.rows["application"] if row["id"] == application_id]


def _add(found: Gathered, name: str, rows: list[dict[str, Any]]) -> None:
    known = {row["id"] for row in found.rows.get(name, ())}
    new = [row for row in rows if row["id"] not in known]
    if new:
        found.rows[name] = sorted([*found.rows.get(name, ()), *new], key=lambda row: str(row["id"]))


def _rows(session: Session, name: str, column: str, values: Sequence[str]) -> list[dict[str, Any]]:
    table = Base.metadata.tables[name]
    wanted = [c for c in table.columns if c.name in REFERENCES.get(name, table.c.keys())]
    wanted = [c for c in wanted if c.name not in HIDDEN.get(name, ())]
    found: list[dict[str, Any]] = []
    for start in range(0, len(values), BATCH):
        some = values[start : start + BATCH]
        rows = session.execute(select(*wanted).where(table.c[column].in_(some))).mappings()
        found += [_digested(name, _plain_row(table, dict(row))) for row in rows]
    return sorted(found, key=lambda row: str(row["id"]))


def _digested(name: str, row: dict[str, Any]) -> dict[str, Any]:
    for column, told in DIGESTED.get(name, {}).items():
        value = row.pop(column)
        row[told] = None if value is None else hashlib.sha256(value.encode()).hexdigest()
    return row


def _plain_row(table: Table, row: dict[str, Any]) -> dict[str, Any]:
    plain = {column: plain_value(value) for column, value in row.items()}
    if "id" not in plain:  # a row of its parent's key
        plain["id"] = "/".join(str(plain[column.name]) for column in table.primary_key)
    return plain


def plain_value(value: Any) -> Any:  # noqa: ANN401 - from a column to what JSON knows
    if isinstance(value, datetime):
        return value.astimezone(UTC).isoformat(timespec="microseconds")
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, Enum):
        return value.value
    if isinstance(value, Decimal):
        return f"{value:f}"
    if isinstance(value, bytes):
        return _text_or_bytes(value)
    return value


def _text_or_bytes(value: bytes) -> dict[str, str]:
    try:
        text = value.decode()
    except UnicodeDecodeError:
        return {"base64": base64.b64encode(value).decode()}
    return {"text": text} if text.isprintable() or "\n" in text else {"base64": base64.b64encode(value).decode()}


def _remarks(found: Gathered) -> set[str]:
    data = [row["data"] for row in found.rows.get("event", ())]
    return {value["remark"] for one in data for value in one.values() if isinstance(value, dict) and "remark" in value}


def _referred(found: Gathered, name: str) -> set[str]:
    ids: set[str] = set()
    for table, rows in found.rows.items():
        columns = _keys_to(Base.metadata.tables[table], name)
        ids |= {row[column] for row in rows for column in columns if row.get(column)}
    return ids


def _regions(session: Session, found: Gathered) -> Rows:
    """Say what the tables of countries and regions held of each partner of a version when it was checked."""
    call = from_json(found.rows["call"][0]["definition"])
    known = geography.groups_on(call.countries_date)
    groups = [{"id": name, "countries": sorted(codes)} for name, codes in known.items()]
    organisations = {row["id"]: row for row in found.rows["organisation"]}
    checked = {row["version_id"]: row["created_at"] for row in found.rows.get("check", ())}
    seats = []
    for version in found.rows.get("submitted_version", ()):
        if (moment := checked.get(version["id"])) is None:
            continue
        settled = _settled(session, moment)
        for partner in json.loads(version["canonical"])["partners"]:
            own = organisations.get(partner["organisation"] or "", {})
            known_then = own.get("last_act_at", "") <= moment  # a profile that changed since can't be asked
            seat = _seat(call, partner["country"], partner["region"], settled)
            themes = (own.get("themes") or []) if known_then else None
            seats.append({"id": f"{version['id']}/{partner['id']}", **seat, "themes": themes})
    return {"country_group": sorted(groups, key=lambda row: str(row["id"])), "seat": seats}


def _seat(call: CallDefinition, country: str | None, region: str | None, settled: Settlements) -> dict[str, Any]:
    if not country:
        return {"region": region, "category": geography.UNKNOWN}
    vintage, period = call.regions.vintage, call.regions.fund_period
    region = geography.seat_region(country, region, vintage=vintage, coded_in=vintage)
    category = geography.fund_category(country, region, vintage=vintage, period=period, settled=settled)
    return {"region": region, "category": category}


def _settled(session: Session, moment: str) -> Settlements:
    """Give what the office had settled about regions by a moment."""
    query = select(RegionSettlement).where(RegionSettlement.settled_at <= datetime.fromisoformat(moment))
    rows = session.scalars(query.order_by(RegionSettlement.settled_at, RegionSettlement.id))
    return {(row.region, row.period): row.category for row in rows}
