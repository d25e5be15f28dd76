"""Who coordinates: handed over by the coordinator, taken over by a deputy, named by the office if nobody is left."""

from __future__ import annotations

from sqlalchemy import select

from app.act import Act
from app.facts.call import is_open_for
from app.models import Application, Membership, OrganisationMember, Part, Participant, Person, Role
from app.outbox import enqueue_mail
from app.services.consortia.membership import record_part
from app.services.consortia.participant import begin_part, lead_of, people_of
from app.services.permitted import refuse_unless_open_for, relation_for
from app.services.transitions import Refused, note, remark
from workflows.membership import State
from workflows.relations import Relation
from workflows.verdict import ALLOWED, Verdict, refuse
from workflows.words import _


def hand_over(act: Act, application: Application, to: Participant) -> None:
    """Make another person of the consortium the coordinator; its organisation leads then.

    The one who hands over stays as contact. Where another organisation leads, it confirms its part once more, for its
    role is another; that is possible until the deadline. Raises `Refused` where the person has no part in an accepted
    partner.
    """
    relation = relation_for(act, "application.hand_over", application)
    membership, old = to.membership, lead_of(application)
    fits = membership is not None and membership.state is State.ACCEPTED and to.until is None
    if membership is None or not fits or to.part not in (Part.DEPUTY, Part.CONTACT):
        raise Refused(refuse("cannot-lead", _("Choose a person who acts for a partner that has accepted.")))
    if membership.id != old.id:
        refuse_unless_open_for(act, application)
    to.until = act.now
    _make_coordinator(act, application, to.person, membership, relation, "hand_over")
    if membership.id != old.id:
        old.role, membership.role = Role.PARTNER, Role.COORDINATOR
        record_part(act, old)


def hand_over_to_colleague(act: Act, application: Application, person_id: str) -> None:
    """Make another member of the coordinating organisation the coordinator, whether or not it had a part before."""
    relation = relation_for(act, "application.hand_over", application)
    person = _colleague(act, application, person_id)
    _make_coordinator(act, application, person, lead_of(application), relation, "hand_over")


def take_over(act: Act, application: Application) -> None:
    """Let a deputy coordinate because the coordinator is gone. Raises `Refused` while there is one."""
    relation = relation_for(act, "application.take_over", application)
    if not coordinator_is_gone(act, application):
        text = _("The coordinator is there: only they hand the coordination over.")
        raise Refused(refuse("coordinator-there", text))
    mine = [p for p in people_of(act, application) if p.person_id == act.person_id and p.part is Part.DEPUTY]
    for participant in mine:
        participant.until = act.now
    _make_coordinator(act, application, mine[0].person, lead_of(application), relation, "take_over")


def appoint(act: Act, application: Application, person_id: str, reason: str) -> None:
    """Let the office name a member of the coordinating organisation, with a reason, where nobody is left to do it."""
    relation = relation_for(act, "application.appoint_coordinator", application)
    verdict = nobody_is_left(act, application)
    if not reason.strip():
        verdict += refuse("reason-missing", _("Give the reason."))
    if not verdict:
        raise Refused(verdict)
    person = _colleague(act, application, person_id)
    _make_coordinator(act, application, person, lead_of(application), relation, "appoint_coordinator", reason)


def nobody_is_left(act: Act, application: Application) -> Verdict:
    """Say what stands against the office naming a coordinator: a coordinator or a deputy who is there."""
    if not coordinator_is_gone(act, application):
        return refuse("coordinator-there", _("The coordinator is there: only they hand the coordination over."))
    there = [p.person.name for p in people_of(act, application) if p.part is Part.DEPUTY and not p.person.disabled_at]
    if not there:
        return ALLOWED
    return refuse("deputy-there", _("A deputy is there and can take over: {names}."), names=", ".join(there))


def coordinator_is_gone(act: Act, application: Application) -> bool:
    """Say whether no coordinator has an open account and still belongs to the coordinating organisation."""
    colleagues = {person.id for person in colleagues_of(act, application)}
    coordinators = [p for p in people_of(act, application) if p.part is Part.COORDINATOR]
    return not any(p.person_id in colleagues for p in coordinators)


def colleagues_of(act: Act, application: Application) -> list[Person]:
    """Give the members of the coordinating organisation who have an open account, by name."""
    members = select(OrganisationMember.person_id).where(
        OrganisationMember.organisation_id == lead_of(application).organisation_id,
        OrganisationMember.accepted.is_(True),
        OrganisationMember.ended_at.is_(None),
    )
    query = select(Person).where(Person.id.in_(members), Person.disabled_at.is_(None))
    return list(act.session.scalars(query.order_by(Person.name, Person.id)))


def heirs_of(act: Act, application: Application) -> list[Person]:
    """Give the members of the coordinating organisation to whom the coordination can pass: who leads now apart."""
    leading = {p.person_id for p in people_of(act, application) if p.part is Part.COORDINATOR}
    return [person for person in colleagues_of(act, application) if person.id not in leading]


def may_lead(act: Act, application: Application, participant: Participant) -> bool:
    """Say whether the coordination may pass to this person: after the deadline within the same organisation alone."""
    if participant.part not in (Part.DEPUTY, Part.CONTACT) or participant.membership_id is None:
        return False
    return participant.membership_id == lead_of(application).id or is_open_for(act, application)


def _colleague(act: Act, application: Application, person_id: str) -> Person:
    found = next((person for person in heirs_of(act, application) if person.id == person_id), None)
    if found is None:
        raise Refused(refuse("no-colleague", _("Choose a member of the coordinating organisation.")))
    return found


def _make_coordinator(
    act: Act,
    application: Application,
    person: Person,
    membership: Membership,
    relation: Relation,
    name: str,
    reason: str = "",
) -> None:
    old = lead_of(application)
    for participant in people_of(act, application):
        if participant.part is Part.COORDINATOR:
            participant.until = act.now
            if not participant.person.disabled_at:
                begin_part(act, application, participant.person, Part.CONTACT, old)
        elif participant.person_id == person.id and participant.membership_id == membership.id:
            participant.until = act.now
    begin_part(act, application, person, Part.COORDINATOR, membership)
    kept = {"person": person.id} | ({"reason": remark(act, reason)} if reason else {})
    event = note(act, application, name, relation=relation, data=kept)
    about = {"noun": "application", "thing": application.id, "event": event.id}
    enqueue_mail(act, "handed_over", person_id=person.id, address=person.email, about=about, key=event.id)
