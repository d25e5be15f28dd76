"""What is missing and who could fill it, on stored consortia: sets, candidates, reasons, and the other way round."""

from __future__ import annotations

import pytest

from app.code_names import in_english
from app.models import Application, Call, Expression, Organisation
from app.services.applications.application import start_application
from app.services.consortia.membership import invite
from app.services.gaps.gap import Missing, missing_of
from app.services.gaps.gap_candidates import satisfies
from app.services.gaps.gap_elsewhere import openings_for
from app.services.gaps.gap_reasons import Because, Why, reasons_hold
from app.services.gaps.what_if import imagine
from tests.support.application import Consortium, a_draft, with_partners
from tests.support.expression import WHILE_OPEN, a_published
from tests.support.world import REAL_EXPRESSIONS, World
from workflows.rules_facts import Answer


def missing_in(world: World, found: Consortium) -> Missing:
    with world.look(found.coordinator) as act:
        return missing_of(act, act.session.get_one(Application, found.application.id))


def said(missing: Missing) -> list[str]:
    return [
        " or ".join(
            " ".join((in_english(need.phrase.who), *(in_english(part) for part in way))) for way in need.phrase.where
        )
        for need in missing.needs
    ]


def named(missing: Missing) -> list[list[str]]:
    return [[one.organisation.name for one in need.candidates] for need in missing.needs]


def an_organisation(world: World, name: str, country: str, region: str, **facts: object) -> Organisation:
    made = world.organisation(name, world.person(f"{name} Person"), country=country, region=region)
    change(world, made, **facts)
    return made


def change(world: World, organisation: Organisation, **facts: object) -> None:
    with world.act() as act:
        stored = act.session.get_one(Organisation, organisation.id)
        for fact, value in facts.items():
            setattr(stored, fact, value)


def test_a_coordinator_alone_lacks_two_partners_and_is_told_so_in_words(world: World) -> None:
    found = a_draft(world)

    missing = missing_in(world, found)

    assert missing.size == 2
    assert said(missing) == [
        "Cluster organisation or Business network organisation from a country not yet in the consortium",
        "Cluster organisation or Business network organisation from a less developed or transition region from a country not yet in the consortium",
    ]
    assert missing.sets == ((1, 2),)


def test_only_the_willing_that_fit_are_named_and_the_one_that_closes_most_stands_first(world: World) -> None:
    found = a_draft(world)
    an_organisation(world, "Rich cluster", "DE", "DE21")
    an_organisation(world, "Poor cluster", "PL", "PL22")
    an_organisation(world, "Poor and closed", "PL", "PL22", open_to_contact=False)
    an_organisation(world, "Poor firm", "PL", "PL22", kinds=["sme"])
    an_organisation(world, "Same country", "IT", "ITC4")
    world.organisation("Unpublished", published=False, country="PL", region="PL22")

    missing = missing_in(world, found)

    assert named(missing) == [["Poor cluster", "Rich cluster"], ["Poor cluster"]]
    assert missing.needs[0].candidates[0].fills == (1, 2)


def test_capabilities_then_themes_rank_what_closes_the_same_rules(world: World) -> None:
    found = a_draft(world)
    an_organisation(world, "A plain one", "PL", "PL22")
    an_organisation(world, "B with photonics", "PL", "PL21", technologies=["photonics"])

    missing = missing_in(world, found)

    assert named(missing)[1] == ["B with photonics", "A plain one"]


def test_whoever_is_invited_is_counted_in_and_not_named_again(world: World) -> None:
    found = with_partners(world, a_draft(world), accepted=False)

    missing = missing_in(world, found)

    assert (missing.size, missing.partnership.waiting) == (0, 2)
    assert missing.needs == ()


def test_an_organisation_of_as_many_applications_as_the_call_allows_is_not_named(world: World) -> None:
    full = with_partners(world, a_draft(world))
    rival = world.person("Rita Rival")
    home = world.organisation("Rival", rival, country="IT", region="ITC4")
    with world.act(rival) as act:
        application = start_application(
            act, act.session.get_one(Call, full.call.id), act.session.get_one(Organisation, home.id)
        )
    found = Consortium(full.call, application, rival, home, [])
    before = missing_in(world, found)
    with world.act() as act:
        call = act.session.get_one(Call, full.call.id)
        call.definition = call.definition | {"applications_per_organisation": 1}

    after = missing_in(world, found)

    assert sorted({name for group in named(before) for name in group}) == ["Cluster 2", "Cluster 3"]
    assert named(after) == [[], []]


