"""What people belong to and who applies, loaded for many at once: a fixed number of queries whatever their number."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property

from sqlalchemy import select
from sqlalchemy.orm import selectinload

from app.act import Act
from app.asker import interest_since
from app.models import (
    Application,
    Call,
    Disclosure,
    DisclosureLine,
    Employer,
    Expert,
    FormerAddress,
    Membership,
    Organisation,
    OrganisationMember,
    Part,
    Participant,
    Person,
)
from app.services.organisations.names import domain_of, public_domains
from workflows import application as application_states
from workflows import membership as membership_states
from workflows.application import State as S

# Whose partners the office may know of: drafts and what may still change are none of its business.
KNOWN_TO_THE_OFFICE = frozenset(application_states.AFTER_SUBMISSION - {S.SUBMITTED, S.WITHDRAWN})
AUTHORITY = "public_authority"  # code of the list of kinds of organisations


@dataclass(frozen=True)
class Held:
    """Somebody belongs to something, or belonged until a day."""

    name: str
    until: date | None = None
    organisation_id: str | None = None
    domain: str = ""
    regions: frozenset[str] = frozenset()
    is_authority: bool = False

    def counts(self, since: date) -> bool:
        return self.until is None or self.until > since


@dataclass
class Belongings:
    """Where somebody belongs or belonged, and all their addresses; what is too long ago each call decides."""

    person_id: str
    name: str
    held: list[Held] = field(default_factory=list)
    domains: set[str] = field(default_factory=set)  # of all addresses, former ones included
    disclosed: set[tuple[str, str]] = field(default_factory=set)  # call and organisation of an interest disclosed

    def within(self, since: date) -> list[Held]:
        return [one for one in self.held if one.counts(since)]


@dataclass
class Applicant:
    """One organisation of a consortium with all it is called and all its mail domains."""

    key: str  # of the organisation; for one outside the directory of its membership
    organisation_id: str | None
    name: str
    names: set[str]
    domains: set[str]
    regions: frozenset[str] = frozenset()
    is_authority: bool = False


@dataclass
class Applied:
    """One application as the search for interests sees it."""

    id: str
    call_id: str
    acronym: str
    known: bool  # its partners may be named to the office
    since: date  # who belonged to an applicant after that day is tied
    applicants: list[Applicant] = field(default_factory=list)
    people: dict[str, set[Part]] = field(default_factory=dict)  # who took part in any way, at any time
    names: dict[str, str] = field(default_factory=dict)  # of those people, by id

    @cached_property
    def organisations(self) -> dict[str, Applicant]:
        return {one.organisation_id: one for one in self.applicants if one.organisation_id}


class Applications(dict[str, Applied]):
    """All applications by id, with those of each organisation whose partners the office knows."""

    @cached_property
    def of_organisation(self) -> Mapping[str, frozenset[str]]:
        found: defaultdict[str, set[str]] = defaultdict(set)
        for one in self.values():
            for key in one.organisations if one.known else ():
                found[key].add(one.id)
        return {key: frozenset(ids) for key, ids in found.items()}

    def joint(self, first: str, second: str, besides: str) -> list[Applied]:
        """Give the known applications in which two organisations are partners, one left out, in a fixed order."""
        empty: frozenset[str] = frozenset()
        both = self.of_organisation.get(first, empty) & self.of_organisation.get(second, empty)
        return [self[key] for key in sorted(both - {besides})]


def belongings_of(act: Act, people: Iterable[Person]) -> dict[str, Belongings]:
    """Give the belongings of each person by id."""
    found = {person.id: Belongings(person.id, person.name, domains={domain_of(person.email)}) for person in people}
    _add_organisations(act, found)
    _add_experts(act, found)
    _add_former_addresses(act, found)
    _add_disclosed(act, found)
    for person in found.values():
        person.domains.discard("")
    return found


def _add_organisations(act: Act, found: dict[str, Belongings]) -> None:
    query = (
        select(OrganisationMember.person_id, OrganisationMember.ended_at, Organisation)
        .join(Organisation, Organisation.id == OrganisationMember.organisation_id)
        .where(OrganisationMember.person_id.in_(found), OrganisationMember.accepted.is_(True))
    )
    for person_id, ended_at, organisation in act.session.execute(query):
        found[person_id].held.append(_held(organisation, organisation.name, ended_at.date() if ended_at else None))


def _held(organisation: Organisation, name: str, until: date | None, domain: str = "") -> Held:
    regions = frozenset(_present(organisation.region, *organisation.regions_served))
    return Held(name, until, organisation.id, domain, regions, AUTHORITY in organisation.kinds)


def _add_experts(act: Act, found: dict[str, Belongings]) -> None:
    employers = (
        select(Expert.person_id, Employer, Organisation)
        .join(Expert, Expert.id == Employer.expert_id)
        .outerjoin(Organisation, Organisation.id == Employer.organisation_id)
        .where(Expert.person_id.in_(found))
    )
    for person_id, employer, organisation in act.session.execute(employers):
        name, until, domain = employer.name, employer.until_on, site_of(employer.domain)
        held = Held(name, until, domain=domain) if organisation is None else _held(organisation, name, until, domain)
        found[person_id].held.append(held)
    query = select(Expert.person_id, Expert.other_addresses).where(Expert.person_id.in_(found))
    for person_id, addresses in act.session.execute(query):
        found[person_id].domains |= {domain_of(address) for address in addresses}


def _add_former_addresses(act: Act, found: dict[str, Belongings]) -> None:
    query = select(FormerAddress).where(FormerAddress.person_id.in_(found))
    for former in act.session.scalars(query):
        found[former.person_id].domains.add(domain_of(former.email))


def _add_disclosed(act: Act, found: dict[str, Belongings]) -> None:
    query = (
        select(Disclosure.person_id, Disclosure.call_id, DisclosureLine.organisation)
        .join(DisclosureLine, DisclosureLine.disclosure_id == Disclosure.id)
        .where(Disclosure.person_id.in_(found), DisclosureLine.interest.is_(True))
    )
    for person_id, call_id, organisation in act.session.execute(query):
        found[person_id].disclosed.add((call_id, organisation))


def applied(act: Act) -> Applications:
    """Give every application that was sent or is being written, by id, with its partners and people."""
    rows = act.session.execute(
        select(Application.id, Application.call_id, Application.acronym, Application.state, Call.interest_years).join(
            Call, Call.id == Application.call_id
        )
    )
    found = Applications(
        (key, Applied(key, call, acronym, state in KNOWN_TO_THE_OFFICE, interest_since(act.now, years).date()))
        for key, call, acronym, state, years in rows
    )
    domains = _domains_of_people(act, found)
    memberships = (
        select(Membership)
        .where(Membership.state.in_(membership_states.LIVE))
        .order_by(Membership.position)
        .options(selectinload(Membership.organisation).selectinload(Organisation.names))
    )
    for membership in act.session.scalars(memberships):
        theirs = domains[membership.id] | domains[membership.organisation_id or ""]
        found[membership.application_id].applicants.append(_applicant(membership, theirs))
    return found


def _domains_of_people(act: Act, found: Applications) -> defaultdict[str, set[str]]:
    """Give the mail domains of who acts for each membership or organisation; note who took part in what."""
    domains: defaultdict[str, set[str]] = defaultdict(set)
    query = select(Participant, Person.name, Person.email).join(Person, Person.id == Participant.person_id)
    for participant, name, email in act.session.execute(query):
        domains[str(participant.membership_id)].add(domain_of(email))
        application = found[participant.application_id]
        application.people.setdefault(participant.person_id, set()).add(participant.part)
        application.names[participant.person_id] = name
    members = (
        select(OrganisationMember.organisation_id, Person.email)
        .join(Person, Person.id == OrganisationMember.person_id)
        .where(OrganisationMember.accepted.is_(True), OrganisationMember.ended_at.is_(None))
    )
    for organisation_id, email in act.session.execute(members):
        domains[organisation_id].add(domain_of(email))
    domains[""] = set()
    return domains


def _applicant(membership: Membership, people: set[str]) -> Applicant:
    organisation = membership.organisation
    domains = people | {domain_of(membership.invited_email)}
    regions = set(_present(membership.region, membership.region_acted_for))
    if organisation is None:
        names = {membership.invited_name} - {""}
        return Applicant(
            membership.id, None, membership.invited_name, names, domains - {""}, frozenset(regions),
            AUTHORITY in membership.kinds,
        )  # fmt: skip
    names = {organisation.name, organisation.name_en, *(name.name for name in organisation.names)}
    domains |= {site_of(organisation.website), *(site_of(domain) for domain in organisation.domains)}
    regions |= set(_present(organisation.region))
    is_authority = AUTHORITY in {*organisation.kinds, *membership.kinds}
    return Applicant(
        organisation.id,
        organisation.id,
        organisation.name,
        names - {""},
        domains - {""},
        frozenset(regions),
        is_authority,
    )


def _present(*codes: str | None) -> Iterator[str]:
    return (code for code in codes if code)


def site_of(address: str) -> str:
    """Give the domain of a web address or of a bare domain; empty where anybody can have an address at it."""
    bare = address.strip().casefold().rpartition("://")[2].rpartition("@")[2]
    domain = bare.partition("/")[0].partition(":")[0].removeprefix("www.")
    return "" if "." not in domain or domain in public_domains() else domain
