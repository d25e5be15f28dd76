"""Secrets of one-time codes are sealed with the server's key; an upgrade or another key loses none."""

from collections.abc import Iterator
from pathlib import Path

import pyotp
import pytest

from app import keys
from app.commands.house import open_house
from app.db import Database
from app.doctor.accounts import second_factors_open_with_the_key
from app.models import Person, SecondFactor
from app.services.accounts import second_factor
from app.services.transitions import Refused
from config import Settings
from tests.support.world import World

OLD = b"the first key of the tests, more than 32 characters"
NEW = b"another key of the tests, more than 32 characters"
PLAIN = "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP"


@pytest.fixture(autouse=True)
def key() -> Iterator[None]:
    before = keys.server_key()
    keys.use_key(OLD)
    yield
    keys.use_key(before)


def with_factor(world: World, stored: str | None = None) -> Person:
    person = world.person("Mona", "mona@office.example")
    with world.act(person) as act:
        mine = act.session.get_one(Person, person.id)
        code = pyotp.TOTP(second_factor.secret_of(second_factor.begin(act, mine))).at(world.now)
        assert second_factor.confirm(act, mine, code)
        if stored is not None:
            act.session.get_one(SecondFactor, person.id).secret = stored
    return person


def stored_secret(world: World, person: Person) -> str:
    with world.look() as act:
        return act.session.get_one(SecondFactor, person.id).secret


def enters(world: World, person: Person, secret: str) -> bool:
    world.later(minutes=5)
    with world.act(person) as act:
        return second_factor.check(act, act.session.get_one(Person, person.id), pyotp.TOTP(secret).at(world.now))


def house(database: Database, folder: Path, key: bytes, former: bytes | None = None) -> None:
    open_house(
        Settings(folder, database.url, f"file://{folder / 'files'}", "http://localhost", key, former)
    ).database.close()


def complaints(world: World) -> list[str]:
    with world.look() as act:
        return [why for _what, why in second_factors_open_with_the_key(act.session, world.now)]


def test_a_new_secret_is_not_in_the_database(world: World) -> None:
    person = with_factor(world)
    with world.look() as act:
        secret = second_factor.secret_of(act.session.get_one(SecondFactor, person.id))

    assert len(secret) == 32
    assert secret not in stored_secret(world, person)
    assert enters(world, person, secret)


def test_a_secret_opens_for_its_own_person_alone(world: World) -> None:
    stored = stored_secret(world, with_factor(world))

    with pytest.raises(keys.CannotOpenError):
        keys.unseal(second_factor.PURPOSE, stored, "somebody else")


def test_a_secret_stored_open_goes_on_working_and_is_sealed_at_the_start(world: World, tmp_path: Path) -> None:
    person = with_factor(world, stored=PLAIN)
    assert enters(world, person, PLAIN)
    assert complaints(world) == ["one is not sealed with the key of today: start the service once"]

    house(world.database, tmp_path, OLD)

    assert PLAIN not in stored_secret(world, person)
    assert enters(world, person, PLAIN)
    assert complaints(world) == []


def test_another_key_with_the_one_before_loses_nothing(world: World, tmp_path: Path) -> None:
    person = with_factor(world, stored=PLAIN)
    house(world.database, tmp_path, OLD)

    house(world.database, tmp_path, NEW, former=OLD)
    keys.use_key(NEW)

    assert enters(world, person, PLAIN)
    assert complaints(world) == []


def test_a_missing_key_refuses_with_a_sentence_keeps_the_secret_and_doctor_tells(world: World, tmp_path: Path) -> None:
    person = with_factor(world, stored=PLAIN)
    house(world.database, tmp_path, OLD)
    sealed = stored_secret(world, person)

    house(world.database, tmp_path, NEW)

    assert "is missing" in complaints(world)[0]
    with pytest.raises(Refused, match="can't be read"):
        enters(world, person, PLAIN)
    assert stored_secret(world, person) == sealed
    keys.use_key(OLD)
    assert enters(world, person, PLAIN)
