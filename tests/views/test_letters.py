"""Letters from their wording to what became of them: with a real mail server and a real Maildir."""

from __future__ import annotations

import mailbox
import socket
from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from aiosmtpd.controller import Controller
from sqlalchemy import select, update

from app.jobs import Worker
from app.mailing.bounces import own_address
from app.mailing.sending import post_of
from app.models import AgreedScore, Application, Bounce, Call, Decision, Document, Job, LetterText, Person, Status
from app.services.deciding.bounces import open_bounces, reading_bounces, want_bounces
from app.services.deciding.feedback import feedback_on, start_for_next_call
from app.services.deciding.letter_findings import open_findings, settle
from app.services.deciding.letter_texts import save_text
from app.services.deciding.letters import content_digest
from app.services.deciding.results import result_of
from app.services.transitions import Refused
from app.services.work.work import tasks_of
from app.worker import mail_handler
from config import Bounces, Mailing, Settings
from tests.support.beginnings import Begin
from tests.support.bounces import notification
from tests.support.decided import FAIR, GOOD, WEAK, Office
from tests.support.web import Web
from workflows.letter_texts import Kind

SECRET = "a secret of a relay, long enough for its hook"
TEXT = "Dear {name},\n\nwell done: {acronym} has {mark} of {most}.\n\n- accept by {day}\n- read the report"


def finished(office: Office) -> dict[str, Any]:
    """Three applications, one text that names others and an evaluator's remark left in it."""
    return {
        name: office.application(name, marks) for name, marks in (("FIRST", GOOD), ("SECOND", FAIR), ("LAST", WEAK))
    }


def reasons_become(office: Office, acronym: str, text: str) -> None:
    with office.world.act() as act:
        old = f"{acronym} on C1"
        act.session.execute(update(AgreedScore).where(AgreedScore.reasons == old).values(reasons=text))


def codes(refused: pytest.ExceptionInfo[Refused]) -> tuple[str, ...]:
    return refused.value.verdict.codes


def test_a_decision_is_proposed_once_its_letters_are_fit_to_read(web: Web, begin: Begin) -> None:
    office: Office = begin(Office)
    made = finished(office)
    office.start()
    reasons_become(office, "FIRST", "Better than second cluster IT; write to mona@x.example [page].")
    manager = web.client_of(office.manager)

    with office.world.act(office.manager) as act, pytest.raises(Refused) as refused:
        save_text(act, act.session.get_one(Call, office.call.id), Kind.AWARDED, "Hello {acronim}", 0)
    assert codes(refused) == ("no-such-placeholder",)
    with office.world.act(office.manager) as act:
        assert save_text(act, act.session.get_one(Call, office.call.id), Kind.AWARDED, TEXT, 0)
    with office.world.act(office.manager) as act, pytest.raises(Refused) as refused:
        save_text(act, act.session.get_one(Call, office.call.id), Kind.AWARDED, TEXT + " again", 0)
    assert codes(refused) == ("text-changed",)

    with pytest.raises(Refused) as refused:
        office.take(office.manager, "propose")
    assert codes(refused) == ("letters-not-fit",)
    with office.deciding(office.manager) as (act, decision):
        found = [one.finding for one in open_findings(act, decision.call)]
        address = f"/decisions/{decision.id}/letters"
    assert [(one.what.value, one.words) for one in found] == [
        ("left_over", "[page]"), ("organisation", "second cluster IT"),
    ]  # fmt: skip
    page = manager.get(address).text
    assert "“second cluster IT”" in page
    assert "well done: FIRST has 86.5 of 100." in page
    assert "[day of the signature]" in page
    assert web.client_of(office.lead_of(made["FIRST"])).get(address).status_code == 404
    assert web.client_of(office.director).get(address).status_code == 404  # nothing is proposed yet

    with office.deciding(office.manager) as (act, decision):
        with pytest.raises(Refused) as refused:
            settle(act, decision, found[0].key, " ")
        assert codes(refused) == ("missing-reason",)
        for one in found:
            settle(act, decision, one.key, "It was read out to both")
    office.take(office.manager, "propose")
    assert "It was read out to both" in manager.get(address).text

    with office.world.act(office.manager) as act, pytest.raises(Refused) as refused:
        save_text(act, act.session.get_one(Call, office.call.id), Kind.AWARDED, "Other words", 1)
    assert codes(refused) == ("decision-proposed",)
    office.take(office.director, "sign")
    office.take(office.director, "release")

    with office.world.look() as act:
        papers = {(one.kind.value, one.application_id): one.snapshot for one in act.session.scalars(select(Document))}
        ranking = act.session.scalars(select(Decision.ranking_sha256)).one()
        assert [one.number for one in act.session.scalars(select(LetterText))] == [1]
    signed = papers["decision_act", None]
    digest = content_digest({name: value for name, value in signed.items() if name != "content_sha256"})
    assert signed["content_sha256"] == digest
    assert "as a text document" in manager.get(address.removesuffix("/letters")).text
    letters = {name: papers["result_letter", one.id] for name, one in made.items()}
    assert all(digest in one["paragraphs"][-1] and (ranking or "") in one["paragraphs"][-1] for one in letters.values())
    assert letters["FIRST"]["text"] == {"kind": "awarded", "version": 1}
    assert letters["LAST"]["text"] == {"kind": "below_threshold", "version": 0}


