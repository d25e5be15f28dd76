"""Forms about calls."""

from __future__ import annotations

from flask_babel import lazy_gettext as _
from wtforms import BooleanField, FileField, RadioField, SelectField, StringField, TextAreaField
from wtforms.validators import InputRequired, Length, Optional

from forms.base import BaseForm

Choices = list[tuple[str, str]]


class FirstCheckForm(BaseForm):
    """Five questions, asked with GET: nothing is stored."""

    kind = RadioField(
        _("What kind of organisation are you?"), [InputRequired(_("Choose the kind of your organisation."))]
    )
    country = SelectField(_("In which country are you established?"), [InputRequired(_("Choose your country."))])
    region = SelectField(
        _("In which region is your seat?"),
        [Optional()],
        description=_("Leave it empty if you don't know the region's code."),
    )
    second = SelectField(_("In which country is a second partner, if you have one in mind?"), [Optional()])
    third = SelectField(_("And a third one?"), [Optional()])

    def offer(self, kinds: Choices, countries: Choices, regions: Choices) -> None:
        self.kind.choices = [*kinds, ("other", _("None of these"))]
        self.country.choices = [("", _("Choose")), *countries]
        self.region.choices = [("", _("Not known yet")), *regions]
        self.second.choices = self.third.choices = [("", _("Not known yet")), *countries]


class ImportForm(BaseForm):
    """A call file, chosen or pasted."""

    file = FileField(_("Call file (YAML)"), description=_("At most 1 MB. Nothing is stored if there is a fault in it."))
    practice = BooleanField(_("This is a practice call: it is marked so on every page, mail and PDF"))


class ChangeForm(BaseForm):
    """The changed text of a call that is announced or open, written on the page or chosen as a file."""

    text = TextAreaField(
        _("The call as text (YAML)"),
        description=_("Change what stands to the right of a colon, and keep the indents. Nothing changes before you "
                      "have seen what it changes and put it in force."),
    )  # fmt: skip
    file = FileField(
        _("Changed call file (YAML)"), description=_("At most 1 MB. Nothing changes before you put it in force.")
    )


class SettleForm(BaseForm):
    """What the office found out about a region the table is silent about."""

    region = StringField(
        _("Region (NUTS 2 code)"),
        [
            InputRequired(_("Enter the code of the region.")),
            Length(min=2, max=5, message=_("A code has two to five characters.")),
        ],
    )
    category = RadioField(_("Fund category"), [InputRequired(_("Choose the category."))])
    source = TextAreaField(
        _("Source"),
        [
            InputRequired(_("Name the source: a title, a page, or an address.")),
            Length(max=2000, message=_("Shorten the text: at most %(max)d characters.")),
        ],
        description=_("Whoever checks later must be able to find it."),
    )

    def offer(self, categories: Choices) -> None:
        self.category.choices = categories
