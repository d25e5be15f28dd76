"""Any machine as a diagram and a table, and the permissions as a matrix: for the manual, always from the tables."""

from collections.abc import Iterable, Iterator

from workflows.cells import ALWAYS
from workflows.effects import After, Cascade, Clear, Effect, Fill, Mail, Stamp, Then
from workflows.machine import Machine, Row
from workflows.permissions import PERMISSIONS
from workflows.relations import NOT_PERSONS, Relation


def mermaid(machine: Machine) -> str:
    """Draw the machine as a Mermaid state diagram; acts that leave the state are loops."""
    lines = ["stateDiagram-v2", f"    [*] --> {machine.initial.value}"]
    for row in machine.rows:
        for source in sorted(row.sources):
            target = row.target.value if row.target is not None else source.value
            lines.append(f"    {source.value} --> {target}: {row.name}")
    ends = sorted(state for state in machine.states if not any(state in row.sources for row in machine.rows))
    return "\n".join([*lines, *(f"    {state.value} --> [*]" for state in ends)])


def table(machine: Machine) -> str:
    """Write the machine's rows as a Markdown table."""
    head = "| act | from | to | by | when | then | after | asks for |\n|---|---|---|---|---|---|---|---|"
    return "\n".join([head, *(_line(row) for row in machine.rows)])


def _line(row: Row) -> str:
    cells = (
        f"`{row.name}`",
        _words(sorted(source.value for source in row.sources)),
        row.target.value if row.target is not None else "the state stays",
        _words(relation.value for relation in row.by),
        _words(guard.__name__ for guard in row.when),
        _words(_then(value) for value in row.then),
        _words(_after(value) for value in row.after),
        _words(need.name for need in row.needs),
    )
    return f"| {' | '.join(cells)} |"


def _words(values: Iterable[str]) -> str:
    return ", ".join(value.replace("_", " ") for value in values)


def _then(value: Then) -> str:
    match value:
        case Effect(name) | Fill(name):
            return name
        case Stamp(moment, person):
            return f"stamp {' and '.join(filter(None, (moment, person)))}"
        case Clear(columns):
            return f"empty {', '.join(columns)}"
        case Cascade(noun, row, which):
            return f"{noun}.{row} ({which})"


def _after(value: After) -> str:
    if isinstance(value, Mail):
        return f"mail “{value.template}” to {', '.join(relation.value for relation in value.to)}"
    return f"document “{value.kind}”"


def state_names(machine: Machine) -> str:
    """Write what each state is called for the three audiences."""
    head = "| state | staff read | applicants and evaluators read | the public reads |\n|---|---|---|---|"
    lines = (f"| `{s.value}` | {n.staff} | {n.applicant} | {n.public} |" for s, n in machine.names.items())
    return "\n".join([head, *lines])


def machine_page(machine: Machine) -> str:
    """Write one machine's page of the manual."""
    return (
        f"# {machine.noun}\n\nWritten by `./escp tables` from `workflows/{machine.noun}.py`.\n\n"
        f"```mermaid\n{mermaid(machine)}\n```\n\n{table(machine)}\n\n{state_names(machine)}\n"
    )


def matrix() -> str:
    """Write the permissions as a Markdown table: an action a line, who may and in which states."""
    head = "# Who may do what\n\nWritten by `./escp tables` from `workflows/permissions.py`. What is not here is refused.\n"
    return "\n".join([head, "| action | who | in which states |", "|---|---|---|", *_cells()]) + "\n"


def _cells() -> Iterator[str]:
    order = {relation: place for place, relation in enumerate(Relation)}
    for action, cells in PERMISSIONS.items():
        for relation in sorted(cells, key=lambda r: order[r]):
            states = cells[relation]
            listed = "always" if states == ALWAYS else _words(sorted(states))
            if relation not in NOT_PERSONS:
                yield f"| `{action}` | {relation.value.replace('_', ' ')} | {listed} |"
