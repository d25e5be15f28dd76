"""What must be true of every table, and what every row × state × relation answers."""

from __future__ import annotations

import inspect
from collections import Counter
from itertools import product

import pytest

from workflows.effects import Cascade
from workflows.machine import Actor, Machine, for_persons
from workflows.machines import MACHINES
from workflows.relations import NOT_PERSONS, Relation

ALL = list(MACHINES.values())
ROWS = [(machine, row) for machine in ALL for row in machine.rows]


@pytest.fixture(params=ALL, ids=lambda machine: machine.noun)
def machine(request: pytest.FixtureRequest) -> Machine:
    return request.param


def test_every_state_has_its_three_names(machine: Machine) -> None:
    assert set(machine.names) == set(machine.states)
    assert all(name.staff and name.applicant and name.public for name in machine.names.values())


def test_every_row_has_its_words_and_no_words_are_left_over(machine: Machine) -> None:
    assert set(machine.words) == {row.name for row in machine.rows}


def test_every_state_can_be_reached(machine: Machine) -> None:
    reached = {machine.initial}
    while more := {
        row.target
        for row in machine.rows
        if row.target is not None and row.sources & reached and row.target not in reached
    }:
        reached |= more

    assert reached == set(machine.states)


def test_a_pair_of_name_and_source_stands_in_one_row(machine: Machine) -> None:
    pairs = Counter((row.name, source) for row in machine.rows for source in row.sources)

    assert [pair for pair, count in pairs.items() if count > 1] == []


def test_the_columns_of_the_invariants_speak_of_real_states(machine: Machine) -> None:
    assert all(states <= set(machine.states) for states in machine.columns.values())


def test_a_row_is_open_to_just_its_relations_and_states() -> None:
    wrong = [
        (machine.noun, row.name, state, relation)
        for machine, row in ROWS
        for state, relation in product(machine.states, Relation)
        if (row in machine.open_to(state, frozenset({relation}))) != (state in row.sources and relation in row.by)
    ]

    assert wrong == []


def test_somebody_without_the_relation_is_refused_before_any_guard() -> None:
    answers = {
        machine.verdict(row, object(), Actor("somebody", frozenset(Relation) - set(row.by))).codes
        for machine, row in ROWS
    }

    assert answers == {("not-yours",)}


def test_a_cascade_reaches_a_row_that_waits_for_one() -> None:
    cascades = [value for _, row in ROWS for value in row.then if isinstance(value, Cascade)]
    reached = {(c.noun, c.row): [child.by for child in MACHINES[c.noun].named(c.row)] for c in cascades}

    assert len(reached) > 10
    assert [name for name, rows in reached.items() if not rows or not all(Relation.CASCADE in by for by in rows)] == []


def test_every_row_by_cascade_is_named_by_another_row_or_by_a_job() -> None:
    by_jobs = {
        ("label", "activate"),
        ("file", "pass"),
        ("file", "reject"),
        ("plan", "finish"),
        ("plan", "find_impossible"),
    }
    by_uploads = {("file", "replace")}  # a newer file in its place is stored in the same act
    named = {(value.noun, value.row) for _, row in ROWS for value in row.then if isinstance(value, Cascade)}
    waiting = {(machine.noun, row.name) for machine, row in ROWS if Relation.CASCADE in row.by}

    assert waiting - named == by_jobs | by_uploads


def test_no_guard_is_left_unused() -> None:
    used = {guard for _, row in ROWS for guard in row.when}
    modules = {inspect.getmodule(type(machine.initial)) for machine in ALL}
    written = {
        function
        for module in modules
        for _, function in inspect.getmembers(module, inspect.isfunction)
        if function.__module__ == module.__name__ and not function.__name__.startswith("_")
    }

    assert {guard.__name__ for guard in written - used} == set()


def test_guards_are_named_as_statements_and_take_facts_and_actor() -> None:
    for _, row in ROWS:
        for guard in row.when:
            assert len(inspect.signature(guard).parameters) == 2


def test_a_row_is_for_persons_or_for_clock_and_cascades_never_both() -> None:
    mixed = [(machine.noun, row.name) for machine, row in ROWS if for_persons(row) and set(row.by) & NOT_PERSONS]

    assert mixed == []


def test_two_persons_and_a_fresh_sign_in_stand_before_award_and_revocation() -> None:
    guards = {(machine.noun, row.name): {guard.__name__ for guard in row.when} for machine, row in ROWS}

    assert {"not_the_preparer", "signed_in_again"} <= guards["decision", "sign"]
    assert {"not_the_proposer", "signed_in_again"} <= guards["label", "suspend"]
    assert {"not_the_proposer", "signed_in_again"} <= guards["label", "withdraw"]
    assert {"not_the_proposer", "signed_in_again"} <= guards["call", "extend"]
    assert "not_the_proposer" in guards["check", "confirm_refusal"]
