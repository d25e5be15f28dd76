"""Accepting an invitation with another address than the invited one: only if the coordinator agrees.

The mailed link shows the invitation and lets its reader ask. It never is enough to join, and whoever asks learns
nothing but the answer.
"""

from __future__ import annotations

from sqlalchemy import select

from app.act import Act
from app.addressees import people_who_are
from app.models import Membership, Person
from app.outbox import enqueue_mail
from app.services.accounts.mailed_link import withdraw_link
from app.services.consortia.invitation import INVITATION
from app.services.permitted import one_at_a_time
from app.services.transitions import Done, Refused, note
from workflows.membership import LIVE
from workflows.membership import State as S
from workflows.relations import Relation as R
from workflows.verdict import refuse
from workflows.words import _


def ask_with_other_address(act: Act, membership: Membership) -> None:
    """Ask the coordinator to let the acting person accept; one person at a time asks.

    The caller has seen the live link of the invitation. Raises `Refused` where the address of the account is not
    proved, the invitation is answered, or somebody else has asked.
    """
    person = act.person
    if person is None or person.email_verified_at is None:
        text = _("Confirm the e-mail address of your account first: the coordinator has to know who asks.")
        raise Refused(refuse("address-not-proved", text))
    one_at_a_time(act, membership)
    act.session.refresh(membership)
    if membership.state is not S.INVITED:
        raise Refused(refuse("answered", _("This invitation was answered already.")))
    if membership.claimed_by == person.id:
        return
    if membership.claimed_by is not None:
        raise Refused(refuse("asked-already", _("The coordinator was asked already and has yet to answer.")))
    membership.claimed_by, membership.claimed_at = person.id, act.now
    event = note(act, membership, "ask_other_address", relation=R.SIGNED_IN, data={"person": person.id})
    about = {"noun": "membership", "thing": membership.id, "event": event.id}
    for lead in people_who_are(act, membership, (R.COORDINATOR, R.DEPUTY)):
        enqueue_mail(act, "address_asked", person_id=lead.id, address=lead.email, about=about, key=event.id)


def give_invitation(act: Act, membership: Membership, done: Done) -> None:
    """Make the invitation that of the person who asked; the link that was mailed to the first address is void."""
    one_at_a_time(act, membership.application)  # inviting waits too: one address is asked once
    person = _claimant(act, membership)
    if person.disabled_at is not None or person.email_verified_at is None:
        raise Refused(refuse("account-closed", _("This account can't accept now. Invite another address.")))
    if _invited_already(act, membership, person):
        raise Refused(refuse("already-asked", _("This partner is in the consortium or invited already.")))
    if membership.invited_email:
        withdraw_link(act, INVITATION, membership.invited_email, membership.id)
    membership.invited_email, membership.invited_email_folded = person.email, person.email_folded
    _answer(act, membership, person, done, "address_allowed")


def refuse_address(act: Act, membership: Membership, done: Done) -> None:
    """Leave the invitation with the address it was sent to, and tell the person who asked."""
    _answer(act, membership, _claimant(act, membership), done, "address_refused")


def _claimant(act: Act, membership: Membership) -> Person:
    return act.session.get_one(Person, membership.claimed_by)


def _invited_already(act: Act, membership: Membership, person: Person) -> bool:
    query = select(Membership.id).where(
        Membership.application_id == membership.application_id,
        Membership.id != membership.id,
        Membership.state.in_(LIVE),
        Membership.invited_email_folded == person.email_folded,
    )
    return act.session.scalar(query.limit(1)) is not None


def _answer(act: Act, membership: Membership, person: Person, done: Done, template: str) -> None:
    membership.claimed_by = membership.claimed_at = None
    about = {"noun": "membership", "thing": membership.id, "event": done.event.id}
    enqueue_mail(act, template, person_id=person.id, address=person.email, about=about, key=done.event.id)
