"""What is known of a consortium and would tell who applies: organisations, persons, their addresses and numbers."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from sqlalchemy import select

from app.act import Act
from app.models import Application, Mandate, Membership, Organisation, OrganisationMember, Participant, Person
from app.services.organisations.names import public_domains
from workflows.redaction_names import Kind, Known, domain_of
from workflows.words import _


def known_of(act: Act, application: Application, content: Mapping[str, Any]) -> tuple[Known, ...]:
    """Give everything that tells who applies, by the version that was sent and by what has become of it since."""
    at = {raw["id"]: place for place, raw in enumerate(content["partners"], start=1)}
    found = [Known(Kind.ACRONYM, text) for text in {content["acronym"] or "", application.acronym}]
    for raw in content["partners"]:
        found += [_organisation(text, at[raw["id"]]) for text in (raw["name"], raw["name_en"])]
        found.append(Known(Kind.NUMBER, raw["pic"] or ""))
    members = act.session.scalars(select(Membership).where(Membership.application_id == application.id)).all()
    for member in members:
        found += _of_member(member, at.get(member.id, 0))
    found += _people(act, application, [m.organisation_id for m in members if m.organisation_id])
    return tuple(dict.fromkeys(one for one in found if one.text.strip()))


def _organisation(text: str, number: int) -> Known:
    return Known(Kind.ORGANISATION, text, _("[Partner {number}]").format(number=number) if number else "")


def _of_member(member: Membership, number: int) -> Iterator[Known]:
    yield _organisation(member.invited_name, number)
    yield from _address(member.invited_email)
    if member.organisation is not None:
        yield from _of_organisation(member.organisation, number)


def _of_organisation(organisation: Organisation, number: int) -> Iterator[Known]:
    named = [organisation.name, organisation.name_en, organisation.acronym]
    named += [name for one in organisation.names for name in (one.name, one.name_en)]
    yield from (_organisation(name, number) for name in named)
    yield Known(Kind.ADDRESS, organisation.city)
    yield Known(Kind.NUMBER, organisation.pic or "")
    yield Known(Kind.WEB, organisation.website)
    yield from (Known(Kind.WEB, domain) for domain in organisation.domains)


def _people(act: Act, application: Application, organisations: list[str]) -> Iterator[Known]:
    """Those who had a part in it, and all of its organisations, now or before."""
    named = select(Participant.person_id).where(Participant.application_id == application.id)
    of_them = select(OrganisationMember.person_id).where(
        OrganisationMember.organisation_id.in_(organisations), OrganisationMember.accepted.is_(True)
    )
    people = select(Person).where(Person.id.in_(named.union(of_them))).order_by(Person.id)
    for person in act.session.scalars(people):
        yield Known(Kind.PERSON, person.name)
        yield from _address(person.email)
    signing = select(Mandate).join(Membership, Membership.id == Mandate.membership_id)
    for mandate in act.session.scalars(signing.where(Membership.application_id == application.id)):
        yield Known(Kind.PERSON, mandate.signatory_name)
        yield from _address(mandate.signatory_email)


def _address(address: str) -> Iterator[Known]:
    """An address at a domain that anybody may have tells nothing by its domain: it is found by its form."""
    if address and domain_of(address) not in public_domains():
        yield Known(Kind.MAIL, address)
