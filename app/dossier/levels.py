"""What each level of redaction keeps back. At the narrow levels a table that is not named is kept back whole."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from app.dossier.gathering import Gathered
from app.models import Base, Level
from workflows.call import CALL
from workflows.decision import State as Decided

EVERYTHING = "*"
# Columns some level keeps back: at every level they are committed to under a salt, so that all levels say the same.
SALTED: Mapping[str, frozenset[str]] = {
    "person": frozenset({"name", "email"}),
    "event": frozenset({"data"}),
    "remark": frozenset({"text", "salt"}),
    "application": frozenset({"acronym", "title", "theme", "requested_grant", "eligible_cost"}),
    "answer": frozenset({"value"}),
    "submitted_version": frozenset({"canonical", "files", "persons", "persons_salt"}),
    "check": frozenset({"facts", "label"}),
    "agreed_score": frozenset({"reasons"}),
    "decision": frozenset({"ranking", "panel_order"}),
    "decision_line": frozenset({"reasons"}),
    "document": frozenset({"snapshot", "file_name"}),
    "draw": frozenset({"secret"}),
    "organisation": frozenset({"name", "name_en", "pic"}),
    "membership": frozenset({"invited_name", "invited_email", "invited_email_folded", "invitation", "task", "share"}),
    "mandate": frozenset({"signatory_name", "signatory_email", "text"}),
}
SEALED: Mapping[Level, Mapping[str, frozenset[str]]] = {
    Level.FULL: {},
    Level.AUDITOR: {
        "person": frozenset({"email"}),
        "membership": frozenset({"invited_email", "invited_email_folded"}),
        "mandate": frozenset({"signatory_email"}),
        "submitted_version": frozenset({"persons", "persons_salt"}),
    },
    Level.APPLICANT: {
        "check": frozenset({"facts"}),
        "decision": frozenset({"ranking", "panel_order"}),
        "decision_line": frozenset({"reasons"}),  # they name who stands before
        "draw": frozenset({"secret"}),
    },
    Level.REQUEST: SALTED,
}
TOLD: Mapping[Level, frozenset[str]] = {
    Level.FULL: frozenset({EVERYTHING}),
    Level.AUDITOR: frozenset({EVERYTHING}),
    Level.APPLICANT: frozenset(
        {"call", "call_source", "call_version", "extension", "application", "answer", "submitted_version", "membership",
         "participant", "consent", "charter_word", "mandate", "file", "check", "clarification", "amendment",
         "consensus", "agreed_score", "decision", "decision_line", "label", "document", "event", "remark", "draw",
         "person", "organisation", "country_group", "seat"}
    ),
    Level.REQUEST: frozenset(
        {"call", "call_source", "call_version", "extension", "application", "check", "consensus", "agreed_score",
         "decision", "decision_line", "label", "event", "draw", "country_group"}
    ),
}  # fmt: skip
NOUNS = frozenset(
    {"application", "membership", "file", "clarification", "amendment", "label", "check", "decision", "call"}
)
OF_THE_OFFICE = frozenset({"check", "decision", "call"})  # whose free text is not for applicants
LETTERS = frozenset({"receipt", "refusal_letter", "result_letter", "review_letter", "summary_report", "certificate"})
AFTER_RELEASE = frozenset({"decision", "decision_line", "draw", "consensus", "agreed_score"})


@dataclass(frozen=True)
class Cut:
    """What one level tells of what was gathered."""

    level: Level
    insiders: frozenset[str]  # persons of the consortium: an applicant may read who they are
    released: bool

    def withholds_table(self, table: str) -> bool:
        told = TOLD[self.level]
        if EVERYTHING in told:
            return False
        return table not in told or (table in AFTER_RELEASE and not self.released)

    def withholds_row(self, table: str, row: Mapping[str, Any]) -> bool:
        """Whether only the commitment of a row is given."""
        if EVERYTHING in TOLD[self.level]:
            return False
        if table == "person":
            return row["id"] not in self.insiders
        if table == "event":
            of_call = row["noun"] == "call" and row["name"] not in {"create", *CALL.words}
            return row["noun"] not in NOUNS or of_call
        if table == "document":
            return row["kind"] not in LETTERS
        if table == "remark":
            return row["written_by"] not in self.insiders
        return self.level is Level.REQUEST and table == "decision_line" and row["outcome"] != "award"

    def seals(self, table: str, column: str, row: Mapping[str, Any]) -> bool:
        """Whether a salted column of a row that is told is kept back."""
        if column in SEALED[self.level].get(table, ()):
            return True
        if EVERYTHING in TOLD[self.level]:
            return False
        if column in persons_in(table):
            return self.level is Level.REQUEST or row[column] not in self.insiders
        return table == "event" and (row["noun"] in OF_THE_OFFICE or row["actor_id"] not in self.insiders)


def cut_of(level: Level, found: Gathered) -> Cut:
    insiders = {row["person_id"] for row in found.rows.get("participant", ())}
    released = any(row["state"] == Decided.RELEASED for row in found.rows.get("decision", ()))
    return Cut(level, frozenset(insiders), released)


def persons_in(table: str) -> frozenset[str]:
    """Name the columns of a table that hold a person."""
    if table not in Base.metadata.tables:
        return frozenset()
    columns = Base.metadata.tables[table].columns
    return frozenset(c.name for c in columns for key in c.foreign_keys if key.column.table.name == "person")


def salted(table: str) -> frozenset[str]:
    return SALTED.get(table, frozenset()) | persons_in(table)
