"""What only those on the award list upload: not asked before, owed after, reminded of until it is there."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import select, update

from app.facts.readiness import everything_missing
from app.models import Application, Call, File, Job, Membership
from app.services.applications.canonical import content_of
from app.services.labels.award_documents import (
    award_due_at,
    due_award_reminders,
    owing_after_award,
    remind_of_award_documents,
)
from app.services.transitions import Refused, note, perform
from app.services.uploads.files import upload
from app.services.work.cockpit_consortium import consortium_needs
from app.services.work.work import tasks_of
from app.store import Store
from tests.support.application import Consortium, a_draft, a_pdf, with_partners
from tests.support.world import World
from workflows.application import State
from workflows.relations import Relation as R

SMALL = Path(__file__).parents[1] / "support" / "small_call.yaml"
SLOTS = """
documents:
  - {id: plan, label: Plan, required: true}
  - {id: accounts, label: Accounts of the last two years, required: true, per: partner, due: award, keeps: accounts}
"""
AWARD = "award: {reserve: true, document_days: 30}"


@dataclass
class Asked:
    world: World
    found: Consortium
    store: Store

    def application(self, act) -> Application:
        return act.session.get_one(Application, self.found.application.id)

    def award(self) -> None:
        with self.world.act(None) as act:
            moved = update(Application).where(Application.id == self.found.application.id)
            act.session.execute(moved.values(state=State.AWARDED))
        with self.world.act(None) as act:
            note(act, self.application(act), "award", relation=R.CASCADE)

    def upload(self, slot: str, *, partner: bool = False) -> File:
        with self.world.act(self.found.coordinator) as act:
            application = self.application(act)
            member = application.memberships[0] if partner else None
            return upload(act, application, slot, "a.pdf", a_pdf(slot), store=self.store, membership=member)


@pytest.fixture
def asked(world: World) -> Asked:
    path = world.folder / "call.yaml"
    path.write_text(SMALL.read_text().replace("award: {reserve: true}", AWARD) + SLOTS)
    return Asked(world, a_draft(world, world.call(path)), Store.from_url(str(world.folder / "files")))


def test_what_is_due_after_the_award_is_not_asked_and_not_taken_with_the_application(asked: Asked) -> None:
    with asked.world.act(asked.found.coordinator) as act:
        missing = [reason.plain() for reason in everything_missing(act, asked.application(act)).reasons]
    with pytest.raises(Refused) as refused:
        asked.upload("accounts", partner=True)

    assert "Upload “Plan”." in missing
    assert not [text for text in missing if "Accounts" in text]
    assert refused.value.verdict.codes == ("not-yours",)


def test_those_on_the_award_list_owe_it_until_it_is_there(asked: Asked) -> None:
    asked.award()
    with asked.world.look(asked.found.coordinator) as act:
        application = asked.application(act)
        owing = owing_after_award(act, [application])
        due_at = award_due_at(act, application)
        tasks = [task.endpoint for task in tasks_of(act)]
        call = act.session.get_one(Call, asked.found.call.id)
        lines = [line[2] for line in consortium_needs(act, call, [application])]
    asked.upload("accounts", partner=True)
    with asked.world.look(asked.found.coordinator) as act:
        left, after = owing_after_award(act, [asked.application(act)]), tasks_of(act)
        sent = content_of(act, asked.application(act))["files"]

    assert [reason.params["names"] for reason in owing[0].missing] == [["Cluster Uno"]]
    assert due_at - asked.world.now > timedelta(days=30)
    assert "application.award_documents" in tasks
    assert lines == ["application.award_documents"]
    assert left == []
    assert "application.award_documents" not in [task.endpoint for task in after]
    assert sent == []


def test_each_partner_whose_own_document_is_missing_is_reminded_too(asked: Asked) -> None:
    found = with_partners(asked.world, asked.found)
    asked.award()
    (first, _one, membership), (second, _two, _other) = found.partners
    with asked.world.act(first) as act:
        member = act.session.get_one(Membership, membership.id)
        upload(act, asked.application(act), "accounts", "a.pdf", a_pdf("mine"), store=asked.store, membership=member)
    with asked.world.look() as act:
        due_at = award_due_at(act, asked.application(act))
    asked.world.now = due_at - timedelta(days=5, hours=12)
    with asked.world.act(None) as act:
        assert remind_of_award_documents(act, asked.application(act))

    with asked.world.look() as act:
        jobs = act.session.scalars(select(Job).where(Job.kind == "mail")).all()
    told = sorted(job.args["address"] for job in jobs if job.args["template"] == "award_documents")
    assert told == sorted([found.coordinator.email, second.email])


def test_a_file_after_the_award_may_be_removed_again_though_the_call_is_closed(asked: Asked) -> None:
    asked.award()
    file = asked.upload("accounts", partner=True)
    asked.world.now = asked.found.call.closes_at + timedelta(days=200)

    with asked.world.act(asked.found.coordinator) as act:
        perform(act, act.session.get_one(File, file.id), "remove")


def test_they_are_reminded_once_for_each_time_and_no_longer_when_it_is_done(asked: Asked) -> None:
    asked.award()
    with asked.world.look() as act:
        due_at = award_due_at(act, asked.application(act))
    counts = []
    for days in (20, 5, 5):
        asked.world.now = due_at - timedelta(days=days, hours=12)
        with asked.world.act(None) as act:
            for application_id in due_award_reminders(act):
                remind_of_award_documents(act, act.session.get_one(Application, application_id))
        with asked.world.look() as act:
            jobs = act.session.scalars(select(Job).where(Job.kind == "mail")).all()
            counts.append(len([job for job in jobs if job.args["template"] == "award_documents"]))
    asked.world.now = due_at - timedelta(days=1, hours=12)
    with asked.world.look() as act:
        before = due_award_reminders(act)
    asked.upload("accounts", partner=True)
    with asked.world.look() as act:
        after = due_award_reminders(act)

    assert counts == [0, 1, 1]
    assert sorted({job.args["address"] for job in jobs if job.args["template"] == "award_documents"}) == [
        asked.found.coordinator.email
    ]
    assert before == [asked.found.application.id]
    assert after == []
