"""What changed between two texts, word by word: pure, and the same pieces for both columns of a page."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from enum import StrEnum

# A line break is a word of its own; spaces stay with the word before them, so that nothing is lost between pieces.
_WORDS = re.compile(r"\n|[^\S\n]+|[^\s]+[^\S\n]*")
_LINES = re.compile(r"[^\n]*\n|[^\n]+")
_MOST_WORDS = 2000  # of each side of one change; what is larger is shown as taken out and put in as a whole


class Kind(StrEnum):
    SAME = "same"
    REMOVED = "removed"
    ADDED = "added"


@dataclass(frozen=True)
class Piece:
    kind: Kind
    text: str


def difference(old: str, new: str) -> tuple[Piece, ...]:
    """Give the pieces in reading order. Those not added spell `old`, those not removed spell `new`, to the letter."""
    pieces: list[Piece] = []
    for before, after in _changes(_LINES.findall(old), _LINES.findall(new)):
        small = max(len(before), len(after)) <= _MOST_WORDS * 6 and before and after
        pieces += _by_words(before, after) if small else _whole(before, after)
    return tuple(_joined(pieces))


def _changes(old: Sequence[str], new: Sequence[str]) -> Iterator[tuple[str, str]]:
    """Pair what stands on both sides; where they are equal they are the same text."""
    matcher = SequenceMatcher(None, old, new, autojunk=False)
    for _tag, i, j, k, m in matcher.get_opcodes():
        yield "".join(old[i:j]), "".join(new[k:m])


def _by_words(before: str, after: str) -> list[Piece]:
    if before == after:
        return [Piece(Kind.SAME, before)]
    old, new = _WORDS.findall(before), _WORDS.findall(after)
    if max(len(old), len(new)) > _MOST_WORDS:
        return _whole(before, after)
    return [piece for pair in _changes(old, new) for piece in _whole(*pair)]


def _whole(before: str, after: str) -> list[Piece]:
    if before == after:
        return [Piece(Kind.SAME, before)]
    return [Piece(kind, text) for kind, text in ((Kind.REMOVED, before), (Kind.ADDED, after)) if text]


def _joined(pieces: Sequence[Piece]) -> Iterator[Piece]:
    """Put neighbours of one kind together; between two equal pieces what is taken out comes before what is put in."""
    held: dict[Kind, str] = {}
    for piece in pieces:
        if (piece.kind is Kind.SAME) != (Kind.SAME in held) and held:
            yield from _told(held)
            held = {}
        held[piece.kind] = held.get(piece.kind, "") + piece.text
    yield from _told(held)


def _told(held: dict[Kind, str]) -> Iterator[Piece]:
    return (Piece(kind, held[kind]) for kind in Kind if kind in held)


def spells(pieces: Sequence[Piece], without: Kind) -> str:
    """Write one side: the pieces that are not of that kind."""
    return "".join(piece.text for piece in pieces if piece.kind is not without)
