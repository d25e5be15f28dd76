"""Uploaded files of an anonymous call: what evaluators get in place of one. Bytes are never replaced."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import select

from app.act import Act
from app.models import File, PlainCopy, RedactedFile, Redaction
from app.services.anonymising.plain_copies import OBSTACLES
from app.services.applications.content import identifying
from app.services.applications.submission import content_of_version
from app.services.calls.call import definition_of
from app.services.permitted import relation_for
from app.services.transitions import Refused, note
from app.services.uploads.files import Received, place_of
from workflows.verdict import refuse
from workflows.words import _


@dataclass(frozen=True)
class FileSide:
    """One file of the version in force, and what evaluators get of it."""

    id: str
    slot: str  # in words
    name: str
    size: int
    hidden: bool  # the call hides this place from evaluators
    other: RedactedFile | None  # None: its own copy without properties
    made: bool  # the copy without properties is there
    obstacle: str  # why it can't be, in words; empty: nothing stands in the way
    accept: str
    sha256: str  # of what the copy is made from
    media_type: str

    @property
    def is_given(self) -> bool:
        """Whether evaluators get anything of it."""
        return not self.hidden and not (self.other is not None and self.other.sha256 is None)


def file_sides(act: Act, redaction: Redaction) -> tuple[FileSide, ...]:
    """Give the files of the version in force, each with what evaluators get."""
    call, files = redaction.application.call, content_of_version(redaction.submitted)["files"]
    hidden, labels = identifying(definition_of(call)), _labels(redaction)
    instead = {one.file_id: one for one in redaction.files}
    sides = []
    for raw in files:
        other = instead.get(raw["id"])
        digest = other.sha256 if other is not None and other.sha256 else raw["sha256"]
        copy = act.session.scalar(select(PlainCopy).where(PlainCopy.original_sha256 == digest))
        obstacle = OBSTACLES[copy.obstacles[0]] if copy is not None and copy.sha256 is None else ""
        kinds = place_of(call, raw["slot"]).limits.kinds
        sides.append(
            FileSide(
                raw["id"], labels.get(raw["slot"], raw["slot"]), raw["name"], raw["size"], raw["slot"] in hidden, other,
                made=copy is not None and copy.sha256 is not None, obstacle=obstacle,
                accept=",".join(f".{kind}" for kind in kinds), sha256=digest, media_type=raw["media_type"],
            )
        )  # fmt: skip
    return tuple(sides)


def _labels(redaction: Redaction) -> dict[str, str]:
    call = definition_of(redaction.application.call)
    return {slot.id: slot.label for slot in call.documents} | {one.id: one.label for one in call.questions()}


def give_instead(act: Act, redaction: Redaction, file: File, received: Received) -> None:
    """Let evaluators get another file in place of this one. Raises `Refused`."""
    if received.media_type != file.media_type:
        raise Refused(refuse("other-kind", _("Give a file of the same kind as the one it stands for.")))
    stored = received.stored
    _note(act, redaction, file, RedactedFile(
        sha256=stored.sha256, size=stored.size, pages=received.pages, media_type=received.media_type,
    ))  # fmt: skip


def nothing_chosen() -> Refused:
    return Refused(refuse("no-file", _("Choose a file first.")))


def withhold(act: Act, redaction: Redaction, file: File) -> None:
    """Let evaluators get nothing of this file. Raises `Refused`."""
    _note(act, redaction, file, RedactedFile(sha256=None))


def give_its_own(act: Act, redaction: Redaction, file: File) -> None:
    """Let evaluators get the file itself again, without its properties. Raises `Refused`."""
    own = RedactedFile(sha256=file.sha256, size=file.size, pages=file.pages, media_type=file.media_type)
    _note(act, redaction, file, own)


def _note(act: Act, redaction: Redaction, file: File, other: RedactedFile) -> None:
    relation = relation_for(act, "redaction.edit", redaction)
    if file.id not in {raw["id"] for raw in content_of_version(redaction.submitted)["files"]}:
        raise Refused(refuse("no-such-file", _("There is no such file in the version that counts.")))
    other.id, other.redaction_id, other.file_id = act.new_id(), redaction.id, file.id
    other.number = 1 + max((one.number for one in redaction.files if one.file_id == file.id), default=0)
    other.uploaded_by, other.uploaded_at = act.person_id or "", act.now
    act.session.add(other)
    act.session.flush()
    act.session.expire(redaction, ["files"])
    note(act, redaction, "edit_file", relation=relation, data={"file": file.id, "number": other.number})
