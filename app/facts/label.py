"""What guards of a label may know."""

from __future__ import annotations

from app.act import Act
from app.models import Label
from app.services.labels.charter import not_accepted, terms_of, waiting_for
from workflows.label import Facts, State


def label_facts(act: Act, label: Label) -> Facts:
    asked_of_all = label.state is State.OFFERED and terms_of(label).charter_of_all
    return Facts(
        now=act.now,
        accept_by=label.accept_by,
        valid_until=label.valid_until,
        proposed_by=label.proposed_by,
        charter_waits_for=waiting_for(not_accepted(act, label)) if asked_of_all else (),
    )
