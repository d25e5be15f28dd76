"""The cockpit of a call in the middle of its evaluation."""

from __future__ import annotations

from app.models import Call, Organisation, OrganisationMember, Person
from app.services.work.cockpit import Cockpit, cockpit_of
from tests.support.evaluation import Evaluation
from tests.support.world import World


def cockpit_for(world: World, person: Person, call: Call) -> Cockpit:
    with world.look(person) as act:
        return cockpit_of(act, act.session.get_one(Call, call.id))


def needs(cockpit: Cockpit) -> list[tuple[str, object]]:
    return [(line.what.code, line.what.params.get("n")) for line in cockpit.needs]


def test_what_waits_is_told_with_its_number_and_the_pipeline_counts(world: World) -> None:
    scene = Evaluation(world)
    one, two = scene.application("ALPHA"), scene.application("BETA")
    scene.close()
    before = cockpit_for(world, scene.manager, scene.call)

    scene.admit(one, two)
    scene.task(one, scene.expert("Eva Expert"), declared=False)
    after = cockpit_for(world, scene.manager, scene.call)

    assert [number.number for number in before.numbers] == [2, 0, 0, 0, 0, 0]
    assert needs(before) == [("checks", 2)]
    assert [number.number for number in after.numbers] == [2, 2, 1, 0, 0, 0]
    assert ("undeclared", 1) in needs(after)
    assert "Eva Expert (1)" in [line.note for line in after.needs]


def test_totals_far_apart_are_told_once_all_reports_are_in(world: World) -> None:
    scene = Evaluation(world)
    application = scene.application("ALPHA")
    scene.close()
    scene.admit(application)
    tasks = [scene.task(application, scene.expert(name)) for name in ("Eva Expert", "Finn Expert")]
    scene.score(tasks[0], "5", "28")
    early = needs(cockpit_for(world, scene.manager, scene.call))
    scene.score(tasks[1], "2", "10")

    assert "spread" not in dict(early)
    assert "spread" in dict(needs(cockpit_for(world, scene.manager, scene.call)))


def test_a_manager_tied_to_an_application_does_not_count_it(world: World) -> None:
    scene = Evaluation(world)
    scene.application("ALPHA")
    tied = scene.application("BETA")
    scene.close()
    with world.act() as act:
        organisation = act.session.query(Organisation).filter(Organisation.name.startswith(tied.acronym)).one()
        act.session.add(
            OrganisationMember(
                id=act.new_id(), organisation_id=organisation.id, person_id=scene.manager.id, accepted=True,
                asked_at=world.now, answered_at=world.now,
            )
        )  # fmt: skip

    assert cockpit_for(world, scene.manager, scene.call).numbers[0].number == 1
    assert cockpit_for(world, scene.second, scene.call).numbers[0].number == 2
