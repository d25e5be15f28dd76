"""The label: offered with the release of the results, numbered when the coordinator accepts it."""

from __future__ import annotations

import calendar
from collections.abc import Iterable
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import select

from app import geography
from app.act import Act
from app.chance import new_code
from app.models import Application, Label, Membership, Role
from app.services.applications.sent import Sent, sent_facts
from app.services.calls.call import definition_of
from app.services.documents.paper_heads import country_name, end_of_day, local_day, name_of_member
from app.services.transitions import Done, create
from workflows.definition import CallDefinition, LabelTerms
from workflows.label import ENDED_STATES, NOT_TAKEN, NUMBERED
from workflows.label import State as LabelState
from workflows.membership import COUNTED
from workflows.relations import Relation as R

NUMBER_LETTERS = 5  # of the random part: a number tells neither order nor count
CODE_LETTERS = 16  # about 78 bits: nobody finds a code by trying
CODE_GROUP = 4


def offer_label(act: Act, application: Application, done: Done) -> None:
    """Offer the label to an awarded application, with its partners as they stand now."""
    _offer(act, application, done, with_grant=True)


def offer_label_without_grant(act: Act, application: Application, done: Done) -> None:
    """Offer the label alone to an application on the reserve list, where its call lets them take it without money."""
    if goes_without_grant(application):
        _offer(act, application, done, with_grant=False)


def accept_by(act: Act, application: Application) -> datetime:
    """Give the end of the time in which a label that is offered now can be accepted."""
    terms = definition_of(application.call).label_terms or LabelTerms()
    return _days_later(act.now, terms.acceptance_days, application.call.zone)


def offered_label_of_application(act: Act, application: Application, _done: Done) -> Iterable[Label]:
    """The label that waits for its acceptance: a review that gives another result takes the offer back first."""
    query = select(Label).where(Label.application_id == application.id, Label.state == LabelState.OFFERED)
    return list(act.session.scalars(query))


def label_to_offer_again(act: Act, application: Application, done: Done) -> Iterable[Label]:
    """The label that was not taken, where the new result offers one."""
    if done.row.name == "hold_in_reserve" and not goes_without_grant(application):
        return []
    query = select(Label).where(Label.application_id == application.id, Label.state.in_(NOT_TAKEN))
    return list(act.session.scalars(query))


def label_without_award(act: Act, application: Application, done: Done) -> Iterable[Label]:
    """The label with a number that the new result leaves without a ground; the reserve list may keep one."""
    if done.row.name == "hold_in_reserve" and goes_without_grant(application):
        return []
    query = select(Label).where(Label.application_id == application.id, Label.state.in_(NUMBERED - ENDED_STATES))
    return list(act.session.scalars(query))


def label_with_another_grant(act: Act, application: Application, done: Done) -> Iterable[Label]:
    """The label with a number that stays while the new result gives or takes the grant: its certificate says which."""
    with_grant = done.row.name == "award"
    query = select(Label).where(
        Label.application_id == application.id, Label.state.in_(NUMBERED - ENDED_STATES), Label.with_grant != with_grant
    )
    return list(act.session.scalars(query))


def change_grant_line(_act: Act, label: Label) -> None:
    """Turn round whether a grant goes with the label; what the earlier certificate said stays in its own document."""
    label.with_grant = not label.with_grant


def goes_without_grant(application: Application) -> bool:
    """Say whether the call lets its reserve list take the label without money."""
    award = definition_of(application.call).award
    return award is not None and award.reserve_may_get_label_without_grant


