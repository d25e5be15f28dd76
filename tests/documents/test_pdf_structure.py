"""Every document is PDF/A-3a and made for readers that speak: as far as it can be checked without a validator."""

import shutil
import subprocess
from collections.abc import Iterator
from itertools import pairwise
from typing import Any
from xml.etree import ElementTree as ET

import pikepdf
import pytest

from tests.documents.examples import FIFTEEN, THIRTY, a_certificate, a_letter, a_receipt, a_summary_report

RDF = "{http://www.w3.org/1999/02/22-rdf-syntax-ns#}"
EVERY = {
    "certificate": ("certificate", a_certificate()),
    "certificate-15": ("certificate", a_certificate(FIFTEEN)),
    "certificate-30": ("certificate", a_certificate(THIRTY, practice=True)),
    "receipt": ("receipt", a_receipt(practice=True)),
    "letter": ("letter", a_letter()),
    "summary_report": ("summary_report", a_summary_report()),
}


@pytest.fixture(params=EVERY)
def pdf(request, printed) -> bytes:
    return printed(*EVERY[request.param])


def test_the_file_has_language_title_and_tags(pdf, opened):
    document = opened(pdf)

    assert str(document.Root.Lang) == "en"
    assert bool(document.Root.ViewerPreferences.DisplayDocTitle)
    assert bool(document.Root.MarkInfo.Marked)
    assert len(str(document.docinfo["/Title"])) > 10
    assert len(list(_elements(document.Root.StructTreeRoot))) > 20


def test_each_figure_has_a_text(pdf, opened):
    figures = [element for element in _elements(opened(pdf).Root.StructTreeRoot) if element.get("/S") == "/Figure"]

    assert [str(figure.get("/Alt", "")) for figure in figures if len(str(figure.get("/Alt", ""))) < 10] == []


def test_there_is_one_first_heading(pdf, opened):
    tags = [str(element.get("/S")) for element in _elements(opened(pdf).Root.StructTreeRoot)]

    assert tags.count("/H1") == 1


def test_no_level_of_heading_is_left_out(pdf, opened):
    tags = [str(element.get("/S")) for element in _elements(opened(pdf).Root.StructTreeRoot)]
    levels = [int(tag[2:]) for tag in tags if tag[:2] == "/H" and tag[2:].isdigit()]

    assert levels[0] == 1
    assert max(later - earlier for earlier, later in pairwise([1, *levels])) <= 1


def test_each_cell_of_a_table_names_its_headings(pdf, opened):
    root = opened(pdf).Root.StructTreeRoot
    elements = list(_elements(root))
    heads = {str(element.ID) for element in elements if element.get("/S") == "/TH"}
    cells = [[str(name) for name in element.A.Headers] for element in elements if element.get("/S") == "/TD"]

    assert [cell for cell in cells if not cell or set(cell) - heads] == []
    listed = list(root.IDTree.Names)[::2] if "/IDTree" in root else []
    assert {str(name) for name in listed} == heads


def test_each_link_says_where_it_leads(pdf, opened):
    links = [note for page in opened(pdf).pages for note in page.get("/Annots", []) if note.Subtype == "/Link"]

    assert [str(link.Contents) for link in links if not str(link.Contents).startswith("https://")] == []


def test_the_metadata_name_both_standards(pdf, opened):
    packet = ET.fromstring(opened(pdf).Root.Metadata.read_bytes())  # noqa: S314 - it is our own
    descriptions = list(packet.iter(f"{RDF}Description"))
    attributes = {key: value for description in descriptions for key, value in description.attrib.items()}

    assert attributes["{http://www.aiim.org/pdfa/ns/id/}part"] == "3"
    assert attributes["{http://www.aiim.org/pdfa/ns/id/}conformance"] == "A"
    assert [part.text for part in packet.iter("{http://www.aiim.org/pdfua/ns/id/}part")] == ["1"]
    assert [part.text for part in packet.iter("{http://www.aiim.org/pdfa/ns/schema#}prefix")] == ["pdfuaid"]
    assert len(list(packet.iter(f"{RDF}RDF"))) == 1


def test_the_colours_are_bound_to_a_profile(pdf, opened):
    (intent,) = opened(pdf).Root.OutputIntents

    assert intent.S == "/GTS_PDFA1"
    assert len(intent.DestOutputProfile.read_bytes()) > 1000


def test_all_fonts_are_ours_and_embedded(pdf, tmp_path):
    path = tmp_path / "document.pdf"
    path.write_bytes(pdf)
    listed = subprocess.run(["pdffonts", path], check=True, capture_output=True, text=True).stdout.splitlines()[2:]

    assert listed
    for line in listed:
        assert "+ESCP-S" in line.split()[0]
        assert line.split()[-5:-2] == ["yes", "yes", "yes"]


def test_nothing_in_the_file_acts_or_is_locked(pdf, opened):
    document = opened(pdf)

    assert not document.is_encrypted
    assert [key for key in ("/OpenAction", "/AA", "/AcroForm") if key in document.Root] == []


def test_qpdf_finds_no_fault(pdf, tmp_path):
    path = tmp_path / "document.pdf"
    path.write_bytes(pdf)
    done = subprocess.run(["qpdf", "--check", path], check=False, capture_output=True, text=True)

    assert (done.returncode, done.stderr) == (0, "")


@pytest.mark.skipif(shutil.which("verapdf") is None, reason="veraPDF is not on this machine")
@pytest.mark.parametrize("flavour", ["3a", "ua1"])
def test_verapdf_agrees(pdf, tmp_path, flavour):
    path = tmp_path / "document.pdf"
    path.write_bytes(pdf)
    done = subprocess.run(
        ["verapdf", "-f", flavour, "--format", "text", path], check=False, capture_output=True, text=True
    )

    assert done.stdout.startswith("PASS")


def _elements(root: Any) -> Iterator[pikepdf.Dictionary]:
    waiting = [root]
    while waiting:
        element = waiting.pop()
        if not isinstance(element, pikepdf.Dictionary):
            continue
        if "/S" in element:
            yield element
        kids = element.get("/K", [])
        waiting.extend(reversed(list(kids)) if isinstance(kids, pikepdf.Array) else [kids])
