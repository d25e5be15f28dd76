"""Uploads: judged, stored by digest, limited, and never taken for clean when the scanner did not answer."""

from dataclasses import dataclass

import pytest

from app.models import Application, File
from app.scanning import Clamd, Finding
from app.services.transitions import Refused, perform
from app.services.uploads.files import files_in, upload
from app.store import Store
from tests.support.application import a_draft, a_pdf
from tests.support.world import World
from workflows.file import State

SLOT = "declaration_on_honour"


@dataclass(frozen=True)
class Says:
    """A scanner that answers what it is told to: the adapter's other side is somebody else's program."""

    finding: Finding

    def scan(self, data: bytes) -> Finding:
        return self.finding


@pytest.fixture
def store(world: World) -> Store:
    return Store.from_url(str(world.folder / "files"))


def test_a_file_is_stored_under_its_digest_and_usable_at_once(world: World, store: Store) -> None:
    found = a_draft(world)
    with world.act(found.coordinator) as act:
        application = act.session.get_one(Application, found.application.id)
        file = upload(
            act,
            application,
            SLOT,
            "C:\\My files\\Δήλωση.pdf",
            a_pdf(),
            store=store,
            membership=application.memberships[0],
        )

    assert store.get(file.sha256) == a_pdf()
    assert (file.name, file.state, file.pages, file.media_type) == ("Δήλωση.pdf", State.USABLE, 1, "application/pdf")


@pytest.mark.parametrize(
    ("finding", "state"), [(Finding.INFECTED, State.INFECTED), (Finding.COULD_NOT_SCAN, State.QUARANTINED)]
)
def test_what_the_scanner_says_decides_and_silence_is_not_clean(
    world: World, store: Store, finding: Finding, state: State
) -> None:
    found = a_draft(world)
    with world.act(found.coordinator) as act:
        application = act.session.get_one(Application, found.application.id)
        file = upload(
            act,
            application,
            SLOT,
            "a.pdf",
            a_pdf(),
            store=store,
            membership=application.memberships[0],
            scanner=Says(finding),
        )

    assert file.state is state


def test_a_scanner_that_is_not_there_could_not_scan() -> None:
    assert Clamd("/nonexistent/clamd.sock", seconds=1).scan(b"x") is Finding.COULD_NOT_SCAN


@pytest.mark.parametrize(
    ("name", "data", "code"),
    [
        ("a.pdf", b"", "file-empty"),
        ("a.exe", b"MZ", "file-kind-not-accepted"),
        ("a.pdf", b"PK\x03\x04 not a pdf", "file-not-what-it-says"),
        ("a.pdf", b"%PDF-1.7 and nothing more", "file-unreadable"),
    ],
)
def test_a_file_that_is_wrong_is_refused_and_nothing_is_written(
    world: World, store: Store, name: str, data: bytes, code: str
) -> None:
    found = a_draft(world)
    with world.act(found.coordinator) as act:
        application = act.session.get_one(Application, found.application.id)
        with pytest.raises(Refused) as refused:
            upload(act, application, SLOT, name, data, store=store, membership=application.memberships[0])
        assert refused.value.verdict.codes == (code,)
        assert files_in(act, application, SLOT, application.memberships[0]) == []


def test_a_full_place_takes_another_file_after_one_was_removed(world: World, store: Store) -> None:
    found = a_draft(world)
    with world.act(found.coordinator) as act:
        application = act.session.get_one(Application, found.application.id)
        lead = application.memberships[0]
        first = upload(act, application, SLOT, "a.pdf", a_pdf("a"), store=store, membership=lead)
        with pytest.raises(Refused) as refused:
            upload(act, application, SLOT, "b.pdf", a_pdf("b"), store=store, membership=lead)
        perform(act, first, "remove")
        second = upload(act, application, SLOT, "b.pdf", a_pdf("b"), store=store, membership=lead)

        assert refused.value.verdict.codes == ("too-many-files",)
        assert [file.id for file in files_in(act, application, SLOT, lead)] == [second.id]
        assert act.session.get_one(File, first.id).sha256 != second.sha256


def test_a_document_of_a_partner_names_its_partner(world: World, store: Store) -> None:
    found = a_draft(world)
    with world.act(found.coordinator) as act, pytest.raises(Refused) as refused:
        upload(act, act.session.get_one(Application, found.application.id), SLOT, "a.pdf", a_pdf(), store=store)

    assert refused.value.verdict.codes == ("partner-missing",)


def test_a_place_the_call_does_not_have_does_not_exist(world: World, store: Store) -> None:
    found = a_draft(world)
    with world.act(found.coordinator) as act, pytest.raises(KeyError):
        upload(act, act.session.get_one(Application, found.application.id), "other", "a.pdf", a_pdf(), store=store)