def test_every_reason_holds_against_what_is_stored_and_falls_with_it(world: World) -> None:
    found = a_draft(world)
    poor = an_organisation(world, "Poor cluster", "PL", "PL22", technologies=["photonics"], seeks="A pilot line")

    missing = missing_in(world, found)

    reasons = missing.needs[1].candidates[0].reasons
    assert {why.because for why in reasons} == set(Because) - {Because.POSITION}
    with world.look(found.coordinator) as act:
        assert [why for why in reasons if not reasons_hold(act, why)] == []
        made_up = Why(Because.THEME, "application", found.application.id, poor.id, "tourism")
        assert not reasons_hold(act, made_up)
    change(world, poor, themes=[], technologies=[], region="ITC4", country="IT", open_to_contact=False, seeks="")
    with world.look(found.coordinator) as act:
        assert [why.because for why in reasons if reasons_hold(act, why)] == [Because.NEARER]


def test_every_candidate_satisfies_its_addition_and_joining_closes_what_is_said(world: World) -> None:
    found = a_draft(world)
    for number, (country, region) in enumerate((("PL", "PL22"), ("DE", "DE21"), ("PT", "PT11"), ("FR", "FR10"))):
        an_organisation(world, f"Cluster number {number}", country, region)

    with world.look(found.coordinator) as act:
        application = act.session.get_one(Application, found.application.id)
        missing = missing_of(act, application)
        for need in missing.needs:
            for one in need.candidates:
                follows = imagine(act, application, join=one.organisation.id)
                met = {line.then.id for line in follows.changed if line.then.answer is Answer.MET}
                assert {rule.id for rule in one.effect.closes} <= met
        first = missing.outcome.found.repairs[0].additions
        assert any(satisfies(missing.partnership, missing.needs[0].candidates[0].organisation, a) for a in first)


def test_a_kind_that_may_not_take_part_is_mended_by_one_partner_less(world: World) -> None:
    found = with_partners(world, a_draft(world))
    firm = an_organisation(world, "A firm", "FR", "FR10", kinds=["sme"])
    with world.act(found.coordinator) as act:
        invite(
            act, act.session.get_one(Application, found.application.id), email="a@firm.example",
            organisation=act.session.get_one(Organisation, firm.id), invitation="Join us.",
        )  # fmt: skip

    missing = missing_in(world, found)

    assert missing.size is None
    assert [result.id for result in missing.stuck] == ["eligible_kinds"]
    assert [(one.name, one.found.size) for one in missing.outcome.removals] == [("A firm", 0)]


def test_what_if_shows_each_change_and_stores_nothing(world: World) -> None:
    found = with_partners(world, a_draft(world))
    poor = an_organisation(world, "Poor cluster", "PL", "PL21")
    leaving = found.partners[0][2]

    with world.look(found.coordinator) as act:
        application = act.session.get_one(Application, found.application.id)
        left = imagine(act, application, leave=leaving.id)
        both = imagine(act, application, join=poor.id, leave=leaving.id)
        nobody = imagine(act, application, join="nobody", leave="nobody")

    assert {line.now.id: line.then.answer for line in left.changed} == {
        "min_partners": Answer.NOT_MET, "min_countries": Answer.NOT_MET,
    }  # fmt: skip
    assert {line.now.id: line.then.answer for line in both.changed} == {"min_countries": Answer.NOT_MET}
    assert nobody.changed == ()


@pytest.fixture
def notice(world: World) -> Expression:
    world.now = WHILE_OPEN
    call = world.call(REAL_EXPRESSIONS)
    ana = world.person("Ana Silva")
    return a_published(world, call, world.organisation("Textile Cluster", ana), ana)


def test_an_author_is_told_what_the_next_call_would_miss(world: World, notice: Expression) -> None:
    an_organisation(world, "Poor cluster", "PL", "PL22")

    with world.look() as act:
        missing = missing_of(act, act.session.get_one(Expression, notice.id))

    assert missing.size == 2
    assert named(missing)[0] == ["Poor cluster"]


def test_an_organisation_sees_which_published_notice_it_would_help(world: World, notice: Expression) -> None:
    helping = an_organisation(world, "Poor cluster", "PL", "PL22")

    with world.look() as act:
        found = openings_for(act, act.session.get_one(Organisation, helping.id))
        own = openings_for(act, act.session.get_one(Expression, notice.id).organisation)

    assert [one.expression.id for one in found] == [notice.id]
    assert not found[0].completes
    assert found[0].effect.rank > (0, 0)
    assert own == []
