"""The fields of the version that counts: what was edited after the last submission changes nothing."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from sqlalchemy import select

from app.act import Act
from app.facts.answers import values_of
from app.models import Application, SubmittedVersion


@dataclass(frozen=True)
class Sent:
    acronym: str
    title: str
    theme: str | None
    requested_grant: Decimal
    starts_on: date | None
    months: int | None
    strand: str = ""  # the choice in the question that was asked about


def sent_facts(
    act: Act, application: Application, strand_question: str | None = None, moment: datetime | None = None
) -> Sent:
    """Give the fields as they were last submitted, by a moment of the past if one is named.

    They are those of the application itself where nothing was submitted.

    `strand_question` names the question by whose choice applications of the call name their strand.
    """
    query = (
        select(SubmittedVersion.canonical)
        .where(SubmittedVersion.application_id == application.id)
        .order_by(SubmittedVersion.number.desc())
        .limit(1)
    )
    if moment is not None:
        query = query.where(SubmittedVersion.received_at <= moment)
    canonical = act.session.scalar(query)
    if canonical is None:
        return Sent(
            acronym=application.acronym,
            title=application.title,
            theme=application.theme,
            requested_grant=application.requested_grant or Decimal(0),
            starts_on=application.starts_on,
            months=application.months,
            strand=_choice(values_of(act, application), strand_question) if strand_question else "",
        )
    return _read(json.loads(canonical), strand_question)


def _read(content: dict[str, Any], strand_question: str | None) -> Sent:
    return Sent(
        acronym=content["acronym"],
        title=content["title"],
        theme=content["theme"],
        requested_grant=Decimal(content["requested_grant"] or 0),
        starts_on=date.fromisoformat(content["starts_on"]) if content["starts_on"] else None,
        months=content["months"],
        strand=_choice(content["answers"], strand_question),
    )


def _choice(answers: Mapping[str, Any], question: str | None) -> str:
    chosen = answers.get(question) if question else None
    return chosen if isinstance(chosen, str) else ""
