"""Countries, regions and categories as they are shipped."""

from datetime import date

import pytest

from app import geography, taxonomy
from workflows.rules_facts import OUTSIDE_EU, UNKNOWN

DEADLINE = date(2018, 3, 8)


def test_membership_depends_on_the_day():
    assert "GB" in geography.members("EU_MEMBER_STATES", DEADLINE)
    assert "GB" not in geography.members("EU_MEMBER_STATES", date(2021, 3, 8))
    assert len(geography.members("EU_MEMBER_STATES", DEADLINE)) == 28
    assert "HR" not in geography.members("EU_MEMBER_STATES", date(2013, 6, 30))


def test_cosme_countries_are_those_outside_the_union():
    found = geography.members("COSME_PARTICIPATING", DEADLINE)

    assert found == {"IS", "AL", "BA", "XK", "ME", "MK", "RS", "TR", "AM", "MD", "UA"}
    assert geography.members("COSME_PARTICIPATING", date(2022, 1, 1)) == frozenset()


def test_a_country_is_a_group_of_one_and_an_unknown_group_is_an_error():
    assert geography.members("FR", DEADLINE) == {"FR"}
    with pytest.raises(KeyError):
        geography.members("EFTA", DEADLINE)


@pytest.mark.parametrize(
    ("code", "before", "after", "found"),
    [
        ("FR71", 2013, 2016, ("FRK2",)),
        ("FRK2", 2016, 2013, ("FR71",)),
        ("HR04", 2016, 2021, ("HR02", "HR05", "HR06")),
        ("HR05", 2021, 2016, ("HR04",)),
        ("PL12", 2013, 2021, ("PL91", "PL92")),
        ("AT11", 2013, 2021, ("AT11",)),
    ],
)
def test_codes_are_followed_from_one_vintage_to_another(code, before, after, found):
    assert geography.successors(code, before=before, after=after) == found


def test_names_are_in_the_own_language_and_in_english():
    vienna = geography.region("AT13")

    assert (vienna.name, vienna.name_en, vienna.full_name) == ("Wien", "Vienna", "Wien (Vienna)")
    assert geography.region("FR71", 2016) is None


@pytest.mark.parametrize(
    ("country", "region", "category"),
    [
        ("LV", "LV00", "less_developed"),
        ("GB", "UKD4", "transition"),
        ("DE", "DE11", "more_developed"),
        ("RS", None, OUTSIDE_EU),
        ("UA", "UA", OUTSIDE_EU),
        ("US", None, OUTSIDE_EU),
        ("NL", None, UNKNOWN),
        ("NL", "NL99", UNKNOWN),
    ],
)
def test_category_is_told_apart_from_outside_and_from_unknown(country, region, category):
    assert geography.fund_category(country, region, vintage=2016, period="2014-2020") == category


def test_what_the_office_settled_fills_a_gap_of_the_table():
    settled = {("PT30", "2021-2027"): "transition"}

    assert geography.fund_category("PT", "PT30", vintage=2016, period="2021-2027") == UNKNOWN
    assert geography.fund_category("PT", "PT30", vintage=2016, period="2021-2027", settled=settled) == "transition"


def test_a_country_without_regions_counts_as_one_region_off_the_map():
    assert geography.seat_region("UA", None, vintage=2016) == "UA"
    assert [(r.code, r.on_the_map) for r in geography.regions_of("UA", 2016)] == [("UA", False)]
    assert geography.seat_region("NL", None, vintage=2016) is None


def test_a_seat_in_a_region_that_was_split_cannot_be_told():
    assert geography.seat_region("FR", "FRK2", vintage=2016) == "FRK2"
    assert geography.seat_region("HR", "HR04", vintage=2021, coded_in=2016) is None
    assert geography.seat_region("HR", "HR05", vintage=2016) == "HR04"


def test_every_category_of_the_table_is_known():
    found = {category for r in geography.regions(2016) for category in r.categories.values()}

    assert found == {*geography.CATEGORIES, None}


def test_taxonomy_lists_know_their_parts():
    assert {term.group for term in taxonomy.terms("technologies")} == {"kets", "other"}
    assert taxonomy.term_name("thematic_areas", "esm") == "Efficient and sustainable manufacturing"
    assert taxonomy.term_name("thematic_areas", "gone") == "gone"


@pytest.mark.parametrize("name", ["thematic_areas", "technologies", "sectors", "organisation_types"])
def test_no_code_stands_twice_in_a_list(name):
    given = [term.code for term in taxonomy.terms(name)]

    assert len(given) == len(set(given))
