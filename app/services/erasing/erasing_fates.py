"""What becomes of each column when a person is erased: one table, compared by a test with the models.

Words that name a column, separated by spaces; `column@whose` says which column of the row tells whose words they are.
A column that can hold words and stands nowhere here fails `tests/services/test_erasing.py`.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from sqlalchemy import JSON, Column, Enum, LargeBinary, String

from app.models import Base

CODES = "codes, ids, digests or moments: they say nothing of a person"
CALL = "the call's own words, published and kept as the file that was imported"
PUBLIC = "what the organisation says of itself: it belongs to the organisation"
SENT = "what was submitted or confirmed, word by word, under a digest: evidence of the award decision"
CONTENT = "what the consortium writes together: it belongs to the application"
LISTED = "a list that had to be published, under a digest, as it was published"
REGISTER = "the public register: partnerships and labels, no persons"
RANKING = "scores and places the decision rests on, under a digest; people stand in it by id alone"
AGREED = "the agreed text all evaluators signed, under a digest"
CHAIN = "the record: ids and codes under a chain of hashes; free text stands beside it as a remark"
SPECIAL = "done by a function of its own in app/services/erasing/erasing_record.py"


@dataclass(frozen=True)
class Fate:
    """What becomes of one table.

    `gone`: rows of the person are deleted. `emptied`: the person's words are taken away at once. `evidence`: they stay
    under the pseudonym until the time of keeping is over. `named`: words of others or of all. In the last three the
    person's name and addresses are replaced, whoever wrote. `kept`: columns that stay as they are, with the reason.
    """

    by: str = "person_id"
    via: tuple[str, str] | None = None  # column, and the table whose `by` tells whose row it is
    gone: str = ""
    emptied: str = ""
    evidence: str = ""
    named: str = ""
    special: str = ""
    kept: Mapping[str, str] = field(default_factory=dict)
    shown: bool = False  # others read what is emptied: a mark stands there instead of nothing
    office_at: str = ""  # written while holding an office, at the moment of this column: evidence instead


# fmt: off
FATES: Mapping[str, Fate] = {
    # accounts
    "person":         Fate("id", special="name email email_folded password_hash language"),
    "sign_in":        Fate(gone="token_digest browser"),
    "known_place":    Fate(gone="digest"),
    "former_address": Fate(gone="email"),
    "second_factor":  Fate(gone="secret"),
    "recovery_code":  Fate(gone="digest"),
    "calendar_feed":  Fate(gone="salt digest"),
    "saved_search":   Fate(gone="name noun query salt"),
    "saved_view":     Fate(gone="of name query"),
    "batch":          Fate(named="results", kept={"of name act_id": CODES}),
    "follow":         Fate(gone="noun thing_id"),
    "mailed_link":    Fate(special="purpose address thing_id salt digest"),
    "factor_reset":   Fate(emptied="reason@person_id reason@asked_by"),
    "job":            Fate(special="key args", named="error outcome", kept={"kind": CODES}),
    "remark":         Fate("written_by", special="text salt"),
    # the pool
    "expert":         Fate(emptied="country countries languages expertise free_words biography evidence sector gender "
                                   "other_addresses away conduct_version"),
    "employer":       Fate(via=("expert_id", "expert"), gone="name name_folded domain"),
    "expert_check":   Fate("by", special="name email"),
    "statement":      Fate(kept={"number lines panel_days": CODES}),
    "training_case":  Fate("made_by", evidence="title text"),
    "training_score": Fate(emptied="reasons", kept={"criterion": CODES}),
    # organisations and the search
    "organisation":   Fate(named="summary offers seeks priorities facilities",
                           kept={"name name_en name_folded name_language acronym country region city": PUBLIC,
                                 "pic website": PUBLIC,
                                 "kinds regions_served domains themes technologies sectors chain_positions": CODES}),
    "organisation_name":  Fate("recorded_by", kept={"name name_en": PUBLIC}),
    "organisation_merge": Fate("merged_by", kept={"moved": CODES}),
    "region_settlement":  Fate("settled_by", evidence="source", kept={"region period category": CODES}),
    "search_entry":   Fate(special="name name_words", kept={"noun thing_id themes technologies kinds countries regions "
                                                            "categories offers positions seeks contact call": CODES}),
    "search_text":    Fate(special="words"),
    "showing":        Fate(kept={"things": CODES}),
    "introduction":   Fate("asked_by", emptied="message", shown=True),
    # expressions of interest
    "expression":     Fate("author_id", named="title acronym published"),
    "comment":        Fate(emptied="text", shown=True),
    "reply":          Fate(emptied="message", shown=True),
    # consortium and application
    "membership":     Fate("invited_by", emptied="invitation", special="invited_email invited_email_folded", shown=True,
                           kept={"invited_name": PUBLIC, "kinds country region region_acted_for": CODES, "task": SENT,
                                 "consent_digest amendment_id": CODES}),
    "mandate":        Fate("asked_by", special="signatory_name signatory_email", kept={"kind text text_sha256": SENT}),
    "consent":        Fate(kept={"part text_sha256 canonical sha256": SENT}),
    "charter_word":   Fate(kept={"charter_sha256 canonical sha256": SENT}),
    "application":    Fate(kept={"number acronym title theme": CONTENT}),
    "answer":         Fate("saved_by", kept={"question value": CONTENT}),
    "submitted_version": Fate("submitted_by", special="persons persons_salt", kept={"canonical sha256 files": SENT}),
    "file":           Fate("uploaded_by", named="name caption", kept={"slot media_type sha256": CODES}),
    "plain_copy":     Fate(kept={"original_sha256 sha256 obstacles": CODES}),
    "redacted_text":  Fate("saved_by", kept={"place original_sha256": CODES, "text": CONTENT}),
    "harmless_name":  Fate("by", named="text"),
    "redacted_file":  Fate("uploaded_by", kept={"sha256 media_type": CODES}),
    "section_plan":   Fate("owner_id", kept={"section": CODES}),
    "section_comment": Fate("written_by", emptied="text", shown=True, kept={"section question mentions": CODES}),
    "section_sign_off": Fate("signed_by", kept={"section numbers": CODES}),
    "message":        Fate("written_by", emptied="text", shown=True, office_at="written_at"),
    "amendment":      Fate("asked_by", emptied="reason", named="task", special="email", shown=True,
                           kept={"name": PUBLIC}),
    "exception":      Fate("asked_by", emptied="text", shown=True),
    "clarification":  Fate("answered_by", evidence="text@opened_by", named="answers", kept={"questions": CODES}),
    "enquiry":        Fate(emptied="text@asker_id", evidence="wording@published_by answer@published_by", shown=True,
                           kept={"clause": CODES}),
    # evaluation and decision
    "check":          Fate(kept={"rule label proposed": CALL, "facts": CODES}),
    "conflict":       Fate(evidence="path detail", kept={"kind facts alike": CODES}),
    "disclosure_line": Fate(via=("disclosure_id", "disclosure"), kept={"organisation name": PUBLIC}),
    "score":          Fate(via=("assessment_id", "assessment"), emptied="private_note", evidence="reasons",
                           kept={"criterion": CODES}),
    "pin":            Fate(via=("assessment_id", "assessment"), emptied="quote remark", kept={"place": CODES}),
    "bookmark":       Fate(kept={"place": CODES}),
    "score_change":   Fate("by", kept={"criterion": CODES}),
    "contribution":   Fate("written_by", evidence="text", kept={"criterion": CODES}),
    "minute":         Fate("written_by", evidence="text"),
    "agreed_score":   Fate(kept={"criterion": CODES, "reasons": AGREED}),
    "signature":      Fate(evidence="minority_view", kept={"text_sha256": CODES}),
    "plan":           Fate("made_by", kept={"question answer": CODES}),
    "plan_probe":     Fate(kept={"answer": CODES}),
    "decision":       Fate("proposed_by", kept={"panel_order ranking ranking_sha256": RANKING}),
    "review":         Fate("asked_by", evidence="text@asked_by", kept={"ranking ranking_sha256 base_sha256": RANKING}),
    "advance":        Fate("proposed_by", kept={"ranking_sha256 strand freed": CODES}),
    "review_answer":  Fate("by", evidence="reasons"),
    "review_mark":    Fate("by", evidence="reasons", kept={"criterion": CODES}),
    "draw":           Fate("committed_by", kept={"secret commitment number seed": CHAIN}),
    "panel_mark":     Fate("by", evidence="reason", kept={"criterion": CODES}),
    "panel_minute":   Fate("written_by", evidence="text", kept={"present absent": CODES}),
    "dossier":        Fate("wanted_by", kept={"seed sha256 manifest_sha256 root persons": CODES}),
    "record_head":    Fate(kept={"id why head": CHAIN}),
    "audit_access":   Fate("granted_by", kept={"seed population": CODES}),
    "audit_note":     Fate(emptied="text"),
    "publication":    Fate(kept={"kind about rows sha256": LISTED}),
    "trial":          Fate("made_by", evidence="name", kept={"frozen frozen_sha256 asked answer": RANKING}),
    "letter_text":    Fate("by", evidence="text"),
    "letter_settlement": Fate("by", evidence="reason", kept={"key": CODES}),
    "bounce":         Fate("ended_by", evidence="note", named="said", kept={"status": CODES}),
    "two_persons":    Fate("by", kept={"act": CODES}),
    "proposed_act":   Fate("proposed_by", kept={"noun thing_id name data": CODES}),
    "filed_copy":     Fate("filed_by", kept={"reference sha256": CODES}),
    "decision_line":  Fate(kept={"reasons": RANKING}),
    "label":          Fate("proposed_by", kept={"number code acronym title theme partners": REGISTER}),
    "document":       Fate(special="snapshot", kept={"noun thing_id template_version file_name plain_sha256 "
                                                     "issued_sha256": CODES}),
    # the call, the record, the machinery
    "call":           Fate("extension_proposed_by", kept={"code kind title definition zone next_code": CALL}),
    "call_source":    Fate("imported_by", kept={"data sha256 prepared": CALL}),
    "call_version":   Fate("by", kept={"data sha256 definition": CALL}),
    "event":          Fate("actor_id", kept={"noun thing_id name from_state to_state relation data request_id act_id "
                                             "previous_hash hash": CHAIN}),
    "reading":        Fate(kept={"action noun thing_id relation request_id": CHAIN}),
    "denial":         Fate(kept={"action thing_id request_id": CHAIN}),
    "lease":          Fate(kept={"name holder": CODES}),
    "tries":          Fate(kept={"name of moments": CODES}),
}
# Tables without a column for words, in which an account or something of one stands by its id.
OWNERS: Mapping[str, str] = {
    "assessment": "person_id", "disclosure": "person_id", "meeting": "begun_by", "presence": "person_id",
    "redaction": "ready_by", "review_member": "person_id", "stand_in": "person_id",
}
# fmt: on


@dataclass(frozen=True)
class Words:
    """One entry of the table: a column, and the column of its row that says whose words it holds."""

    table: str
    column: str
    by: str

    @property
    def cell(self) -> Column[object]:
        return Base.metadata.tables[self.table].c[self.column]


def words(kind: str) -> Iterator[Words]:
    """Give the entries of one kind: emptied, evidence, named or special."""
    for table, fate in FATES.items():
        for word in getattr(fate, kind).split():
            column, _at, by = word.partition("@")
            yield Words(table, column, by or fate.by)


def holds_words(column: Column[object]) -> bool:
    """Say whether somebody's words or name could stand in a column: no id that points elsewhere, none of our words."""
    if isinstance(column.type, Enum) or column.foreign_keys or (column.primary_key and column.name == "id"):
        return False
    return isinstance(column.type, String | JSON | LargeBinary)


def decided() -> set[tuple[str, str]]:
    """Give every column the table decides on."""
    of_kinds = {
        (w.table, w.column) for kind in ("emptied", "evidence", "named", "special", "gone") for w in words(kind)
    }
    kept = {(table, word) for table, fate in FATES.items() for names in fate.kept for word in names.split()}
    return of_kinds | kept


def to_decide() -> set[tuple[str, str]]:
    """Give every column of the models that has to be decided on."""
    return {(t.name, c.name) for t in Base.metadata.sorted_tables for c in t.columns if holds_words(c)}
