"""Reviews of the evaluation: the forked ranking follows from the one before it, the new scores and the call's rules."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

from .advances import moved_up
from .ranking import AWARD, REJECT, RESERVE, Line, Panel, scores_of
from .reading import Dossier, Row, canonical, differs, sha256
from .rules import plain

STATES = {AWARD: "awarded", RESERVE: "reserve", REJECT: "rejected"}
STAYS = "confirm_result"
DECIDED_AGAIN = "released"
OF_REFUSAL = "checks"


def check_reviews(dossier: Dossier) -> str:
    """Each new ranking is worked out again, the oldest first: it stands on the one that was released before it."""
    calls = [row for row in dossier.rows("call") if row.known("definition")]
    decided = [d for d in dossier.rows("decision") if d.known("ranking") and d.get("ranking")]
    forks = [review for review in dossier.rows("review") if review.known("ranking") and review.get("ranking")]
    if not calls or not decided or not forks:
        return "no ranking of a review is told here"
    call = plain(calls[0]["definition"])
    bases = {decided[0]["ranking_sha256"]: decided[0]["ranking"]}
    last = decided[0]["ranking_sha256"]
    for review in sorted(forks, key=_order):
        if review["base_sha256"] not in bases:
            differs(review.place, "it was compared with a ranking that never stood")
        if review["state"] == DECIDED_AGAIN and review["base_sha256"] != last:
            differs(review.place, "another ranking stood when it was released")
        _fork(dossier, review, call, bases[review["base_sha256"]])
        if review["state"] == DECIDED_AGAIN:
            last = review["ranking_sha256"]
            bases[last] = review["ranking"]
    return f"{len(forks)} rankings of reviews worked out again"


def _order(review: Row) -> tuple[bool, str, str]:
    """Released ones in their order; what is only proposed or signed stands on the last of them."""
    return review["state"] != DECIDED_AGAIN, review["released_at"] or "", review["id"]


def _fork(dossier: Dossier, review: Row, call: dict[str, Any], base: dict[str, Any]) -> None:
    ranking = review["ranking"]
    if sha256(canonical(ranking)) != review["ranking_sha256"]:
        differs(review.place, "the ranking is not the one of its digest")
    before = {line["application"]: line for line in base["lines"]}
    after = {line["application"]: line for line in ranking["lines"]}
    joining = {review["application_id"]} if review["kind"] == OF_REFUSAL else set()  # it was evaluated late
    if set(before) | joining != set(after) or joining & set(before):
        differs(review.place, "the new ranking has other applications than the one before")
    if any(order not in base["panel"] for order in ranking["panel"]) or ranking["draw_seed"] != base["draw_seed"]:
        differs(review.place, "the panel or the draw said something else before")
    new = _marks(dossier, review)
    for key, line in after.items():
        if key in joining:
            _agreed(dossier, review, line)
            continue
        _same_entry(review, line, before[key], new if key == review["application_id"] else {})
    _worked_out(review, Panel(call, ranking))
    own = after.get(review["application_id"])
    if own is None or _becomes(dossier, review, own) != review["outcome"]:
        differs(review.place, "its outcome is not the one of its line in the new ranking")
    if review["state"] == DECIDED_AGAIN:
        _told(dossier, review)


def _becomes(dossier: Dossier, review: Row, own: Line) -> str:
    """Give what its line comes to: whoever moved up before keeps the award, where the new list says reserve."""
    kept = own["outcome"] == RESERVE and moved_up(dossier, review["application_id"], review["proposed_at"])
    return AWARD if kept else str(own["outcome"])


def _marks(dossier: Dossier, review: Row) -> dict[str, Fraction]:
    """Give the newest new score of each criterion."""
    marks = [m for m in dossier.rows("review_mark") if m["review_id"] == review["id"]]
    return {m["criterion"]: Fraction(m["points"]) for m in sorted(marks, key=lambda m: (m["at"], m["id"]))}


def _same_entry(review: Row, line: Line, before: Line, new: dict[str, Fraction]) -> None:
    """What goes into the ranking is what went into the one before, but for the new scores."""
    where = f"{review.place}, application {line['acronym']}"
    for what in ("acronym", "number", "strand", "requested_grant"):
        if line[what] != before[what]:
            differs(where, f"{what} was {before[what]} before, and is {line[what]}")
    for code, points in before["scores"].items():
        expected = new.get(code, Fraction(points))
        if Fraction(line["scores"].get(code, "-1")) != expected:
            differs(where, f"the score of {code} comes to {expected}, and {line['scores'].get(code)} is recorded")


def _agreed(dossier: Dossier, review: Row, line: Line) -> None:
    """Who was evaluated late comes with its agreed scores."""
    agreed = scores_of(dossier, line["application"], review)
    for code, points in line["scores"].items() if agreed else ():
        if Fraction(points) != agreed.get(code):
            differs(f"{review.place}, application {line['acronym']}", f"the score of {code} is not the agreed one")


def _worked_out(review: Row, panel: Panel) -> None:
    ranks, outcomes = panel.ranks(), panel.outcomes()
    order = [line["application"] for _code, lines in panel.strands() for g in panel.groups(lines) for line in g]
    for place, line in enumerate(panel.lines, start=1):
        where = f"{review.place}, application {line['acronym']}"
        for what, found, recorded in (
            ("total", panel.total(line), Fraction(line["total"])),
            ("weighted total", panel.weighted(line), Fraction(line["weighted_total"])),
            ("rank", ranks[line["application"]], line["rank"]),
            ("outcome", outcomes[line["application"]], line["outcome"]),
            ("place", order.index(line["application"]) + 1, line["place"]),
            ("order", place, line["place"]),
        ):
            if found != recorded:
                differs(where, f"the {what} comes to {found}, and {recorded} is recorded")


def _told(dossier: Dossier, review: Row) -> None:
    """The release moved the application to its new list, or confirmed the one it is in."""
    releases = [e["id"] for e in dossier.rows("event") if e["thing_id"] == review["id"] and e["name"] == "release"]
    caused = [
        event
        for event in dossier.rows("event")
        if event["thing_id"] == review["application_id"] and event["cause_id"] in releases
    ]
    moved = [event for event in caused if event["name"] in (*STATES, STAYS)]
    if len(moved) != 1:
        differs(review.place, "the release did not tell the application one new result")
    event = moved[0]
    if event["to_state"] != STATES[review["outcome"]] or (event["name"] == STAYS) != (
        event["from_state"] == STATES[review["outcome"]]
    ):
        differs(event.place, f"the application became {event['to_state']}, and the outcome is {review['outcome']}")
