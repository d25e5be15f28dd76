"""Forms of the pool of evaluators."""

from __future__ import annotations

from flask_babel import lazy_gettext as _
from wtforms import (
    DateField,
    EmailField,
    FieldList,
    FormField,
    SelectField,
    SelectMultipleField,
    StringField,
    TextAreaField,
)
from wtforms.validators import NumberRange
from wtforms.widgets import CheckboxInput, ListWidget

from forms.base import BaseForm, WholeField
from forms.checks import MailAddress, NameText, maybe, needed, shorter

MOST_EMPLOYERS = 8
Choices = list[tuple[str, str]]


class EmployerForm(BaseForm):
    name = StringField(_("Employer"), maybe(shorter(300), NameText()))
    domain = StringField(_("Its web or e-mail domain"), maybe(shorter(253)))
    from_on = DateField(_("From"), maybe())
    until_on = DateField(_("Until (empty: still there)"), maybe())


class ProfileForm(BaseForm):
    """What the office needs to know to give somebody the right applications and none in conflict."""

    country = SelectField(_("Country of work"), maybe())
    languages = SelectMultipleField(
        _("Languages you can evaluate in"), widget=ListWidget(), option_widget=CheckboxInput(), validate_choice=True
    )
    expertise = SelectMultipleField(_("Expertise"), widget=ListWidget(), option_widget=CheckboxInput())
    free_words = StringField(_("Expertise in your own words"), maybe(shorter(500)))
    biography = TextAreaField(_("Experience"), maybe(shorter(2000)))
    most_tasks = WholeField(
        _("Most applications at a time"), [needed(_("Enter how many applications at most.")), NumberRange(0, 200)]
    )
    employers = FieldList(
        FormField(EmployerForm), _("Employers of the last three years"), min_entries=3, max_entries=MOST_EMPLOYERS
    )

    def choose_from(self, countries: Choices, languages: Choices, expertise: Choices) -> None:
        self.country.choices, self.languages.choices, self.expertise.choices = countries, languages, expertise


class InviteForm(ProfileForm):
    name = StringField(_("Name"), [needed(_("Enter the name of the person.")), shorter(200), NameText()])
    email = EmailField(_("E-mail address"), [needed(_("Enter the e-mail address of the person.")), MailAddress()])


class DeclineForm(BaseForm):
    reason = TextAreaField(_("Reason (optional, the office reads it)"), maybe(shorter(1000)))
