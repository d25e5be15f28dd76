"""The fonts of the documents show every official language of the Union."""

import pytest
from babel import Locale

from app.documents import fonts
from app.documents.print_job import DocumentError

LANGUAGES = ["bg", "cs", "da", "de", "el", "en", "es", "et", "fi", "fr", "ga", "hr"]
LANGUAGES += ["hu", "it", "lt", "lv", "mt", "nl", "pl", "pt", "ro", "sk", "sl", "sv"]
EXTRA = {
    "bg": "абвгдежзийклмнопрстуфхцчшщъьюя ѝ „“",
    "el": "αβγδεζηθικλμνξοπρστυφχψως άέήίόύώϊϋΐΰ",
    "mt": "ċġħż",
    "ro": "ășțâîşţ",
    "lv": "āčēģīķļņšūž",
    "hu": "őű",
    "pl": "ąćęłńóśźż",
}


@pytest.mark.parametrize("lang", LANGUAGES)
def test_every_official_language_can_be_printed(lang):
    names = [*Locale(lang).territories.values(), *Locale(lang).months["format"]["wide"].values(), EXTRA.get(lang, "")]

    fonts.check([form for name in names for form in (name, name.upper())])


def test_signs_people_use_in_applications_can_be_printed():
    fonts.check("≥ ≤ ≈ ± × ÷ ° ² ³ µ ‰ ∞ → ← ✓ ✔ ☐ ■ ● – — … • € § „“”‘’ ½ ₂ \u2011 \u202f \u00a0")


def test_a_missing_sign_is_named():
    with pytest.raises(DocumentError, match=r"漢 \(U\+6F22 CJK UNIFIED IDEOGRAPH-6F22\)"):
        fonts.check(["Cluster", "漢"])


def test_what_cannot_be_shown_is_spelled_out():
    assert fonts.legible("a\u0301 → 😀\u200b\x07!") == "á → [U+1F600] !"


def test_a_wide_text_is_wider():
    assert fonts.width("WWWW", "serif-400") > fonts.width("iiii", "serif-400") > 0


def test_every_text_of_a_snapshot_is_found():
    assert list(fonts.texts_in({"a": "x", "b": [{"c": ("y", 3)}], "d": None})) == ["x", "y"]
