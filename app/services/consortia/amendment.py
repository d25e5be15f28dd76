"""Changes of the list of partners after the deadline: asked for, what they would do, and doing them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from decimal import Decimal

from sqlalchemy import func, select

from app.access import visible
from app.act import Act
from app.facts.call import is_open_for
from app.facts.membership import name_of_partner
from app.models import Amendment, Application, Call, Event, Membership, Organisation, Role
from app.services.consortia.consent import end_agreements
from app.services.consortia.departure import Partners, RuleChange, rules_after
from app.services.consortia.invitation import send_invitation, take_facts_of
from app.services.labels.label import partners_changed
from app.services.organisations.names import fold_address
from app.services.permitted import one_at_a_time, relation_for
from app.services.transitions import Done, Refused, create
from workflows.amendment import Change, State
from workflows.consent import CONFIRM_WITHIN
from workflows.membership import LIVE
from workflows.relations import Relation as R
from workflows.rules_facts import PartnerFacts
from workflows.verdict import refuse
from workflows.words import _
from workflows.working_days import end_of_working_days

ANSWER_WITHIN = 10  # working days that a partner invited after the deadline has


@dataclass(frozen=True)
class Wanted:
    """What is asked for. `membership` says of whom, except for a partner more."""

    change: Change
    reason: str
    membership: Membership | None = None
    organisation: Organisation | None = None
    name: str = ""
    email: str = ""
    role: Role = Role.PARTNER
    share: Decimal | None = None
    task: str = ""


def ask_amendment(act: Act, application: Application, wanted: Wanted) -> Amendment:
    """Ask the office for a change of the partners. Coordinator and deputy ask for any, a partner for its own leaving.

    Raises `Refused` while the list may still be changed directly, and for a change that has no partner.
    """
    relation = relation_for(act, "application.ask_amendment", application)
    if is_open_for(act, application):
        raise Refused(refuse("not-locked", _("The deadline has not passed: change the list of partners directly.")))
    one_at_a_time(act, application)
    _refuse_others(act, wanted, relation)
    _refuse_unfit(act, application, wanted)
    amendment = Amendment(
        application=application,
        change=wanted.change,
        membership=wanted.membership,
        organisation=wanted.organisation,
        name=wanted.name,
        email=wanted.email,
        role=wanted.role,
        share=wanted.share,
        task=wanted.task,
        reason=wanted.reason,
        asked_by=act.person_id,
    )
    create(act, amendment, relation=relation, data={"change": wanted.change.value})
    return amendment


def _refuse_others(act: Act, wanted: Wanted, relation: R) -> None:
    if relation in (R.COORDINATOR, R.DEPUTY):
        return
    member = wanted.membership
    own = member is not None and any(p.person_id == act.person_id and p.until is None for p in member.participants)
    if wanted.change is not Change.REMOVE or not own:
        text = _("A partner asks to be taken out itself; every other change is asked for by the coordinator.")
        raise Refused(refuse("not-yours", text))


def _refuse_unfit(act: Act, application: Application, wanted: Wanted) -> None:
    if wanted.change is Change.ADD:
        _refuse_doubles(application, wanted)
        return
    member = wanted.membership
    if member is None or member.application_id != application.id or member.state not in LIVE:
        raise Refused(refuse("no-partner", _("Choose a partner of this application.")))
    if wanted.change is Change.REMOVE and member.role is Role.COORDINATOR:
        raise Refused(refuse("coordinator-stays", _("The coordinating organisation can't be taken out.")))
    waiting = select(Amendment.id).where(Amendment.membership_id == member.id, Amendment.state == State.ASKED)
    if act.session.scalar(waiting.limit(1)) is not None:
        raise Refused(refuse("asked-already", _("A change of this partner waits for the office already.")))


def _refuse_doubles(application: Application, wanted: Wanted) -> None:
    if wanted.organisation is None and not wanted.email.strip():
        raise Refused(refuse("nobody-named", _("Choose an organisation or give an e-mail address.")))
    for member in application.memberships:
        same = wanted.organisation is not None and member.organisation_id == wanted.organisation.id
        address = bool(wanted.email) and member.invited_email_folded == fold_address(wanted.email)
        if same or (address and member.state in LIVE):
            raise Refused(refuse("already-asked", _("This partner is or was in the consortium.")))


def effect_on_rules(act: Act, amendment: Amendment) -> tuple[RuleChange, ...]:
    """Answer every rule as the partners are, and as they would be after the change."""
    return rules_after(act, amendment.application, lambda partners: _after(amendment, partners))


def _after(amendment: Amendment, partners: Partners) -> Partners:
    member = amendment.membership
    entity = (member.organisation_id or member.id) if member else None
    if amendment.change is Change.REMOVE:
        return tuple(one for one in partners if one.entity != entity)
    if amendment.change is Change.PART:
        part = {"role": amendment.role.value, "share": amendment.share}
        return tuple(replace(one, **part) if one.entity == entity else one for one in partners)  # type: ignore[arg-type]
    return (*partners, _newcomer(amendment))


def _newcomer(amendment: Amendment) -> PartnerFacts:
    """Imagine the partner more with what its profile says; what is not known stays open."""
    organisation = amendment.organisation
    return PartnerFacts(
        entity=amendment.organisation_id or amendment.id,
        name=organisation.name if organisation else amendment.name,
        kinds=tuple(organisation.kinds) if organisation else (),
        country=organisation.country if organisation else None,
        region=organisation.region if organisation else None,
        role=amendment.role.value,
        share=amendment.share,
    )


# -- what an accepted one does -------------------------------------------------------------------------------------


def apply_amendment(act: Act, membership: Membership, done: Done) -> None:
    """Give the partner the role, share and task that were asked for; it confirms its part then."""
    cause = act.session.get_one(Event, done.event.cause_id)
    amendment = act.session.get_one(Amendment, cause.thing_id)
    end_agreements(act, membership)
    membership.share, membership.task = amendment.share, amendment.task
    if membership.role is not Role.COORDINATOR:
        membership.role = amendment.role
    partners_changed(act, membership.application)
    membership.confirm_by, membership.confirm_missed_at = end_of_working_days(act.now, CONFIRM_WITHIN), None


def invite_later(act: Act, amendment: Amendment, done: Done) -> None:
    """Invite the partner more that was asked for; it counts once it accepts, as every partner."""
    if amendment.change is not Change.ADD:
        return
    last = act.session.scalar(
        select(func.max(Membership.position)).where(Membership.application_id == amendment.application_id)
    )
    with act.session.no_autoflush:  # what is looked up on the way must not store half a partner
        membership = _later(act, amendment, (last or 0) + 1)
    event = create(act, membership, relation=R.CASCADE, cause=done.event)
    amendment.membership = membership
    send_invitation(act, membership, event, "invitation")


def _later(act: Act, amendment: Amendment, position: int) -> Membership:
    organisation = amendment.organisation
    membership = Membership(
        application=amendment.application,
        organisation=organisation,
        position=position,
        role=amendment.role,
        invited_name=amendment.name or (organisation.name if organisation else ""),
        invited_email=amendment.email.strip(),
        invited_email_folded=fold_address(amendment.email),
        invited_by=amendment.asked_by,
        invitation=amendment.task,
        answer_by=end_of_working_days(act.now, ANSWER_WITHIN),
        kinds=[],
        share=amendment.share,
        task=amendment.task,
        amendment_id=amendment.id,
    )
    if organisation is not None:
        take_facts_of(membership, organisation)
    return membership


# -- for pages -----------------------------------------------------------------------------------------------------


def amendments_of(act: Act, application: Application) -> Sequence[Amendment]:
    """Give the changes that were asked for in an application, newest first."""
    query = visible(act, Amendment, "amendment.view").where(Amendment.application_id == application.id)
    return act.session.scalars(query.order_by(Amendment.created_at.desc(), Amendment.id)).all()


def waiting_in(act: Act, call: Call) -> Sequence[Amendment]:
    """Give the changes of a call that wait for the office, the oldest first."""
    of_call = select(Application.id).where(Application.call_id == call.id)
    query = visible(act, Amendment, "amendment.view").where(
        Amendment.state == State.ASKED, Amendment.application_id.in_(of_call)
    )
    return act.session.scalars(query.order_by(Amendment.created_at, Amendment.id)).all()


def name_in(amendment: Amendment) -> str:
    """Name the partner that a change is about."""
    if amendment.membership is not None:
        return name_of_partner(amendment.membership)
    return amendment.organisation.name if amendment.organisation else (amendment.name or amendment.email)
