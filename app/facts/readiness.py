"""What stands between a draft and its submission: one list, which pages show and the guard of submission adds up."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from sqlalchemy import select

from app.act import Act
from app.callfile import from_json
from app.facts.answers import values_of
from app.facts.consortium import rule_results
from app.facts.membership import facts_to_confirm, has_accepted, name_of_partner, own_facts_missing
from app.models import Application, File, Membership
from workflows.definition import (
    CallDefinition,
    DocumentDue,
    DocumentPer,
    DocumentSlot,
    Question,
    QuestionType,
    Section,
    Severity,
)
from workflows.file import KEPT
from workflows.membership import LIVE
from workflows.question_tables import PARTNER, TABLE_TYPES
from workflows.questions import is_empty, missing
from workflows.rules_facts import COUNTED_ROLES
from workflows.verdict import ALLOWED, Reason, Verdict, refuse, together
from workflows.words import _, plural

BASICS, CONSORTIUM, DOCUMENTS = "basics", "consortium", "documents"
Count = Counter[tuple[str, str | None]]

# fmt: off
_BASICS = (
    ("acronym",         _("Give the project an acronym.")),
    ("title",           _("Give the project its full title.")),
    ("theme",           _("Choose the thematic area.")),
    ("months",          _("Say how many months the project runs.")),
    ("requested_grant", _("Give the grant you request.")),
    ("eligible_cost",   _("Give the total eligible cost.")),
)
# fmt: on


@dataclass(frozen=True, slots=True)
class Item:
    """One part of an application: what is still missing in it, and whether anything was begun."""

    section: str
    title: str
    begun: bool
    verdict: Verdict
    warnings: tuple[Reason, ...] = ()  # what should be seen to, and stops nothing


def readiness(act: Act, application: Application) -> tuple[Item, ...]:
    """List every part of the application with what is missing in it, in the order of the task list."""
    call = from_json(application.call.definition)
    answers, files = values_of(act, application), _files(act, application)
    return (
        _basics(application, call),
        _consortium(act, application),
        *(_section(section, answers, files, application) for section in call.sections),
        *([_documents(application, call, files)] if due_with_application(call) else []),
    )


def everything_missing(act: Act, application: Application) -> Verdict:
    """Add up the list: the guard of submission."""
    return together(item.verdict for item in readiness(act, application))


def _basics(application: Application, call: CallDefinition) -> Item:
    left_out = set()
    if call.budget is None:
        left_out |= {"requested_grant", "eligible_cost"}
    if call.months is None:
        left_out.add("months")
    if call.linked_platform is None:
        left_out.add("theme")
    asked = [(name, text) for name, text in _BASICS if name not in left_out]
    empty = [(name, text) for name, text in asked if not getattr(application, name)]
    verdict = Verdict(tuple(Reason(f"{name}-missing", text) for name, text in empty))
    return Item(BASICS, _("About the project"), len(empty) < len(asked), verdict)


def _consortium(act: Act, application: Application) -> Item:
    results = rule_results(act, application)
    unmet = Verdict(tuple(_not_met(result.id, result.statement) for result in results if result.stops_submission))
    accepted = [member for member in application.memberships if has_accepted(member)]
    again = _to_confirm_again(accepted)
    blocks = from_json(application.call.definition).stale_consent is Severity.BLOCKING
    verdict = unmet + together(_gaps(member) for member in accepted)
    if blocks:
        return Item(CONSORTIUM, _("Consortium"), len(accepted) > 1, verdict + again)
    return Item(CONSORTIUM, _("Consortium"), len(accepted) > 1, verdict, again.reasons)


def _to_confirm_again(accepted: list[Membership]) -> Verdict:
    """Say whose word no longer covers its part, out of those who gave it."""
    names = [name_of_partner(member) for member in accepted if facts_to_confirm(member)]
    if not names:
        return ALLOWED
    text = plural(
        "{n} of {all} partners must confirm its part again: {names}.",
        "{n} of {all} partners must confirm their parts again: {names}.",
    )
    return refuse("confirm-again", text, n=len(names), all=len(accepted), names=", ".join(names))


def _not_met(rule: str, statement: Reason) -> Reason:
    return Reason(f"rule-{rule}", statement.text, statement.params)


def _gaps(member: Membership) -> Verdict:
    if own_facts_missing(member):
        return ALLOWED
    text = _("{name}: complete country and kind of organisation.")
    return refuse("partner-facts-missing", text, name=name_of_partner(member))


def _section(section: Section, answers: dict[str, Any], files: Count, application: Application) -> Item:
    verdict, begun = ALLOWED, False
    for question in section.questions:
        found = _question(question, answers.get(question.id), files, application)
        verdict += found
        begun = begun or not is_empty(answers.get(question.id)) or bool(files[question.id, None])
    return Item(section.id, section.title, begun, verdict)


def _question(question: Question, answer: Any, files: Count, application: Application) -> Verdict:  # noqa: ANN401
    if question.type is QuestionType.DOCUMENT:
        if question.required and not files[question.id, None]:
            return refuse("file-missing", _("Upload “{label}”."), label=question.label)
        return ALLOWED
    return missing(question, answer) + _gone_partners(question, answer, application)


def _gone_partners(question: Question, answer: Any, application: Application) -> Verdict:  # noqa: ANN401
    """Rows that speak of a partner who is no longer in the consortium."""
    if question.type not in TABLE_TYPES or not isinstance(answer, list):
        return ALLOWED
    gone = {member.id: name_of_partner(member) for member in application.memberships if member.state not in LIVE}
    named = [gone[row[PARTNER]] for row in answer if isinstance(row, dict) and row.get(PARTNER) in gone]
    if not named:
        return ALLOWED
    text = _("“{label}”: {names} is no longer a partner; change or empty the row.")
    return refuse("partner-gone", text, label=question.label, names=named)


def files_missing(act: Act, application: Application, due: DocumentDue) -> Verdict:
    """Say which required documents of that time are not there."""
    files = _files(act, application)
    slots = [slot for slot in from_json(application.call.definition).documents if slot.due is due and slot.required]
    return together(_slot(slot, application, files) for slot in slots)


def partners_missing_files(act: Act, application: Application, due: DocumentDue) -> list[Membership]:
    """Give the partners that have yet to send a required document of that time."""
    files = _files(act, application)
    slots = [
        slot
        for slot in from_json(application.call.definition).documents
        if slot.due is due and slot.required and slot.per is DocumentPer.PARTNER
    ]
    return [
        member
        for member in application.memberships
        if any(member in owing(slot, [member]) and not files[slot.id, member.id] for slot in slots)
    ]


def _documents(application: Application, call: CallDefinition, files: Count) -> Item:
    verdict = together(_slot(slot, application, files) for slot in due_with_application(call) if slot.required)
    slots = {slot.id for slot in due_with_application(call)}
    return Item(DOCUMENTS, _("Documents"), any(count and slot in slots for (slot, _m), count in files.items()), verdict)


def due_with_application(call: CallDefinition) -> list[DocumentSlot]:
    """Give the slots that are filled before the deadline; the others are asked of those on the award list alone."""
    return [slot for slot in call.documents if slot.due is DocumentDue.APPLICATION]


def _slot(slot: DocumentSlot, application: Application, files: Count) -> Verdict:
    if slot.per is DocumentPer.APPLICATION:
        if files[slot.id, None]:
            return ALLOWED
        return refuse("file-missing", _("Upload “{label}”."), label=slot.label)
    without = [name_of_partner(m) for m in owing(slot, application.memberships) if not files[slot.id, m.id]]
    if not without:
        return ALLOWED
    return refuse("file-missing", _("Upload “{label}” of {names}."), label=slot.label, names=without)


def owing(slot: DocumentSlot, members: Iterable[Membership]) -> list[Membership]:
    """Give the partners that have to send a document of the slot: confirmed, with a full role, not waived."""
    return [
        member
        for member in members
        if has_accepted(member) and member.role.value in COUNTED_ROLES and not set(member.kinds) & set(slot.waived_for)
    ]


def _files(act: Act, application: Application) -> Count:
    query = select(File.slot, File.membership_id).where(File.application_id == application.id, File.state.in_(KEPT))
    return Counter((slot, membership_id) for slot, membership_id in act.session.execute(query))
