"""Runs in the confined child: pages of several PDFs and pictures in one, with an outline and a number on each page."""

from __future__ import annotations

import io
from collections.abc import Sequence
from dataclasses import dataclass

import pikepdf
from PIL import Image, ImageOps

_FONT = pikepdf.Name("/EscpFoot")
_SIZE, _MARGIN = 8, 14  # points
_PICTURE_DPI = 150


@dataclass(frozen=True)
class Part:
    """One file behind the first: what the outline calls it, pdf, png or jpg, and its bytes."""

    title: str
    kind: str
    content: bytes


def bind(first: Part, rest: Sequence[Part], footer: str) -> bytes:
    """Give one PDF. The same parts give the same bytes; `footer` stands before each page's number."""
    bound = pikepdf.open(io.BytesIO(first.content))
    starts = [(first.title, 0)]
    opened = []
    for part in rest:
        other = pikepdf.open(io.BytesIO(part.content if part.kind == "pdf" else _page_of(part.content)))
        opened.append(other)  # its pages are copied when the whole is saved
        starts.append((part.title, len(bound.pages)))
        bound.pages.extend(other.pages)
    with bound.open_outline() as outline:
        outline.root.clear()
        outline.root.extend(pikepdf.OutlineItem(title, page) for title, page in starts)
    _number(bound, footer)
    target = io.BytesIO()
    bound.save(target, deterministic_id=True)
    return target.getvalue()


def _page_of(picture: bytes) -> bytes:
    """Put a picture on a page of its own size, upright, without anything it says of itself."""
    target = io.BytesIO()
    with Image.open(io.BytesIO(picture)) as opened:
        upright = ImageOps.exif_transpose(opened).convert("RGB")
        upright.save(target, "PDF", resolution=_PICTURE_DPI, creationDate=None, modDate=None)
    return target.getvalue()


def _number(bound: pikepdf.Pdf, footer: str) -> None:
    font = bound.make_indirect(
        pikepdf.Dictionary(
            Type=pikepdf.Name.Font, Subtype=pikepdf.Name.Type1, BaseFont=pikepdf.Name.Helvetica,
            Encoding=pikepdf.Name.WinAnsiEncoding,
        )
    )  # fmt: skip
    known = footer.encode("cp1252", "replace").decode("cp1252")
    for number, page in enumerate(bound.pages, start=1):
        line = f"{known}   {number} / {len(bound.pages)}".strip()
        page.add_resource(font, pikepdf.Name.Font, name=_FONT)
        left, bottom = (float(edge) for edge in list(page.cropbox)[:2])
        escaped = line.encode("cp1252").replace(b"\\", b"\\\\").replace(b"(", b"\\(").replace(b")", b"\\)")
        place = f"{left + _MARGIN:.2f} {bottom + _MARGIN:.2f} Td".encode()
        page.contents_add(b"q", prepend=True)
        page.contents_add(b"Q q 0 g BT " + f"{_FONT} {_SIZE} Tf ".encode() + place + b" (" + escaped + b") Tj ET Q")
