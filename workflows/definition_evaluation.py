"""Evaluation, award and label of a call as data."""

from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum
from typing import Annotated

from workflows.definition_quality import NO_TRAINING, USUAL_POINTS, CheckPoint, Training


class Aggregation(StrEnum):
    CONSENSUS = "consensus"


@dataclass(frozen=True, kw_only=True, slots=True)
class Panel:
    """How experts are proposed: what a panel must be, and what a pair is worth, in whole points."""

    one_per_country: Annotated[bool, "No two experts of one application are from the same country."] = False
    specialist: Annotated[bool, "At least one expert of each application has its thematic area."] = False
    theme_points: Annotated[int, "The expert has the thematic area of the application."] = 50
    word_points: Annotated[int, "The most for words of the expert that stand in the title."] = 20
    abroad_points: Annotated[int, "No partner is from the expert's country."] = 20
    newcomer_points: Annotated[int, "The expert has not evaluated before."] = 10


@dataclass(frozen=True, kw_only=True, slots=True)
class Balance:
    """What the pool and the panels should look like; shares from 0 to 1, null: no target. Targets never bar anybody."""

    largest_country: Annotated[Decimal | None, "The largest share of one country."] = None
    least_women: Annotated[Decimal | None, "The least share of women among those who say."] = None
    least_men: Annotated[Decimal | None, "The least share of men among those who say."] = None
    largest_sector: Annotated[Decimal | None, "The largest share of one sector."] = None
    least_newcomers: Annotated[Decimal | None, "The least share of those who have not evaluated before."] = None


@dataclass(frozen=True, kw_only=True, slots=True)
class Work:
    """What an expert's finished tasks count in the statement of work."""

    unit: Annotated[str, "What is counted, in words, such as half-day."] = "unit"
    report: Annotated[Decimal, "Units of a finished individual report."] = Decimal(1)
    consensus: Annotated[Decimal, "Units of a consensus report that was signed."] = Decimal(1)
    panel_day: Annotated[Decimal, "Units of a day of the panel."] = Decimal(1)

    @property
    def names_unit(self) -> bool:
        """Say whether the call has a word of its own for what is counted."""
        return self.unit != Work().unit


class HiddenField(StrEnum):
    """What of an application an anonymous call may hide from experts, beside names, acronym, tasks and file names."""

    TITLE = "title"
    THEME = "theme"
    PARTNERS = "partners"
    COUNTRIES = "countries"
    REGIONS = "regions"
    KINDS = "kinds"
    SHARES = "shares"


@dataclass(frozen=True, kw_only=True, slots=True)
class Stages:
    """In which stage names are hidden: while individual reports are written, and once the consensus is open."""

    individual: bool = True
    consensus: Annotated[bool | None, "Null: as `evaluation.anonymous` says."] = None


@dataclass(frozen=True, kw_only=True, slots=True)
class Anonymity:
    """Whose names are hidden from whom, in which stage, and what else is."""

    applicants_from_experts: Annotated[Stages, "Names of applicants; individual: as `evaluation.anonymous`."] = Stages()
    experts_from_each_other: Annotated[Stages, "Names of experts; always hidden while reports are written."] = Stages()
    experts_from_applicants: Annotated[Stages, "Names of experts; always hidden, and in no call otherwise."] = Stages()
    fields: Annotated[tuple[HiddenField, ...], "What else of the application is hidden from experts."] = ()
    redacted_copies: Annotated[bool, "No task is sent before the texts of the application are anonymised."] = False


@dataclass(frozen=True, kw_only=True, slots=True)
class Advice:
    """What is worked out beside the ranking to advise the panel; it never enters a score, and is off unless named."""

    certainty: Annotated[bool, "How sure each rank is, by resampling the individual reports."] = False
    severity: Annotated[bool, "How strict each evaluator is compared with the others."] = False


