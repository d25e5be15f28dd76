"""A certificate as a picture: the right page, drawn once, readable."""

import io
from pathlib import Path

import pytest
import zxingcpp
from PIL import Image

from app.confined.parent import ChildFailedError
from app.documents.pictures import HEIGHT, WIDTH, Pictures
from tests.documents.examples import a_certificate

DIGEST = "a" * 64


def no_reading() -> bytes:
    raise AssertionError("it was drawn before")


def test_the_picture_is_the_certificate_and_its_code_can_be_scanned(printed, tmp_path: Path) -> None:
    snapshot = a_certificate()
    pdf = printed("certificate", snapshot)

    png = Pictures(tmp_path).of(DIGEST, lambda: pdf)

    drawn = Image.open(io.BytesIO(png))
    assert drawn.size == (WIDTH, HEIGHT)
    assert len(png) < 250_000
    (code,) = zxingcpp.read_barcodes(drawn.convert("L"))
    assert code.text == snapshot["verify_url"]


def test_a_picture_is_drawn_once(printed, tmp_path: Path) -> None:
    pdf = printed("certificate", a_certificate())
    first = Pictures(tmp_path).of(DIGEST, lambda: pdf)

    assert Pictures(tmp_path).of(DIGEST, no_reading) == first


def test_what_cannot_be_drawn_is_not_kept(tmp_path: Path) -> None:
    with pytest.raises(ChildFailedError):
        Pictures(tmp_path).of(DIGEST, lambda: b"no PDF")

    assert list(tmp_path.iterdir()) == []


def test_a_picture_is_named_by_a_digest_and_nothing_else(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="digest"):
        Pictures(tmp_path).of("../secret-key", no_reading)
