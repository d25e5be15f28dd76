"""The table of permissions as a page: who may do what, in which states. Nothing is written here a second time."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import groupby

from flask_babel import gettext as _

from workflows.cells import ALWAYS
from workflows.machines import MACHINES
from workflows.permissions import PERMISSIONS
from workflows.relations import Relation as R
from workflows.words import _ as mark

WHO = {
    R.ANYONE: mark("anyone"),
    R.SIGNED_IN: mark("anyone signed in"),
    R.SELF: mark("the person themselves"),
    R.ORGANISATION_MEMBER: mark("people of the organisation"),
    R.ORGANISATION_ADMINISTRATOR: mark("administrator of the organisation"),
    R.AUTHOR: mark("organisation that wrote it"),
    R.RESPONDENT: mark("organisation that replied"),
    R.FOLLOWER: mark("who follows it"),
    R.PUBLIC_READER: mark("anyone, while it is public"),
    R.COORDINATOR: mark("coordinator"),
    R.DEPUTY: mark("deputy of the coordinator"),
    R.PARTNER: mark("contact person of a partner"),
    R.OWN_PARTNER: mark("contact person of just this partner"),
    R.INVITED: mark("who is invited"),
    R.HELPER: mark("helper"),
    R.SIGNATORY: mark("authorised signatory"),
    R.DRAFT_READER: mark("call manager whom an applicant let into the draft, for a day"),
    R.ASKING: mark("organisation that asks for the introduction"),
    R.ASKED: mark("organisation that is asked"),
    R.INTRODUCED: mark("organisation that both agreed to be in touch with"),
    R.SIGHTED_ASSIGNED: mark("evaluator who has yet to declare interests, where names are not hidden"),
    R.ASSIGNED: mark("evaluator who has yet to declare interests"),
    R.EXPERT: mark("evaluator without conflict of interest"),
    R.SIGHTED_EXPERT: mark("evaluator, where names are not hidden"),
    R.ASSESSOR: mark("evaluator who writes it"),
    R.RAPPORTEUR: mark("lead evaluator"),
    R.POOL: mark("evaluator who accepted the code of conduct"),
    R.REVIEWER: mark("member of the committee of a review, without interest"),
    R.DECLARANT: mark("evaluator who declared"),
    R.CALL_MANAGER: mark("call manager without interest"),
    R.CHECKER: mark("call manager without interest, once it is received"),
    R.PROGRAMME_MANAGER: mark("programme manager without interest"),
    R.STAND_IN: mark("stand-in whom a programme manager named for these days, for what that one could sign"),
    R.DECIDER: mark("programme manager without interest, once the decision is proposed"),
    R.AUDITOR: mark("auditor, while the call is open to them (every reading is recorded)"),
    R.ADMINISTRATOR: mark("administrator"),
}
NOUNS = {
    "search": mark("Saved searches"), "introduction": mark("Introductions"), "enquiry": mark("Questions about a call"),
    "exception": mark("Later deadlines"), "clarification": mark("Clarifications"),
    "amendment": mark("Changes after the deadline"), "disclosure": mark("Declarations of interest"),
    "site": mark("The site"), "demo": mark("The demonstration"), "work": mark("My work"),
    "person": mark("People"), "profile": mark("Organisations"),
    "call": mark("Calls"), "expression": mark("Expressions of interest"), "reply": mark("Replies"),
    "membership": mark("Partners of a consortium"), "application": mark("Applications"), "file": mark("Uploaded files"),
    "document": mark("Documents"), "check": mark("Formal checks"), "expert": mark("Evaluators"),
    "statement": mark("Statements of work"), "plan": mark("Assignment plans"),
    "assignment": mark("Tasks of evaluators"), "assessment": mark("Reports of evaluators"),
    "consensus": mark("Agreed texts"),
    "decision": mark("Decisions"), "standin": mark("Stand-ins"), "review": mark("Reviews of an evaluation"),
    "advance": mark("The reserve list after the award"), "label": mark("Labels"),
}  # fmt: skip


@dataclass(frozen=True)
class Line:
    """One action, and who may do it in which states."""

    action: str
    words: str
    cells: list[tuple[str, str]]


def matrix() -> list[tuple[str, str, list[Line]]]:
    """Give the whole table by noun: (noun, its name, lines)."""
    nouns = {action: action.partition(".")[0] for action in PERMISSIONS}
    order = {noun: place for place, noun in enumerate([*NOUNS, *nouns.values()][::-1])}
    actions = sorted(PERMISSIONS, key=lambda action: -order[nouns[action]])
    grouped = groupby(actions, key=nouns.__getitem__)
    return [(noun, _(NOUNS.get(noun, noun)), [_line(noun, action) for action in group]) for noun, group in grouped]


def _line(noun: str, action: str) -> Line:
    verb = action.partition(".")[2]
    machine = MACHINES.get(noun)
    known = machine.words.get(verb) if machine else None
    cells = [(_(WHO[relation]), _states(noun, states)) for relation, states in PERMISSIONS[action].items()]
    return Line(action, _(known.button) if known else verb.replace("_", " "), cells)


def _states(noun: str, states: frozenset[str]) -> str:
    """Name the states of a cell; empty where there is no limit."""
    machine = MACHINES.get(noun)
    if states == ALWAYS:
        return ""
    if machine is None:
        return ", ".join(sorted(state.replace("_", " ") for state in states))
    return ", ".join(_(machine.names[state].staff) for state in machine.states if state in states)
