"""Partners: asked, answering for themselves alone, counted once they have confirmed."""

from decimal import Decimal

import pytest
from sqlalchemy import select

from app.access import can
from app.facts.consortium import consortium_facts, rule_results
from app.models import Application, Job, MailedLink, Membership, Organisation, Part, Participant, Role
from app.services.applications.application import BasicsClash, save_basics, start_application
from app.services.consortia.consent import must_confirm
from app.services.consortia.handover import hand_over
from app.services.consortia.mandate import ask_signatory, sign
from app.services.consortia.membership import bind_organisation, give_facts, invite
from app.services.consortia.participant import end_part, lead_of, name_person, people_of
from app.services.consortia.reminder import remind
from app.services.transitions import Refused, perform
from tests.support.application import a_draft, with_partners
from tests.support.world import REAL_EXPRESSIONS, World
from workflows.membership import State
from workflows.rules_facts import Answer


def refused_codes(refused: pytest.ExceptionInfo[Refused]) -> tuple[str, ...]:
    return refused.value.verdict.codes


def test_starting_makes_the_person_coordinator_of_an_accepted_partner(world: World) -> None:
    found = a_draft(world)

    with world.act(found.coordinator) as act:
        application = act.session.get_one(Application, found.application.id)
        (member,) = application.memberships
        (participant,) = people_of(act, application)
        assert (member.role, member.state, member.region) == (Role.COORDINATOR, State.ACCEPTED, "ITC1")
        assert (participant.person_id, participant.part) == (found.coordinator.id, Part.COORDINATOR)
        assert can(act, "application.edit", application)


def test_the_number_has_two_halves_of_four_letters_nobody_misreads(world: World) -> None:
    first = a_draft(world)
    second = a_draft(world, first.call)
    halves = first.application.number.split("-")

    assert [len(half) for half in halves] == [4, 4]
    assert first.application.number != second.application.number
    assert not set("".join(halves)) & set("0O1IL")


def test_who_does_not_act_for_the_organisation_cannot_start(world: World) -> None:
    call, stranger = world.call(), world.person("Sam Stranger")
    organisation = world.organisation("Cluster Uno", world.person())

    with world.act(stranger) as act, pytest.raises(Refused) as refused:
        start_application(
            act, act.session.get_one(type(call), call.id), act.session.get_one(Organisation, organisation.id)
        )

    assert refused_codes(refused) == ("not-your-organisation",)


def test_a_call_for_expressions_takes_no_applications(world: World) -> None:
    world.now = world.now.replace(year=2016, month=9)
    call, person = world.call(REAL_EXPRESSIONS), world.person()
    organisation = world.organisation("Cluster Uno", person)

    with world.act(person) as act, pytest.raises(Refused) as refused:
        start_application(
            act, act.session.get_one(type(call), call.id), act.session.get_one(Organisation, organisation.id)
        )

    assert refused_codes(refused) == ("no-applications",)


def test_an_invited_address_gets_one_mail_with_a_link_of_its_own(world: World) -> None:
    found = a_draft(world)
    with world.act(found.coordinator) as act:
        application = act.session.get_one(Application, found.application.id)
        membership = invite(act, application, email="new@partner.example", name="New Partner")

    with world.look() as act:
        job = act.session.scalars(select(Job).where(Job.key.contains("invitation"))).one()
        link = act.session.get_one(MailedLink, job.args["link"])
        assert (job.args["address"], link.purpose, link.thing_id) == (
            "new@partner.example",
            "invitation",
            membership.id,
        )


def test_an_invited_address_with_an_account_is_one_person_and_gets_one_mail(world: World) -> None:
    found, person = a_draft(world), world.person("Nina New")
    with world.act(found.coordinator) as act:
        invite(act, act.session.get_one(Application, found.application.id), email=person.email.upper())

    with world.look() as act:
        jobs = act.session.scalars(select(Job).where(Job.key.contains("invitation"))).all()
        assert [job.args["person"] for job in jobs] == [person.id]


def test_the_same_partner_is_not_asked_twice(world: World) -> None:
    found = with_partners(world, a_draft(world), accepted=False)
    person, organisation, _membership = found.partners[0]

    with world.act(found.coordinator) as act, pytest.raises(Refused) as refused:
        application = act.session.get_one(Application, found.application.id)
        invite(act, application, email=person.email, organisation=act.session.get_one(Organisation, organisation.id))

    assert refused_codes(refused) == ("already-asked",)


def test_an_invited_person_without_organisation_says_who_they_are_and_accepts(world: World) -> None:
    found, person = a_draft(world), world.person("Nina New")
    organisation = world.organisation("Νέος Συνεργάτης", person, published=False, country="GR", region=None)
    with world.act(found.coordinator) as act:
        membership = invite(act, act.session.get_one(Application, found.application.id), email=person.email)

    with world.act(person) as act:
        mine = act.session.get_one(Membership, membership.id)
        bind_organisation(act, mine, act.session.get_one(Organisation, organisation.id))
        give_facts(act, mine, {"country": "GR", "region": "EL30", "kinds": ["technology_centre"]})
        perform(act, mine, "accept")

    with world.look() as act:
        stored = act.session.get_one(Membership, membership.id)
        contact = act.session.scalars(select(Participant).where(Participant.membership_id == stored.id)).one()
        assert (stored.state, stored.country, stored.region) == (State.ACCEPTED, "GR", "EL30")
        assert (contact.person_id, contact.part) == (person.id, Part.CONTACT)


