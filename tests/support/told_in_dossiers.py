"""What dossiers of the village tell, level by level: all the text in their ZIPs."""

from __future__ import annotations

import io
import zipfile

from app.act import Act
from app.dossier.writing import write
from app.models import Application, AuditNote, Call, Level
from app.services.dossiers.dossier import new_dossier
from tests.support.played import Village

NOTED = "Zquonk-auditor-note"
Told = dict[tuple[str, Level], str]


def told_in(village: Village) -> Told:
    """Give the text of each dossier that there can be, of a call and of an application; nothing of it is kept."""
    found = {}
    with village.stage.house.database.writing() as session:
        act = Act(session, village.stage.clock.now, village.stage.chance, "telling")
        application = session.get_one(Application, village.things["application"])
        note = AuditNote(
            id=act.new_id(), person_id=village.people["auditor"], application_id=application.id, text=NOTED, at=act.now
        )
        session.add(note)
        for level in Level:
            found["application", level] = _text(village, act, application, level)
            if level is not Level.APPLICANT:
                found["call", level] = _text(village, act, session.get_one(Call, village.things["call"]), level)
        session.rollback()
    return found


def _text(village: Village, act: Act, subject: Application | Call, level: Level) -> str:
    data = write(act.session, new_dossier(act, subject, level), village.stage.house.store).data
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        return "\n".join(archive.read(name).decode(errors="replace") for name in archive.namelist())
