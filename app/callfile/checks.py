"""What a call that can be read must also make sense of: cross checks, each with its path and how to mend it."""

from collections.abc import Iterator
from zoneinfo import ZoneInfo

from app import geography, taxonomy
from app.callfile.checks_evaluation import check_evaluation
from app.callfile.checks_questions import check_questions
from app.callfile.checks_ranking import check_ranking
from app.callfile.checks_rules import check_groups, check_kinds, check_rules
from app.callfile.problems import Problem, problem
from workflows.definition import FORMAT_VERSION, CallDefinition, Moment
from workflows.definition_time import LocalTimeProblem, local_problem
from workflows.words import _


def check(call: CallDefinition) -> tuple[Problem, ...]:
    """Everything in the call that contradicts itself or names what does not exist."""
    return tuple(found for part in PARTS for found in part(call))


def _head(call: CallDefinition) -> Iterator[Problem]:
    if call.format_version != FORMAT_VERSION:
        text = _("This service reads version {known} of the format, not {given}.")
        yield problem("format_version", "format-version", text, known=FORMAT_VERSION, given=call.format_version)
    if call.linked_platform is not None and call.linked_platform not in taxonomy.codes("platforms"):
        text = _("The taxonomy has no platform “{code}”; known: {known}.")
        known = ", ".join(sorted(taxonomy.codes("platforms")))
        yield problem("linked_platform", "unknown-platform", text, code=call.linked_platform, known=known)
    if call.months and not 0 < call.months.min <= call.months.max:
        yield problem("months", "months-order", _("`min` must be at least 1 and not greater than `max`."))
    if call.budget and call.budget.expected_awards == 0:
        yield problem("budget.expected_awards", "no-awards", _("Expect at least one award, or remove the key."))
    if call.budget and call.budget.total is not None and call.budget.total < 0:
        yield problem("budget.total", "negative", _("The money of a call cannot be negative."))


def _timetable(call: CallDefinition) -> Iterator[Problem]:
    times = call.timetable
    try:
        zone = ZoneInfo(times.zone)
    except (KeyError, ValueError, OSError):
        text = _("There is no time zone “{zone}”; write one such as Europe/Brussels.")
        yield problem("timetable.zone", "unknown-zone", text, zone=times.zone)
        return
    faulty = [found for name, moment in times.moments() for found in _moment(f"timetable.{name}.at", moment, zone)]
    yield from faulty
    if faulty:
        return
    if times.opens_at >= times.closes_at:
        text = _("The call closes before it opens; make the closing later than {opens}.")
        yield problem("timetable.closes", "closes-before-opening", text, opens=times.opens.at)
    until = times.questions_until_at
    if until is not None and until > times.closes_at:
        yield problem(
            "timetable.questions_until", "questions-after-closing", _("Questions must end before the call closes.")
        )


def _moment(path: str, moment: Moment, zone: ZoneInfo) -> Iterator[Problem]:
    try:
        found = local_problem(moment.local, zone)
    except (ValueError, OverflowError):
        text = _("“{at}” is not a day or time of the calendar; correct it.")
        yield problem(path, "no-such-day", text, at=moment.at)
        return
    if found is LocalTimeProblem.DOES_NOT_EXIST:
        text = _(
            "{at} does not exist in {zone}: the clock is put forward then. Choose a time an hour earlier or later."
        )
        yield problem(path, "time-does-not-exist", text, at=moment.at, zone=zone.key)
    elif found is LocalTimeProblem.EXISTS_TWICE:
        first, second = (_offset(moment, zone, fold) for fold in (0, 1))
        text = _("{at} exists twice in {zone}: write {at}{first} or {at}{second}.")
        yield problem(path, "time-exists-twice", text, at=moment.at, zone=zone.key, first=first, second=second)
    elif found is LocalTimeProblem.WRONG_OFFSET:
        text = _("{zone} does not have the offset of {at} then; write the time without it, or correct it.")
        yield problem(path, "wrong-offset", text, at=moment.at, zone=zone.key)


def _offset(moment: Moment, zone: ZoneInfo, fold: int) -> str:
    return moment.local.replace(tzinfo=zone, fold=fold).isoformat()[-len("+01:00") :]


def _eligibility(call: CallDefinition) -> Iterator[Problem]:
    yield from check_kinds("eligible_kinds", call.eligible_kinds)
    yield from check_groups("country_groups", call.country_groups)
    if call.regions.vintage not in geography.vintages():
        known = ", ".join(str(year) for year in geography.vintages())
        text = _("There is no list of regions of {given}; known: {known}.")
        yield problem("regions.vintage", "unknown-vintage", text, given=call.regions.vintage, known=known)
    if call.regions.fund_period not in geography.periods():
        text = _("There are no fund categories for {given}; known: {known}.")
        known = ", ".join(geography.periods())
        yield problem("regions.fund_period", "unknown-period", text, given=call.regions.fund_period, known=known)


def _provenance(call: CallDefinition) -> Iterator[Problem]:
    known = {source.code for source in call.sources}
    for path, said in call.provenance.items():
        for code in said.source:
            if code not in known:
                text = _("`sources` at the end of the file does not explain “{code}”; add it there.")
                yield problem(f"{path}.source" if path else "source", "unknown-source", text, code=code)


PARTS = (
    _head,
    _timetable,
    _eligibility,
    check_rules,
    check_questions,
    check_evaluation,
    check_ranking,
    _provenance,
)
