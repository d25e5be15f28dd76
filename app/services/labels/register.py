"""The public register of labels: searched, filtered, and given as data."""

from __future__ import annotations

import csv
import io
from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import joinedload

from app.act import Act
from app.maps import Mark
from app.models import Document, Label
from app.services.calls.call import definition_of
from app.services.documents.paper_heads import issuer, local_day
from app.services.labels.certificates import last_valid_day, theme_name
from app.services.labels.verification import certificates_of, public_state
from app.services.organisations.names import fold
from app.services.organisations.region_marks import marks_of
from workflows.label import LABEL, REGISTERED

DANGEROUS = ("=", "+", "-", "@", "\t", "\r")  # a spreadsheet would take such a cell for a formula
PAGE = 25
COLUMNS = (
    "number", "state", "acronym", "title", "thematic_area", "call", "conferred_on", "valid_until", "ended_on",
    "coordinator", "partners", "countries", "regions", "practice",
)  # fmt: skip


@dataclass(frozen=True)
class Chosen:
    """What somebody asks the register for; empty means all."""

    words: str = ""
    themes: frozenset[str] = frozenset()
    countries: frozenset[str] = frozenset()
    states: frozenset[str] = frozenset()
    years: frozenset[str] = frozenset()


@dataclass(frozen=True)
class Entry:
    """One row of the register as everybody may see it."""

    label: Label
    state: str
    year: str
    theme: str | None

    @property
    def countries(self) -> list[str]:
        return list(dict.fromkeys(partner["country"] for partner in self.label.partners if partner["country"]))

    @property
    def coordinator(self) -> str:
        return next((partner["name"] for partner in self.label.partners if partner["role"] == "coordinator"), "")


@dataclass(frozen=True)
class Found:
    entries: tuple[Entry, ...]
    total: int
    counts: dict[str, Counter[str]]  # filter → value → how many entries of all
    marks: tuple[Mark, ...]


def search(act: Act, chosen: Chosen) -> Found:
    """Find entries, newest first. The counts tell how many entries of the whole register each filter would leave."""
    every = [_entry(label, act.now) for label in act.session.scalars(_registered())]
    counts = {name: Counter(value for entry in every for value in values(entry)) for name, values in FACETS.items()}
    entries = tuple(entry for entry in every if _fits(entry, chosen))
    regions = ((p["region"], p["vintage"]) for e in entries for p in e.label.partners if p["region"])
    return Found(entries, len(every), counts, marks_of(regions))


def _registered() -> Any:  # noqa: ANN401 - a typed select of labels
    return (
        select(Label)
        .where(Label.state.in_(REGISTERED))
        .options(joinedload(Label.call))
        .order_by(Label.conferred_at.desc(), Label.number)
    )


def _entry(label: Label, now: datetime) -> Entry:
    year = str(local_day(label.conferred_at, label.call.zone).year) if label.conferred_at else ""
    return Entry(label, public_state(label, now).value, year, label.theme)


FACETS: dict[str, Callable[[Entry], Iterable[str]]] = {
    "theme": lambda entry: [entry.theme] if entry.theme else [],
    "country": lambda entry: entry.countries,
    "state": lambda entry: [entry.state],
    "year": lambda entry: [entry.year],
}


def _fits(entry: Entry, chosen: Chosen) -> bool:
    asked = {"theme": chosen.themes, "country": chosen.countries, "state": chosen.states, "year": chosen.years}
    if not all(not wanted or wanted.intersection(FACETS[name](entry)) for name, wanted in asked.items()):
        return False
    label = entry.label
    names = [name for partner in label.partners for name in (partner["name"], partner["name_en"]) if name]
    text = fold(" ".join([label.number or "", label.acronym, label.title, *names]))
    return all(word in text for word in fold(chosen.words).split())


def entry_data(act: Act, label: Label) -> dict[str, Any]:
    """Give one entry as data for machines. Texts are as stored; days are ISO dates; states are those of the public."""
    definition = definition_of(label.call)
    zone = label.call.zone
    state, last_day = public_state(label, act.now), last_valid_day(label)
    return {
        "number": label.number,
        "state": state.value,
        "state_name": LABEL.names[state].public,
        "label": definition.label,
        "issuer": issuer(act),
        "acronym": label.acronym,
        "title": label.title,
        "thematic_area": {"code": label.theme, "name": theme_name(label.theme)} if label.theme else None,
        "call": {"code": label.call.code, "title": label.call.title, "reference": definition.reference},
        "with_grant": label.with_grant,
        "conferred_on": local_day(label.conferred_at, zone).isoformat() if label.conferred_at else None,
        "valid_until": last_day.isoformat() if last_day else None,
        "ended_on": local_day(label.ended_at, zone).isoformat() if label.ended_at else None,
        "partners": [_partner_data(partner) for partner in label.partners],
        "certificates": [_certificate_data(act, document, zone) for document in certificates_of(act, label)],
        "practice": label.call.practice or act.site.practice,
        "address": f"{act.site.address}/register/{label.number}",
    }


def _partner_data(partner: dict[str, Any]) -> dict[str, Any]:
    names = ("name", "name_en", "pic", "role", "country", "country_name", "region", "region_name")
    return {name: partner[name] for name in names} | {"region_list": f"NUTS {partner['vintage']}"}


def _certificate_data(act: Act, document: Document, zone: str) -> dict[str, Any]:
    return {
        "sha256": document.issued_sha256,
        "size": document.size,
        "issued_on": local_day(document.made_at, zone).isoformat() if document.made_at else None,
        "current": document.replaced_at is None,
        "address": f"{act.site.address}/documents/{document.id}",
    }


def as_csv(act: Act, found: Found) -> str:
    """Write the entries as CSV for spreadsheets: quoted, with a mark against formulas before dangerous signs."""
    target = io.StringIO()
    writer = csv.writer(target, lineterminator="\r\n")
    writer.writerow(COLUMNS)
    for entry in found.entries:
        row = _row(entry_data(act, entry.label), entry)
        writer.writerow([harmless(row[column]) for column in COLUMNS])
    return target.getvalue()


def harmless(cell: str) -> str:
    """Keep a cell from being run as a formula by a spreadsheet."""
    return f"'{cell}" if cell.startswith(DANGEROUS) else cell


def _row(data: dict[str, Any], entry: Entry) -> dict[str, str]:
    partners = data["partners"]
    plain = {name: str(data[name] or "") for name in ("number", "state", "acronym", "title")}
    days = {name: data[name] or "" for name in ("conferred_on", "valid_until", "ended_on")}
    return plain | days | {
        "thematic_area": (data["thematic_area"] or {}).get("name") or "",
        "call": data["call"]["reference"] or data["call"]["code"],
        "coordinator": entry.coordinator,
        "partners": "; ".join(partner["name"] for partner in partners),
        "countries": " ".join(entry.countries),
        "regions": " ".join(dict.fromkeys(partner["region"] for partner in partners if partner["region"])),
        "practice": "yes" if data["practice"] else "no",
    }  # fmt: skip
