"""What the parts of a call are called in words: one table for its public page, its preview and its documents."""

from __future__ import annotations

from collections.abc import Mapping

from workflows.definition import CallDefinition, CallKind, Direction, QuestionType, Severity, TieBreak, TieBreakBy
from workflows.verdict import Reason
from workflows.words import _

KINDS: Mapping[str, str] = {
    CallKind.EXPRESSION_OF_INTEREST: _("Call for expressions of interest"),
    CallKind.GRANT_AND_LABEL: _("Call for proposals: grant and label"),
}
MOMENTS: Mapping[str, str] = {
    "opens": _("Opens"),
    "closes": _("Closes"),
    "questions_until": _("Questions are answered if sent by"),
    "answers_published": _("Answers to questions are published"),
    "evaluation_ends": _("Evaluation ends"),
    "result_expected": _("Applicants learn the result"),
    "grant_signature": _("Grants are signed"),
    "projects_start": _("Projects start"),
}
SEVERITIES: Mapping[str, str] = {
    Severity.BLOCKING: _("Must be met"),
    Severity.WARNING: _("Looked at, does not exclude"),
    Severity.ADVISORY: _("Advice"),
}
TYPES: Mapping[str, str] = {
    QuestionType.TEXT: _("Short text"),
    QuestionType.LONG_TEXT: _("Text"),
    QuestionType.CHOICE: _("One choice"),
    QuestionType.MULTI_CHOICE: _("Several choices"),
    QuestionType.NUMBER: _("Number"),
    QuestionType.DATE: _("Date"),
    QuestionType.YES_NO: _("Yes or no"),
    QuestionType.COUNTRY: _("Country"),
    QuestionType.REGION_LIST: _("List of regions"),
    QuestionType.PARTNER_LIST: _("List of partners"),
    QuestionType.WORK_PACKAGES: _("Work packages"),
    QuestionType.INDICATORS: _("Indicators with targets"),
    QuestionType.BUDGET: _("Budget by partner and category"),
    QuestionType.TABLE: _("Table"),
    QuestionType.DOCUMENT: _("Document"),
}
GROUPS: Mapping[str, str] = {
    "EU_MEMBER_STATES": _("Member states of the EU"),
    "COSME_PARTICIPATING": _("Other countries taking part in COSME"),
}
REDRESS: Mapping[str, str] = {
    "administrative_review": _("Review of an administrative decision"),
    "evaluation_review": _("Review of the evaluation procedure"),
}
CATEGORIES: Mapping[str, str] = {
    "less_developed": _("Less developed"),
    "transition": _("In transition"),
    "more_developed": _("More developed"),
}


def tie_break(call: CallDefinition, rule: TieBreak) -> Reason:
    """One tie-break in words."""
    more = rule.direction is Direction.DESC
    if rule.by is TieBreakBy.PANEL_DECISION:
        return Reason("panel", _("The panel decides, with reasons."))
    if rule.by is TieBreakBy.DRAW:
        return Reason("draw", _("A public draw decides."))
    if rule.by is TieBreakBy.TOTAL:
        return Reason("total", _("Higher total first.") if more else _("Lower total first."))
    name = call.criterion(rule.code or "").name
    text = _("Higher score for “{name}” first.") if more else _("Lower score for “{name}” first.")
    return Reason("criterion", text, {"name": name})
