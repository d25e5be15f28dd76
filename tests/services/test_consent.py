"""What partners confirm, exactly whose word no longer covers its part, and what may change without asking again."""

from __future__ import annotations

import hashlib
import json
from datetime import timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select, text
from sqlalchemy.exc import DatabaseError

from app.facts.membership import facts_to_confirm
from app.facts.readiness import readiness
from app.models import Application, Job, Membership
from app.services.applications.answers import save
from app.services.applications.submission import changes_since, content_of_version, current_version
from app.services.consortia.consent import agree_beforehand, must_confirm, overdue_in, take_agreement_back
from app.services.consortia.membership import give_facts
from app.services.transitions import Refused, perform
from app.ticking import tick
from tests.support.application import Consortium, a_draft, complete, completed, submit, with_partners
from tests.support.beginnings import Begin
from tests.support.world import REAL, World
from workflows.consent import Leeway as L
from workflows.consent import Part, to_confirm
from workflows.membership import State

PART = Part("partner", ("cluster_organisation",), "PT", "PT11", None, Decimal("1000.00"), "Leads training.")


def with_share(amount: str | None) -> Part:
    return Part(
        PART.role, PART.kinds, PART.country, PART.region, PART.region_acted_for,
        None if amount is None else Decimal(amount), PART.task,
    )  # fmt: skip


@pytest.mark.parametrize(
    ("share", "percent", "asked"),
    [
        ("1100.00", "10", ()),
        ("900.00", "10", ()),
        ("1100.01", "10", ("share",)),
        ("899.99", "10", ("share",)),
        ("1000.00", "0", ()),
        ("1000.01", "0", ("share",)),
        (None, "100", ("share",)),
    ],
)
def test_a_share_may_change_within_what_was_agreed_to_and_not_a_cent_more(
    share: str | None, percent: str, asked: tuple[str, ...]
) -> None:
    assert to_confirm(PART, with_share(share), L(Decimal(percent), texts=False)) == asked


def test_agreeing_to_the_share_says_nothing_of_the_task_nor_of_the_rest() -> None:
    now = Part("associated", PART.kinds, PART.country, PART.region, None, Decimal("1000.00"), "Another task.")

    assert to_confirm(PART, now, L(Decimal(10), texts=False)) == ("role", "task")
    assert to_confirm(PART, now, L(None, texts=True)) == ("role",)
    assert to_confirm(PART, now) == ("role", "task")


def test_whoever_never_gave_its_word_has_everything_to_confirm() -> None:
    assert len(to_confirm(None, PART)) == 7


# -- on the database -----------------------------------------------------------------------------------------------


def change(world: World, found: Consortium, at: int = 0, **facts: Any) -> None:
    with world.act(found.coordinator) as act:
        give_facts(act, act.session.get_one(Membership, found.partners[at][2].id), facts)


def asked_again(world: World, found: Consortium) -> dict[str, tuple[str, ...]]:
    with world.look(found.coordinator) as act:
        application = act.session.get_one(Application, found.application.id)
        return {m.id: facts_to_confirm(m) for m in must_confirm(application.memberships)}


def test_each_word_is_a_row_with_the_digest_of_exactly_what_was_confirmed(world: World) -> None:
    found = with_partners(world, a_draft(world))
    person, _organisation, membership = found.partners[0]
    change(world, found, share=Decimal("90000.00"))
    with world.act(person) as act:
        perform(act, act.session.get_one(Membership, membership.id), "confirm")

    with world.look() as act:
        first, second = act.session.get_one(Membership, membership.id).consents
        said = json.loads(second.canonical)
        assert (first.number, second.number) == (1, 2)
        assert hashlib.sha256(second.canonical.encode()).hexdigest() == second.sha256
        assert (first.part["share"], said["part"]["share"], said["person"]) == (None, "90000.00", person.id)
        assert second.person_id == person.id


def test_a_word_on_record_is_neither_changed_nor_deleted(world: World) -> None:
    with_partners(world, a_draft(world))

    for statement in ("UPDATE consent SET sha256 = 'x'", "DELETE FROM consent"):
        with pytest.raises(DatabaseError), world.act() as act:
            act.session.execute(text(statement))


def test_the_word_names_the_version_of_the_text_that_was_there(world: World) -> None:
    found = with_partners(world, a_draft(world))
    person, _organisation, membership = found.partners[0]
    with world.act(found.coordinator) as act:
        save(act, act.session.get_one(Application, found.application.id), {"objectives": "Because."}, {})
    with world.act(person) as act:
        perform(act, act.session.get_one(Membership, membership.id), "confirm")

    with world.look() as act:
        before, after = act.session.get_one(Membership, membership.id).consents
        assert before.text_sha256 != after.text_sha256
        assert json.loads(after.canonical)["text"]["answers"] == {"objectives": 1}


def test_only_a_partners_own_facts_undo_its_word(world: World, begin: Begin) -> None:
    found: Consortium = begin(completed)
    untouched = asked_again(world, found)
    change(world, found, 1, task="Another task.", share=Decimal("5000.00"))

    assert untouched == {}
    assert asked_again(world, found) == {found.partners[1][2].id: ("share", "task")}


def test_a_change_taken_back_needs_no_word(world: World) -> None:
    found = with_partners(world, a_draft(world))
    change(world, found, task="Another task.")
    change(world, found, task="")

    assert asked_again(world, found) == {}


