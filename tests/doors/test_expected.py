"""The doors against a table written apart from them; and every action of the permissions is somebody's use."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from app.access import can
from app.gate import MODELS
from app.models import Level, Person
from tests.doors.expected import EVERYBODY, EVERYWHERE, EXPECTED
from tests.support.played import MARKERS, Moment, Village, found, moments
from tests.support.sharing import copy_of
from tests.support.told_in_dossiers import NOTED, Told, told_in
from workflows.machines import MACHINES
from workflows.permissions import PERMISSIONS

ROOT = Path(__file__).resolve().parents[2]
NO_CONTENT = ("application.", "assessment.", "consensus.", "decision.", "check.", "file.", "label.accept")


@dataclass
class Played:
    """What was noted while the call was played once: the answers of the doors, the dossiers at its end."""

    answers: dict[tuple[str, str, Moment], set[str]]
    dossiers: Told
    people: dict[str, tuple[str, str, str]]  # id, name and address by persona


@pytest.fixture(scope="module")
def played(sqlite_template: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Played]:
    folder = tmp_path_factory.mktemp("expected")
    database = copy_of(sqlite_template, folder)
    village, said = found(database, folder), {}
    for moment in moments(village):
        for action, key, cells in EXPECTED:
            if moment in cells:
                said[action, key, moment] = _who_may(village, action, key)
        if moment is Moment.DECIDED:
            said |= {(action, "", moment): _who_may(village, action, "") for action in EVERYWHERE}
    with village.looking(None) as act:
        people = {key: act.session.get_one(Person, person) for key, person in village.people.items()}
        known = {key: (one.id, one.name, one.email) for key, one in people.items()}
    yield Played(said, told_in(village), known)
    database.close()


@pytest.fixture(scope="module")
def answers(played: Played) -> dict[tuple[str, str, Moment], set[str]]:
    """Who may, for each line and moment, as the doors say."""
    return played.answers


def _who_may(village: Village, action: str, key: str) -> set[str]:
    able = set()
    for persona in village.people:
        with village.looking(persona) as act:
            model = MODELS[_noun(key)] if key else None
            thing = act.session.get_one(model, village.things[key]) if model else None
            if can(act, action, thing):
                able.add(persona)
    return able


def _noun(key: str) -> str:
    return key.partition("_")[0]


def test_each_line_of_the_table_is_what_the_doors_say(answers: dict[tuple[str, str, Moment], set[str]]) -> None:
    everybody = {persona for able in answers.values() for persona in able}
    wrong = []
    for action, key, cells in EXPECTED:
        for moment, named in cells.items():
            expected = everybody if named == EVERYBODY else set(named.split())
            able = answers[action, key, moment]
            if able != expected:
                wrong.append(
                    f"{action} of {key}, {moment}: may not but does: {sorted(able - expected)}, "
                    f"may but doesn't: {sorted(expected - able)}"
                )

    assert "\n".join(wrong) == ""


def test_offices_have_their_own_acts_and_no_others(answers: dict[tuple[str, str, Moment], set[str]]) -> None:
    assert {action: answers[action, "", Moment.DECIDED] for action in EVERYWHERE} == {
        action: set(named.split()) for action, named in EVERYWHERE.items()
    }


EVALUATORS = ("rapporteur", "expert", "expert_elsewhere", "other_expert", "conflicted")
OFFICE = ("call_manager", "second_manager", "programme_manager", "second_director", "auditor")


def test_each_level_of_a_dossier_keeps_back_what_was_planted(played: Played) -> None:
    told = {key: {name for name, one in MARKERS.items() if one.text in text} for key, text in played.dossiers.items()}
    private, notes = {"private_note"}, {key for key, text in played.dossiers.items() if NOTED in text}
    everything = set(MARKERS) - private - {"enquiry", "introduction"}  # these two are of no application

    assert told["application", Level.FULL] >= everything - {"section_comment", "thread", "internal_note"}
    for of in ("application", "call"):
        assert told[of, Level.AUDITOR] == told[of, Level.FULL]
        assert not told[of, Level.FULL] & private
    hidden = {name for name, one in MARKERS.items() if "coordinator" not in one.readers}
    assert told["application", Level.APPLICANT] & hidden <= {"agreed", "minority"}  # told in the report
    assert "answer" in told["application", Level.APPLICANT]
    assert told["application", Level.REQUEST] <= {"acronym"}
    assert told["call", Level.REQUEST] <= {"acronym"}
    assert notes == {("application", Level.AUDITOR), ("call", Level.AUDITOR)}


def test_no_evaluator_stands_in_what_applicants_and_the_public_are_given(played: Played) -> None:
    def who(key: tuple[str, Level], personas: tuple[str, ...], *facts: int) -> set[str]:
        return {one for one in personas if any(played.people[one][fact] in played.dossiers[key] for fact in facts)}

    assert who(("application", Level.FULL), EVALUATORS, 0) >= {"rapporteur", "expert"}
    assert who(("application", Level.APPLICANT), EVALUATORS, 0, 1, 2) == set()
    assert who(("application", Level.APPLICANT), OFFICE, 1) <= {"programme_manager"}  # who signed the letter
    assert who(("application", Level.APPLICANT), OFFICE, 2) == set()
    for of in ("application", "call"):
        assert who((of, Level.AUDITOR), tuple(played.people), 2) == set()
        assert who((of, Level.REQUEST), tuple(played.people), 1, 2) == set()
        assert who((of, Level.REQUEST), EVALUATORS, 0, 1, 2) == set()


def test_no_cell_lets_an_administrator_at_content() -> None:
    cells = [
        action
        for action, relations in PERMISSIONS.items()
        if action.startswith(NO_CONTENT) and "administrator" in relations
    ]

    assert cells == []


def test_no_action_is_unused() -> None:
    """Each action that is not a row of a machine is asked for by a view, a service or a template."""
    rows = {f"{machine.noun}.{row.name}" for machine in MACHINES.values() for row in machine.rows}
    folders = (ROOT / "app", ROOT / "templates")
    text = "".join(
        path.read_text(encoding="utf-8")
        for folder in folders
        for path in folder.rglob("*")
        if path.suffix in (".py", ".html")
    )
    # `noun.write_message` and the like are put together from the noun of a thread
    made = {f"{noun}.{verb}" for noun in ("application", "expert") for verb in ("write_message", "view_notes")}
    # and of a dossier, from its level: app/views/dossier.py
    made |= {f"{noun}.ask_{level.value}_dossier" for noun in ("application", "call") for level in Level}

    assert sorted(a for a in PERMISSIONS if a not in rows | made and f'"{a}"' not in text) == []
