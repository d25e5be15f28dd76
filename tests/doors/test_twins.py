"""Twin worlds: whoever must not know a fact sees the same, byte for byte, whether it is so or not.

Two copies of one village differ in the fact alone. Every route of the URL map that the viewer may reach, some that they
may not, whatever exists in one world only, each order, filter and search that their pages offer, some of the acts
these offer, the calendar and the mails are compared. Leaks put in on purpose show that the comparison sees them.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.support.matrix import app_of
from tests.support.played import Moment, Village, found, moments
from tests.support.sharing import copy_of
from tests.support.twin_blind import BLIND, blind
from tests.support.twin_facts import FACTS
from tests.support.twin_leaks import BLIND_LEAKS, LEAKS, put_in
from tests.support.twins import Eyes, Found, Twins

VIEWERS = {viewer for fact in FACTS for viewer in fact.viewers}


@pytest.fixture(scope="module")
def compared(sqlite_template: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Found]:
    folder = tmp_path_factory.mktemp("twins")
    database = copy_of(sqlite_template, folder, durable=False)
    village, seen = found(database, folder), Found()
    eyes = Eyes(app_of(village), village)
    twins: Twins | None = None
    for moment in moments(village):
        eyes.enter(VIEWERS)
        facts = [fact for fact in FACTS if fact.moment is moment]
        if not facts:
            continue
        if twins is None:
            twins = Twins(eyes, village, folder, seen)
        else:
            twins.look_again()
        for fact in facts:
            twins.compare(fact)
        for leak in (one for one in LEAKS if one.fact.moment is moment):
            with put_in(eyes.app, leak):
                seen.caught[leak.name] = twins.catches(leak.fact, leak.endpoint)
        if moment is Moment.SCORING:
            _compare_blind(eyes, village, folder, seen)
        if all(fact.name in seen.facts for fact in FACTS):
            break
    yield seen
    eyes.close()
    database.close()


def _compare_blind(eyes: Eyes, village: Village, folder: Path, seen: Found) -> None:
    """The same in a call that hides who applies, with a marker in every field that is hidden in it."""
    copy, markers = blind(village, folder / "hidden")
    twins = Twins(eyes, copy.village, folder / "hidden", seen)
    for fact in BLIND:
        twins.compare(fact)
    for viewer in ("expert", "rapporteur", "rival"):
        with twins.base.village.looking(viewer) as act:
            text = "".join(twins.answer(viewer, asked).said.decode(errors="replace") for asked in twins.reached(viewer))
            seen.told |= {f"{viewer}: {place}" for place in markers.leaks(act, text)}
    seen.planted = len(markers.planted)
    for leak in BLIND_LEAKS:
        with put_in(eyes.app, leak):
            seen.caught[leak.name] = twins.catches(leak.fact, leak.endpoint)
    twins.base.database.close()
    copy.database.close()


def test_whoever_must_not_know_sees_the_same(compared: Found) -> None:
    assert compared.facts == {fact.name for fact in (*FACTS, *BLIND)}
    assert compared.pairs >= 1000
    assert "\n\n".join(compared.differences) == ""


def test_leaks_put_in_on_purpose_are_seen(compared: Found) -> None:
    assert compared.caught == {leak.name: True for leak in (*LEAKS, *BLIND_LEAKS)}


def test_no_marker_in_a_hidden_field_of_an_anonymous_call_comes_out(compared: Found) -> None:
    assert compared.planted >= 120
    assert compared.told == set()
