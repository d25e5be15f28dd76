"""A sign-in from a new place is told by mail, and nothing readable is kept of any place."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from app.browsers import name_of_browser
from app.models import Job, KnownPlace, Person
from app.services.accounts.known_places import arrive, network_of
from app.services.accounts.sign_in import begin_sign_in
from tests.support.world import World

FIREFOX = "Mozilla/5.0 (X11; Linux x86_64; rv:128.0) Gecko/20100101 Firefox/128.0"
NEWER = "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0"
SAFARI = "Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) AppleWebKit/605.1.15 Version/18.0 Safari/604.1"
HOME, NEIGHBOUR, ELSEWHERE = "192.0.2.7", "192.0.2.200", "198.51.100.4"


def come(world: World, person: Person, browser: str, sender: str, device: str = "") -> None:
    with world.act(person) as act:
        mine = act.session.get_one(Person, person.id)
        _token, record = begin_sign_in(act, mine, browser=browser)
        arrive(act, mine, record, sender=sender, device=device)


def mails(world: World) -> int:
    with world.look() as act:
        return sum(job.args["template"] == "new_place" for job in act.session.scalars(select(Job)))


@pytest.mark.parametrize(
    ("browser", "sender", "device", "told"),
    [
        (FIREFOX, HOME, "", 0),
        (NEWER, NEIGHBOUR, "", 0),
        (SAFARI, HOME, "", 1),
        (FIREFOX, ELSEWHERE, "", 1),
        (SAFARI, ELSEWHERE, "the same cookie", 0),
        (SAFARI, ELSEWHERE, "another cookie", 1),
    ],
)
def test_new_is_another_browser_or_network_without_the_cookie_of_a_known_one(
    world: World, browser: str, sender: str, device: str, told: int
) -> None:
    person = world.person("Ana")
    come(world, person, FIREFOX, HOME, "the same cookie")

    come(world, person, browser, sender, device)

    assert mails(world) == told


def test_the_first_place_is_not_new_and_a_told_one_is_known_from_then_on(world: World) -> None:
    person = world.person("Ana")
    come(world, person, FIREFOX, HOME)
    assert mails(world) == 0

    for _time in range(2):
        come(world, person, SAFARI, ELSEWHERE)

    assert mails(world) == 1


def test_another_person_in_the_same_place_is_judged_alone_and_leaves_another_mark(world: World) -> None:
    ana, eva = world.person("Ana"), world.person("Eva")
    come(world, ana, FIREFOX, HOME, "cookie")
    come(world, eva, SAFARI, ELSEWHERE)

    come(world, eva, FIREFOX, HOME, "cookie")

    assert mails(world) == 1
    with world.look() as act:
        places = act.session.scalars(select(KnownPlace)).all()
        assert len({place.digest for place in places}) == len(places) == 5
        assert not any(word in repr(vars(place)) for place in places for word in (HOME, "192.0.2", "Firefox", "cookie"))


def test_an_address_that_is_not_proved_gets_no_mail(world: World) -> None:
    person = world.person("Ana")
    with world.act() as act:
        act.session.get_one(Person, person.id).email_verified_at = None
    come(world, person, FIREFOX, HOME)

    come(world, person, SAFARI, ELSEWHERE)

    assert mails(world) == 0


def test_places_are_forgotten_after_a_year_without_use(world: World) -> None:
    person = world.person("Ana")
    come(world, person, FIREFOX, HOME)
    world.now += timedelta(days=200)
    come(world, person, SAFARI, ELSEWHERE)
    world.now += timedelta(days=200)

    come(world, person, FIREFOX, HOME)

    assert mails(world) == 2


@pytest.mark.parametrize(
    ("sender", "network"),
    [
        ("192.0.2.7", "192.0.2.0/24"),
        ("2001:db8:1:2::5", "2001:db8:1::/48"),
        ("::ffff:192.0.2.7", "192.0.2.0/24"),
        ("unix:", ""),
        ("", ""),
    ],
)
def test_of_an_address_only_the_network_counts(sender: str, network: str) -> None:
    assert network_of(sender) == network


@pytest.mark.parametrize(
    ("text", "name"), [(FIREFOX, "Firefox, Linux"), (SAFARI, "Safari, iPhone"), ("curl/8", ""), ("", "")]
)
def test_browsers_are_named_in_two_words(text: str, name: str) -> None:
    assert name_of_browser(text) == name
