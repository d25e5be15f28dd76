"""Words of a text as names are compared: without case, accents or script, each with its place in the text.

Greek and Cyrillic letters are written as Latin ones; of longer words only what is heard counts, so that spellings of
one name in several scripts and customs meet: "Müller", "Mueller" and "MULLER", "Димитров" and "Dimitrov".
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache

HEARD_FROM = 5  # letters: shorter words are compared letter by letter


def _letters(alphabet: str, latin: str) -> dict[str, str]:
    return dict(zip(alphabet, latin.split(), strict=True))


_CYRILLIC = _letters(
    "абвгдежзийклмнопрстуфхцчшщъыьэюяіїєґђјљњћџѓќѕ",
    "a b v g d e zh z i i k l m n o p r s t u f h ts ch sh sht a y _ e yu ya i i e g dj j lj nj c dz g k dz",
)
_GREEK = _letters("αβγδεζηθικλμνξοπρστυφχψω", "a v g d e z i th i k l m n x o p r s t y f ch ps o")
_LATIN = {"ø": "o", "ł": "l", "đ": "d", "ð": "d", "þ": "th", "æ": "ae", "œ": "oe", "ı": "i", "ħ": "h", "ŧ": "t"}
_LETTERS = {**_CYRILLIC, **_GREEK, **_LATIN, "ь": ""}
_HEARD = (
    ("tsch", "s"), ("shch", "s"), ("sht", "s"), ("sch", "s"), ("zh", "s"), ("sh", "s"), ("ch", "h"), ("kh", "h"),
    ("th", "t"), ("ph", "f"), ("ks", "x"), ("ts", "s"), ("dz", "s"), ("ou", "u"), ("ae", "a"), ("oe", "o"), ("ue", "u"),
    ("yu", "u"), ("iu", "u"), ("ju", "u"), ("ya", "a"), ("ia", "a"), ("ja", "a"), ("y", "i"), ("j", "i"), ("w", "v"),
    ("ck", "k"), ("c", "k"), ("q", "k"), ("z", "s"),
)  # fmt: skip


@dataclass(frozen=True)
class Word:
    """One word of a text: how it is compared, and where it stands."""

    key: str
    start: int
    end: int


@lru_cache(maxsize=4096)
def folded_letter(letter: str) -> str:
    """Give the Latin letters one character is compared by; none for accents and what is not seen."""
    parts = unicodedata.normalize("NFKD", unicodedata.normalize("NFKD", letter).casefold())
    seen = (one for one in parts if unicodedata.category(one)[0] != "M" and unicodedata.category(one) != "Cf")
    return "".join(_LETTERS.get(one, one) for one in seen)


@lru_cache(maxsize=20_000)
def heard(word: str) -> str:
    """Give what is heard of a folded word: customs of writing fall together."""
    if len(word) < HEARD_FROM:
        return word
    for written, said in _HEARD:
        word = word.replace(written, said)
    return "".join(c for at, c in enumerate(word) if at == 0 or c != word[at - 1])


def words_of(text: str) -> Iterator[Word]:
    """Give the words of a text; what is neither a letter nor a digit parts them, except accents and what is not seen."""
    start, letters = -1, ""
    for at, character in enumerate(text):
        folded = folded_letter(character)
        if folded.isalnum() or (start >= 0 and not folded):
            start = at if start < 0 else start
            letters += folded
        elif start >= 0:
            yield Word(heard(letters), start, at)
            start, letters = -1, ""
    if start >= 0:
        yield Word(heard(letters), start, len(text))
