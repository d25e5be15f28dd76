"""Every mail around a consortium is written: each names who must do what, with one link to it."""

from __future__ import annotations

from datetime import timedelta

from sqlalchemy import select

from app.mailing.text import write
from app.models import Amendment, Application, Job, Membership
from app.services.consortia.amendment import Wanted, ask_amendment
from app.services.consortia.draft_look import let_office_look
from app.services.consortia.mandate import ask_signatory
from app.services.consortia.membership import give_facts
from app.services.consortia.reminder import remind
from app.services.transitions import perform
from app.ticking import tick
from tests.support.application import Consortium, completed, submit
from tests.support.beginnings import Begin
from tests.support.web import settings_of
from tests.support.world import AFTER_CLOSING, World
from workflows.amendment import Change
from workflows.relations import Relation as R

OURS = {
    "part_confirmed", "part_to_confirm", "confirmation_missed", "still_owed", "signature_reminder", "draft_opened",
    "amendment_answered",
}  # fmt: skip


def test_every_mail_around_a_consortium_is_written_with_one_link(world: World, begin: Begin) -> None:
    found: Consortium = begin(completed)
    manager = world.person("Mona Manager", None, R.CALL_MANAGER)
    person, _organisation, membership = found.partners[0]
    with world.act(person) as act:
        ask_signatory(act, act.session.get_one(Membership, membership.id), name="Rita Rector", email="rita@two.example")
    with world.act(found.coordinator) as act:
        give_facts(act, act.session.get_one(Membership, membership.id), {"task": "Another task."})
        let_office_look(act, act.session.get_one(Application, found.application.id))
    world.later(hours=49)
    with world.act(found.coordinator) as act:
        remind(act, act.session.get_one(Membership, membership.id))
    submit(world, found)
    world.now = AFTER_CLOSING + timedelta(days=10)
    tick(world.database, world.now, world.chance)
    with world.act(found.coordinator) as act:
        application = act.session.get_one(Application, found.application.id)
        leaving = act.session.get_one(Membership, found.partners[1][2].id)
        asked = ask_amendment(act, application, Wanted(Change.REMOVE, "Merged.", membership=leaving)).id
    with world.act(manager) as act:
        perform(act, act.session.get_one(Amendment, asked), "accept", {"reason": "Fine."})

    written = {}
    with world.look() as act:
        for args in act.session.scalars(select(Job.args).where(Job.kind == "mail")):
            if args["template"] in OURS:
                written[args["template"]] = write(act.session, settings_of(world), args)
    assert set(written) == OURS
    assert {name for name, letter in written.items() if letter.body.count("http://localhost") != 1} == set()
    assert {name for name, letter in written.items() if "{" in letter.subject + letter.body} == set()
