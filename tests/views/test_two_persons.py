"""An act for which the office wants two persons: set by the administrator, proposed by one, done by another."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import select

from app.models import Call, Event, Organisation, ProposedAct
from app.services.transitions import Refused, perform
from tests.support.web import Web, web  # noqa: F401
from tests.support.world import REAL, World
from workflows.machine import Kind
from workflows.machines import MACHINES
from workflows.relations import Relation as R
from workflows.two_persons import ALWAYS, SETTABLE


def test_each_act_of_the_lists_is_a_row_and_what_the_office_sets_is_supplied_in_words() -> None:
    for action in (*ALWAYS, *SETTABLE):
        noun, _, name = action.partition(".")
        rows = MACHINES[noun].named(name)
        assert rows, action
        if action in SETTABLE:
            assert all(need.kind in (Kind.TEXT, Kind.LONG_TEXT) for row in rows for need in row.needs)
    always = {action: MACHINES[action.partition(".")[0]].named(action.partition(".")[2])[0] for action in ALWAYS}
    seconds = {"not_the_preparer", "not_the_proposer"}
    assert [a for a, row in always.items() if not seconds & {guard.__name__ for guard in row.when}] == []
    assert not set(ALWAYS) & set(SETTABLE)


def test_an_act_that_the_office_set_to_two_is_proposed_by_one_and_done_by_another(world: World, web: Web) -> None:  # noqa: F811
    call = world.call(REAL, opened=False)
    first, second = (world.person(name, None, R.CALL_MANAGER) for name in ("Mona Meyer", "Milo Maas"))
    boss = web.client_of(world.person("Adi Adam", None, R.ADMINISTRATOR))
    page, act_page = "/admin/two-persons", f"/calls/{call.id}/cancel"
    wrong = boss.post(page, {"of": "decision.sign", "persons": "1", "reason": "Quicker."})
    assert wrong.status_code == 422  # what always needs two is not on the list
    assert boss.post(page, {"of": "call.cancel", "persons": "2", "reason": "We agreed so."}).status_code == 303
    assert boss.post(page, {"of": "call.cancel", "persons": "2", "reason": "Again."}).status_code == 422
    told = boss.get(page).text
    assert "We agreed so." in told
    assert "Adi Adam" in told

    with world.act(first) as act, pytest.raises(Refused) as refused:
        perform(act, act.session.get_one(Call, call.id), "cancel", {"reason": "No money."})
    assert [reason.code for reason in refused.value.reasons] == ["needs-two"]
    mona, milo = web.client_of(first), web.client_of(second)
    assert "This act needs two persons here" in mona.get(act_page).text
    assert mona.post(act_page, {"reason": "No money."}).status_code == 303
    assert "You proposed this" in mona.get(act_page).text
    assert mona.post(act_page, {"reason": "No money."}).status_code == 422
    told_by_mail = {job.args["person"] for job in web.mails("act_proposed")}
    assert second.id in told_by_mail
    assert first.id not in told_by_mail
    assert f"{act_page}" in milo.get("/work").text
    assert f"{act_page}" not in mona.get("/work").text
    assert mona.post(act_page, {"leave": "1"}).status_code == 303
    assert f"{act_page}" not in milo.get("/work").text

    assert mona.post(act_page, {"reason": "No money at all."}).status_code == 303
    shown = milo.get(act_page).text
    assert "Mona Meyer proposed this" in shown
    assert "No money at all." in shown
    assert milo.post(act_page, {"reason": "Something else."}).status_code == 303
    with world.look() as act:
        assert act.session.get_one(Call, call.id).state.value == "cancelled"
        done = act.session.scalars(select(Event).where(Event.thing_id == call.id, Event.name == "cancel")).one()
        endings = [
            one.ending.value for one in act.session.scalars(select(ProposedAct).order_by(ProposedAct.proposed_at))
        ]  # type: ignore[union-attr]
        assert (done.actor_id, done.data["act_proposed_by"]) == (second.id, first.id)
        assert endings == ["taken_back", "done"]


def test_what_changed_after_it_was_proposed_is_proposed_again(world: World, web: Web) -> None:  # noqa: F811
    first, second = (world.person(name, None, R.CALL_MANAGER) for name in ("Mona Meyer", "Milo Maas"))
    lead = world.person("Lea Lead")
    organisation = world.organisation("North Cluster", lead)
    boss = web.client_of(world.person("Adi Adam", None, R.ADMINISTRATOR))
    boss.post("/admin/two-persons", {"of": "profile.suspend", "persons": "2", "reason": "We agreed so."})
    act_page = f"/organisations/{organisation.id}/suspend"
    assert web.client_of(first).post(act_page, {"reason": "Unclear."}).status_code == 303
    world.later(days=1)
    with world.act() as act:
        act.session.get_one(Organisation, organisation.id).last_act_at = act.now + timedelta(seconds=1)
    assert web.client_of(second).post(act_page, {"reason": "Unclear."}).status_code == 303  # proposes it anew
    with world.look() as act:
        assert act.session.get_one(Organisation, organisation.id).state.value == "published"
