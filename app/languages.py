"""The languages of the service: English, the language of the source, and every other whose catalogue is there."""

from __future__ import annotations

from functools import cache
from pathlib import Path

from babel import Locale
from babel.support import NullTranslations, Translations

ENGLISH = "en"
DOMAIN = "messages"


def available(folder: Path) -> tuple[str, ...]:
    """List the languages that can be chosen; a compiled catalogue makes one, and English needs none."""
    others = (path.parts[-3] for path in folder.glob(f"*/LC_MESSAGES/{DOMAIN}.mo"))
    return (ENGLISH, *sorted(other for other in others if other != ENGLISH))


def own_name(language: str) -> str:
    """Name a language as its speakers do: Ελληνικά."""
    return str(Locale.parse(language).display_name)


def one_of(wished: str | None, folder: Path) -> str:
    """Give the wished language where there is one, else English."""
    return wished if wished in available(folder) else ENGLISH


@cache
def catalogue(language: str, folder: Path) -> NullTranslations:
    """Load the texts of a language; English has none, and its texts stand for themselves."""
    return Translations.load(folder, [language], DOMAIN)