def test_accepting_without_the_facts_is_refused_with_each_of_them(world: World) -> None:
    found, person = a_draft(world), world.person("Nina New")
    with world.act(found.coordinator) as act:
        membership = invite(act, act.session.get_one(Application, found.application.id), email=person.email)

    with world.act(person) as act, pytest.raises(Refused) as refused:
        perform(act, act.session.get_one(Membership, membership.id), "accept")

    assert refused_codes(refused) == ("name-missing", "country-missing", "kind-missing")


def test_nobody_but_the_invited_may_accept(world: World) -> None:
    found = with_partners(world, a_draft(world), accepted=False)

    with world.act(found.coordinator) as act, pytest.raises(Refused) as refused:
        perform(act, act.session.get_one(Membership, found.partners[0][2].id), "accept")

    assert refused_codes(refused) == ("not-yours",)


@pytest.mark.parametrize(
    ("values", "code"),
    [({"region": "ITX9"}, "region-unknown"), ({"region": "PT11"}, "region-elsewhere")],
)
def test_a_region_is_one_of_the_calls_list_and_of_the_country(world: World, values: dict[str, str], code: str) -> None:
    found = a_draft(world)

    with world.act(found.coordinator) as act, pytest.raises(Refused) as refused:
        give_facts(act, act.session.get_one(Application, found.application.id).memberships[0], values)

    assert refused_codes(refused) == (code,)


def test_only_who_has_accepted_counts_for_the_rules(world: World) -> None:
    found = with_partners(world, a_draft(world), accepted=False)

    with world.look(found.coordinator) as act:
        application = act.session.get_one(Application, found.application.id)
        facts = consortium_facts(act, application)
        before = {result.id: result.answer for result in rule_results(act, application)}
    for person, _organisation, membership in found.partners:
        with world.act(person) as act:
            perform(act, act.session.get_one(Membership, membership.id), "accept")
    with world.look(found.coordinator) as act:
        after = {r.id: r.answer for r in rule_results(act, act.session.get_one(Application, found.application.id))}

    assert (len(facts.counted()), len(facts.invited())) == (1, 2)
    assert (before["min_countries"], after["min_countries"]) == (Answer.NOT_MET, Answer.MET)
    assert after["less_developed_or_transition"] is Answer.MET


def test_an_accepted_partner_whose_part_was_changed_still_counts_and_must_confirm_again(world: World) -> None:
    found = with_partners(world, a_draft(world))
    person, _organisation, membership = found.partners[0]

    def standing() -> tuple[int, list[str]]:
        with world.look(found.coordinator) as act:
            application = act.session.get_one(Application, found.application.id)
            facts = consortium_facts(act, application)
            return len(facts.counted()), [m.id for m in must_confirm(application.memberships)]

    with world.act(found.coordinator) as act:
        give_facts(act, act.session.get_one(Membership, membership.id), {"share": Decimal("90000.00")})
    changed = standing()
    with world.act(person) as act:
        perform(act, act.session.get_one(Membership, membership.id), "confirm")

    assert (changed, standing()) == ((3, [membership.id]), (3, []))


def test_the_lead_cannot_change_what_is_a_partners_own_once_it_has_accepted(world: World) -> None:
    found = with_partners(world, a_draft(world))

    with world.act(found.coordinator) as act, pytest.raises(Refused) as refused:
        give_facts(act, act.session.get_one(Membership, found.partners[0][2].id), {"country": "FR"})

    assert refused_codes(refused) == ("not-yours",)


def test_reminders_go_out_at_most_once_in_48_hours(world: World) -> None:
    found = with_partners(world, a_draft(world), accepted=False)
    membership_id = found.partners[0][2].id

    with world.act(found.coordinator) as act, pytest.raises(Refused) as refused:
        remind(act, act.session.get_one(Membership, membership_id))
    world.later(hours=48)
    with world.act(found.coordinator) as act:
        remind(act, act.session.get_one(Membership, membership_id))
    with world.act(found.coordinator) as act, pytest.raises(Refused):
        remind(act, act.session.get_one(Membership, membership_id))

    assert refused_codes(refused) == ("reminded-lately",)


def test_a_partner_who_leaves_can_no_longer_see_the_application(world: World) -> None:
    found = with_partners(world, a_draft(world))
    person, _organisation, membership = found.partners[0]
    with world.act(person) as act:
        perform(act, act.session.get_one(Membership, membership.id), "leave", {"reason": "No time."})

    with world.look(person) as act:
        assert not can(act, "application.view", act.session.get_one(Application, found.application.id))


