"""What guards of a membership may know."""

from __future__ import annotations

from sqlalchemy import func, select

from app.act import Act
from app.callfile import from_json
from app.facts.call import is_open_for
from app.facts.decision_of_call import decision_is_proposed
from app.models import Application, Membership, Role
from workflows.application import State as ApplicationState
from workflows.consent import Leeway, Part, from_data, to_confirm
from workflows.membership import Facts
from workflows.membership import State as S
from workflows.verdict import ALLOWED, Verdict, refuse
from workflows.words import _


def membership_facts(act: Act, membership: Membership) -> Facts:
    call = membership.application.call
    leads = membership.role is Role.COORDINATOR
    return Facts(
        call_is_open=is_open_for(act, membership.application),
        own_facts_missing=ALLOWED if leads else own_facts_missing(membership),
        is_coordinator=leads,
        decision_is_proposed=decision_is_proposed(act, call.id),
        by_amendment=membership.amendment_id is not None,
        within_limit=within_limit(act, membership),
        confirmation_is_overdue=_overdue(act, membership),
        somebody_asks=membership.claimed_by is not None,
    )


def _overdue(act: Act, membership: Membership) -> bool:
    due = membership.confirm_by
    return due is not None and due <= act.now and bool(facts_to_confirm(membership))


def applications_of(act: Act, organisation_id: str, call_id: str, *, apart_from: str | None = None) -> int:
    """Count the applications of a call that an organisation is part of: accepted, and not left behind."""
    query = (
        select(func.count())
        .select_from(Membership)
        .join(Application, Application.id == Membership.application_id)
        .where(
            Membership.organisation_id == organisation_id,
            Membership.state == S.ACCEPTED,
            Application.call_id == call_id,
            Application.state.not_in([ApplicationState.WITHDRAWN, ApplicationState.LAPSED]),
        )
    )
    if apart_from is not None:
        query = query.where(Application.id != apart_from)
    return act.session.scalar(query) or 0


def within_limit(act: Act, membership: Membership) -> Verdict:
    """Refuse one more application than the call lets an organisation be part of."""
    call = membership.application.call
    limit = from_json(call.definition).applications_per_organisation
    if limit is None or membership.organisation_id is None:
        return ALLOWED
    count = applications_of(act, membership.organisation_id, call.id, apart_from=membership.application_id)
    if count < limit:
        return ALLOWED
    text = _("{name} is part of {count} applications of this call already; the call allows {limit}.")
    return refuse("too-many-applications", text, name=name_of_partner(membership), count=count, limit=limit)


def name_of_partner(membership: Membership) -> str:
    """Give the name as it is known: the organisation's, else the one the invitation used."""
    if membership.organisation is not None:
        return membership.organisation.name
    return membership.invited_name or membership.invited_email


def own_facts_missing(membership: Membership) -> Verdict:
    """Say what the partner still has to give. A region may stay unknown: the rules then say that they can't tell."""
    verdict = ALLOWED
    if membership.organisation is None:
        verdict += refuse("name-missing", _("Give the name of your organisation."))
    if not membership.country:
        verdict += refuse("country-missing", _("Choose the country of your organisation."))
    if not membership.kinds:
        verdict += refuse("kind-missing", _("Choose what kind of organisation it is."))
    return verdict


def part_of(membership: Membership) -> Part:
    """Give what is a partner's own, as it is now: its part of the application, and no other's."""
    return Part(
        role=membership.role.value,
        kinds=tuple(sorted(membership.kinds)),
        country=membership.country,
        region=membership.region,
        region_acted_for=membership.region_acted_for,
        share=membership.share,
        task=membership.task,
    )


def facts_to_confirm(membership: Membership) -> tuple[str, ...]:
    """Name the partner's own facts that were changed since its last word and not agreed to beforehand."""
    if membership.state is not S.ACCEPTED:
        return ()
    last = from_data(membership.consents[-1].part) if membership.consents else None
    leeway = next((Leeway(a.share_percent, a.texts) for a in membership.agreements if a.ended_at is None), None)
    return to_confirm(last, part_of(membership), leeway)


def has_accepted(membership: Membership) -> bool:
    """Say whether the partner counts: it accepted by its own act, whatever it may have to confirm again."""
    return membership.state is S.ACCEPTED
