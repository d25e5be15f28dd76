"""The mail that asks somebody to become a partner, and what is known of an invited organisation."""

from __future__ import annotations

from datetime import timedelta

from app import geography
from app.act import Act
from app.addressees import people_who_are
from app.facts.call import deadline_of
from app.models import Event, Membership, Organisation
from app.outbox import enqueue_mail
from app.services.accounts.mailed_link import make_link
from app.services.calls.call import definition_of
from workflows.relations import Relation as R

INVITATION = "invitation"  # purpose of the mailed link


def send_invitation(act: Act, membership: Membership, event: Event, template: str) -> None:
    """Mail those who may answer: who administers the organisation, and the invited address with a link of its own."""
    about = {"noun": "membership", "thing": membership.id, "event": event.id}
    told = set()
    for person in people_who_are(act, membership, (R.INVITED,)):
        told.add(person.email_folded)
        enqueue_mail(act, template, person_id=person.id, address=person.email, about=about, key=event.id)
    address = membership.invited_email
    if address and membership.invited_email_folded not in told:
        ends = max(deadline_of(membership.application), membership.answer_by or act.now)
        link = make_link(act, INVITATION, address, None, membership.id, max(ends - act.now, timedelta(days=1)))
        enqueue_mail(act, template, person_id=None, address=address, about={**about, "link": link.id}, key=event.id)


def take_facts_of(membership: Membership, organisation: Organisation) -> None:
    """Copy from the profile what is not given yet; its region is recoded into the list the call uses."""
    terms = definition_of(membership.application.call).regions
    membership.kinds = membership.kinds or list(organisation.kinds)
    membership.country = membership.country or organisation.country
    if membership.region is None and membership.country:
        membership.region = geography.seat_region(membership.country, organisation.region, vintage=terms.vintage)
