"""Who somebody is to a thing, and what follows: `can()`, `offered()`, `visible()`. Nothing else answers that.

A relation is written once, as a condition in SQL (`app/relations.py`). A page asks it about one thing, a list about
many: it is the same condition, so a list can't show what a page would refuse.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from functools import cache
from typing import Any, TypeVar

from sqlalchemy import Select, and_, bindparam, false, literal, or_, select
from sqlalchemy.sql.elements import False_

from app.act import Act, Known
from app.asker import Standing, offices_of, standing_of, unknown_asker, values_of
from app.models import Base
from app.relations import RELATIONS
from app.scope import NOTHING, SCOPES
from app.some import parts_of
from app.ties import Clause
from workflows.cells import ALWAYS
from workflows.machine import Row, for_persons
from workflows.machines import MACHINES
from workflows.permissions import PERMISSIONS, allows
from workflows.relations import APPLICANTS, OFFICES
from workflows.relations import Relation as R

M = TypeVar("M", bound=Base)
WITHOUT_SIGN_IN = (R.ANYONE, R.PUBLIC_READER)
STAFF = OFFICES | {R.CHECKER, R.DECIDER}
OUTSIDE = frozenset({R.ANYONE, R.SIGNED_IN, R.FOLLOWER, R.PUBLIC_READER, R.INTRODUCED})  # takes no part in the thing
INSIDE = frozenset(R) - STAFF - OUTSIDE


def _askable(relations: Iterable[R], *, signed_in: bool) -> list[R]:
    return [r for r in relations if r in RELATIONS and (signed_in or r in WITHOUT_SIGN_IN)]


@cache
def _condition(model: type[Base], relation: R, standing: Standing) -> Clause:
    """Build what a relation means for somebody of this standing once; every statement that asks it shares it."""
    return RELATIONS[relation](unknown_asker(standing), SCOPES.get(model, NOTHING))


@cache
def _question(model: type[Base], asked: tuple[R, ...], standing: Standing) -> Select[*tuple[Any, ...]]:
    """Build "which of these is somebody of this standing to one thing?" once: building takes longer than asking."""
    columns = [_condition(model, relation, standing).label(f"r{i}") for i, relation in enumerate(asked)]
    key: Any = model.id  # type: ignore[attr-defined]
    return select(literal(1), *columns).where(key == bindparam("thing"))


def relations_of(act: Act, thing: Base | None, among: Iterable[R] = tuple(R)) -> frozenset[R]:
    """Give what the acting person is to the thing, in one query, on the data of this moment."""
    asked = tuple(sorted(_askable(among, signed_in=act.person is not None)))
    if thing is None:
        stands_in = {R.STAND_IN} if standing_of(act).stands_in else set()
        return frozenset(asked) & ({R.ANYONE, R.SIGNED_IN} | offices_of(act) | stands_in)
    return _ask(act, thing, asked) if act.known is None else _ask_once(act, act.known, thing, asked)


def _ask_once(act: Act, known: Known, thing: Base, asked: tuple[R, ...]) -> frozenset[R]:
    """Answer from what was asked before, as far as it was."""
    key = (act.person_id, act.now, type(thing), thing.id)  # type: ignore[attr-defined]
    before, held = known.get(key, (frozenset(), frozenset()))
    if not before.issuperset(asked):
        held |= _ask(act, thing, asked)
        known[key] = before.union(asked), held
    return held.intersection(asked)


def _ask(act: Act, thing: Base, asked: tuple[R, ...]) -> frozenset[R]:
    values = values_of(act) | {"thing": thing.id}  # type: ignore[attr-defined]
    row = act.session.execute(_question(type(thing), asked, standing_of(act)), values).one_or_none()
    return frozenset() if row is None else frozenset(r for r, held in zip(asked, row[1:], strict=True) if held)


@cache
def _question_of_many(model: type[Base], asked: tuple[R, ...], standing: Standing) -> Select[*tuple[Any, ...]]:
    columns = [_condition(model, relation, standing).label(f"r{i}") for i, relation in enumerate(asked)]
    key: Any = model.id  # type: ignore[attr-defined]
    return select(key, *columns).where(key.in_(bindparam("things", expanding=True)))


def relations_of_many(act: Act, things: Sequence[Any], among: Iterable[R]) -> dict[str, frozenset[R]]:
    """Give what the acting person is to each of many things of one kind: the same conditions, asked of all at once."""
    asked = tuple(sorted(_askable(among, signed_in=act.person is not None)))
    found: dict[str, frozenset[R]] = {thing.id: frozenset() for thing in things}
    model: Any = type(things[0]) if things else None
    for part in parts_of(list(found)):
        statement = _question_of_many(model, asked, standing_of(act))
        for key, *held in act.session.execute(statement, values_of(act) | {"things": part}):
            found[key] = frozenset(r for r, holds in zip(asked, held, strict=True) if holds)
    return found


def state_of(thing: Base | None) -> str | None:
    state = getattr(thing, "state", None)
    return None if state is None else str(state.value)


def granted_by(act: Act, action: str, thing: Base | None) -> R | None:
    """Name the relation that allows the action, or None."""
    cells = PERMISSIONS[action]
    state = state_of(thing)
    likely = [relation for relation in cells if allows(action, relation, state)]
    held = relations_of(act, thing, likely)
    return next((relation for relation in likely if relation in held), None)


def granted_by_each(act: Act, action: str, things: Sequence[Any]) -> dict[str, R | None]:
    """Name the relation that allows the action on each of many things of one kind, or None; by their ids."""
    held = relations_of_many(act, things, PERMISSIONS[action])
    return {
        one.id: next((r for r in PERMISSIONS[action] if allows(action, r, state_of(one)) and r in held[one.id]), None)
        for one in things
    }


def can(act: Act, action: str, thing: Base | None = None) -> bool:
    """Answer "may this person do this to this thing?" from the table alone. Guards of transitions come after."""
    return granted_by(act, action, thing) is not None


def offered(act: Act, thing: Any) -> tuple[Row, ...]:  # noqa: ANN401 - any thing with a machine
    """Give the rows the person may take from the thing's state, guards apart."""
    machine = thing.__machine__
    rows = [row for row in machine.rows if thing.state in row.sources and for_persons(row)]
    held = relations_of(act, thing, {relation for row in rows for relation in row.by})
    return tuple(row for row in rows if held.intersection(row.by))


