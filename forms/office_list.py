"""Small forms of the office's lists: the name of a saved view, the moment of a report."""

from __future__ import annotations

from flask_babel import lazy_gettext as _
from wtforms import StringField
from wtforms.validators import DataRequired, Optional
from wtforms.widgets import DateTimeLocalInput

from forms.base import BaseForm
from forms.checks import shorter


class ViewForm(BaseForm):
    name = StringField(_("Name of this view"), [DataRequired(_("Give the view a name.")), shorter(100)])


class AsOfForm(BaseForm):
    """What cannot be read comes back as it was typed, with the remedy beside it."""

    as_of = StringField(
        _("As of"), [Optional()], widget=DateTimeLocalInput(), description=_("A moment of the past, in the call's time")
    )
