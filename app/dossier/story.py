"""The first page of a dossier: what happened, in plain words, with dates, persons, reasons and links to each file."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from itertools import groupby
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from app.dossier.gathering import Gathered
from app.models import Dossier, Level
from app.services.history import BEGUN, OTHERS
from workflows.machines import MACHINES
from workflows.words import Plural

TEMPLATES = Path(__file__).resolve().parent
LEVELS: Mapping[Level, str] = {
    Level.FULL: "Full: nothing is kept back but private notes of evaluators.",
    Level.AUDITOR: "For auditors: addresses of persons are kept back.",
    Level.APPLICANT: "For the applicant: evaluators, their single reports and other applications are kept back.",
    Level.REQUEST: "For a request for access to documents: persons, content and reasons are kept back.",
}
TABLES = {
    "event": "Everything that happened, entry by entry", "submitted_version": "What was submitted", "check": "Checks",
    "consent": "Consents of partners", "charter_word": "What partners said to the charter",
    "assignment": "Tasks of evaluators",
    "conflict": "Interests found and declared",
    "assessment": "Single reports", "score": "Scores and reasons of single reports",
    "score_change": "Every version of every report", "consensus": "Agreed reports", "agreed_score": "Agreed scores",
    "signature": "Signatures and minority views", "decision": "The decision, with the ranking it rests on",
    "decision_line": "Places and outcomes", "draw": "The public draw", "trial": "Trials: not a decision",
    "panel_mark": "Scores that the panel changed", "panel_minute": "Minutes of the panel",
    "filed_copy": "Signed copies that were filed", "stand_in": "Stand-ins",
    "document": "Documents made",
    "reading": "Who read what", "call_version": "Versions of the call", "call_source": "The file of the call",
    "plan": "Plans of assignment", "plan_line": "Lines of plans", "review": "Reviews that were asked for",
    "review_answer": "What reviews found of refused checks",
    "advance": "Who of the reserve list moved up",
    "country_group": "Groups of countries, as the rules asked", "seat": "What tables say of partners' regions",
    "person": "Persons named here", "organisation": "Organisations named here", "remark": "Free text of acts",
}  # fmt: skip


@dataclass(frozen=True)
class Told:
    """One act: when, what, of what, by whom, why."""

    at: str
    what: str
    thing: str
    who: str
    why: str
    link: str


def story(dossier: Dossier, subject: Mapping[str, str], told: Gathered, files: Sequence[str]) -> str:
    """Write index.html from what this level tells."""
    acts = list(_acts(dossier, told))
    return _environment().get_template("index.html").render(
        subject=subject,
        level=LEVELS[dossier.kind],
        call=told.rows["call"][0],
        days=[(day, list(of_day)) for day, of_day in groupby(acts, key=lambda act: act.at[:10])],
        results=list(_results(told)),
        tables=[(path, TABLES.get(_name(path), _name(path).replace("_", " ").capitalize()), len(told.rows[_name(path)]))
                for path in files if path.startswith("data/")],
        papers=[path for path in files if path.startswith(("documents/", "files/"))],
        dossier=dossier,
    )  # fmt: skip


@cache
def _environment() -> Environment:
    return Environment(
        loader=FileSystemLoader(TEMPLATES), autoescape=True, undefined=StrictUndefined, trim_blocks=True,
        lstrip_blocks=True,
    )  # fmt: skip


def _name(path: str) -> str:
    return path.removeprefix("data/").removesuffix(".json")


def _acts(dossier: Dossier, told: Gathered) -> Iterator[Told]:
    zone = ZoneInfo(dossier.call.zone)
    people = {row["id"]: row.get("name", "") for row in told.rows.get("person", ())}
    remarks = {row["id"]: row.get("text") or "" for row in told.rows.get("remark", ())}
    named = _names(told)
    for line, event in sorted(enumerate(told.rows.get("event", ())), key=lambda one: (one[1]["at"], one[1]["number"])):
        yield Told(
            at=f"{datetime.fromisoformat(event['at']).astimezone(zone):%Y-%m-%d %H:%M:%S}",
            what=_words(event),
            thing=f"{event['noun']} {named.get(event['thing_id'], '')}".strip(),
            who=_who(event, people),
            why=_why(event, remarks),
            link=f"entry {event['number']}, hash {event['hash'][:12]}…, row {line + 1} of data/event.json",
        )


def _names(told: Gathered) -> dict[str, str]:
    """Name things by what people call them: an application by its number and acronym, what hangs on it likewise."""
    found = {row["id"]: f"{row['number']} {row.get('acronym', '')}".strip() for row in told.rows.get("application", ())}
    for rows in told.rows.values():
        for row in rows:
            if row.get("application_id") in found and row["id"] not in found:
                found[row["id"]] = f"of {found[row['application_id']]}"
    return found


def _words(event: Mapping[str, Any]) -> str:
    machine = MACHINES.get(event["noun"])
    if machine is not None and event["name"] in machine.words:
        past = machine.words[event["name"]].past
        return past.one if isinstance(past, Plural) else str(past)
    if event["name"] == "create":
        return str(BEGUN.get(event["noun"], "started"))
    return str(OTHERS.get(event["name"], event["name"].replace("_", " ")))


def _who(event: Mapping[str, Any], people: Mapping[str, str]) -> str:
    if event["relation"] in ("clock", "cascade"):
        return "by the clock" if event["relation"] == "clock" else "by another act"
    role = event["relation"].replace("_", " ")
    name = people.get(event.get("actor_id") or "", "a person who is not named here")
    principal = (event.get("data") or {}).get("in_place_of")
    place = f", standing in for {people.get(principal, 'a person who is not named here')}" if principal else ""
    return f"{name} ({role}){place}"


def _why(event: Mapping[str, Any], remarks: Mapping[str, str]) -> str:
    for value in (event.get("data") or {}).values():
        if isinstance(value, dict) and "remark" in value:
            return remarks.get(value["remark"], "")
    return ""


def _results(told: Gathered) -> Iterator[dict[str, Any]]:
    words = {"award": "awarded", "hold_in_reserve": "on the reserve list", "reject": "rejected"}
    lines = {row["application_id"]: row for row in told.rows.get("decision_line", ())}
    for row in told.rows.get("application", ()):
        line = lines.get(row["id"])
        yield {
            "number": row["number"],
            "acronym": row.get("acronym", ""),
            "state": str(MACHINES["application"].names[row["state"]].staff),
            "total": line["total"] if line else "",
            "place": line["position"] if line else "",
            "outcome": words[line["outcome"]] if line else "",
        }
