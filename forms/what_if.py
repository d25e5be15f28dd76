"""What may be tried in the what-if room: shapes only. Every field has its own name in the address."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from decimal import Decimal, InvalidOperation
from typing import Any, ClassVar

from flask_babel import gettext
from flask_babel import lazy_gettext as _
from wtforms import SelectField, StringField
from wtforms.fields.choices import SelectChoice  # type: ignore[attr-defined]  # newer than the stubs
from wtforms.validators import Length, ValidationError

from forms.base import BaseForm
from workflows.definition import CallDefinition, Direction, TieBreak, TieBreakBy
from workflows.what_if import Trial

MOST = Decimal("999999999999.99")
BESIDE = {"total": TieBreakBy.TOTAL, "panel": TieBreakBy.PANEL_DECISION, "draw": TieBreakBy.DRAW}
Named = Sequence[tuple[str, str]]


def number(text: str | None) -> Decimal | None:
    """Read a typed number, comma or point; None where nothing was typed. ValueError if it is none."""
    if not text:
        return None
    try:
        found = Decimal(text.replace(" ", "").replace(",", "."))
    except InvalidOperation as wrong:
        raise ValueError(text) from wrong
    exponent = found.as_tuple().exponent
    if not found.is_finite() or not 0 <= found <= MOST or (isinstance(exponent, int) and exponent < -5):  # noqa: PLR2004
        raise ValueError(text)
    return found


def _is_number(_form: object, field: StringField) -> None:
    try:
        number(field.data)
    except ValueError as wrong:
        raise ValidationError(gettext("Enter a number from 0 up, such as 2.5")) from wrong


def _is_whole(form: object, field: StringField) -> None:
    _is_number(form, field)
    found = number(field.data)
    if found is not None and found != int(found):
        raise ValidationError(gettext("Enter a whole number"))


class WhatIfForm(BaseForm):
    """Made by `what_if_form` for one call."""

    call: ClassVar[CallDefinition]
    strands: ClassVar[tuple[str, ...]]
    ties: StringField
    without: SelectField
    app: SelectField
    criterion: SelectField
    points: StringField

    def validate_ties(self, field: StringField) -> None:
        known = {criterion.code for criterion in self.call.criteria} | set(BESIDE)
        for word in _tokens(field.data):
            if word.removesuffix(" lower").strip() not in known:
                text = gettext("“%(word)s” is none of these: %(known)s", word=word, known=", ".join(sorted(known)))
                raise ValidationError(text)

    def validate_points(self, field: StringField) -> None:
        given = [bool(one.data) for one in (self.app, self.criterion, field)]
        if any(given) and not all(given):
            raise ValidationError(gettext("Choose an application and a criterion, and enter the score"))
        most = {one.code: one.max_points for one in self.call.criteria}.get(self.criterion.data or "")
        found = number(field.data)
        if most is not None and found is not None and found > most:
            raise ValidationError(gettext("Enter a score of at most %(most)s", most=most))

    @property
    def trial(self) -> Trial:
        """Give what was asked to be tried; call it once the form is valid."""
        return Trial(
            thresholds=self._numbers("t", [one.code for one in self.call.criteria]),
            overall=number(self.data.get("t")),
            weights=self._numbers("w", [one.code for one in self.call.criteria]),
            awards={code: int(found) for code, found in self._numbers("awards", self.strands).items()},
            money=self._numbers("money", self.strands),
            ties=_rules(self.ties.data) if self.ties.data else None,
            without=self.without.data or "",
            score=self._score(),
        )

    def _numbers(self, kind: str, codes: Sequence[str]) -> dict[str, Decimal]:
        typed = {code: number(self.data[f"{kind}_{code}" if code else kind]) for code in codes}
        return {code: found for code, found in typed.items() if found is not None}

    def _score(self) -> tuple[str, str, Decimal] | None:
        found = number(self.points.data)
        return (self.app.data, self.criterion.data, found) if found is not None else None


def _tokens(text: str | None) -> list[str]:
    return [" ".join(word.split()) for word in (text or "").split(",") if word.strip()]


def _rules(text: str) -> tuple[TieBreak, ...]:
    rules = []
    for word in _tokens(text):
        name = word.removesuffix(" lower").strip()
        direction = Direction.ASC if word.endswith(" lower") else Direction.DESC
        by = BESIDE.get(name, TieBreakBy.CRITERION)
        rules.append(TieBreak(by=by, code=name if by is TieBreakBy.CRITERION else None, direction=direction))
    return tuple(rules)


def ties_text(rules: Sequence[TieBreak]) -> str:
    """Write the rules for equals as they are typed."""
    names = {by: name for name, by in BESIDE.items()}
    return ", ".join(
        f"{rule.code or names[rule.by]}{' lower' if rule.direction is Direction.ASC else ''}" for rule in rules
    )


def what_if_form(call: CallDefinition, applications: Named, reports: Named) -> type[WhatIfForm]:
    """Make the form of one call; `applications` and `reports` are (key, name)."""
    strands = tuple(one.code for one in call.strands) or ("",)
    fields: dict[str, Any] = {}
    for one in call.criteria:
        fields[f"t_{one.code}"] = _field(_("Threshold of %(name)s", name=one.name), one.threshold)
        fields[f"w_{one.code}"] = _field(_("Weight of %(name)s", name=one.name), one.weight)
    fields["t"] = _field(_("Threshold of the total"), call.overall_threshold)
    fields |= _limits(call)
    codes = ", ".join([*(one.code for one in call.criteria), *BESIDE])
    hint = _("Now: %(now)s. In the order they are asked, with commas; “C1 lower” puts the lower score first. Known: %(codes)s.", now=ties_text(call.tie_breaks) or "–", codes=codes)  # fmt: skip # noqa: E501
    fields["ties"] = StringField(_("Rules for equals"), [Length(max=200)], description=hint)
    fields["without"] = SelectField(_("Leave out this report"), choices=_choices(reports), default="")
    fields["app"] = SelectField(_("Change one score: of"), choices=_choices(applications), default="")
    named = [(one.code, one.name) for one in call.criteria]
    fields["criterion"] = SelectField(_("on"), choices=_choices(named), default="")
    fields["points"] = StringField(_("to"), [Length(max=20), _is_number])
    return type("WhatIfForm", (WhatIfForm,), {**fields, "call": call, "strands": strands})


def _limits(call: CallDefinition) -> Mapping[str, StringField]:
    if not call.strands:
        budget = call.budget
        return {
            "awards": _field(
                _("Number of labels with a grant"), budget.expected_awards if budget else None, whole=True
            ),
            "money": _field(_("Money"), budget.total if budget else None),
        }
    found: dict[str, StringField] = {}
    for one in call.strands:
        label = _("Number of labels with a grant, %(name)s", name=one.title)
        found[f"awards_{one.code}"] = _field(label, one.expected_awards, whole=True)
        found[f"money_{one.code}"] = _field(_("Money, %(name)s", name=one.title), one.total)
    return found


def _field(label: Any, now: Decimal | int | None, *, whole: bool = False) -> StringField:  # noqa: ANN401
    told = _("Now: %(now)s", now="–" if now is None else f"{Decimal(now):f}")
    return StringField(label, [Length(max=20), _is_whole if whole else _is_number], description=told)


def _choices(named: Named) -> list[Any]:
    return [SelectChoice("", "–"), *(SelectChoice(key, name) for key, name in named)]
