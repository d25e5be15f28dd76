"""Checks: opened on what was submitted, proposed by the machine, recorded by persons."""

import pytest
from sqlalchemy import select

from app.models import Application, Check, Document
from app.services.reason_json import reason_from_json
from app.services.transitions import Refused, perform
from tests.support.evaluation import Evaluation
from tests.support.world import World


def _checks(world: World, application: Application) -> dict[str, Check]:
    with world.look() as act:
        found = act.session.scalars(
            select(Check).where(Check.application_id == application.id).order_by(Check.position)
        )
        return {check.rule: check for check in found}


def test_the_deadline_opens_one_check_for_each_matter_and_each_blocking_rule(world: World) -> None:
    story = Evaluation(world)
    application = story.application()

    story.close()

    found = _checks(world, application)
    assert {rule: (check.stage.value, check.proposed) for rule, check in found.items()} == {
        "on_time": ("admissibility", "met"),
        "complete": ("admissibility", "met"),
        "files": ("admissibility", "met"),
        "language": ("admissibility", "met"),
        "min_partners": ("eligibility", "met"),
        "eligible_kinds": ("eligibility", "met"),
        "eligible_countries": ("eligibility", "met"),
    }


def test_each_answer_says_on_which_facts_it_rests(world: World) -> None:
    story = Evaluation(world)
    application = story.application("SMARTEX")

    story.close()

    (fact,) = _checks(world, application)["min_partners"].facts
    assert reason_from_json(fact).plain() == "1 partner counts: SMARTEX Cluster Organisation."


def test_an_application_is_admitted_once_every_check_is_recorded(world: World) -> None:
    story = Evaluation(world)
    application = story.application()
    story.close()

    with world.act(story.manager) as act, pytest.raises(Refused) as refused:
        perform(act, act.session.get_one(Application, application.id), "admit")
    story.admit(application)

    assert refused.value.verdict.codes == ("checks-open",)
    with world.look() as act:
        assert act.session.get_one(Application, application.id).state == "eligible"


def test_what_the_machine_finds_met_is_confirmed_and_never_overridden(world: World) -> None:
    story = Evaluation(world)
    application = story.application()
    story.close()
    check = _checks(world, application)["min_partners"]

    with world.act(story.manager) as act, pytest.raises(Refused) as refused:
        perform(act, act.session.get_one(Check, check.id), "override", {"reason": "Because."})

    assert refused.value.verdict.codes == ("proposed-as-met",)


def test_a_second_person_confirms_a_refusal_and_the_letter_names_the_rule(world: World) -> None:
    story = Evaluation(world)
    application = story.application()
    story.close()
    check = _checks(world, application)["language"]
    with world.act(story.manager) as act:
        perform(act, act.session.get_one(Check, check.id), "propose_refusal", {"reason": "It is in Latin."})

    with world.act(story.manager) as act, pytest.raises(Refused) as refused:
        perform(act, act.session.get_one(Check, check.id), "confirm_refusal")
    with world.act(story.second) as act:
        perform(act, act.session.get_one(Check, check.id), "confirm_refusal")
        perform(act, act.session.get_one(Application, application.id), "find_inadmissible")

    assert refused.value.verdict.codes == ("same-person",)
    with world.look() as act:
        letter = act.session.scalars(select(Document).where(Document.kind == "refusal_letter")).one()
        assert letter.snapshot["kind"] == "inadmissible"
        assert letter.snapshot["reasons"] == ["Not met: “It is written in a language of the call.” It is in Latin."]


def test_somebody_of_an_applicant_records_no_check_of_it(world: World) -> None:
    story = Evaluation(world)
    other = world.organisation("Second Partner", story.second)
    application = story.application("SMARTEX", other)
    story.close()
    check = _checks(world, application)["min_partners"]

    with world.act(story.second) as act, pytest.raises(Refused) as refused:
        perform(act, act.session.get_one(Check, check.id), "confirm")

    assert refused.value.verdict.codes == ("not-yours",)
