"""Organisations: made, found by what somebody types, described, renamed."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import select

from app.act import Act
from app.facts.profile import missing_of
from app.models import Organisation, OrganisationMember, OrganisationName, Person
from app.services.organisations.names import LIKE, domain_of, fold, likeness, skeleton
from app.services.searching.search_index import index_profile
from app.services.transitions import Refused, create, note
from workflows.relations import Relation as R
from workflows.verdict import Verdict, refuse
from workflows.words import _

BRUSSELS = ZoneInfo("Europe/Brussels")
FACTS = (
    "acronym", "name_language", "kinds", "country", "region", "regions_served", "city", "website", "themes",
    "priorities",
    "summary", "offers", "seeks", "founded", "staff_fte", "members_total", "members_sme", "open_to_contact",
    "technologies", "facilities", "chain_positions",
)  # fmt: skip
MOST_FOUND = 10


@dataclass(frozen=True)
class Found:
    """An organisation somebody may have meant, and why it was found: pic, domain or name."""

    organisation: Organisation
    why: str


def find_organisations(act: Act, *, pic: str = "", name: str = "", address: str = "") -> list[Found]:
    """Find what somebody means: by PIC, by the proved address's domain, by a like name; the surest first."""
    domain = domain_of(address) if address else ""
    found: list[tuple[int, float, Found]] = []
    for organisation in everybody(act):
        if pic and organisation.pic == pic:
            found.append((0, 0, Found(organisation, "pic")))
        elif domain and domain in organisation.domains:
            found.append((1, 0, Found(organisation, "domain")))
        elif name and (alike := _alike(organisation, name)):
            found.append((2, -alike, Found(organisation, "name")))
    found.sort(key=lambda one: (one[0], one[1], one[2].organisation.name_folded, one[2].organisation.id))
    return [one[2] for one in found[:MOST_FOUND]]


def _alike(organisation: Organisation, name: str) -> float:
    """Say how alike a name is to any of an organisation's: 0 where it is not."""
    known = [n for n in (organisation.name, organisation.name_en, organisation.acronym) if n]
    contained = any(len(fold(name)) > 2 and fold(name) in fold(one) for one in known)  # noqa: PLR2004
    best = max(likeness(one, name) for one in known)
    return max(best, LIKE if contained else 0) if contained or best >= LIKE else 0


def everybody(act: Act) -> list[Organisation]:
    """Give every organisation that was not merged into another."""
    return list(act.session.scalars(select(Organisation).where(Organisation.merged_into_id.is_(None))))


def look_alikes(organisation: Organisation, others: Sequence[Organisation]) -> list[Organisation]:
    """List others that carry a like name or the same mail domain: doubles, or somebody posing as another."""
    same = {skeleton(n) for n in (organisation.name, organisation.name_en) if n}
    return [
        other
        for other in others
        if other.id != organisation.id
        and (
            any(skeleton(n) in same or likeness(n, organisation.name) >= LIKE for n in (other.name, other.name_en) if n)
            or set(other.domains) & set(organisation.domains)
        )
    ]


def create_organisation(act: Act, *, name: str, pic: str | None = None, country: str | None = None) -> Organisation:
    """Make an organisation; whoever makes it administers it. Raises `Refused` for a PIC that is taken."""
    _pic_is_free(act, pic, None)
    me: Person | None = act.person
    domain = domain_of(me.email) if me and me.email_verified_at else ""
    organisation = Organisation(
        name=name, name_folded=fold(name), country=country, pic=pic or None, kinds=[], regions_served=[],
        domains=[domain] if domain else [], themes=[], technologies=[], sectors=[], priorities=[],
    )  # fmt: skip
    create(act, organisation, relation=R.SIGNED_IN)
    if me is not None:
        act.session.add(
            OrganisationMember(
                id=act.new_id(),
                organisation_id=organisation.id,
                person_id=me.id,
                administrator=True,
                accepted=True,
                asked_at=act.now,
                answered_at=act.now,
                answered_by=me.id,
            )
        )
    act.session.flush()
    index_profile(act.session, organisation)
    return organisation


def _pic_is_free(act: Act, pic: str | None, mine: Organisation | None) -> None:
    if not pic:
        return
    holder = act.session.scalar(select(Organisation).where(Organisation.pic == pic))
    if holder is not None and (mine is None or holder.id != mine.id):
        raise Refused(
            refuse("pic-taken", _("Another organisation is registered with this PIC: ask to join it instead."))
        )


def save_profile(act: Act, organisation: Organisation, facts: Mapping[str, Any], *, relation: R) -> None:
    """Save what was typed about an organisation; the event names the fields that changed, not what they say."""
    _pic_is_free(act, facts.get("pic"), organisation)
    changed = [name for name in FACTS if name in facts and getattr(organisation, name) != facts[name]]
    for name in changed:
        setattr(organisation, name, facts[name])
    if "pic" in facts and (facts["pic"] or None) != organisation.pic:
        organisation.pic = facts["pic"] or None
        changed.append("pic")
    if facts.get("name_en", organisation.name_en) != organisation.name_en:
        organisation.name_en = facts["name_en"]
        changed.append("name_en")
    if changed:
        organisation.last_act_at = act.now
        act.session.flush()
        index_profile(act.session, organisation)
        note(act, organisation, "edit", relation=relation, data={"fields": sorted(changed)})


def rename(act: Act, organisation: Organisation, *, name: str, name_en: str, from_on: date | None, relation: R) -> None:
    """Give an organisation another name from a day on; the old one is kept with its last day."""
    day = from_on or act.now.astimezone(BRUSSELS).date()
    if day > act.now.astimezone(BRUSSELS).date():
        raise Refused(refuse("future-name", _("Give a day that is not in the future.")))
    if organisation.names and day < organisation.names[-1].until_on:
        raise Refused(refuse("older-name", _("The organisation was renamed after this day already.")))
    since = organisation.names[-1].until_on if organisation.names else None
    organisation.names.append(
        OrganisationName(
            id=act.new_id(),
            organisation_id=organisation.id,
            name=organisation.name,
            name_en=organisation.name_en,
            from_on=since,
            until_on=day,
            recorded_by=act.person_id,
        )
    )
    organisation.name, organisation.name_en, organisation.name_folded = name, name_en, fold(name)
    organisation.last_act_at = act.now
    act.session.flush()
    index_profile(act.session, organisation)
    note(act, organisation, "rename", relation=relation, data={"from_on": day})


def what_is_missing(organisation: Organisation) -> Verdict:
    """Say what a profile lacks before it can be sent for validation."""
    return missing_of(organisation)
