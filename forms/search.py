"""The form of a saved search."""

from __future__ import annotations

from flask_babel import lazy_gettext as _
from wtforms import StringField

from forms.base import BaseForm
from forms.checks import needed, shorter


class NameForm(BaseForm):
    name = StringField(
        _("Name of the search"),
        [needed(_("Give the search a name.")), shorter(200)],
        description=_("It stands in the subject of the weekly mail."),
    )
