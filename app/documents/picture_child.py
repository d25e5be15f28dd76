"""Runs in the confined child: the bytes of a PDF in, a picture of its first page out."""

import io

from app.confined import child

_OFFLINE = child.leave_the_network()

import pypdfium2  # noqa: E402 - the network is left before anything large is loaded

from app.confined.frames import Message  # noqa: E402

_MEMORY = 1024 * 1024 * 1024
_CPU_SECONDS = 20
_COLOURS = 128  # enough for a certificate, and a third of the bytes: it is looked at on phones


def main() -> None:
    child.serve(_draw, memory=_MEMORY, cpu_seconds=_CPU_SECONDS, written=0)


def _draw(message: Message) -> Message:
    """Draw the first page `width` pixels wide."""
    document = pypdfium2.PdfDocument(message.pieces["pdf"])
    page = document[0]
    drawn = page.render(scale=float(str(message.head["width"])) / page.get_width()).to_pil()
    out = io.BytesIO()
    drawn.convert("RGB").quantize(_COLOURS).save(out, "PNG", optimize=True)
    return Message({"width": drawn.width, "height": drawn.height}, {"png": out.getvalue()})
