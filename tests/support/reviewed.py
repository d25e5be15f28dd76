"""What happens after the release of a rehearsal: reviews, each decided by persons who took no part in it."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

from sqlalchemy import select

from app.chance import Seeded
from app.commands.house import House
from app.models import Application, Decision, OfficeHolding, Part, Participant, Person, Review
from app.services.reviews.review import ask_review, mark_anew
from app.services.reviews.review_committee import name_member
from app.services.transitions import perform
from tests.support.world import World
from workflows.relations import Relation as R
from workflows.review import Ground


class After:
    """What happens after the release of a rehearsal: reviews, each by persons who took no part in it."""

    def __init__(self, house: House, folder: Path) -> None:
        self.world = World(house.database, Seeded(3), folder)
        with self.world.look() as act:
            decision = act.session.scalars(select(Decision)).one()
            assert decision.released_at is not None
            self.world.now, self.call_id = decision.released_at + timedelta(days=1), decision.call_id
            self.manager, self.director = (
                act.session.scalars(select(Person).join(OfficeHolding, OfficeHolding.person_id == Person.id).where(OfficeHolding.office == office)).first()
                for office in (R.CALL_MANAGER, R.PROGRAMME_MANAGER)
            )  # fmt: skip
        self.members = [
            self.world.person(name, f"x@{name.lower()}.example", R.PROGRAMME_MANAGER)
            for name in ("Carl", "Cora", "Cyr")
        ]

    def review(self, acronym: str, **points: str) -> None:
        with self.world.look() as act:
            application = act.session.scalars(select(Application).where(Application.acronym == acronym)).one()
            leads = (Participant.application_id == application.id, Participant.part == Part.COORDINATOR)
            lead = act.session.scalars(
                select(Person).join(Participant, Participant.person_id == Person.id).where(*leads)
            ).one()
        with self.world.act(lead) as act:
            review_id = ask_review(act, act.session.get_one(Application, application.id), Ground.ERROR, "Page 12.").id

        def as_(person: Any, does: Callable[[Any, Review], object]) -> None:
            with self.world.act(person) as act:
                does(act, act.session.get_one(Review, review_id))

        for member in self.members:
            as_(self.manager, lambda act, review, m=member: name_member(act, review, act.session.get_one(Person, m.id)))  # type: ignore[misc]
        for person, name in ((self.members[0], "admit"), (self.members[1], "order_reevaluation")):
            as_(person, lambda act, review, n=name: perform(act, review, n, {"reason": "Overlooked."}))  # type: ignore[misc]
        for criterion, value in points.items():
            as_(
                self.members[0],
                lambda act, review, c=criterion, v=value: mark_anew(act, review, c, Decimal(v), "Read again."),
            )  # type: ignore[misc]
        as_(self.manager, lambda act, review: perform(act, review, "propose", {"reason": "As found."}))
        for name in ("sign", "release"):
            as_(self.director, lambda act, review, n=name: perform(act, review, n))  # type: ignore[misc]
        self.world.later(hours=1)
