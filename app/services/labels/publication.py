"""Lists that have to be published: evaluators of a year, without their applications; awards of a call, with sums.

Both are due on 30 June of the year after (Regulation (EU, Euratom) 2018/1046, Article 38, and the rules on experts).
The clock makes each once, on its day; it stays as it is. People stand in it by id: their names are read when it is
shown, so that erasing somebody reaches it.
"""

from __future__ import annotations

import csv
import hashlib
import io
import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Any

import rfc8785
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.act import Act
from app.models import (
    Application,
    Assessment,
    Call,
    Decision,
    Expert,
    Person,
    Publication,
)
from app.services.applications.sent import sent_facts
from app.services.applications.submission import current_version
from workflows import application as applications
from workflows import decision as decisions
from workflows.words import _

EXPERTS, AWARDS = "experts", "awards"
DUE_MONTH, DUE_DAY = 6, 30
TITLES = {EXPERTS: _("Evaluators of {about}"), AWARDS: _("Awards of {about}")}
HEADINGS = {EXPERTS: ("name", "country"), AWARDS: ("acronym", "title", "coordinator", "partners", "sum", "currency")}
_DANGEROUS = ("=", "+", "-", "@", "\t", "\r")


@dataclass(frozen=True)
class Published:
    """A list as it is shown: rows in the order of the headings."""

    publication: Publication
    headings: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]


def due_on(year: int) -> date:
    """Give the day on which lists of a year have to be public."""
    return date(year + 1, DUE_MONTH, DUE_DAY)


def publish_due(act: Act) -> int:
    """Make every list whose day has come and that is not there yet; says how many."""
    made = {(one.kind, one.about) for one in act.session.scalars(select(Publication))}
    count = 0
    for kind, about, year in [*_years(act.session), *_calls(act.session)]:
        if (kind, about) in made or act.now.astimezone(UTC).date() < due_on(year):
            continue
        rows = _experts(act.session, year) if kind == EXPERTS else _awards(act, about)
        digest = hashlib.sha256(rfc8785.dumps(rows)).hexdigest()
        made_now = Publication(kind=kind, about=about, due_on=due_on(year), rows=rows, sha256=digest)
        made_now.id, made_now.made_at = act.new_id(), act.now
        act.session.add(made_now)
        count += 1
    act.session.flush()
    return count


def _years(session: Session) -> list[tuple[str, str, int]]:
    found = session.scalars(select(Assessment.finished_at).where(Assessment.finished_at.is_not(None)))
    years = {at.astimezone(UTC).year for at in found if at is not None}
    return [(EXPERTS, str(year), year) for year in sorted(years)]


def _calls(session: Session) -> list[tuple[str, str, int]]:
    query = select(Call.code, Decision.released_at).join(Decision, Decision.call_id == Call.id)
    released = session.execute(query.where(Decision.state == decisions.State.RELEASED, ~Call.practice))
    return [(AWARDS, code, at.astimezone(UTC).year) for code, at in sorted(released.all()) if at is not None]


def _experts(session: Session, year: int) -> list[dict[str, Any]]:
    """Whoever finished a report in the year for a call that is no practice; never on what."""
    start, end = datetime(year, 1, 1, tzinfo=UTC), datetime(year + 1, 1, 1, tzinfo=UTC)
    query = (
        select(Assessment.person_id)
        .join(Application, Application.id == Assessment.application_id)
        .join(Call, Call.id == Application.call_id)
        .where(Assessment.finished_at >= start, Assessment.finished_at < end, ~Call.practice)
    )
    people = sorted(set(session.scalars(query)))
    countries: dict[str, str | None] = dict(
        session.execute(select(Expert.person_id, Expert.country).where(Expert.person_id.in_(people))).all()
    )
    return [{"person": one, "country": countries.get(one) or ""} for one in people]


def _awards(act: Act, code: str) -> list[dict[str, Any]]:
    query = (
        select(Application, Call)
        .join(Call, Call.id == Application.call_id)
        .where(Call.code == code, Application.state == applications.State.AWARDED)
        .order_by(Application.acronym, Application.id)
    )
    found = []
    for application, call in act.session.execute(query):
        sent, version = sent_facts(act, application), current_version(act, application)
        partners = json.loads(version.canonical)["partners"] if version else []
        found.append(
            {
                "acronym": sent.acronym,
                "title": sent.title,
                "coordinator": next((one["name"] for one in partners if one["role"] == "coordinator"), ""),
                "partners": [f"{one['name']} ({one['country'] or '?'})" for one in partners],
                "sum": f"{sent.requested_grant:.2f}",
                "currency": (call.definition.get("budget") or {}).get("currency") or "EUR",
            }
        )
    return found


def published(session: Session) -> list[Publication]:
    """Give all lists, the newest first."""
    return list(session.scalars(select(Publication).order_by(Publication.due_on.desc(), Publication.kind)))


def shown(session: Session, publication: Publication) -> Published:
    """Give a list as people read it."""
    if publication.kind == EXPERTS:
        ids = [row["person"] for row in publication.rows]
        people = session.execute(select(Person.id, Person.name).where(Person.id.in_(ids)))
        names = dict(people.tuples())
        rows = sorted((names.get(row["person"], ""), str(row["country"])) for row in publication.rows)
        return Published(publication, HEADINGS[EXPERTS], tuple(rows))
    cells = [tuple(_cell(row[name]) for name in HEADINGS[AWARDS]) for row in publication.rows]
    return Published(publication, HEADINGS[AWARDS], tuple(cells))


def _cell(value: str | Sequence[str]) -> str:
    return value if isinstance(value, str) else "; ".join(value)


def as_csv(found: Published) -> str:
    """Write a list for spreadsheets; no cell is taken for a formula."""
    target = io.StringIO()
    writer = csv.writer(target)
    for row in (found.headings, *found.rows):
        writer.writerow([f"'{cell}" if cell.startswith(_DANGEROUS) else cell for cell in row])
    return target.getvalue()


def as_json(found: Published) -> dict[str, Any]:
    one = found.publication
    return {
        "kind": one.kind,
        "about": one.about,
        "due_on": one.due_on.isoformat(),
        "rows": [dict(zip(found.headings, row, strict=True)) for row in found.rows],
    }
