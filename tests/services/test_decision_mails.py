"""The mails of decision and label: each row's mail can be written, and none tells a score, a reason or an evaluator."""

from __future__ import annotations

from pathlib import Path

import pytest
from sqlalchemy import select

from app.mailing.text import write
from app.models import Application, Job, Label
from app.services.transitions import perform
from config import Settings, Site
from tests.support.beginnings import Begin
from tests.support.decided import GOOD, WEAK, Office
from workflows.decision import DECISION
from workflows.effects import Mail
from workflows.label import LABEL
from workflows.relations import Relation as R


@pytest.fixture
def office(begin: Begin) -> Office:
    found: Office = begin(Office)
    return found


def mails(office: Office) -> dict[str, str]:
    """Write every mail that waits, by its template."""
    settings = Settings(
        data=Path("unused"), database_url="", storage_url="", address="https://office.example", secret_key=b"x" * 32,
        site=Site(operator="Test office", address="https://office.example"),
    )  # fmt: skip
    with office.world.look() as act:
        jobs = act.session.scalars(select(Job).where(Job.kind == "mail")).all()
        letters = {job.args["template"]: write(act.session, settings, job.args) for job in jobs}
    return {template: f"{letter.subject}\n{letter.body}" for template, letter in letters.items()}


def take(office: Office, label: Label, *steps: tuple[object, str, dict[str, object] | None]) -> None:
    for person, name, data in steps:
        with office.world.act(person) as act:
            perform(act, act.session.get_one(Label, label.id), name, data)


def test_every_mail_of_decisions_and_labels_can_be_written(office: Office) -> None:
    first, second, third = (office.application(name, GOOD) for name in ("FIRST", "SECOND", "THIRD"))
    office.application("WEAK", WEAK)
    reviewed = office.application("REVIEWED", GOOD)
    office.start()
    office.take(office.manager, "propose")
    office.take(office.director, "return", {"reason": "SECRET-REASON"})
    office.take(office.manager, "propose")
    office.take(office.director, "sign")
    office.take(office.director, "release")
    label, expiring = office.accept(first), office.accept(third)
    office.accept(reviewed)
    office.certify_without_printing()
    for result in ("hold_in_reserve", "reject"):
        with office.world.act() as act:
            perform(act, act.session.get_one(Application, reviewed.id), result, by=R.CASCADE)
    with office.world.act(office.lead_of(second)) as act:
        perform(act, act.session.get_one(Label, office.label_of(second).id), "decline", {"reason": "We have no staff"})
    suspension = (
        (office.manager, "propose_suspension", {"reason": "SECRET-REASON"}),
        (office.director, "suspend", None),
    )
    take(office, label, *suspension, (office.director, "reinstate", {"reason": "SECRET-REASON"}), *suspension)
    take(office, label, (office.manager, "propose_withdrawal", {"reason": "x"}), (office.director, "withdraw", None))
    office.world.later(days=1500)
    with office.world.act() as act:
        perform(act, act.session.get_one(Label, expiring.id), "expire", by=R.CLOCK)

    written = mails(office)

    rows = (*DECISION.rows, *LABEL.rows)
    named = {later.template for row in rows for later in row.after if isinstance(later, Mail)} | {"result"}
    assert named <= written.keys()
    texts = "\n".join(written[name] for name in named)
    for secret in ("86.5", "SECRET-REASON", "FIRST on C1", "below its threshold", "successful", "Successful"):
        assert secret not in texts
    assert "https://office.example/register/ESCP-S3-2018-" in written["label_issued"]


def test_the_result_reaches_everybody_of_the_consortium_once(office: Office) -> None:
    office.application("FIRST", GOOD)
    office.release()

    with office.world.look() as act:
        jobs = [job for job in act.session.scalars(select(Job)) if job.args.get("template") == "result"]
    assert len(jobs) == 1
