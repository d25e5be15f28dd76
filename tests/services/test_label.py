"""The label: offered, accepted, numbered, certified; suspended and withdrawn by two persons."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import select, update
from sqlalchemy.exc import IntegrityError

from app.documents.renderer import Renderer
from app.models import Application, Document, DocumentKind, Label
from app.services.labels.label import grouped, months_later
from app.services.labels.verification import LabelRegister, find_label, public_state
from app.services.transitions import Refused, perform
from app.store import Store
from app.verify_command import verify_file
from tests.support.beginnings import Begin
from tests.support.decided import FAIR, GOOD, Office
from tests.support.world import REAL, World
from workflows.application import State as ApplicationState
from workflows.label import State
from workflows.relations import Relation as R


@pytest.fixture
def office(begin: Begin) -> Office:
    found: Office = begin(Office)
    return found


@pytest.fixture
def store(tmp_path: Path) -> Store:
    return Store.from_url(str(tmp_path / "files"))


@pytest.fixture(scope="module")
def renderer():
    with Renderer() as renderer:
        yield renderer


def labelled(office: Office) -> Label:
    application = office.application("FIRST", GOOD)
    office.release()
    return office.accept(application)


def active(office: Office, store: Store, renderer: Renderer) -> Label:
    label = labelled(office)
    office.make_documents(store, renderer, "certificate")
    return office.label_again(label)


def take(office: Office, person: object, label: Label, name: str, data: dict[str, object] | None = None) -> None:
    with office.world.act(person) as act:
        perform(act, act.session.get_one(Label, label.id), name, data)


def test_an_offer_has_no_number_and_a_last_day(office: Office) -> None:
    application = office.application("FIRST", GOOD)
    office.release()
    label = office.label_of(application)

    assert (label.state, label.number, label.code) == (State.OFFERED, None, None)
    assert label.accept_by == datetime(2018, 4, 8, 22, tzinfo=UTC)  # thirty days later, the end of the day in Brussels
    assert (label.partners[0]["name"], label.partners[0]["role"]) == ("FIRST cluster IT", "coordinator")


def test_accepting_gives_number_code_and_period(office: Office) -> None:
    label = labelled(office)

    assert label.state is State.CONFERRED
    assert label.number is not None
    assert label.number.startswith("ESCP-S3-2018-")
    assert label.code is not None
    assert [len(part) for part in label.code.split("-")] == [4, 4, 4, 4]
    assert label.valid_until == datetime(2020, 9, 30, 22, tzinfo=UTC)  # 24 months from 1 October 2018


def test_the_charter_must_be_accepted(office: Office) -> None:
    application = office.application("FIRST", GOOD)
    office.release()

    with pytest.raises(Refused) as refused:
        take(office, office.lead_of(application), office.label_of(application), "accept", {"charter": False})

    assert refused.value.verdict.codes == ("missing-charter",)


def test_an_offer_not_accepted_in_time_lapses(office: Office) -> None:
    application = office.application("FIRST", GOOD)
    office.release()
    office.world.later(days=31)

    with office.world.act() as act:
        perform(act, act.session.get_one(Label, office.label_of(application).id), "lapse", by=R.CLOCK)

    assert office.label_of(application).state is State.LAPSED


def test_a_number_is_never_used_twice(office: Office) -> None:
    first, second = office.application("FIRST", GOOD), office.application("OTHER", GOOD)
    office.release()
    number = office.accept(first).number
    office.accept(second)

    with pytest.raises(IntegrityError), office.world.act() as act:
        act.session.execute(update(Label).where(Label.number != number).values(number=number))


def test_the_label_is_valid_once_its_certificate_is_stored(office: Office, store: Store, renderer: Renderer) -> None:
    label = active(office, store, renderer)

    assert label.state is State.ACTIVE
    with office.world.look() as act:
        document = act.session.scalars(select(Document).where(Document.kind == DocumentKind.CERTIFICATE)).one()
        assert document.issued_sha256 is not None
        assert store.size(document.issued_sha256) == document.size


def test_making_a_certificate_twice_changes_nothing(office: Office, store: Store, renderer: Renderer) -> None:
    labelled(office)
    office.make_documents(store, renderer, "certificate")
    with office.world.look() as act:
        before = act.session.scalars(select(Document.issued_sha256).where(Document.kind == "certificate")).all()
    office.make_documents(store, renderer)
    office.make_documents(store, renderer)

    with office.world.look() as act:
        after = act.session.scalars(select(Document.issued_sha256).where(Document.kind == "certificate")).all()
        waiting = act.session.scalars(select(Document.id).where(Document.made_at.is_(None))).all()
    assert before == after
    assert waiting == []


def certificate_bytes(office: Office, store: Store) -> bytes:
    with office.world.look() as act:
        return store.get(
            act.session.scalars(select(Document.issued_sha256).where(Document.kind == "certificate")).one()
        )


def test_every_certificate_verifies_and_none_changed_by_a_byte(
    office: Office, store: Store, renderer: Renderer, tmp_path: Path
) -> None:
    label = active(office, store, renderer)
    data = certificate_bytes(office, store)
    issued, altered, foreign = tmp_path / "issued.pdf", tmp_path / "altered.pdf", tmp_path / "foreign.pdf"
    issued.write_bytes(data)
    altered.write_bytes(data[:-1] + bytes([data[-1] ^ 1]))
    foreign.write_bytes(b"%PDF-1.7\nnothing of ours")

    with office.world.look() as act:
        assert verify_file(act, issued) == (0, f"{label.number} · FIRST · valid")
        code, text = verify_file(act, altered)
        assert (code, text.split(":")[0]) == (1, "altered")
        assert verify_file(act, foreign) == (1, "not issued by us")
        assert verify_file(act, issued, as_json=True)[1].startswith('{"verdict": "issued", "valid": true')


def test_a_withdrawn_label_is_told_as_withdrawn(
    office: Office, store: Store, renderer: Renderer, tmp_path: Path
) -> None:
    label = active(office, store, renderer)
    take(office, office.manager, label, "propose_suspension", {"reason": "No joint work"})
    take(office, office.director, label, "suspend")
    take(office, office.manager, label, "propose_withdrawal", {"reason": "Still none"})
    take(office, office.director, label, "withdraw")
    path = tmp_path / "issued.pdf"
    path.write_bytes(certificate_bytes(office, store))

    with office.world.look() as act:
        assert verify_file(act, path) == (1, f"{label.number} · FIRST · withdrawn")


@pytest.mark.parametrize("steps", [["propose_suspension", "suspend"], ["propose_withdrawal", "withdraw"]])
def test_whoever_proposes_never_signs(office: Office, store: Store, renderer: Renderer, steps: list[str]) -> None:
    both = office.world.person("Bo Both", None, R.CALL_MANAGER, R.PROGRAMME_MANAGER)
    label = active(office, store, renderer)
    if steps[0] == "propose_withdrawal":
        take(office, office.manager, label, "propose_suspension", {"reason": "No joint work"})
        take(office, office.director, label, "suspend")
    take(office, both, label, steps[0], {"reason": "No joint work"})

    with pytest.raises(Refused) as refused:
        take(office, both, label, steps[1])

    assert refused.value.verdict.codes == ("same-person",)


def test_numbers_and_codes_are_found_however_they_are_typed(office: Office, store: Store, renderer: Renderer) -> None:
    label = active(office, store, renderer)
    assert label.number is not None
    assert label.code is not None

    with office.world.look() as act:
        for typed in (
            label.number,
            label.number.lower(),
            label.code,
            label.code.replace("-", " "),
            f" {label.code.lower()} ",
        ):
            found = find_label(act, typed)
            assert found is not None
            assert found.id == label.id
        assert [find_label(act, typed) for typed in ("", "ESCP-S3-2018-", "%", label.code[:-1], "x" * 5000)] == [
            None
        ] * 5


def test_a_label_whose_certificate_is_not_made_is_not_known(office: Office) -> None:
    label = labelled(office)

    with office.world.look() as act:
        assert label.number is not None
        assert find_label(act, label.number) is None
        assert LabelRegister(act).number_of(label.number) is None


def test_a_period_that_is_over_is_over_before_the_clock_says_so(
    office: Office, store: Store, renderer: Renderer
) -> None:
    label = active(office, store, renderer)
    assert label.valid_until is not None

    assert public_state(label, label.valid_until - timedelta(microseconds=1)) is State.ACTIVE
    assert public_state(label, label.valid_until) is State.EXPIRED


def test_a_proposed_suspension_is_not_public(office: Office, store: Store, renderer: Renderer) -> None:
    label = active(office, store, renderer)
    take(office, office.manager, label, "propose_suspension", {"reason": "No joint work"})

    assert public_state(office.label_again(label), office.world.now) is State.ACTIVE


def test_practice_stands_on_every_document(world: World) -> None:
    office = Office(world, practice=True)
    labelled(office)

    with world.look() as act:
        snapshots = act.session.scalars(select(Document.snapshot)).all()
    assert len(snapshots) == 4
    assert {snapshot["practice"] for snapshot in snapshots} == {True}


def test_months_later_stays_in_the_month() -> None:
    day = datetime(2018, 8, 31, tzinfo=UTC).date()

    assert months_later(day, 6).isoformat() == "2019-02-28"
    assert months_later(day, 12).isoformat() == "2019-08-31"
    assert grouped("ABCDEFGH") == "ABCD-EFGH"


def test_the_certificate_ends_on_the_last_valid_day(office: Office) -> None:
    labelled(office)

    with office.world.look() as act:
        snapshot = act.session.scalars(select(Document.snapshot).where(Document.kind == "certificate")).one()
    assert (snapshot["issued_on"], snapshot["expires_on"]) == ("2018-03-09", "2020-09-30")
    assert snapshot["thematic_area"] == "Digital transformation and Industry 4.0"
    assert [partner["country"] for partner in snapshot["partners"]] == ["Italy", "Greece", "Bulgaria"]


def reserve(office: Office) -> Application:
    """The second of two that ask for all the money of the call."""
    office.application("FIRST", GOOD, grant=2_800_000)
    second = office.application("SECOND", FAIR, grant=2_800_000)
    office.release()
    return second


def test_the_reserve_list_may_take_the_label_without_a_grant(office: Office, store: Store, renderer: Renderer) -> None:
    second = reserve(office)

    label = office.accept(second)
    office.make_documents(store, renderer)

    with office.world.look() as act:
        assert act.session.get_one(Application, second.id).state is ApplicationState.RESERVE
        papers = {d.kind: d.snapshot for d in act.session.scalars(select(Document)) if d.application_id == second.id}
    assert (label.with_grant, office.label_again(label).state) == (False, State.ACTIVE)
    assert papers[DocumentKind.CERTIFICATE]["with_grant"] is False
    assert "no grant of the call goes with it" in " ".join(papers[DocumentKind.RESULT_LETTER]["paragraphs"])


def test_a_call_that_does_not_say_so_offers_no_label_to_the_reserve_list(world: World, tmp_path: Path) -> None:
    silent = tmp_path / "call.yaml"
    silent.write_text(
        re.sub(r"  reserve_may_get_label_without_grant:\n(    .*\n)+", "", REAL.read_text("utf-8")), "utf-8"
    )
    office = Office(world, path=silent)
    second = reserve(office)

    with world.look() as act:
        assert act.session.scalar(select(Label).where(Label.application_id == second.id)) is None
