"""From a job's ids to subject and text."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from sqlalchemy.orm import Session

from app.languages import ENGLISH, catalogue, one_of
from app.mailing.found import found_for, headers_for
from app.mailing.links import link_for
from app.matters import called
from app.models import (
    THINGS,
    Application,
    Call,
    Event,
    Expression,
    Membership,
    Person,
    Remark,
    Reply,
    SignIn,
    StandIn,
)
from app.ui_text import mail_filters
from config import Settings
from workflows.contact_details import hide_contacts
from workflows.reply import State as ReplyState
from workflows.words import _

TEMPLATES = Path(__file__).resolve().parents[2] / "templates" / "mail"
PRACTICE_SUBJECT = _("[practice] {subject}")
PRACTICE = _("This is a practice mail: nothing in it is real.")
_BLANK_LINES = re.compile(r"\n{3,}")
TOLD_ABOUT = {**THINGS, "standin": StandIn}


@dataclass(frozen=True)
class Letter:
    """One mail, ready to send."""

    to: str
    subject: str
    body: str
    headers: dict[str, str] = field(default_factory=dict)


@cache
def environment(language: str, translations: Path) -> Environment:
    """Give the environment of mails in a language; `translations` is the folder of catalogues."""
    made = Environment(  # plain text, for one reader: nothing here is HTML
        loader=FileSystemLoader(TEMPLATES),
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        autoescape=False,  # noqa: S701
        extensions=["jinja2.ext.i18n"],
    )  # fmt: skip
    texts = catalogue(language, translations)
    made.install_gettext_translations(texts, newstyle=True)  # type: ignore[attr-defined]
    made.filters.update(mail_filters(language, texts))
    return made


def write(session: Session, settings: Settings, args: dict[str, Any]) -> Letter:
    """Build the mail in its addressee's language; raises `LookupError` if what it speaks of is gone."""
    context = _context(session, settings, args)
    addressee: Person | None = context["addressee"]
    language = one_of(addressee.language if addressee else ENGLISH, settings.translations)
    text = environment(language, settings.translations).get_template(f"{args['template']}.txt").render(context)
    subject, _line, body = _BLANK_LINES.sub("\n\n", text.strip()).partition("\n")
    if settings.environment != "production" or _is_practice(context):
        texts = catalogue(language, settings.translations)
        subject = texts.gettext(PRACTICE_SUBJECT).format(subject=subject)
        body = f"{texts.gettext(PRACTICE)}\n\n{body.strip()}"
    return Letter(args["address"], subject.strip(), body.strip() + "\n", headers_for(context))


def _is_practice(context: dict[str, Any]) -> bool:
    call: Call | None = context["call"]
    return call is not None and call.practice


def _context(session: Session, settings: Settings, args: dict[str, Any]) -> dict[str, Any]:
    model: Any = TOLD_ABOUT.get(args.get("noun", ""))
    thing = session.get_one(model, args["thing"]) if model else None
    event = session.get(Event, args["event"]) if args.get("event") else None
    application = thing if isinstance(thing, Application) else getattr(thing, "application", None)
    call = thing if isinstance(thing, Call) else getattr(application or thing, "call", None)
    person = session.get(Person, args["person"]) if args.get("person") else None
    return {
        "thing": thing,
        "event": event,
        "reason": _remark(session, event, thing),
        "call": call,
        "application": application,
        "addressee": person,
        "link": link_for(session, settings, args, thing),
        "site": settings.site,
        "args": args,
        "sign_in": session.get(SignIn, args["sign_in"]) if args.get("sign_in") else None,
        **_names(thing, application),
        **found_for(session, settings, args),
    }


def _names(thing: Any, application: Application | None) -> dict[str, str]:  # noqa: ANN401
    """Give what the mail calls its matter by: empty where it is about something else or has no name yet."""
    expression = thing if isinstance(thing, Expression) else getattr(thing, "expression", None)
    return {
        "application_name": called(application) if application else "",
        "expression_name": (expression.acronym or expression.title) if expression else "",
        "partner": _partner(thing) if isinstance(thing, Membership) else "",
    }


def _partner(membership: Membership) -> str:
    if membership.organisation:
        return membership.organisation.name
    return membership.invited_name or membership.invited_email or ""


def _remark(session: Session, event: Event | None, thing: Any) -> str:  # noqa: ANN401
    """Give the words that were supplied with the act.

    Between organisations that have not both agreed yet, contact details in them are hidden.
    """
    text = _words_of(session, event)
    hides = isinstance(thing, Expression) or (isinstance(thing, Reply) and thing.state != ReplyState.ACCEPTED)
    return hide_contacts(text) if hides else text


def _words_of(session: Session, event: Event | None) -> str:
    for value in (event.data if event else {}).values():
        if isinstance(value, dict) and "remark" in value:
            remark = session.get(Remark, value["remark"])
            return (remark.text or "") if remark else ""
    return ""
