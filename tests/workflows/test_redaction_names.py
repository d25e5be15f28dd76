"""Names that tell who applies are found however they are written, and words that only look like them are left."""

from __future__ import annotations

import pytest

from workflows.redaction_names import Kind, Known, find_names, replaced

KNOWN = (
    Known(Kind.ACRONYM, "SMARTEX-4R"),
    Known(Kind.ORGANISATION, "Clúster Têxtil do Norte, S.A.", "[Partner 1]"),
    Known(Kind.ORGANISATION, "Βιομηχανικό Δίκτυο Αττικής", "[Partner 2]"),
    Known(Kind.ORGANISATION, "Industrial Network of Attica", "[Partner 2]"),
    Known(Kind.ORGANISATION, "Институт Оптика", "[Partner 3]"),
    Known(Kind.ORGANISATION, "IT", "[Partner 4]"),
    Known(Kind.ORGANISATION, "North Textile Cluster of Tampere", "[Partner 5]"),
    Known(Kind.ORGANISATION, "Trade and Export of Xylophones and Tools", "[Partner 6]"),
    Known(Kind.ACRONYM, "bio"),
    Known(Kind.PERSON, "Jürgen Müller"),
    Known(Kind.PERSON, "Ivan Dimitrov"),
    Known(Kind.ADDRESS, "Porto"),
    Known(Kind.NUMBER, "912345678"),
    Known(Kind.MAIL, "someone@textil-norte.example"),
    Known(Kind.WEB, "https://www.attica-net.example/en"),
)


@pytest.mark.parametrize(
    ("text", "passage", "kind"),
    [
        ("In smartex 4r we weave.", "smartex 4r", Kind.ACRONYM),
        ("In SMARTEX4R we weave.", "SMARTEX4R", Kind.ACRONYM),
        ("The CLUSTER TEXTIL  do\nNorte leads.", "CLUSTER TEXTIL  do\nNorte", Kind.ORGANISATION),
        ("The Clu\u0301ster Te\u0302xtil do Norte leads.", "Clu\u0301ster Te\u0302xtil do Norte", Kind.ORGANISATION),
        ("\uff23luster T\u00eaxtil-do-Norte leads.", "\uff23luster T\u00eaxtil-do-Norte", Kind.ORGANISATION),
        ("as the Voreio, Viomichaniko Diktyo Attikis said", "Viomichaniko Diktyo Attikis", Kind.ORGANISATION),
        ("The INA is old.", "INA", Kind.ORGANISATION),
        ("what ntct did", "ntct", Kind.ORGANISATION),
        ("what Ntct did", "Ntct", Kind.ORGANISATION),
        ("what N.T.C.T. did", "N.T.C.T", Kind.ORGANISATION),
        ("what TEXT did", "TEXT", Kind.ORGANISATION),
        ("what BIO does", "BIO", Kind.ACRONYM),
        ("Institut Optika measures.", "Institut Optika", Kind.ORGANISATION),
        ("We of IT work.", "IT", Kind.ORGANISATION),
        ("led by Mueller, J\u00fcrgen since", "Mueller, J\u00fcrgen", Kind.PERSON),
        ("led by J. MULLER since", "J. MULLER", Kind.PERSON),
        ("led by Иван Димитров since", "Иван Димитров", Kind.PERSON),
        ("led by Dr Dimitrov\u2019s team", "Dimitrov", Kind.PERSON),
        ("write to a.b@else.example today", "a.b@else.example", Kind.MAIL),
        ("see textil-norte.example/news, there", "textil-norte.example/news,", Kind.WEB),
        ("see HTTPS://Example.org/x?y=1.", "HTTPS://Example.org/x?y=1", Kind.WEB),
        ("our PIC 912345678 is", "912345678", Kind.NUMBER),
        ("call +351 22 123 45 67 now", "+351 22 123 45 67", Kind.NUMBER),
        ("orcid 0000-0002-1825-0097", "0000-0002-1825-0097", Kind.NUMBER),
        ("at 4050-123 Porto we", "4050-123 Porto", Kind.ADDRESS),
        ("Rua das Flores 12, there", "Rua das Flores 12", Kind.ADDRESS),
        ("Hauptstraße 5a, there", "Hauptstraße 5a", Kind.ADDRESS),
    ],
)
def test_a_name_is_found_however_it_is_written(text: str, passage: str, kind: Kind) -> None:
    found = find_names(text, KNOWN)

    assert [(text[one.start : one.end], one.kind) for one in found][:1] == [(passage, kind)]


@pytest.mark.parametrize(
    "text",
    [
        "A text of what we export.",
        "Bio-waste",
        "n t c t",
        "It is so.",
        "We use a textile cluster.",
        "a muller of grain",
        "In 2027 we need 913345678.50 euro",
        "Item 4.5-6",
    ],
)
def test_a_word_that_only_looks_like_a_name_is_left(text: str) -> None:
    assert find_names(text, KNOWN) == ()


def test_what_was_kept_is_not_proposed_again() -> None:
    text = "From PORTO to Müller."

    assert [one.kind for one in find_names(text, KNOWN, kept=["Porto"])] == [Kind.PERSON]


def test_of_two_passages_that_overlap_the_longer_stands() -> None:
    text = "Ask Jürgen Müller at j@textil-norte.example or https://attica-net.example/Porto."

    spans = find_names(text, KNOWN)

    assert replaced(text, spans) == "Ask [person] at [e-mail address] or [web address]."
