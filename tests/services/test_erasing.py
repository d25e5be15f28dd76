"""Erasing a person: nothing of them is left, what is evidence stands under a pseudonym, the record is whole."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from pathlib import Path

import pytest
from sqlalchemy import select, update

from app.act import Act
from app.db import Database
from app.doctor import examine
from app.doctor.record import chains_verify, events_replay
from app.models import (
    Application,
    Assignment,
    Conflict,
    Document,
    DocumentKind,
    Job,
    Label,
    Organisation,
    Part,
    Participant,
    Person,
    Remark,
    SavedSearch,
    Score,
    SubmittedVersion,
)
from app.outbox import enqueue_mail
from app.services.accounts.office import enable
from app.services.assigning.assignment import assign
from app.services.calls.message import write_message
from app.services.erasing import erasing
from app.services.erasing.erasing_fates import decided, to_decide
from app.services.erasing.erasing_mails import forgetting
from app.services.erasing.erasing_obstacles import obstacles
from app.services.erasing.erasing_words import Traces
from app.services.searching.search_index import index_again
from app.services.transitions import Refused, note, perform, remark
from app.services.uploads.sweeping import GRACE, sweep
from app.ticking import tick
from tests.support.evaluation import Evaluation
from tests.support.marked import EMAIL, NAME, SECRET, everything, plant
from tests.support.played import Village, found, moments
from tests.support.world import World
from workflows import assignment as assignment_states
from workflows.relations import Relation as R


def test_every_column_that_can_hold_words_has_its_fate():
    assert decided() == to_decide()


def test_names_are_found_as_words_of_their_own_whatever_their_capitals():
    traces = Traces("p" * 20 + "abcdef", ("Ana Silva",), ("ana@x.example",))

    assert traces.replaced("Ana  SILVA, not Ana Silvano; ANA@X.example, not ana@x.example-b.org") == (
        "Erased person ABCDEF, not Ana Silvano; erased-ppppppppppppppppppppabcdef@erased.invalid, "
        "not ana@x.example-b.org"
    )


# -- the whole world -----------------------------------------------------------------------------------------------


def test_nothing_of_an_erased_person_is_left_and_the_record_is_whole(database: Database, tmp_path: Path):
    village = found(database, tmp_path)
    for _moment in moments(village):
        pass
    me = village.people["expert"]
    before, registered = findings(village), register(village)
    old_bytes = plant_all(village, me)
    mails = write_mails(village, me)
    assert len({table for table, text in everything(database) if "zyxq" in text}) > 30

    with village.world.act(person(village, me)) as act:
        erasing.erase(act, act.session.get_one(Person, me), relation=R.SELF, data=tmp_path)

    store = village.stage.house.store
    with village.looking(None) as act:
        job = act.session.scalars(select(Job).where(Job.kind == "after_erasing")).one()
    with village.world.act() as act:
        forgetting(tmp_path)(job.args, job.id)(act)
    sweep(database, store, datetime.now(UTC) + GRACE * 2)
    assert [(table, text) for table, text in everything(database) if "zyxq" in text] == []
    assert [path.name for path in tmp_path.rglob("*") if path.is_file() and "escp.sqlite3" not in path.name and b"zyxq" in path.read_bytes().lower()] == []  # fmt: skip
    assert not store.exists(old_bytes)
    assert sorted(path.stem for path in (tmp_path / "mail").glob("*.eml")) == [mails["of others"]]
    assert findings(village) == before
    assert register(village) == registered
    with village.looking(None) as act:
        assert evidence_is_there(act, me)
        assert erasing.left_over(act.session) == []


def plant_all(village: Village, me: str) -> str:
    """Plant the marker everywhere, a printed receipt with it; gives the digest of the receipt's bytes."""
    with village.stage.house.database.writing() as session:
        session.execute(
            update(Person).where(Person.id == me).values(name=NAME, email=EMAIL, email_folded=EMAIL.lower())
        )
        session.commit()
    with village.world.act(person(village, me)) as act:
        write_by_services(village, act, me)
        plant(act.session, me)
        act.session.execute(update(Conflict).where(Conflict.person_id == me).values(dismissed_at=act.now))
        act.session.expire_all()
        index_again(act.session, *act.session.scalars(select(Organisation)).all())
    stored = village.stage.house.store.put(b"%PDF-1.7 received from Zyxq Quentinova")
    with village.world.act(person(village, me)) as act:
        kept = remark(act, SECRET)
        event = note(act, act.session.get_one(Person, me), "ask_for_help", relation=R.SELF, data={"text": kept})
        receipt = act.session.scalars(select(Document).where(Document.kind == DocumentKind.RECEIPT)).first()
        assert receipt is not None
        act.session.add(
            Document(
                id=act.new_id(), kind=DocumentKind.RECEIPT, noun="application", thing_id=receipt.thing_id,
                call_id=receipt.call_id, application_id=receipt.application_id, event_id=event.id, wanted_at=act.now,
                template_version="1", snapshot=receipt.snapshot | {"submitted_by": NAME}, file_name="receipt.pdf",
                made_at=act.now, plain_sha256=stored.sha256, issued_sha256=stored.sha256, size=stored.size,
            )
        )  # fmt: skip
        letter = act.session.scalars(select(Document).where(Document.kind == DocumentKind.RESULT_LETTER)).first()
        assert letter is not None
        letter.snapshot = letter.snapshot | {"addressee": [NAME, "North Cluster"]}
        add_part(act, letter, me)
    return stored.sha256


