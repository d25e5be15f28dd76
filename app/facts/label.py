"""What guards of a label may know."""

from __future__ import annotations

from app.act import Act
from app.models import Label
from workflows.label import Facts


def label_facts(act: Act, label: Label) -> Facts:
    return Facts(now=act.now, accept_by=label.accept_by, valid_until=label.valid_until, proposed_by=label.proposed_by)
