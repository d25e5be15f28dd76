"""Pages of assignment plans: reached from who evaluates what, in words, and closed to whoever is tied."""

from __future__ import annotations

import re

from app.jobs import Worker
from app.services.planning import planning
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
