"""What a demonstration shows beside the road: each thing stands where a visitor finds it, made by the services."""

from __future__ import annotations

import random
from dataclasses import replace
from datetime import timedelta

from sqlalchemy import select

from app.commands.house import House
from app.demonstration import anonymous, happenings
from app.models import (
    Amendment,
    Clarification,
    Disclosure,
    Enquiry,
    Introduction,
    LateException,
    Organisation,
    Redaction,
    SavedView,
)
from app.rehearsal.cast import Cast
from app.rehearsal.stage import Clock, Stage
from app.store import Store
from app.ticking import tick
from config import rehearsal_settings
from tests.support.application import a_draft, complete, submit, with_partners
from tests.support.evaluation import Evaluation
from tests.support.world import AFTER_CLOSING, World
from workflows.relations import Relation as R


def test_everything_beside_the_road_is_there_to_be_seen(world: World) -> None:
    settings = replace(rehearsal_settings(world.folder), database_url=world.database.url)
    house = House(settings, world.database, Store.from_url(settings.storage_url))
    stage = Stage(house, Clock(world.now), world.chance, random.Random(1), renderer=None)
    found = with_partners(world, a_draft(world))
    manager, visitor = world.person("Mona", None, R.CALL_MANAGER), world.person("Olena")
    partner, organisation, _membership = found.partners[0]
    people = {
        "manager": manager.id,
        "coordinator": found.coordinator.id,
        "partner": partner.id,
        "organisation": visitor.id,
    }
    organisations = {
        "organisation": world.organisation("Smart Materials", visitor).id,
        "coordinator": found.organisation.id, "partner": organisation.id,
    }  # fmt: skip
    with world.act() as act:
        for one in organisations.values():
            act.session.get_one(Organisation, one).open_to_contact = True

    happenings.keep_views(stage, people)
    happenings.play_questions(stage, people, found.call.id)
    stage.clock.move_to(AFTER_CLOSING - timedelta(days=6))
    happenings.play_introductions(stage, people, organisations)
    happenings.play_later_deadline(stage, people, found.application.id, found.coordinator.id)
    submit(world, complete(world, found))
    world.now = AFTER_CLOSING
    tick(world.database, world.now, world.chance)
    stage.clock.move_to(AFTER_CLOSING)
    happenings.play_clarification(stage, people, found.application.id)
    happenings.play_amendment(stage, found.application.id, found.coordinator.id)

    with world.look() as act:
        states = {
            model.__noun__: sorted(str(one.state) for one in act.session.scalars(select(model)))
            for model in (Enquiry, Introduction, LateException, Clarification, Amendment)
        }
        views = {one.of: one.person_id for one in act.session.scalars(select(SavedView))}
    assert views == {"applications": manager.id, "tasks": manager.id}
    assert states == {
        "enquiry": ["asked", "published"], "introduction": ["agreed", "asked"], "exception": ["proposed"],
        "clarification": ["opened"], "amendment": ["asked"],
    }  # fmt: skip


def test_a_call_that_hides_who_applies_shows_copies_and_a_list_to_declare_on(world: World) -> None:
    anonymous_call = "anonymous: true, anonymity: {redacted_copies: true}"
    story = Evaluation(world, anonymous=anonymous_call)
    first, second = (
        story.application(name, summary=f"{name} Cluster Organisation leads.") for name in ("ALPHA", "BETA")
    )
    story.close()
    story.admit(first, second)
    settings = replace(rehearsal_settings(world.folder), database_url=world.database.url)
    house = House(settings, world.database, Store.from_url(settings.storage_url))
    stage = Stage(house, Clock(world.now), world.chance, random.Random(1), renderer=None)
    experts = [story.expert(f"Eva {n}").id for n in range(3)]
    cast = Cast(call_managers=[story.manager.id], experts=experts)

    anonymous.play_redactions(stage, cast, first.id)
    anonymous.play_declaration(stage, cast, first.id)

    with world.look() as act:
        copies = {one.application_id: str(one.state) for one in act.session.scalars(select(Redaction))}
        asked = [(one.person_id, str(one.state)) for one in act.session.scalars(select(Disclosure))]
    assert copies == {first.id: "ready", second.id: "open"}
    assert asked == [(experts[2], "asked")]
