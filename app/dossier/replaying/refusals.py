"""Refusals at the checks that were reviewed: answered by persons without part in them, beside records that stay."""

from __future__ import annotations

from .reading import Dossier, Row, differs

REFUSED, TAKEN_UP = "not_met", "take_up_again"
LIFTING, CONFIRMING = ("lift_refusal", "lift_late"), "confirm_refusal"
CLOCK = ("clock", "cascade")


def lifted_at(dossier: Dossier, application: str) -> str:
    """Give the moment at which a refusal of the application was lifted last; empty where none was."""
    taken_up = [e["at"] for e in _events(dossier, application) if e["name"] == TAKEN_UP]
    return max(taken_up, default="")


def still_refused(dossier: Dossier, application: str) -> list[Row]:
    """Give the checks for which the application stands refused: of what was lifted none is left."""
    lifted = lifted_at(dossier, application)
    return [
        check
        for check in dossier.rows("check")
        if check["application_id"] == application and check["state"] == REFUSED and check["last_act_at"] > lifted
    ]


def check_refusals(dossier: Dossier) -> str:
    """Each review of a refusal answers check by check, by one person and another, neither of whom made the checks."""
    reviews = [row for row in dossier.rows("review") if row.known("kind") and row["kind"] == "checks"]
    followed = 0
    for review in reviews:
        ends = [e for e in _events(dossier, review["id"]) if e["name"] in (*LIFTING, CONFIRMING)]
        for end in ends:
            _answered(dossier, review, end)
            _by_two(dossier, review, end)
        followed += len(ends)
    caused = {e["id"] for row in reviews for e in _events(dossier, row["id"]) if e["name"] in LIFTING}
    for event in dossier.rows("event") if reviews else ():
        if event["name"] == TAKEN_UP and event["cause_id"] not in caused:
            differs(event.place, "a refusal was lifted without a review that says so")
    return f"{followed} reviews of refusals followed"


def _answered(dossier: Dossier, review: Row, end: Row) -> None:
    """What was refused has an answer each; it is lifted where all are met, and the checks are as they were."""
    earlier = max(
        (e["at"] for e in _events(dossier, review["application_id"]) if e["name"] == TAKEN_UP
         and e["at"] < review["created_at"]), default=""
    )  # fmt: skip
    found = []
    for check in dossier.rows("check"):
        if check["application_id"] != review["application_id"] or check["state"] != REFUSED:
            continue
        if not earlier < check["last_act_at"] <= review["created_at"]:
            continue
        if any(event["at"] > review["created_at"] for event in _events(dossier, check["id"])):
            differs(check.place, "the record of a check was changed after its review was asked for")
        answers = [
            a for a in dossier.rows("review_answer")
            if a["review_id"] == review["id"] and a["check_id"] == check["id"] and a["at"] <= end["at"]
        ]  # fmt: skip
        if not answers:
            differs(check.place, "the review gives no answer to this refused check")
        found.append(max(answers, key=lambda answer: (answer["at"], answer["id"]))["met"])
    if not found or all(found) != (end["name"] in LIFTING):
        differs(end.place, "the answers to the refused checks do not come to this")


def _by_two(dossier: Dossier, review: Row, end: Row) -> None:
    proposals = [
        e for e in _events(dossier, review["id"])
        if e["name"] in ("find_right", "find_wrong") and e["number"] < end["number"]
    ]  # fmt: skip
    proposal = max(proposals, key=lambda event: event["number"])
    checks = {check["id"] for check in dossier.rows("check") if check["application_id"] == review["application_id"]}
    checkers = {e["actor_id"] for e in dossier.rows("event") if e["thing_id"] in checks and e["relation"] not in CLOCK}
    if proposal["actor_id"] == end["actor_id"]:
        differs(end.place, "who confirmed it had found it")
    if checkers & {proposal["actor_id"], end["actor_id"]}:
        differs(end.place, "somebody who took part in the checks took part in their review")


def _events(dossier: Dossier, thing: str) -> list[Row]:
    return [event for event in dossier.rows("event") if event["thing_id"] == thing and event.known("name", "at")]
