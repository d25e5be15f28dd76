"""What experts say to each other before they agree, under names that tell nothing where names are hidden."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select

from app.access import can
from app.act import Act
from app.models import Application, Assignment, Consensus, Contribution, Person
from app.services.permitted import relation_for
from app.services.transitions import Refused
from workflows.verdict import refuse
from workflows.words import _

LONGEST = 4000  # characters of one contribution


@dataclass(frozen=True)
class Said:
    who: str
    mine: bool
    criterion: str
    text: str
    at: datetime


def hides_names(act: Act, application: Application) -> bool:
    """Say whether the reader sees pseudonyms: in a call that hides them, everybody but the office."""
    return application.call.hides_experts and not can(act, "application.view_evaluation", application)


def names_of(act: Act, consensus: Consensus) -> Mapping[str, str]:
    """Give what each person who evaluates the application is called here, by id. Nobody is called by their number of
    arrival; the same person is called otherwise on another application.
    """
    application = consensus.application
    tasks = act.session.scalars(select(Assignment).where(Assignment.application_id == application.id))
    people = {task.person_id: (task.id, task.person.name) for task in tasks}
    if hides_names(act, application):
        return {person: pseudonym(consensus.id, task) for person, (task, _name) in people.items()}
    return {person: name for person, (_task, name) in people.items()}


def pseudonym(consensus_id: str, task_id: str) -> str:
    number = int(hashlib.sha256(f"pseudonym {consensus_id} {task_id}".encode()).hexdigest(), 16) % 9000 + 1000
    return _("Evaluator {number}").format(number=number)


def say(act: Act, consensus: Consensus, text: str, criterion: str = "") -> Contribution:
    """Add to the discussion. Raises `Refused` for an empty or too long text, and for who takes no part."""
    relation_for(act, "consensus.discuss", consensus)
    if not text.strip():
        raise Refused(refuse("nothing-said", _("Write what you want to say.")))
    if len(text) > LONGEST:
        raise Refused(refuse("too-long", _("Shorten the text: at most {most} characters."), most=LONGEST))
    known = {line.criterion for line in consensus.scores}
    said = Contribution(
        id=act.new_id(), consensus_id=consensus.id, written_by=act.person_id, text=text.strip(), at=act.now,
        criterion=criterion if criterion in known else "",
    )  # fmt: skip
    act.session.add(said)
    act.session.flush()
    return said


def said_in(act: Act, consensus: Consensus) -> list[Said]:
    """Give the discussion, oldest first."""
    names, office = names_of(act, consensus), _("The office")
    hidden = hides_names(act, consensus.application)
    query = (
        select(Contribution, Person.name)
        .join(Person, Person.id == Contribution.written_by)
        .where(Contribution.consensus_id == consensus.id)
        .order_by(Contribution.at, Contribution.id)
    )
    return [
        Said(
            names.get(one.written_by, office if hidden else name), one.written_by == act.person_id, one.criterion,
            one.text, one.at,
        )
        for one, name in act.session.execute(query)
    ]  # fmt: skip
