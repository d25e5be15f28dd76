"""Forms of the pool of evaluators."""

from __future__ import annotations

from flask_babel import lazy_gettext as _
from wtforms import (
    DateField,
    EmailField,
    FieldList,
    FormField,
    RadioField,
    SelectField,
    SelectMultipleField,
    StringField,
    TextAreaField,
)
from wtforms.fields import Field
from wtforms.fields.choices import SelectChoice  # type: ignore[attr-defined]  # newer than the stubs
from wtforms.validators import NumberRange, ValidationError
from wtforms.widgets import CheckboxInput, ListWidget

from forms.base import BaseForm, WholeField
from forms.checks import MailAddress, NameText, is_mail_address, maybe, needed, shorter

MOST_EMPLOYERS, MOST_ABSENCES = 8, 12
Choices = list[tuple[str, str]]


class EachAddress:
    """Each line is an e-mail address."""

    def __call__(self, _form: object, field: Field) -> None:
        for line in (field.data or "").split("\n"):
            if line.strip() and not is_mail_address(line.strip()):
                raise ValidationError(_("“%(line)s” is not an e-mail address.", line=line.strip()[:80]))


class EmployerForm(BaseForm):
    name = StringField(_("Employer"), maybe(shorter(300), NameText()))
    domain = StringField(_("Its web or e-mail domain"), maybe(shorter(253)))
    from_on = DateField(_("From"), maybe())
    until_on = DateField(_("Until (empty: still there)"), maybe())


class AwayForm(BaseForm):
    first = DateField(_("First day"), maybe())
    last = DateField(_("Last day"), maybe())

    def validate_first(self, field: DateField) -> None:
        if field.data and not self.last.data:  # an empty last day is judged no further
            raise ValidationError(_("Give the first and the last day."))

    def validate_last(self, field: DateField) -> None:
        if bool(self.first.data) != bool(field.data):
            raise ValidationError(_("Give the first and the last day."))
        if self.first.data and field.data and field.data < self.first.data:
            raise ValidationError(_("The last day cannot come before the first."))


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
    countries = SelectMultipleField(_("Other countries of work"), widget=ListWidget(), option_widget=CheckboxInput())
    sector = SelectField(_("Sector"), maybe())
    evidence = TextAreaField(_("Evidence of the expertise: works, projects, patents, with links"), maybe(shorter(4000)))
    other_addresses = TextAreaField(
        _("Other e-mail addresses you use or used, one a line"), maybe(shorter(2000), EachAddress())
    )
    away = FieldList(FormField(AwayForm), _("Days away"), min_entries=2, max_entries=MOST_ABSENCES)
    employers = FieldList(
        FormField(EmployerForm),
        _("Employers, now and in the last five years"),
        min_entries=3,
        max_entries=MOST_EMPLOYERS,
    )

    def choose_from(self, countries: Choices, languages: Choices, expertise: Choices, sectors: Choices) -> None:
        self.country.choices, self.languages.choices, self.expertise.choices = countries, languages, expertise
        self.countries.choices = [one for one in countries if one[0]]
        self.sector.choices = [("", ""), *sectors]


class InviteForm(ProfileForm):
    name = StringField(_("Name"), [needed(_("Enter the name of the person.")), shorter(200), NameText()])
    email = EmailField(_("E-mail address"), [needed(_("Enter the e-mail address of the person.")), MailAddress()])


class AboutForm(BaseForm):
    """What only the person says of themselves."""

    gender = RadioField(
        _("How do you describe yourself? (optional)"),
        choices=[
            SelectChoice("", _("I would rather not say")),
            SelectChoice("woman", _("Woman")),
            SelectChoice("man", _("Man")),
            SelectChoice("other", _("In another way")),
        ],
        default="",
    )


class DeclineForm(BaseForm):
    reason = TextAreaField(_("Reason (optional, the office reads it)"), maybe(shorter(1000)))