def _offer(act: Act, application: Application, done: Done, *, with_grant: bool) -> None:
    definition = definition_of(application.call)
    sent = sent_facts(act, application)
    offer: dict[str, Any] = {
        "acronym": sent.acronym,
        "title": sent.title,
        "theme": sent.theme,
        "with_grant": with_grant,
        "partners": partners_of(application, definition),
        "accept_by": accept_by(act, application),
        "valid_until": _end_of_project(sent, definition, application.call.zone),
    }
    label = act.session.scalar(select(Label).where(Label.application_id == application.id))
    if label is None:
        label = Label(application_id=application.id, call_id=application.call_id, **offer)
        create(act, label, relation=R.CASCADE, cause=done.event)
    elif label.state is LabelState.OFFERED:
        for column, value in offer.items():
            setattr(label, column, value)
    # One that was taken stays; where its grant changes, `renew_certificate` has written it a new certificate.


def partners_changed(act: Act, application: Application) -> None:
    """Let an offered label name the partners as they stand now; one with a number keeps those of its day."""
    offered = select(Label).where(Label.application_id == application.id, Label.state == LabelState.OFFERED)
    for label in act.session.scalars(offered):
        label.partners = partners_of(application, definition_of(application.call))


def allot_number(act: Act, label: Label) -> None:
    """Give the label its number, its code, and its first and last day. The database refuses a number used before."""
    definition = definition_of(label.call)
    day = local_day(act.now, label.call.zone)
    label.number = f"{_short_name(definition)}-{day.year}-{new_code(act.chance, NUMBER_LETTERS)}"
    label.code = grouped(new_code(act.chance, CODE_LETTERS))
    label.conferred_at = act.now
    terms = definition.label_terms or LabelTerms()
    if terms.validity_months is not None:
        last_day = months_later(day, terms.validity_months) - timedelta(days=1)
        label.valid_until = end_of_day(last_day, label.call.zone)


def grouped(letters: str) -> str:
    """Write a code in groups of four, as it stands on the certificate."""
    return "-".join(letters[place : place + CODE_GROUP] for place in range(0, len(letters), CODE_GROUP))


def partners_of(application: Application, definition: CallDefinition) -> list[dict[str, Any]]:
    """List the partners who accepted, the coordinator first, as plain data."""
    members = [member for member in application.memberships if member.state in COUNTED]
    members.sort(key=lambda member: (member.role is not Role.COORDINATOR, member.position))
    return [_partner(member, definition) for member in members]


def _partner(member: Membership, definition: CallDefinition) -> dict[str, Any]:
    vintage = definition.regions.vintage
    code = member.region_acted_for or member.region
    region = geography.region(code, vintage) if code else None
    organisation = member.organisation
    return {
        "organisation": organisation.id if organisation else None,
        "name": name_of_member(member),
        "name_en": (organisation.name_en if organisation else "") or None,
        "language": organisation.name_language if organisation else "en",
        "pic": organisation.pic if organisation else None,
        "role": member.role.value,
        "country": member.country,
        "country_name": country_name(member.country),
        "region": code,
        "region_name": None if region is None or region.name_en == country_name(member.country) else region.name,
        "vintage": vintage,
    }


def _short_name(definition: CallDefinition) -> str:
    """Give the label's short name as it stands in numbers: capitals, digits and hyphens."""
    name = definition.label or definition.code
    return "".join(sign if sign.isascii() and sign.isalnum() else "-" for sign in name.upper())[:20].strip("-")


def _days_later(moment: datetime, days: int, zone: str) -> datetime:
    return end_of_day(local_day(moment, zone) + timedelta(days=days), zone)


def _end_of_project(sent: Sent, definition: CallDefinition, zone: str) -> datetime | None:
    """Give the first instant after the project: until then a label is valid whose call sets no period of its own."""
    planned = definition.timetable.projects_start
    start = sent.starts_on or (planned.day if planned else None)
    months = sent.months or (definition.months.max if definition.months else None)
    if start is None or months is None:
        return None
    return end_of_day(months_later(start, months) - timedelta(days=1), zone)


def months_later(day: date, months: int) -> date:
    """Give the same day some months later, or the month's last where it has no such day."""
    years, month = divmod(day.month - 1 + months, 12)
    year = day.year + years
    return date(year, month + 1, min(day.day, calendar.monthrange(year, month + 1)[1]))
