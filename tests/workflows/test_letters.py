"""Texts of letters, and what is found in texts that applicants read."""

from __future__ import annotations

import pytest

from workflows.letter_findings import Finding, Name, Names, Place, What, findings, persons, surnames
from workflows.letter_texts import SHIPPED, Block, Kind, blocks, filled, placeholders, text_verdict


@pytest.mark.parametrize("kind", Kind)
def test_what_is_shipped_uses_the_placeholders_of_its_kind_alone(kind: Kind) -> None:
    assert text_verdict(kind, SHIPPED[kind])
    values = {name: f"<{name}>" for name in placeholders(kind)}
    assert "{" not in filled(SHIPPED[kind], values)


def test_unknown_placeholders_stray_braces_and_html_are_refused_by_name() -> None:
    verdict = text_verdict(Kind.RESERVE, "Dear {nmae},\n\n{day} <b>now</b> }")
    assert verdict.codes == ("no-such-placeholder", "no-such-placeholder", "stray-brace", "no-html")
    assert "{nmae}" in verdict.reasons[1].plain()
    assert "<b>" in verdict.reasons[3].plain()
    assert text_verdict(Kind.AWARDED, " \n").codes == ("missing-text",)
    assert text_verdict(Kind.AWARDED, "x" * 6001).codes == ("text-too-long",)


def test_a_value_that_looks_like_a_placeholder_is_not_filled_again() -> None:
    assert filled("{acronym} of {name}", {"acronym": "{name}", "name": "Ana"}) == "{name} of Ana"


def test_lists_and_paragraphs_are_told_apart() -> None:
    assert blocks("You may:\n- accept\n- refuse\n\nTwo\nlines") == [
        Block(False, ("You may:",)),
        Block(True, ("accept", "refuse")),
        Block(False, ("Two", "lines")),
    ]


NAMES = Names(
    [
        Name(What.ACRONYM, "BRIDGE", "a"),
        Name(What.ACRONYM, "PhotoNet", "b"),
        Name(What.ORGANISATION, "Müller Cluster", "b"),
        Name(What.ORGANISATION, "Région Centre", "a"),
        Name(What.ORGANISATION, "Région Centre", "b"),
        Name(What.ORGANISATION, "Centre Photonet Bordeaux", "a"),
        *persons(What.PERSON, "Δημήτρης Παπάς", "b"),
        Name(What.ADDRESS, "ana@b.example", "b"),
        *persons(What.EVALUATOR, "Eva Novak"),
        *surnames("Eva Novak", "a"),
    ]
)


def _found(text: str, application: str = "a", *, required: bool = False) -> list[tuple[What, str]]:
    return [(one.what, one.words) for one in findings([Place(application, "p", text, required)], NAMES)]


def test_what_belongs_to_others_is_found_folded() -> None:
    assert _found("As PHOTONET does") == [(What.ACRONYM, "PHOTONET")]
    assert _found("with the mueller CLUSTER") == [(What.ORGANISATION, "mueller CLUSTER")]
    assert _found("Dimitris Papas leads it") == [(What.PERSON, "Dimitris Papas")]
    assert _found("write to Ana@B.example.") == [(What.ADDRESS, "Ana@B.example")]
    assert _found("Novak, Eva says") == [(What.EVALUATOR, "Novak, Eva"), (What.EVALUATOR, "Novak")]


def test_what_is_their_own_or_a_common_word_is_not_found() -> None:
    assert _found("BRIDGE and Région Centre, REGION CENTRE") == []
    assert _found("Région Centre", "b") == []  # in two consortia
    assert _found("Centre Photonet Bordeaux is well placed") == []  # within their own name
    assert _found("a bridge between regions", "b") == []
    assert _found("BRIDGE between regions", "b") == [(What.ACRONYM, "BRIDGE")]
    assert _found("Novak", "b") == []  # a surname alone counts where its bearer evaluated


def test_what_is_missing_or_left_to_fill_in_is_found() -> None:
    assert _found(" - ", required=True) == [(What.EMPTY, "-")]
    assert _found("See [date] and {acronym}, TODO") == [
        (What.LEFT_OVER, "[date]"), (What.LEFT_OVER, "{acronym}"), (What.LEFT_OVER, "TODO"),
    ]  # fmt: skip


def test_a_finding_is_the_same_until_its_text_changes() -> None:
    def key(text: str) -> Finding:
        return findings([Place("a", "p", text)], NAMES)[0]

    assert key("PhotoNet").key == key("PhotoNet").key
    assert key("PhotoNet").key != key("PhotoNet!").key
