"""Uploads are judged by what they are, not by what they say they are."""

import io
import zipfile
from collections.abc import Iterator

import pikepdf
import pytest
from PIL import Image

from app.confined.parent import Confined
from app.inspection.inspector import Inspector
from app.inspection.slots import MEGA, Slot

ANY = Slot(kinds=("pdf", "png", "jpg", "docx", "xlsx"))


@pytest.fixture(scope="module")
def inspector() -> Iterator[Inspector]:
    with Inspector() as made:
        yield made


def a_pdf(pages: int = 1, *, change=None, **saving) -> bytes:
    document = pikepdf.new()
    for _ in range(pages):
        document.add_blank_page()
    if change:
        change(document)
    target = io.BytesIO()
    document.save(target, **saving)
    return target.getvalue()


def a_picture(kind: str = "PNG", size: tuple[int, int] = (20, 10)) -> bytes:
    target = io.BytesIO()
    Image.new("1" if kind == "PNG" else "RGB", size).save(target, kind)
    return target.getvalue()


def an_archive(parts: dict[str, bytes]) -> bytes:
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in parts.items():
            archive.writestr(name, content)
    return target.getvalue()


def named(value: object) -> str:
    """Name a case without its bytes, which are not the same in two processes."""
    return "" if isinstance(value, bytes) else str(value)


DOCUMENT = {"[Content_Types].xml": b"<Types/>", "word/document.xml": b"<document>text</document>"}
SHEET = {"[Content_Types].xml": b"<Types/>", "xl/workbook.xml": b"<workbook/>"}


@pytest.mark.parametrize(
    ("name", "data", "kind", "pages"),
    [
        ("letter.pdf", a_pdf(3), "pdf", 3),
        ("LETTER.PDF", a_pdf(1), "pdf", 1),
        ("logo.png", a_picture("PNG"), "png", 1),
        ("photo.jpeg", a_picture("JPEG"), "jpg", 1),
        ("annex.docx", an_archive(DOCUMENT), "docx", 0),
        ("budget.xlsx", an_archive(SHEET), "xlsx", 0),
    ],
    ids=named,
)
def test_a_sound_file_is_accepted_with_its_kind_and_pages(inspector, name, data, kind, pages):
    found = inspector.inspect(data, name, ANY)

    assert found.verdict.codes == ()
    assert (found.kind, found.pages) == (kind, pages)


def javascript(document: pikepdf.Pdf) -> None:
    document.Root.OpenAction = pikepdf.Dictionary(S=pikepdf.Name.JavaScript, JS="app.alert(1)")


def nested_javascript(document: pikepdf.Pdf) -> None:
    action = pikepdf.Dictionary(S=pikepdf.Name.GoTo, Next=pikepdf.Array([pikepdf.Dictionary(S=pikepdf.Name.Launch)]))
    document.pages[0].AA = pikepdf.Dictionary(O=action)


def attachment(document: pikepdf.Pdf) -> None:
    document.attachments["notes.txt"] = b"hidden"


@pytest.mark.parametrize(
    ("name", "data", "code"),
    [
        ("empty.pdf", b"", "file-empty"),
        ("letter.exe", a_pdf(), "file-kind-not-accepted"),
        ("letter", a_pdf(), "file-kind-not-accepted"),
        ("drawing.svg", b"<svg/>", "file-kind-not-accepted"),
        ("letter.pdf", a_picture(), "file-not-what-it-says"),
        ("logo.png", a_picture("JPEG"), "file-not-what-it-says"),
        ("letter.pdf", b"%PDF-1.7\nnothing of the kind", "file-unreadable"),
        ("letter.pdf", a_pdf(4)[:400], "file-unreadable"),
        ("letter.pdf", a_pdf(change=javascript), "file-has-scripts"),
        ("letter.pdf", a_pdf(change=nested_javascript), "file-has-scripts"),
        ("letter.pdf", a_pdf(change=attachment), "file-has-attachments"),
        ("letter.pdf", a_pdf(encryption=pikepdf.Encryption(owner="o", user="u")), "file-is-locked"),
        ("letter.pdf", a_pdf(encryption=pikepdf.Encryption(owner="o", user="")), "file-is-locked"),
        ("letter.pdf", a_pdf(201), "file-too-many-pages"),
        ("logo.png", a_picture(size=(10_000, 5_001)), "file-too-many-pixels"),
        ("logo.png", a_picture(size=(900, 900))[:-40], "file-unreadable"),
        ("annex.docx", b"PK\x03\x04 and no archive", "file-unreadable"),
        ("annex.docx", an_archive(SHEET), "file-not-what-it-says"),
        ("annex.docx", b"\xd0\xcf\x11\xe0" + b"0" * 600, "file-is-locked"),
        ("annex.docx", an_archive({**DOCUMENT, "word/vbaProject.bin": b"x"}), "file-has-scripts"),
        ("annex.docx", an_archive({**DOCUMENT, "word/embeddings/a.zip": b"x"}), "file-has-attachments"),
        ("annex.docx", an_archive({**DOCUMENT, "../outside.xml": b"<a/>"}), "file-unreadable"),
        ("annex.docx", an_archive({**DOCUMENT, "word/a.xml": b'<!DOCTYPE a [<!ENTITY b "c">]><a>&b;</a>'}), "file-unreadable"),
        ("annex.docx", an_archive({**DOCUMENT, "word/big.xml": b"0" * (201 * MEGA)}), "file-unpacks-too-large"),
        ("budget.xlsx", an_archive(SHEET | {f"xl/{number}.xml": b"<a/>" for number in range(2000)}), "file-unpacks-too-large"),
    ],
    ids=named,
)  # fmt: skip
def test_a_bad_file_is_refused_with_its_reason(inspector, name, data, code):
    found = inspector.inspect(data, name, ANY)

    assert found.verdict.codes == (code,)
    assert all("{" not in reason.plain() for reason in found.verdict.reasons)


def test_the_limits_are_those_of_the_slot(inspector):
    slot = Slot(most_bytes=len(a_pdf(3)), most_pages=3)

    assert inspector.inspect(a_pdf(3), "a.pdf", slot)
    assert inspector.inspect(a_pdf(4), "a.pdf", Slot(most_pages=3)).verdict.codes == ("file-too-many-pages",)
    assert inspector.inspect(a_pdf(4), "a.pdf", slot).verdict.codes == ("file-too-large",)
    assert inspector.inspect(a_picture(), "a.png", slot).verdict.codes == ("file-kind-not-accepted",)


def test_a_file_that_takes_too_long_could_not_be_read_and_the_next_one_can():
    with Inspector(limit=0.001) as hasty:
        assert hasty.inspect(a_pdf(), "a.pdf", ANY).verdict.codes == ("file-unreadable",)
        hasty._child._limit = 10
        assert hasty.inspect(a_pdf(), "a.pdf", ANY)


def test_the_child_of_inspections_is_replaced_after_its_number_of_files():
    with Inspector(replace_after=2) as inspector:
        numbers = []
        for _ in range(4):
            inspector.inspect(a_pdf(), "a.pdf", ANY)
            numbers.append(_process_of(inspector._child))

    assert numbers[0] is not None
    assert numbers[1] is None
    assert numbers[2] not in {None, numbers[0]}
    assert numbers[3] is None


def _process_of(child: Confined) -> int | None:
    return child._process.pid if child._process else None
