"""The small Jinja environment of the documents: packaged templates, escaped by default, no Flask."""

from datetime import date, datetime
from functools import cache
from pathlib import Path
from zoneinfo import ZoneInfo

from babel.dates import format_date, format_datetime
from babel.numbers import format_decimal
from babel.support import Translations
from jinja2 import Environment, FileSystemLoader, StrictUndefined

from app.prose import formatted
from workflows.letter_texts import blocks

_ROOT = Path(__file__).resolve().parent.parent.parent
_TEMPLATES = _ROOT / "templates" / "documents"
_BRUSSELS = ZoneInfo("Europe/Brussels")
_KILO = 1024


@cache
def environment(lang: str) -> Environment:
    made = Environment(
        loader=FileSystemLoader(_TEMPLATES),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        extensions=["jinja2.ext.i18n"],
    )
    translations = Translations.load(_ROOT / "app" / "translations", [lang])
    made.install_gettext_translations(translations, newstyle=True)  # type: ignore[attr-defined]
    made.filters["day"] = lambda iso: format_date(date.fromisoformat(iso), "d MMMM y", locale=lang)
    made.filters["moment"] = lambda iso: _moment(iso, "EEEE d MMMM y, HH:mm:ss", lang)
    made.filters["deadline"] = lambda iso: _moment(iso, "EEEE d MMMM y, HH:mm", lang)
    made.filters["moment_utc"] = lambda iso: f"{_utc(iso):%Y-%m-%d %H:%M:%S} UTC"
    made.filters["size"] = lambda count: _size(count, lang)
    made.filters["paragraphs"] = _paragraphs
    made.filters["blocks"] = blocks
    made.filters["formatted"] = formatted
    return made


def css(name: str) -> str:
    return (_TEMPLATES / name).read_text(encoding="utf-8")


def _utc(iso: str) -> datetime:
    moment = datetime.fromisoformat(iso)
    if moment.tzinfo is None:
        raise ValueError(f"{iso} has no offset")
    return moment.astimezone(ZoneInfo("UTC"))


def _moment(iso: str, pattern: str, lang: str) -> str:
    return format_datetime(_utc(iso), pattern, tzinfo=_BRUSSELS, locale=lang)


def _size(count: int, lang: str) -> str:
    """Give a file's size: in kB as people know it, and in bytes to compare."""
    exact = format_decimal(count, locale=lang)
    if count < _KILO:
        return f"{exact} bytes"
    return f"{format_decimal(round(count / _KILO), locale=lang)} kB ({exact} bytes)"


def _paragraphs(text: str) -> list[list[str]]:
    """Split at empty lines into paragraphs, and these into lines."""
    parts = text.replace("\r\n", "\n").replace("\r", "\n").split("\n\n")
    return [part.strip("\n").split("\n") for part in parts if part.strip()]
