"""How values are shown: the filters and the few globals that templates may call. No rule and no query stands here."""

from __future__ import annotations

import hashlib
import re
import unicodedata
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

from babel import Locale
from babel.dates import format_date, format_datetime
from babel.numbers import format_currency, format_decimal, format_percent
from flask import Flask, request, url_for
from flask_babel import get_locale
from flask_babel import gettext as translated
from flask_babel import ngettext as translated_plural
from markupsafe import Markup, escape

from app.code_names import named
from app.matters import called
from app.page_texts import texts_of_page
from app.prose import formatted, guarded
from app.ui_form import control, form_errors
from workflows.words import Codes

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from flask import Response

    from workflows.verdict import Reason
    from workflows.words import Text

ZONE = "Europe/Brussels"
STATIC = Path(__file__).parent / "static"
A_YEAR = 365 * 24 * 3600
_PARAMETER = re.compile(r"\{(\w+)\}")
# Country codes of EU texts where they differ from ISO 3166, which Babel speaks.
_ISO = {"EL": "GR", "UK": "GB"}
_HTMX = (
    '{"allowEval":false,"includeIndicatorStyles":false,"selfRequestsOnly":true,"responseHandling":'
    '[{"code":"204","swap":false},{"code":"[23]..","swap":true},{"code":"400|401|409|422","swap":true,"error":true},'
    '{"code":"[45]..","swap":false,"error":true}]}'
)


def _(message: str, **values: object) -> str:
    return str(translated(message, **values))


def ngettext(one: str, many: str, count: int) -> str:
    return str(translated_plural(one, many, count))


def _locale() -> Locale:
    return get_locale() or Locale("en")


def count_characters(text: str) -> int:
    """Count as limits do: code points after NFC, a newline as one. `app.js` counts the same."""
    return len(unicodedata.normalize("NFC", text.replace("\r\n", "\n").replace("\r", "\n")))


# -- times ---------------------------------------------------------------------------------------------------------


def zone_name(zone: str = ZONE) -> str:
    """Name a zone by its city, as people say it: "Brussels time"."""
    city = zone.rsplit("/", 1)[-1].replace("_", " ")
    return _("%(city)s time", city=city)


def when_text(moment: datetime, zone: str = ZONE) -> str:
    """Write an aware moment in words: "Thursday 10 December 2026, 17:00 Brussels time"."""
    local = format_datetime(moment, "EEEE d MMMM y, HH:mm", tzinfo=ZoneInfo(zone), locale=_locale())
    return f"{local} {zone_name(zone)}"


def when(moment: datetime, zone: str = ZONE) -> Markup:
    """Show an aware moment with its weekday and zone in a `<time>`; a naive one is a programming error."""
    if moment.tzinfo is None:
        raise ValueError("a moment without a zone cannot be shown")
    stamp = moment.astimezone(UTC).isoformat().replace("+00:00", "Z")
    return Markup('<time datetime="{}" data-escp-zone="{}">{}</time>').format(stamp, zone, when_text(moment, zone))


def clock(moment: datetime, zone: str = ZONE) -> str:
    """Give the time of day with seconds, for "Saved at 14:02:31"."""
    return format_datetime(moment, "HH:mm:ss", tzinfo=ZoneInfo(zone), locale=_locale())


def day(value: date | datetime, zone: str = ZONE) -> str:
    """Write a day: "10 December 2026". Of a moment, the day it is in the zone."""
    on = value.astimezone(ZoneInfo(zone)).date() if isinstance(value, datetime) else value
    return format_date(on, "d MMMM y", locale=_locale())


def month(value: date) -> str:
    """Write a month: "December 2026"."""
    return format_date(value, "MMMM y", locale=_locale())


def closing(moment: datetime, precision: str = "minute", zone: str = ZONE) -> str:
    """Say until when. Of day precision the moment is the first instant of the next day: the day before is named."""
    if precision == "day":
        return _("until the end of %(day)s", day=day(moment - timedelta(microseconds=1), zone))
    return _("until %(moment)s", moment=when_text(moment, zone))


def duration(span: timedelta) -> str:
    """Give a span by its two largest units, rounded down: "18 days 2 h", "5 h 20 min", "40 s"."""
    seconds = max(0, int(span.total_seconds()))
    days, hours, minutes = seconds // 86400, seconds % 86400 // 3600, seconds % 3600 // 60
    if days:
        named = ngettext("%(num)d day", "%(num)d days", days)
        return _("%(days)s %(hours)d h", days=named, hours=hours) if hours else named
    if hours:
        return _("%(hours)d h %(minutes)d min", hours=hours, minutes=minutes)
    if minutes:
        return _("%(minutes)d min", minutes=minutes)
    return _("%(seconds)d s", seconds=seconds)


def time_left(until: datetime, now: datetime) -> str:
    """Say how long there is still: "18 days 2 h"; after it, that the time is over."""
    return duration(until - now) if until > now else _("Time is over")


def is_near(until: datetime, now: datetime) -> bool:
    """Is it the last day before a deadline? Pages show the server's clock then."""
    return now < until <= now + timedelta(days=1)


