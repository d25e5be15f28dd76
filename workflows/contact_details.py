"""Contact details that somebody typed into a free text: found and hidden, whatever the question was.

Better one number too many hidden than one address shown before both sides have agreed.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from workflows.words import _

HIDDEN = _("[contact detail hidden until both agree]")

_AT = (
    r"(?:[@＠]|\s*[@＠]\s*(?=[\w-]+\.\w)|\s*[\[({]\s*(?:at|ät|@)\s*[\])}]\s*|\s+at\s+(?=[\w-]+\s*(?:\[|\(|\{)?\s*dot))"
)
_DOT = r"(?:\.|\s*[\[({]\s*(?:dot|punkt|\.)\s*[\])}]\s*|\s+dot\s+)"
_MAIL = rf"(?<![\w.+'-])[\w.+'-]+{_AT}[\w-]+(?:{_DOT}[\w-]+)*"
_PATH = r"(?:[/?#][^\s<>\"')\];,]*)?"
_LINK = r"(?:(?<![a-z0-9+.-])[a-z][a-z0-9+.-]*://|www\.|mailto:|tel:|sip:|skype:|whatsapp:|callto:)[^\s<>\"')\];,]+"
# A site named without "www": the ends of names that people here use, so that "i.e" or "Node.js" is none.
_ENDS = (
    "com|org|net|info|biz|eu|int|edu|gov|coop|museum|online|site|app|dev|io|me|tv|cc|ly|gle|cloud|tech|cluster|"
    "at|ba|be|bg|ch|cy|cz|de|dk|ee|es|fi|fr|gb|gr|hr|hu|ie|is|it|li|lt|lu|lv|md|mk|mt|nl|no|pl|pt|ro|rs|se|si|sk|"
    "tr|ua|uk|us|ευ|ею|example"
)
_SITE = rf"(?<![\w.@-])(?:[\w-]+\.)+(?:{_ENDS})(?![\w-])(?:{_PATH})"
_HANDLE = r"(?<![\w.])@[\w.]{3,}"

_GAP = r"[ \u00a0\u2009\u202f.\-/()]{0,3}"
_LABELLED = rf"(?:tel|phone|telephone|mobile|mob|cell|fax|whatsapp|signal|telegram|viber|τηλ|тел)[\w.]*\s*:?\s*\+?\d(?:{_GAP}\d){{5,}}"
_ABROAD = rf"(?<![\w])(?:\+|00)(?:{_GAP}\d){{7,}}"
_AT_HOME = rf"(?<![\w.,])\(?0(?:{_GAP}\d){{7,}}"
_LONG = rf"(?<![\w.,])\d(?:{_GAP}\d){{8,}}(?![\w])"
_PAIRS = r"(?<![\w.,])\d\d(?:[ .-]\d\d){3,}(?![\w])"

_CERTAIN = re.compile(rf"{_MAIL}|{_LINK}|{_HANDLE}|{_LABELLED}|{_ABROAD}", re.IGNORECASE)
_SITES = re.compile(_SITE)
_NUMBERS = re.compile(rf"{_AT_HOME}|{_LONG}|{_PAIRS}")
# Numbers that are none of a telephone: days, spans of years, amounts, the EU's numbers of organisations and grants.
_DAY = re.compile(r"\d{1,2}[./-]\d{1,2}[./-](?:19|20)\d\d|(?:19|20)\d\d[./-]\d{1,2}[./-]\d{1,2}")
_YEARS = re.compile(r"(?:(?:19|20)\d\d[ /.-]{0,3})+")
_DECIMAL = re.compile(r"\d{1,2}[.,]\d+")
_BEFORE = re.compile(r"(?:PIC|EUR|€|\$|£|No\.?|number|agreement|ISBN|NUTS|VAT)[\s:]*$", re.IGNORECASE)
_AFTER = re.compile(r"\s*(?:EUR|euros?\b|€|%|million|inhabitants|people|jobs|tonnes?|m²|km)", re.IGNORECASE)


def hide_contacts(text: str, mark: str = HIDDEN) -> str:
    """Put the mark in the place of each e-mail address, telephone number and link."""
    hidden = _SITES.sub(mark, _CERTAIN.sub(mark, text))
    return _NUMBERS.sub(lambda found: found[0] if _is_no_telephone(found) else mark, hidden)


def has_contacts(text: str) -> bool:
    return hide_contacts(text, "") != text


def contacts_in_name(*names: str) -> bool:
    """Say whether a name holds one. A name may look like a site's, such as "Cluster.eu": that is none."""
    return any(_CERTAIN.search(name) or has_contacts(_SITES.sub("", name)) for name in names if name)


def hide_in(value: Any, mark: str = HIDDEN) -> Any:  # noqa: ANN401 - answers of any shape
    """Hide them in every text within a value: answers, lists and rows of tables."""
    if isinstance(value, str):
        return hide_contacts(value, mark)
    if isinstance(value, Mapping):
        return {key: hide_in(one, mark) for key, one in value.items()}
    if isinstance(value, list | tuple):
        return [hide_in(one, mark) for one in value]
    return value


def _is_no_telephone(found: re.Match[str]) -> bool:
    text, before, after = found[0], found.string[: found.start()], found.string[found.end() :]
    if any(kind.fullmatch(text) for kind in (_DAY, _YEARS, _DECIMAL)):
        return True
    return bool(_BEFORE.search(before[-20:]) or _AFTER.match(after))
