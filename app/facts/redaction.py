"""What guards of an anonymised copy may know: what was edited so far, and what in it may still tell who applies."""

from __future__ import annotations

import json
from collections.abc import Callable
from functools import cache
from typing import Any

from sqlalchemy import select

from app.act import Act
from app.facts.call_version import definition_at
from app.models import RedactedText, Redaction, SubmittedVersion
from app.services.anonymising.redaction_known import known_of
from app.services.anonymising.redaction_texts import Passage, texts_in
from workflows.redaction import Facts
from workflows.redaction_names import Span, find_names


def original_texts(act: Act, redaction: Redaction) -> tuple[Passage, ...]:
    """Give the texts of the frozen version, in the order of the page."""
    content = _content(redaction)
    return texts_in(definition_at(act, redaction.application.call, content.get("call_version")), content)


def _content(redaction: Redaction) -> dict[str, Any]:
    content: dict[str, Any] = json.loads(redaction.submitted.canonical)
    return content


def current_texts(redaction: Redaction) -> dict[str, RedactedText]:
    """Give what was saved last of each text, by place."""
    return {text.place: text for text in redaction.texts}


def text_of(passage: Passage, saved: RedactedText | None) -> str:
    """Give the anonymised text; what was made from another original no longer counts."""
    return saved.text if saved is not None and saved.original_sha256 == passage.sha256 else passage.text


def proposals_in(act: Act, redaction: Redaction) -> Callable[[str], tuple[Span, ...]]:
    """Give what finds the passages of a text that may tell who applies, but for those found harmless."""
    known = known_of(act, redaction.application, _content(redaction))
    harmless = [one.text for one in redaction.harmless]

    @cache
    def found(text: str) -> tuple[Span, ...]:
        return find_names(text, known, harmless)

    return found


def redaction_facts(act: Act, redaction: Redaction) -> Facts:
    texts, found = current_texts(redaction), proposals_in(act, redaction)
    left = 0
    for passage in original_texts(act, redaction):
        left += len(found(text_of(passage, texts.get(passage.place))))
    return Facts(proposals_left=left, newer_version=_newest(act, redaction) != redaction.version_id)


def _newest(act: Act, redaction: Redaction) -> str | None:
    query = select(SubmittedVersion.id).where(SubmittedVersion.application_id == redaction.application_id)
    return act.session.scalar(query.order_by(SubmittedVersion.number.desc()).limit(1))
