"""What every document of ours begins with: whose it is, when it was recorded, for whom, and whether it is practice."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from babel.dates import format_date
from sqlalchemy import select

from app import geography
from app.act import Act
from app.models import Application, Call, Membership, Organisation, Part, Participant, Person, Role
from app.services.transitions import Done
from workflows.definition import CallDefinition, Redress
from workflows.membership import LIVE
from workflows.words import _

EXAMPLE_OFFICE = "Example programme office"  # `doctor --production` refuses a site without texts of its own
LANGUAGE = "en"
EVALUATION_REVIEW, ADMINISTRATIVE_REVIEW = "evaluation_review", "administrative_review"
_REDRESS = {
    EVALUATION_REVIEW: _("The coordinator may ask for a review of how the evaluation was carried out."),
    ADMINISTRATIVE_REVIEW: _("The coordinator may ask for an administrative review of this decision."),
}
_REDRESS_DAYS = {
    EVALUATION_REVIEW: _(
        "Within {days} of this letter, the coordinator may ask for a review of how the evaluation was carried out."
    ),
    ADMINISTRATIVE_REVIEW: _(
        "Within {days} of this letter, the coordinator may ask for an administrative review of this decision."
    ),
}
_DAYS, _WORKING_DAYS = _("{days} days"), _("{days} working days")
_IN_THE_SERVICE = {
    EVALUATION_REVIEW: _(
        "It is asked for in the service, on the page of the result, until the end of {day}; it looks at the procedure "
        "and at plain errors, not at the judgement of the evaluators."
    ),
    ADMINISTRATIVE_REVIEW: _(
        "It is asked for in the service, on the page of the result, until the end of {day}; it looks at the procedure "
        "and at plain errors. Persons who took no part in the checks answer it."
    ),
}
_LAST_DAY = date.max - timedelta(days=2)  # later ones can't be told in every zone


def common(act: Act, call: Call, done: Done, kind: str) -> dict[str, Any]:
    """Give the parts of a snapshot that every document has. An event makes one of a kind at most: `identifier`."""
    return {
        "lang": LANGUAGE,
        "practice": call.practice or act.site.practice,
        "environment": act.site.operator or EXAMPLE_OFFICE,
        "made_at": act.now.astimezone(UTC).isoformat(),
        "identifier": f"{kind}-{done.event.id}",
    }


def issuer(act: Act) -> str:
    return act.site.issuer or act.site.operator or EXAMPLE_OFFICE


def sender(act: Act) -> list[str]:
    """Give the lines at the head of a letter: the office and where to reach it."""
    return [act.site.operator or EXAMPLE_OFFICE, *([act.site.contact] if act.site.contact else [])]


def coordinator_of(act: Act, application: Application) -> tuple[Person | None, Membership | None]:
    """Find the person who leads a consortium today, and the leading organisation's membership."""
    person = act.session.scalar(
        select(Person)
        .join(Participant, Participant.person_id == Person.id)
        .where(
            Participant.application_id == application.id,
            Participant.part == Part.COORDINATOR,
            Participant.until.is_(None),
        )
        .order_by(Participant.since, Participant.id)
        .limit(1)
    )
    lead = act.session.scalar(
        select(Membership).where(
            Membership.application_id == application.id,
            Membership.role == Role.COORDINATOR,
            Membership.state.in_(LIVE),
        )
    )
    return person, lead


def addressee(act: Act, application: Application) -> list[str]:
    """Give the lines of the address of a letter: person, organisation, town and country, as far as they are known."""
    person, lead = coordinator_of(act, application)
    organisation = lead.organisation if lead else None
    town = organisation.city if organisation else ""
    country = country_name(lead.country if lead else None)
    lines = [person.name if person else "", name_of_member(lead), ", ".join(part for part in (town, country) if part)]
    return [line for line in lines if line]


def name_of_member(membership: Membership | None) -> str:
    if membership is None:
        return ""
    organisation: Organisation | None = membership.organisation
    return organisation.name if organisation else membership.invited_name


def country_name(iso: str | None) -> str:
    found = geography.country(iso) if iso else None
    return found.name if found else iso or ""


def local_day(moment: datetime, zone: str) -> date:
    return moment.astimezone(ZoneInfo(zone)).date()


def day_text(day: date) -> str:
    """Write a day as it stands in a text of a document: 8 March 2018."""
    return format_date(day, "d MMMM y", locale=LANGUAGE)


def end_of_day(day: date, zone: str) -> datetime:
    """Give the first instant after a local day, in UTC; of the calendar's last days, one before they end."""
    return datetime.combine(min(day, _LAST_DAY) + timedelta(days=1), time(), tzinfo=ZoneInfo(zone)).astimezone(UTC)


def after_evaluation(definition: CallDefinition) -> list[Redress]:
    """Give the ways to contest the result of an evaluation."""
    return [way for way in definition.redress if way.kind != ADMINISTRATIVE_REVIEW]


def after_refusal(definition: CallDefinition) -> list[Redress]:
    """Give the ways to contest a refusal at the checks: nothing was evaluated then."""
    return [way for way in definition.redress if way.kind != EVALUATION_REVIEW]


def after_review(definition: CallDefinition) -> list[Redress]:
    """Give the ways that are left where the office has answered a review."""
    return [way for way in definition.redress if way.kind not in (EVALUATION_REVIEW, ADMINISTRATIVE_REVIEW)]


def redress_text(ways: Iterable[Redress], *, until: datetime | None = None, zone: str = "UTC") -> str | None:
    """Say how a result can be contested, in the call's own terms; None where there is no way.

    `until` is the first instant at which a review can't be asked for in the service any more.
    """
    texts = [_one_redress(way) + _last_day(way, until, zone) for way in ways]
    return "\n\n".join(texts) or None


def _last_day(way: Redress, until: datetime | None, zone: str) -> str:
    if until is None or way.days is None or way.kind not in _IN_THE_SERVICE:
        return ""
    last = day_text(local_day(until - timedelta(microseconds=1), zone))
    return " " + _IN_THE_SERVICE[way.kind].format(day=last)


def _one_redress(way: Redress) -> str:
    if way.text:
        return way.text
    if way.days is not None and way.kind in _REDRESS_DAYS:
        days = (_WORKING_DAYS if way.working_days else _DAYS).format(days=way.days)
        return _REDRESS_DAYS[way.kind].format(days=days)
    return _REDRESS.get(way.kind, way.kind.replace("_", " ").capitalize())
