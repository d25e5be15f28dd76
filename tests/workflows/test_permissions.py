"""The table of permissions keeps its own grammar."""

from __future__ import annotations

import re

import pytest

from workflows.machines import MACHINES
from workflows.permissions import ALWAYS, PERMISSIONS, allows
from workflows.relations import NOT_PERSONS, Relation


@pytest.mark.parametrize("action", PERMISSIONS)
def test_an_action_is_noun_and_verb(action: str) -> None:
    assert re.fullmatch(r"[a-z]+\.[a-z]+(_[a-z]+)*", action)


@pytest.mark.parametrize("action", PERMISSIONS)
def test_no_cell_is_empty_and_none_is_for_the_clock(action: str) -> None:
    cells = PERMISSIONS[action]

    assert cells
    assert all(cells.values())
    assert not set(cells) & NOT_PERSONS


@pytest.mark.parametrize("action", [a for a in PERMISSIONS if a.partition(".")[0] in MACHINES])
def test_a_cell_speaks_of_real_states(action: str) -> None:
    states = {state.value for state in MACHINES[action.partition(".")[0]].states}

    assert all(cell == ALWAYS or {str(s) for s in cell} <= states for cell in PERMISSIONS[action].values())


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
