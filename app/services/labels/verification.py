"""Did we issue this? Numbers, codes and whole files compared with the register of labels."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, or_, select

from app.act import Act
from app.documents.verify import Issued
from app.models import Document, DocumentKind, Label
from app.services.labels.label import grouped
from workflows.label import REGISTERED, VALID, State

LONGEST_MARK = 64


@dataclass(frozen=True)
class Standing:
    """What the register says of a label at a moment."""

    label: Label
    state: State  # the public one: valid, suspended, withdrawn or expired
    since: datetime | None


def public_state(label: Label, now: datetime) -> State:
    """Give the state as the public knows it: a proposal is not known, and a period that is over is over at once."""
    if label.state is State.WITHDRAWN or label.state is State.EXPIRED:
        return label.state
    if label.valid_until is not None and label.valid_until <= now:
        return State.EXPIRED
    return State.ACTIVE if label.state in VALID else State.SUSPENDED


def normal_mark(typed: str) -> str:
    """Give the signs of a typed number or code: capitals and digits, nothing else. Empty where it can be none."""
    signs = "".join(sign for sign in typed.upper() if sign.isascii() and sign.isalnum())
    return signs if len(signs) <= LONGEST_MARK else ""


def tidy_mark(typed: str) -> str:
    """Write a typed number or code as it stands in addresses: capitals and digits, joined by hyphens."""
    signs = "".join(sign if sign.isascii() and sign.isalnum() else " " for sign in typed.upper())
    return "-".join(signs.split())


def find_label(act: Act, typed: str) -> Label | None:
    """Find the registered label with that number or code, however it is spaced. None for all others."""
    mark = normal_mark(typed)
    if not mark:
        return None
    bare_number = func.replace(func.upper(Label.number), "-", "")
    query = select(Label).where(or_(Label.code == grouped(mark), bare_number == mark), Label.state.in_(REGISTERED))
    return act.session.scalar(query.limit(1))


def certificates_of(act: Act, label: Label) -> list[Document]:
    """List every certificate ever issued for a label, the current one first."""
    query = (
        select(Document)
        .where(
            Document.kind == DocumentKind.CERTIFICATE,
            Document.noun == "label",
            Document.thing_id == label.id,
            Document.made_at.is_not(None),
        )
        .order_by(Document.replaced_at.is_not(None), Document.made_at.desc())
    )
    return list(act.session.scalars(query))


@dataclass(frozen=True)
class LabelRegister:
    """The register as `app.documents.verify` asks it."""

    act: Act

    def issued(self, sha256: str) -> Issued | None:
        """Give the certificate with these bytes, as it was issued."""
        document = self.act.session.scalar(
            select(Document).where(Document.kind == DocumentKind.CERTIFICATE, Document.issued_sha256 == sha256)
        )
        label = self.act.session.get(Label, document.thing_id) if document else None
        if document is None or label is None or label.number is None or label.state not in REGISTERED:
            return None
        state = public_state(label, self.act.now)
        return Issued(label.number, label.acronym, state.value, is_current=document.replaced_at is None)

    def number_of(self, mark: str) -> str | None:
        found = find_label(self.act, mark)
        return found.number if found else None
