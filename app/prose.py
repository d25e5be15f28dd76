"""Long answers: paragraphs, lists and sub-headings are kept as plain marks in the text, and shown as what they are.

The marks are those of CommonMark ("## ", "- ", "1. "), read by its parser with everything else switched off: there is
no HTML, no emphasis, no link and no picture in an answer, and a text without marks stays as it was typed.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from flask_babel import gettext
from markdown_it import MarkdownIt
from markdown_it.token import Token
from markupsafe import Markup

from workflows.contact_details import HIDDEN, hide_contacts

_PARSER = MarkdownIt("zero", {"breaks": True, "html": False}).enable(["heading", "list", "newline"])


@dataclass(frozen=True)
class Piece:
    """One paragraph of a text. `kind` is text, heading, bullet or numbered; `depth` counts lists within lists."""

    kind: str
    text: str
    depth: int = 0


def formatted(text: str | None, level: int = 4) -> Markup:
    """Show a long answer as HTML; its headings stand on `level`, beneath that of the question."""
    tokens = _PARSER.parse(text or "")
    for token in tokens:
        if token.type in ("heading_open", "heading_close"):
            token.tag = f"h{level}"
    return Markup(_PARSER.renderer.render(tokens, _PARSER.options, {}))  # noqa: S704 - the parser escapes all text


def pieces(text: str | None) -> Iterator[Piece]:
    """Give the paragraphs of a long answer with what each is, for documents that are no HTML."""
    lists: list[str] = []
    heading = False
    for token in _PARSER.parse(text or ""):
        if token.type in ("bullet_list_open", "ordered_list_open"):
            lists.append("bullet" if token.type == "bullet_list_open" else "numbered")
        elif token.type in ("bullet_list_close", "ordered_list_close"):
            lists.pop()
        elif token.type == "heading_open":
            heading = True
        elif token.type == "inline":
            kind = "heading" if heading else lists[-1] if lists else "text"
            yield Piece(kind, _plain(token), max(len(lists) - 1, 0))
            heading = False


def _plain(token: Token) -> str:
    parts = ("\n" if child.type in ("softbreak", "hardbreak") else child.content for child in token.children or ())
    return "".join(parts)


def guarded(text: str, whole: bool) -> str:
    """Hide contact details in a text that somebody typed, unless its reader may have it whole."""
    return text if whole else hide_contacts(text, gettext(HIDDEN))
