"""The version in force as somebody may read it: in an anonymous call its anonymised copy, once that is released.

Every way by which evaluators get an application leads through here: page, copy in one PDF, all copies, off-line page.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import select

from app.access import can
from app.act import Act
from app.models import Application, PlainCopy, RedactedFile, RedactedText, Redaction, SubmittedVersion
from app.services.anonymising.redaction_texts import texts_in, with_texts
from app.services.applications.content import ShownContent, identifying, shown_content
from app.services.applications.submission import content_of_version, definition_of_version
from app.services.checks.check import last_version


@dataclass(frozen=True)
class Readable:
    """What is read: the content, ready to be shown, and the files behind it as they are in the store."""

    version: SubmittedVersion
    shown: ShownContent
    files: tuple[Mapping[str, Any], ...]  # without names: those alone whose copies are made
    names: bool  # who applies may be known


def readable_by(act: Act, application: Application) -> Readable:
    """Give the version in force as the acting person may read it. The frozen version itself stays as it is."""
    version = last_version(act, application)
    call, content = definition_of_version(act, version), content_of_version(version)
    names = can(act, "application.view_people", application)
    if not names:
        redaction = released(act, application, version)
        texts = {} if redaction is None else released_texts(redaction)
        known = {one.place: one.sha256 for one in texts_in(call, content)}
        stand = {place: one.text for place, one in texts.items() if one.original_sha256 == known.get(place)}
        content = with_texts(call, content, stand)
        content["files"] = _files(content["files"], {} if redaction is None else released_files(redaction))
        content["files"] = [raw for raw in content["files"] if raw["slot"] not in identifying(call)]
        plain = _plain(act, content["files"])
        content["files"] = [raw | plain.get(raw["sha256"], {}) for raw in content["files"]]
        there = {found["sha256"] for found in plain.values()}
        files = tuple(raw for raw in content["files"] if raw["sha256"] in there)
    else:
        files = tuple(content["files"])
    return Readable(version, shown_content(call, content, names=names), files, names)


def _plain(act: Act, files: list[dict[str, Any]]) -> dict[str, dict[str, Any]]:
    """Give digest and size of the copies without properties, by that of the file: the size of a property tells too."""
    digests = [raw["sha256"] for raw in files]
    query = select(PlainCopy).where(PlainCopy.original_sha256.in_(digests), PlainCopy.sha256.is_not(None))
    return {one.original_sha256: {"sha256": one.sha256, "size": one.size} for one in act.session.scalars(query)}


def released(act: Act, application: Application, version: SubmittedVersion | None = None) -> Redaction | None:
    """Give the anonymised copy that evaluators read, if one was ever released of this version."""
    query = select(Redaction).where(Redaction.application_id == application.id, Redaction.ready_at.is_not(None))
    found = act.session.scalar(query)
    return found if found is not None and (version is None or found.version_id == version.id) else None


def released_texts(redaction: Redaction) -> dict[str, RedactedText]:
    """Give each text as it was when the copy was last released; what is edited since is not read yet."""
    return {one.place: one for one in redaction.texts if redaction.ready_at and one.saved_at <= redaction.ready_at}


def released_files(redaction: Redaction) -> dict[str, RedactedFile]:
    """Give what stands in the place of files, by the id of the file, as it was at the last release."""
    return {one.file_id: one for one in redaction.files if redaction.ready_at and one.uploaded_at <= redaction.ready_at}


def _files(files: list[dict[str, Any]], instead: Mapping[str, RedactedFile]) -> list[dict[str, Any]]:
    """Put the other files in their places; those that are withheld are not there."""
    found = []
    for raw in files:
        other = instead.get(raw["id"])
        if other is None:
            found.append(raw)
        elif other.sha256 is not None:
            given = {"sha256": other.sha256, "size": other.size, "pages": other.pages, "media_type": other.media_type}
            found.append(raw | given)
    return found
