"""A text that a view takes from a form of one field, cleaned and judged like the fields of `forms/`."""

from __future__ import annotations

from flask import request

from app.services.transitions import Refused
from forms.base import clean_text, has_control
from workflows.verdict import refuse
from workflows.words import _


def single_text(name: str) -> str:
    """Give the text of the field; raises `Refused` if it holds what no database can store."""
    text = clean_text(request.form.get(name)) or ""
    if has_control(text):
        raise Refused(refuse("unstorable", _("The text holds a character that can't be stored: type it anew.")))
    return text
