"""A file on its way in: read, judged and stored before the transaction that writes it down."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

from flask import current_app, g, request
from werkzeug.datastructures import FileStorage

from app import sign_ins
from app.access import can
from app.act import Act
from app.chance import Secret
from app.gate import csrf, database
from app.models import Application, Clarification, Document, Expression, File, Organisation, Redaction
from app.scanning import scanner_at
from app.services.deciding.filed_copy import PLACE as COPIES
from app.services.transitions import Refused
from app.services.uploads.files import Place, place_of, receive

_PIECE = 64 * 1024


Owner = Application | Expression | Clarification | Redaction


def judging(model: type[Owner], action: str) -> Callable[[], None]:
    """Make what a view runs before its transaction: `g.received` is the stored file, `g.refused` why there is none.

    Nothing is read or stored for somebody who may not do the action, nor for a form that another site sent.
    """

    def judge() -> None:
        g.received, g.refused = None, None
        chosen = request.files.get("file")
        if chosen is None or not chosen.filename or (place := _place(model, action)) is None:
            return
        csrf.protect()
        scanner = scanner_at(current_app.extensions["settings"].scanner)
        try:
            g.received = receive(
                place, chosen.filename, pieces_of(chosen), store=current_app.extensions["store"], scanner=scanner
            )
        except Refused as refused:
            g.refused = refused

    return judge


def judging_copy() -> None:
    """Judge and store a signed copy before the view's transaction, as `judging` does."""
    g.received, g.refused = None, None
    chosen = request.files.get("file")
    if chosen is None or not chosen.filename or not _may_file_a_copy():
        return
    csrf.protect()
    scanner = scanner_at(current_app.extensions["settings"].scanner)
    store = current_app.extensions["store"]
    try:
        g.received = receive(COPIES, chosen.filename, pieces_of(chosen), store=store, scanner=scanner)
    except Refused as refused:
        g.refused = refused


def _may_file_a_copy() -> bool:
    with database().reading() as session:
        now = current_app.extensions["clock"]()
        signed_in = sign_ins.current(session, now)
        document = session.get(Document, (request.view_args or {})["document_id"])
        act = Act(session, now, Secret(), g.request_id, signed_in.person if signed_in else None)
        return document is not None and can(act, "document.file_copy", document)


def room_for_the_signed_in(most: int) -> None:
    """Let a request be larger than others, in bytes; for a visitor nothing changes. Ask before its body is parsed."""
    with database().reading() as session:
        if sign_ins.current(session, current_app.extensions["clock"]()) is not None:
            request.max_content_length = most


def pieces_of(chosen: FileStorage) -> Iterator[bytes]:
    """Give the file in pieces."""
    return iter(lambda: chosen.stream.read(_PIECE), b"")


def sent_by_one_who_may(model: type[Organisation], action: str) -> Organisation | None:
    """Give the thing of the address if whoever sent the form may do the action; refuse what another site sent."""
    with database().reading() as session:
        now = current_app.extensions["clock"]()
        signed_in = sign_ins.current(session, now)
        owner = session.get(model, (request.view_args or {})["organisation_id"])
        act = Act(session, now, Secret(), g.request_id, signed_in.person if signed_in else None)
        if owner is None or not can(act, action, owner):
            return None
    csrf.protect()
    return owner


def _place(model: type[Owner], action: str) -> Place | None:
    arguments = request.view_args or {}
    with database().reading() as session:
        now = current_app.extensions["clock"]()
        signed_in = sign_ins.current(session, now)
        owner: Any = session.get(model, arguments[f"{model.__noun__}_id"])
        act = Act(session, now, Secret(), g.request_id, signed_in.person if signed_in else None)
        if owner is None or not can(act, action, owner):
            return None
        file = session.get(File, request.form.get("of", "")) if model is Redaction else None
        if model is Redaction and (file is None or file.application_id != owner.application_id):
            return None
        try:
            return place_of(owner.call, file.slot if file else arguments["slot"])
        except KeyError:
            return None
