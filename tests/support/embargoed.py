"""A decision that is signed and not released, with everybody around it: who may know the result, and who must not."""

from __future__ import annotations

import re
import signal
import subprocess
import sys
from dataclasses import dataclass, field
from datetime import date

from sqlalchemy import event, select, update

from app.db import Database
from app.models import (
    AgreedScore,
    Application,
    Assignment,
    Call,
    Consensus,
    Decision,
    DecisionLine,
    Document,
    OrganisationMember,
    Outcome,
    Part,
    Participant,
    Person,
)
from app.services.calls.calendar import renew_feed, token_of
from app.services.dossiers.auditing import grant
from app.services.transitions import create
from tests.support.decided import GOOD, WEAK, Office
from tests.support.web import Browser
from tests.support.world import World
from workflows.assignment import State as TaskState
from workflows.relations import Relation as R

# What differs between two answers to the same question: tokens, ids, and the mark of whose typed texts a browser keeps.
PASSING = re.compile(r'(name="(csrf_token|act_id)" value|data-escp-keep-for)="[^"]*"|[a-z2-7]{26}|nonce-[\w-]+')
OFFICE = ("call manager", "programme manager who signed", "other programme manager", "auditor")
READERS = ("expert of the first", "expert of the last")  # of the agreed scores, not of the result
KILLED = """
import os, signal, sys
from datetime import datetime
from sqlalchemy import event, select
from app.act import Act
from app.chance import Secret, new_id
from app.db import Database
from app.models import Decision, Event, Person
from app.services.transitions import perform
from app.wiring import wire
url, person, now, *moments = sys.argv[1:]
wire()
seen = 0
def release(after):
    @event.listens_for(Event, "after_insert")
    def count(*_):
        global seen
        seen += 1
        if seen == after:
            os.kill(os.getpid(), signal.SIGKILL)
    chance = Secret()
    with Database(url).writing() as session:
        at = datetime.fromisoformat(now)
        act = Act(session, at, chance, new_id(chance), session.get_one(Person, person), at)
        perform(act, session.scalars(select(Decision)).one(), "release")
        session.commit()
for after in map(int, moments):
    if not (child := os.fork()):
        release(after)
        os._exit(0)
    print(os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]))
"""


@dataclass(frozen=True)
class Answer:
    """What came back, and what was asked of the database for it."""

    status: int
    leads_to: str
    text: str
    statements: tuple[str, ...]


@dataclass
class Embargoed:
    """Two applications alike in everything but their scores: the first would be awarded, the last rejected."""

    office: Office
    first: Application
    last: Application
    people: dict[str, Person | None] = field(default_factory=dict)
    calendars: dict[str, str] = field(default_factory=dict)

    @property
    def outside(self) -> list[str]:
        return [name for name in self.people if name not in (*OFFICE, *READERS)]

    def pages_of(self, name: str) -> list[str]:
        """Wherever a result could show: lists, counts, registers, feeds, the thing itself and what hangs on it."""
        with self.office.world.look() as act:
            decision = act.session.scalars(select(Decision.id)).one()
            reports = list(act.session.scalars(select(Consensus.id)))
            papers = list(act.session.scalars(select(Document.id)))
        call = f"/calls/{self.office.call.id}"
        own = pages_about(self.last if "last" in name else self.first)
        rest = [
            f"{call}/cockpit", f"{call}/decision", f"/decisions/{decision}", *(f"/consensus/{one}" for one in reports),
            *(f"/documents/{one}" for one in papers),
        ]  # fmt: skip
        found = ["/work", "/applications", "/register", "/record.json", *own, *rest]
        if name in self.calendars:
            found.append(self.calendars[name])
        if name in ("visitor", "coordinator of the first", "coordinator of the last"):
            everybodys = ["/", "/calls", "/register.csv", "/api/register", "/record", call, f"{call}/draw"]
            found += [*everybodys, f"{call}/reviews", f"/decisions/{decision}/portfolio"]
        return found

    def _take_part(self, partner: str, employee: str) -> None:
        """Name one as the contact of the last application's last partner, and let the other work for both partners."""
        with self.office.world.act() as act:
            member = act.session.get_one(Application, self.last.id).memberships[-1]
            contact, tied = self.people[partner], self.people[employee]
            assert contact is not None
            assert tied is not None
            act.session.add(
                Participant(
                    id=act.new_id(), application_id=self.last.id, membership_id=member.id, person_id=contact.id,
                    part=Part.CONTACT, since=act.now,
                )
            )  # fmt: skip
            for application in (self.first, self.last):
                employer = act.session.get_one(Application, application.id).memberships[-1].organisation_id
                employment = OrganisationMember(
                    id=act.new_id(), organisation_id=employer, person_id=tied.id, administrator=False, accepted=True,
                    asked_at=act.now, answered_at=act.now,
                )  # fmt: skip
                act.session.add(employment)

    def _evaluates(self, name: str, application: Application) -> None:
        """Put a task there as it is when the agreed text has been signed."""
        person = self.people[name]
        assert person is not None
        with self.office.world.act() as act:
            task = Assignment(application_id=application.id, person_id=person.id, rapporteur=True)
            create(act, task, relation=R.CALL_MANAGER)
            act.session.execute(update(Assignment).where(Assignment.id == task.id).values(state=TaskState.ACCEPTED))

    def release_and_kill(self, *moments: int) -> None:
        """Begin the release in processes of their own, killed with signal 9 once they have noted so many events."""
        world = self.office.world
        run = subprocess.run(
            [sys.executable, "-c", KILLED, world.database.url, self.office.director.id, world.now.isoformat(), *map(str, moments)],
            check=True, capture_output=True, text=True,
        )  # fmt: skip
        assert run.stdout.split() == [str(-signal.SIGKILL)] * len(moments), run.stderr

    def turn_over(self) -> None:
        """Let the last one win and the first one lose: in scores, lines, ranking and the act that waits."""
        with self.office.world.act() as act:
            act.session.execute(update(AgreedScore).values(points=AgreedScore.points / 2, reasons="TURNED OVER"))
            for line in act.session.scalars(select(DecisionLine)):
                line.outcome = Outcome.REJECT if line.outcome is Outcome.AWARD else Outcome.AWARD
                line.position, line.total = -line.position, line.total / 2
            act.session.execute(update(Document).where(Document.kind == "decision_act").values(snapshot={}))


