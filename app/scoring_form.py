"""The form of a report, individual or agreed: one line for each criterion of the call, made at run time."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, replace
from decimal import Decimal
from typing import Any

from flask_babel import gettext as _

from app.services.evaluating.score_words import bands_of, marks_of
from app.services.evaluating.scores import Line, ScoreClash
from app.services.reason_json import trimmed
from app.services.transitions import Refused
from app.ui import reason
from forms.base import clean_text, has_control
from workflows.definition import CallDefinition, Criterion
from workflows.hints import hints_on
from workflows.verdict import Reason

_NUMBER = re.compile(r"\d{1,5}([.,]\d{1,6})?")


@dataclass(frozen=True)
class ScoreLine:
    """One criterion as the page shows it: what was typed or stored, and what is wrong with it."""

    criterion: Criterion
    points: str
    reasons: str
    note: str
    number: int
    saved: Line
    index: int
    errors: tuple[str, ...] = ()
    clash: Line | None = None
    sections: tuple[tuple[str, str], ...] = field(default=())

    @property
    def code(self) -> str:
        return self.criterion.code

    @property
    def was_saved(self) -> bool:
        return self.saved.number > 1 or bool(self.note)

    @property
    def marks(self) -> list[str] | None:
        return marks_of(self.criterion)

    @property
    def bands(self) -> list[tuple[str, str]]:
        return bands_of(self.criterion)

    @property
    def hints(self) -> list[str]:
        """What to look at once more before sending; nothing of it stands in the way."""
        try:
            points = self.value
        except ValueError:
            points = None
        return [reason(one) for one in hints_on(self.criterion, points, self.reasons)]

    @property
    def value(self) -> Decimal | None:
        """The points as a number; ValueError where what was typed is none."""
        if not self.points:
            return None
        if not _NUMBER.fullmatch(self.points):
            raise ValueError(self.points)
        return Decimal(self.points.replace(",", "."))


def points_text(points: Decimal | None) -> str:
    return "" if points is None else trimmed(points)


def stored_lines(call: CallDefinition, lines: Iterable[Line]) -> list[ScoreLine]:
    """Give the lines as they are stored, in the order of the call."""
    found = {line.criterion: line for line in lines}
    titles = {section.id: section.title for section in call.sections}
    return [
        ScoreLine(
            criterion=criterion,
            points=points_text(found[criterion.code].points),
            reasons=found[criterion.code].reasons,
            note=getattr(found[criterion.code], "private_note", ""),
            number=found[criterion.code].number,
            saved=found[criterion.code],
            index=index,
            sections=tuple((f"#section-{s}", titles[s]) for s in criterion.sections if s in titles),
        )
        for index, criterion in enumerate(call.criteria, start=1)
    ]


def typed_lines(stored: Iterable[ScoreLine], typed: Mapping[str, Any]) -> list[ScoreLine]:
    """Put what was typed over what is stored; a field that was not sent keeps its stored value."""
    return [
        replace(
            line,
            points=(typed.get(f"points-{line.code}", line.points) or "").strip(),
            reasons=clean_text(typed.get(f"reasons-{line.code}", line.reasons)) or "",
            note=clean_text(typed.get(f"note-{line.code}", line.note)) or "",
            number=_whole(typed.get(f"number-{line.code}"), line.number),
        )
        for line in stored
    ]


def _whole(text: str | None, otherwise: int) -> int:
    return int(text) if text is not None and re.fullmatch(r"\d{1,9}", text) else otherwise


def save_lines(lines: Iterable[ScoreLine], save: Callable[[ScoreLine], object]) -> list[ScoreLine]:
    """Save each line; give them back with what is wrong. What clashes keeps its text and the newer number."""
    return [_saved(line, save) for line in lines]


def _saved(line: ScoreLine, save: Callable[[ScoreLine], object]) -> ScoreLine:
    if has_control(line.reasons + line.note):
        text = _("%(name)s: the text holds a character that can't be stored: type it anew.", name=line.criterion.name)
        return replace(line, errors=(text,))
    try:
        save(line)
    except ValueError:
        return replace(
            line, errors=(_("%(name)s: give the score as a number, such as 12.5.", name=line.criterion.name),)
        )
    except Refused as refused:
        return replace(line, errors=tuple(reason(one) for one in refused.reasons))
    except ScoreClash as clash:
        text = _("%(name)s: it was saved from another page meanwhile; see both texts.", name=line.criterion.name)
        return replace(line, errors=(text,), clash=clash.line, number=clash.line.number)
    return replace(line, number=line.saved.number)


def with_reasons(lines: Iterable[ScoreLine], reasons: Iterable[Reason]) -> list[ScoreLine]:
    """Put reasons at the criteria they name; what names none stands at the first."""
    found = list(lines)
    for one in reasons:
        at = next((i for i, line in enumerate(found) if line.criterion.name == one.params.get("name")), 0)
        found[at] = replace(found[at], errors=(*found[at].errors, reason(one)))
    return found


def problems(lines: Iterable[ScoreLine]) -> list[tuple[str, str]]:
    """Give what is wrong with the id of its place on the page."""
    return [(f"criterion-{line.index}", text) for line in lines for text in line.errors]
