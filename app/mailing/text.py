"""From a job's ids to subject and text."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from sqlalchemy.orm import Session

from app.mailing.links import link_for
from app.models import THINGS, Application, Call, Event, Person, Remark
from app.ui_text import MAIL_FILTERS
from config import Settings

TEMPLATES = Path(__file__).resolve().parents[2] / "templates" / "mail"


@dataclass(frozen=True)
class Letter:
    """One mail, ready to send."""

    to: str
    subject: str
    body: str


@cache
def environment() -> Environment:
    made = Environment(  # plain text, for one reader: nothing here is HTML
        loader=FileSystemLoader(TEMPLATES),
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        autoescape=False,  # noqa: S701
    )  # fmt: skip
    made.filters.update(MAIL_FILTERS)
    return made


def write(session: Session, settings: Settings, args: dict[str, Any]) -> Letter:
    """Build the mail; raises `LookupError` if what it speaks of is gone."""
    context = _context(session, settings, args)
    text = environment().get_template(f"{args['template']}.txt").render(context).strip()
    subject, _, body = text.partition("\n")
    if settings.environment != "production" or _is_practice(context):
        subject = f"[practice] {subject}"
        body = f"This is a practice mail: nothing in it is real.\n\n{body.strip()}"
    return Letter(args["address"], subject.strip(), body.strip() + "\n")


def _is_practice(context: dict[str, Any]) -> bool:
    call: Call | None = context["call"]
    return call is not None and call.practice


def _context(session: Session, settings: Settings, args: dict[str, Any]) -> dict[str, Any]:
    thing = session.get_one(THINGS[args["noun"]], args["thing"]) if args.get("noun") in THINGS else None
    event = session.get(Event, args["event"]) if args.get("event") else None
    application = thing if isinstance(thing, Application) else getattr(thing, "application", None)
    call = thing if isinstance(thing, Call) else getattr(application or thing, "call", None)
    person = session.get(Person, args["person"]) if args.get("person") else None
    return {
        "thing": thing,
        "event": event,
        "reason": _remark(session, event),
        "call": call,
        "application": application,
        "addressee": person,
        "link": link_for(session, settings, args, thing),
        "site": settings.site,
        "args": args,
    }


def _remark(session: Session, event: Event | None) -> str:
    """Give the words that were supplied with the act."""
    for value in (event.data if event else {}).values():
        if isinstance(value, dict) and "remark" in value:
            remark = session.get(Remark, value["remark"])
            return (remark.text or "") if remark else ""
    return ""
