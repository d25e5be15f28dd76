"""The charter: each partner accepts it by itself, its word keeps the text it read, and who has not is seen."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from sqlalchemy import select

from app.models import Application, CharterWord, Event, Job, Label, Membership, Part, Participant, Person
from app.services.labels import charter
from app.services.transitions import Refused, verdict_on
from tests.support.decided import GOOD, Office
from tests.support.world import REAL, World
from workflows.label import State


def mails(world: World, template: str) -> list[str]:
    with world.look() as act:
        jobs = act.session.scalars(select(Job).where(Job.kind == "mail"))
        return sorted(job.args["address"] for job in jobs if job.args["template"] == template)


def partners_with_people(office: Office, application: Application) -> list[tuple[str, Person]]:
    found = []
    for place in (1, 2):
        person = office.world.person(f"Paula {place}", f"paula{place}@example.org")
        with office.world.act() as act:
            member = act.session.scalar(
                select(Membership).where(Membership.application_id == application.id, Membership.position == place)
            )
            assert member is not None
            act.session.add(
                Participant(
                    id=act.new_id(), application_id=application.id, membership_id=member.id, person_id=person.id,
                    part=Part.CONTACT, since=act.now,
                )
            )  # fmt: skip
            found.append((member.id, person))
    return found


def test_each_partner_accepts_the_charter_with_the_digest_of_what_it_read(world: World, tmp_path: Path) -> None:
    path = tmp_path / "call.yaml"
    path.write_text(REAL.read_text().replace("  commits_to: {", "  charter_of_all: true\n  commits_to: {", 1))
    office = Office(world, path=path)
    application = office.application("FIRST", GOOD)
    (first, paula), (second, other) = partners_with_people(office, application)
    office.release()
    label = office.label_of(application)
    assert mails(world, "charter_to_accept") == ["paula1@example.org", "paula2@example.org"]

    with world.look() as act:
        seen = charter.digest_of_charter(act.session.get_one(Label, label.id))
    with world.act(paula) as act:
        with pytest.raises(Refused, match="changed meanwhile"):
            charter.answer_charter(act, act.session.get_one(Membership, first), accepts=True, seen="0" * 64)
        with pytest.raises(Refused, match="somebody else"):
            charter.answer_charter(act, act.session.get_one(Membership, second), accepts=True, seen=seen)
        charter.answer_charter(act, act.session.get_one(Membership, first), accepts=True, seen=seen)
    with world.act(other) as act:
        member = act.session.get_one(Membership, second)
        charter.answer_charter(act, member, accepts=False, seen=seen, reason="We left the field.")
    assert {office.lead_of(application).email, office.manager.email} <= set(mails(world, "charter_refused"))
    with world.look() as act:
        word = act.session.scalars(select(CharterWord).order_by(CharterWord.at)).first()
        event = act.session.scalar(select(Event).where(Event.name == "accept_charter"))
        assert word is not None
        assert event is not None
        assert json.loads(word.canonical)["charter"].startswith("The partners work together")
        assert (event.data["charter_sha256"], event.data["sha256"]) == (seen, word.sha256)

    with world.act(office.lead_of(application)) as act:
        stored = act.session.get_one(Label, label.id)
        assert verdict_on(act, stored, "accept").codes == ("charter-waits",)
    with world.act(other) as act:
        charter.answer_charter(act, act.session.get_one(Membership, second), accepts=True, seen=seen)
        with pytest.raises(Refused, match="accepted already"):
            charter.answer_charter(act, act.session.get_one(Membership, second), accepts=True, seen=seen)
    assert office.accept(application).state is State.CONFERRED
    with world.look() as act:
        stands = charter.stands_of(act, act.session.get_one(Label, label.id))
        assert [stand.accepted for stand in stands] == [True, True, True]
