"""Uploaded files go out as attachments of a fixed type, and are never shown by us."""

from __future__ import annotations

from urllib.parse import quote

from flask import Blueprint, Response, current_app, g

from app.access import can
from app.gate import may
from app.inspection.slots import MIME_TYPES
from app.models import Application, File
from app.plain.maker import FIGURE, own_maker
from app.services.anonymising.plain_copies import plain_copy_of
from app.services.transitions import Refused
from app.services.uploads.file_pages import page_of
from workflows.file import State
from workflows.verdict import refuse
from workflows.words import _

bp = Blueprint("file", __name__)
PICTURES = {"image/png", "image/jpeg"}


def attachment(pieces: object, *, name: str, media_type: str, size: int | None) -> Response:
    """Answer with bytes that the browser stores and never runs (threats: uploads)."""
    response = Response(pieces, mimetype=media_type)  # type: ignore[arg-type]
    plain = "".join(c if (c.isascii() and c.isalnum()) or c in "-_. " else "_" for c in name) or "file"
    response.headers["Content-Disposition"] = (
        f"attachment; filename=\"{plain}\"; filename*=UTF-8''{quote(name, safe='')}"
    )
    response.headers["Content-Security-Policy"] = "sandbox; default-src 'none'"
    response.headers["X-Content-Type-Options"] = "nosniff"
    if size is not None:
        response.content_length = size
    return response


@bp.get("/files/<file_id>")
@may("file.view")
def show(file: File) -> Response:
    sha256, size = (file.sha256, file.size) if _names_are_shown(file) else plain_copy_of(g.act, file)
    pieces = current_app.extensions["store"].stream(sha256)
    return attachment(pieces, name=_name(file), media_type=file.media_type, size=size)


@bp.get("/files/<file_id>/picture")
@may("file.view")
def picture(file: File) -> Response:
    """Show a figure where it belongs: drawn anew by the confined child, never the bytes that were uploaded."""
    drawn = None
    if file.media_type in PICTURES and file.state is not State.QUARANTINED:
        sha256 = file.sha256 if _names_are_shown(file) else plain_copy_of(g.act, file)[0]
        drawn, _obstacle = own_maker().make(current_app.extensions["store"].get(sha256), FIGURE)
    if drawn is None:
        raise Refused(refuse("no-picture", _("This file can't be shown as a picture: download it.")))
    response = Response(drawn, mimetype="image/png")
    response.headers["Content-Disposition"] = "inline"
    response.headers["Content-Security-Policy"] = "sandbox; default-src 'none'"
    response.headers["X-Content-Type-Options"] = "nosniff"
    return response


@bp.get("/files/<file_id>/pages/<int:number>.png")
@may("file.view")
def page(file: File, number: int) -> Response:
    """Show one page of a PDF as a picture drawn by the confined child."""
    drawn = page_of(g.act, file, number, current_app.extensions["store"])
    if drawn is None:
        raise Refused(refuse("no-page", _("This page can't be shown as a picture: download the file.")))
    response = Response(drawn, mimetype="image/png")
    response.headers["Content-Disposition"] = "inline"
    response.headers["Content-Security-Policy"] = "sandbox; default-src 'none'"
    response.headers["X-Content-Type-Options"] = "nosniff"
    return response


def _names_are_shown(file: File) -> bool:
    """Say whether the reader may learn who the applicants are."""
    if file.application_id is None:
        return True
    return can(g.act, "application.view_people", g.act.session.get_one(Application, file.application_id))


def _name(file: File) -> str:
    """Give its own name, or a plain one where names may tell who the applicants are."""
    if _names_are_shown(file):
        return file.name
    kind = next((kind for kind, mime_type in MIME_TYPES.items() if mime_type == file.media_type), "")
    return f"{file.slot}.{kind}".removesuffix(".")
