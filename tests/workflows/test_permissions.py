"""The table of permissions keeps its own grammar."""

from __future__ import annotations

import re

from workflows.cells import ALWAYS
from workflows.machines import MACHINES
from workflows.permissions import PERMISSIONS, allows
from workflows.relations import NOT_PERSONS, Relation


def test_an_action_is_noun_and_verb() -> None:
    assert [action for action in PERMISSIONS if not re.fullmatch(r"[a-z]+\.[a-z]+(_[a-z]+)*", action)] == []


def test_no_cell_is_empty_and_none_is_for_the_clock() -> None:
    wrong = [
        action
        for action, cells in PERMISSIONS.items()
        if not cells or not all(cells.values()) or set(cells) & NOT_PERSONS
    ]

    assert wrong == []


def test_a_cell_speaks_of_real_states() -> None:
    known = {noun: {state.value for state in machine.states} for noun, machine in MACHINES.items()}
    wrong = [
        (action, relation)
        for action, cells in PERMISSIONS.items()
        for relation, cell in cells.items()
        if (noun := action.partition(".")[0]) in known and cell != ALWAYS and not {str(s) for s in cell} <= known[noun]
    ]

    assert wrong == []


def test_what_is_not_in_a_cell_is_refused() -> None:
    assert not allows("application.edit", Relation.COORDINATOR, "received")
    assert not allows("application.edit", Relation.AUDITOR, "draft")
    assert allows("application.edit", Relation.COORDINATOR, "draft")


def test_an_auditor_reads_and_changes_nothing() -> None:
    changing = {f"{m.noun}.{row.name}" for m in MACHINES.values() for row in m.rows}

    assert [a for a in changing if Relation.AUDITOR in PERMISSIONS.get(a, {})] == []


def test_an_administrator_has_no_content() -> None:
    content = {"application.view", "assessment.view", "consensus.view", "decision.view", "file.view", "check.view"}

    assert [a for a in content if Relation.ADMINISTRATOR in PERMISSIONS[a]] == []


def test_nobody_sees_anothers_report_before_it_is_final() -> None:
    cells = PERMISSIONS["assessment.view"]

    assert cells[Relation.EXPERT] == {"final"}
    assert Relation.RAPPORTEUR not in cells
