"""Strands, transfers between them and the public draw of a call as data. What they mean is in ranking_lists.py."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import StrEnum
from typing import Annotated


@dataclass(frozen=True, kw_only=True, slots=True)
class Strand:
    """A part of the call with a ranked list, money and awards of its own."""

    code: Annotated[str, "Also the code of the choice that applicants make in `strand_question`."]
    title: str
    total: Annotated[Decimal | None, "Money of the strand; null only where the call has no total."] = None
    expected_awards: Annotated[int | None, "Most awards of the strand."] = None


class Moved(StrEnum):
    MONEY = "money"
    AWARDS = "awards"


@dataclass(frozen=True, kw_only=True, slots=True)
class Transfer:
    """What one strand leaves over goes to another, which then goes on down its own list."""

    giver: Annotated[str, "Code of the strand that has something left."]
    taker: Annotated[str, "Code of the strand that takes it."]
    of: Annotated[Moved, "Money or awards: one transfer moves one of them."] = Moved.MONEY
    most: Annotated[Decimal | None, "Most that may be moved; null: all that is left."] = None


@dataclass(frozen=True, kw_only=True, slots=True)
class DrawTerms:
    """Where the number comes from that no office can choose, named before anybody knows it."""

    number: Annotated[str, "Which public number, in words that leave no choice."]
    on: Annotated[date, "The day on which that number becomes known."]