class Sink:
    """Keeps what arrives, with the addresses of the envelope."""

    def __init__(self) -> None:
        self.came: dict[str, str] = {}

    async def handle_DATA(self, _server: Any, _session: Any, envelope: Any) -> str:  # noqa: N802 - aiosmtpd's name
        self.came[envelope.rcpt_tos[0]] = envelope.mail_from
        return "250 OK"


@pytest.fixture
def sink() -> Iterator[tuple[Sink, Mailing]]:
    kept = Sink()
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    controller = Controller(kept, hostname="127.0.0.1", port=port)
    controller.start()
    yield kept, Mailing(host="127.0.0.1", port=port)
    controller.stop()


def posting(office: Office, settings: Settings) -> Worker:
    """A worker that sends mails and reads what comes back."""
    world = office.world

    def clock() -> datetime:
        return world.now

    handlers = {
        "mail": mail_handler(world.database, settings, post_of(settings), clock),
        "bounces": reading_bounces(world.database, settings, clock, lambda: world.chance),
    }
    return Worker(world.database, handlers, clock, lambda: world.chance)


def they_are_told_otherwise(
    web: Web, office: Office, came: Sink, worker: Worker, returned_jobs: list[Job], lead: Person
) -> None:
    manager, address = web.client_of(office.manager), f"/calls/{office.call.id}/delivery"
    page = manager.get(address).text
    assert "550 no such user" in page
    assert page.count("Opened in the service</") >= 2  # the heading of the column, and SECOND
    with office.world.look() as act:
        mails, other = (
            act.session.scalars(select(Bounce.id).where(Bounce.job_id == job.id)).one() for job in returned_jobs
        )
    assert manager.post(f"{address}/again", {"bounce": mails, "person": office.manager.id}).status_code == 422
    assert manager.post(f"{address}/told", {"bounce": other, "note": " "}).status_code == 422
    assert manager.post(f"{address}/again", {"bounce": mails, "person": lead.id}).status_code == 303
    assert manager.post(f"{address}/told", {"bounce": other, "note": "Rang them up"}).status_code == 303
    came.came.clear()
    worker.run_until_idle()
    assert list(came.came) == [lead.email]
    with office.world.act(office.manager) as act:
        assert open_bounces(act) == []
    assert "Rang them up" in manager.get(address).text


