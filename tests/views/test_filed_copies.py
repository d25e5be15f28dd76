"""Acts and minutes of the panel: made as documents, signed outside, filed, cited; nothing that was filed is lost."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal
from io import BytesIO

import docx
import pikepdf
from sqlalchemy import select

from app.models import Consensus, Document, Event, FiledCopy
from app.services.deciding.panel import write_minutes
from app.services.deciding.panel_marks import change_mark
from tests.support.decided import FAIR, GOOD, Office
from tests.support.web import Web, web  # noqa: F401
from tests.support.world import World


def a_pdf(pages: int) -> bytes:
    target, pdf = BytesIO(), pikepdf.new()
    for _page in range(pages):
        pdf.add_blank_page()
    pdf.save(target, deterministic_id=True)
    return target.getvalue()


def the_panel_speaks(office: Office, application_id: str) -> None:
    with office.world.act(office.manager) as act:
        consensus = act.session.scalars(select(Consensus).where(Consensus.application_id == application_id)).one()
        change_mark(act, consensus, "C1", Decimal(26), "As the others were read.")
        write_minutes(act, consensus, [], "Talked about at length.")


def test_minutes_and_act_are_made_filed_and_cited(world: World, web: Web) -> None:  # noqa: F811
    office = Office(world)
    one = office.application("ONE", GOOD)
    office.application("TWO", FAIR)
    office.start()
    the_panel_speaks(office, one.id)
    manager, director = web.client_of(office.manager), web.client_of(office.director)
    with office.deciding(office.manager) as (_act, decision):
        room = f"/decisions/{decision.id}"
    assert director.post(f"{room}/make_minutes").status_code == 404  # a draft is not theirs to see
    assert manager.post(f"{room}/make_minutes").status_code == 303
    office.take(office.manager, "propose")
    office.take(office.director, "sign")
    with world.look() as act:
        documents = {one.kind.value: one for one in act.session.scalars(select(Document))}
    minutes, decided = documents["panel_minutes"], documents["decision_act"]
    text = "\n".join(
        cell.text
        for table in docx.Document(BytesIO(manager.get(f"/documents/{minutes.id}/text").data)).tables
        for row in table.rows
        for cell in row.cells
    )
    said = ("Talked about at length.", "As the others were read.", "agreed 27, panel 26", "ONE", "Mona Manager")
    assert [told for told in (*said, "Present: no evaluator.") if told not in text] == []
    assert "The panel ordered no equals." in minutes.snapshot["paragraphs"]

    copies = f"/documents/{decided.id}/copies"
    day = str(world.now.date())

    def sent(client: object, data: bytes, **more: str) -> int:
        fields = {"reference": "REG(2018)14", "signed_on": day, "file": (BytesIO(data), "signed.pdf"), **more}
        return int(client.post(copies, fields, content_type="multipart/form-data").status_code)  # type: ignore[attr-defined]

    later = str(world.now.date() + timedelta(days=3))
    wrong = (
        sent(manager, b"no pdf at all"),
        sent(manager, a_pdf(1), reference=""),
        sent(manager, a_pdf(1), signed_on=later),
    )
    assert wrong == (422, 422, 422)
    assert sent(web.client_of(office.lead_of(one)), a_pdf(1)) == 404
    assert sent(director, a_pdf(1)) == 303
    assert sent(manager, a_pdf(2)) == 422  # a newer one needs a reason
    assert sent(manager, a_pdf(2), reason="The first lacked a page.", reference="REG(2018)15") == 303
    shown, told = manager.get(copies).text, ("REG(2018)14", "REG(2018)15", "The first lacked a page.")
    assert [one for one in (*told, "replaced by a newer one") if one not in shown] == []
    assert "REG(2018)15" in manager.get(room).text
    assert manager.get(f"{copies}/1").data == a_pdf(1)
    office.take(office.director, "return", {"reason": "A page is missing."})
    office.take(office.manager, "propose")
    office.take(office.director, "sign")
    assert "REG(2018)15" in manager.get(room).text  # of the act that was replaced: it is not lost
    with world.look() as act:
        newer = act.session.scalars(
            select(Document).where(Document.kind == "decision_act", Document.replaced_at.is_(None))
        ).one()
    copies = f"/documents/{newer.id}/copies"
    assert sent(manager, a_pdf(3), reference="REG(2018)16") == 303
    office.take(office.director, "release")
    with world.look() as act:
        letters = list(act.session.scalars(select(Document).where(Document.kind == "result_letter")))
        cited = "The signed copy of the act is filed under REG(2018)16, signed on"
        assert all(cited in "\n".join(letter.snapshot["paragraphs"]) for letter in letters)
        filed = {copy.sha256 for copy in act.session.scalars(select(FiledCopy))}
        told = {event.data["sha256"] for event in act.session.scalars(select(Event).where(Event.name == "file_copy"))}
        assert told == filed
