import io
import subprocess
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pikepdf
import pytest

from app.documents.making import make_pdf
from app.documents.renderer import Renderer


@pytest.fixture(scope="session")
def renderer() -> Iterator[Renderer]:
    with Renderer() as made:
        yield made


@pytest.fixture(scope="session")
def printed(renderer) -> Callable[[str, dict[str, Any]], bytes]:
    """Print a snapshot once for all tests that look at it."""
    made: dict[str, bytes] = {}

    def print_it(kind: str, snapshot: dict[str, Any]) -> bytes:
        key = f"{kind} {snapshot!r}"
        if key not in made:
            made[key] = make_pdf(kind, snapshot, renderer)
        return made[key]

    return print_it


@pytest.fixture
def text_of(tmp_path) -> Callable[[bytes], str]:
    """Give a PDF's text in reading order, each run of white space as one space."""

    def read(pdf: bytes) -> str:
        path = Path(tmp_path) / "document.pdf"
        path.write_bytes(pdf)
        done = subprocess.run(["pdftotext", "-raw", path, "-"], check=True, capture_output=True, text=True)
        return " ".join(done.stdout.split())

    return read


@pytest.fixture
def opened() -> Iterator[Callable[[bytes], pikepdf.Pdf]]:
    """Open a PDF for as long as the test lasts: its objects die with it."""
    kept: list[pikepdf.Pdf] = []

    def open_it(pdf: bytes) -> pikepdf.Pdf:
        kept.append(pikepdf.open(io.BytesIO(pdf)))
        return kept[-1]

    yield open_it
    for document in kept:
        document.close()