@dataclass(frozen=True, kw_only=True, slots=True)
class Evaluation:
    """How applications are read."""

    reports_per_application: Annotated[int, "Individual reports each application gets."] = 3
    anonymous: Annotated[bool, "Applicants' names are hidden from experts."] = False
    anonymity: Anonymity = Anonymity()
    aggregation: Annotated[Aggregation, "Scores are agreed, not averaged."] = Aggregation.CONSENSUS
    panel: Panel = Panel()
    interest_years: Annotated[int, "Years in which a former employer still ties an expert, 1 to 5."] = 3
    balance: Balance = Balance()
    work: Work = Work()
    training: Training = NO_TRAINING
    advice: Advice = Advice()
    quality_check: Annotated[
        tuple[CheckPoint, ...], "What the office checks before it approves a consensus; none given: the usual points."
    ] = ()

    @property
    def points_to_check(self) -> tuple[CheckPoint, ...]:
        return self.quality_check or USUAL_POINTS

    @property
    def shows_applicants_in_consensus(self) -> bool:
        """In an anonymous call experts learn who applies once the consensus on it is open."""
        return self.anonymous and self.anonymity.applicants_from_experts.consensus is False

    @property
    def waits_for_redaction(self) -> bool:
        return self.anonymous and self.anonymity.redacted_copies


@dataclass(frozen=True, kw_only=True, slots=True)
class Band:
    """What a score from here up to the next band means, in words."""

    start: Annotated[Decimal, "Lowest score of the band."]
    text: str


@dataclass(frozen=True, kw_only=True, slots=True)
class Criterion:
    """One award criterion. The weight serves the ranking alone, never a threshold."""

    code: str
    name: str
    description: str = ""
    max_points: Decimal
    step: Decimal = Decimal("0.5")
    threshold: Decimal | None = None
    weight: Decimal = Decimal(1)
    sections: Annotated[tuple[str, ...], "Sections of the application it rests on."] = ()
    bands: tuple[Band, ...] = ()

    def band(self, score: Decimal) -> Band | None:
        """The band a score falls into; None where the call gives no words for it."""
        reached = [band for band in self.bands if band.start <= score]
        return max(reached, key=lambda band: band.start) if reached else None


class TieBreakBy(StrEnum):
    CRITERION = "criterion"
    TOTAL = "total"
    PANEL_DECISION = "panel_decision"
    DRAW = "draw"


class Direction(StrEnum):
    DESC = "desc"
    ASC = "asc"


@dataclass(frozen=True, kw_only=True, slots=True)
class TieBreak:
    """What decides between equal ranking totals; tried in the order of the list."""

    by: TieBreakBy
    code: Annotated[str | None, "Code of the criterion."] = None
    direction: Annotated[Direction, "desc: more is better."] = Direction.DESC


@dataclass(frozen=True, kw_only=True, slots=True)
class Award:
    """How the ranked list becomes awarded, reserve and rejected."""

    reserve: Annotated[bool, "Passing applications beyond the awards form a reserve list."] = True
    reserve_may_get_label_without_grant: Annotated[bool, "The release offers the label alone to the reserve list."] = (
        False
    )
    document_days: Annotated[int, "Days from the award to upload the documents that are due then."] = 30


@dataclass(frozen=True, kw_only=True, slots=True)
class LabelTerms:
    """What the label is and how long it lasts."""

    validity_months: Annotated[int | None, "Null: until the end of the project."] = None
    acceptance_days: Annotated[int, "Days to accept the label."] = 30
    conferred_by: str = ""
    commits_to: str = ""
    charter: Annotated[str, "Text of the charter that is accepted; empty: none."] = ""
    charter_of_all: Annotated[bool, "The label is conferred only once every partner accepted the charter."] = False
    certificate: bool = True
    new_partners: Annotated[str, "How partners may join later."] = ""


@dataclass(frozen=True, kw_only=True, slots=True)
class Report:
    """A report or survey asked of a running project."""

    kind: str
    month: Annotated[int | None, "Month of the project; null: every year."] = None
    by: str = ""


@dataclass(frozen=True, kw_only=True, slots=True)
class Redress:
    """A way to contest a result."""

    kind: str
    days: Annotated[int | None, "Days after the letter; one that ends on no working day ends with the next."] = None
    working_days: Annotated[bool, "The days are working days in Brussels."] = False
    committee: Annotated[
        int | None, "How many persons judge a review; null: 3 of an evaluation, 1 of a refusal at the checks."
    ] = None
    text: str = ""
