"""Rules of a consortium: each kind, and the traps where a count is easily wrong."""

from dataclasses import replace
from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from workflows.definition import RuleKind, RuleSpec, Severity, Subject, Where
from workflows.rules import (
    OPERANDS,
    OUTSIDE_EU,
    UNKNOWN,
    Answer,
    ConsortiumFacts,
    PartnerFacts,
    RuleResult,
    evaluate,
)

MET, NOT_MET, OPEN = Answer.MET, Answer.NOT_MET, Answer.UNDETERMINED
GROUPS = {"EU": frozenset({"FR", "DE", "IT", "LV"}), "COSME": frozenset({"RS"})}
POOR = Where(fund_category_in=("less_developed", "transition"))


def partner(name, **given):
    known = {
        "entity": name,
        "kinds": ("cluster_organisation",),
        "country": "FR",
        "region": "FRK2",
        "fund_category": "more_developed",
        "thematic_areas": ("esm",),
    }
    return PartnerFacts(name=name, **(known | given))


def consortium(*partners, **given):
    return ConsortiumFacts(partners=partners, country_groups=GROUPS, **given)


def rule(kind, **given):
    given.setdefault("value", Decimal(3) if "value" in OPERANDS[kind].needs else None)
    return RuleSpec(id="rule", rule=kind, **given)


def result(spec, facts) -> RuleResult:
    return evaluate([spec], facts)[0]


def answer(spec, facts):
    return result(spec, facts).answer


THREE_PARTNERS = rule(RuleKind.MIN_COUNT, of=Subject.PARTNERS)
A, B, C = partner("A"), partner("B", country="DE", region="DE11"), partner("C", country="LV", region="LV00")


def test_three_legal_entities_are_enough():
    assert answer(THREE_PARTNERS, consortium(A, B, C)) is MET
    assert answer(THREE_PARTNERS, consortium(A, B)) is NOT_MET


@pytest.mark.parametrize("third", [
    partner("A again", entity="A"),
    partner("D", accepted=False),
    partner("D", role="associated"),
    partner("D", role="observer"),
])  # fmt: skip
def test_doubles_invited_and_associated_partners_do_not_count(third):
    assert answer(THREE_PARTNERS, consortium(A, B, third)) is NOT_MET


def test_an_entity_named_twice_counts_as_the_coordinator_it_is():
    lead = partner("A again", entity="A", role="coordinator")
    one = rule(RuleKind.EXACTLY_ONE, of=Subject.PARTNERS, where=Where(role="coordinator"))

    assert answer(one, consortium(A, lead, B)) is MET


def test_invited_partners_are_named_beside_the_count():
    told = result(THREE_PARTNERS, consortium(A, B, partner("Dora", accepted=False))).facts

    assert [fact.plain() for fact in told] == [
        "2 partners count: A, B.",
        "Dora has not accepted yet and does not count.",
    ]


def test_countries_outside_the_groups_are_no_eligible_countries():
    spec = rule(RuleKind.MIN_DISTINCT, of=Subject.COUNTRY, among=("EU", "COSME"))

    assert answer(spec, consortium(A, B, partner("D", country="RS"))) is MET
    assert answer(spec, consortium(A, B, partner("D", country="CH"))) is NOT_MET
    assert answer(spec, consortium(A, B, partner("D", country=None))) is OPEN
    assert answer(spec, consortium(A, partner("D", country=None))) is NOT_MET


def test_one_known_poor_region_decides_though_others_are_unknown():
    spec = rule(RuleKind.MIN_COUNT, of=Subject.REGIONS, where=POOR, value=Decimal(1))
    poor = partner("P", region="LV00", fund_category="less_developed")
    astray = partner("N", country="NL", region=None, fund_category=UNKNOWN)

    assert answer(spec, consortium(A, poor, astray)) is MET
    assert answer(spec, consortium(A, astray)) is OPEN
    assert answer(spec, consortium(A)) is NOT_MET


def test_a_region_outside_the_union_is_not_poor_and_not_unknown():
    spec = rule(RuleKind.MIN_COUNT, of=Subject.REGIONS, where=POOR, value=Decimal(1))

    assert answer(spec, consortium(A, partner("S", country="RS", region=None, fund_category=OUTSIDE_EU))) is NOT_MET


def test_regions_count_once_however_many_partners_sit_there():
    spec = rule(RuleKind.MIN_COUNT, of=Subject.REGIONS, value=Decimal(2))

    assert answer(spec, consortium(A, partner("A2"))) is NOT_MET
    assert answer(spec, consortium(A, B)) is MET
    assert answer(spec, consortium(A, partner("N", region=None))) is OPEN


