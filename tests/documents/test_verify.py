"""A file is ours, altered or foreign: the digest decides, one byte is enough."""

import hashlib
import io

import pikepdf
import pytest

from app.documents.verify import Altered, Issued, NotIssued, judge_pdf, marks_in
from app.inspection.inspector import Inspector
from tests.documents.examples import a_certificate, a_letter

ISSUED = Issued(number="ESCP-S3-2027-014", holder="SMARTEX-4R", state="active")


class ARegister:
    def __init__(self, pdf: bytes) -> None:
        self._digest = hashlib.sha256(pdf).hexdigest()

    def issued(self, sha256: str) -> Issued | None:
        return ISSUED if sha256 == self._digest else None

    def number_of(self, mark: str) -> str | None:
        return ISSUED.number if mark in {"ESCP-S3-2027-014", "7KQ4-M2XD-9RTP"} else None


@pytest.fixture
def certificate(printed) -> bytes:
    return printed("certificate", a_certificate())


def test_the_bytes_that_were_issued_are_ours(certificate):
    assert judge_pdf(certificate, ARegister(certificate)) == ISSUED


def test_a_changed_byte_anywhere_is_never_ours(certificate):
    register = ARegister(certificate)

    for place in range(0, len(certificate), len(certificate) // 40):
        changed = bytearray(certificate)
        changed[place] ^= 1
        assert not isinstance(judge_pdf(bytes(changed), register), Issued)


def test_something_added_at_the_end_is_altered(certificate):
    assert judge_pdf(certificate + b"\n% more", ARegister(certificate)) == Altered("ESCP-S3-2027-014")


@pytest.mark.parametrize("taken", ["label.json", "keywords"])
def test_either_the_data_or_the_keywords_give_an_altered_file_away(certificate, taken):
    with pikepdf.open(io.BytesIO(certificate)) as document:
        if taken == "label.json":
            del document.attachments["label.json"]
        else:
            del document.docinfo["/Keywords"]
        target = io.BytesIO()
        document.save(target)

    assert judge_pdf(target.getvalue(), ARegister(certificate)) == Altered("ESCP-S3-2027-014")


def test_another_document_is_not_issued(certificate, printed):
    assert judge_pdf(printed("letter", a_letter()), ARegister(certificate)) == NotIssued()


@pytest.mark.parametrize("data", [b"", b"%PDF-1.7", b"no pdf at all", b"\x00" * 5000])
def test_nonsense_is_not_issued(certificate, data):
    assert judge_pdf(data, ARegister(certificate)) == NotIssued()


@pytest.mark.parametrize("content", [b"[1, 2]", b"not json", b'{"number": null}', b"[" * 100_000])
def test_odd_attached_data_are_no_marks(content):
    with pikepdf.new() as document:
        document.add_blank_page()
        document.attachments["label.json"] = content
        target = io.BytesIO()
        document.save(target)

    assert set(marks_in(target.getvalue())) <= {"None"}


def test_the_confined_child_reads_the_same_marks(certificate):
    with Inspector() as inspector:
        assert inspector.marks(certificate) == marks_in(certificate)
        assert judge_pdf(certificate + b" ", ARegister(certificate), inspector.marks) == Altered("ESCP-S3-2027-014")