def test_a_partner_who_declined_can_be_invited_again_with_a_new_link(world: World) -> None:
    found = with_partners(world, a_draft(world), accepted=False)
    person, _organisation, membership = found.partners[0]
    with world.act(person) as act:
        perform(act, act.session.get_one(Membership, membership.id), "decline", {"reason": "Not now."})
    with world.act(found.coordinator) as act:
        perform(act, act.session.get_one(Membership, membership.id), "invite_again")
    with world.act(person) as act:
        perform(act, act.session.get_one(Membership, membership.id), "accept")

    with world.look() as act:
        mails = act.session.scalars(select(Job.key).where(Job.key.startswith("mail:invitation:"))).all()
        assert len([key for key in mails if key.endswith(person.email)]) == 2


def test_a_deputy_may_submit_a_helper_only_edits(world: World) -> None:
    found = a_draft(world)
    deputy, helper = world.person("Dora Deputy"), world.person("Hugo Helper")
    with world.act(found.coordinator) as act:
        application = act.session.get_one(Application, found.application.id)
        name_person(act, application, Part.DEPUTY, deputy.email)
        participant = name_person(act, application, Part.HELPER, helper.email)

    def may(person: object) -> list[bool]:
        with world.look(person) as act:  # type: ignore[arg-type]
            application = act.session.get_one(Application, found.application.id)
            return [can(act, f"application.{verb}", application) for verb in ("edit", "submit", "invite_partner")]

    assert (may(deputy), may(helper)) == ([True, True, True], [True, False, False])
    with world.act(found.coordinator) as act:
        application = act.session.get_one(Application, found.application.id)
        end_part(act, application, act.session.get_one(Participant, participant.id))
    assert may(helper) == [False, False, False]


def test_an_address_without_an_account_cannot_be_named(world: World) -> None:
    found = a_draft(world)

    with world.act(found.coordinator) as act, pytest.raises(Refused) as refused:
        name_person(act, act.session.get_one(Application, found.application.id), Part.DEPUTY, "no@body.example")

    assert refused_codes(refused) == ("nobody-there",)


def test_handing_over_to_another_partner_moves_the_role_and_asks_it_to_confirm(world: World) -> None:
    found = with_partners(world, a_draft(world))
    person, organisation, membership = found.partners[0]
    with world.act(found.coordinator) as act:
        application = act.session.get_one(Application, found.application.id)
        to = act.session.scalars(select(Participant).where(Participant.person_id == person.id)).one()
        hand_over(act, application, to)

    with world.act(person) as act:
        application = act.session.get_one(Application, found.application.id)
        assert lead_of(application).organisation_id == organisation.id
        assert [m.id for m in must_confirm(application.memberships)] == [membership.id]
        perform(act, act.session.get_one(Membership, membership.id), "confirm")
        assert must_confirm(application.memberships) == []
    with world.look(found.coordinator) as act:
        application = act.session.get_one(Application, found.application.id)
        assert (can(act, "application.submit", application), can(act, "application.edit", application)) == (False, True)


def test_a_signatory_signs_from_the_mailed_page_once(world: World) -> None:
    found = a_draft(world)
    with world.act(found.coordinator) as act:
        application = act.session.get_one(Application, found.application.id)
        mandate = ask_signatory(act, application.memberships[0], name="Rita Rector", email="rector@uno.example")

    with world.act() as act:
        link = act.session.scalars(select(MailedLink).where(MailedLink.purpose == "signatory")).one()
        signed = sign(act, link)
        assert (signed.id, signed.signed_at, link.used_at) == (mandate.id, world.now, world.now)
    with world.act() as act, pytest.raises(Refused) as refused:
        sign(act, act.session.scalars(select(MailedLink).where(MailedLink.purpose == "signatory")).one())
    assert refused_codes(refused) == ("mandate-void",)


def test_two_people_who_change_different_fields_both_keep_their_words(world: World) -> None:
    found = a_draft(world)
    opened = {"title": "", "acronym": ""}

    with world.act(found.coordinator) as act:
        application = act.session.get_one(Application, found.application.id)
        save_basics(act, application, {"title": "First", "acronym": ""}, opened)
        save_basics(act, application, {"title": "", "acronym": "ABC"}, opened)

        assert (application.title, application.acronym) == ("First", "ABC")


def test_two_people_who_change_the_same_field_clash_and_nothing_is_stored(world: World) -> None:
    found = a_draft(world)
    opened = {"title": "", "acronym": ""}

    with world.act(found.coordinator) as act:
        application = act.session.get_one(Application, found.application.id)
        save_basics(act, application, {"title": "First"}, opened)
        with pytest.raises(BasicsClash) as clash:
            save_basics(act, application, {"title": "Second", "acronym": "ABC"}, opened)

        assert [(c.field, c.mine, c.theirs) for c in clash.value.changes] == [("title", "Second", "First")]
        assert (application.title, application.acronym) == ("First", "")


def test_nothing_is_saved_once_the_call_has_closed(world: World) -> None:
    found = a_draft(world)
    world.now = found.call.closes_at

    with world.act(found.coordinator) as act, pytest.raises(Refused) as refused:
        save_basics(act, act.session.get_one(Application, found.application.id), {"title": "Late"})

    assert refused_codes(refused) == ("call-closed",)