def write_by_services(village: Village, act: Act, me: str) -> None:
    """Write as the person what only services write well: a message, and an outcome of a mail that names them."""
    application = act.session.get_one(Application, village.things["application"])
    act.session.add(
        Participant(
            id=act.new_id(), application_id=application.id, person_id=me, part=Part.DEPUTY, since=act.now, until=None
        )
    )
    act.session.flush()
    write_message(act, application, SECRET)
    enqueue_mail(act, "office_changed", person_id=None, address="other@other.example", about={}, key="x")
    act.session.flush()
    act.session.execute(
        update(Job).where(Job.kind == "mail", Job.key.contains("other@other"))
        .values(outcome={"subject": f"{NAME} asks"}, error=f"refused: {EMAIL}")
    )  # fmt: skip


def add_part(act: Act, letter: Document, me: str) -> None:
    """Put the person into the sheet beside the version of the letter's application."""
    version = act.session.scalars(
        select(SubmittedVersion).where(SubmittedVersion.application_id == letter.application_id)
    ).first()
    assert version is not None
    version.persons = {**version.persons, me: {"name": NAME, "email": EMAIL}}
    act.session.add(
        Participant(
            id=act.new_id(), application_id=version.application_id, person_id=me, part=Part.HELPER,
            since=act.now - timedelta(days=9), until=act.now,
        )
    )  # fmt: skip


def write_mails(village: Village, me: str) -> dict[str, str]:
    """Write three mails to files: to the person, about the person, about others."""
    with village.world.act() as act:
        enqueue_mail(act, "office_changed", person_id=me, address=EMAIL, about={}, key="to")
        to = act.session.scalars(select(Job.id).where(Job.key == f"mail:office_changed:to:{EMAIL}")).one()
    folder = village.stage.house.settings.data / "mail"
    folder.mkdir(exist_ok=True)
    texts = {
        to: ("a@a.example", "Hello."),
        "about": ("b@b.example", f"{NAME} asks."),
        "others": ("c@c.example", "Hello."),
    }
    for name, (address, text) in texts.items():
        head = f"To: {address}\nSubject: News\nContent-Type: text/plain; charset=utf-8\n\n"
        (folder / f"{name}.eml").write_text(head + text, encoding="utf-8")
    return {"of others": "others"}


def person(village: Village, person_id: str) -> Person:
    with village.looking(None) as act:
        return act.session.get_one(Person, person_id)


def findings(village: Village) -> list[str]:
    with village.looking(None) as act:
        return [str(one) for one in examine(act.session, village.stage.house.store, act.now)]


