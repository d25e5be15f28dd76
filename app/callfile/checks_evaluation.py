"""Cross checks of criteria, thresholds, bands, tie-breaks, award and label."""

from collections.abc import Iterator
from dataclasses import fields
from decimal import Decimal
from itertools import pairwise

from app.callfile.problems import Problem, problem
from workflows.definition import CallDefinition, CallKind, Criterion, TieBreakBy
from workflows.definition_evaluation import Balance, Evaluation, Work
from workflows.words import _

NOT_ANONYMOUS = _("This hides nothing: write “evaluation.anonymous: true” too, or remove it.")
MOST_YEARS = 5  # as many as app/asker.py asks about


def check_evaluation(call: CallDefinition) -> Iterator[Problem]:
    yield from _fits_kind(call)
    sections = {section.id for section in call.sections}
    for criterion in call.criteria:
        path = f"criteria[{criterion.code}]"
        yield from _points(path, criterion)
        yield from _bands(path, criterion)
        for name in criterion.sections:
            if name not in sections:
                text = _("There is no section “{name}”; known: {known}.")
                yield problem(f"{path}.sections", "unknown-section", text, name=name, known=", ".join(sorted(sections)))
    if call.overall_threshold is not None and not 0 <= call.overall_threshold <= call.max_points:
        text = _("All criteria together have {points} points; the overall threshold cannot be {given}.")
        yield problem(
            "overall_threshold", "threshold-above-points", text, points=call.max_points, given=call.overall_threshold
        )
    yield from _tie_breaks(call)
    yield from _experts(call)
    yield from _anonymity(call)
    if call.label_terms is not None and call.label_terms.validity_months == 0:
        yield problem("label_terms.validity_months", "no-validity", _("Give at least one month, or null for no limit."))


def _fits_kind(call: CallDefinition) -> Iterator[Problem]:
    if call.kind is CallKind.GRANT_AND_LABEL:
        for name in ("evaluation", "criteria", "label_terms"):
            if not getattr(call, name):
                yield problem(
                    name, "needed-for-kind", _("A call for a grant and label needs “{name}”; add it."), name=name
                )
    else:
        for name in ("evaluation", "criteria", "tie_breaks", "overall_threshold", "award", "label_terms"):
            if getattr(call, name):
                text = _("An expression of interest is not scored; remove “{name}”.")
                yield problem(name, "not-for-kind", text, name=name)
    if call.evaluation is not None and call.evaluation.reports_per_application < 1:
        yield problem(
            "evaluation.reports_per_application", "no-report", _("Each application needs at least one report.")
        )


def _experts(call: CallDefinition) -> Iterator[Problem]:
    if call.evaluation is None:
        return
    if not 1 <= call.evaluation.interest_years <= MOST_YEARS:
        text = _("Give from 1 to {most} years.")
        yield problem("evaluation.interest_years", "years", text, most=MOST_YEARS)
    for group, least, most in (("balance", 0, 1), ("work", 0, None)):
        for name, value in _numbers(getattr(call.evaluation, group)):
            if value < least or (most is not None and value > most):
                text = _("Give a share from 0 to 1.") if most else _("Units cannot be negative.")
                yield problem(f"evaluation.{group}.{name}", "out-of-range", text)


def _numbers(group: Balance | Work) -> Iterator[tuple[str, Decimal]]:
    found = ((field.name, getattr(group, field.name)) for field in fields(group))
    return ((name, value) for name, value in found if isinstance(value, Decimal))


def _anonymity(call: CallDefinition) -> Iterator[Problem]:
    """What is firm can be written as it is, and not otherwise; what hides something needs an anonymous call."""
    anonymous = call.evaluation is not None and call.evaluation.anonymous
    for path in () if anonymous else _identifying(call):
        yield problem(path, "not-anonymous", NOT_ANONYMOUS)
    if call.evaluation is not None:
        yield from _hides_nothing(call.evaluation)
        yield from _firm(call.evaluation)


