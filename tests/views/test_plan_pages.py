"""Pages of assignment plans: reached from who evaluates what, in words, and closed to whoever is tied."""

from __future__ import annotations

import re

from app.jobs import Worker
from app.services.assigning.planning import planning, probing
from tests.support.evaluation import Evaluation
from tests.support.web import Web, web  # noqa: F401 - a fixture
from tests.support.world import World


def test_a_manager_makes_a_plan_and_reads_why(world: World, web: Web) -> None:  # noqa: F811
    story = Evaluation(world)
    application = story.application("ALPHA")
    story.close()
    story.admit(application)
    for number in range(2):
        story.expert(f"Expert {number}", most=2)
    manager = web.client_of(story.manager)

    linked = manager.get(f"/calls/{story.call.id}/assignments")
    making = manager.post(f"/calls/{story.call.id}/plans", follow=True)
    Worker(world.database, {"plan": planning(world.database)}, lambda: world.now, lambda: world.chance).run_until_idle()
    address = re.search(r'href="(/plans/[a-z0-9]+)"', making.text)
    assert address is not None
    page = manager.get(address[1])

    assert f"/calls/{story.call.id}/plans" in linked.text
    assert "The plan is being worked out" in making.text
    assert "Proven best" in page.text
    assert "Expert 0" in page.text
    assert "no partner from the same country" in page.text
    assert "Accept all and ask the evaluators" in page.text


def _work(world: World) -> None:
    handlers = {"plan": planning(world.database), "plan_probe": probing(world.database)}
    Worker(world.database, handlers, lambda: world.now, lambda: world.chance).run_until_idle()


def _of(pattern: str, page: str) -> str:
    found = re.search(pattern, page)
    assert found is not None, pattern
    return found[1]


def test_a_plan_is_changed_by_hand_compared_and_asked_why_not_on_its_pages(world: World, web: Web) -> None:  # noqa: F811
    story = Evaluation(world)
    story_of = [story.application(name) for name in ("ALPHA", "BETA")]
    story.close()
    story.admit(*story_of)
    people = [story.expert(f"Expert {number}", most=2) for number in range(3)]
    manager, plans = web.client_of(story.manager), f"/calls/{story.call.id}/plans"
    first, second = (_of(r"(/plans/[a-z0-9]{26})", manager.post(plans).headers["Location"]) for _turn in range(2))
    _work(world)
    panel = f"{first}/panel"
    beneath = f"{panel}?application={story_of[0].id}"

    before = manager.get(beneath).text
    out = _of(r'name="out" value="([a-z0-9]+)"', before)
    free = _of(r'name="person" value="([a-z0-9]+)"', before)
    asked = manager.post(f"{first}/why", {"application": story_of[0].id, "person": free})
    waiting = manager.get(asked.headers["Location"]).text
    _work(world)
    why = manager.get(asked.headers["Location"]).text
    assert (manager.post(panel, {"application": story_of[0].id, "out": out}).status_code) == 303
    lacking = manager.get(first).text
    assert manager.post(panel, {"application": story_of[0].id, "person": free}).status_code == 303
    again = manager.post(panel, {"application": story_of[0].id, "person": free})
    compared = manager.get(f"{first}/compare?other={_of(r'/plans/([a-z0-9]+)', second)}").text

    assert "It is being worked out" in waiting
    assert "What it would displace" in why
    assert "Limits are not kept" in lacking or "A limit is not kept" in lacking
    assert again.status_code == 422
    assert "has this application already" in again.text
    assert compared.count("ALPHA: ") == 2
    assert "by hand" in manager.get(first).text
    assert [web.client_of(people[0]).get(page).status_code for page in (first, beneath, f"{first}/compare")] == [
        404
    ] * 3


def test_a_plan_that_is_not_possible_names_the_bottleneck_and_the_ways_out(world: World, web: Web) -> None:  # noqa: F811
    story = Evaluation(world)
    alpha = story.application("ALPHA")
    story.close()
    story.admit(alpha)
    story.expert("Only One", most=1)
    manager = web.client_of(story.manager)
    made = manager.post(f"/calls/{story.call.id}/plans").headers["Location"]
    _work(world)

    page = manager.get(made).text

    assert "No plan is possible" in page
    assert "Applications: ALPHA." in page
    assert "What alone would be enough" in page
    assert "Accept all and ask the evaluators" not in page
