"""Tries are counted: by one process in memory, by several together in a database."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import select

from app.db import Database
from app.limits import LIMITS, Limit, Limiter, Limits
from app.models import Tries
from app.shared_limits import SharedLimiter, limiter_of
from config import Settings, SettingsError, from_environment

NOW = datetime(2027, 1, 12, 9, tzinfo=UTC)
KEY = b"a key for tests alone, of more than 32 characters"
LIMIT = LIMITS["code.account"]
Make = Callable[[], Limits]


@pytest.fixture(params=["memory", "shared"])
def make(request: pytest.FixtureRequest, database: Database) -> Make:
    """Makes counters; two shared ones stand for two processes."""
    if request.param == "shared":
        return lambda: SharedLimiter(database, KEY)
    only = Limiter()
    return lambda: only


def test_a_try_too_many_waits_until_the_first_is_old_enough(make: Make) -> None:
    limiter = make()
    for _try in range(LIMIT.times):
        assert limiter.wait("code.account", "ana", NOW) is None

    assert limiter.wait("code.account", "ana", NOW + timedelta(minutes=1)) == LIMIT.within - timedelta(minutes=1)
    assert limiter.wait("code.account", "eva", NOW) is None
    assert limiter.wait("code.account", "ana", NOW + LIMIT.within) is None


def test_a_success_begins_anew(make: Make) -> None:
    limiter = make()
    for _try in range(LIMIT.times):
        limiter.wait("code.account", "ana", NOW)

    limiter.forget("code.account", "ana")

    assert limiter.wait("code.account", "ana", NOW) is None


def test_processes_count_together(database: Database) -> None:
    one, other = SharedLimiter(database, KEY), SharedLimiter(database, KEY)
    for _try in range(LIMIT.times // 2):
        assert one.wait("code.account", "ana", NOW) is None
        assert other.wait("code.account", "ana", NOW) is None

    assert one.wait("code.account", "ana", NOW) is not None
    assert other.wait("code.account", "ana", NOW) is not None


def test_tries_at_the_same_moment_are_counted_exactly(database: Database) -> None:
    limiters = [SharedLimiter(database, KEY, {"code.account": Limit(5, timedelta(hours=1))}) for _process in range(4)]

    with ThreadPoolExecutor(4) as pool:
        waits = list(pool.map(lambda n: limiters[n % 4].wait("code.account", "ana", NOW), range(20)))

    assert waits.count(None) == 5


def test_who_tried_is_kept_as_a_digest_and_forgotten(database: Database) -> None:
    SharedLimiter(database, KEY).wait("sign_in.sender", "192.0.2.7", NOW)
    with database.reading() as session:
        (row,) = session.scalars(select(Tries)).all()
    assert "192.0.2.7" not in repr(vars(row))

    SharedLimiter(database, KEY).wait("sign_in.sender", "192.0.2.8", NOW + timedelta(hours=1))

    with database.reading() as session:
        assert [r.of for r in session.scalars(select(Tries))] != [row.of]


def test_pages_that_are_read_are_counted_without_writing(database: Database) -> None:
    limiter = SharedLimiter(database, KEY)
    for _try in range(LIMITS["verify.sender"].times):
        assert limiter.wait("verify.sender", "192.0.2.7", NOW) is None

    assert limiter.wait("verify.sender", "192.0.2.7", NOW) is not None
    with database.reading() as session:
        assert session.scalars(select(Tries)).all() == []


def test_with_sqlite_counts_stand_beside_the_database_and_outlast_a_held_writer(
    database: Database, tmp_path: Path
) -> None:
    settings = Settings(tmp_path, database.url, "", "http://localhost", KEY, shared_limits=True)
    one, other = limiter_of(settings, database), limiter_of(settings, database)

    with database.writing() as session:
        session.execute(select(1))
        for _try in range(LIMIT.times):
            assert one.wait("code.account", "ana", NOW) is None
        session.rollback()

    assert other.wait("code.account", "ana", NOW) is not None


def test_counting_together_is_the_rule_on_postgresql_alone(tmp_path: Path) -> None:
    data = {"ESCP_DATA": str(tmp_path)}
    server = {"ESCP_DATABASE_URL": "postgresql+psycopg://escp@localhost/escp"}

    assert from_environment(data).shared_limits is False
    assert from_environment(data | server).shared_limits is True
    assert from_environment(data | {"ESCP_SHARED_LIMITS": "yes"}).shared_limits is True


@pytest.mark.parametrize("given", ["-1", "two", "6"])
def test_a_silly_number_of_proxies_is_refused(tmp_path: Path, given: str) -> None:
    with pytest.raises(SettingsError, match="ESCP_PROXIES"):
        from_environment({"ESCP_DATA": str(tmp_path), "ESCP_PROXIES": given})
