"""What a new result after a review does to a label that was taken already."""

from __future__ import annotations

from sqlalchemy import select

from app.doctor.labels import active_labels_have_one_certificate, certificates_say_what_the_label_says
from app.models import Application, Document, Event, Job, Label
from app.services.labels.verification import LabelRegister, certificates_of, public_state
from app.services.transitions import perform
from tests.support.decided import GOOD, Office
from tests.support.world import World
from workflows.label import State
from workflows.relations import Relation as R


def test_an_award_that_is_taken_away_ends_the_label_with_its_number_kept(world: World) -> None:
    office = Office(world)
    first, second = (office.application(name, GOOD, grant=900_000) for name in ("FIRST", "SECOND"))
    office.release()
    label = office.accept(first)
    office.accept(second)
    office.certify_without_printing()

    with world.act() as act:  # as the release of a review does, in one transaction
        perform(act, act.session.get_one(Application, first.id), "reject", by=R.CASCADE)
        perform(act, act.session.get_one(Application, second.id), "hold_in_reserve", by=R.CASCADE)
    ended, kept = office.label_again(label), office.label_of(second)
    assert (ended.state, ended.number, ended.ended_at) == (State.WITHDRAWN, label.number, world.now)
    assert public_state(ended, world.now) is State.WITHDRAWN
    assert kept.state is State.ACTIVE  # the call lets its reserve list hold the label without money
    assert not kept.with_grant
    with world.look() as act:
        event = act.session.scalar(select(Event).where(Event.name == "end_by_review"))
        assert event is not None
        assert event.thing_id == ended.id
        assert event.cause_id is not None
        told = [job.args["template"] for job in act.session.scalars(select(Job).where(Job.kind == "mail"))]
        assert "label_ended" in told


def test_a_label_that_stays_gets_a_new_certificate_where_its_grant_changes(world: World) -> None:
    office = Office(world)
    application = office.application("FIRST", GOOD, grant=900_000)
    office.release()
    office.accept(application)
    office.certify_without_printing()
    first = _certificates(world)
    world.later(days=40)

    with world.act() as act:
        perform(act, act.session.get_one(Application, application.id), "hold_in_reserve", by=R.CASCADE)

    with world.look() as act:  # while it is being made, the first one stands
        label = act.session.scalars(select(Label)).one()
        assert [one.issued_sha256 for one in certificates_of(act, label) if one.replaced_at is None] == first
        assert list(active_labels_have_one_certificate(act.session, act.now)) == []
        assert list(certificates_say_what_the_label_says(act.session, act.now)) == []
    office.certify_without_printing()
    with world.look() as act:
        label = act.session.scalars(select(Label)).one()
        new, old = certificates_of(act, label)
        assert (new.replaced_at, old.replaced_at) == (None, world.now)
        assert [new.snapshot["with_grant"], old.snapshot["with_grant"]] == [False, True]
        assert new.snapshot["issued_on"] > old.snapshot["issued_on"]
        assert (new.snapshot["number"], new.snapshot["code"]) == (old.snapshot["number"], old.snapshot["code"])
        register = LabelRegister(act)
        known = [register.issued(one.issued_sha256 or "") for one in (new, old)]
        assert [one.is_current for one in known if one] == [True, False]
        assert list(active_labels_have_one_certificate(act.session, act.now)) == []
        told = [job.args["template"] for job in act.session.scalars(select(Job).where(Job.kind == "mail"))]
        assert told.count("certificate_renewed") == 1
    world.later(days=1)
    with world.act() as act:
        perform(act, act.session.get_one(Application, application.id), "award", by=R.CASCADE)
        act.session.scalars(select(Label)).one().with_grant = False  # as if somebody had changed the register alone
        (found,) = certificates_say_what_the_label_says(act.session, act.now)
        assert "something else of the grant" in found[1]


def _certificates(world: World) -> list[str | None]:
    with world.look() as act:
        return list(act.session.scalars(select(Document.issued_sha256).where(Document.kind == "certificate")))
