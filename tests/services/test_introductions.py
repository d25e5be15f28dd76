"""Introductions: who may ask, what is answered, what stands against bothering, and who learns of it."""

from __future__ import annotations

from dataclasses import dataclass

import pytest
from sqlalchemy import select

from app.access import can, offered
from app.models import Expression, Introduction, Job, Organisation, Person
from app.services.searching.introduction import ask_introduction, contacts_of, my_introductions
from app.services.searching.overlap import agree_to_be_told, overlapping
from app.services.transitions import Refused, perform
from app.ticking import tick
from tests.support.expression import WHILE_OPEN, a_published
from tests.support.world import REAL_EXPRESSIONS, World
from workflows.asking import MOST_A_WEEK
from workflows.introduction import State
from workflows.relations import Relation as R


@dataclass
class Scene:
    world: World
    ana: Person
    ben: Person
    textile: Organisation
    photonics: Organisation

    def ask(self, asked: Organisation | None = None) -> Introduction:
        with self.world.act(self.ana) as act:
            asking = act.session.get_one(Organisation, self.textile.id)
            to = act.session.get_one(Organisation, (asked or self.photonics).id)
            return ask_introduction(act, asking, to, "Recycling of fibres together.")

    def answer(self, introduction: Introduction, name: str, person: Person | None = None) -> None:
        with self.world.act(person or self.ben) as act:
            perform(act, act.session.get_one(Introduction, introduction.id), name)

    def contacts(self, introduction: Introduction, person: Person) -> list[str]:
        with self.world.look(person) as act:
            found = contacts_of(act, act.session.get_one(Introduction, introduction.id))
            return [contact.person.email for contact in found]

    def mails(self, template: str) -> list[str]:
        with self.world.look() as act:
            return [j.args["address"] for j in act.session.scalars(select(Job)) if j.args.get("template") == template]


@pytest.fixture
def scene(world: World) -> Scene:
    ana, ben = world.person("Ana Silva"), world.person("Ben Berg")
    return Scene(
        world, ana, ben, world.organisation("Textile Cluster", ana), world.organisation("Photonics", ben, country="DE")
    )


def refused(scene: Scene, asked: Organisation | None = None) -> tuple[str, ...]:
    with pytest.raises(Refused) as refusal:
        scene.ask(asked)
    return refusal.value.verdict.codes


def test_addresses_are_shown_to_both_once_both_have_said_yes_and_hidden_when_one_ends_it(scene: Scene) -> None:
    introduction = scene.ask()
    assert scene.mails("introduction_asked") == [scene.ben.email]
    assert scene.contacts(introduction, scene.ana) == scene.contacts(introduction, scene.ben) == []

    scene.answer(introduction, "agree")
    both = [scene.ana.email, scene.ben.email]
    assert scene.contacts(introduction, scene.ana) == scene.contacts(introduction, scene.ben) == both
    assert scene.mails("introduction_agreed") == [scene.ana.email]

    scene.answer(introduction, "end", scene.ana)
    assert scene.contacts(introduction, scene.ana) == scene.contacts(introduction, scene.ben) == []


def test_nobody_but_the_two_organisations_sees_an_introduction(scene: Scene) -> None:
    introduction = scene.ask()
    others = [scene.world.person("Cora"), *(scene.world.person(o, None, o) for o in (R.CALL_MANAGER, R.AUDITOR, R.ADMINISTRATOR))]  # fmt: skip

    for name in ("", "refuse"):
        if name:
            scene.answer(introduction, name)
        for person in others:
            with scene.world.look(person) as act:
                there = act.session.get_one(Introduction, introduction.id)
                assert not can(act, "introduction.view", there)
                assert offered(act, there) == ()
                assert list(my_introductions(act)) == []


def test_only_the_asked_one_answers_and_only_the_asking_one_withdraws(scene: Scene) -> None:
    introduction = scene.ask()

    with pytest.raises(Refused):
        scene.answer(introduction, "agree", scene.ana)
    with pytest.raises(Refused):
        scene.answer(introduction, "withdraw", scene.ben)
    scene.answer(introduction, "withdraw", scene.ana)


def test_after_a_refusal_nobody_asks_again_for_half_a_year(scene: Scene) -> None:
    scene.answer(scene.ask(), "refuse")
    assert scene.mails("introduction_refused") == [scene.ana.email]

    assert refused(scene) == ("too-soon",)
    scene.world.later(days=179)
    assert refused(scene) == ("too-soon",)
    scene.world.later(days=2)
    assert scene.ask().state is State.ASKED


def test_what_is_not_answered_lapses_by_the_clock(scene: Scene) -> None:
    introduction = scene.ask()
    assert refused(scene) == ("asked-already",)

    scene.world.later(days=20)
    tick(scene.world.database, scene.world.now, scene.world.chance)
    with scene.world.look() as act:
        assert act.session.get_one(Introduction, introduction.id).state is State.ASKED
    scene.world.later(days=1)
    tick(scene.world.database, scene.world.now, scene.world.chance)

    with scene.world.look() as act:
        assert act.session.get_one(Introduction, introduction.id).state is State.LAPSED
    assert refused(scene) == ("too-soon",)


def test_an_organisation_asks_no_more_than_some_others_in_seven_days(scene: Scene) -> None:
    for number in range(MOST_A_WEEK):
        other = scene.ask(scene.world.organisation(f"Cluster {number}", scene.world.person()))
        scene.answer(other, "withdraw", scene.ana)

    assert refused(scene) == ("enough-this-week",)
    scene.world.later(days=7)
    scene.ask()


def test_who_is_not_open_not_listed_or_ones_own_is_not_asked(scene: Scene) -> None:
    shut = scene.world.organisation("Shut", scene.world.person(), open_to_contact=False)
    hidden = scene.world.organisation("Hidden", scene.world.person(), published=False)

    assert refused(scene, shut) == ("not-open",)
    assert refused(scene, hidden) == ("not-listed",)
    assert refused(scene, scene.textile) == ("itself",)
    with scene.world.act(scene.ben) as act, pytest.raises(Refused) as refusal:
        textile, photonics = (act.session.get_one(Organisation, o.id) for o in (scene.textile, scene.photonics))
        ask_introduction(act, textile, photonics, "In another's name")
    assert refusal.value.verdict.codes == ("not-your-organisation",)


def test_notices_that_overlap_are_told_of_each_other_only_if_both_agreed(scene: Scene) -> None:
    world = scene.world
    world.now = WHILE_OPEN
    call = world.call(REAL_EXPRESSIONS)
    mine = a_published(world, call, scene.textile, scene.ana)
    theirs = a_published(world, call, scene.photonics, scene.ben, acronym="OTHER")

    def told() -> list[str]:
        tick(world.database, world.now, world.chance)
        return sorted(scene.mails("expression_overlaps"))

    def seen(person: Person, notice: Expression) -> list[str]:
        with world.look(person) as act:
            return [one.acronym for one in overlapping(act, act.session.get_one(Expression, notice.id))]

    with world.act(scene.ana) as act:
        agree_to_be_told(act, act.session.get_one(Expression, mine.id), agreed=True)
    assert (told(), seen(scene.ana, mine), seen(scene.ben, theirs)) == ([], [], [])

    with world.act(scene.ben) as act:
        agree_to_be_told(act, act.session.get_one(Expression, theirs.id), agreed=True)
    assert (seen(scene.ana, mine), seen(scene.ben, theirs)) == (["OTHER"], ["SMARTEX-4R"])
    assert told() == told() == sorted([scene.ana.email, scene.ben.email])
