"""From the database to the solver's question: applications, the pool, what each pair is worth; few queries for all."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import or_, select
from sqlalchemy.orm import selectinload

from app.act import Act
from app.models import Application, Assessment, Assignment, Call, Conflict, Consensus, Expert, Membership, Strength
from app.services.assigning.assignment import live_tasks
from app.services.calls.call import definition_of
from app.services.conflicts.conflict_facts import applied, belongings_of
from app.services.conflicts.conflict_finding import Tie, ties_between
from app.services.organisations.names import fold
from workflows import assignment as tasks
from workflows import consensus as consensuses
from workflows import membership as memberships
from workflows.application import State as ApplicationState
from workflows.assessment import State as AssessmentState
from workflows.definition import CallDefinition
from workflows.definition_evaluation import Panel
from workflows.plan_instance import KEPT, Instance, Need, Reader, instance_of
from workflows.plan_score import Fit, points
from workflows.pool import absences_of, is_free
from workflows.verdict import Verdict, refuse
from workflows.words import _

SHORT = 4  # letters; shorter words say little
REFUSED = frozenset({tasks.State.DECLINED, tasks.State.CONFLICTED, tasks.State.REMOVED})
MOVABLE = frozenset({tasks.State.DRAFT, tasks.State.ASKED})


@dataclass
class Situation:
    """Everything pairs are judged by, loaded once."""

    call: CallDefinition
    applications: dict[str, Application]
    pool: dict[str, Expert]
    places: dict[str, int]
    standing: dict[tuple[str, str], Assignment]  # live tasks by application and person
    refused: set[tuple[str, str]]
    ties: dict[tuple[str, str], list[Tie]]
    dismissed: dict[tuple[str, str], set[str]]  # digests of facts on which a manager decided "no conflict"
    confirmed: set[tuple[str, str]]  # declared, or decided to be a conflict
    countries: dict[str, set[str]]  # of the partners of each application
    seasoned: set[str]  # people who finished a report before

    @property
    def panel(self) -> Panel:
        return self.call.evaluation.panel if self.call.evaluation else Panel()

    @property
    def due(self) -> int:
        return self.call.evaluation.reports_per_application if self.call.evaluation else 0

    def fit(self, application: str, person: str) -> Fit:
        one, expert = self.applications[application], self.pool[person]
        open_ties = self.open_ties(application, person)
        return Fit(
            has_theme=one.theme is not None and one.theme in expert.expertise,
            shared_words=tuple(sorted(_words(one.title) & _words(expert.free_words))[:3]),
            abroad=expert.country is None or expert.country not in self.countries[application],
            newcomer=person not in self.seasoned,
            open_ties=len(open_ties),
            gravest=max((tie.grade for tie in open_ties), default=0),
        )

    def open_ties(self, application: str, person: str) -> list[Tie]:
        """Give the indirect interests of a pair that nobody has decided."""
        known = self.dismissed.get((application, person), set())
        return [tie for tie in self.ties[application, person] if not tie.is_direct and tie.facts not in known]

    def bars(self, application: str, person: str) -> Verdict:
        """Say which hard limit bars a pair, whatever else is planned."""
        expert = self.pool[person]
        found = Verdict()
        direct = [tie for tie in self.ties[application, person] if tie.is_direct]
        if direct:
            path = " ".join(step.plain() for step in direct[0].path)
            found += refuse("tied", _("Conflict of interest: {path}"), path=path)
        elif (application, person) in self.confirmed:
            found += refuse("tied", _("A conflict of interest was declared or decided."))
        if (application, person) in self.refused:
            found += refuse("was-refused", _("Declined, was taken off or declared a conflict before."))
        if self.call.languages and not set(self.call.languages) & set(expert.languages):
            found += refuse("language", _("Reads none of the languages of the call."))
        return found


def _words(text: str) -> set[str]:
    return {word for word in fold(text).replace(",", " ").replace(";", " ").split() if len(word) >= SHORT}


def situation_of(act: Act, call: Call, *, without: str | None = None, only: str | None = None) -> Situation:
    """Load what pairs are judged by; `without` is an expert who drops out, `only` the one application to look at."""
    query = select(Application).where(Application.call_id == call.id, Application.state == ApplicationState.ELIGIBLE)
    if only is not None:
        query = query.where(Application.id == only)
    opened = select(Consensus.application_id).where(Consensus.state.in_(consensuses.OPENED))
    applications = {one.id: one for one in act.session.scalars(query.where(Application.id.not_in(opened)))}
    pool = {
        p: e for p, e in _pool(act, without).items() if is_free(absences_of(e.away), act.now.date(), due_day(act, call))
    }
    loads = live_tasks(act, pool)
    everything = applied(act)
    mine = belongings_of(act, [expert.person for expert in pool.values()])
    standing, refused = _tasks(act, applications)
    return Situation(
        call=definition_of(call),
        applications=applications,
        pool=pool,
        places={person: max(0, expert.most_tasks - loads.get(person, 0)) for person, expert in pool.items()},
        standing=standing,
        refused=refused,
        ties={(a, p): ties_between(mine[p], everything[a], everything) for a in applications for p in pool},
        dismissed=_dismissed(act, applications),
        confirmed=confirmed_conflicts(act, applications),
        countries=_countries(act, applications),
        seasoned=_seasoned(act, pool),
    )


def due_day(act: Act, call: Call) -> date | None:
    """Give the day until which there is time to evaluate; None where the call does not say, or it has passed."""
    ends = definition_of(call).timetable.evaluation_ends
    return ends.day if ends is not None and ends.day >= act.now.date() else None


def _pool(act: Act, without: str | None) -> dict[str, Expert]:
    query = (
        select(Expert)
        .where(Expert.conduct_accepted_at.is_not(None), Expert.declined_at.is_(None))
        .options(selectinload(Expert.person))
    )
    return {expert.person_id: expert for expert in act.session.scalars(query) if expert.person_id != without}


def _tasks(act: Act, applications: Iterable[str]) -> tuple[dict[tuple[str, str], Assignment], set[tuple[str, str]]]:
    standing, refused = {}, set()
    for task in act.session.scalars(select(Assignment).where(Assignment.application_id.in_(list(applications)))):
        key = (task.application_id, task.person_id)
        if task.state in tasks.LIVE:
            standing[key] = task
        elif task.state in REFUSED:
            refused.add(key)
    return standing, refused


def _dismissed(act: Act, applications: Iterable[str]) -> dict[tuple[str, str], set[str]]:
    found: dict[tuple[str, str], set[str]] = defaultdict(set)
    query = select(Conflict).where(Conflict.application_id.in_(list(applications)), Conflict.dismissed_by.is_not(None))
    for conflict in act.session.scalars(query):
        found[conflict.application_id, conflict.person_id].add(conflict.facts)
    return dict(found)


def confirmed_conflicts(act: Act, applications: Iterable[str]) -> set[tuple[str, str]]:
    """Give the pairs of application and person that a declaration or a decision bars."""
    query = select(Conflict.application_id, Conflict.person_id).where(
        Conflict.application_id.in_(list(applications)),
        Conflict.dismissed_at.is_(None),
        or_(Conflict.declared.is_(True), Conflict.strength == Strength.DIRECT),
    )
    return {(application, person) for application, person in act.session.execute(query)}


def _countries(act: Act, applications: Iterable[str]) -> dict[str, set[str]]:
    found: dict[str, set[str]] = {one: set() for one in applications}
    query = select(Membership).where(Membership.application_id.in_(list(found)), Membership.state.in_(memberships.LIVE))
    for member in act.session.scalars(query.options(selectinload(Membership.organisation))):
        if member.country:
            found[member.application_id].add(member.country)
    return found


def _seasoned(act: Act, pool: Iterable[str]) -> set[str]:
    query = select(Assessment.person_id).where(
        Assessment.person_id.in_(list(pool)), Assessment.state == AssessmentState.FINAL
    )
    return set(act.session.scalars(query.distinct()))


def question_of(situation: Situation, *, repair: bool) -> Instance:
    """Put the question. In a repair nobody who has begun is moved, and whoever was only asked is moved last."""
    fixed = {k for k, t in situation.standing.items() if not repair or t.state not in MOVABLE}
    kept = {k for k in situation.standing if k not in fixed and k[1] in situation.pool}
    fixed = {k for k in fixed if k[1] in situation.pool}
    here = Counter(person for _application, person in kept)
    panels: dict[str, list[str]] = defaultdict(list)
    for application, person in sorted(fixed):
        panels[application].append(person)
    needs = [_need(situation, one, panels[one]) for one in situation.applications]
    readers = [Reader(p, situation.places[p] + here[p], e.country or "") for p, e in situation.pool.items()]
    scored = [
        (
            a,
            p,
            points(situation.fit(a, p), situation.panel) + (KEPT if (a, p) in kept else 0),
            _special(situation, a, p),
        )
        for a in situation.applications
        for p in situation.pool
        if _is_open(situation, a, p, panels[a])
    ]
    return instance_of(needs, readers, scored)


def _need(situation: Situation, application: str, panel: Sequence[str]) -> Need:
    reports = max(0, situation.due - len(panel))
    has_one = any(_special(situation, application, person) for person in panel)
    rules = situation.panel
    return Need(application, reports, rules.one_per_country, rules.specialist and not has_one and reports > 0)


def _special(situation: Situation, application: str, person: str) -> bool:
    theme = situation.applications[application].theme
    return theme is None or theme in situation.pool[person].expertise


def _is_open(situation: Situation, application: str, person: str, panel: Sequence[str]) -> bool:
    if person in panel or not situation.bars(application, person):
        return False
    country = situation.pool[person].country
    taken = {situation.pool[other].country for other in panel}
    return not (situation.panel.one_per_country and country and country in taken)
