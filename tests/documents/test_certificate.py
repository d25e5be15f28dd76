"""The certificate shows everybody's name whole, leads to its page, and is the same whenever it is printed."""

import hashlib
import json
import subprocess
import sys
from xml.etree import ElementTree as ET

import pytest
import zxingcpp
from PIL import Image

from app.documents import certificate
from app.documents.making import make_pdf
from app.documents.print_job import DocumentError
from tests.documents.examples import FIFTEEN, THIRTY, a_certificate, a_partner

CASES = {
    "three": (a_certificate(FIFTEEN[:3]), 1),
    "eleven": (a_certificate(FIFTEEN[:11]), 1),
    "fifteen": (a_certificate(FIFTEEN), 1),
    "thirty": (a_certificate(THIRTY), 2),
    "scripts": (a_certificate(acronym="ТЕКСТИЛ-ΥΦΑΝΣΗ-ŽĪVS", title="Μετάβαση: Преход към кръгова икономика"), 1),
    "wide acronym": (a_certificate(acronym="W" * 40), 1),
    "long title": (a_certificate(title="Smart specialisation of regions and their industries " * 5), 1),
    "long names": (a_certificate([*FIFTEEN[:2], *THIRTY[:4]]), 1),
}


@pytest.mark.parametrize("case", CASES)
def test_it_has_as_many_sheets_as_it_needs(case, printed, opened):
    snapshot, sheets = CASES[case]

    assert len(opened(printed("certificate", snapshot)).pages) == sheets


@pytest.mark.parametrize("case", CASES)
def test_every_name_can_be_read_whole(case, printed, text_of):
    snapshot, _ = CASES[case]

    text = text_of(printed("certificate", snapshot))

    wanted = [snapshot[key] for key in ("acronym", "title", "number", "issuer", "call_title", "thematic_area")]
    wanted += [name for partner in snapshot["partners"] for name in (partner["name"], partner["latin_name"]) if name]
    assert [name for name in wanted if " ".join(name.split()) not in text] == []


@pytest.mark.parametrize("case", CASES)
def test_nothing_is_set_outside_the_sheet(case, printed, tmp_path):
    """Text that runs off the paper is cut when it is cropped: both extracts must be the same."""
    path = tmp_path / "certificate.pdf"
    path.write_bytes(printed("certificate", CASES[case][0]))
    whole = subprocess.run(["pdftotext", "-raw", path, "-"], check=True, capture_output=True, text=True).stdout
    area = ["-x", "20", "-y", "20", "-W", "802", "-H", "555"]
    inside = subprocess.run(["pdftotext", "-raw", *area, path, "-"], check=True, capture_output=True, text=True).stdout

    assert inside.split() == whole.split()


@pytest.mark.parametrize("partners", [7, 9, 11, 13, 15])
def test_the_partners_end_above_the_foot(partners, printed, tmp_path):
    snapshot = a_certificate(FIFTEEN[:partners])
    path = tmp_path / "certificate.pdf"
    path.write_bytes(printed("certificate", snapshot))
    words = ET.fromstring(  # noqa: S314 - it is our own
        subprocess.run(["pdftotext", "-bbox", path, "-"], check=True, capture_output=True, text=True).stdout
    ).iter("{http://www.w3.org/1999/xhtml}word")
    left, top = 89 * 72 / 25.4, 171 * 72 / 25.4  # where the foot begins, as in the stylesheet

    in_the_foot = [word for word in words if float(word.get("xMin")) > left and float(word.get("yMax")) > top]

    assert (in_the_foot[0].text, in_the_foot[1].text) == ("Date", "of")
    names = {word for partner in snapshot["partners"] for word in partner["name"].split()}
    assert names & {word.text for word in in_the_foot} == set()


def test_the_square_code_leads_to_the_page_of_the_label(printed, tmp_path):
    path = tmp_path / "certificate.pdf"
    path.write_bytes(printed("certificate", a_certificate()))
    subprocess.run(["pdftoppm", "-r", "72", "-png", "-singlefile", path, tmp_path / "picture"], check=True)

    with Image.open(tmp_path / "picture.png") as picture:
        (code,) = zxingcpp.read_barcodes(picture)

    assert code.text == "https://labels.example.eu/v/7KQ4-M2XD-9RTP"


