"""Every mail about accounts and organisations, from what happened to the words that are sent."""

from datetime import timedelta

import pyotp

from app.act import Act
from app.keys import use_key
from app.mailing.text import Letter, write
from app.models import Job, MailedLink, Organisation, Person
from app.services.accounts import office, second_factor
from app.services.accounts.mailed_link import token_of
from app.services.accounts.person import mail_reset, mail_sign_in, set_password, sign_up
from app.services.calls.help import ask_for_help
from app.services.organisations.organisation_people import answer, ask_to_join, hand_over_requests
from config import rehearsal_settings
from tests.support.world import World
from workflows.relations import Relation as R


def letters(world: World) -> dict[str, Letter]:
    """Write everything that waits in the outbox; by template."""
    settings = rehearsal_settings(world.folder)
    with world.look() as act:
        jobs = act.session.query(Job).filter(Job.kind == "mail").all()
        return {job.args["template"]: write(act.session, settings, job.args) for job in jobs}


def everything_happens(act: Act, ana: Person, boris: Person) -> None:
    sign_up(act, name="Eva", email="eva@org.example", password_hash=None)
    sign_up(act, name="Eve", email=ana.email, password_hash=None)
    mail_reset(act, ana.email)
    mail_sign_in(act, ana.email)
    set_password(act, act.session.get_one(Person, ana.id), "hash")
    office.grant_office(act, act.session.get_one(Person, boris.id), R.AUDITOR, relation=R.ADMINISTRATOR)


def test_each_mail_names_its_addressee_and_leads_to_its_task(world: World) -> None:
    settings = rehearsal_settings(world.folder)
    use_key(settings.secret_key)
    ana, boris, ada = world.person(), world.person("Boris"), world.person("Ada", None, R.ADMINISTRATOR)
    mona = world.person("Mona", None, R.CALL_MANAGER)
    organisation = world.organisation("Κλάστερ", ana)
    with world.act(boris) as act:
        member = ask_to_join(act, act.session.get_one(Organisation, organisation.id)).id
    world.now += timedelta(days=6)
    with world.act() as act:
        hand_over_requests(act)
    with world.act(mona) as act:
        answer(act, act.session.get_one(Organisation, organisation.id), member, accept=True, relation=R.CALL_MANAGER)
    with world.act(ada) as act:
        everything_happens(act, ana, boris)
    with world.act(boris) as act:
        me = act.session.get_one(Person, boris.id)
        second_factor.confirm(act, me, pyotp.TOTP(second_factor.secret_of(second_factor.begin(act, me))).at(world.now))
        ask_for_help(act, text="How do I begin?", page="/work", reference="abc")
    with world.act(ada) as act:
        second_factor.ask_reset(act, act.session.get_one(Person, boris.id), "Lost", relation=R.ADMINISTRATOR)
    with world.act(mona) as act:
        second_factor.confirm_reset(act, act.session.get_one(Person, boris.id), relation=R.CALL_MANAGER)

    found = letters(world)

    with world.look() as act:
        links = {link.purpose: token_of(settings.secret_key, link) for link in act.session.query(MailedLink)}
    for template, purpose in (("verify_address", "verify"), ("reset_password", "reset"), ("sign_in_link", "sign_in")):
        assert f"{settings.address}/open/{purpose}/{links[purpose]}" in found[template].body
    assert "Κλάστερ" in found["join_request"].subject
    assert f"/organisations/{organisation.id}" in found["join_request"].body
    assert "How do I begin?" in found["help_request"].body
    for template in (
        "account_exists",
        "password_changed",
        "office_changed",
        "factor_reset",
        "join_request_waits",
        "join_answered",
    ):
        assert found[template].subject
        assert settings.address in found[template].body
