"""Inviting a partner, its own facts, and the people who act in a consortium."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal, InvalidOperation
from typing import Any

from flask_babel import lazy_gettext
from wtforms import DateField, EmailField, Field, SelectField, SelectMultipleField, StringField, TextAreaField
from wtforms.fields.choices import SelectChoice  # type: ignore[attr-defined]  # newer than the stubs
from wtforms.validators import InputRequired, Length, Optional, Regexp, ValidationError
from wtforms.widgets import CheckboxInput, ListWidget

from forms.base import BaseForm

Choices = Sequence[tuple[str, str]]
_ADDRESS = Regexp(
    r"^[^@\s]+@[^@\s]+\.[^@\s]+$", message=lazy_gettext("Enter an e-mail address in the form name@example.eu.")
)
_CHOOSE = ("", lazy_gettext("Choose"))
_MOST = Decimal(10**12)


class InviteForm(BaseForm):
    """An organisation of the directory, or an address with a name."""

    organisation = SelectField(
        lazy_gettext("Organisation of the directory"),
        [Optional()],
        description=lazy_gettext("Whoever administers it gets the mail. Leave it empty to invite by e-mail address."),
    )
    name = StringField(lazy_gettext("Name of the organisation"), [Optional(), Length(max=300)])
    email = EmailField(lazy_gettext("E-mail address of the person you ask"), [Optional(), Length(max=320), _ADDRESS])
    role = SelectField(lazy_gettext("Role"), [InputRequired()])
    invitation = TextAreaField(
        lazy_gettext("What you ask for"),
        [
            InputRequired(lazy_gettext("Say what you ask the partner to commit to.")),
            Length(max=2000, message=lazy_gettext("Shorten the text: at most %(max)d characters.")),
        ],
        description=lazy_gettext("Task, effort and share. The partner reads it before having an account."),
    )
    answer_by = DateField(
        lazy_gettext("Answer until the end of"), [Optional(lazy_gettext("Enter a day as year-month-day."))]
    )

    def offer(self, organisations: Choices, roles: Choices) -> None:
        self.organisation.choices = [_CHOOSE, *organisations]
        self.role.choices = list(roles)

    def validate_email(self, field: Field) -> None:
        if not field.data and not self.organisation.data:
            raise ValidationError(lazy_gettext("Choose an organisation or enter an e-mail address."))


class _OwnFacts(BaseForm):
    country = SelectField(lazy_gettext("Country"), [InputRequired(lazy_gettext("Choose the country."))])
    region = SelectField(
        lazy_gettext("Region (NUTS 2) of the seat"),
        [Optional()],
        description=lazy_gettext("If it is not in the list, leave it open: the office settles it."),
    )
    kinds = SelectMultipleField(
        lazy_gettext("What kind of organisation it is"),
        [InputRequired(lazy_gettext("Choose at least one kind."))],
        widget=ListWidget(prefix_label=False),
        option_widget=CheckboxInput(),
    )

    def offer(self, countries: Choices, regions: Choices, kinds: Choices) -> None:
        self.country.choices = [_CHOOSE, *countries]
        self.region.choices = [("", lazy_gettext("Not known, or not in the list")), *regions]
        self.kinds.choices = list(kinds)

    @property
    def facts(self) -> dict[str, Any]:
        return {"country": self.country.data, "region": self.region.data or None, "kinds": list(self.kinds.data or [])}


class AcceptForm(_OwnFacts):
    """Four things, on a phone, in under five minutes."""

    organisation = SelectField(lazy_gettext("Organisation you answer for"), [Optional()])
    name = StringField(
        lazy_gettext("Name of your organisation"),
        [Optional(), Length(max=300, message=lazy_gettext("Shorten the name to %(max)d characters."))],
        description=lazy_gettext("In its own script, as in its statutes."),
    )

    def offer_organisations(self, organisations: Choices) -> None:
        self.organisation.choices = [*organisations, ("", lazy_gettext("Another organisation: I give its name below"))]

    def validate_name(self, field: Field) -> None:
        if not field.data and not self.organisation.data:
            raise ValidationError(lazy_gettext("Enter the name of your organisation."))


class OwnPartForm(_OwnFacts):
    """A partner's own part, once it has accepted."""

    region_acted_for = SelectField(lazy_gettext("Region you act for, where it is another"), [Optional()])

    def offer(self, countries: Choices, regions: Choices, kinds: Choices) -> None:
        super().offer(countries, regions, kinds)
        self.region_acted_for.choices = [("", lazy_gettext("The same as the seat")), *regions]

    @property
    def facts(self) -> dict[str, Any]:
        return super().facts | {"region_acted_for": self.region_acted_for.data or None}


class SharedPartForm(BaseForm):
    """What the lead settles with a partner: role, task and share of the grant."""

    role = SelectField(lazy_gettext("Role"), [InputRequired()])
    task = TextAreaField(
        lazy_gettext("Task in the project"),
        [Optional(), Length(max=2000, message=lazy_gettext("Shorten the text: at most %(max)d characters."))],
    )
    share = StringField(lazy_gettext("Share of the grant"), [Optional()])

    def validate_share(self, field: Field) -> None:
        if field.data and self._share() is None:
            raise ValidationError(lazy_gettext("Enter an amount in figures, such as 90000.50."))

    def _share(self) -> Decimal | None:
        text = (self.share.data or "").replace(" ", "").replace("\u00a0", "").replace(",", ".")
        try:
            amount = Decimal(text)
        except InvalidOperation:
            return None
        fits = amount.is_finite() and 0 <= amount < _MOST
        return amount.quantize(Decimal("0.01")) if fits else None

    @property
    def facts(self) -> dict[str, Any]:
        return {
            "role": self.role.data,
            "task": self.task.data or "",
            "share": self._share() if self.share.data else None,
        }


class PersonForm(BaseForm):
    """Somebody who already has an account."""

    email = EmailField(
        lazy_gettext("E-mail address of the person's account"),
        [InputRequired(lazy_gettext("Enter the e-mail address of the person.")), Length(max=320), _ADDRESS],
    )


class NamedPersonForm(PersonForm):
    part = SelectField(
        lazy_gettext("Part"),
        [InputRequired()],
        choices=[
            SelectChoice("deputy", lazy_gettext("Deputy: edits, invites and submits")),
            SelectChoice(
                "helper", lazy_gettext("Helper: edits; neither signs, submits nor invites; named to the office")
            ),
        ],
    )


class SignatoryForm(BaseForm):
    name = StringField(
        lazy_gettext("Name of the authorised signatory"),
        [InputRequired(lazy_gettext("Enter the name of the signatory.")), Length(max=200)],
    )
    email = EmailField(
        lazy_gettext("E-mail address of the signatory"),
        [InputRequired(lazy_gettext("Enter the e-mail address of the signatory.")), Length(max=320), _ADDRESS],
    )


class WhatIfForm(BaseForm):
    """A partner that is only imagined, to see what it would change."""

    country = SelectField(lazy_gettext("Country"), [Optional()])
    region = SelectField(lazy_gettext("Region"), [Optional()])
    kind = SelectField(lazy_gettext("Kind of organisation"), [Optional()])

    def offer(self, countries: Choices, regions: Choices, kinds: Choices) -> None:
        self.country.choices = [_CHOOSE, *countries]
        self.region.choices = [_CHOOSE, *regions]
        self.kind.choices = [_CHOOSE, *kinds]
