"""What changed between two texts: nothing is lost between the pieces, and unchanged words stay unchanged."""

from __future__ import annotations

import random
from itertools import pairwise

import pytest

from workflows.word_diff import Kind, Piece, difference, spells

SAME, REMOVED, ADDED = Kind.SAME, Kind.REMOVED, Kind.ADDED


def test_one_word_that_changed_is_told_alone() -> None:
    assert difference("We train forty firms.", "We train sixty firms.") == (
        Piece(SAME, "We train "), Piece(REMOVED, "forty "), Piece(ADDED, "sixty "), Piece(SAME, "firms."),
    )  # fmt: skip


def test_a_new_paragraph_leaves_the_others_alone() -> None:
    assert difference("One.\nTwo.\n", "One.\nNew.\nTwo.\n") == (
        Piece(SAME, "One.\n"), Piece(ADDED, "New.\n"), Piece(SAME, "Two.\n"),
    )  # fmt: skip


def test_equal_texts_are_one_piece_and_empty_ones_none() -> None:
    assert difference("As it was", "As it was") == (Piece(SAME, "As it was"),)
    assert difference("", "") == ()
    assert difference("", "new") == (Piece(ADDED, "new"),)
    assert difference("old", "") == (Piece(REMOVED, "old"),)


@pytest.mark.parametrize("seed", range(60))
def test_the_pieces_spell_both_texts_to_the_letter(seed: int) -> None:
    chance = random.Random(seed)
    words = ["a", "the", "Ελλάδα", "👩\u200d🔬", "e\u0301", "שלום", "don't", "\n", "\n\n", "  ", "\t", "x" * 40]
    old, new = (
        "".join(chance.choice(words) + chance.choice(["", " "]) for _ in range(chance.randrange(60))) for _ in "12"
    )

    pieces = difference(old, new)

    assert spells(pieces, ADDED) == old
    assert spells(pieces, REMOVED) == new
    assert all(one.kind is not other.kind for one, other in pairwise(pieces))


def test_a_long_text_that_is_wholly_other_is_told_as_a_whole() -> None:
    old, new = " ".join(f"w{i}" for i in range(5000)), " ".join(f"v{i}" for i in range(5000))

    assert difference(old, new) == (Piece(REMOVED, old), Piece(ADDED, new))