def test_what_comes_back_is_noted_once_and_somebody_is_told_otherwise(
    web: Web, begin: Begin, sink: tuple[Sink, Mailing], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    office: Office = begin(Office)
    made = finished(office)
    office.release()
    world, (came, mailing) = office.world, sink
    box = mailbox.Maildir(tmp_path / "box")
    assert "are not seen" in web.client_of(office.manager).get(f"/calls/{office.call.id}/delivery").text
    bounces = Bounces(f"maildir:{tmp_path / 'box'}", "", "back@office.example", SECRET)
    settings = replace(web.app.extensions["settings"], mailing=mailing, bounces=bounces)
    monkeypatch.setitem(web.app.extensions, "settings", settings)
    worker = posting(office, settings)
    worker.run_until_idle()
    with world.look() as act:
        jobs = {job.args["thing"]: job for job in act.session.scalars(select(Job).where(Job.key > "mail:result:"))}
    first, second, last = (jobs[made[name].id] for name in ("FIRST", "SECOND", "LAST"))
    assert came.came[first.args["address"]] == own_address("back@office.example", first.id)

    box.add(notification(own_address("back@office.example", first.id)))
    box.add(notification("office@office.example", f"<{second.id}@localhost>", action="delayed"))
    box.add(notification("office@office.example", f"<{last.id}@elsewhere.example>"))
    box.add(b"To: back@office.example\r\nSubject: I am away\r\n\r\nBack on Monday\r\n")
    for _turn in range(2):
        want_bounces(world.database, settings, world.now, world.chance)
        want_bounces(world.database, settings, world.now, world.chance)
        worker.run_until_idle()
        world.now += timedelta(minutes=6)
    visitor = web.visitor().client
    report = {"message_id": f"{last.id}@localhost", "status": "5.2.2", "said": "full"}
    assert visitor.post("/hooks/bounces", json=report).status_code == 404
    assert (
        visitor.post("/hooks/bounces", json=report, headers={"Authorization": f"Bearer {SECRET}x"}).status_code == 404
    )
    known = {"Authorization": f"Bearer {SECRET}"}
    assert visitor.post("/hooks/bounces", json={"message_id": 1}, headers=known).status_code == 422
    assert [visitor.post("/hooks/bounces", json=report, headers=known).status_code for _ in range(2)] == [204, 204]

    with world.act(office.manager) as act:
        assert [(one.job_id, one.status) for one in open_bounces(act)] == [(first.id, "5.1.1"), (last.id, "5.2.2")]
        (task,) = [task for task in tasks_of(act) if task.endpoint == "delivery.of_call"]
        assert task.params["n"] == 2
        looks = act.session.scalars(select(Job).where(Job.kind == "bounces")).all()
        assert [(one.status, one.outcome) for one in looks] == [(Status.DONE, {"read": 0, "bounced": 0})]

    (tmp_path / "box").rename(tmp_path / "gone")
    for _minute in range(45):
        world.now += timedelta(minutes=1)
        want_bounces(world.database, settings, world.now, world.chance)
        worker.run_until_idle()
    with world.look() as act:
        looks = act.session.scalars(select(Job).where(Job.kind == "bounces").order_by(Job.status)).all()
        assert [one.status for one in looks] == [Status.FAILED, Status.WAITING]  # one that doctor names, one that tries
    (tmp_path / "gone").rename(tmp_path / "box")
    world.now += timedelta(minutes=5)
    worker.run_until_idle()
    with world.look() as act:
        assert [one.status for one in act.session.scalars(select(Job).where(Job.kind == "bounces"))] == [Status.DONE]

    web.client_of(office.lead_of(made["SECOND"])).get(f"/applications/{made['SECOND'].id}/result")
    they_are_told_otherwise(web, office, came, worker, [first, last], office.lead_of(made["FIRST"]))


NEAR = {"C1": "16", "C2": "25.5", "C3": "26", "C4": "8"}  # eleven points below GOOD, all of them missing in C1


def test_the_result_says_what_was_missing_and_tells_the_line_of_several_alone(web: Web, begin: Begin) -> None:
    office: Office = begin(Office)
    for name in ("ONE", "TWO", "THREE"):
        office.application(name, GOOD, grant=800_000)
    near = office.application("NEAR", NEAR, grant=800_000)
    office.release()

    with office.world.act(office.lead_of(near)) as act:
        application = act.session.get_one(Application, near.id)
        found = feedback_on(act, application, result_of(act, application))
        with pytest.raises(Refused) as refused:
            start_for_next_call(act, application, office.call.id)
    assert codes(refused) == ("call-not-open",)
    assert (found.to_line, found.to_threshold) == (Decimal(-11), Decimal("5.5"))
    assert [one.alone for one in found.margins] == [Decimal(11), None, None, None]
    page = web.client_of(office.lead_of(near)).get(f"/applications/{near.id}/result").text
    assert "11 points below the lowest that was awarded" in page
    assert not any(name in page for name in ("ONE", "TWO", "THREE"))
