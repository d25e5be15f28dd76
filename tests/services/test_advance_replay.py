"""The script of a dossier follows who moved up from the reserve list, and names what does not follow."""

from __future__ import annotations

import pytest

from app.dossier.replaying.advances import check_advances, moved_up
from app.dossier.replaying.reading import DifferenceError, Dossier, Row

LINES = [
    {"application": name, "acronym": name, "outcome": outcome, "strand": "", "place": place}
    for place, (name, outcome) in enumerate(
        [("A", "award"), ("B", "hold_in_reserve"), ("C", "hold_in_reserve")], start=1
    )
]


def an_event(thing, name, to_state, at, number, cause=None):
    return Row(
        id=f"{thing}-{number}", thing_id=thing, name=name, to_state=to_state, at=at, number=number, cause_id=cause
    )


def a_dossier(**changed):
    """B moved up on the third day: its signature awarded it."""
    advance = {
        "id": "advance-1", "state": "signed", "application_id": "B", "ranking_sha256": "one", "signed_at": "day 3",
        "proposed_by": "Mona", "signed_by": "Pat",
    } | changed  # fmt: skip
    dossier = Dossier({})
    dossier.tables = {
        "decision": [Row(id="d", ranking={"lines": LINES}, ranking_sha256="one")],
        "advance": [Row(advance)],
        "event": [
            an_event("B", "hold_in_reserve", "reserve", "day 1", 1),
            an_event("C", "hold_in_reserve", "reserve", "day 1", 1),
            an_event("advance-1", "sign", "signed", "day 3", 2),
            an_event("B", "award", "awarded", "day 3", 2, cause="advance-1-2"),
        ],
    }
    return dossier


def test_one_that_moved_up_in_its_turn_is_followed():
    assert check_advances(a_dossier()).startswith("1 moves up")
    assert moved_up(a_dossier(), "B", "day 4")
    assert not moved_up(a_dossier(), "B", "day 2")
    assert not moved_up(a_dossier(), "C", None)


@pytest.mark.parametrize(
    ("changed", "said"),
    [
        ({"application_id": "A"}, "not on the reserve list"),
        ({"application_id": "C"}, "B stands before it"),
        ({"signed_by": "Mona"}, "who signed it proposed it"),
    ],
)
def test_what_does_not_follow_is_named(changed, said):
    dossier = a_dossier(**changed)
    if changed.get("application_id") == "C":
        dossier.tables["event"] = dossier.tables["event"][:3]
    with pytest.raises(DifferenceError) as found:
        check_advances(dossier)
    assert said in found.value.what


def test_an_award_without_its_signature_is_named():
    dossier = a_dossier()
    dossier.tables["event"][-1]["cause_id"] = "something else"
    with pytest.raises(DifferenceError, match="did not award"):
        check_advances(dossier)
