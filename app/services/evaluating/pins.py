"""An expert's own marks in an application: remarks on passages, and where reading stopped. Nobody else sees them."""

from __future__ import annotations

import re
from collections.abc import Iterable

from sqlalchemy import select

from app.act import Act
from app.models import Assessment, Bookmark, Pin
from app.services.permitted import relation_for
from app.services.transitions import Refused
from workflows.verdict import refuse
from workflows.words import _

LONGEST = 2000  # characters of a remark, and of the passage it stands at
_PLACE = re.compile(r"(?:answer|section|clarification)-[\w.-]{1,60}")


def pins_of(act: Act, report: Assessment) -> list[Pin]:
    """Give the pins of the acting person's own report in the order they were made."""
    query = select(Pin).where(Pin.assessment_id == report.id).order_by(Pin.made_at, Pin.id)
    return list(act.session.scalars(query)) if report.person_id == act.person_id else []


def add_pin(act: Act, report: Assessment, *, place: str, quote: str, remark: str) -> Pin:
    """Attach a remark to a passage. Raises `Refused` for one without words or too long, or at no such place."""
    relation_for(act, "assessment.write", report)
    if not remark.strip():
        raise Refused(refuse("no-remark", _("Write a remark for the passage.")))
    if len(remark) > LONGEST:
        raise Refused(refuse("remark-too-long", _("Shorten the remark: at most {most} characters."), most=LONGEST))
    _check(place)
    pin = Pin(
        id=act.new_id(), assessment_id=report.id, place=place, quote=quote.strip()[:LONGEST], remark=remark.strip(),
        made_at=act.now,
    )  # fmt: skip
    act.session.add(pin)
    act.session.flush()
    return pin


def remove_pin(act: Act, report: Assessment, pin_id: str) -> None:
    """Take a pin away; one that is not there, or another's, stays as it is."""
    relation_for(act, "assessment.write", report)
    pin = act.session.scalar(select(Pin).where(Pin.id == pin_id, Pin.assessment_id == report.id))
    if pin is not None:
        act.session.delete(pin)
        act.session.flush()


def stop_at(act: Act, report: Assessment, place: str) -> None:
    """Remember where reading stopped."""
    relation_for(act, "assessment.write", report)
    _check(place)
    mark = act.session.get(Bookmark, report.id)
    if mark is None:
        act.session.add(Bookmark(assessment_id=report.id, place=place, at=act.now))
    else:
        mark.place, mark.at = place, act.now
    act.session.flush()


def places_of(act: Act, reports: Iterable[str]) -> dict[str, str]:
    """Give where reading stopped, by report; one question for all of them."""
    query = select(Bookmark).where(Bookmark.assessment_id.in_(list(reports)))
    return {mark.assessment_id: mark.place for mark in act.session.scalars(query)}


def _check(place: str) -> None:
    if not _PLACE.fullmatch(place):
        raise Refused(refuse("no-such-place", _("This place is not in the application.")))