def ago(moment: datetime, now: datetime) -> str:
    """Say how long since, in one unit: "5 days ago"."""
    span = now - moment
    if span < timedelta(minutes=1):
        return _("just now")
    if span < timedelta(hours=1):
        return ngettext("%(num)d minute ago", "%(num)d minutes ago", int(span.total_seconds()) // 60)
    if span < timedelta(days=1):
        return ngettext("%(num)d hour ago", "%(num)d hours ago", int(span.total_seconds()) // 3600)
    return ngettext("%(num)d day ago", "%(num)d days ago", span.days)


# -- numbers -------------------------------------------------------------------------------------------------------


def number(value: Decimal | int | None) -> str:
    """Write a number with the separators of the language, without trailing zeros."""
    return "" if value is None else format_decimal(value, format="#,##0.########", locale=_locale())


def money(value: Decimal | int | None, currency: str = "EUR") -> str:
    """Write an amount as official texts do: "EUR 349,952.00"."""
    return "" if value is None else format_currency(value, currency, "¤¤ #,##0.00", locale=_locale())


def percent(value: Decimal | int | None) -> str:
    """Write a share; `value` is a ratio, 0.75 being 75 %."""
    return "" if value is None else format_percent(value, format="#,##0.##\xa0%", locale=_locale())


def size(octets: int) -> str:
    """Write the size of a file: "3.4 MB", thousands as 1 000."""
    for unit, factor in (("GB", 10**9), ("MB", 10**6), ("kB", 10**3)):
        if octets >= factor:
            return f"{format_decimal(Decimal(octets) / factor, format='0.#', locale=_locale())} {unit}"
    return ngettext("%(num)d byte", "%(num)d bytes", octets)


def country(code: str) -> str:
    """Name a country by its code, of ISO or of EU texts (EL, UK); an unknown code stands for itself."""
    return str(_locale().territories.get(_ISO.get(code, code), code))


def language(code: str) -> str:
    """Name a language by its code; an unknown code stands for itself."""
    return str(_locale().languages.get(code, code))


# -- reasons -------------------------------------------------------------------------------------------------------


def _shown(value: object) -> str:
    return named(value, country=country) if isinstance(value, Codes) else _plainly(value)


def _plainly(value: object) -> str:
    match value:
        case datetime():
            return when_text(value)
        case date():
            return day(value)
        case bool():
            return _("yes") if value else _("no")
        case Decimal() | int():
            return number(value)
        case list() | tuple() | set() | frozenset():
            return ", ".join(_shown(item) for item in value)
    return str(value)


def shown(value: object) -> str:
    """Show a plain value of any kind: text as it is, numbers, days and yes or no in words; nothing for None."""
    return "" if value is None else _shown(value)


def words(text: Text, params: Mapping[str, object] | None = None) -> str:
    """Translate a marked text and fill its `{name}` parameters; nothing else in braces is looked up.

    A plain regular expression instead of `str.format`: texts of call files come through here too.
    """
    given = dict(params or {})
    if isinstance(text, str):
        message = str(texts_of_page().ugettext(text))
    else:
        count: Any = given.get("n", 0)
        message = str(texts_of_page().ungettext(text.one, text.many, count))
    return _PARAMETER.sub(lambda found: _shown(given[found[1]]) if found[1] in given else found[0], message)


def reason(given: Reason) -> str:
    """Say why not, in the person's language."""
    return words(given.text, given.params)


# -- assets and wiring ---------------------------------------------------------------------------------------------


@lru_cache(maxsize=256)
def _fingerprint(path: Path, _changed: int) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()[:12]


def asset(name: str) -> str:
    """Give the address of a file under `static/`; it changes with the content, so browsers may keep it for ever."""
    path = STATIC / name
    if not path.is_file():  # not built yet: the page works without it
        return url_for("static", filename=name)
    return url_for("static", filename=name, v=_fingerprint(path, path.stat().st_mtime_ns))


def _keep_hashed(response: Response) -> Response:
    if request.endpoint == "static" and "v" in request.args:
        response.headers["Cache-Control"] = f"public, max-age={A_YEAR}, immutable"
    return response


def or_dash(value: object, otherwise: str = "–") -> Markup | str:
    """Show a value, or a dash that screen readers pass over where there is none."""
    return Markup('<span aria-hidden="true">{}</span>').format(otherwise) if value in (None, "") else escape(value)


FILTERS: dict[str, Callable[..., object]] = {
    "when": when,
    "when_text": when_text,
    "clock": clock,
    "day": day,
    "month": month,
    "closing": closing,
    "duration": duration,
    "ago": ago,
    "money": money,
    "number": number,
    "percent": percent,
    "size": size,
    "country": country,
    "language": language,
    "reason": reason,
    "words": words,
    "guarded": guarded,
    "shown": shown,
    "formatted": formatted,
    "or_dash": or_dash,
    "count_characters": count_characters,
}


def register_ui(app: Flask) -> None:
    """Give templates their filters and globals. Flask-Babel must be set up on the app."""
    app.jinja_env.filters.update(FILTERS)
    app.jinja_env.globals.update(
        asset=asset,
        called=called,
        time_left=time_left,
        is_near=is_near,
        zone_name=zone_name,
        htmx_config=_HTMX,
        control=control,
        form_errors=form_errors,
    )
    app.after_request(_keep_hashed)
