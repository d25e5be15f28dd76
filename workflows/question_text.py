"""Text as people type it: one normal form, one way of counting, and what is refused."""

import re
import unicodedata

from workflows.verdict import ALLOWED, Verdict, refuse
from workflows.words import _, plural

# Marks that turn the direction of the letters after them: harmless in prose, a disguise in a name.
_TURNING = frozenset("\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")
_LINE_BREAKS = re.compile("\r\n?|\u2028|\u2029|\u0085")


def normal(text: str) -> str:
    """NFC, every line break as one line feed, no blanks around."""
    return unicodedata.normalize("NFC", _LINE_BREAKS.sub("\n", text)).strip()


def characters(text: str) -> int:
    """Code points after NFC, a line break as one: the same count as in the browser."""
    return len(unicodedata.normalize("NFC", _LINE_BREAKS.sub("\n", text)))


def _first_unwanted(text: str, *, one_line: bool) -> str | None:
    kept = "\t" if one_line else "\n\t"
    return next((c for c in text if unicodedata.category(c) in ("Cc", "Cs") and c not in kept), None)


def clean_text(text: str, *, label: str, max_chars: int | None, one_line: bool) -> tuple[str, Verdict]:
    """The text in its normal form, and what is against it. Nothing is cut off."""
    found = normal(text)
    verdict = ALLOWED
    if one_line and "\n" in found:
        verdict += refuse("more-than-one-line", _("“{label}”: write it on one line."), label=label)
    unwanted = _first_unwanted(found.replace("\n", ""), one_line=one_line)
    if unwanted is not None:
        text_ = _("“{label}” holds a character that cannot be stored ({code}); remove it.")
        verdict += refuse("control-character", text_, label=label, code=f"U+{ord(unwanted):04X}")
    if one_line and _TURNING & set(found):
        text_ = _("“{label}” holds an invisible mark that turns the reading direction; remove it.")
        verdict += refuse("turning-mark", text_, label=label)
    return found, verdict + _length(found, label, max_chars)


def _length(text: str, label: str, max_chars: int | None) -> Verdict:
    over = characters(text) - max_chars if max_chars is not None else 0
    if over <= 0:
        return ALLOWED
    text_ = plural(
        "Shorten “{label}” by {n} character: {limit} are allowed, it has {given}.",
        "Shorten “{label}” by {n} characters: {limit} are allowed, it has {given}.",
    )
    return refuse("too-long", text_, label=label, n=over, limit=max_chars, given=characters(text))
