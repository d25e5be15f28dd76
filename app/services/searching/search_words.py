"""Text folded into words for the search: once, in Python, so that both databases look for the same.

Compatibility forms, case and accents go; letters that no rule takes apart (ł, ø, æ …) become what people type for
them; Greek and Cyrillic words stand a second time in Latin letters, for whoever has no such keyboard.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable
from functools import lru_cache

LONGEST = 40  # letters of a word that count
MOST_ASKED = 12  # words of one question

_PLAIN = str.maketrans(
    {"ł": "l", "ø": "o", "đ": "d", "ð": "d", "þ": "th", "æ": "ae", "œ": "oe", "ı": "i", "ħ": "h", "ŧ": "t", "ŋ": "n"}
)
_GREEK_LETTERS = "a v g d e z i th i k l m n x o p r s t y f ch ps o"
_GREEK = dict(zip("αβγδεζηθικλμνξοπρστυφχψω", _GREEK_LETTERS.split(), strict=True))
_CYRILLIC_LETTERS = "a b v g d e zh z i k l m n o p r s t u f h ts ch sh sht a y y e yu ya i j lj nj c dj dz g k dz e g"
_CYRILLIC = dict(zip("абвгдежзиклмнопрстуфхцчшщъыьэюяіјљњћђџѓќѕєґ", _CYRILLIC_LETTERS.split(), strict=True))
_LATIN = str.maketrans(_GREEK | _CYRILLIC)
_DIGRAPHS = (("ου", "ou"), ("μπ", "b"), ("ντ", "nt"), ("γγ", "ng"), ("ευ", "ef"), ("αυ", "af"))


@lru_cache(maxsize=50_000)
def folded(word: str) -> str:
    """Fold one word or text: no accents, no case, final sigma as any other; what is no letter or digit is a space."""
    bare = unicodedata.normalize("NFKD", word.casefold()).casefold()
    kept = (c if unicodedata.category(c)[0] in "LN" else " " for c in bare if not unicodedata.combining(c))
    return "".join(kept).translate(_PLAIN)


def words_of(*texts: str) -> list[str]:
    """List the folded words of texts, each once, in their order; Greek and Cyrillic ones in Latin letters as well."""
    found: dict[str, None] = {}
    for text in texts:
        for word in folded(text).split():
            found[word[:LONGEST]] = None
            latin = in_latin(word)
            if latin != word:
                found[latin[:LONGEST]] = None
    return list(found)


def asked_words(text: str) -> list[str]:
    """List the words somebody asks for, as they were typed."""
    return list(dict.fromkeys(word[:LONGEST] for word in folded(text).split()))[:MOST_ASKED]


@lru_cache(maxsize=50_000)
def in_latin(word: str) -> str:
    if word.isascii():
        return word
    for pair, latin in _DIGRAPHS:
        word = word.replace(pair, latin)
    return word.translate(_LATIN)


def coded(codes: Iterable[str | None]) -> str:
    """Write codes of one filter into one text."""
    return " ".join(sorted({code for code in codes if code}))