def register(village: Village) -> list[object]:
    with village.looking(None) as act:
        labels = [(one.number, one.code, one.partners, one.state) for one in act.session.scalars(select(Label))]
        papers = select(Document).where(Document.kind == DocumentKind.CERTIFICATE)
        return [labels, [(one.snapshot, one.issued_sha256) for one in act.session.scalars(papers)]]


def evidence_is_there(act: Act, me: str) -> bool:
    """Scores stand, with their reasons under the pseudonym; the account is closed under it as well."""
    account = act.session.get_one(Person, me)
    reasons = act.session.scalars(select(Score.reasons).where(Score.reasons.contains(account.name))).all()
    return account.name.startswith("Erased person") and account.disabled_at is not None and len(reasons) == 1


def test_the_file_of_the_database_holds_nothing_either(world: World):
    if not world.database.url.startswith("sqlite"):
        return  # what PostgreSQL leaves in its files, its own cleaning takes
    ana = world.person("Ana Silva", "zyxq@silva.example")
    organisation = world.organisation("Textile Cluster", ana, published=False, summary="Ask zyxq@silva.example.")
    with world.act(world.person()) as act:
        index_again(act.session, act.session.get_one(Organisation, organisation.id))
        act.session.add(saved_search(act, ana, "zyxq " * 2000))
    assert b"zyxq" in file_of(world)

    with world.act(ana) as act:
        erasing.erase(act, act.session.get_one(Person, ana.id), relation=R.SELF)

    assert b"zyxq" not in file_of(world)


def saved_search(act: Act, whose: Person, query: str) -> SavedSearch:
    return SavedSearch(
        id=act.new_id(), person_id=whose.id, name="Mine", noun="profile", query=query, salt=b"s", created_at=act.now,
        looked_at=act.now,
    )  # fmt: skip


def file_of(world: World) -> bytes:
    path = Path(world.database.url.removeprefix("sqlite:///"))
    with closing(sqlite3.connect(path)) as connection:
        connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    return path.read_bytes()


# -- who decides, and what stands in the way -----------------------------------------------------------------------


def test_an_administrator_needs_a_second_one_and_the_person_is_told(world: World):
    first, second = (world.person(name, None, R.ADMINISTRATOR) for name in ("Ada Admin", "Abe Admin"))
    ana = world.person("Ana Silva", "ana@silva.example")
    with world.act(first) as act:
        erasing.ask_erasure(act, act.session.get_one(Person, ana.id), "Request 7", relation=R.ADMINISTRATOR)
        assert act.session.scalars(select(Job.args["template"].as_string())).all() == ["erasure_asked"]
        with pytest.raises(Refused, match="another administrator"):
            erasing.confirm_erasure(act, act.session.get_one(Person, ana.id), relation=R.ADMINISTRATOR)

    with world.act(second) as act:
        done = erasing.confirm_erasure(act, act.session.get_one(Person, ana.id), relation=R.ADMINISTRATOR)

        me = act.session.get_one(Person, ana.id)
        assert (me.name.startswith("Erased person "), done.evidence_until, done.ended_at) == (True, None, act.now)
        assert act.session.scalars(select(Job.kind)).all() == ["after_erasing"]
        assert act.session.get_one(Remark, done.reason_id).text == "Request 7"
        with pytest.raises(Refused, match="erased already"):
            enable(act, me, relation=R.ADMINISTRATOR)


def test_what_an_administrator_asked_for_is_taken_back(world: World):
    ada, ana = world.person("Ada Admin", None, R.ADMINISTRATOR), world.person("Ana Silva")
    with world.act(ada) as act:
        me = act.session.get_one(Person, ana.id)
        erasing.ask_erasure(act, me, "Request 7", relation=R.ADMINISTRATOR)
        erasing.take_erasure_back(act, me, relation=R.ADMINISTRATOR)

        assert erasing.erasure_of(act.session, me) is None


