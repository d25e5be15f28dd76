"""What the project's fonts can show, and how wide a text becomes."""

import unicodedata
from collections.abc import Callable, Iterable, Mapping
from functools import cache
from typing import Any

from fontTools.ttLib import TTFont

from app.documents.print_job import DocumentError
from app.documents.renderer import FONTS

_FACES = ("sans-400", "sans-600", "serif-400", "serif-400-italic")
_SPACES = "\n\t\r"
_INVISIBLE = frozenset("\u200b\u200c\u200d\u2060\ufe0e\ufe0f\ufeff\u00ad")


@cache
def _cmap(face: str) -> dict[int, str]:
    path = FONTS / f"{face}.ttf"
    if not path.is_file():
        raise DocumentError(f"the font {path.name} is missing: run tools/build_fonts.py")
    with TTFont(path, lazy=True) as font:
        found: dict[int, str] = font.getBestCmap()
    return found


@cache
def _widths(face: str) -> dict[str, float]:
    with TTFont(FONTS / f"{face}.ttf", lazy=True) as font:
        scale = font["head"].unitsPerEm
        return {name: advance / scale for name, (advance, _) in font["hmtx"].metrics.items()}


def width(text: str, face: str) -> float:
    """Give the width of a text in ems, without kerning."""
    cmap, widths = _cmap(face), _widths(face)
    return sum(widths[cmap.get(ord(sign), ".notdef")] for sign in text)


@cache
def _shown() -> frozenset[str]:
    first, second = (_cmap(face) for face in _FACES[:2])
    return frozenset({chr(code) for code in first if code in second} | set(_SPACES))


@cache
def _plain() -> frozenset[str]:
    """Give the signs that stay as they are: most texts have no others."""
    return _shown() - _INVISIBLE


def can_show(sign: str) -> bool:
    return sign in _shown()


def check(texts: Iterable[str]) -> None:
    """Refuse what the fonts cannot show: DocumentError naming each sign and its code point."""
    missing = sorted({sign for text in texts for sign in text if not can_show(sign)})
    if missing:
        named = ", ".join(f"{sign} (U+{ord(sign):04X} {unicodedata.name(sign, 'without a name')})" for sign in missing)
        raise DocumentError(f"the fonts of the documents lack {named}")


def legible(text: str) -> str:
    """Write signs the fonts lack by their code point, [U+1F600]: what somebody typed is shown, not lost."""
    composed = unicodedata.normalize("NFC", text)
    if _plain().issuperset(composed):
        return composed
    kept = (sign for sign in composed if sign not in _INVISIBLE)
    return "".join(sign if can_show(sign) else _spelled(sign) for sign in kept)


def _spelled(sign: str) -> str:
    return " " if unicodedata.category(sign) == "Cc" else f"[U+{ord(sign):04X}]"


def texts_in(value: object) -> Iterable[str]:
    """Give every text of a snapshot."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, Mapping):
        for inner in value.values():
            yield from texts_in(inner)
    elif isinstance(value, list | tuple):
        for inner in value:
            yield from texts_in(inner)


def with_texts(value: Any, change: Callable[[str], str]) -> Any:  # noqa: ANN401 - any plain data
    """Give a copy of plain data with each text changed."""
    if isinstance(value, str):
        return change(value)
    if isinstance(value, Mapping):
        return {key: with_texts(inner, change) for key, inner in value.items()}
    if isinstance(value, list | tuple):
        return [with_texts(inner, change) for inner in value]
    return value