def _hides_nothing(evaluation: Evaluation) -> Iterator[Problem]:
    told, path = evaluation.anonymity, "evaluation.anonymity"
    if not evaluation.anonymous:
        hiding = {
            "fields": told.fields,
            "redacted_copies": told.redacted_copies,
            "applicants_from_experts.consensus": told.applicants_from_experts.consensus,
        }
        for key in (key for key, given in hiding.items() if given):
            yield problem(f"{path}.{key}", "not-anonymous", NOT_ANONYMOUS)
    elif not told.applicants_from_experts.individual:
        text = _("Write “anonymous: false”: a call that shows names in this stage is not anonymous.")
        yield problem(f"{path}.applicants_from_experts.individual", "shown-at-once", text)


def _firm(evaluation: Evaluation) -> Iterator[Problem]:
    told, path = evaluation.anonymity, "evaluation.anonymity"
    if not told.experts_from_each_other.individual:
        text = _("Reports are sealed while they are written: experts never learn of each other then.")
        yield problem(f"{path}.experts_from_each_other.individual", "sealed", text)
    for stage in ("individual", "consensus"):
        if getattr(told.experts_from_applicants, stage) is False:
            text = _("Applicants never learn who evaluates: leave it out or write true.")
            yield problem(f"{path}.experts_from_applicants.{stage}", "always-hidden", text)


def _identifying(call: CallDefinition) -> Iterator[str]:
    for section in call.sections:
        asked = (one for one in section.questions if one.identifying)
        yield from (f"sections[{section.id}].questions[{one.id}].identifying" for one in asked)
    yield from (f"documents[{slot.id}].identifying" for slot in call.documents if slot.identifying)


def _points(path: str, criterion: Criterion) -> Iterator[Problem]:
    if criterion.max_points <= 0:
        yield problem(f"{path}.max_points", "no-points", _("A criterion needs more than 0 points."))
        return
    if criterion.weight < 0:
        yield problem(f"{path}.weight", "negative", _("A weight cannot be negative."))
    if criterion.step <= 0 or criterion.max_points % criterion.step:
        text = _("The step must divide the {points} points without a rest; {step} does not.")
        yield problem(f"{path}.step", "step", text, points=criterion.max_points, step=criterion.step)
        return
    threshold = criterion.threshold
    if threshold is not None and not 0 <= threshold <= criterion.max_points:
        text = _("The threshold {threshold} cannot be reached: the criterion has {points} points.")
        yield problem(
            f"{path}.threshold", "threshold-above-points", text, threshold=threshold, points=criterion.max_points
        )


def _bands(path: str, criterion: Criterion) -> Iterator[Problem]:
    starts = [band.start for band in criterion.bands]
    if starts and starts[0] != 0:
        yield problem(f"{path}.bands", "bands-start", _("The first band must begin at 0."))
    if any(later <= earlier for earlier, later in pairwise(starts)):
        yield problem(f"{path}.bands", "bands-order", _("Each band must begin above the one before it."))
    if any(start > criterion.max_points for start in starts):
        text = _("A band cannot begin above the {points} points of the criterion.")
        yield problem(f"{path}.bands", "band-above-points", text, points=criterion.max_points)


def _tie_breaks(call: CallDefinition) -> Iterator[Problem]:
    codes = {criterion.code for criterion in call.criteria}
    for place, rule in enumerate(call.tie_breaks):
        path = f"tie_breaks[{rule.code or place}]"
        if rule.by is TieBreakBy.CRITERION and rule.code not in codes:
            text = _("There is no criterion “{code}”; known: {known}.")
            yield problem(f"{path}.code", "unknown-criterion", text, code=rule.code, known=", ".join(sorted(codes)))
        if rule.by is not TieBreakBy.CRITERION and rule.code is not None:
            yield problem(f"{path}.code", "key-unused", _("Only a tie-break by criterion names a code; remove it."))
        after = {later.by for later in call.tie_breaks[place + 1 :]}
        if rule.by is TieBreakBy.PANEL_DECISION and after - {TieBreakBy.DRAW}:
            text = _("After the panel's decision nothing is left to decide but by a draw; put it last.")
            yield problem(path, "panel-not-last", text)
