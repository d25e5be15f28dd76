"""Who moved up from the reserve list: on a list that stood, in its order, proposed by one and signed by another."""

from __future__ import annotations

from .ranking import AWARD, RESERVE, Line
from .reading import Dossier, Row, differs

SIGNED = "signed"


def moved_up(dossier: Dossier, application: str, until: str | None) -> bool:
    """Whether the application was awarded from the reserve list by then; `until` none: at any time."""
    return any(
        one["application_id"] == application and (until is None or one["signed_at"] <= until)
        for one in dossier.rows("advance")
        if one["state"] == SIGNED
    )


def check_advances(dossier: Dossier) -> str:
    """Each that was signed stands on the reserve list of a released ranking, and its signature alone awarded it."""
    rankings = {
        row["ranking_sha256"]: row["ranking"]
        for noun in ("decision", "review")
        for row in dossier.rows(noun)
        if row.known("ranking") and row.get("ranking")
    }
    signed = sorted((a for a in dossier.rows("advance") if a["state"] == SIGNED), key=lambda one: one["signed_at"])
    for advance in signed:
        if advance["ranking_sha256"] in rankings:
            _from_the_list(dossier, advance, rankings[advance["ranking_sha256"]]["lines"])
        if advance.known("proposed_by") and advance["proposed_by"] == advance["signed_by"]:
            differs(advance.place, "who signed it proposed it")
        _awarded_by(dossier, advance)
    return f"{len(signed)} moves up from the reserve list followed"


def _from_the_list(dossier: Dossier, advance: Row, lines: list[Line]) -> None:
    """It is on the list, and whoever stands before it in its strand moved up earlier or is no longer on it."""
    own = next((line for line in lines if line["application"] == advance["application_id"]), None)
    if own is None or own["outcome"] != RESERVE:
        differs(advance.place, "the application is not on the reserve list of that ranking")
        return
    for line in lines:
        if line["outcome"] != RESERVE or line["strand"] != own["strand"] or line["place"] >= own["place"]:
            continue
        if moved_up(dossier, line["application"], advance["signed_at"]):
            continue
        if _state_at(dossier, line["application"], advance["signed_at"]) == "reserve":
            differs(advance.place, f"{line['acronym']} stands before it and was still on the reserve list")


def _state_at(dossier: Dossier, application: str, moment: str) -> str | None:
    events = [e for e in dossier.rows("event") if e["thing_id"] == application and e["at"] <= moment]
    last = max(events, key=lambda event: event["number"], default=None)
    return None if last is None else last["to_state"]


def _awarded_by(dossier: Dossier, advance: Row) -> None:
    signatures = {e["id"] for e in dossier.rows("event") if e["thing_id"] == advance["id"] and e["name"] == "sign"}
    caused = [
        event
        for event in dossier.rows("event")
        if event["thing_id"] == advance["application_id"] and event["name"] == AWARD and event["cause_id"] in signatures
    ]
    if len(caused) != 1:
        differs(advance.place, "its signature did not award the application once")
