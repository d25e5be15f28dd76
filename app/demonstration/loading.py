"""Loads the demonstration: the real calls as they were, and practice copies at several moments of life."""

from __future__ import annotations

import random
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from decimal import Decimal

from app.callfile import emit_call, read_call
from app.chance import Secret
from app.commands.house import House
from app.data_files import shipped
from app.demonstration import anonymous, evaluators, expressions, happenings
from app.demonstration.accounts import PASSWORD, open_accounts
from app.documents.renderer import Renderer
from app.models import Application, Part
from app.partnerships import PartnerEntry, Partnership, read_partnerships
from app.rehearsal.cast import Cast, enter_organisation
from app.rehearsal.play import Chapter, Play, moments, play
from app.rehearsal.stage import Clock, Stage, get
from app.services.accounts.person import hash_password
from app.services.consortia.participant import name_person
from workflows.definition import CallDefinition
from workflows.definition_evaluation import Anonymity, Balance
from workflows.definition_quality import Training

PROPOSALS, EXPRESSIONS = "calls/cos-clustpartns-2017-3-02.yaml", "calls/eoi-2016.yaml"
WEEK, A_DAY = timedelta(weeks=1), timedelta(days=1)
TARGETS = Balance(
    largest_country=Decimal("0.2"),
    least_women=Decimal("0.4"),
    least_men=Decimal("0.4"),
    largest_sector=Decimal("0.5"),
    least_newcomers=Decimal("0.25"),
)
REQUIRED = Training(required=True)


OWN = PartnerEntry(
    name="Made-up Cluster of Smart Materials",
    country="SK",
    region="SK01",
    kinds=("cluster_organisation",),
    role="partner",
)


@dataclass(frozen=True)
class Copy:
    """A practice copy of the call for proposals, stopped at a chapter, with so many made-up partnerships."""

    code: str
    title: str
    chapter: Chapter
    partnerships: int


COPIES = (
    Copy("practice-labels", "Practice call with labels awarded", Chapter.LABELLED, 7),
    Copy("practice-decision", "Practice call with a decision to sign", Chapter.PROPOSED, 3),
    Copy("practice-consensus", "Practice call in consensus", Chapter.CONSENSUS, 2),
    Copy("practice-scoring", "Practice call being scored", Chapter.SCORING, 3),
    Copy("practice-checks", "Practice call in the formal checks", Chapter.CHECKED, 4),
    Copy("practice-open", "Practice call open for applications", Chapter.WRITING, 2),
    Copy("practice-anonymous", "Practice call that hides who applies", Chapter.CHECKED, 2),
)
LABELLED = "practice-labels"
MONEY = Decimal(1_400_000)  # of that call: four grants at the most, so that the fifth is on the reserve list
ANONYMOUS = "practice-anonymous"
HIDDEN = Anonymity(redacted_copies=True)

AUDITED = ("practice-labels", "practice-decision", "practice-scoring")  # open to the auditor


def load(house: House, told: Callable[[str], None]) -> None:
    """Fill an empty house. `told` hears of each part before it is begun."""
    with Renderer() as renderer:
        Loading(house, renderer, told).run()


