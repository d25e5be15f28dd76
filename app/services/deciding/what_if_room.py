"""The what-if room: one trial against the ranking as it is, who crosses the line, and how little would change it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from app.services.deciding.ranking import trimmed
from workflows.ranking_lists import Line, Listed
from workflows.smallest_change import Change, ChangeOf, smallest_changes
from workflows.verdict import Reason
from workflows.what_if import Crossing, Inputs, Trial, crossings, tried
from workflows.words import _

MOST_SHOWN = 5  # of equally small changes of one kind


@dataclass(frozen=True)
class WhatIf:
    """What a trial comes to."""

    inputs: Inputs
    before: tuple[Line, ...]
    after: tuple[Line, ...]
    crossings: tuple[Crossing, ...]

    @property
    def goes_in(self) -> list[Crossing]:
        return [one for one in self.crossings if one.goes_in]

    @property
    def goes_out(self) -> list[Crossing]:
        return [one for one in self.crossings if one.goes_out]

    @property
    def other_lists(self) -> list[Crossing]:
        return [one for one in self.crossings if one.changes_list and not one.goes_in and not one.goes_out]

    @property
    def moved(self) -> int:
        return sum(not one.changes_list for one in self.crossings)

    @property
    def answer(self) -> dict[str, Any]:
        """Give what is kept of it."""
        return {
            "lines": [
                {
                    "application": line.position.key,
                    "rank": line.position.rank,
                    "listed": line.listed.value,
                    "total": trimmed(line.position.outcome.ranking_total),
                }
                for line in self.after
            ],
            "in": [one.key for one in self.goes_in],
            "out": [one.key for one in self.goes_out],
        }

    def was(self, key: str) -> Line:
        return next(line for line in self.before if line.position.key == key)


def what_if(inputs: Inputs, trial: Trial) -> WhatIf:
    """Work out a trial. Writes nothing and reads nothing but the inputs."""
    changed = tried(inputs, trial)
    before, after = inputs.lines(), changed.lines()
    return WhatIf(changed, before, after, crossings(before, after))


@dataclass(frozen=True)
class Small:
    """One kind of smallest change in words, and how many more are just as small."""

    texts: tuple[tuple[Reason, tuple[Reason, ...]], ...]
    more: int


def smallest_of(inputs: Inputs) -> list[Small]:
    """Say how little would alter the outcome, kind by kind."""
    changes = smallest_changes(inputs.call, inputs.entries, inputs.panel, inputs.seed)
    names = {entry.key: entry.acronym for entry in inputs.entries}
    found = []
    for kind in ChangeOf:
        of_kind = [change for change in changes if change.of is kind]
        texts = tuple((_what(inputs, change, names), _who(change, names)) for change in of_kind[:MOST_SHOWN])
        if texts:
            found.append(Small(texts, len(of_kind) - len(texts)))
    return found


def _what(inputs: Inputs, change: Change, names: Mapping[str, str]) -> Reason:
    call = inputs.call
    params: dict[str, object] = {"size": change.size, "becomes": change.becomes}
    if change.of is ChangeOf.SCORE:
        params |= {"name": names[change.key], "criterion": call.criterion(change.code).name}
        return Reason("score", _("{name}, {criterion}: {becomes} instead, {size} points apart."), params)
    if change.of is ChangeOf.THRESHOLD and change.code:
        params["criterion"] = call.criterion(change.code).name
        return Reason("threshold", _("A threshold of {becomes} for {criterion}, {size} points apart."), params)
    if change.of is ChangeOf.THRESHOLD:
        return Reason("overall", _("A threshold of {becomes} for the total, {size} points apart."), params)
    return _limit(change, params)


def _limit(change: Change, params: dict[str, object]) -> Reason:
    texts = {
        (ChangeOf.AWARDS, False): _("Awards: {becomes} instead, {size} apart."),
        (ChangeOf.AWARDS, True): _("Awards of strand {strand}: {becomes} instead, {size} apart."),
        (ChangeOf.MONEY, False): _("Money: {becomes} instead, {size} apart."),
        (ChangeOf.MONEY, True): _("Money of strand {strand}: {becomes} instead, {size} apart."),
    }
    return Reason(change.of.value, texts[change.of, bool(change.strand)], {**params, "strand": change.strand})


LISTED = {
    Listed.AWARDED: _("{name} would be awarded."),
    Listed.RESERVE: _("{name} would be on the reserve list."),
    Listed.REJECTED: _("{name} would be rejected."),
    Listed.UNDECIDED: _("{name} would be tied at the cut."),
}


def _who(change: Change, names: Mapping[str, str]) -> tuple[Reason, ...]:
    return tuple(
        Reason("crossing", LISTED[becomes], {"name": names[key]}) for key, _was, becomes in change.crossing[:MOST_SHOWN]
    )