def looked(browser: Browser, database: Database, pages: list[str]) -> dict[str, Answer]:
    """Fetch pages, and note what each asked of the database."""
    asked: list[str] = []

    def note(_connection: object, _cursor: object, statement: str, *_rest: object) -> None:
        asked.append(statement)

    found = {}
    event.listen(database.engine, "before_cursor_execute", note)
    try:
        for page in pages:
            asked.clear()
            answer = browser.get(page)
            leads_to = PASSING.sub("", answer.headers.get("Location", ""))
            found[page] = Answer(answer.status_code, leads_to, PASSING.sub("", answer.text), tuple(asked))
    finally:
        event.remove(database.engine, "before_cursor_execute", note)
    return found


def pages_about(application: Application) -> list[str]:
    pages = ("", "/result", "/history", "/review", "/award-documents")
    return [f"/applications/{application.id}{page}" for page in pages]


def signed(world: World) -> Embargoed:
    office = Office(world)
    leads = world.person("Ann Alpha"), world.person("Oda Omega")
    first, last = (
        office.application(acronym, scores, lead=lead)
        for acronym, scores, lead in zip(("ALPHA", "OMEGA"), (GOOD, WEAK), leads, strict=True)
    )
    people = {
        "visitor": None, "coordinator of the first": leads[0], "coordinator of the last": leads[1],
        "partner of the last": world.person("Pia Partner"), "administrator": world.person("Ada Admin", None, R.ADMINISTRATOR),
        "manager tied to both": world.person("Tia Tied", None, R.CALL_MANAGER), "nobody": world.person("Nora Nemo"),
        "expert of the first": world.person("Eva Expert"), "expert of the last": world.person("Eli Expert"),
        "call manager": office.manager, "programme manager who signed": office.director,
        "other programme manager": office.other_director, "auditor": world.person("Aud Auditor", None, R.AUDITOR),
    }  # fmt: skip
    scene = Embargoed(office, first, last, people)
    scene._take_part("partner of the last", "manager tied to both")
    for name, application in zip(READERS, (first, last), strict=True):
        scene._evaluates(name, application)
    for name, person in people.items():
        if person is not None:
            with world.act(person) as act:
                scene.calendars[name] = f"/calendar/{token_of(renew_feed(act))}.ics"
    with world.act(office.director) as act:
        auditor = act.session.get_one(Person, people["auditor"].id)
        grant(act, act.session.get_one(Call, office.call.id), auditor, None, date(2099, 12, 31))
    office.start()
    office.take(office.manager, "propose")
    office.take(office.director, "sign")
    return scene
