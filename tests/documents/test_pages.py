"""Receipt, letter and report show everything they were given, as text."""

import pytest

from tests.documents.examples import a_letter, a_receipt, a_summary_report


def test_a_receipt_shows_all_that_was_sent(printed, text_of):
    text = text_of(printed("receipt", a_receipt()))

    wanted = [
        "DIGICLUSTERS: Industrial modernisation of agrofood and packaging",
        "Version 3",
        "Thursday 1 March 2018, 16:59:59 Brussels time",
        "2018-03-01 15:59:59 UTC",
        "ab" * 32,
        "Ilze Ozola, Latvian IT Cluster",
        "Сдружение „Клъстер“ The Cluster",
        "First. Second line. A <b>third</b> & {{ last }} [U+1F600]",
        "Agri-food",
        "Left open No answer",
        "Hackathons 12",
        "All 120 000.00",
        "lettre d’intention.pdf, 121 kB (123,456 bytes)",
        "SHA-256 " + "cd" * 32,
        "Everything in this application is true.",
        "Test office",
    ]
    assert [words for words in wanted if words not in text] == []


def test_a_receipt_says_until_when_it_may_be_changed(printed, text_of):
    open_still = a_receipt(may_change_until="2018-03-08T16:00:00+00:00")

    assert "May be changed until Thursday 8 March 2018, 17:00 Brussels time" in text_of(printed("receipt", open_still))
    assert "May be changed until no longer" in text_of(printed("receipt", a_receipt()))


def test_a_receipt_of_a_practice_says_so_on_each_page(printed, opened, text_of):
    pdf = printed("receipt", a_receipt(practice=True, sections=[a_long_section()]))
    pages = len(opened(pdf).pages)

    assert pages > 2
    assert text_of(pdf).count("Practice: nothing in this document is real") == pages + 1
    assert "Practice" not in text_of(printed("receipt", a_receipt()))


def a_long_section() -> dict:
    return {"title": "Long", "blocks": [{"question": "Tell all", "text": "A long answer. " * 1200}]}


def test_a_letter_gives_reasons_redress_and_who_signed(printed, text_of):
    text = text_of(printed("letter", a_letter()))

    wanted = [
        "Ana Silva Cluster Têxtil Porto, Portugal",
        "14 May 2018",
        "Our reference: COS-2017-0009",
        "Fewer than three countries take part.",
        "The total is below the threshold.",
        "Within 30 days of this letter you may ask for a review.",
        "Pat Programme, programme manager",
        "Evaluation summary report",
    ]
    assert [words for words in wanted if words not in text] == []


def test_a_report_shows_each_score_with_its_threshold(printed, text_of):
    text = text_of(printed("summary_report", a_summary_report()))

    assert "Relevance 21.5 of 30 Threshold: 15, reached Good." in text
    assert "Quality 12 of 30 Threshold: 15, not reached Weak." in text
    assert "Total: 33.5 of 60 Threshold: 42 Below the threshold: not awarded" in text
    assert "Minority views One expert thought the work plan adequate." in text


@pytest.mark.parametrize(
    ("kind", "make"), [("receipt", a_receipt), ("letter", a_letter), ("summary_report", a_summary_report)]
)
def test_the_same_snapshot_gives_the_same_bytes(kind, make, printed, renderer):
    again = printed(kind, make(identifier="document-1", environment="Test office"))

    assert again == printed(kind, make())
