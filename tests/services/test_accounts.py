"""Accounts: links that count once, offices that end sign-ins, factors that two persons reset."""

from datetime import UTC, datetime, timedelta

import pyotp
import pytest
from sqlalchemy import select

from app.keys import use_key
from app.limits import Limiter
from app.models import Event, OfficeHolding, Person, SecondFactor
from app.services.accounts import office, second_factor
from app.services.accounts.mailed_link import Standing, make_link, open_link, token_of, use_link, withdraw_link
from app.services.accounts.person import confirm_address, sign_up
from app.services.accounts.sign_in import live_sign_ins, start_sign_in
from app.services.organisations.names import domain_of, fold, skeleton
from app.services.transitions import Refused
from tests.support.world import World
from workflows.relations import Relation as R

KEY = b"a key for tests alone, of more than 32 characters"
DAY = timedelta(days=1)


@pytest.fixture(autouse=True)
def _key() -> None:
    use_key(KEY)


def test_a_retried_mail_carries_the_same_token_and_a_renewed_link_voids_it(world: World) -> None:
    with world.act() as act:
        first = make_link(act, "invitation", "Eva@Org.example", None, "x" * 26, DAY)
        old = token_of(KEY, first)
        assert token_of(KEY, first) == old
    with world.act() as act:
        renewed = make_link(act, "invitation", "eva@org.EXAMPLE", None, "x" * 26, DAY)

        assert renewed.id == first.id
        assert open_link(act, "invitation", old).standing is Standing.REPLACED
        assert open_link(act, "invitation", token_of(KEY, renewed)).live is not None
        assert open_link(act, "signatory", token_of(KEY, renewed)).standing is Standing.REPLACED


def test_a_link_is_spent_once_and_ends_with_its_time(world: World) -> None:
    with world.act() as act:
        token = token_of(KEY, make_link(act, "reset", "eva@org.example", None, "", DAY))
        late = token_of(KEY, make_link(act, "reset", "ana@org.example", None, "", DAY))
        use_link(act, "reset", token)

        with pytest.raises(Refused):
            use_link(act, "reset", token)
        assert open_link(act, "reset", token).standing is Standing.USED

    world.later(days=1)
    with world.act() as act:
        assert open_link(act, "reset", late).standing is Standing.EXPIRED


def test_a_withdrawn_link_is_worth_nothing(world: World) -> None:
    with world.act() as act:
        token = token_of(KEY, make_link(act, "invitation", "eva@org.example", None, "x", DAY))

        withdraw_link(act, "invitation", "eva@org.example", "x")

        assert open_link(act, "invitation", token).live is None


def test_two_people_cannot_prove_one_address(world: World) -> None:
    with world.act() as act:
        first = sign_up(act, name="Eva", email="eva@org.example", password_hash="one")
        second = sign_up(act, name="Eve", email="EVA@org.example", password_hash="two")
        confirm_address(act, first, password_hash="one")

        with pytest.raises(Refused) as refused:
            confirm_address(act, second, password_hash="two")

    assert refused.value.verdict.codes == ("address-taken",)


def test_whoever_proves_the_mailbox_shuts_out_whoever_signed_up_with_it(world: World) -> None:
    with world.act() as act:
        squatted = sign_up(act, name="Eve", email="ana@org.example", password_hash="known to Eve")
        start_sign_in(act, squatted)

        confirm_address(act, squatted, password_hash="chosen by Ana")

        assert squatted.password_hash == "chosen by Ana"
        assert live_sign_ins(act, squatted) == []


def test_an_office_is_granted_by_another_recorded_and_ends_sign_ins(world: World) -> None:
    ada, boris = world.person("Ada", None, R.ADMINISTRATOR), world.person("Boris")
    with world.act(ada) as act:
        other = act.session.get_one(Person, boris.id)
        start_sign_in(act, other)
        office.grant_office(act, other, R.CALL_MANAGER, relation=R.ADMINISTRATOR)
        with pytest.raises(Refused) as own:
            office.grant_office(act, act.session.get_one(Person, ada.id), R.CALL_MANAGER, relation=R.ADMINISTRATOR)

    assert own.value.verdict.codes == ("oneself",)
    with world.look() as act:
        other = act.session.get_one(Person, boris.id)
        assert [h.office for h in office.offices_of(act, other)] == [R.CALL_MANAGER]
        assert live_sign_ins(act, other) == []
        events = act.session.scalars(
            select(Event).where(Event.thing_id == boris.id, Event.name == "grant_office")
        ).all()
        assert [(event.actor_id, event.data) for event in events] == [(ada.id, {"office": "call_manager"})]


