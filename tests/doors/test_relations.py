"""What somebody is to a thing: a list and a page must never disagree, whoever asks and at whatever moment."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

import pytest
from sqlalchemy import select

from app.access import can, relations_of, visible
from app.act import Act
from app.asker import known_asker
from app.db import Database
from app.models import Application, Assessment, Assignment, Base, Check, Consensus, Decision, Document, Membership
from app.relations import RELATIONS
from app.scope import SCOPES
from tests.support.played import Moment, Village, found, moments
from tests.support.sharing import copy_of, share_statements
from workflows.permissions import PERMISSIONS, allows
from workflows.relations import Relation as R

# Who is compared when: each persona at a moment at which its relations say something.
# PostgreSQL is asked at one moment: the conditions are the same, and each costs a compilation.
COMPARED: Mapping[str, Mapping[Moment, tuple[str | None, ...]]] = {
    "sqlite": {
        Moment.DRAFT: ("coordinator", "call_manager"),
        Moment.CONSENSUS: ("rapporteur", "conflicted", "tied_manager"),
        Moment.RELEASED: (None, "partner", "programme_manager"),
    },
    "postgresql": {Moment.CONSENSUS: ("expert", "tied_manager", "coordinator")},
}
OF_AN_APPLICATION = (
    (Check, "check.view"), (Assignment, "assignment.view"), (Assessment, "assessment.view"),
    (Consensus, "consensus.view"), (Document, "document.view"), (Membership, "membership.view"),
)  # fmt: skip


@dataclass
class Seen:
    """What was noted while the call was played; asserted afterwards."""

    asked: Mapping[Moment, tuple[str | None, ...]]
    disagreements: list[str] = field(default_factory=list)
    compared: int = 0
    actions: dict[tuple[str, str], set[str]] = field(default_factory=dict)  # persona, application → what may be done
    lists: dict[tuple[str, str], set[str]] = field(default_factory=dict)  # persona, application → lists with lines
    readers: dict[Moment, set[str]] = field(default_factory=dict)  # of one expert's report
    deciders: set[str] = field(default_factory=set)
    left_by_conflict: dict[str, set[str]] = field(default_factory=dict)


@pytest.fixture(scope="module", params=["sqlite", pytest.param("postgresql", marks=pytest.mark.postgres)])
def seen(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Seen]:
    """Play the call once on each database and note what the tests of this file ask about."""
    folder = tmp_path_factory.mktemp("village")
    if request.param == "sqlite":
        database = copy_of(request.getfixturevalue("sqlite_template"), folder)
    else:
        database = share_statements(Database(request.getfixturevalue("postgresql").new_database()))
    village, noted = found(database, folder), Seen(COMPARED[request.param])
    for moment in moments(village):
        _note(village, moment, noted)
    yield noted
    database.close()


def _note(village: Village, moment: Moment, noted: Seen) -> None:
    for persona in noted.asked.get(moment, ()):
        with village.looking(persona) as act:
            noted.disagreements += [f"{moment}, {persona}: {line}" for line in _disagreements(act)]
            noted.compared += 1
    if moment in (Moment.SCORING, Moment.CONSENSUS):
        noted.readers[moment] = _who_may(village, "assessment.view", Assessment, "assessment_rapporteur")
    if moment is Moment.CONSENSUS:
        for persona in ("tied_manager", "call_manager"):
            _note_office(village, persona, noted)
        with village.looking("conflicted") as act:
            noted.left_by_conflict = {
                key: _actions_on(act, act.session.get_one(model, village.things[key]))
                for model, key in (
                    (Application, "application"), (Assignment, "assignment_conflicted"), (Consensus, "consensus")
                )
            }  # fmt: skip
    if moment is Moment.DECIDED:
        noted.deciders = _who_may(village, "decision.view", Decision, "decision")


def _note_office(village: Village, persona: str, noted: Seen) -> None:
    for which in ("application", "application_b"):
        with village.looking(persona) as act:
            application = act.session.get_one(Application, village.things[which])
            noted.actions[persona, which] = _actions_on(act, application)
            noted.lists[persona, which] = {
                model.__tablename__
                for model, action in OF_AN_APPLICATION
                if act.session.scalars(
                    visible(act, model, action).where(model.application_id == application.id)
                ).first()
            }


def _actions_on(act: Act, thing: Any) -> set[str]:
    """What the person may do to just this thing: what anybody signed in may, such as beginning one, is left out."""
    noun = thing.__noun__
    return {
        action
        for action, cells in PERMISSIONS.items()
        if action.startswith(f"{noun}.") and not {R.ANYONE, R.SIGNED_IN} & set(cells) and can(act, action, thing)
    }


def _who_may(village: Village, action: str, model: type[Any], key: str) -> set[str]:
    able = set()
    for persona in village.people:
        with village.looking(persona) as act:
            if can(act, action, act.session.get_one(model, village.things[key])):
                able.add(persona)
    return able


def _disagreements(act: Act) -> list[str]:
    """Ask what the person is to each thing, then compare every list with those answers."""
    wrong = []
    for model, scope in SCOPES.items():
        asked = [r for r in RELATIONS if act.person is not None or r in (R.ANYONE, R.PUBLIC_READER)]
        columns = [RELATIONS[r](known_asker(act), scope).label(f"r{i}") for i, r in enumerate(asked)]
        rows = act.session.execute(select(model, *columns)).all()
        held = {row[0].id: frozenset(r for r, yes in zip(asked, row[1:], strict=True) if yes) for row in rows}
        things = {row[0].id: row[0] for row in rows}
        sample = sorted(things)[:1]
        wrong += [f"relations to {key}" for key in sample if relations_of(act, things[key]) != held[key]]
        wrong += _lists_that_differ(act, model, things, held)
    return wrong


def _lists_that_differ(
    act: Act, model: type[Base], things: dict[str, Any], held: dict[str, frozenset[R]]
) -> Iterator[str]:
    noun = getattr(model, "__noun__", model.__tablename__)
    lists = {
        str(sorted((r, sorted(s)) for r, s in cells.items())): action
        for action, cells in PERMISSIONS.items()
        if action.partition(".")[0] == noun
    }  # actions with the same cells make the same list: one of them is asked
    for action in lists.values():
        listed = {thing.id for thing in act.session.scalars(visible(act, model, action))}  # type: ignore[attr-defined]
        pages = {
            key
            for key, thing in things.items()
            if any(r in held[key] and allows(action, r, _state(thing)) for r in PERMISSIONS[action])
        }
        yield from (f"{action} of {key}" for key in listed ^ pages)


def _state(thing: Any) -> str | None:
    state = getattr(thing, "state", None)
    return None if state is None else str(state.value)


def test_lists_show_just_what_pages_allow(seen: Seen) -> None:
    assert seen.compared == sum(len(personas) for personas in seen.asked.values())
    assert seen.disagreements == []


def test_interest_beats_office(seen: Seen) -> None:
    """A call manager who works for a partner sees nothing of that application's file, and all of the other's."""
    assert seen.actions["tied_manager", "application"] == set()
    assert seen.lists["tied_manager", "application"] == set()
    assert seen.actions["tied_manager", "application_b"] == seen.actions["call_manager", "application_b"]
    assert seen.lists["tied_manager", "application_b"] == seen.lists["call_manager", "application_b"]
    assert "application.view_evaluation" in seen.actions["call_manager", "application"]


def test_whoever_is_tied_to_one_application_sees_no_decision_of_the_call(seen: Seen) -> None:
    assert seen.deciders == {"call_manager", "second_manager", "programme_manager", "second_director", "auditor"}


def test_reports_are_sealed_until_the_consensus_opens(seen: Seen) -> None:
    """Nobody but its writer and the auditor opens an unfinished report; other experts only a final one."""
    assert seen.readers[Moment.SCORING] == {"rapporteur", "auditor"}
    assert seen.readers[Moment.CONSENSUS] == {"rapporteur", "expert", "call_manager", "second_manager", "auditor"}


def test_after_a_conflict_only_the_own_line_is_left(seen: Seen) -> None:
    assert seen.left_by_conflict == {
        "application": set(),
        "assignment_conflicted": {"assignment.view_line"},
        "consensus": set(),
    }
