"""What guards of an application may know."""

from __future__ import annotations

from sqlalchemy import select

from app.act import Act
from app.facts.call import is_open_for
from app.facts.decision_of_call import decision_stands_over
from app.facts.membership import has_accepted, name_of_partner
from app.facts.readiness import everything_missing
from app.models import Application, Check, Document, DocumentKind
from app.services.deciding.letter_fit import unfit_texts
from app.services.reviews.review_checks import found_met
from workflows.application import EDITABLE, Facts, State
from workflows.check import RECORDED, Stage
from workflows.check import State as CheckState
from workflows.letter_texts import Kind
from workflows.profile import State as ProfileState
from workflows.verdict import ALLOWED


def application_facts(act: Act, application: Application) -> Facts:
    live = select(Check).where(Check.application_id == application.id, Check.state != CheckState.DROPPED)
    checks = act.session.scalars(live).all()
    not_met = [check for check in checks if check.state == CheckState.NOT_MET]
    lifted = found_met(act, application.id) if not_met else frozenset()
    refused = [check.stage for check in not_met if check.id not in lifted]
    open_ = is_open_for(act, application)
    return Facts(
        call_is_open=open_,
        missing=everything_missing(act, application) if open_ and application.state in EDITABLE else ALLOWED,
        decision_is_proposed=decision_stands_over(act, application),
        checks_recorded=sum(check.state in RECORDED for check in checks),
        checks_due=len(checks),
        refused_admissibility=refused.count(Stage.ADMISSIBILITY),
        refused_eligibility=refused.count(Stage.ELIGIBILITY),
        unfit=_unfit(act, application) if refused and application.state is State.RECEIVED else 0,
        refusals_waiting=sum(check.state == CheckState.REFUSAL_PROPOSED for check in checks),
        organisations_not_validated=_not_validated(application),
        copy_is_being_made=_copy_is_being_made(act, application),
    )


def _unfit(act: Act, application: Application) -> int:
    return len(unfit_texts(act, application.call, (Kind.INADMISSIBLE, Kind.INELIGIBLE)))


def _copy_is_being_made(act: Act, application: Application) -> bool:
    query = select(Document.id).where(
        Document.thing_id == application.id, Document.kind == DocumentKind.READING_COPY,
        Document.made_at.is_(None), Document.replaced_at.is_(None),
    )  # fmt: skip
    return act.session.scalar(query.limit(1)) is not None


def _not_validated(application: Application) -> tuple[str, ...]:
    """Name the partners whose organisation the office has not validated; the office validates before it admits."""
    return tuple(
        name_of_partner(member)
        for member in application.memberships
        if has_accepted(member)
        and (member.organisation is None or member.organisation.state is not ProfileState.PUBLISHED)
    )
