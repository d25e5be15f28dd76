"""A PDF is compared in the browser, and never leaves it."""

import hashlib
import threading
from collections.abc import Iterator
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page

SCRIPT = Path(__file__).parent.parent.parent / "app" / "static" / "verify.js"
CHROMIUM = ["--no-sandbox", "--headless", "--disable-gpu", "--disable-background-networking", "--disable-sync"]
PAGE = """<!DOCTYPE html><html lang="en"><title>Compare</title><form data-compare="{digest}" hidden>
<label>PDF <input type="file" name="file"></label>
<p role="status" data-same="These are the bytes we issued." data-other="These are other bytes." data-busy="Comparing."
data-failed="It could not be read."></p></form><script src="verify.js" defer></script></html>"""

pytestmark = pytest.mark.browser


class Quiet(SimpleHTTPRequestHandler):
    asked: list[str] = []  # noqa: RUF012 - one server, one list

    def log_message(self, *details: object) -> None:
        self.asked.append(self.requestline)


@pytest.fixture
def page(tmp_path, browser: Browser) -> Iterator[Page]:
    (tmp_path / "verify.js").write_bytes(SCRIPT.read_bytes())
    (tmp_path / "index.html").write_text(PAGE.format(digest=hashlib.sha256(b"%PDF issued").hexdigest().upper()))
    server = ThreadingHTTPServer(("127.0.0.1", 0), partial(Quiet, directory=str(tmp_path)))
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    opened = browser.new_page()
    opened.goto(f"http://127.0.0.1:{server.server_port}/")
    yield opened
    server.shutdown()
    thread.join()
    server.server_close()


def test_the_issued_bytes_and_others_are_told_apart_without_an_upload(page):
    asked_before = len(Quiet.asked)
    status = page.get_by_role("status")

    page.get_by_label("PDF").set_input_files({"name": "a.pdf", "mimeType": "application/pdf", "buffer": b"%PDF issued"})
    status.filter(has_text="These are the bytes we issued.").wait_for()
    page.get_by_label("PDF").set_input_files({"name": "b.pdf", "mimeType": "application/pdf", "buffer": b"%PDF Issued"})
    status.filter(has_text="These are other bytes.").wait_for()

    assert [line for line in Quiet.asked[asked_before:] if "favicon" not in line] == []