def test_what_stands_in_the_way_is_named_with_its_remedy(world: World):
    pia = world.person("Pia Programme", None, R.PROGRAMME_MANAGER)
    world.organisation("Textile Cluster", pia)
    with world.act(pia) as act:
        me = act.session.get_one(Person, pia.id)
        found = obstacles(act, me)

        assert found.codes == ("last-in-office", "only-administrator")
        assert found.reasons[1].plain().startswith("Textile Cluster has no other administrator. Make somebody else its")
        with pytest.raises(Refused):
            erasing.erase(act, me, relation=R.SELF)
        assert (me.name, erasing.is_erased(act.session, me)) == ("Pia Programme", False)


def test_open_work_is_named_to_the_person_and_not_to_an_administrator(world: World):
    evaluation = Evaluation(world)
    application = evaluation.application("SMARTEX")
    evaluation.close()
    evaluation.admit(application)
    eva = evaluation.expert()
    evaluation.task(application, eva)
    lead = lead_of(world, application)
    ada = world.person("Ada Admin", None, R.ADMINISTRATOR)

    def told(asker: Person, whose: Person) -> list[str]:
        with world.look(asker) as act:
            return [one.plain() for one in obstacles(act, act.session.get_one(Person, whose.id)).reasons]

    assert told(eva, eva) == ["An evaluation is not over. Ask the call manager to take its tasks back."]
    assert "The application SMARTEX is still open. Hand its coordination over on its page, or withdraw it." in told(lead, lead)  # fmt: skip
    assert told(ada, eva) == [
        "An application or an evaluation is still open. It has to be handed over or ended first, by whoever has it."
    ]


def test_a_task_nobody_was_told_of_is_no_obstacle_and_ends(world: World):
    evaluation = Evaluation(world)
    application = evaluation.application("SMARTEX")
    evaluation.close()
    evaluation.admit(application)
    eva = evaluation.expert()
    with world.act(evaluation.manager) as act:
        target = act.session.get_one(Application, application.id)
        task = assign(act, target, act.session.get_one(Person, eva.id), rapporteur=False)

    with world.act(eva) as act:
        erasing.erase(act, act.session.get_one(Person, eva.id), relation=R.SELF)

        assert act.session.get_one(Assignment, task.id).state is assignment_states.State.ENDED
        assert record_findings(act) == []


def lead_of(world: World, application: Application) -> Person:
    with world.look() as act:
        query = select(Person).join(Participant, Participant.person_id == Person.id)
        return act.session.scalars(query.where(Participant.application_id == application.id)).one()


def test_evidence_goes_when_its_time_is_over_and_the_figures_stay(world: World):
    evaluation = Evaluation(world)
    application = evaluation.application("SMARTEX")
    evaluation.close()
    evaluation.admit(application)
    eva = evaluation.expert("Eva Expert")
    evaluation.score(evaluation.task(application, eva), "4", "4", words="As Eva Expert I say: good.")
    with world.act(evaluation.manager) as act:
        me = act.session.get_one(Person, eva.id)
        task = act.session.scalars(select(Assignment).where(Assignment.person_id == eva.id)).one()
        perform(act, task, "remove", {"reason": "Eva Expert asks to be erased."})
    with world.act(eva) as act:
        me = act.session.get_one(Person, eva.id)
        done = erasing.erase(act, me, relation=R.SELF)
        until = done.evidence_until
        assert until is not None
        assert until.year == evaluation.call.closes_at.year + 10

    def reasons() -> set[str]:
        with world.look() as act:
            return set(act.session.scalars(select(Score.reasons)))

    assert reasons() == {f"As {me.name} I say: good."}
    tick(world.database, until - timedelta(days=1), world.chance)
    assert reasons() == {f"As {me.name} I say: good."}
    tick(world.database, until, world.chance)
    assert reasons() == {""}
    with world.look() as act:
        assert set(act.session.scalars(select(Score.points))) == {Decimal(4)}
        assert [str(one) for one in record_findings(act)] == []


def record_findings(act: Act) -> list[object]:
    return [*chains_verify(act.session, act.now), *events_replay(act.session, act.now), *erasing.left_over(act.session)]
