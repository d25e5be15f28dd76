"""Partners: invited, giving their own facts, accepting, leaving."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import func, select

from app import geography
from app.access import can
from app.act import Act
from app.models import Application, Membership, Organisation, Part, Participant, Role
from app.services.accounts.mailed_link import withdraw_link
from app.services.calls.call import definition_of
from app.services.consortia.consent import write_consent
from app.services.consortia.invitation import INVITATION, send_invitation, take_facts_of
from app.services.labels.label import partners_changed
from app.services.organisations.names import fold_address
from app.services.permitted import one_at_a_time, refuse_unless_open_for, relation_for
from app.services.transitions import Done, Refused, create, note
from workflows.membership import LIVE, State
from workflows.verdict import refuse
from workflows.words import _

OWN_FACTS = frozenset({"name", "kinds", "country", "region"})
SHARED_FACTS = frozenset({"role", "region_acted_for", "share", "task"})


def invite(
    act: Act,
    application: Application,
    *,
    email: str,
    name: str = "",
    organisation: Organisation | None = None,
    role: Role = Role.PARTNER,
    invitation: str = "",
    answer_by: datetime | None = None,
) -> Membership:
    """Ask an organisation of the directory, or an e-mail address, to become a partner; mails the invitation.

    Raises `Refused` where the person may not, the call is not open, or the same partner was asked before.
    """
    relation = relation_for(act, "application.invite_partner", application)
    refuse_unless_open_for(act, application)
    one_at_a_time(act, application)
    _refuse_doubles(act, application, email, organisation)
    last = act.session.scalar(select(func.max(Membership.position)).where(Membership.application_id == application.id))
    membership = Membership(
        application=application,
        organisation=organisation,
        position=(last or 0) + 1,
        role=role,
        invited_name=name or (organisation.name if organisation else ""),
        invited_email=email.strip(),
        invited_email_folded=fold_address(email),
        invited_by=act.person_id,
        invitation=invitation,
        answer_by=answer_by,
        kinds=[],
    )
    if organisation is not None:
        take_facts_of(membership, organisation)
    event = create(act, membership, relation=relation)
    send_invitation(act, membership, event, "invitation")
    return membership


def _refuse_doubles(act: Act, application: Application, email: str, organisation: Organisation | None) -> None:
    if not email.strip() and organisation is None:
        raise Refused(refuse("nobody-named", _("Choose an organisation or give an e-mail address.")))
    for other in act.session.scalars(select(Membership).where(Membership.application_id == application.id)):
        same_organisation = organisation is not None and other.organisation_id == organisation.id
        same_address = bool(email.strip()) and other.invited_email_folded == fold_address(email) and other.state in LIVE
        if same_organisation and other.state not in LIVE:
            raise Refused(
                refuse("asked-before", _("This organisation was asked before: use “Invite again” beside it."))
            )
        if same_organisation or same_address:
            raise Refused(refuse("already-asked", _("This partner is in the consortium or invited already.")))


def mail_invitation(act: Act, membership: Membership, done: Done) -> None:
    """Send the invitation once more, with a new link; the old one is void then."""
    membership.invited_by = act.person_id
    membership.claimed_by = membership.claimed_at = None
    membership.consent_digest = membership.consented_at = membership.confirm_by = None
    send_invitation(act, membership, done.event, "invitation")


def bind_organisation(act: Act, membership: Membership, organisation: Organisation) -> None:
    """Say which organisation an invited address stands for. Raises `Refused` where it is in the consortium already."""
    relation = relation_for(act, "membership.edit", membership)
    taken = select(Membership.id).where(
        Membership.application_id == membership.application_id,
        Membership.organisation_id == organisation.id,
        Membership.id != membership.id,
    )
    if act.session.scalar(taken) is not None:
        raise Refused(refuse("already-asked", _("This organisation is in the consortium or invited already.")))
    membership.organisation = organisation
    take_facts_of(membership, organisation)
    note(act, membership, "bind_organisation", relation=relation, data={"organisation": organisation.id})


def give_facts(act: Act, membership: Membership, values: Mapping[str, Any]) -> tuple[str, ...]:
    """Store facts of a partner's own part and name those that changed; an earlier confirmation no longer covers them.

    Raises `Refused` for a region that is not in the call's list or lies in another country.
    """
    unknown = set(values) - OWN_FACTS - SHARED_FACTS
    if unknown:
        raise LookupError(f"not a fact of a partner: {', '.join(sorted(unknown))}")
    # The lead may set role, share and task of any partner; the rest is the partner's own, once it has accepted.
    shared = set(values) <= SHARED_FACTS and can(act, "membership.edit_share", membership)
    relation = relation_for(act, "membership.edit_share" if shared else "membership.edit", membership)
    if not _joins_later(membership):
        refuse_unless_open_for(act, membership.application)
    given = {("invited_name" if name == "name" else name): value for name, value in values.items()}
    _check_regions(membership, given)
    changed = sorted(name for name, value in given.items() if getattr(membership, name) != value)
    for name in changed:
        setattr(membership, name, given[name])
    if changed:
        note(act, membership, "give_facts", relation=relation, data={"changed": changed})
    return tuple(changed)


def _joins_later(membership: Membership) -> bool:
    """Say whether the partner was invited by an accepted change after the deadline, and has not answered yet."""
    return membership.amendment_id is not None and membership.state is State.INVITED


def _check_regions(membership: Membership, given: dict[str, Any]) -> None:
    vintage = definition_of(membership.application.call).regions.vintage
    country = given.get("country", membership.country)
    for name in ("region", "region_acted_for"):
        code = given.get(name)
        if not code:
            continue
        found = geography.region(code, vintage)
        if found is None:
            text = _("{code} is not a region of the list this call uses (NUTS {vintage}): choose one of the list.")
            raise Refused(refuse("region-unknown", text, code=code, vintage=str(vintage)))
        if name == "region" and country and found.country != country:
            text = _("{code} lies in another country: choose a region of the country you gave.")
            raise Refused(refuse("region-elsewhere", text, code=code))


def record_consent(act: Act, membership: Membership, _done: Done) -> None:
    """Keep what the partner agreed to; whoever accepts becomes its person in the consortium."""
    record_part(act, membership)
    partners_changed(act, membership.application)
    membership.claimed_by = membership.claimed_at = None
    if membership.invited_email:
        withdraw_link(act, INVITATION, membership.invited_email, membership.id)
    if act.person_id is None or _has_part(act, membership):
        return
    act.session.add(
        Participant(
            id=act.new_id(),
            application_id=membership.application_id,
            membership_id=membership.id,
            person_id=act.person_id,
            part=Part.COORDINATOR if membership.role is Role.COORDINATOR else Part.CONTACT,
            since=act.now,
        )
    )


def record_part(act: Act, membership: Membership) -> None:
    """Write down that the partner stands to its part as it is now."""
    write_consent(act, membership)


def _has_part(act: Act, membership: Membership) -> bool:
    query = select(Participant.id).where(
        Participant.membership_id == membership.id,
        Participant.person_id == act.person_id,
        Participant.until.is_(None),
        Participant.part.in_([Part.COORDINATOR, Part.DEPUTY, Part.CONTACT]),
    )
    return act.session.scalar(query.limit(1)) is not None


def end_participation(act: Act, membership: Membership, _done: Done) -> None:
    """End every part that people have in the consortium for this partner, and void its invitation."""
    query = select(Participant).where(Participant.membership_id == membership.id, Participant.until.is_(None))
    for participant in act.session.scalars(query):
        participant.until = act.now
    partners_changed(act, membership.application)
    if membership.invited_email:
        withdraw_link(act, INVITATION, membership.invited_email, membership.id)
