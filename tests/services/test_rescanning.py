"""Files the scanner could not look at, and bytes no row speaks of: both are dealt with by jobs, in time."""

from __future__ import annotations

import os
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import select

from app.chance import Seeded
from app.doctor import examine
from app.jobs import PAUSES, Worker
from app.models import Application, File, Job
from app.scanning import Finding
from app.services.uploads.files import upload
from app.services.uploads.rescanning import scanning
from app.services.uploads.sweeping import GRACE, sweep
from app.store import Store
from tests.support.application import a_draft, a_pdf
from tests.support.world import World
from workflows.file import State

SLOT = "declaration_on_honour"


@dataclass
class Says:
    """A scanner that answers in turn what it is told to: the adapter's other side is somebody else's program."""

    findings: list[Finding] = field(default_factory=list)

    def scan(self, data: bytes) -> Finding:
        assert data
        return self.findings.pop(0)


@pytest.fixture
def store(world: World) -> Store:
    return Store.from_url(str(world.folder / "files"))


def _uploaded(world: World, store: Store) -> File:
    found = a_draft(world)
    with world.act(found.coordinator) as act:
        application = act.session.get_one(Application, found.application.id)
        return upload(
            act, application, SLOT, "a.pdf", a_pdf(), store=store, membership=application.memberships[0],
            scanner=Says([Finding.COULD_NOT_SCAN]),
        )  # fmt: skip


def _again(world: World, store: Store, *findings: Finding) -> State:
    worker = Worker(
        world.database,
        {"scan": scanning(world.database, store, Says(list(findings)))},
        lambda: world.now,
        lambda: Seeded(5),
    )
    for _finding in findings:
        assert worker.run_one()
        world.later(hours=7)
    with world.look() as act:
        file = act.session.scalars(select(File)).one()
        return State(file.state)


def test_a_file_that_was_not_scanned_is_usable_once_it_is_found_clean(world: World, store: Store) -> None:
    assert _uploaded(world, store).state is State.QUARANTINED

    assert _again(world, store, Finding.COULD_NOT_SCAN, Finding.CLEAN) is State.USABLE


def test_a_file_found_harmful_later_is_refused(world: World, store: Store) -> None:
    _uploaded(world, store)

    assert _again(world, store, Finding.INFECTED) is State.INFECTED


def test_silence_is_never_taken_for_clean_and_never_given_up(world: World, store: Store) -> None:
    _uploaded(world, store)

    assert _again(world, store, *[Finding.COULD_NOT_SCAN] * (len(PAUSES) + 3)) is State.QUARANTINED

    with world.look() as act:
        job = act.session.query(Job).filter(Job.kind == "scan").one()
        assert job.status == "waiting"
        assert job.run_at - (world.now - timedelta(hours=7)) == PAUSES[-1]
        assert [f for f in examine(act.session, store, world.now) if "scanned" in f.statement] == []


def test_a_file_without_a_job_that_will_scan_it_is_told_by_doctor(world: World, store: Store) -> None:
    _uploaded(world, store)
    with world.act() as act:
        act.session.query(Job).filter(Job.kind == "scan").delete()

    with world.look() as act:
        told = [f.why for f in examine(act.session, store, world.now) if "scanned" in f.statement]
    assert told == ["is not scanned, and no job will scan it"]


def _made_old(store: Store, world: World, sha256: str, by: timedelta) -> None:
    path = world.folder / "files" / sha256[:2] / sha256
    then = (datetime.now(UTC) - by).timestamp()
    os.utime(path, (then, then))


def test_what_no_row_speaks_of_is_swept_after_a_while_and_doctor_is_quiet(world: World, store: Store) -> None:
    _uploaded(world, store)
    left, fresh = store.put(b"refused after it was stored"), store.put(b"on its way in")
    _made_old(store, world, left.sha256, timedelta(days=2))

    with world.look() as act:
        before = [f.thing for f in examine(act.session, store, world.now) if "rows" in f.statement]
    swept = sweep(world.database, store, datetime.now(UTC))

    assert before == [f"stored file {left.sha256}"]
    assert swept == 1
    assert (store.exists(left.sha256), store.exists(fresh.sha256)) == (False, True)
    with world.look() as act:
        assert [f for f in examine(act.session, store, world.now) if "rows" in f.statement] == []


def test_bytes_stored_again_are_young_again(world: World, store: Store) -> None:
    old = store.put(b"the same bytes")
    _made_old(store, world, old.sha256, GRACE * 2)

    store.put(b"the same bytes")

    assert sweep(world.database, store, datetime.now(UTC)) == 0
    assert store.exists(old.sha256)


def test_a_file_a_row_speaks_of_is_never_swept(world: World, store: Store) -> None:
    file = _uploaded(world, store)
    _made_old(store, world, file.sha256, timedelta(days=900))

    assert sweep(world.database, store, datetime.now(UTC)) == 0


def test_what_a_sweep_that_was_cut_short_moved_aside_comes_back(world: World, store: Store) -> None:
    file = _uploaded(world, store)
    path = world.folder / "files" / file.sha256[:2] / file.sha256
    path.rename(path.with_name(f".aside-{file.sha256}"))

    sweep(world.database, store, datetime.now(UTC))

    assert store.get(file.sha256) == a_pdf()
