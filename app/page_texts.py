"""The catalogue of a page's language, found once for the page and not for each of its texts."""

from __future__ import annotations

from babel.support import NullTranslations
from flask import Flask, g
from flask_babel import get_domain


def texts_of_page() -> NullTranslations:
    """Give the catalogue that the texts of this request are looked up in."""
    kept: NullTranslations | None = g.get("texts")
    if kept is None:
        kept = g.texts = get_domain().get_translations()
    return kept


def register_page_texts(app: Flask) -> None:
    """Let templates look their texts up here. Flask-Babel must be set up on the app."""
    app.jinja_env.install_gettext_callables(  # type: ignore[attr-defined]
        gettext=lambda text: texts_of_page().ugettext(text),
        ngettext=lambda one, many, count: texts_of_page().ungettext(one, many, count),
        newstyle=True,
    )
