"""What stands against giving applications to people, loaded once for all pairs that are looked at."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import func, or_, select

from app.access import visible
from app.act import Act
from app.models import Application, Assignment, Conflict, Consensus, Expert, Person, Strength
from app.services.conflicts.conflict_facts import Applications, Belongings, applied, belongings_of
from app.services.conflicts.conflict_ties import Tie, ties_between
from workflows.application import State as ApplicationState
from workflows.assignment import LIVE
from workflows.consensus import OPENED
from workflows.pool import absences_of, is_free
from workflows.verdict import ALLOWED, Verdict, refuse, together
from workflows.words import _, plural

Pairs = Sequence[tuple[Application, Person]]


@dataclass
class Limits:
    """Facts about pairs of applications and people; a pair that is taken counts for those looked at after it."""

    today: date
    everything: Applications
    mine: Mapping[str, Belongings]
    experts: Mapping[str, Expert]
    loads: Counter[str]
    taken: set[tuple[str, str]]
    opened: frozenset[str]  # applications whose consensus is open
    decided: frozenset[tuple[str, str]]  # pairs on which a conflict was declared or decided

    def objections(self, application: Application, person: Person, *, due_at: datetime | None = None) -> Verdict:
        """Say everything that stands against giving this application to this person."""
        ties = ties_between(self.mine[person.id], self.everything[application.id], self.everything)
        direct = [tie for tie in ties if tie.is_direct]
        pair = self._pair(application, person) + self._consensus(application)
        decided = ALLOWED if direct else self._decided(application, person)
        return self._pool(person, due_at) + pair + together(_tied(tie) for tie in direct) + decided

    def take(self, application: Application, person: Person) -> None:
        """Count a pair as assigned."""
        self.taken.add((application.id, person.id))
        self.loads[person.id] += 1

    def _pool(self, person: Person, due_at: datetime | None) -> Verdict:
        expert = self.experts.get(person.id)
        if expert is None or expert.declined_at is not None or expert.conduct_accepted_at is None:
            text = _("{name} has not accepted the invitation and the code of conduct for evaluators.")
            return refuse("not-in-pool", text, name=person.name)
        if not is_free(absences_of(expert.away), self.today, due_at.date() if due_at else None):
            return refuse("away", _("{name} is away: there are too few days to evaluate in."), name=person.name)
        if self.loads[person.id] < expert.most_tasks:
            return ALLOWED
        full = plural("{name} takes {n} task at most and has it.", "{name} takes {n} tasks at most and has them all.")
        return refuse("full", full, name=person.name, n=expert.most_tasks)

    def _pair(self, application: Application, person: Person) -> Verdict:
        return has_it(person.name) if (application.id, person.id) in self.taken else ALLOWED

    def _consensus(self, application: Application) -> Verdict:
        """Nobody joins while the reports are open to each other: a new report would not be sealed."""
        if application.id not in self.opened:
            return ALLOWED
        return refuse("consensus-open", _("The consensus on this application is open: nobody new can evaluate it."))

    def _decided(self, application: Application, person: Person) -> Verdict:
        if (application.id, person.id) not in self.decided:
            return ALLOWED
        return refuse("tied", _("A conflict of interest was declared or decided."))


def has_it(name: str) -> Verdict:
    return refuse("assigned-already", _("{name} has this application already."), name=name)


def _tied(tie: Tie) -> Verdict:
    path = " ".join(step.plain() for step in tie.path)
    return refuse("tied", _("This expert has an interest in the application: {path}"), path=path)


def limits_for(act: Act, pairs: Pairs) -> Limits:
    """Load what these pairs are judged by."""
    people = {person.id: person for _application, person in pairs}
    applications = {application.id for application, _person in pairs}
    experts = act.session.scalars(select(Expert).where(Expert.person_id.in_(people)))
    live = select(Assignment.application_id, Assignment.person_id).where(
        Assignment.application_id.in_(applications), Assignment.person_id.in_(people), Assignment.state.in_(LIVE)
    )
    opened = select(Consensus.application_id).where(
        Consensus.application_id.in_(applications), Consensus.state.in_(OPENED)
    )
    decided = select(Conflict.application_id, Conflict.person_id).where(
        Conflict.application_id.in_(applications),
        Conflict.person_id.in_(people),
        Conflict.dismissed_at.is_(None),
        or_(Conflict.declared.is_(True), Conflict.strength == Strength.DIRECT),
    )
    return Limits(
        today=act.now.date(),
        everything=applied(act),
        mine=belongings_of(act, people.values()),
        experts={expert.person_id: expert for expert in experts},
        loads=Counter(live_tasks(act, people)),
        taken={(application, person) for application, person in act.session.execute(live)},
        opened=frozenset(act.session.scalars(opened)),
        decided=frozenset((application, person) for application, person in act.session.execute(decided)),
    )


def live_tasks(act: Act, people: Iterable[str], *, shown: bool = False) -> dict[str, int]:
    """Count the live tasks of people, by id, on applications still in evaluation; nothing for those who have none.

    What is `shown` counts only tasks the acting person may know of: a count could tell who evaluates an application
    in which they have an interest.
    """
    query = (
        select(Assignment.person_id, func.count())
        .join(Application, Application.id == Assignment.application_id)
        .where(
            Assignment.person_id.in_(list(people)),
            Assignment.state.in_(LIVE),
            Application.state == ApplicationState.ELIGIBLE,
        )
        .group_by(Assignment.person_id)
    )
    if shown:
        query = query.where(
            Assignment.id.in_(visible(act, Assignment, "assignment.view_line").with_only_columns(Assignment.id))
        )
    return {person_id: count for person_id, count in act.session.execute(query)}  # noqa: C416 - rows, not pairs