def test_at_most_is_met_only_when_even_the_unknown_fit():
    spec = rule(RuleKind.MAX_COUNT, of=Subject.REGIONS, value=Decimal(1))

    assert answer(spec, consortium(A, partner("A2"))) is MET
    assert answer(spec, consortium(A, partner("N", region=None))) is OPEN
    assert answer(spec, consortium(A, B)) is NOT_MET


EACH_REGION = rule(
    RuleKind.EACH_GROUP_HAS,
    group_by=Subject.REGION,
    kind_in=("cluster_organisation", "business_network"),
    min=Decimal(1),
)
CENTRE = partner("T", region="DE11", kinds=("technology_centre",))


def test_every_region_needs_a_cluster_or_network():
    assert answer(EACH_REGION, consortium(A, CENTRE, partner("N", region="DE11", kinds=("business_network",)))) is MET
    assert answer(EACH_REGION, consortium(A, CENTRE)) is NOT_MET


def test_an_organisation_of_two_kinds_counts_for_both():
    both = replace(CENTRE, kinds=("technology_centre", "cluster_organisation"))

    assert answer(EACH_REGION, consortium(A, both)) is MET


def test_a_seat_of_unknown_region_leaves_open_which_regions_take_part():
    assert answer(EACH_REGION, consortium(A, partner("N", region=None))) is OPEN
    assert answer(EACH_REGION, consortium(A, CENTRE, partner("N", region=None))) is OPEN


def test_a_region_nobody_unknown_can_help_fails_at_once():
    helpless = partner("N", region=None, kinds=("science_park",))

    assert answer(EACH_REGION, consortium(A, CENTRE, helpless)) is NOT_MET
    assert [fact.plain() for fact in result(EACH_REGION, consortium(A, CENTRE)).facts] == [
        "DE11 has no partner of the kinds asked for."
    ]


def test_a_theme_in_common_is_named_and_an_unknown_theme_is_open():
    spec = rule(RuleKind.ALL_SHARE, of=Subject.THEMATIC_AREA)
    two = partner("B", thematic_areas=("sme-i40", "esm"))

    assert result(spec, consortium(A, two)).facts[0].plain() == "Thematic area in common: esm."
    assert answer(spec, consortium(A, partner("B", thematic_areas=("water",)))) is NOT_MET
    assert answer(spec, consortium(A, partner("B", thematic_areas=()))) is OPEN
    assert (
        answer(spec, consortium(A, partner("B", thematic_areas=("water",)), partner("C", thematic_areas=()))) is NOT_MET
    )


def test_every_partner_is_of_an_eligible_kind_and_those_who_are_not_are_named():
    spec = rule(RuleKind.ALL_MATCH, of=Subject.PARTNERS, where=Where(kind_in=("cluster_organisation",)))

    assert answer(spec, consortium(A, B)) is MET
    assert answer(spec, consortium(A, partner("B", kinds=()))) is OPEN
    assert result(spec, consortium(A, CENTRE)).facts[0].plain() == "T does not meet the condition."


def test_without_a_coordinator_nobody_leads():
    spec = rule(RuleKind.LEAD_MUST_BE, where=Where(country_in=("EU",)))

    assert answer(spec, consortium(A)) is NOT_MET
    assert answer(spec, consortium(partner("L", role="coordinator"))) is MET
    assert answer(spec, consortium(partner("L", role="coordinator", country="RS"))) is NOT_MET


def test_an_invitation_without_answer_holds_up_only_its_own_rule():
    spec = rule(RuleKind.ALL_ACCEPTED, of=Subject.PARTNERS)

    assert answer(spec, consortium(A, B)) is MET
    assert answer(spec, consortium(A, B, partner("D", accepted=False))) is NOT_MET
    assert answer(spec, consortium(A, B, partner("D", accepted=False, role="associated"))) is MET


CEILING = rule(RuleKind.MAX_VALUE, of=Subject.REQUESTED_GRANT, value=Decimal(350000))
RATE = rule(RuleKind.MAX_RATIO, of=Subject.REQUESTED_GRANT, over=Subject.TOTAL_ELIGIBLE_COST, value=Decimal("0.75"))


@pytest.mark.parametrize(("grant", "expected"), [("350000", MET), ("350000.01", NOT_MET), (None, OPEN)])
def test_the_ceiling_itself_is_allowed(grant, expected):
    assert answer(CEILING, consortium(requested_grant=grant and Decimal(grant))) is expected


@pytest.mark.parametrize(
    ("grant", "cost", "expected"),
    [("75", "100", MET), ("75.01", "100", NOT_MET), ("1", "0", NOT_MET), ("0", "0", OPEN), ("1", None, OPEN)],
)
def test_the_rate_is_compared_without_rounding(grant, cost, expected):
    facts = consortium(requested_grant=Decimal(grant), total_eligible_cost=cost and Decimal(cost))

    assert answer(RATE, facts) is expected


