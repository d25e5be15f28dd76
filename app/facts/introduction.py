"""What guards of an introduction may know."""

from __future__ import annotations

from app.act import Act
from app.models import Introduction
from workflows.introduction import Facts
from workflows.profile import LISTED


def introduction_facts(act: Act, introduction: Introduction) -> Facts:
    return Facts(
        now=act.now,
        answer_by=introduction.answer_by,
        asking_is_published=introduction.asking.state in LISTED,
    )
