"""Names and addresses compared: folded for searching, and what no name may contain."""

from __future__ import annotations

import unicodedata
from difflib import SequenceMatcher
from functools import cache, lru_cache

from app.data_files import load_shipped

# Characters that turn the order of what follows: a name with them reads as another one.
LIKE = 0.82  # share of letters two folded names have in common before they are held to be alike
# Words that many organisations carry in their names: they make no two of them alike.
_COMMON = frozenset(
    (
        "cluster",
        "clusters",
        "association",
        "foundation",
        "network",
        "the",
        "of",
        "for",
        "and",
        "gmbh",
        "ev",
        "ltd",
        "srl",
        "sa",
    )
)
# Letters of other scripts that look like Latin ones: enough to find a name that imitates another.
_LOOK_ALIKE = str.maketrans("аеорсухіјѕԁһԛԝοανερτυικηω", "aeopcyxijsdhqwoaveptuikhw")


def fold(text: str) -> str:
    """Give the form by which names are compared: NFKC, case folded, no invisible characters, single spaces."""
    seen = "".join(
        c for c in unicodedata.normalize("NFKC", text) if unicodedata.category(c) not in ("Cf", "Cc") or c in "\t\n"
    )
    return " ".join(unicodedata.normalize("NFKC", seen.casefold()).split())


def fold_address(address: str) -> str:
    return fold(address).replace(" ", "")


@lru_cache(maxsize=20_000)
def skeleton(text: str) -> str:
    """Give what a name looks like: folded, without accents, look-alike letters as Latin ones."""
    bare = "".join(c for c in unicodedata.normalize("NFKD", fold(text)) if not unicodedata.combining(c))
    return bare.translate(_LOOK_ALIKE)


def likeness(one: str, other: str) -> float:
    """Say how alike two names are, from 0 to 1; common words of organisations do not count."""
    first, second = _telling(one), _telling(other)
    if not first or not second:
        return float(skeleton(one) == skeleton(other))
    # Each letter that only one of them has is a letter without a partner: too many, and they can't be alike.
    lonely = (_letters(first) ^ _letters(second)).bit_count()
    if lonely > (1 - LIKE) * (len(first) + len(second)):
        return 0.0
    matcher = SequenceMatcher(None, first, second, autojunk=False)
    # The cheap upper bounds come first: a directory is compared with a name at each sign-up.
    return matcher.ratio() if min(matcher.real_quick_ratio(), matcher.quick_ratio()) >= LIKE else 0.0


@lru_cache(maxsize=20_000)
def _letters(text: str) -> int:
    """Give the set of letters of a text as bits; different letters may share one, which only makes them more alike."""
    found = 0
    for letter in text:
        found |= 1 << (ord(letter) % 64)
    return found


@lru_cache(maxsize=20_000)
def _telling(name: str) -> str:
    words = "".join(c if c.isalnum() else " " for c in skeleton(name)).split()
    return " ".join(sorted(word for word in words if word not in _COMMON))


def domain_of(address: str) -> str:
    """Give the domain of an e-mail address, folded; empty where anybody can have an address at it."""
    domain = fold_address(address).rpartition("@")[2]
    return "" if domain in public_domains() else domain


@cache
def public_domains() -> frozenset[str]:
    return frozenset(load_shipped("public_mail_domains.yaml")["domains"])
