"""Runs in the confined child: makes a copy of one file without its properties, or says what stands in the way."""

from app.confined import child

_OFFLINE = child.leave_the_network()

from app.confined.frames import Message  # noqa: E402 - the network is left before anything large is loaded
from app.plain import office, office_text, paper, pdf, picture  # noqa: E402
from app.plain.obstacle import Obstacle  # noqa: E402

_MEMORY = 768 * 1024 * 1024
_CPU_SECONDS = 30

_MAKERS = {
    "figure": picture.figure,
    "application/pdf": pdf.plain_pdf,
    "image/png": picture.plain_png,
    "image/jpeg": picture.plain_jpeg,
    "application/vnd.openxmlformats-officedocument.wordprocessingml.document": office.plain_office,
    "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet": office.plain_office,
}
_TEXTS = {
    "application/pdf": paper.texts,
    "application/vnd.openxmlformats-officedocument.wordprocessingml.document": office_text.texts,
    "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet": office_text.texts,
}


def main() -> None:
    child.serve(_make, memory=_MEMORY, cpu_seconds=_CPU_SECONDS, written=0)


def _make(message: Message) -> Message:
    try:
        if message.head["kind"] == "texts":
            return Message({"texts": _TEXTS[str(message.head["of"])](message.pieces["file"])})
        if message.head["kind"] == "page":
            return Message({}, {"file": paper.page(message.pieces["file"], int(str(message.head["page"])))})
        return Message({}, {"file": _MAKERS[str(message.head["kind"])](message.pieces["file"])})
    except Obstacle as obstacle:
        return Message({"obstacle": obstacle.code})
