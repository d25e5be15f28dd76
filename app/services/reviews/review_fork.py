"""The evaluation made anew, as a fork: the first one is read and never written, the ranking is worked out again."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from app.act import Act
from app.models import Application, Outcome, Review
from app.services.calls.call import definition_of
from app.services.deciding.decision import digest_of_ranking
from app.services.deciding.ranking import Ranking, entries_of, ranking_data, standing_orders, ties_of
from app.services.reviews.review_ranking import (
    Released,
    line_in,
    marks_of_review,
    moved_up,
    released_ranking,
    released_rankings,
)
from app.services.transitions import Done, Selection
from workflows.application import State as ApplicationState
from workflows.definition import CallDefinition
from workflows.ranking import Entry, rank
from workflows.ranking_lists import lists

STATES = {
    Outcome.AWARD: ApplicationState.AWARDED,
    Outcome.HOLD_IN_RESERVE: ApplicationState.RESERVE,
    Outcome.REJECT: ApplicationState.REJECTED,
}


@dataclass(frozen=True)
class Change:
    """One application whose place or list differs between the two rankings."""

    application_id: str
    acronym: str
    number: str
    place_before: int
    place_after: int
    outcome_before: str
    outcome_after: str
    total_before: str
    total_after: str
    is_own: bool  # the one under review; what others were told stays as it is

    @property
    def crosses(self) -> bool:
        return self.outcome_before != self.outcome_after


@dataclass(frozen=True)
class Fork:
    """Both rankings side by side, and what the new decision would do."""

    base: Released
    data: Mapping[str, Any]
    changes: tuple[Change, ...]
    outcome: Outcome
    before: Outcome | None  # None: it came late, and stood in no ranking
    more_grants: int  # places and money that the call's lists go beyond, as others keep what they were told
    more_money: Decimal

    @property
    def of_others(self) -> tuple[Change, ...]:
        return tuple(one for one in self.changes if one.crosses and not one.is_own)


def fork_of(act: Act, review: Review) -> Fork | None:
    """Work the ranking out again with the new scores: from what was frozen and released, so the first is untouched.

    Whoever was taken up late joins the others with its agreed scores; None while it has none.
    """
    if review.ranking is not None:
        base = _frozen_base(act, review)
        data: Mapping[str, Any] = review.ranking
    else:
        base = released_ranking(act, review.call_id)
        new = {code: mark.points for code, mark in marks_of_review(act, review).items()}
        joining = _joining(act, review)
        if review.is_of_refusal and not joining:
            return None
        data = ranked_again(definition_of(review.call), base.data, {review.application_id: new}, joining)
    return _compared(base, data, review.application_id)


def _frozen_base(act: Act, review: Review) -> Released:
    """What the review was compared with when it was proposed; a released one stands beside its own base."""
    known = released_rankings(act, review.call_id)
    return next((one for one in known if one.sha256 == review.base_sha256), known[-1])


def _joining(act: Act, review: Review) -> list[Entry]:
    """Give what is ranked of an application that was evaluated after the release."""
    if not review.is_of_refusal:
        return []
    entries, _changed = entries_of(act, review.call, definition_of(review.call))
    return [entry for entry in entries if entry.key == review.application_id]


def ranked_again(
    definition: CallDefinition,
    base: Mapping[str, Any],
    changed: Mapping[str, Mapping[str, Decimal]],
    joining: Sequence[Entry] = (),
) -> dict[str, Any]:
    """Rank the entries of a frozen ranking with some of their scores changed. Pure; `base` stays as it is."""
    entries = [_entry(line, changed.get(line["application"], {})) for line in base["lines"]]
    entries += joining
    orders = [{"applications": list(keys)} for keys in base.get("panel", ())]
    ties = ties_of(definition, entries)
    panel = standing_orders(ties, [order["applications"] for order in orders])  # of other equals the panel said nothing
    seed = str(base.get("draw_seed") or "")
    lines = lists(definition, rank(definition, entries, panel, seed))
    by_panel = frozenset(line["application"] for line in base["lines"] if line.get("panel_changed"))
    return ranking_data(Ranking(definition, lines, ties, panel, seed, by_panel), orders)


def _entry(line: Mapping[str, Any], changed: Mapping[str, Decimal]) -> Entry:
    return Entry(
        key=line["application"],
        acronym=line["acronym"],
        scores={code: Decimal(points) for code, points in line["scores"].items()} | dict(changed),
        requested_grant=Decimal(line["requested_grant"]),
        strand=line.get("strand") or "",
        number=line.get("number") or "",
    )


def _compared(base: Released, data: Mapping[str, Any], own: str) -> Fork:
    changes = []
    for after in data["lines"]:
        before = line_in(base.data, after["application"])
        if before is None or _told(before) == _told(after):
            continue
        changes.append(
            Change(
                after["application"],
                after["acronym"],
                after.get("number") or "",
                before["place"],
                after["place"],
                before["outcome"],
                after["outcome"],
                before["total"],
                after["total"],
                after["application"] == own,
            )
        )
    new, old = line_in(data, own), line_in(base.data, own)
    if new is None:
        raise LookupError("the application has no line in the ranking")
    outcome, before_it = Outcome(new["outcome"]), Outcome(old["outcome"]) if old else None
    kept = [one for one in changes if not one.is_own and one.outcome_before == Outcome.AWARD.value and one.crosses]
    beyond = kept if outcome is Outcome.AWARD and before_it is not Outcome.AWARD else []
    grants = {line["application"]: Decimal(line["requested_grant"]) for line in data["lines"]}
    money = sum((grants[one.application_id] for one in beyond), Decimal(0))
    return Fork(base, data, tuple(changes), outcome, before_it, len(beyond), money)


def _told(line: Mapping[str, Any]) -> tuple[Any, ...]:
    return line["place"], line["outcome"], line["total"], line["scores"]


def freeze_fork(act: Act, review: Review, _done: Done) -> None:
    """Write down the new ranking with the digest of the one it was compared with."""
    base = released_ranking(act, review.call_id)
    review.ranking = None
    fork = fork_of(act, review)
    if fork is None:
        raise LookupError("the application is not evaluated")
    review.base_sha256 = base.sha256
    review.ranking = dict(fork.data)
    review.ranking_sha256 = digest_of_ranking(review.ranking)
    review.outcome = fork.outcome
    if fork.outcome is Outcome.HOLD_IN_RESERVE and moved_up(act, review.application_id) is not None:
        review.outcome = Outcome.AWARD  # what it was told when it moved up from the reserve list stands
    act.session.flush()


def _becomes(outcome: Outcome) -> Selection:
    def chosen(_act: Act, review: Review, _done: Done) -> Iterable[Application]:
        changes = review.outcome is outcome and review.application.state is not STATES[outcome]
        return [review.application] if changes else []

    return chosen


review_awards = _becomes(Outcome.AWARD)
review_holds_in_reserve = _becomes(Outcome.HOLD_IN_RESERVE)
review_rejects = _becomes(Outcome.REJECT)


def review_confirms(_act: Act, review: Review, _done: Done) -> Iterable[Application]:
    """The application, where the new scores leave it in the list it is in."""
    stays = review.outcome is not None and review.application.state is STATES[review.outcome]
    return [review.application] if stays else []
