"""Long answers: marks for paragraphs, lists and headings are shown as such, and nothing else of a text is touched."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from playwright.sync_api import Browser, Page

from app.prose import formatted, pieces

STATIC = Path(__file__).resolve().parents[2] / "app" / "static"
MARKS = re.compile(r"^\s*(?:(?:[-+*]|\d{1,9}[.)])\s+|#{1,6}\s+)+|#+\s*$", re.MULTILINE)


def test_what_is_marked_is_shown_as_what_it_is() -> None:
    text = "First.\nSecond line.\n\n## Why\n- one\n- two\n  1. deeper"

    assert formatted(text) == (
        "<p>First.<br>\nSecond line.</p>\n<h4>Why</h4>\n<ul>\n<li>one</li>\n<li>two\n<ol>\n<li>deeper</li>\n</ol>\n</li>\n</ul>\n"
    )
    assert [(piece.kind, piece.text, piece.depth) for piece in pieces(text)] == [
        ("text", "First.\nSecond line.", 0), ("heading", "Why", 0),
        ("bullet", "one", 0), ("bullet", "two", 0), ("numbered", "deeper", 1),
    ]  # fmt: skip


@pytest.mark.parametrize(
    "text",
    ["<script>alert(1)</script>", "[link](javascript:alert(1))", "![picture](https://example.org/x.png)", "<b>bold</b>",
     "**bold** _italics_ `code`", "&lt;b&gt;", "> quoted", "    indented", "| a | b |", "[a]: https://example.org"],
)  # fmt: skip
def test_nothing_else_means_anything(text: str) -> None:
    shown = formatted(text)

    assert set(re.findall(r"<(\w+)", shown)) == {"p"}
    assert shown.striptags() == " ".join(text.split())


@settings(max_examples=500, deadline=None)
@given(st.text(st.characters(exclude_categories=["Cs", "Cc"], include_characters="\n-#1. \t"), max_size=80))
def test_no_character_is_lost_but_marks_and_blanks(text: str) -> None:
    def bare(one: str) -> str:
        return re.sub(r"[\s\d.)#+*-]", "", one)

    assert bare(formatted(text).striptags()) == bare(text)
    assert bare("".join(piece.text for piece in pieces(text))) == bare(text)
    assert set(re.findall(r"<(\w+)", formatted(text))) <= {"p", "br", "ul", "ol", "li", "h4"}


# -- pasting in a browser ------------------------------------------------------------------------------------------

WORD = (
    "<html><head><style>p{color:red}</style></head><body><h2 class=MsoNormal>Our aim</h2>"
    "<p class=MsoNormal>We <b>join</b> forces,<br>and more.</p>"
    "<p class=MsoListParagraph style='mso-list:l0 level1 lfo1'><span style='mso-list:Ignore'>·<span>&nbsp; </span></span>pilots</p>"
    "<p class=MsoListParagraph style='mso-list:l0 level1 lfo1'><span style='mso-list:Ignore'>·<span>&nbsp; </span></span>tours</p>"
    "<p class=MsoNormal>End<img src='x.png'>.</p></body></html>"
)
CASES = {
    "word": (WORD, "## Our aim\n\nWe join forces,\nand more.\n\n- pilots\n- tours\n\nEnd.", "bold and italics, pictures"),
    "web": (
        "<p>One</p><ol start=3><li>third</li><li>fourth<ul><li>deep</li></ul></li></ol><p>Two&nbsp;words</p>",
        "One\n\n3. third\n4. fourth\n   - deep\n\nTwo words", "",
    ),
    "table": ("<table><tr><td>a</td><td>b</td></tr><tr><td>c</td><td>d</td></tr></table>", "a\tb\n\nc\td", "the grid of a table"),
    "nothing to keep": ("<div>Plain &amp; simple &lt;b&gt;</div>", "Plain & simple <b>", ""),
}  # fmt: skip
PAGE = """<form><textarea id="t" data-escp-prose='{"all":"all kept","some":"Left out: {what}","style":"bold and italics","table":"the grid of a table","picture":"pictures","link":"links"}'>before </textarea></form><script>%s</script>"""
PASTE = """(html) => {
  const data = new DataTransfer(); data.setData("text/html", html); data.setData("text/plain", "plain");
  const area = document.getElementById("t"); area.setSelectionRange(7, 7);
  return area.dispatchEvent(new ClipboardEvent("paste", { clipboardData: data, bubbles: true, cancelable: true }));
}"""


@pytest.fixture(scope="module")
def tab(chromium: Browser) -> Iterator[Page]:
    page = chromium.new_page()
    yield page
    page.close()


@pytest.mark.parametrize("case", CASES)
def test_a_paste_keeps_its_shape_and_says_what_it_leaves_out(tab: Page, case: str) -> None:
    html, expected, left_out = CASES[case]
    tab.set_content(PAGE % (STATIC / "paste.js").read_text(encoding="utf-8"))

    tab.evaluate(PASTE, html)

    assert tab.locator("#t").input_value() == f"before {expected}"
    said = tab.get_by_role("status").inner_text()
    assert said == (f"Left out: {left_out}" if left_out else "all kept")


def test_a_paste_without_shape_is_left_to_the_browser(tab: Page) -> None:
    tab.set_content(PAGE % (STATIC / "paste.js").read_text(encoding="utf-8"))

    assert tab.evaluate(PASTE, "") is True, "not taken over"
