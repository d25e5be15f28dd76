"""What the pages of calls show: the list, and one call written from the data that is executed."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from app import geography, taxonomy
from app.access import visible
from app.act import Act
from app.callfile import to_json
from app.facts.call import is_open
from app.models import Call, Extension, Remark
from app.services.calls.call import definition_of
from app.services.calls.call_changes import leaves
from app.services.calls.call_words import MOMENTS
from workflows.call import State
from workflows.definition import CallDefinition, CallKind, Moment, Provenance, RuleSpec
from workflows.rules import describe, rules_of
from workflows.verdict import Reason

KINDS = "organisation_types"


@dataclass(frozen=True)
class CallLine:
    """One call in the list."""

    call: Call
    definition: CallDefinition
    kinds: tuple[str, ...]  # names of the kinds of organisation that may apply


@dataclass(frozen=True)
class CallList:
    open: tuple[CallLine, ...]  # soonest deadline first
    coming: tuple[CallLine, ...]
    closed: tuple[CallLine, ...]  # last closed first
    preparing: tuple[CallLine, ...]  # for the office


def calls_listed(act: Act) -> CallList:
    """All calls the person may see; open is what is open at this moment, whatever was ticked."""
    calls = act.session.scalars(visible(act, Call, "call.view").order_by(Call.closes_at, Call.id)).all()
    lines = [CallLine(call, definition_of(call), kind_names(definition_of(call).eligible_kinds)) for call in calls]
    hidden = {State.DRAFT, State.CANCELLED}
    public = [line for line in lines if line.call.state not in hidden]
    return CallList(
        open=tuple(line for line in public if is_open(act, line.call)),
        coming=tuple(line for line in public if act.now < line.call.opens_at),
        closed=tuple(line for line in reversed(public) if act.now >= line.call.closes_at),
        preparing=tuple(line for line in lines if line.call.state in hidden),
    )


def kind_names(codes: Sequence[str]) -> tuple[str, ...]:
    """Kinds of organisation by name."""
    return tuple(taxonomy.term_name(KINDS, code) for code in codes)


@dataclass(frozen=True)
class TimeLine:
    """One moment of the timetable; `at` is an instant where it is known, else `day` with what is known of it."""

    label: str
    moment: Moment
    at: datetime | None
    assumed: bool


@dataclass(frozen=True)
class RuleLine:
    rule: RuleSpec
    statement: Reason
    assumed: bool


@dataclass(frozen=True)
class Moved:
    """A deadline that was moved."""

    before: str | datetime
    after: str | datetime
    reason: str = ""
    at: datetime | None = None


@dataclass(frozen=True)
class CallPage:
    call: Call
    definition: CallDefinition
    open: bool
    kinds: tuple[str, ...]
    countries: tuple[tuple[str, tuple[str, ...]], ...]  # name of the group, ISO codes on the day that counts
    timetable: tuple[TimeLine, ...]
    rules: tuple[RuleLine, ...]
    moved: tuple[Moved, ...]
    before: Call | None
    after: Call | None
    assumed: int  # values of the file marked as assumed

    @property
    def for_expressions(self) -> bool:
        return self.definition.kind is CallKind.EXPRESSION_OF_INTEREST


def call_page(act: Act, call: Call) -> CallPage:
    """Everything the public page says, from the definition that rules, forms and evaluation use."""
    definition = definition_of(call)
    return CallPage(
        call=call,
        definition=definition,
        open=is_open(act, call),
        kinds=kind_names(definition.eligible_kinds),
        countries=countries_of(definition),
        timetable=_timetable(call, definition),
        rules=tuple(
            RuleLine(rule, describe(rule), assumed(definition, f"rules[{rule.id}]")) for rule in rules_of(definition)
        ),
        moved=(
            *(Moved(e.before, e.after) for e in definition.timetable.extensions),
            *(_moved(act, e) for e in call.extensions),
        ),
        before=_other(act, definition.preceded_by),
        after=_other(act, definition.next_call),
        assumed=sum(p.assumed for p in definition.provenance.values()),
    )


def countries_of(definition: CallDefinition) -> tuple[tuple[str, tuple[str, ...]], ...]:
    """Groups of countries with their members on the day that counts for the call."""
    day = definition.countries_date
    return tuple((group, tuple(sorted(geography.members(group, day)))) for group in definition.country_groups)


def _timetable(call: Call, definition: CallDefinition) -> tuple[TimeLine, ...]:
    """The moments of the file; the closing is the deadline in force."""
    lines = []
    for name, moment in definition.timetable.moments():
        exact = None if moment.is_day else moment.starts_at(definition.timetable.zone_info)
        if name == "closes" and call.closes_at != definition.closes_at:
            exact = call.closes_at
        lines.append(TimeLine(MOMENTS[name], moment, exact, assumed(definition, f"timetable.{name}")))
    return tuple(lines)


def closing_precision(call: Call, definition: CallDefinition) -> str:
    """Is the deadline in force a moment, or the end of a day?"""
    return "day" if definition.timetable.closes.is_day and call.closes_at == definition.closes_at else "minute"


def _moved(act: Act, extension: Extension) -> Moved:
    remark = act.session.get(Remark, extension.reason_id) if extension.reason_id else None
    return Moved(extension.old_closes_at, extension.new_closes_at, (remark.text or "") if remark else "", extension.at)


def _other(act: Act, code: str | None) -> Call | None:
    if code is None:
        return None
    return act.session.scalar(visible(act, Call, "call.view").where(Call.code == code))


# -- where each value comes from -----------------------------------------------------------------------------------


@dataclass(frozen=True)
class ValueLine:
    """One value of a call's file: its path, how it reads, and where it comes from."""

    path: str
    value: str
    assumed: bool
    sources: tuple[str, ...]
    note: str


def provenance_at(definition: CallDefinition, path: str) -> Provenance | None:
    """What is said of a path: its own, else that of the nearest mapping above it."""
    while path:
        if path in definition.provenance:
            return definition.provenance[path]
        path = path[: max(path.rfind("."), path.rfind("["), 0)]
    return None


def assumed(definition: CallDefinition, path: str) -> bool:
    found = provenance_at(definition, path)
    return found is not None and found.assumed


def values_with_provenance(definition: CallDefinition) -> tuple[ValueLine, ...]:
    """Every value of the file in its order, with where it comes from."""
    texts = {source.code: source.text for source in definition.sources}
    tree = to_json(replace(definition, provenance={}))
    return tuple(
        _value(definition, texts, path, value) for path, value in leaves("", tree) if not path.startswith("sources")
    )


def _value(definition: CallDefinition, texts: dict[str, str], path: str, value: object) -> ValueLine:
    said = provenance_at(definition, path) or Provenance()
    return ValueLine(path, str(value), said.assumed, tuple(texts.get(code, code) for code in said.source), said.note)
