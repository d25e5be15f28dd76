"""The release killed in the middle, and a result turned over: nobody outside the office sees one sign of either."""

from __future__ import annotations

import re
import signal
import subprocess
import sys
from pathlib import Path

from sqlalchemy import select, text, update

from app.models import (
    AgreedScore,
    Application,
    Base,
    Consensus,
    Decision,
    DecisionLine,
    Document,
    Event,
    Job,
    Label,
    Outcome,
    Person,
)
from tests.support.decided import GOOD, WEAK, Office
from tests.support.web import Browser, Web, new_app, settings_of
from tests.support.world import World
from workflows.application import State as ApplicationState
from workflows.relations import Relation as R

REQUESTS = 100  # the first ones after the restart
# What differs between two answers to the same question: tokens, and what a page says of the moment.
PASSING = re.compile(r'name="(csrf_token|act_id)" value="[^"]*"|[a-z2-7]{26}|\d+ (minutes?|seconds?) ago|nonce-[\w-]+')
QUIET = {"reading", "denial", "sign_in", "event", "job"}
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
url, person, now, after = sys.argv[1:]
wire()
seen = 0
@event.listens_for(Event, "after_insert")
def count(*_):
    global seen
    seen += 1
    if seen == int(after):
        os.kill(os.getpid(), signal.SIGKILL)
chance = Secret()
with Database(url).writing() as session:
    at = datetime.fromisoformat(now)
    act = Act(session, at, chance, new_id(chance), session.get_one(Person, person), at)
    perform(act, session.scalars(select(Decision)).one(), "release")
    session.commit()
"""


def signed(world: World) -> tuple[Office, Application, Application]:
    office = Office(world)
    good = office.application("FIRST", GOOD, lead=world.person("Lea Lead"))
    weak = office.application("WEAK", WEAK, lead=world.person("Wim Weak"))
    office.start()
    office.take(office.manager, "propose")
    office.take(office.director, "sign")
    return office, good, weak


def addresses(office: Office, *mine: Application) -> list[str]:
    """Wherever a result could show: lists, counts, registers, searches, the thing itself and what hangs on it."""
    with office.world.look() as act:
        decision = act.session.scalars(select(Decision.id)).one()
        reports = list(act.session.scalars(select(Consensus.id)))
        papers = list(act.session.scalars(select(Document.id)))
    plain = ["/", "/calls", "/work", "/applications", "/labels", "/verify", "/organisations", "/search", "/feed", "/me"]
    call = [f"/calls/{office.call.id}{page}" for page in ("", "/cockpit", "/decision", "/applications", "/reviews")]
    own = [
        f"/applications/{one.id}{page}"
        for one in mine
        for page in ("", "/result", "/history", "/review", "/messages", "/award-documents")
    ]
    rest = [
        f"/decisions/{decision}",
        *(f"/consensus/{one}" for one in reports),
        *(f"/documents/{one}" for one in papers),
    ]
    return [*plain, *call, *own, *rest]


def looked(browser: Browser, pages: list[str]) -> dict[str, tuple[int, str, str]]:
    found = {}
    for page in pages:
        answer = browser.get(page)
        found[page] = (answer.status_code, answer.headers.get("Location", ""), PASSING.sub("", answer.text))
    return found


def rows(world: World) -> dict[str, list[str]]:
    """Every row of every table but those that looking itself writes."""
    with world.look() as act:
        return {
            table.name: sorted(str(tuple(row)) for row in act.session.execute(select(table)))
            for table in Base.metadata.sorted_tables
            if table.name not in QUIET - {"event", "job"}
        }


def turn_over(world: World) -> None:
    """Let the weak one win and the good one lose, in scores, lines and ranking."""
    with world.act() as act:
        act.session.execute(update(AgreedScore).values(points=AgreedScore.points / 2, reasons="TURNED OVER"))
        for line in act.session.scalars(select(DecisionLine)):
            line.outcome = Outcome.REJECT if line.outcome is Outcome.AWARD else Outcome.AWARD
            line.position, line.total = -line.position, line.total / 2
        act.session.execute(text("UPDATE document SET snapshot = '{}' WHERE kind = 'decision_act'"))


def test_no_sign_of_a_result_after_a_release_that_was_killed(world: World, tmp_path: Path) -> None:
    office, good, weak = signed(world)
    with world.look() as act:
        leads = [
            act.session.scalars(select(Person).where(Person.name == name)).one() for name in ("Lea Lead", "Wim Weak")
        ]
    outsiders = [world.person("Eva Expert"), world.person("Ada Admin", None, R.ADMINISTRATOR)]
    everybody = [(leads[0], addresses(office, good)), (leads[1], addresses(office, weak))]
    everybody += [(one, addresses(office, good)) for one in outsiders]

    def crawl() -> list[dict[str, tuple[int, str, str]]]:
        """A new application on the same data: nothing of the one before is in memory."""
        app = new_app(settings_of(world), lambda: world.now)
        try:
            web = Web(app, world)
            found = [looked(web.client_of(person), pages) for person, pages in everybody]
            return [*found, looked(web.visitor(), everybody[0][1])]
        finally:
            app.extensions["database"].close()

    before = crawl()
    assert sum(map(len, before)) >= REQUESTS
    data = rows(world)
    world.database.close()
    for after in (2, 5):  # with the first applications decided, and with labels offered and letters wanted
        run = subprocess.run(
            [sys.executable, "-c", KILLED, world.database.url, office.director.id, world.now.isoformat(), str(after)],
            check=False, capture_output=True,
        )  # fmt: skip
        assert run.returncode == -signal.SIGKILL, run.stderr.decode()
    assert rows(world) == data
    turn_over(world)

    assert crawl() == before

    with world.look() as act:
        assert set(act.session.scalars(select(Application.state))) == {ApplicationState.EVALUATED}
        assert act.session.scalars(select(Label)).all() == []
        assert [job for job in act.session.scalars(select(Job)) if job.args.get("template") == "result"] == []


def test_all_are_told_in_the_same_minute(world: World) -> None:
    office, _good, _weak = signed(world)

    office.take(office.director, "release")

    with world.look() as act:
        decision = act.session.scalars(select(Decision)).one()
        told = [job for job in act.session.scalars(select(Job)) if job.args.get("template") == "result"]
        assert len(told) == 2
        assert {job.enqueued_at for job in told} == {decision.released_at}
        changes = act.session.scalars(select(Event).where(Event.noun == "application", Event.name.in_(Outcome))).all()
        assert {event.at for event in changes} == {decision.released_at}
        assert {event.request_id for event in changes} == {changes[0].request_id}
