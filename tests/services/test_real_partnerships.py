"""The rules of the real call, tried on the real partnerships as they are shipped."""

from decimal import Decimal

import pytest

from app.callfile import read_call
from app.data_files import shipped
from app.partnerships import facts_of, read_partnerships, shipped_partnerships
from workflows.rules import Answer, evaluate_call

# What some sources do not name; within the ceilings, as a rehearsal would take them.
GRANT, COST, MONTHS = Decimal(350000), Decimal(466667), 24


@pytest.fixture(scope="module")
def call():
    found, faults = read_call(shipped("calls/cos-clustpartns-2017-3-02.yaml"))
    assert faults == ()
    return found


@pytest.fixture(scope="module")
def answers(call):
    def answers_of(acronym):
        partnership = next(p for p in shipped_partnerships() if p.acronym == acronym)
        facts = facts_of(partnership, call, requested_grant=GRANT, total_eligible_cost=COST, months=MONTHS)
        return {result.id: result.answer for result in evaluate_call(call, facts)}

    return answers_of


@pytest.mark.parametrize("acronym", ["DIGICLUSTERS", "S3martMed", "TEX4IM"])
def test_partnerships_whose_regions_are_all_known_meet_every_rule(answers, acronym):
    assert set(answers(acronym).values()) == {Answer.MET}


@pytest.mark.parametrize("acronym", ["EACP-EUROSME", "EACN"])
def test_partners_of_unknown_region_leave_open_which_regions_take_part(answers, acronym):
    found = answers(acronym)

    assert {rule for rule, answer in found.items() if answer is not Answer.MET} == {"cluster_in_every_region"}
    assert found["cluster_in_every_region"] is Answer.UNDETERMINED


def test_connsensys_with_one_known_partner_fails_what_one_partner_cannot_meet(answers):
    found = answers("CONNSENSYS")

    assert {rule for rule, answer in found.items() if answer is Answer.NOT_MET} == {
        "min_partners",
        "min_countries",
        "less_developed_or_transition",
    }


def test_a_partnership_without_stated_coordinator_is_led_by_its_first_partner_as_assumed():
    eacn = next(p for p in shipped_partnerships() if p.acronym == "EACN")

    assert [p.name for p in eacn.partners if p.role == "coordinator"] == ["automotive-bw"]
    assert eacn.partners[0].role_assumed


def test_a_file_of_another_shape_is_refused_in_words():
    with pytest.raises(ValueError, match="not valid YAML"):
        read_partnerships(b"a: [")
    with pytest.raises(ValueError, match="lacks something"):
        read_partnerships(b"partnerships:\n  - {acronym: X}\n")
