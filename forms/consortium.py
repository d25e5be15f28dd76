"""What a consortium settles around its partners: agreed beforehand, handed over, changed after the deadline."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal, InvalidOperation

from flask_babel import lazy_gettext
from wtforms import BooleanField, EmailField, Field, SelectField, StringField, TextAreaField
from wtforms.validators import InputRequired, Length, Optional, ValidationError

from forms.base import BaseForm
from forms.membership import SharedPartForm

Choices = Sequence[tuple[str, str]]
_CHOOSE = ("", lazy_gettext("Choose"))
_MOST = Decimal(100)
_SHORTEN = lazy_gettext("Shorten the text: at most %(max)d characters.")


class AgreementForm(BaseForm):
    """What the lead may change without asking again, until the deadline."""

    share_percent = StringField(
        lazy_gettext("Our share may change by at most"),
        [Optional()],
        description=lazy_gettext("Up or down from the share you confirmed. Leave it empty if it may not change."),
    )
    texts = BooleanField(lazy_gettext("The text that describes our task may change"))

    def validate_share_percent(self, field: Field) -> None:
        if field.data and self.percent is None:
            raise ValidationError(lazy_gettext("Enter a number from 0 to 100."))

    @property
    def percent(self) -> Decimal | None:
        """Per cent with two digits; None where nothing, or no such number, was typed."""
        try:
            number = Decimal((self.share_percent.data or "").replace("%", "").replace(",", ".").strip())
        except InvalidOperation:
            return None
        return number.quantize(Decimal("0.01")) if number.is_finite() and 0 <= number <= _MOST else None


class ColleagueForm(BaseForm):
    """A member of the coordinating organisation."""

    person = SelectField(
        lazy_gettext("Member of the coordinating organisation"), [InputRequired(lazy_gettext("Choose a person."))]
    )

    def offer(self, people: Choices) -> None:
        self.person.choices = [_CHOOSE, *people]


class AppointForm(ColleagueForm):
    reason = TextAreaField(
        lazy_gettext("Reason"),
        [InputRequired(lazy_gettext("Give the reason.")), Length(max=2000, message=_SHORTEN)],
        description=lazy_gettext("It is kept in the history of the application."),
    )


class _ReasonForm(BaseForm):
    reason = TextAreaField(
        lazy_gettext("Why it is needed"),
        [InputRequired(lazy_gettext("Say why the change is needed.")), Length(max=2000, message=_SHORTEN)],
        description=lazy_gettext("The programme office reads it."),
    )


class RemoveLaterForm(_ReasonForm):
    """One partner less, after the deadline."""


class PartLaterForm(SharedPartForm, _ReasonForm):
    """Another role, task or share of a partner, after the deadline."""


class AddLaterForm(SharedPartForm, _ReasonForm):
    """One partner more, after the deadline."""

    organisation = SelectField(lazy_gettext("Organisation of the directory"), [Optional()])
    name = StringField(lazy_gettext("Name of the organisation"), [Optional(), Length(max=300)])
    email = EmailField(lazy_gettext("E-mail address of the person you ask"), [Optional(), Length(max=320)])

    def offer(self, organisations: Choices) -> None:
        self.organisation.choices = [_CHOOSE, *organisations]

    def validate_email(self, field: Field) -> None:
        if not field.data and not self.organisation.data:
            raise ValidationError(lazy_gettext("Choose an organisation or enter an e-mail address."))
