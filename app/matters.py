"""What a thing is called on a page that is not its own: "South Cluster in CLEANTEX". All its readers may know it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from flask_babel import gettext as _

from app.facts.membership import name_of_partner

LONGEST = 120


def matter_of(thing: Any) -> str:  # noqa: ANN401 - any thing with a machine
    """Name the thing; empty where nothing can be said. Persons are never named: evaluators stay unknown."""
    if thing.__noun__ in _NAMED:
        return _NAMED[thing.__noun__](thing)
    if getattr(thing, "application", None) is not None:
        return _application(thing.application)
    return str(thing.call.title) if getattr(thing, "call", None) is not None else ""


def called(application: Any) -> str:  # noqa: ANN401
    """Name an application as all its readers may: by its number where names are hidden."""
    hidden = application.call.anonymous or not application.acronym
    return str(application.number if hidden else application.acronym)


def _application(application: Any) -> str:  # noqa: ANN401
    """By its number where names are hidden from those who evaluate, as everywhere."""
    if application.call.anonymous:
        return str(application.number)
    return str(application.acronym or application.title or application.number)


def _introduction(thing: Any) -> str:  # noqa: ANN401
    return str(_("%(asking)s and %(asked)s", asking=thing.asking.name, asked=thing.asked.name))


def _membership(thing: Any) -> str:  # noqa: ANN401
    return str(_("%(partner)s in %(name)s", partner=name_of_partner(thing), name=_application(thing.application)))


def _reply(thing: Any) -> str:  # noqa: ANN401
    notice = thing.expression.acronym or thing.expression.title
    return str(_("%(partner)s in %(name)s", partner=thing.organisation.name, name=notice))


def _file(thing: Any) -> str:  # noqa: ANN401
    """By its place where names are hidden from those who evaluate: what a file is called may tell who applies."""
    hides = thing.application is not None and thing.application.call.anonymous
    return str(thing.slot if hides else thing.name)


def _wording(thing: Any) -> str:  # noqa: ANN401
    text = str(thing.wording)
    return text if len(text) <= LONGEST else text[:LONGEST].rstrip() + "…"


_NAMED: Mapping[str, Callable[[Any], str]] = {
    "profile": lambda thing: str(thing.name),
    "call": lambda thing: str(thing.title),
    "expression": lambda thing: str(thing.acronym or thing.title),
    "reply": _reply,
    "introduction": _introduction,
    "membership": _membership,
    "application": _application,
    "file": _file,
    "label": lambda thing: str(thing.acronym),
    "enquiry": _wording,
}
