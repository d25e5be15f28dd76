"""Whoever looks at the pages of a journey would see what is wrong with them."""

from __future__ import annotations

from playwright.sync_api import Browser

from tests.support.browser import CHECKER, Findings, Somebody

WRONG = """<!doctype html><html lang="en"><title>Wrong</title>
<main><h1>Wrong</h1><img src="/x.png"><p style="width: 400px">Wide</p></main></html>"""


def test_a_picture_without_words_and_a_page_too_wide_are_found(browser: Browser) -> None:
    page = browser.new_page()
    page.add_init_script(CHECKER)
    page.goto("about:blank")
    page.set_content(WRONG)
    looking = Somebody(site=None, page=page, findings=Findings(), scripts=True)  # type: ignore[arg-type] - no site is asked

    looking._accessible(page, "/wrong")
    looking._narrow(page, "/wrong")

    assert any("image-alt" in fault for fault in looking.findings.faults)
    assert any("px wide" in fault for fault in looking.findings.faults)
