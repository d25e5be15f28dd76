"""What a call says: the data of one call, whatever programme it belongs to. How it is written in a file is app/callfile."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from decimal import Decimal
from enum import StrEnum
from typing import Annotated, Self

from workflows.definition_evaluation import (
    Aggregation,
    Award,
    Band,
    Criterion,
    Direction,
    Evaluation,
    LabelTerms,
    Redress,
    Report,
    TieBreak,
    TieBreakBy,
)
from workflows.definition_questions import (
    Choice,
    Column,
    DocumentDue,
    DocumentPer,
    DocumentSlot,
    Question,
    QuestionType,
    Section,
)
from workflows.definition_ranking import DrawTerms, Moved, Strand, Transfer
from workflows.definition_rules import RuleKind, RuleSpec, Severity, Subject, Where
from workflows.definition_time import Extension, Moment, Precision, Timetable

__all__ = [
    "Aggregation",
    "Award",
    "Band",
    "Budget",
    "CallDefinition",
    "CallKind",
    "Choice",
    "Column",
    "Criterion",
    "Direction",
    "DocumentDue",
    "DocumentPer",
    "DocumentSlot",
    "DrawTerms",
    "Evaluation",
    "Extension",
    "LabelTerms",
    "Moment",
    "Months",
    "Moved",
    "Precision",
    "Provenance",
    "Publication",
    "Question",
    "QuestionType",
    "Redress",
    "RegionTerms",
    "Report",
    "RequiredOutput",
    "RuleKind",
    "RuleSpec",
    "Section",
    "Severity",
    "Source",
    "Statement",
    "Strand",
    "Subject",
    "TieBreak",
    "TieBreakBy",
    "Timetable",
    "Transfer",
    "Where",
]

FORMAT_VERSION = 1


class CallKind(StrEnum):
    EXPRESSION_OF_INTEREST = "expression_of_interest"
    GRANT_AND_LABEL = "grant_and_label"


@dataclass(frozen=True, kw_only=True, slots=True)
class Source:
    """Where facts of the file come from; `source:` elsewhere names its code."""

    code: Annotated[str, "Short name used by `source`, such as S12."]
    text: Annotated[str, "Title or address of the source."]


@dataclass(frozen=True, kw_only=True, slots=True)
class Provenance:
    """Where one mapping of the file, and what is beneath it, comes from."""

    source: tuple[str, ...] = ()
    assumed: bool = False
    note: str = ""


@dataclass(frozen=True, kw_only=True, slots=True)
class Budget:
    """Money of the whole call. The ceiling of one grant stands once, in the rules."""

    currency: Annotated[str, "ISO 4217 code."] = "EUR"
    total: Annotated[Decimal | None, "Money of the whole call."] = None
    expected_awards: Annotated[int | None, "How many grants are expected."] = None
    may_award_less: Annotated[bool, "Not all the money need be spent."] = True


@dataclass(frozen=True, kw_only=True, slots=True)
class Months:
    """Shortest and longest life of a project, in months, both included."""

    min: int
    max: int


@dataclass(frozen=True, kw_only=True, slots=True)
class RegionTerms:
    """Which list of regions and which list of fund categories the rules of the call use."""

    vintage: Annotated[int, "Year of the NUTS list."] = 2016
    fund_period: Annotated[str, "Period whose fund categories count, such as 2014-2020."] = "2014-2020"


@dataclass(frozen=True, kw_only=True, slots=True)
class Statement:
    """A sentence to declare (exclusion, declaration) or a condition to show (selection)."""

    code: str
    label: str
    text: str = ""
    waived_for: Annotated[tuple[str, ...], "Kinds of organisation it is not asked of."] = ()


@dataclass(frozen=True, kw_only=True, slots=True)
class RequiredOutput:
    """What a labelled partnership must deliver."""

    id: str
    label: str
    due: str = ""
    length: str = ""


@dataclass(frozen=True, kw_only=True, slots=True)
class Publication:
    """What may be done with a published expression of interest."""

    follow: bool = True
    comment: bool = True
    express_interest: bool = True


@dataclass(frozen=True, kw_only=True, slots=True)
class CallDefinition:
    """One call, as its file says it. Everything the service does for a call is read from here."""

    format_version: Annotated[int, "Version of this format; always 1."] = FORMAT_VERSION
    code: Annotated[str, "Name of the call in addresses: small letters, digits and hyphens."]
    kind: CallKind
    title: str
    short_title: str = ""
    reference: Annotated[str | None, "Official reference number; null where there is none."] = None
    aliases: Annotated[tuple[str, ...], "Other spellings of the reference."] = ()
    programme: str = ""
    owner: Annotated[str, "Who answers for the call."] = ""
    managing_body: str = ""
    label: Annotated[str, "Short name of the label, such as ESCP-S3."] = ""
    linked_platform: Annotated[str | None, "Code of a thematic platform in the taxonomy."] = None
    preceded_by: Annotated[str | None, "Code of an earlier call."] = None
    next_call: Annotated[str | None, "Code of the call that follows."] = None
    expression_required: Annotated[bool, "An application needs an earlier expression of interest."] = False
    stages: int = 1
    strands: Annotated[tuple[Strand, ...], "Parts of the call that are ranked apart; none: one list."] = ()
    strand_question: Annotated[str | None, "Id of the question by whose choice an application names its strand."] = None
    transfers: Annotated[tuple[Transfer, ...], "What strands leave over, moved in this order."] = ()

    timetable: Timetable
    budget: Budget | None = None
    months: Months | None = None
    eligible_kinds: Annotated[tuple[str, ...], "Codes of kinds of organisation in the taxonomy; empty: any."] = ()
    eligibility_notes: Annotated[tuple[str, ...], "Further conditions, in words."] = ()
    country_groups: Annotated[tuple[str, ...], "Groups of countries, or ISO codes; empty: any."] = ()
    country_groups_on: Annotated[date | None, "Day whose membership counts; without it the day of the deadline."] = None
    profile_required: Annotated[bool, "Partners need a published profile."] = False
    consent_severity: Annotated[Severity, "What it means that a named partner has not accepted."] = Severity.WARNING
    stale_consent: Annotated[
        Severity, "What it means, on submission, that a partner must confirm its changed part again."
    ] = Severity.WARNING
    applications_per_organisation: Annotated[
        int | None, "How many applications of the call one organisation may be part of; null: any number."
    ] = None
    regions: RegionTerms = RegionTerms()
    rules: tuple[RuleSpec, ...] = ()

    languages: Annotated[tuple[str, ...], "Languages of an application, two letters; empty: any."] = ()
    page_limit: Annotated[int | None, "Pages of the printed application; more is warned about, and not read."] = None
    sections: tuple[Section, ...] = ()
    documents: tuple[DocumentSlot, ...] = ()
    declarations: tuple[Statement, ...] = ()
    exclusions: tuple[Statement, ...] = ()
    selection_criteria: tuple[Statement, ...] = ()
    required_outputs: tuple[RequiredOutput, ...] = ()
    publication: Publication | None = None
    exceptions_public: Annotated[
        bool, "The page of the call tells of later deadlines given to one applicant: until when and why, not to whom."
    ] = False
    clarifications_to_evaluators: Annotated[
        bool, "Evaluators read a clarification beside what was sent; if false, only what was sent."
    ] = True

    evaluation: Evaluation | None = None
    criteria: tuple[Criterion, ...] = ()
    overall_threshold: Decimal | None = None
    tie_breaks: tuple[TieBreak, ...] = ()
    draw: Annotated[DrawTerms | None, "The public draw that decides where tie_breaks end with it."] = None
    award: Award | None = None
    label_terms: LabelTerms | None = None
    reporting: tuple[Report, ...] = ()
    redress: tuple[Redress, ...] = ()

    sources: tuple[Source, ...] = ()
    provenance: Annotated[Mapping[str, Provenance], "Not a key of the file: gathered from it."] = field(
        default_factory=dict, hash=False
    )

    @property
    def opens_at(self) -> datetime:
        """First instant at which the call is open, in UTC."""
        return self.timetable.opens_at

    @property
    def closes_at(self) -> datetime:
        """First instant at which the call is no longer open, in UTC."""
        return self.timetable.closes_at

    @property
    def countries_date(self) -> date:
        """The local day whose membership of country groups counts: by rule the day of the deadline."""
        return self.country_groups_on or self.timetable.closes.day

    @property
    def max_points(self) -> Decimal:
        return sum((criterion.max_points for criterion in self.criteria), Decimal(0))

    @property
    def max_grant(self) -> Decimal | None:
        """Ceiling of the requested grant, from the rules; None where no rule sets one."""
        found = [r.value for r in self.rules if r.rule is RuleKind.MAX_VALUE and r.of is Subject.REQUESTED_GRANT]
        return found[0] if found else None

    @property
    def max_rate(self) -> Decimal | None:
        """Highest share of the eligible cost the grant may cover, between 0 and 1; None where no rule sets one."""
        found = [r.value for r in self.rules if r.rule is RuleKind.MAX_RATIO and r.of is Subject.REQUESTED_GRANT]
        return found[0] if found else None

    def questions(self) -> Iterator[Question]:
        for section in self.sections:
            yield from section.questions

    def section(self, section_id: str) -> Section:
        """The section of that id. KeyError if there is none."""
        for section in self.sections:
            if section.id == section_id:
                return section
        raise KeyError(section_id)

    def question(self, question_id: str) -> Question:
        """The question of that id. KeyError if there is none."""
        for question in self.questions():
            if question.id == question_id:
                return question
        raise KeyError(question_id)

    def criterion(self, code: str) -> Criterion:
        """The criterion of that code. KeyError if there is none."""
        for criterion in self.criteria:
            if criterion.code == code:
                return criterion
        raise KeyError(code)

    def shifted(self, *, weeks: int, code: str) -> Self:
        """A practice copy under another code whose timetable stands `weeks` later; groups keep the day of the original."""
        return replace(
            self,
            code=code,
            timetable=self.timetable.shifted(weeks=weeks),
            country_groups_on=self.countries_date,
        )
