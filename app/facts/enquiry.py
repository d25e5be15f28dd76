"""What guards of a question about a call may know."""

from __future__ import annotations

from collections.abc import Iterator

from sqlalchemy import select

from app.act import Act
from app.models import Enquiry, Organisation, OrganisationMember
from app.services.organisations.names import fold
from workflows.enquiry import Facts

_SHORTEST = 4  # letters: a shorter name stands in too many words


def enquiry_facts(act: Act, enquiry: Enquiry) -> Facts:
    public = fold(f"{enquiry.wording} {enquiry.answer}")
    named = tuple(name for name in _names(act, enquiry) if len(name) >= _SHORTEST and fold(name) in public)
    return Facts(names_in_wording=named, answered=bool(enquiry.answer and enquiry.wording))


def _names(act: Act, enquiry: Enquiry) -> Iterator[str]:
    """Whatever would tell who asked: name, address, and the organisations they act for."""
    yield enquiry.asker.name
    yield enquiry.asker.email
    query = (
        select(Organisation.name)
        .join(OrganisationMember, OrganisationMember.organisation_id == Organisation.id)
        .where(OrganisationMember.person_id == enquiry.asker_id, OrganisationMember.accepted.is_(True))
    )
    yield from act.session.scalars(query.order_by(Organisation.name))
