"""Every mail of a consortium's life can be written: one subject, one link, who must do what."""

import pytest
from sqlalchemy import select

from app.mailing.text import write
from app.models import Application, Job, Membership, MessageKind, Part, Participant
from app.services.calls.message import write_message
from app.services.consortia.handover import hand_over
from app.services.consortia.mandate import ask_signatory
from app.services.consortia.membership import invite
from app.services.consortia.participant import name_contact, name_person
from app.services.consortia.reminder import remind
from app.services.transitions import perform
from tests.support.application import Consortium, completed, submit
from tests.support.beginnings import Begin
from tests.support.web import settings_of
from tests.support.world import World

TEMPLATES = {
    "received", "withdrawn", "invitation", "invitation_reminder", "partner_accepted", "partner_declined", "partner_left",
    "partner_removed", "mandate", "message", "named_deputy", "named_helper", "named_contact", "handed_over",
}  # fmt: skip


@pytest.fixture
def written(world: World, begin: Begin) -> dict[str, object]:
    """A consortium's life with every kind of mail, each written as the worker writes it."""
    found: Consortium = begin(completed)
    (first, _one, member), (_second, _two, other) = found.partners
    submit(world, found)
    people = [world.person(name) for name in ("Dora Deputy", "Hugo Helper", "Cora Contact", "Nina New")]
    with world.act(found.coordinator) as act:
        application = act.session.get_one(Application, found.application.id)
        name_person(act, application, Part.DEPUTY, people[0].email)
        name_person(act, application, Part.HELPER, people[1].email)
        ask_signatory(act, application.memberships[0], name="Rita Rector", email="rector@uno.example")
        asked = invite(act, application, email=people[3].email, name="New Cluster", invitation="Six months.")
        invite(act, application, email="new@partner.example", name="Newer Cluster")
    with world.act(people[0]) as act:
        write_message(act, act.session.get_one(Application, found.application.id), "A question.", MessageKind.MESSAGE)
    world.later(hours=49)
    with world.act(found.coordinator) as act:
        remind(act, act.session.get_one(Membership, asked.id))
    with world.act(people[3]) as act:
        perform(act, act.session.get_one(Membership, asked.id), "decline", {"reason": "No time."})
    with world.act(first) as act:
        name_contact(act, act.session.get_one(Membership, member.id), people[2].email)
        perform(act, act.session.get_one(Membership, member.id), "leave", {"reason": "Merged."})
    with world.act(found.coordinator) as act:
        perform(act, act.session.get_one(Membership, other.id), "remove")
        application = act.session.get_one(Application, found.application.id)
        perform(act, application, "withdraw", {"reason": "Next year."})
        deputy = act.session.scalars(select(Participant).where(Participant.person_id == people[0].id)).one()
        hand_over(act, application, deputy)
    with world.look() as act:
        jobs = act.session.scalars(select(Job).where(Job.kind == "mail").order_by(Job.enqueued_at, Job.id)).all()
        return {job.args["template"]: write(act.session, settings_of(world), job.args) for job in jobs}


def test_each_mail_is_written_with_one_link_of_this_site(written: dict[str, object]) -> None:
    mails = {name: letter for name, letter in written.items() if name in TEMPLATES}

    assert set(mails) == TEMPLATES
    for name, letter in mails.items():
        assert letter.body.count("http://") == 1, name
        assert letter.subject
        assert "\n" not in letter.subject


def test_the_reason_given_is_in_the_mail_about_leaving(written: dict[str, object]) -> None:
    assert "Merged." in written["partner_left"].body
    assert "No time." in written["partner_declined"].body
