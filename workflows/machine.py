"""Gives a table its meaning: which rows there are, who may take them, and what stands against it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

from workflows.effects import After, Then
from workflows.relations import NOT_PERSONS, Relation
from workflows.verdict import ALLOWED, Verdict, refuse, together
from workflows.words import _


class Tone(StrEnum):
    """The colour of a state; never the only sign of it."""

    NEUTRAL = "neutral"
    PROGRESS = "progress"
    GOOD = "good"
    WARNING = "warning"
    BAD = "bad"


@dataclass(frozen=True)
class Actor:
    """What a guard may know of who acts: nobody for the clock and for cascades."""

    person: str | None
    relations: frozenset[Relation]
    signed_in_again: bool = False  # password or second factor within the last ten minutes


Guard = Callable[[Any, Actor], Verdict]


class Kind(StrEnum):
    """The shape of what a person must supply with a transition."""

    TEXT = "text"
    LONG_TEXT = "long_text"
    FLAG = "flag"
    CHOICE = "choice"
    DATE = "date"
    MOMENT = "moment"
    FLAGS = "flags"  # each statement ticked on its own; the statements are facts of the thing


@dataclass(frozen=True)
class Need:
    """One thing a person must supply; it becomes a form field, a key of the API body and of the event's data."""

    name: str
    label: str
    kind: Kind = Kind.LONG_TEXT
    limit: int = 4000
    required: bool = True
    hint: str = ""
    choices: tuple[tuple[str, str], ...] = ()
    starts_from: str = ""  # the thing's column whose text stands in the field at first


@dataclass(frozen=True)
class StateName:
    """What a state is called for staff, for applicants and experts, and in public."""

    staff: str
    applicant: str
    public: str
    tone: Tone = Tone.NEUTRAL


@dataclass(frozen=True)
class Row:
    """One transition. The columns are explained in docs/developers/house.md."""

    name: str
    sources: frozenset[StrEnum]
    target: StrEnum | None  # None: the state stays, the act is recorded
    by: tuple[Relation, ...]
    when: tuple[Guard, ...] = ()
    then: tuple[Then, ...] = ()
    after: tuple[After, ...] = ()
    needs: tuple[Need, ...] = ()


def row(
    name: str,
    sources: list[Any],
    target: Any,  # noqa: ANN401 - each machine has an enum of its own
    by: list[Relation],
    when: list[Guard] | None = None,
    then: list[Then] | None = None,
    after: list[After] | None = None,
    needs: list[Need] | None = None,
) -> Row:
    return Row(
        name,
        frozenset(sources),
        target,
        tuple(by),
        tuple(when or ()),
        tuple(then or ()),
        tuple(after or ()),
        tuple(needs or ()),
    )


@dataclass(frozen=True)
class Words:
    """A row in words: on its button, and in the history."""

    button: str
    past: str


@dataclass(frozen=True)
class Machine:
    """All rows of one noun. A pair of name and source stands in one row at most."""

    noun: str
    states: type[StrEnum]
    initial: StrEnum
    rows: tuple[Row, ...]
    names: Mapping[StrEnum, StateName]
    words: Mapping[str, Words]
    columns: Mapping[str, frozenset[StrEnum]] = field(
        default_factory=dict
    )  # column -> the states in which it must be filled

    def row(self, name: str, state: StrEnum) -> Row | None:
        return next((r for r in self.rows if r.name == name and state in r.sources), None)

    def named(self, name: str) -> tuple[Row, ...]:
        return tuple(r for r in self.rows if r.name == name)

    def open_to(self, state: StrEnum, relations: frozenset[Relation]) -> tuple[Row, ...]:
        """Give the rows that somebody in these relations may take from this state, guards apart."""
        return tuple(r for r in self.rows if state in r.sources and relations.intersection(r.by))

    def verdict(self, row: Row, facts: object, actor: Actor) -> Verdict:
        """Say everything that stands against taking this row."""
        if not actor.relations.intersection(row.by):
            return refuse("not-yours", _("You can't do this: it is for somebody else."))
        return together(guard(facts, actor) for guard in row.when)


def granting(row: Row, relations: frozenset[Relation]) -> Relation:
    """Name the relation that grants the row: the first of its list that the actor has."""
    return next(relation for relation in row.by if relation in relations)


def for_persons(row: Row) -> bool:
    return not set(row.by) <= NOT_PERSONS


def signed_in_again(_facts: object, actor: Actor) -> Verdict:
    """Guard: the act needs a password or second factor given within the last ten minutes."""
    if actor.signed_in_again:
        return ALLOWED
    return refuse("sign-in-again", _("Sign in again first: this act needs a sign-in of the last ten minutes."))


REASON = Need("reason", _("Reason"), Kind.LONG_TEXT, limit=4000)
