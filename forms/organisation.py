"""Forms of organisations and their profiles. Choices come from the view: regions, countries, lists of codes."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from flask_babel import lazy_gettext as _
from wtforms import (
    BooleanField,
    DateField,
    DecimalField,
    FieldList,
    FormField,
    HiddenField,
    SelectField,
    SelectMultipleField,
    StringField,
    TextAreaField,
    URLField,
)
from wtforms.fields.choices import SelectChoice  # type: ignore[attr-defined]  # newer than the stubs
from wtforms.validators import NumberRange
from wtforms.widgets import CheckboxInput, ListWidget

from forms.base import BaseForm, WholeField
from forms.checks import OrganisationName, Pic, WebAddress, maybe, needed, pic_digits, shorter

LANGUAGES = (
    "en bg cs da de el es et fi fr ga hr hu is it lt lv mk mt nb nl pl pt ro sk sl sq sr sv tr uk".split()  # noqa: SIM905
)
FIRST_PRIORITIES, MOST_PRIORITIES = 3, 12
FIRST_FACILITIES, MOST_FACILITIES = 1, 12


def options(pairs: Iterable[tuple[str, Any]]) -> list[Any]:
    return [SelectChoice(code, name) for code, name in pairs]


class Boxes(SelectMultipleField):
    """Several choices, each a box to tick."""

    widget = ListWidget(prefix_label=False)
    option_widget = CheckboxInput()


class FindForm(BaseForm):
    name = StringField(_("Name of your organisation"), maybe(shorter(300)))
    pic = StringField(
        _("PIC"),
        maybe(Pic()),
        description=_("Nine-digit EU number of an organisation; leave it empty if you have none."),
    )


class NewOrganisationForm(BaseForm):
    name = StringField(
        _("Name, in its own script"),
        [needed(_("Enter the name of your organisation.")), shorter(300), OrganisationName()],
        description=_("As it is registered, for example Ελληνικό Cluster or Клъстер Мехатроника."),
    )  # fmt: skip
    pic = StringField(
        _("PIC"),
        maybe(Pic()),
        description=_("Nine-digit EU number of an organisation; leave it empty if you have none."),
    )
    country = SelectField(_("Country of the seat"), [needed(_("Choose the country of the seat."))])


class PriorityForm(BaseForm):
    region = StringField(_("Region, by name or code"), maybe(shorter(100)))
    text = StringField(_("Priority of its smart specialisation strategy"), maybe(shorter(300)))


class FacilityForm(BaseForm):
    kind = SelectField(_("Kind of facility"), default="")
    text = StringField(_("What it is"), maybe(shorter(300)))
    conditions = StringField(
        _("Conditions for small and medium-sized enterprises"),
        maybe(shorter(300)),
        description=_("Who may use it, at what price, how to ask."),
    )


def whole(label: Any, most: int) -> WholeField:  # noqa: ANN401
    message = _("Enter a whole number from 0 to %(max)d.")
    return WholeField(label, maybe(NumberRange(min=0, max=most, message=message)))


class ProfileForm(BaseForm):
    name_en = StringField(
        _("Name in English"),
        maybe(shorter(300), OrganisationName()),
        description=_("As you use it yourselves; empty if the name is English."),
    )
    name_language = SelectField(_("Language of the name in its own script"))
    acronym = StringField(_("Short name"), maybe(shorter(40), OrganisationName()))
    kinds = Boxes(_("What it is"), description=_("Tick all that apply."))
    pic = StringField(
        _("PIC"),
        maybe(Pic()),
        description=_("Nine-digit EU number of an organisation; leave it empty if you have none."),
    )
    country = SelectField(_("Country of the seat"))
    region = SelectField(_("Region of the seat (NUTS 2)"), description=_("The region of the registered office."))
    city = StringField(_("Town"), maybe(shorter(120), OrganisationName()))
    regions_served = StringField(
        _("Other regions you serve"),
        maybe(shorter(2000)),
        description=_("Names or codes of NUTS 2 regions, separated by semicolons: Lombardia; ITC1; Rhône-Alpes"),
    )
    website = URLField(_("Website"), maybe(shorter(500), WebAddress()), description=_("With pages in English."))
    founded = WholeField(
        _("Founded in the year"), maybe(NumberRange(min=1500, max=2100, message=_("Enter a year such as 2009.")))
    )
    staff_fte = DecimalField(
        _("Staff, in full-time equivalents"),
        maybe(NumberRange(min=0, max=99999, message=_("Enter a number such as 2.5."))),
        description=_("Of the team that manages it, such as 2.5."),
    )
    members_total = whole(_("Members"), 1_000_000)
    members_sme = whole(_("Small and medium-sized enterprises among them"), 1_000_000)
    themes = Boxes(_("Thematic areas"), description=_("Tick all that apply; search results rest on them."))
    priorities = FieldList(FormField(PriorityForm), _("Priorities of your regions' smart specialisation strategies"))
    technologies = Boxes(_("Technologies"), description=_("Tick all that apply."))
    facilities = FieldList(FormField(FacilityForm), _("Facilities open to small and medium-sized enterprises"))
    chain_positions = Boxes(
        _("Positions in value chains"), description=_("Where you or your members stand. Tick all that apply.")
    )
    summary = TextAreaField(_("What it does"), maybe(shorter(2000)), description=_("A few sentences, in English."))
    offers = TextAreaField(_("What it offers partners"), maybe(shorter(2000)))
    seeks = TextAreaField(_("What it seeks"), maybe(shorter(2000)))
    open_to_contact = BooleanField(
        _("Others may ask us for an introduction"),
        description=_("Names and addresses are shown to neither side before both have agreed."),
    )
    version = HiddenField()

    @property
    def pic_digits(self) -> str:
        return pic_digits(self.pic.data)

    def choose_from(self, choices: dict[str, Any]) -> None:
        """Take the lists to choose from: countries, regions (by country), kinds, themes, languages."""
        self.country.choices = options(choices["countries"])
        self.region.choices = [
            SelectChoice(code, name, optgroup=group)
            for group, pairs in choices["regions"].items()
            for code, name in pairs
        ]
        self.kinds.choices = options(choices["kinds"])
        self.themes.choices = options(choices["themes"])
        self.name_language.choices = options(choices["languages"])
        self.technologies.choices = options(choices["technologies"])
        self.chain_positions.choices = options(choices["chain_positions"])
        self._kinds_of_facility = choices["facility_kinds"]

    def more_rows(self) -> None:
        """Show some empty rows for priorities and facilities."""
        filled = sum(1 for entry in self.priorities.entries if entry.form.text.data)
        while len(self.priorities.entries) < min(MOST_PRIORITIES, max(FIRST_PRIORITIES, filled + 1)):
            self.priorities.append_entry()
        filled = sum(1 for entry in self.facilities.entries if entry.form.text.data)
        while len(self.facilities.entries) < min(MOST_FACILITIES, max(FIRST_FACILITIES, filled + 1)):
            self.facilities.append_entry()
        for entry in self.facilities.entries:
            entry.form.kind.choices = options(self._kinds_of_facility)


class RenameForm(BaseForm):
    name = StringField(
        _("New name, in its own script"), [needed(_("Enter the new name.")), shorter(300), OrganisationName()]
    )
    name_en = StringField(_("New name in English"), maybe(shorter(300), OrganisationName()))
    from_on = DateField(_("Since"), maybe(), description=_("The first day of the new name; today if left empty."))


class MergeForm(BaseForm):
    other = StringField(
        _("Address or number of the double's page"),
        [needed(_("Enter the address of the double's page.")), shorter(300)],
        description=_("Everything of the double moves here; this can be undone."),
    )  # fmt: skip
