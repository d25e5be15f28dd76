"""Receipt, letter and report show everything they were given, as text."""

import io

import pytest
from PIL import Image

from app.documents.making import figures_in, make_pdf
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


def a_picture(mode: str, kind: str, **options: object) -> bytes:
    target = io.BytesIO()
    Image.new(mode, (400, 200), 128 if len(mode) == 1 else (200, 30, 60, 128)[: len(mode)]).save(
        target, kind, **options
    )
    return target.getvalue()


def test_figures_stand_in_their_place_with_what_they_show_and_say_nothing_of_themselves(renderer, opened, text_of):
    exif = Image.Exif()
    exif[0x010E] = "taken at the secret lab"
    pictures = {"a" * 64: a_picture("RGBA", "PNG"), "b" * 64: a_picture("CMYK", "JPEG", exif=exif), "c" * 64: b"junk"}
    figures = [{"sha256": digest, "caption": f"Chart {digest[0]}"} for digest in pictures]
    blocks = [{"question": "The idea as a picture", "items": ["idea.png"], "figures": figures}]
    snapshot = a_receipt(sections=[{"title": "Idea", "blocks": blocks}])

    assert figures_in(snapshot) == set(pictures)
    pdf = make_pdf("receipt", snapshot, renderer, pictures)

    assert all(f"Chart {digest[0]}" in text_of(pdf) for digest in pictures)
    assert b"secret lab" not in pdf
    images = [one for page in opened(pdf).pages for one in page.get_images().values()]
    assert sorted({(int(one.Width), str(one.ColorSpace)) for one in images}) == [(1, "/DeviceRGB"), (400, "/DeviceRGB")]
    assert not any("/SMask" in one for one in images)
    assert pdf == make_pdf("receipt", snapshot, renderer, pictures)