class Loading:
    """One filling of one house: the cast plays in all calls."""

    def __init__(self, house: House, renderer: Renderer, told: Callable[[str], None]) -> None:
        self.house, self.renderer, self.told = house, renderer, told
        self.now = house.now()
        self.cast = Cast()
        self.people: dict[str, str] = {}
        self.organisations: dict[str, str] = {}  # of the accounts that act for one, by their keys

    def run(self) -> None:
        proposals, expression_call = shipped(PROPOSALS), shipped(EXPRESSIONS)
        definition, eoi = _definition(proposals), _definition(expression_call)
        real = read_partnerships(shipped("partnerships.yaml"))
        made_up = read_partnerships(shipped("practice_partnerships.yaml"))

        self.told("the accounts")
        first = self._stage(moments(eoi)[Chapter.ANNOUNCED] - timedelta(days=30), 0)
        self.people = open_accounts(first, self.cast, hash_password(PASSWORD))
        self.told("the real call for expressions of interest, 2016")
        expressions.play_real(first, self.cast, expression_call, real)
        self.told("the real call for proposals, 2017")
        stage = self._stage(moments(definition)[Chapter.ANNOUNCED] - timedelta(days=30), 1)
        entered = [p for p in real if p.call == definition.code]
        play(stage, self.cast, proposals, entered, until=Chapter.LABELLED)
        stage.tick()
        self._own_organisations(stage, made_up[0])
        copies = {}
        for place, copy in enumerate(COPIES, start=2):
            self.told(copy.title.lower())
            copies[copy.code] = self._copy(copy, definition, made_up, place)
        now = self._stage(self.now - A_DAY, len(COPIES) + 2)
        happenings.play_audits(now, self.people, [copies[code] for code in AUDITED])
        happenings.play_stand_in(now, self.people)
        happenings.keep_views(now, self.people)
        now.run_outbox()
        self.told("practice call for expressions of interest")
        self._practice_expressions(eoi, made_up)

    def _stage(self, start: datetime, seed: int) -> Stage:
        return Stage(self.house, Clock(start), Secret(), random.Random(seed), self.renderer)  # noqa: S311

    def _own_organisations(self, stage: Stage, first: Partnership) -> None:
        """Let the accounts of coordinator and partner act for the first made-up partnership's organisations."""
        leads, joins = first.partners[:2]
        for partner, key in ((leads, "coordinator"), (joins, "partner")):
            self.cast.organisations[partner.name] = enter_organisation(
                stage, self.cast, partner, first.thematic_areas[0], person_id=self.people[key]
            )
            self.organisations[key] = self.cast.organisations[partner.name][0]
        own = enter_organisation(stage, self.cast, OWN, "advanced-materials", person_id=self.people["organisation"])
        self.organisations["organisation"] = own[0]

    def _copy(self, copy: Copy, definition: CallDefinition, made_up: tuple[Partnership, ...], place: int) -> str:
        weeks = (self.now - moments(definition)[copy.chapter]) // WEEK
        shifted = replace(definition.shifted(weeks=weeks, code=copy.code), title=copy.title, short_title=copy.title)
        if copy.chapter is Chapter.SCORING and shifted.evaluation is not None:
            shifted = replace(shifted, evaluation=replace(shifted.evaluation, balance=TARGETS, training=REQUIRED))
        if copy.code == ANONYMOUS and shifted.evaluation is not None:
            shifted = replace(shifted, evaluation=replace(shifted.evaluation, anonymous=True, anonymity=HIDDEN))
        if copy.code == LABELLED and shifted.budget is not None:
            shifted = replace(shifted, budget=replace(shifted.budget, total=MONEY))
        stage = self._stage(moments(shifted)[Chapter.ANNOUNCED] - timedelta(days=1), place)
        chosen = [replace(p, start=None) for p in made_up[: copy.partnerships]]
        made = play(stage, self.cast, emit_call(shifted), chosen, until=copy.chapter, practice=True)
        if copy.chapter is Chapter.WRITING:
            self._name_deputy(stage, made)
            self._while_open(stage, made)
        if copy.code == ANONYMOUS:
            self._while_hidden(stage, made)
        elif copy.chapter is Chapter.CHECKED:
            self._while_checked(stage, made)
        if copy.chapter is Chapter.SCORING:
            self._while_scored(stage, made)
        return made.call_id

    def _name_deputy(self, stage: Stage, made: Play) -> None:
        entry = made.entries[0]
        with stage.act(entry.coordinator) as act:
            name_person(act, get(act, Application, entry.application_id), Part.DEPUTY, "davide.ferri@deputy.example")

    def _while_open(self, stage: Stage, made: Play) -> None:
        """What a visitor finds beside the draft: questions, introductions, a later deadline to be signed."""
        own = made.entries[0]
        stage.clock.move_to(self.now - A_DAY)
        happenings.play_questions(stage, self.people, made.call_id)
        happenings.play_introductions(stage, self.people, self.organisations)
        happenings.play_later_deadline(stage, self.people, own.application_id, own.coordinator)
        stage.run_outbox()

    def _while_checked(self, stage: Stage, made: Play) -> None:
        own = made.entries[0]
        stage.clock.move_to(self.now - A_DAY)
        happenings.play_clarification(stage, self.people, own.application_id)
        happenings.play_amendment(stage, own.application_id, own.coordinator)
        refused = made.entries[-1]
        happenings.play_refusal(stage, self.people, refused.application_id, refused.coordinator)
        stage.run_outbox()

    def _while_scored(self, stage: Stage, made: Play) -> None:
        last = made.entries[-1]
        stage.clock.move_to(self.now - A_DAY)
        evaluators.play_pool(stage, self.cast)
        evaluators.play_conflicts(stage, self.cast, last.application_id, last.partnership.partners[0].name)
        stage.run_outbox()

    def _while_hidden(self, stage: Stage, made: Play) -> None:
        stage.clock.move_to(self.now - A_DAY)
        anonymous.play_redactions(stage, self.cast, made.entries[0].application_id)
        anonymous.play_declaration(stage, self.cast, made.entries[0].application_id)
        stage.run_outbox()

    def _practice_expressions(self, eoi: CallDefinition, made_up: tuple[Partnership, ...]) -> None:
        opens = moments(eoi)[Chapter.WRITING]
        weeks = (self.now - opens) // WEEK
        shifted = replace(
            eoi.shifted(weeks=weeks, code="practice-expressions"),
            title="Practice call for expressions of interest",
            short_title="Practice expressions",
            next_call="practice-open",
        )
        stage = self._stage(moments(shifted)[Chapter.ANNOUNCED] - timedelta(days=1), 99)
        expressions.play_practice(stage, self.cast, emit_call(shifted), made_up, OWN)


def _definition(data: bytes) -> CallDefinition:
    definition, faults = read_call(data)
    if definition is None or faults:
        raise ValueError(f"a call file of our own has faults: {faults}")
    return definition
