"""The public draw: worked out by hand, committed before, the same for everybody."""

import hashlib

import pytest

from workflows.public_draw import commitment_of, drawn, is_kept, seed_of, ticket_of

SECRET = "00" * 31 + "01"


def test_a_draw_is_what_sha256sum_says():
    seed = hashlib.sha256(f"{SECRET}:3 14 15 92 65".encode()).hexdigest()

    assert seed_of(SECRET, "  3 14 15\n 92 65 ") == seed
    assert ticket_of(seed, "A-7") == hashlib.sha256(f"{seed}:A-7".encode()).hexdigest()
    assert [name for _ticket, name in drawn(seed, ["A-1", "A-2", "A-3"])] == sorted(
        ["A-1", "A-2", "A-3"], key=lambda name: hashlib.sha256(f"{seed}:{name}".encode()).digest()
    )


def test_only_the_committed_secret_keeps_the_commitment():
    commitment = commitment_of(SECRET)

    assert is_kept(commitment, SECRET)
    assert not is_kept(commitment, "00" * 32)
    with pytest.raises(ValueError, match="64 hexadecimal"):
        commitment_of("chosen by hand")


def test_each_of_equals_is_drawn_first_about_as_often():
    names = ["A-1", "A-2", "A-3"]
    first = [drawn(seed_of(SECRET, str(number)), names)[0][1] for number in range(3000)]

    assert all(abs(first.count(name) - 1000) < 110 for name in names)  # over four standard deviations
