"""Two people do at the same moment what may be done once, or so many times: the second is told what the first did."""

from __future__ import annotations

import threading
from collections.abc import Callable
from datetime import timedelta

from sqlalchemy import select

from app.act import Act
from app.models import Application, MailedLink, Membership, Organisation, Person
from app.services.calls.call import definition_of
from app.services.checks.clarification import open_clarification, reopenable
from app.services.consortia.amendment import Wanted, ask_amendment
from app.services.consortia.draft_look import let_office_look
from app.services.consortia.mandate import LINK, ask_signatory, attach_signed, files_of, open_mandates, sign
from app.services.consortia.membership import invite
from app.services.consortia.other_address import ask_with_other_address
from app.services.searching.introduction import ask_introduction
from app.services.searching.saved_search import MOST, my_searches, save_search
from app.services.searching.search import Chosen
from app.services.transitions import Refused, perform
from app.ticking import tick
from tests.support.application import a_draft, complete, submit, with_partners
from tests.support.world import AFTER_CLOSING, World
from workflows.amendment import Change
from workflows.relations import Relation as R

Deed = tuple[Person, Callable[[Act], object]]


def told_second(world: World, first: Deed, second: Deed) -> tuple[str, ...]:
    """Begin the second while the first has not ended; give the reasons the second is told."""
    told: list[tuple[str, ...]] = []

    def too() -> None:
        try:
            with world.act(second[0]) as act:
                second[1](act)
        except Refused as refused:
            told.append(refused.verdict.codes)

    other = threading.Thread(target=too)
    with world.act(first[0]) as act:
        first[1](act)
        other.start()
        other.join(0.2)  # it looks and waits for the first to end
    other.join()
    return told[0] if told else ()


def test_one_look_at_a_draft_one_invitation_and_one_claim_of_it(world: World) -> None:
    found = a_draft(world)
    pat, sam = world.person("Pat"), world.person("Sam")

    def look(act: Act) -> None:
        let_office_look(act, act.session.get_one(Application, found.application.id))

    def ask(act: Act) -> None:
        invite(act, act.session.get_one(Application, found.application.id), email="office@new.example", name="New")

    def claim(act: Act) -> None:
        application = act.session.get_one(Application, found.application.id)
        ask_with_other_address(act, application.memberships[1])

    lead = found.coordinator
    assert told_second(world, (lead, look), (lead, look)) == ("open-already",)
    assert told_second(world, (lead, ask), (lead, ask)) == ("already-asked",)
    assert told_second(world, (pat, claim), (sam, claim)) == ("asked-already",)


def test_an_address_that_is_invited_meanwhile_is_not_let_in_twice(world: World) -> None:
    found, pat = a_draft(world), world.person("Pat", "pat@new.example")
    with world.act(found.coordinator) as act:
        application = act.session.get_one(Application, found.application.id)
        membership = invite(act, application, email="office@new.example", name="New")
    with world.act(pat) as act:
        ask_with_other_address(act, act.session.get_one(Membership, membership.id))

    def ask(act: Act) -> None:
        invite(act, act.session.get_one(Application, found.application.id), email=pat.email, name="Pat")

    def allow(act: Act) -> None:
        perform(act, act.session.get_one(Membership, membership.id), "allow_address")

    assert told_second(world, (found.coordinator, ask), (found.coordinator, allow)) == ("already-asked",)


def test_one_introduction_and_no_more_saved_searches_than_one_may_have(world: World) -> None:
    ana, ben = world.person(), world.person("Ben")
    textile, photonics = world.organisation("Textile", ana), world.organisation("Photonics", ben)
    with world.act(ana) as act:
        for number in range(MOST - 1):
            save_search(act, f"No {number}", Chosen(), "")

    def ask(here: Organisation, there: Organisation) -> Callable[[Act], object]:
        def deed(act: Act) -> object:
            mine, theirs = (act.session.get_one(Organisation, one.id) for one in (here, there))
            return ask_introduction(act, mine, theirs, "Together?")

        return deed

    def keep(act: Act) -> None:
        save_search(act, "Harbours", Chosen(words="harbour"), "q=harbour")

    assert told_second(world, (ana, ask(textile, photonics)), (ben, ask(photonics, textile))) == ("asked-already",)
    assert told_second(world, (ana, keep), (ana, keep)) == ("many-searches",)
    with world.look(ana) as act:
        assert len(my_searches(act)) == MOST


def test_one_clarification_and_one_change_of_a_partner(world: World) -> None:
    found = complete(world, with_partners(world, a_draft(world)))
    submit(world, found)
    world.now = AFTER_CLOSING
    tick(world.database, world.now, world.chance)
    one, two = (world.person(name, None, R.CALL_MANAGER) for name in ("Max", "Mia"))
    question = reopenable(definition_of(found.call))[0].id

    def reopen(act: Act) -> None:
        application = act.session.get_one(Application, found.application.id)
        open_clarification(act, application, [question], "Which regions?", act.now.replace(year=act.now.year + 1))

    def leave(act: Act) -> None:
        member = act.session.get_one(Membership, found.partners[0][2].id)
        wanted = Wanted(change=Change.REMOVE, reason="They merged.", membership=member)
        ask_amendment(act, act.session.get_one(Application, found.application.id), wanted)

    assert told_second(world, (one, reopen), (two, reopen)) == ("open-already",)
    assert told_second(world, (found.coordinator, leave), (found.partners[0][0], leave)) == ("asked-already",)


def test_a_declaration_is_signed_once_and_never_after_the_deadline(world: World) -> None:
    found = complete(world, a_draft(world))
    with world.act(found.coordinator) as act:
        membership = act.session.get_one(Application, found.application.id).memberships[0]
        ask_signatory(act, membership, name="Rita Rector", email="rector@uno.example")

    def agree(act: Act) -> None:
        sign(act, act.session.scalars(select(MailedLink).where(MailedLink.purpose == LINK)).one())

    def attach(act: Act) -> None:
        member = act.session.get_one(Membership, membership.id)
        attach_signed(act, open_mandates(act, member)[0], files_of(act, member)[0])

    closes = found.call.closes_at
    world.now = closes
    assert told_second(world, (found.coordinator, lambda _act: None), (found.coordinator, agree)) == ("too-late",)
    assert told_second(world, (found.coordinator, lambda _act: None), (found.coordinator, attach)) == ("call-closed",)
    world.now = closes - timedelta(microseconds=1)
    assert told_second(world, (found.coordinator, agree), (found.coordinator, agree)) == ("mandate-void",)
