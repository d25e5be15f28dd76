"""Runs in the confined child: looks into one file and says what it is and what is wrong with it."""

import io
import zipfile
from collections.abc import Callable, Mapping

from app.confined import child

_OFFLINE = child.leave_the_network()

from app.confined.frames import Message  # noqa: E402 - the network is left before anything large is loaded
from app.documents.verify import marks_in  # noqa: E402
from app.inspection import office, pdf, picture, sheet  # noqa: E402
from app.inspection.finding import Finding  # noqa: E402

_MEMORY = 768 * 1024 * 1024
_CPU_SECONDS = 10

_JUDGES: dict[str, Callable[[bytes], Mapping[str, object]]] = {
    "pdf": pdf.judge,
    "png": picture.judge_png,
    "jpg": picture.judge_jpeg,
    "docx": office.judge_document,
    "xlsx": office.judge_sheet,
    "cells": sheet.read_cells,
}
_NO_ARCHIVES = {"pdf", "png", "jpg"}


def main() -> None:
    child.serve(_judge, memory=_MEMORY, cpu_seconds=_CPU_SECONDS, written=0)


def _judge(message: Message) -> Message:
    if message.head["kind"] == "marks":
        return Message({"marks": marks_in(message.pieces["file"])})
    kind, data = str(message.head["kind"]), message.pieces["file"]
    try:
        _refuse_two_in_one(kind, data)
        return Message(dict(_JUDGES[kind](data)))
    except Finding as finding:
        return Message({"finding": finding.code, "params": finding.params})


def _refuse_two_in_one(kind: str, data: bytes) -> None:
    """What opens as an archive as well is refused: a reader takes it for the one, another program for the other."""
    if kind in _NO_ARCHIVES and zipfile.is_zipfile(io.BytesIO(data)):
        raise Finding("file-not-what-it-says", kind=kind.upper())
