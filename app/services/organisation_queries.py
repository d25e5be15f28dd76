"""Lists of organisations: the directory with its filters and counts, the queue of profiles to validate."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from decimal import Decimal

from sqlalchemy import select
from sqlalchemy.orm import joinedload

from app.access import visible
from app.act import Act
from app.models import Event, Organisation, OrganisationMember
from app.services.names import fold
from app.services.organisation import everybody, look_alikes
from workflows.profile import LISTED, State
from workflows.words import Text, _

PAGE = 50
LEAST_STAFF = Decimal("0.5")
LEAST_MEMBERS = 15


@dataclass(frozen=True)
class Filters:
    """What somebody looks for: words, and codes of which any may match in each group."""

    search: str = ""
    countries: frozenset[str] = frozenset()
    kinds: frozenset[str] = frozenset()
    themes: frozenset[str] = frozenset()


@dataclass(frozen=True)
class Directory:
    """One page of the directory, and how many there would be by each code of each group."""

    organisations: list[Organisation]
    total: int
    page: int
    pages: int
    counts: dict[str, Counter[str]] = field(default_factory=dict)


Values = Callable[[Organisation], Iterable[str]]
GROUPS: dict[str, Values] = {
    "countries": lambda o: [o.country] if o.country else [],
    "kinds": lambda o: o.kinds,
    "themes": lambda o: o.themes,
}


def directory(act: Act, filters: Filters, page: int = 1) -> Directory:
    """Find published organisations. A count tells how many a filter would leave, the other groups being as they are."""
    query = visible(act, Organisation, "profile.view").where(
        Organisation.state.in_(LISTED), Organisation.merged_into_id.is_(None)
    )
    listed = act.session.scalars(query.order_by(Organisation.name_folded, Organisation.id)).all()
    named = [o for o in listed if _has_words(o, filters.search)]
    found = [o for o in named if all(_chosen(o, filters, group) for group in GROUPS)]
    counts = {}
    for group, values in GROUPS.items():
        others = [o for o in named if all(_chosen(o, filters, other) for other in GROUPS if other != group)]
        counts[group] = Counter(value for o in others for value in values(o))
    pages = max(1, -(-len(found) // PAGE))
    page = min(max(1, page), pages)
    return Directory(found[(page - 1) * PAGE : page * PAGE], len(found), page, pages, counts)


def _chosen(organisation: Organisation, filters: Filters, group: str) -> bool:
    wanted: frozenset[str] = getattr(filters, group)
    return not wanted or not wanted.isdisjoint(GROUPS[group](organisation))


def _has_words(organisation: Organisation, search: str) -> bool:
    words = fold(search).split()
    if not words:
        return True
    o = organisation
    text = fold(" ".join((o.name, o.name_en, o.acronym, o.city, o.summary, o.offers, o.seeks, o.pic or "")))
    return all(word in text for word in words)


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
