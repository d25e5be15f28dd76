"""Every file of the corpus gets its right answer through the real route; none is ever served to be shown."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from werkzeug.test import TestResponse

from app.inspection.slots import MIME_TYPES, kind_of_name
from app.models import File
from tests.support.application import a_draft
from tests.support.corpus import MEGA, NO_FORM, STORED, Upload, corpus
from tests.support.web import Browser, Web
from tests.support.world import World

SMALL = Path(__file__).parents[1] / "support" / "small_call.yaml"
SLOT = "{id: anything, label: Anything, formats: [pdf, png, jpg, docx, xlsx], max_mb: 1, max_count: 99}"
BOUNDARY = "a-boundary-that-stands-in-no-file"

# What each reason says, in words that stand in no other.
SAYS = {
    "file-empty": "This file is empty.",
    "file-too-large": "at most 1 MB are accepted",
    "file-kind-not-accepted": "Files of this kind are not accepted here.",
    "file-not-what-it-says": "whatever its name says",
    "file-is-locked": "is locked with a password",
    "file-has-scripts": "contains scripts or macros",
    "file-has-attachments": "has other files inside",
    "file-fetches": "loads something from elsewhere",
    "file-too-many-pages": "at most 200 are accepted",
    "file-too-many-pixels": "is larger than 50 million pixels",
    "file-unpacks-too-large": "unpacks to more than can be looked through",
    "file-unreadable": "This file could not be read.",
}


def test_every_file_of_the_corpus_gets_its_right_answer_and_none_is_served_inline(web: Web, world: World) -> None:
    call_file = world.folder / "call.yaml"
    call_file.write_text(f"{SMALL.read_text()}\ndocuments:\n  - {SLOT}\n")
    found = a_draft(world, world.call(call_file))
    browser = web.client_of(found.coordinator)
    token, address = browser.token(), f"/applications/{found.application.id}/documents/anything"
    uploads = corpus()

    answers = {upload.name: _answer(_send(browser, token, address, upload)) for upload in uploads}

    assert len(answers) == len(uploads) >= 40
    assert answers == {upload.name: upload.answer for upload in uploads}
    stored = [upload for upload in uploads if upload.answer == STORED]
    with world.look() as act:
        files = {file.name: file for file in act.session.query(File)}
    assert set(files) == {_kept_name(upload) for upload in stored}
    assert len(files) == len(stored)
    for upload in stored:
        file = files[_kept_name(upload)]
        _serves_as_attachment(browser.get(f"/files/{file.id}"), upload)
    on_disk = {path.name for path in (world.folder / "files").rglob("*") if path.is_file()}
    assert on_disk == {file.sha256 for file in files.values()}


def _send(browser: Browser, token: str, address: str, upload: Upload) -> TestResponse:
    """Send the form as bytes: a client would tidy the name."""
    name = upload.name if isinstance(upload.name, bytes) else upload.name.encode()
    head = b'Content-Disposition: form-data; name="%s"%s\r\n\r\n'
    parts = (
        head % (b"csrf_token", b"") + token.encode(),
        head % (b"file", b'; filename="%s"\r\nContent-Type: text/html' % name.replace(b"\\", b"\\\\")) + upload.data,
    )
    mark = b"--" + BOUNDARY.encode()
    body = b"".join(mark + b"\r\n" + part + b"\r\n" for part in parts) + mark + b"--\r\n"
    return browser.client.post(address, data=body, content_type=f"multipart/form-data; boundary={BOUNDARY}")


def _answer(response: TestResponse) -> Any:
    if response.status_code == 303:
        return STORED
    if response.status_code == 400:
        return NO_FORM
    told = [code for code, words in SAYS.items() if words in response.text]
    return told[0] if response.status_code == 422 and len(told) == 1 else (response.status_code, told)


def _kept_name(upload: Upload) -> str:
    return str(upload.name) if upload.kept_as is None else upload.kept_as


def _serves_as_attachment(response: TestResponse, upload: Upload) -> None:
    headers = response.headers
    assert response.status_code == 200, upload.name
    assert response.data == upload.data, upload.name
    assert headers["Content-Disposition"].startswith("attachment; filename="), upload.name
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert headers["Content-Security-Policy"] == "sandbox; default-src 'none'"
    assert headers["Content-Type"] == MIME_TYPES[kind_of_name(_kept_name(upload))], upload.name
    assert len(upload.data) < 2 * MEGA
