"""An anonymous call with three applications, and an expert who is asked to evaluate two of them."""

from __future__ import annotations

from sqlalchemy import select

from app.access import visible
from app.models import Assignment, Disclosure
from app.services.conflicts.disclosure import disclose, organisations_of
from tests.support.evaluation import Evaluation
from tests.support.world import World


class Blind:
    """Three applications to an anonymous call; two of them, of other organisations, are given to one expert."""

    def __init__(
        self,
        world: World,
        *,
        summary: str = "",
        anonymous: str = "anonymous: true",
        tasks: bool = True,
        plan: bytes = b"",
    ) -> None:
        more = "documents:\n  - {id: plan, label: The plan}\n" if plan else ""
        self.world, self.story = world, Evaluation(world, anonymous=anonymous, more=more)
        self.one, self.two, self.three = (
            self.story.application(name, summary=summary, plan=plan) for name in ("ALPHA", "BETA", "GAMMA")
        )
        self.story.close()
        self.story.admit(self.one, self.two, self.three)
        self.person = self.story.expert()
        given = (self.one, self.two) if tasks else ()
        self.tasks = [self.story.task(a, self.person, declared=False) for a in given]

    @property
    def id(self) -> str:
        with self.world.look() as act:
            return act.session.scalars(select(Disclosure.id).where(Disclosure.person_id == self.person.id)).one()

    def listed(self) -> dict[str, str]:
        """Names of the list in their order, each with its key."""
        with self.world.look(self.person) as act:
            return {one.name: one.key for one in organisations_of(act, act.session.get_one(Disclosure, self.id))}

    def disclose(self, *names: str) -> None:
        listed = self.listed()
        with self.world.act(self.person) as act:
            mine = act.session.get_one(Disclosure, self.id)
            disclose(act, mine, [listed[name] for name in names], listed.values(), secret=True)

    def tasks_seen(self) -> set[str]:
        with self.world.look(self.person) as act:
            return {t.id for t in act.session.scalars(visible(act, Assignment, "assignment.view"))}

    def state(self, place: int) -> str:
        with self.world.look() as act:
            return str(act.session.get_one(Assignment, self.tasks[place].id).state)


ALPHA, BETA, GAMMA = (f"{name} Cluster Organisation" for name in ("ALPHA", "BETA", "GAMMA"))
