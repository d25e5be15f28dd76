"""What people belong to and who applies, loaded for many at once: a fixed number of queries whatever their number."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field

from sqlalchemy import or_, select
from sqlalchemy.orm import selectinload

from app.act import Act
from app.asker import INTEREST_LASTS
from app.models import (
    Application,
    Disclosure,
    DisclosureLine,
    Employer,
    Expert,
    Membership,
    Organisation,
    OrganisationMember,
    Participant,
    Person,
)
from app.services.names import domain_of, public_domains
from workflows import application as application_states
from workflows import membership as membership_states
from workflows.application import State as S

# Whose partners the office may know of: drafts and what may still change are none of its business.
KNOWN_TO_THE_OFFICE = frozenset(application_states.AFTER_SUBMISSION - {S.SUBMITTED, S.WITHDRAWN})


@dataclass
class Belongings:
    """Where somebody belongs, now or within the years that count."""

    person: Person
    organisations: dict[str, str] = field(default_factory=dict)  # id → name
    names: set[str] = field(default_factory=set)  # of employers that are not in the directory
    domains: set[str] = field(default_factory=set)
    disclosed: set[tuple[str, str]] = field(default_factory=set)  # call and organisation of an interest disclosed


@dataclass
class Applicant:
    """One organisation of a consortium with all it is called and all its mail domains."""

    key: str  # of the organisation; for one outside the directory of its membership
    organisation_id: str | None
    name: str
    names: set[str]
    domains: set[str]


@dataclass
class Applied:
    """One application as the search for interests sees it."""

    id: str
    call_id: str
    acronym: str
    known: bool  # its partners may be named to the office
    applicants: list[Applicant] = field(default_factory=list)
    people: set[str] = field(default_factory=set)  # who took part in any way, at any time

    def organisation(self, organisation_id: str) -> Applicant | None:
        return next((a for a in self.applicants if a.organisation_id == organisation_id), None)


def belongings_of(act: Act, people: Iterable[Person]) -> dict[str, Belongings]:
    """Give the belongings of each person by id."""
    found = {person.id: Belongings(person) for person in people}
    for person in found.values():
        person.domains.add(domain_of(person.person.email))
    _add_organisations(act, found)
    _add_employers(act, found)
    _add_disclosed(act, found)
    for person in found.values():
        person.domains.discard("")
    return found


def _add_organisations(act: Act, found: dict[str, Belongings]) -> None:
    query = (
        select(OrganisationMember.person_id, Organisation)
        .join(Organisation, Organisation.id == OrganisationMember.organisation_id)
        .where(
            OrganisationMember.person_id.in_(found),
            OrganisationMember.accepted.is_(True),
            or_(OrganisationMember.ended_at.is_(None), OrganisationMember.ended_at > act.now - INTEREST_LASTS),
        )
    )
    for person_id, organisation in act.session.execute(query):
        found[person_id].organisations[organisation.id] = organisation.name


def _add_employers(act: Act, found: dict[str, Belongings]) -> None:
    ended = (act.now - INTEREST_LASTS).date()
    query = (
        select(Expert.person_id, Employer)
        .join(Expert, Expert.id == Employer.expert_id)
        .where(Expert.person_id.in_(found), or_(Employer.until_on.is_(None), Employer.until_on > ended))
    )
    for person_id, employer in act.session.execute(query):
        mine = found[person_id]
        if employer.organisation_id:
            mine.organisations[employer.organisation_id] = employer.name
        mine.names.add(employer.name)
        mine.domains.add(site_of(employer.domain))


def _add_disclosed(act: Act, found: dict[str, Belongings]) -> None:
    query = (
        select(Disclosure.person_id, Disclosure.call_id, DisclosureLine.organisation)
        .join(DisclosureLine, DisclosureLine.disclosure_id == Disclosure.id)
        .where(Disclosure.person_id.in_(found), DisclosureLine.interest.is_(True))
    )
    for person_id, call_id, organisation in act.session.execute(query):
        found[person_id].disclosed.add((call_id, organisation))


def applied(act: Act) -> dict[str, Applied]:
    """Give every application that was sent or is being written, by id, with its partners and people."""
    rows = act.session.execute(select(Application.id, Application.call_id, Application.acronym, Application.state))
    found = {
        key: Applied(key, call_id, acronym, known=state in KNOWN_TO_THE_OFFICE) for key, call_id, acronym, state in rows
    }
    staff = _domains_of_people(act)
    memberships = (
        select(Membership)
        .where(Membership.state.in_(membership_states.LIVE))
        .order_by(Membership.position)
        .options(selectinload(Membership.organisation).selectinload(Organisation.names))
    )
    for membership in act.session.scalars(memberships):
        found[membership.application_id].applicants.append(_applicant(membership, staff[membership.id]))
    for application_id, person_id in act.session.execute(select(Participant.application_id, Participant.person_id)):
        found[application_id].people.add(person_id)
    return found


def _domains_of_people(act: Act) -> defaultdict[str, set[str]]:
    """Give the mail domains of the people who act for each membership."""
    found: defaultdict[str, set[str]] = defaultdict(set)
    query = (
        select(Participant.membership_id, Person.email)
        .join(Person, Person.id == Participant.person_id)
        .where(Participant.membership_id.is_not(None))
    )
    for membership_id, email in act.session.execute(query):
        found[str(membership_id)].add(domain_of(email))
    return found


def _applicant(membership: Membership, people: set[str]) -> Applicant:
    organisation = membership.organisation
    domains = people | {domain_of(membership.invited_email)}
    if organisation is None:
        return Applicant(membership.id, None, membership.invited_name, {membership.invited_name} - {""}, domains - {""})
    names = {organisation.name, organisation.name_en, *(name.name for name in organisation.names)}
    domains |= {site_of(organisation.website), *(site_of(domain) for domain in organisation.domains)}
    return Applicant(organisation.id, organisation.id, organisation.name, names - {""}, domains - {""})


def site_of(address: str) -> str:
    """Give the domain of a web address or of a bare domain; empty where anybody can have an address at it."""
    bare = address.strip().casefold().rpartition("://")[2].rpartition("@")[2]
    domain = bare.partition("/")[0].partition(":")[0].removeprefix("www.")
    return "" if "." not in domain or domain in public_domains() else domain
