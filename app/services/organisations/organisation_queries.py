"""Lists of organisations: the queue of profiles to validate, those of a person."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

from sqlalchemy import select
from sqlalchemy.orm import joinedload

from app.access import visible
from app.act import Act
from app.models import Event, Organisation, OrganisationMember
from app.services.organisations.organisation import everybody, look_alikes
from workflows.profile import State
from workflows.words import Text, _

LEAST_STAFF = Decimal("0.5")
LEAST_MEMBERS = 15


@dataclass(frozen=True)
class Waiting:
    """A profile that waits for validation, since when, and whose name it resembles."""

    organisation: Organisation
    alike: list[Organisation]


def profiles_to_validate(act: Act) -> list[Waiting]:
    """List the profiles sent for validation, the oldest first."""
    query = visible(act, Organisation, "profile.validate").where(Organisation.state == State.SUBMITTED)
    found = act.session.scalars(query.order_by(Organisation.last_act_at, Organisation.id)).all()
    others = everybody(act) if found else []
    return [Waiting(organisation, look_alikes(organisation, others)) for organisation in found]


@dataclass(frozen=True)
class Check:
    """One check before publication, with the answer the profile gives: met, not_met or undetermined."""

    answer: str
    text: Text
    fact: str = ""


def checks_before_publication(act: Act, organisation: Organisation) -> list[Check]:
    """Answer the checks of the cluster platform as far as a machine can; a person of the office decides.

    Source: the platform's validation of profiles; recognised clusters may be let off.
    """
    o = organisation
    alike = look_alikes(o, everybody(act))
    return [
        Check(_least(o.staff_fte, LEAST_STAFF), _("At least 0.5 full-time staff manage it."), str(o.staff_fte or "")),
        Check("undetermined", _("Its website has an English version and shows real activity."), o.website),
        Check(_least(o.members_total, LEAST_MEMBERS), _("At least 15 committed members."), str(o.members_total or "")),
        Check("undetermined", _("At least two kinds of members, and cooperation with public bodies.")),
        Check(
            "undetermined" if alike else "met",
            _("No other profile of the same organisation."),
            ", ".join(a.name for a in alike),
        ),
    ]


def _least(value: Decimal | int | None, least: Decimal | int) -> str:
    if value is None:
        return "undetermined"
    return "met" if value >= least else "not_met"


def my_organisations(act: Act) -> list[OrganisationMember]:
    """List where the person belongs or waits for an answer."""
    query = select(OrganisationMember).where(
        OrganisationMember.person_id == act.person_id, OrganisationMember.ended_at.is_(None)
    )
    found = act.session.scalars(query.options(joinedload(OrganisationMember.organisation))).all()
    return sorted(found, key=lambda m: (not m.accepted, m.organisation.name_folded, m.id))


def events_of(act: Act, organisation: Organisation) -> list[Event]:
    """Give what happened to an organisation, newest first."""
    query = select(Event).where(Event.noun == "profile", Event.thing_id == organisation.id)
    return list(act.session.scalars(query.order_by(Event.number.desc())))


def my_place(act: Act, organisation: Organisation) -> OrganisationMember | None:
    """Give the person's own place in an organisation, or their request that waits."""
    return next((m for m in my_organisations(act) if m.organisation_id == organisation.id), None)
