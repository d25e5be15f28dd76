"""The pool: invited by the office, joined by accepting the code of conduct, left by declining."""

from datetime import date

import pytest
from sqlalchemy import select

from app.models import Application, Event, Expert, Person
from app.services.assigning.assignment import assign
from app.services.experts.expert import (
    EmployerEntry,
    accept_conduct,
    decline,
    edit_expert,
    expert_of,
    invite_expert,
    person_to_invite,
)
from app.services.transitions import Refused
from tests.support.evaluation import Evaluation


def _invited(story: Evaluation, person: Person) -> Expert:
    with story.world.act(story.manager) as act:
        return invite_expert(act, act.session.get_one(Person, person.id), country="PT", languages=["pt"])


def test_who_has_not_accepted_the_code_gets_no_application(story: Evaluation) -> None:
    application = story.application()
    story.close()
    story.admit(application)
    person = story.world.person("Ines Invited")
    _invited(story, person)

    with story.world.act(story.manager) as act, pytest.raises(Refused) as refused:
        assign(act, act.session.get_one(Application, application.id), act.session.get_one(Person, person.id))

    assert refused.value.verdict.codes == ("not-in-pool",)


def test_only_the_person_accepts_the_code_of_conduct(story: Evaluation) -> None:
    person = story.world.person("Ines Invited")
    expert = _invited(story, person)

    with story.world.act(story.manager) as act, pytest.raises(Refused) as refused:
        accept_conduct(act, act.session.get_one(Expert, expert.id))
    with story.world.act(person) as act:
        accept_conduct(act, act.session.get_one(Expert, expert.id))

    assert refused.value.verdict.codes == ("not-yours",)
    with story.world.look() as act:
        assert act.session.get_one(Expert, expert.id).conduct_accepted_at == story.world.now


def test_declining_takes_somebody_out_of_the_pool_until_they_accept_again(story: Evaluation) -> None:
    person = story.expert("Dora Declines")

    with story.world.act(person) as act:
        mine = expert_of(act, person)
        assert mine is not None
        decline(act, mine, "No time this year.")
        assert mine.conduct_accepted_at is None
        accept_conduct(act, mine)
        assert mine.declined_at is None


def test_nobody_is_invited_twice(story: Evaluation) -> None:
    person = story.expert()

    with pytest.raises(Refused) as refused:
        _invited(story, person)

    assert refused.value.verdict.codes == ("invited-already",)


def test_an_unknown_address_gets_an_account_that_its_owner_proves(story: Evaluation) -> None:
    known = story.world.person("Known Already", "known@pool.example")

    with story.world.act(story.manager) as act:
        same = person_to_invite(act, name="Somebody else", email="Known@Pool.example")
        new = person_to_invite(act, name="Nina New", email="nina@pool.example")

        assert same.id == known.id
        assert (new.name, new.email_verified_at, new.password_hash) == ("Nina New", None, None)


def test_a_profile_is_written_anew_with_its_employers_and_recorded(story: Evaluation) -> None:
    person = story.expert(employers=[EmployerEntry(name="Before")])

    with story.world.act(person) as act:
        mine = expert_of(act, person)
        assert mine is not None
        entry = EmployerEntry(name="Universidade do Porto", domain="up.pt", until_on=date(2017, 6, 30))
        edit_expert(act, mine, country="ES", languages=["es"], expertise=["textiles"], employers=[entry], most_tasks=3)

    with story.world.look() as act:
        stored = act.session.scalars(select(Expert)).one()
        assert (stored.country, stored.most_tasks) == ("ES", 3)
        assert [(e.name, e.name_folded, e.domain) for e in stored.employers] == [
            ("Universidade do Porto", "universidade do porto", "up.pt")
        ]
        events = act.session.scalars(select(Event.name).where(Event.noun == "expert").order_by(Event.number)).all()
        assert events == ["invite", "accept_conduct", "edit"]