def test_the_data_of_the_label_are_attached_once(printed, opened):
    document = opened(printed("certificate", a_certificate()))
    (attached,) = document.Root.AF
    content = json.loads(document.attachments["label.json"].get_file().read_bytes())

    assert attached.AFRelationship == "/Data"
    assert (content["number"], content["code"]) == ("ESCP-S3-2027-014", "7KQ4-M2XD-9RTP")
    assert [partner["name"] for partner in content["partners"]] == [partner["name"] for partner in FIFTEEN[:3]]


def test_a_practice_says_so_on_every_sheet(printed, tmp_path):
    pdf = printed("certificate", a_certificate(THIRTY, practice=True))
    path = tmp_path / "certificate.pdf"
    path.write_bytes(pdf)

    for sheet in ("1", "2"):
        command = ["pdftotext", "-f", sheet, "-l", sheet, path, "-"]
        text = subprocess.run(command, check=True, capture_output=True, text=True).stdout
        assert "Practice: not a real award" in text
        assert "Test office" in text


def test_a_real_award_does_not_speak_of_practice(printed, text_of):
    assert "Practice" not in text_of(printed("certificate", a_certificate()))


def test_a_name_in_another_script_carries_its_latin_form(printed, text_of):
    partners = [
        a_partner("Κύπρος", None, "CY00", "Cyprus", latin_name="Cyprus Cluster"),
        FIFTEEN[2] | {"latin_name": "Next"},
    ]

    text = text_of(printed("certificate", a_certificate(partners)))

    assert "Κύπρος Cyprus Cluster Cyprus" in text
    assert "Next Textile Cluster Lombardia, Italy" in text


def test_a_region_without_a_shape_is_named_in_a_box(printed, text_of):
    partners = [
        a_partner("Kyiv Cluster", "Ukraine", "UA", "Ukraine"),
        a_partner("Clúster Canario", "Canarias", "ES70", "Spain"),
    ]

    text = text_of(printed("certificate", a_certificate(partners)))

    assert "ES70" in text
    assert "UA" in text.split()


def test_a_sign_the_fonts_lack_stops_the_job_and_is_named(renderer):
    snapshot = a_certificate([a_partner("Cluster 漢", "Lombardia", "ITC4", "Italy")])

    with pytest.raises(DocumentError, match=r"U\+6F22"):
        make_pdf("certificate", snapshot, renderer)


def test_a_title_that_cannot_fit_is_refused_and_not_cut(renderer):
    with pytest.raises(DocumentError, match="does not fit"):
        make_pdf("certificate", a_certificate(title="Endless words " * 400), renderer)


def test_a_certificate_for_nobody_is_refused(renderer):
    with pytest.raises(DocumentError, match="at least one partner"):
        make_pdf("certificate", a_certificate([]), renderer)


def test_what_people_wrote_is_text_and_never_markup(printed, text_of):
    text = text_of(printed("certificate", a_certificate(title="<img src=x> {{ 7 * 7 }} & more")))

    assert "<img src=x> {{ 7 * 7 }} & more" in text


def test_printed_in_another_process_the_bytes_are_the_same(printed):
    snapshot = a_certificate()
    script = (
        "import hashlib, json, sys; from app.documents.making import make_pdf; from app.documents.renderer import Renderer\n"
        "with Renderer() as renderer: pdf = make_pdf('certificate', json.load(sys.stdin), renderer)\n"
        "print(hashlib.sha256(pdf).hexdigest())"
    )

    done = subprocess.run(
        [sys.executable, "-c", script], input=json.dumps(snapshot), check=True, capture_output=True, text=True
    )

    assert done.stdout.strip() == hashlib.sha256(printed("certificate", snapshot)).hexdigest()


def test_another_date_gives_other_bytes(printed):
    later = a_certificate(made_at="2027-02-04T09:00:00+00:00")

    assert printed("certificate", later) != printed("certificate", a_certificate())


def test_the_attached_data_are_canonical():
    swapped = dict(reversed(a_certificate().items()))

    assert certificate.label_json(swapped) == certificate.label_json(a_certificate())
