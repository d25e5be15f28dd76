"""Small forms of the office's lists: the name of a saved view, the moment of a report."""

from __future__ import annotations

from flask_babel import lazy_gettext as _
from wtforms import StringField
from wtforms.validators import InputRequired, Length, Optional
from wtforms.widgets import DateTimeLocalInput

from forms.base import BaseForm


class ViewForm(BaseForm):
    name = StringField(
        _("Name of this view"),
        [
            InputRequired(_("Give the view a name.")),
            Length(max=100, message=_("Shorten the name: at most 100 characters.")),
        ],
    )


class AsOfForm(BaseForm):
    """What cannot be read comes back as it was typed, with the remedy beside it."""

    as_of = StringField(
        _("As of"), [Optional()], widget=DateTimeLocalInput(), description=_("A moment of the past, in the call's time")
    )
