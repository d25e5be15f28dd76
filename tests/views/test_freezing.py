"""On suspicion of a leak the evaluation stands still, and the office sees who read what."""

from __future__ import annotations

import re

import pytest
from click.testing import CliRunner
from sqlalchemy import select

from app.commands import call as command
from app.models import Assessment, Call, Membership, OrganisationMember, Reading, SignIn
from app.services.evaluating.freezing import readings_of
from app.services.transitions import Refused, perform
from tests.support.evaluation import Evaluation
from tests.support.web import Web, settings_of
from tests.support.world import World
from workflows.relations import Relation as R


@pytest.fixture
def story(world: World) -> Evaluation:
    story = Evaluation(world)
    story.application_of = story.application()  # type: ignore[attr-defined]
    story.close()
    story.admit(story.application_of)  # type: ignore[attr-defined]
    return story


def test_a_frozen_evaluation_signs_experts_out_and_shows_them_nothing_until_another_person_lets_it_go_on(
    web: Web, story: Evaluation, monkeypatch: pytest.MonkeyPatch
) -> None:
    world, application = web.world, story.application_of  # type: ignore[attr-defined]
    expert = story.expert()
    task = story.task(application, expert)
    with world.look() as act:
        report = act.session.scalars(select(Assessment.id).where(Assessment.person_id == expert.id)).one()
    reading = web.client_of(expert)
    assert reading.get(f"/assessments/{report}").status_code == 200
    office = web.client_of(story.manager)

    page = office.get(f"/calls/{story.call.id}/readings").text
    assert expert.name in page
    assert "Freeze the evaluation" in page
    frozen = office.post(f"/calls/{story.call.id}/freeze_evaluation", {"reason": "A text was seen elsewhere"})
    assert frozen.status_code == 303

    assert "/sign-in" in reading.get(f"/assessments/{report}").headers["Location"]
    with world.look() as act:
        assert act.session.scalars(select(SignIn).where(SignIn.person_id == expert.id)).one().ended_at is not None
    again = web.client_of(expert)
    assert again.get(f"/assessments/{report}").status_code == 404
    assert again.get(f"/applications/{application.id}").status_code == 404
    assert again.post(f"/assessments/{report}/save", {"C1": "3"}).status_code == 404
    assert "is frozen" in again.get("/assessments").text
    assert "is frozen" in again.post(f"/assessments/{report}/save", {"C1": "3"}).text
    for path, sent in (
        (f"/calls/{story.call.id}/meeting", {"go": "begin"}),
        (f"/calls/{story.call.id}/plans", {}),
        (f"/assignments/{task.id}/remove", {"reason": "Not needed"}),
    ):
        stopped = office.post(path, sent)
        assert (path, stopped.status_code) == (path, 422)
        assert "The evaluation is frozen: nothing of it can be done before it goes on" in stopped.text
    assert "A text was seen elsewhere" in office.get(f"/calls/{story.call.id}/readings").text

    with world.act(story.manager) as act, pytest.raises(Refused, match="another person"):
        perform(act, act.session.get_one(Call, story.call.id), "thaw_evaluation", {"reason": "Nothing found"})
    with world.act(story.second) as act:
        perform(act, act.session.get_one(Call, story.call.id), "thaw_evaluation", {"reason": "Nothing found"})
    assert again.get(f"/assessments/{report}").status_code == 200

    table = office.get(f"/calls/{story.call.id}/readings.csv")
    assert re.search(rf"{expert.email},assessor,assessment,{report},", table.text)


def test_a_command_freezes_and_writes_down_who_read_what(
    world: World, story: Evaluation, monkeypatch: pytest.MonkeyPatch
) -> None:
    class House:
        database = world.database
        settings = settings_of(world)

        def now(self) -> object:
            return world.now

    monkeypatch.setattr(command, "open_house", House)
    target = world.folder / "readings.csv"
    given = [story.call.code, "--as", story.manager.email, "--reason", "A leak", "--csv", str(target)]

    done = CliRunner().invoke(command.freeze_evaluation, given)

    assert done.exit_code == 0, done.output
    assert target.read_text(encoding="utf-8").startswith("at,name,email")
    with world.look() as act:
        assert act.session.get_one(Call, story.call.id).frozen_by == story.manager.id
    again = CliRunner().invoke(command.freeze_evaluation, given)
    assert again.exit_code == 1
    assert "frozen already" in again.output


def test_whoever_has_an_interest_reads_nothing_of_that_application_in_the_list(world: World, story: Evaluation) -> None:
    application = story.application_of  # type: ignore[attr-defined]
    tied = world.person("Tia Tied", None, R.CALL_MANAGER)
    expert = story.expert()
    story.task(application, expert)
    _read(world, expert.id, application.id)
    with world.look(tied) as act:
        assert [one.email for one in readings_of(act, act.session.get_one(Call, story.call.id))] == [expert.email]
    _employ(world, application.id, tied.id)

    with world.look(tied) as act:
        assert readings_of(act, act.session.get_one(Call, story.call.id)) == []


def _read(world: World, person_id: str, thing_id: str) -> None:
    with world.act() as act:
        given = {"noun": "application", "relation": "expert", "action": "application.view", "request_id": "r"}
        act.session.add(Reading(id=act.new_id(), person_id=person_id, thing_id=thing_id, at=act.now, **given))


def _employ(world: World, application_id: str, person_id: str) -> None:
    with world.act() as act:
        query = select(Membership.organisation_id).where(Membership.application_id == application_id)
        act.session.add(
            OrganisationMember(
                id=act.new_id(), organisation_id=act.session.scalars(query).first(), person_id=person_id,
                administrator=False, accepted=True, asked_at=act.now, answered_at=act.now,
            )
        )  # fmt: skip
