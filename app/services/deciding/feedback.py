"""What helps next time: how far each score is from its threshold and from the line, facts to mend, a first draft.

The line is the lowest total that was awarded in the application's own list. It is told only where several were awarded,
so that it is nobody's mark alone, and names nobody.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from sqlalchemy import or_, select

from app.access import can, relations_of
from app.act import Act
from app.models import Application, Call, Check, Membership, Organisation, Outcome, Role
from app.services.applications.answer_lists import lists_for
from app.services.applications.application import save_basics, start_application
from app.services.applications.application_queries import open_calls
from app.services.applications.prefill import suggestions, take
from app.services.calls.call import definition_of
from app.services.deciding.results import Result
from app.services.permitted import relation_for
from app.services.reason_json import reason_from_json
from app.services.reviews.review_checks import found_met
from app.services.reviews.review_ranking import line_in, released_ranking
from app.services.transitions import Refused, note
from workflows.check import State as CheckState
from workflows.definition import Criterion
from workflows.membership import LIVE
from workflows.relations import Relation as R
from workflows.verdict import Reason, refuse
from workflows.words import _

SEVERAL = 3  # awards of a list before its line is told


@dataclass(frozen=True)
class Margin:
    """One criterion. `to_threshold` is negative below it; `alone` are the points that would lift it over the line."""

    criterion: Criterion
    score: Decimal
    to_threshold: Decimal | None
    alone: Decimal | None


@dataclass(frozen=True)
class Fact:
    """A rule that was not met by what was submitted, and the facts it rests on."""

    label: str
    reasons: tuple[Reason, ...]


@dataclass(frozen=True)
class Feedback:
    margins: tuple[Margin, ...]
    to_threshold: Decimal | None  # of the total
    to_line: Decimal | None  # of the total of the ranking; negative below it
    facts: tuple[Fact, ...]
    calls: tuple[Call, ...]  # that are open and take applications
    may_start: bool


def feedback_on(act: Act, application: Application, result: Result | None) -> Feedback:
    """Put together what helps next time, from the application's own result; the line alone tells of others."""
    to_line = _to_line(act, application, result) if result else None
    scored = result.scored if result else None
    threshold = scored.overall_threshold if scored else None
    organisation = _organisation(act, application)
    return Feedback(
        margins=tuple(_margin(found.criterion, found.score, to_line) for found in (scored.criteria if scored else ())),
        to_threshold=None if scored is None or threshold is None else scored.total - threshold,
        to_line=to_line,
        facts=_facts(act, application),
        calls=tuple(calls_after(act, application)),
        may_start=organisation is not None and can(act, "application.reuse", application),
    )


def _margin(criterion: Criterion, score: Decimal, to_line: Decimal | None) -> Margin:
    to_threshold = None if criterion.threshold is None else score - criterion.threshold
    alone = None
    if to_line is not None and to_line < 0 and criterion.weight > 0:
        steps = (-to_line / criterion.weight / criterion.step).to_integral_value(rounding="ROUND_CEILING")
        needed = steps * criterion.step
        alone = needed if score + needed <= criterion.max_points else None
    return Margin(criterion, score, to_threshold, alone)


def _to_line(act: Act, application: Application, result: Result) -> Decimal | None:
    """Give how far the total of the ranking is from the lowest that was awarded; None for those who were awarded."""
    if result.outcome is Outcome.AWARD:
        return None
    ranking = released_ranking(act, application.call_id).data
    own = line_in(ranking, application.id)
    if own is None:
        return None
    awarded = [
        Decimal(line["weighted_total"])
        for line in ranking["lines"]
        if line["outcome"] == Outcome.AWARD.value and line.get("strand") == own.get("strand")
    ]
    return Decimal(own["weighted_total"]) - min(awarded) if len(awarded) >= SEVERAL else None


def _facts(act: Act, application: Application) -> tuple[Fact, ...]:
    lifted = found_met(act, application.id)
    query = (
        select(Check)
        .where(
            Check.application_id == application.id,
            or_(Check.state == CheckState.NOT_MET, Check.proposed == "not_met"),
        )
        .order_by(Check.position)
    )
    return tuple(
        Fact(check.label, tuple(reason_from_json(fact) for fact in check.facts) if check.proposed == "not_met" else ())
        for check in act.session.scalars(query)
        if check.id not in lifted
    )


def calls_after(act: Act, application: Application) -> Sequence[Call]:
    """List the open calls for applications but its own."""
    return [call for call in open_calls(act) if call.id != application.call_id]


def start_for_next_call(act: Act, application: Application, call_id: str) -> Application:
    """Begin a draft for another call with what fits of an earlier one: its name, and answers to the same questions.

    Each answer keeps its source beside it until somebody saves it anew. Nobody is invited: partners may be others.
    """
    relation = relation_for(act, "application.reuse", application)
    call = next((one for one in calls_after(act, application) if one.id == call_id), None)
    organisation = _organisation(act, application)
    if call is None:
        raise Refused(refuse("call-not-open", _("This call does not take applications now.")))
    if organisation is None:
        raise Refused(refuse("not-your-organisation", _("You don't act for an organisation of this application.")))
    draft = start_application(act, call, organisation, acronym=application.acronym, title=application.title)
    if application.theme:
        save_basics(act, draft, {"theme": application.theme})
    lists = lists_for(definition_of(call))
    offered = suggestions(act, draft, lists, application)
    chosen = {
        question: one.key for question, found in offered.items() for one in found if one.source.id == application.id
    }
    if chosen:
        take(act, draft, chosen, lists, application)
    note(act, draft, "begun_with", relation=relation, data={"application": application.id, "answers": len(chosen)})
    return draft


def _organisation(act: Act, application: Application) -> Organisation | None:
    """Find the organisation the person acts for in the consortium, the coordinating one first."""
    query = select(Membership).where(
        Membership.application_id == application.id,
        Membership.state.in_(LIVE),
        Membership.organisation_id.is_not(None),
    )
    members = sorted(act.session.scalars(query), key=lambda one: (one.role is not Role.COORDINATOR, one.position))
    found = (one.organisation for one in members if one.organisation)
    return next((one for one in found if relations_of(act, one, {R.ORGANISATION_MEMBER})), None)
