"""A form that is not enrolled among those people write long text into must be said to be short."""

from __future__ import annotations

from flask import Flask

from tests.faults.forms import FORMS
from tests.support.web import Web
from workflows.machine import Kind, for_persons
from workflows.machines import MACHINES

# One click, a choice, a number, a name or an address: typed again in a moment, and the gate gives it back all the same.
SHORT = frozenset([])
# Long, and written by one view whatever the machine: enrolled by one act of each kind.
ACTS_BY_ONE_VIEW = frozenset(f"act.{machine.noun}" for machine in MACHINES.values())


def endpoints(app: Flask) -> set[str]:
    return {rule.endpoint for rule in app.url_map.iter_rules() if "POST" in (rule.methods or ())}


def test_every_form_is_enrolled_or_said_to_be_short(web: Web) -> None:
    enrolled = {form.endpoint for form in FORMS}

    assert endpoints(web.app) - enrolled - ACTS_BY_ONE_VIEW - SHORT == set()
    assert SHORT - endpoints(web.app) == set()
    assert SHORT & enrolled == set()


def test_acts_with_a_long_text_are_tried_on_several_machines() -> None:
    long = {
        f"act.{machine.noun}"
        for machine in MACHINES.values()
        for row in machine.rows
        if for_persons(row) and any(need.kind is Kind.LONG_TEXT for need in row.needs)
    }

    assert len(long & {form.endpoint for form in FORMS}) >= 3
