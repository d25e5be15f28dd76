"""What the table of permissions is written with: cells, and the rows that machines add to it."""

from collections.abc import Iterable, Mapping

from workflows.machine import Machine
from workflows.relations import NOT_PERSONS
from workflows.relations import Relation as R

ALWAYS: frozenset[str] = frozenset({"*"})


class Cells(dict[R, frozenset[str]]):
    """States by relation. Put together with `|`, the states of a relation that stands in both add up."""

    def __or__(self, other: Mapping[R, frozenset[str]]) -> "Cells":  # type: ignore[override]
        found = Cells(self)
        for relation, states in other.items():
            both = found.get(relation, frozenset()) | states
            found[relation] = ALWAYS if both.issuperset(ALWAYS) else both
        return found


def always(*relations: R) -> Cells:
    return Cells(dict.fromkeys(relations, ALWAYS))


def within(states: Iterable[str], *relations: R) -> Cells:
    return Cells(dict.fromkeys(relations, frozenset(states)))


def from_machines(machines: Iterable[Machine]) -> dict[str, Cells]:
    """Give one action for each row: a person may ask for it in these relations and states; its guards come after."""
    table: dict[str, Cells] = {}
    for machine in machines:
        for row in machine.rows:
            persons = [relation for relation in row.by if relation not in NOT_PERSONS]
            cells = table.setdefault(f"{machine.noun}.{row.name}", Cells())
            for relation in persons:
                cells[relation] = cells.get(relation, frozenset()) | frozenset(row.sources)
    return {action: cells for action, cells in table.items() if cells}