def visible(act: Act, model: type[M], action: str) -> Select[M]:
    """Select the rows on which the person may do the action: every list, export and search starts here.

    Who asks is a parameter of the statement: one statement, with all that is nested in it, asks for one person.
    """
    return _list(model, action, standing_of(act)).params(values_of(act))


def all_visible(act: Act, model: type[M], action: str) -> Sequence[M]:
    """List the rows on which the person may do the action, by their ids, in a statement that is kept."""
    if isinstance(_where(model, action, standing_of(act)), False_):
        return []  # nobody of this standing may
    return act.session.scalars(_list_in_order(model, action, standing_of(act)), values_of(act)).all()


@cache
def _list(model: type[Base], action: str, standing: Standing) -> Select[Any]:
    """Build the list of somebody of this standing once."""
    return select(model).where(_where(model, action, standing))


@cache
def _list_in_order(model: Any, action: str, standing: Standing) -> Select[Any]:  # noqa: ANN401
    return _list(model, action, standing).order_by(model.id)


@cache
def _where(model: type[Base], action: str, standing: Standing) -> Clause:
    clauses = []
    for relation in _askable(PERMISSIONS[action], signed_in=standing.signed_in):
        states = PERMISSIONS[action][relation]
        clause = _condition(model, relation, standing)
        if not isinstance(clause, False_):
            clauses.append(clause if states == ALWAYS else and_(clause, _state_column(model).in_(states)))
    return or_(*clauses) if clauses else false()


def _state_column(model: type[Base]) -> Any:  # noqa: ANN401
    return model.state if hasattr(model, "__machine__") else model.kind  # type: ignore[attr-defined]


def name_for(act: Act, thing: Any) -> str:  # noqa: ANN401
    """Name the thing's state for whoever reads, as `name_of` does; what makes no difference is not asked."""
    names = MACHINES[thing.__noun__].names[thing.state]
    if names.staff == names.applicant == names.public:
        return names.public
    if offices_of(act) and relations_of(act, thing, STAFF):
        return names.staff
    if names.applicant == names.public:
        return names.public
    if relations_of(act, thing, APPLICANTS):  # most of those who take part, and quickly known
        return names.applicant
    return name_of(thing, relations_of(act, thing, INSIDE))


def name_of(thing: Any, relations: frozenset[R]) -> str:  # noqa: ANN401
    """Name the thing's state for this audience: staff, those who take part, or the public."""
    names = MACHINES[thing.__noun__].names[thing.state]
    if relations & STAFF:
        return names.staff
    return names.public if relations <= OUTSIDE else names.applicant