def test_an_ended_office_stays_on_record_with_its_end(world: World) -> None:
    ada, mona = world.person("Ada", None, R.ADMINISTRATOR), world.person("Mona", None, R.CALL_MANAGER)
    with world.act(ada) as act:
        person = act.session.get_one(Person, mona.id)
        office.end_office(act, person, office.offices_of(act, person)[0].id, relation=R.ADMINISTRATOR)

    with world.look() as act:
        holdings = act.session.scalars(select(OfficeHolding).where(OfficeHolding.person_id == mona.id)).all()
        assert [holding.until for holding in holdings] == [world.now]


def test_a_lost_factor_is_reset_by_two_persons_neither_of_them_its_owner(world: World) -> None:
    mona, ada, paul = (
        world.person(name, None, role)
        for name, role in (("Mona", R.CALL_MANAGER), ("Ada", R.ADMINISTRATOR), ("Paul", R.CALL_MANAGER))
    )
    with world.act(mona) as act:
        me = act.session.get_one(Person, mona.id)
        secret = second_factor.secret_of(second_factor.begin(act, me))
        assert second_factor.confirm(act, me, pyotp.TOTP(secret).at(world.now)) is not None

    def refusal(person: Person, do: str) -> tuple[str, ...]:
        with pytest.raises(Refused) as refused, world.act(person) as act:
            target = act.session.get_one(Person, mona.id)
            if do == "ask":
                second_factor.ask_reset(act, target, "Telephone lost", relation=R.ADMINISTRATOR)
            else:
                second_factor.confirm_reset(act, target, relation=R.ADMINISTRATOR)
        return refused.value.verdict.codes

    assert refusal(mona, "ask") == ("own-factor",)
    with world.act(ada) as act:
        second_factor.ask_reset(act, act.session.get_one(Person, mona.id), "Telephone lost", relation=R.ADMINISTRATOR)
    assert refusal(ada, "confirm") == ("same-person",)
    assert refusal(mona, "confirm") == ("same-person",)
    with world.act(paul) as act:
        second_factor.confirm_reset(act, act.session.get_one(Person, mona.id), relation=R.CALL_MANAGER)

    with world.look() as act:
        assert act.session.get(SecondFactor, mona.id) is None
        told = act.session.scalars(select(Event.name).where(Event.thing_id == mona.id).order_by(Event.number)).all()
        assert told == ["confirm_factor", "ask_factor_reset", "reset_factor"]


def test_tries_are_counted_until_the_first_of_them_is_old() -> None:
    limiter, start = Limiter(), datetime(2018, 2, 1, tzinfo=UTC)
    for minute in range(10):
        assert limiter.wait("sign_in.account", "ana", start + timedelta(minutes=minute)) is None

    assert limiter.wait("sign_in.account", "ana", start + timedelta(minutes=10)) == timedelta(minutes=5)
    assert limiter.wait("sign_in.account", "eva", start + timedelta(minutes=10)) is None
    assert limiter.wait("sign_in.account", "ana", start + timedelta(minutes=15)) is None


@pytest.mark.parametrize(
    ("one", "other"),
    [("ﬁne Cluster", "FINE  cluster"), ("Straße", "STRASSE"), ("Clu\u200bster", "Cluster"), ("Ａgro", "agro")],
)
def test_names_that_read_alike_fold_alike(one: str, other: str) -> None:
    assert fold(one) == fold(other)


def test_letters_of_another_script_do_not_hide_an_imitation() -> None:
    assert skeleton("Сluster") == skeleton("Cluster")
    assert skeleton("Électronique") == skeleton("electronique")


def test_public_domains_tie_nobody() -> None:
    assert (domain_of("eva@Org.Example"), domain_of("eva@gmail.com")) == ("org.example", "")