def test_the_readiness_list_counts_who_must_confirm_again(world: World, begin: Begin) -> None:
    found: Consortium = begin(completed)
    change(world, found, task="Another task.")

    with world.look(found.coordinator) as act:
        items = {item.section: item for item in readiness(act, act.session.get_one(Application, found.application.id))}
    (warning,) = items["consortium"].warnings
    assert (warning.code, warning.params["n"], warning.params["all"]) == ("confirm-again", 1, 3)
    assert items["consortium"].verdict


def test_a_call_may_say_that_a_part_to_confirm_stops_the_submission(world: World, tmp_path: Path) -> None:
    strict = tmp_path / "strict.yaml"
    strict.write_text(REAL.read_text("utf-8") + "\nstale_consent: blocking\n", "utf-8")
    found = complete(world, with_partners(world, a_draft(world, world.call(strict))))
    change(world, found, task="Another task.")

    with pytest.raises(Refused) as refused:
        submit(world, found)
    with world.act(found.partners[0][0]) as act:
        perform(act, act.session.get_one(Membership, found.partners[0][2].id), "confirm")
    submit(world, found)

    assert refused.value.verdict.codes == ("confirm-again",)


def test_what_was_agreed_beforehand_needs_no_word_until_it_is_taken_back(world: World) -> None:
    found = with_partners(world, a_draft(world))
    person, _organisation, membership = found.partners[0]
    change(world, found, share=Decimal("1000.00"))
    with world.act(person) as act:
        mine = act.session.get_one(Membership, membership.id)
        perform(act, mine, "confirm")
        agree_beforehand(act, mine, share_percent=Decimal(10), texts=True)

    change(world, found, share=Decimal("1050.00"), task="Somewhat else.")
    within = asked_again(world, found)
    change(world, found, share=Decimal("1101.00"))  # more than ten per cent of the confirmed one, in two small steps
    beyond = asked_again(world, found)
    change(world, found, share=Decimal("1050.00"))
    with world.act(person) as act:
        take_agreement_back(act, act.session.get_one(Membership, membership.id))

    assert (within, beyond) == ({}, {membership.id: ("share",)})
    assert asked_again(world, found) == {membership.id: ("share", "task")}


def test_nobody_agrees_for_a_partner_and_nothing_is_agreed_over_an_open_change(world: World) -> None:
    found = with_partners(world, a_draft(world))
    person, _organisation, membership = found.partners[0]
    change(world, found, task="Another task.")

    with world.act(found.coordinator) as act, pytest.raises(Refused) as foreign:
        agree_beforehand(act, act.session.get_one(Membership, membership.id), share_percent=None, texts=True)
    with world.act(person) as act, pytest.raises(Refused) as open_change:
        agree_beforehand(act, act.session.get_one(Membership, membership.id), share_percent=None, texts=True)

    assert (foreign.value.verdict.codes, open_change.value.verdict.codes) == (("not-yours",), ("confirm-first",))


def test_who_did_not_confirm_within_five_working_days_is_told_and_seen_by_the_office(
    world: World, begin: Begin
) -> None:
    found: Consortium = begin(completed)
    person, _organisation, membership = found.partners[0]
    change(world, found, task="Another task.")
    submit(world, found)

    def overdue() -> list[str]:
        tick(world.database, world.now, world.chance)
        with world.look() as act:
            return [m.id for m in overdue_in(act, [found.application.id])]

    with world.look() as act:
        due = act.session.get_one(Membership, membership.id).confirm_by
    assert due is not None
    world.now = due - timedelta(seconds=1)
    early = overdue()
    world.now = due
    late = overdue()
    with world.act(person) as act:
        perform(act, act.session.get_one(Membership, membership.id), "confirm")

    assert (early, late, overdue()) == ([], [membership.id], [])
    with world.look() as act:
        told = act.session.scalars(select(Job.args).where(Job.key.startswith("mail:confirmation_missed:"))).all()
        assert {args["person"] for args in told} == {person.id, found.coordinator.id}


def test_a_word_given_after_the_submission_is_no_change_of_what_was_sent(world: World, begin: Begin) -> None:
    found: Consortium = begin(completed)
    person, _organisation, membership = found.partners[0]
    change(world, found, task="Another task.")
    submit(world, found)
    world.later(minutes=5)
    with world.act(person) as act:
        perform(act, act.session.get_one(Membership, membership.id), "confirm")

    with world.look(found.coordinator) as act:
        application = act.session.get_one(Application, found.application.id)
        version = current_version(act, application)
        assert version is not None
        sent = {one["id"]: one["consent"]["to_confirm"] for one in content_of_version(version)["partners"]}
        assert sent[membership.id] == ["task"]
        assert changes_since(act, application, version) == 0


def test_who_never_accepted_stops_nothing_where_the_rules_hold_and_is_marked_in_the_version(
    world: World, begin: Begin
) -> None:
    found: Consortium = begin(completed)
    late = with_partners(world, Consortium(found.call, found.application, found.coordinator, found.organisation, []),
                         accepted=False)  # fmt: skip
    submit(world, found)

    with world.look() as act:
        application = act.session.get_one(Application, found.application.id)
        version = current_version(act, application)
        assert version is not None
        sent = {one["id"]: one["confirmed"] for one in content_of_version(version)["partners"]}
        assert [sent[m.id] for _person, _org, m in late.partners] == [False, False]
        assert sum(sent.values()) == 3
        assert [m.state for m in application.memberships].count(State.INVITED) == 2
