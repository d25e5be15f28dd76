"""An auditor reads named calls in a named time: let in, reading, drawing, noting, ended early; nothing before or after."""

from __future__ import annotations

import zipfile
from datetime import timedelta
from io import BytesIO

import pytest
from sqlalchemy import select

from app.dossier.writing import write
from app.models import Application, AuditAccess, AuditNote, Call, Event, Level, Reading
from app.services.dossiers.dossier import new_dossier
from app.store import Store
from tests.support.decided import FAIR, GOOD, WEAK, Office
from tests.support.web import Web, web  # noqa: F401
from tests.support.world import World
from workflows.audit import sample
from workflows.relations import Relation as R


def test_an_auditor_reads_only_the_call_and_the_days_that_were_given(world: World, web: Web) -> None:  # noqa: F811
    office = Office(world)
    made = [office.application(name, scores) for name, scores in (("ONE", GOOD), ("TWO", FAIR), ("TRE", WEAK))]
    aud, other = (world.person(name, None, R.AUDITOR) for name in ("Aud Auditor", "Otto Observer"))
    call, begins = f"/calls/{office.call.id}", world.now
    pages = (
        f"/applications/{made[0].id}/readiness",
        f"{call}/cockpit",
        f"{call}/dossiers",
        f"/applications/{made[0].id}/audit-notes",
    )

    def answers(person: object) -> set[int]:
        return {web.client_of(person).get(page).status_code for page in pages}  # type: ignore[arg-type]

    assert answers(aud) == {404}
    director = web.client_of(office.director)
    day, last = (begins + timedelta(days=2)).date(), (begins + timedelta(days=9)).date()
    wrong = director.post(f"{call}/audits", {"person": aud.id, "since_on": str(last), "until_on": str(day)})
    assert wrong.status_code == 422
    given = director.post(f"{call}/audits", {"person": aud.id, "since_on": str(day), "until_on": str(last)})
    assert given.status_code == 303
    assert director.post(f"{call}/audits", {"person": office.manager.id, "until_on": str(last)}).status_code == 422
    assert director.post(f"{call}/audits", {"person": aud.id, "until_on": str(last)}).status_code == 422  # twice

    assert answers(aud) == {404}
    assert "You can read this call from that moment" in web.client_of(aud).get("/audits").text
    world.now = begins + timedelta(days=3)
    assert answers(aud) == {200}
    assert answers(other) == {404}
    with world.look() as act:
        read = set(act.session.scalars(select(Reading.action).where(Reading.person_id == aud.id)))
    assert {"application.view_readiness", "call.manage", "call.view_dossiers", "application.view_audit_notes"} <= read

    auditor = web.client_of(aud)
    assert auditor.post(f"{call}/sample", {"size": "4"}).status_code == 422
    assert auditor.post(f"{call}/sample", {"size": "2"}).status_code == 303
    assert auditor.post(f"{call}/sample", {"size": "1"}).status_code == 422  # once
    with world.look() as act:
        access = act.session.scalars(select(AuditAccess)).one()
        noted = act.session.scalars(select(Event).where(Event.name == "draw_sample")).one()
        drawn = sample([str(one.number) for one in made], 2, access.seed)
    assert (noted.data["seed"], noted.data["size"], noted.data["of"]) == (access.seed, 2, 3)
    page = auditor.get("/audits").text
    assert access.seed in page
    assert [number in page.split("How to draw it again")[0] for number in drawn] == [True, True]
    note = f"/applications/{made[0].id}/audit-notes"
    assert auditor.post(note, {"text": "Zquonk: ask for the minutes."}).status_code == 303
    assert "Zquonk" in auditor.get(note).text
    assert web.client_of(office.manager).get(note).status_code == 404
    director = web.client_of(office.director)
    assert director.get(note).status_code == 404

    assert director.post(f"{call}/audits/{access.id}/end").status_code == 303
    world.now += timedelta(minutes=1)
    assert answers(aud) == {404}
    assert director.post(f"{call}/audits/{access.id}/end").status_code == 422
    assert director.post(f"{call}/audits", {"person": other.id, "until_on": str(last)}).status_code == 303
    assert "Zquonk" in web.client_of(other).get(note).text  # notes are the auditors' of the call
    world.now = begins + timedelta(days=11)
    assert answers(other) == {404}


@pytest.mark.parametrize("of_call", [True, False])
def test_notes_stand_in_the_dossier_for_auditors_alone(world: World, of_call: bool) -> None:
    office = Office(world)
    made = office.application("ONE", GOOD)
    aud = world.person("Aud Auditor", None, R.AUDITOR)
    with world.act(aud) as act:
        act.session.add(AuditNote(id=act.new_id(), person_id=aud.id, application_id=made.id, text="Zquonk", at=act.now))
    told = {}
    store = Store.from_url(f"file://{world.folder}/store")
    for level in (Level.FULL, Level.AUDITOR, Level.REQUEST):
        with world.act(aud) as act:
            subject = (
                act.session.get_one(Call, office.call.id) if of_call else act.session.get_one(Application, made.id)
            )
            data = write(act.session, new_dossier(act, subject, level), store).data
        with zipfile.ZipFile(BytesIO(data)) as archive:
            told[level] = {name for name in archive.namelist() if b"Zquonk" in archive.read(name)}

    assert told == {Level.FULL: set(), Level.AUDITOR: {"audit.json"}, Level.REQUEST: set()}
