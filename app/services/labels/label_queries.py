"""What the pages of a label show: the entry everybody sees, and what is asked of the coordinator and the office."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from app.act import Act
from app.maps import Mark
from app.models import Document, Label
from app.services.calls.call import definition_of
from app.services.documents.paper_heads import issuer
from app.services.history import Happened, history_of
from app.services.labels.certificates import last_valid_day, theme_name
from app.services.labels.verification import certificates_of, public_state
from app.services.organisations.region_marks import name_of_region
from workflows.definition import CallDefinition, LabelTerms
from workflows.label import State

PUBLIC_HISTORY = (
    "accept", "activate", "suspend", "reinstate", "withdraw", "renew_certificate", "end_by_review", "expire",
)  # fmt: skip


@dataclass(frozen=True)
class LabelPage:
    label: Label
    state: State
    definition: CallDefinition
    terms: LabelTerms
    theme: str | None
    issuer: str
    last_day: date | None
    certificates: Sequence[Document]
    history: Sequence[Happened]
    marks: tuple[Mark, ...]
    practice: bool

    @property
    def current(self) -> Document | None:
        return next((document for document in self.certificates if document.replaced_at is None), None)


def page_of(act: Act, label: Label, *, office: bool = False) -> LabelPage:
    """Assemble the page of a label. The office reads every act with its person; others the public ones."""
    definition = definition_of(label.call)
    certificates = certificates_of(act, label)
    return LabelPage(
        label=label,
        state=public_state(label, act.now),
        definition=definition,
        terms=definition.label_terms or LabelTerms(),
        theme=theme_name(label.theme),
        issuer=certificates[0].snapshot["issuer"] if certificates else issuer(act),
        last_day=last_valid_day(label),
        certificates=certificates,
        history=history_of(act, label, names=() if office else PUBLIC_HISTORY, people=office),
        marks=marks_of_partners(label),
        practice=label.call.practice or act.site.practice,
    )


def marks_of_partners(label: Label) -> tuple[Mark, ...]:
    """Mark each partner's region once, with the names of the partners there; the coordinator's is the darkest."""
    found: dict[str, list[str]] = {}
    vintages: dict[str, int] = {}
    for partner in label.partners:
        if partner["region"]:
            found.setdefault(partner["region"], []).append(partner["name"])
            vintages[partner["region"]] = partner["vintage"]
    lead = next((partner["region"] for partner in label.partners if partner["role"] == "coordinator"), None)
    return tuple(
        Mark(code, name_of_region(code, vintages[code]), ", ".join(names), 5 if code == lead else 3)
        for code, names in found.items()
    )
