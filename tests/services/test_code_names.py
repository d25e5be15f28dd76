"""Codes in reasons: stored as they are, named where people read them."""

from __future__ import annotations

import json

from app.code_names import in_english, named
from app.services.reason_json import reason_from_json, reason_to_json
from workflows.definition_rules import Subject
from workflows.rules_text import cannot_tell, counted
from workflows.words import Codes


def test_countries_and_regions_are_called_by_name() -> None:
    assert named(Codes(Subject.COUNTRIES, ["ES", "IT"])) == "Spain, Italy"
    assert named(Codes(Subject.REGIONS, ["ITC4"])) == "Lombardia (ITC4)"


def test_what_is_no_code_stands_for_itself() -> None:
    assert named(Codes(Subject.REGIONS, ["ITC4", "Textile Cluster"])) == "Lombardia (ITC4), Textile Cluster"


def test_a_stored_fact_keeps_its_codes_and_is_named_when_it_is_read_back() -> None:
    fact = counted(Subject.COUNTRIES, 2, ["ES", "IT"], limited=False)

    stored = json.dumps(reason_to_json(fact))

    assert '["ES", "IT"]' in stored
    assert "Spain" not in stored
    assert in_english(reason_from_json(json.loads(stored))) == "2 countries take part: Spain, Italy."


def test_partners_that_cannot_be_told_keep_their_names() -> None:
    assert in_english(cannot_tell(("IT", "ES Cluster"))) == "It cannot be told yet for 2: IT, ES Cluster."