def test_a_rate_just_under_the_ceiling_does_not_read_as_the_ceiling():
    facts = consortium(requested_grant=Decimal("349952.00"), total_eligible_cost=Decimal("466607.74"))

    assert result(RATE, facts).facts[0].plain() == "349952 EUR of 466607.74 EUR is 74.99 %."


@pytest.mark.parametrize(("months", "expected"), [(17, NOT_MET), (18, MET), (24, MET), (25, NOT_MET), (None, OPEN)])
def test_both_limits_of_a_length_are_allowed(months, expected):
    spec = rule(RuleKind.WITHIN, of=Subject.MONTHS, min=Decimal(18), max=Decimal(24))

    assert answer(spec, consortium(months=months)) is expected


def test_shares_are_judged_with_none_and_with_all_of_what_is_unknown():
    spec = rule(RuleKind.MAX_SHARE, of=Subject.PARTNERS, where=POOR, value=Decimal("0.5"))
    poor, unknown = partner("P", fund_category="transition"), partner("U", fund_category=UNKNOWN)

    assert answer(spec, consortium(A, B, poor, unknown)) is MET
    assert answer(spec, consortium(A, poor, unknown)) is OPEN
    assert answer(spec, consortium(poor, partner("P2", fund_category="transition"), A)) is NOT_MET


def test_a_share_of_the_money_needs_every_partners_part():
    spec = rule(RuleKind.MIN_SHARE, of=Subject.REQUESTED_GRANT, where=POOR, value=Decimal("0.4"))
    poor = partner("P", fund_category="transition", share=Decimal(40))

    assert answer(spec, consortium(replace(A, share=Decimal(60)), poor)) is MET
    assert answer(spec, consortium(replace(A, share=Decimal(61)), poor)) is NOT_MET
    assert answer(spec, consortium(A, poor)) is OPEN


def test_only_a_blocking_rule_surely_not_met_stops_a_submission():
    facts = consortium()

    assert result(THREE_PARTNERS, facts).stops_submission
    assert not result(replace(THREE_PARTNERS, severity=Severity.WARNING), facts).stops_submission
    assert not result(CEILING, facts).stops_submission


def test_every_kind_has_operands_and_answers_for_an_empty_consortium():
    for kind in RuleKind:
        takes = OPERANDS[kind]
        spec = rule(kind, of=takes.of[0] if takes.of else None, over=takes.over[0] if takes.over else None)

        assert result(spec, consortium()).facts


# The folder runs in two seconds, so few examples; they differ from run to run.
QUICK = settings(max_examples=20, deadline=None)
COUNTRIES = st.sampled_from(["FR", "DE", "LV", "RS", "CH", None])
REGIONS = st.sampled_from(["FRK2", "DE11", None])
CATEGORIES = st.sampled_from(["more_developed", "transition", OUTSIDE_EU, UNKNOWN])
PARTNERS = st.lists(
    st.builds(
        PartnerFacts,
        entity=st.sampled_from("ABCDEF"),
        name=st.just("name"),
        kinds=st.sampled_from([(), ("cluster_organisation",), ("science_park",)]),
        country=COUNTRIES,
        region=REGIONS,
        fund_category=CATEGORIES,
        role=st.sampled_from(["coordinator", "partner", "associated"]),
    ),
    max_size=5,
    unique_by=lambda one: one.entity,
)
SPECS = [
    THREE_PARTNERS,
    EACH_REGION,
    rule(RuleKind.MIN_COUNT, of=Subject.REGIONS, where=POOR, value=Decimal(1)),
    rule(RuleKind.MAX_COUNT, of=Subject.REGIONS, where=POOR, value=Decimal(1)),
    rule(RuleKind.MIN_DISTINCT, of=Subject.COUNTRY, among=("EU", "COSME")),
]


@QUICK
@given(PARTNERS, st.randoms())
def test_the_order_of_partners_changes_no_answer(partners, random):
    shuffled = random.sample(partners, len(partners))

    assert [r.answer for r in evaluate(SPECS, consortium(*partners))] == [
        r.answer for r in evaluate(SPECS, consortium(*shuffled))
    ]


@QUICK
@given(
    PARTNERS, st.sampled_from(["more_developed", "transition", OUTSIDE_EU]), st.sampled_from(["FRK2", "DE11", "LV00"])
)
def test_learning_what_was_unknown_never_turns_a_sure_answer(partners, category, region):
    learnt = [
        replace(
            one,
            fund_category=category if one.fund_category == UNKNOWN else one.fund_category,
            country=one.country or "FR",
            region=one.region or region,
            kinds=one.kinds or ("science_park",),
        )
        for one in partners
    ]
    before, after = evaluate(SPECS, consortium(*partners)), evaluate(SPECS, consortium(*learnt))

    assert [a.answer for b, a in zip(before, after, strict=True) if b.answer is not OPEN] == [
        b.answer for b in before if b.answer is not OPEN
    ]
