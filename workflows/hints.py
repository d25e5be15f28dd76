"""What a reader of a report may stumble over, said to its writer before it is sent. A hint never stands in the way."""

from __future__ import annotations

import re
from collections.abc import Iterable
from decimal import Decimal

from workflows.definition import Criterion
from workflows.verdict import Reason
from workflows.words import _

SHORT = 80  # characters of reasons under which an applicant learns little
HIGH, LOW = Decimal("0.8"), Decimal("0.4")  # parts of a criterion's points
_PRAISE = re.compile(
    r"\b(excellent|outstanding|very (?:good|strong|convincing)|fully|exemplary|impressive|no (?:weakness|shortcoming)\w*)",
    re.IGNORECASE,
)
_BLAME = re.compile(
    r"\b(weak\w*|poor\w*|lack\w*|missing|unclear|insufficient\w*|inadequate\w*|not (?:convincing|credible|clear|shown)|"
    r"fails?|absent|vague\w*|serious)",
    re.IGNORECASE,
)
_ADVICE = re.compile(r"\b(should|recommend\w*|could be improved|suggest\w*|it would be better)\b", re.IGNORECASE)
_NUMBER = re.compile(r"\b(\d{1,3}(?:[.,]\d{1,3})?)\s*(?:/|out of|of)\s*(\d{1,3}(?:[.,]\d)?)\b")


def hints_on(criterion: Criterion, points: Decimal | None, reasons: str) -> tuple[Reason, ...]:
    """Give what is worth a second look in one criterion; nothing while it is empty."""
    text = reasons.strip()
    if not text:
        return ()
    return tuple(_found(criterion, points, text))


def _found(criterion: Criterion, points: Decimal | None, text: str) -> Iterable[Reason]:
    if len(text) < SHORT:
        yield Reason("short", _("The reasons are short: the applicant learns little from them."))
    if _ADVICE.search(text):
        yield Reason("advice", _("It reads like advice: judge the text as sent, not what it could become."))
    if points is None:
        return
    if (said := _said(criterion, text)) is not None and said != points:
        text_of = _("The reasons speak of {said} points, the score is {points}.")
        yield Reason("other-number", text_of, {"said": said, "points": points})
    praise, blame = bool(_PRAISE.search(text)), bool(_BLAME.search(text))
    if points >= criterion.max_points * HIGH and blame and not praise:
        yield Reason("high-but-blamed", _("The score is high, and the reasons name weaknesses only."))
    below = criterion.threshold is not None and points < criterion.threshold
    if (below or points <= criterion.max_points * LOW) and praise and not blame:
        yield Reason("low-but-praised", _("The score is low, and the reasons name strengths only."))


def _said(criterion: Criterion, text: str) -> Decimal | None:
    """Give the points the text itself names, such as “3/5”, where they are of this criterion."""
    for found in _NUMBER.finditer(text):
        said, most = (Decimal(one.replace(",", ".")) for one in found.groups())
        if most == criterion.max_points and said <= most:
            return said
    return None
