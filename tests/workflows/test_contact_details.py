"""What counts as a contact detail in a text that somebody typed, and what does not."""

from __future__ import annotations

import pytest

from workflows.contact_details import has_contacts, hide_contacts, hide_in

HIDE = "[…]"


@pytest.mark.parametrize(
    "detail",
    [
        "ana.silva@cluster.example", "ana.silva @ cluster.example", "ana (at) cluster (dot) example",
        "ana[at]cluster[dot]eu", "ana at cluster dot eu", "άννα@παράδειγμα.ευ", "ana＠cluster.eu", "o'neil+eu@a-b.co.uk",
        "https://meet.example/ana?x=1", "http://10.0.0.1/x", "www.cluster.example/team", "cluster-team.eu/contact",
        "wa.me/393331234567", "mailto:ana@x.example", "tel:+3902123456", "t.me/ana_silva", "@ana_silva",
        "+39 02 1234567", "+39 (0)333-123.45.67", "0039 333 1234567", "(011) 234 56 78", "02/123.45.67", "06 12 34 56 78",
        "912 345 678", "612345678", "210 1234567", "12 34 56 78", "Tel. 123456", "phone: 555 1234", "тел. 02 987 65 43",
    ],
)  # fmt: skip
def test_a_contact_detail_is_hidden_and_the_words_around_it_are_not(detail: str) -> None:
    assert hide_contacts(f"Ask Ana: {detail}", HIDE) == f"Ask Ana: {HIDE}"
    assert hide_contacts(f"{detail}; thanks", HIDE) == f"{HIDE}; thanks"
    assert HIDE in hide_contacts(f"Write to us ({detail}) today", HIDE)
    assert has_contacts(f"Write,\n{detail}\ntoday")


@pytest.mark.parametrize(
    "text",
    [
        "We serve 12 345 678 inhabitants in 4 regions.", "A budget of 1 200 000 EUR, of which 349,952.00 for SMEs.",
        "From 01.02.2018 to 31/12/2020, in 2014-2020 and 2021-2027.", "Since 2018-02-01.", "PIC 998877665", "i.e. nothing",
        "Node.js, e.g. TRL 5-7, ISO 9001:2015.", "At the fair we met dot by dot.", "C1.2.3 of the call; 24/7; 50 000 m²",
        "Agreement 101012345 of Horizon.", "12.5 million; 3.14159265",
    ],
)  # fmt: skip
def test_what_is_no_contact_detail_stays(text: str) -> None:
    assert hide_contacts(text) == text


def test_it_looks_into_every_part_of_an_answer() -> None:
    rows = [{"partner": "ana@x.example", "share": 3}, "tel. 555 12345"]

    assert hide_in(rows, HIDE) == [{"partner": HIDE, "share": 3}, HIDE]
