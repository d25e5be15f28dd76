"""A deadline with hundreds of requests around it: nothing late comes in, nothing timely is turned away.

    python benchmarks/deadline_run.py [--requests 500] [--seconds 2] [--submissions 20]

The real server (`serve`: pages, outbox and clock in one process) runs as a process of its own on a folder of its own.
Each request saves an answer in a draft of its own, or submits a complete application. Its last byte is sent at a moment
drawn within the given seconds around the deadline; every fourth request sends its body slowly, begun long before. The
sender's clock judges: a request whose last byte was sent at or after the deadline must leave nothing; one whose last
byte was sent before it must be stored. In between lies only the way of a byte through the machine (`--way`, in
milliseconds): what falls into it is counted apart, and still may not be stored as late.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import os
import random
import re
import secrets
import subprocess
import sys
import tempfile
import time
from collections import Counter
from contextlib import closing
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from http.client import HTTPConnection
from pathlib import Path
from urllib.parse import urlencode

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

from sqlalchemy import select  # noqa: E402 the project is found first

from app.act import Act  # noqa: E402
from app.chance import Secret, Seeded  # noqa: E402
from app.commands.house import open_house  # noqa: E402
from app.models import Answer, Application, Call, Organisation, Person, SubmittedVersion  # noqa: E402
from app.services.accounts.sign_in import start_sign_in  # noqa: E402
from app.services.applications.application import start_application  # noqa: E402
from app.services.calls.call import definition_of  # noqa: E402
from config import Settings  # noqa: E402
from tests.support.application import a_draft, complete, declarations_of, with_partners  # noqa: E402
from tests.support.world import REAL, World  # noqa: E402

HOST = "127.0.0.1"
SLOW = 4  # every fourth
LEAD = 8.0  # seconds before the deadline at which connections are opened
PIECES = 5


@dataclass
class Shot:
    """One request: what it does, when its last byte leaves, and what became of it."""

    application: str
    submits: bool
    at: float  # seconds from the deadline
    slow: bool
    path: str = ""
    body: bytes = b""
    sent_from: float = 0.0  # the sender's clock just before the last byte, and just after
    sent_until: float = 0.0
    status: int = 0


@dataclass(frozen=True)
class Outcome:
    requests: int
    slow: int
    before: int
    after: int
    stored: int
    late_in: int
    timely_out: int
    on_the_way: int  # sent so shortly before the deadline that their arrival can't be told from outside
    longest_wait: float  # seconds until the last answer
    answers: dict[str, int]  # how often each status was answered to what came in time and was not stored


def ready(settings: Settings, requests: int, submissions: int) -> tuple[World, Call, str, list[Shot], list[str]]:
    """Fill a folder: one open call, a draft for each request, and some complete applications."""
    house = open_house(settings, durable=False)
    world = World(house.database, Seeded(7), settings.data)
    world.now = datetime.now(UTC)
    call = world.call(_a_call(world))
    whole = [complete(world, with_partners(world, a_draft(world, call))) for _ in range(submissions)]
    with world.act() as act:
        lead = act.session.get_one(Person, _person(world).id)
    organisation = world.organisation("Cluster Many", lead)
    with world.act(lead) as act:
        chosen = act.session.get_one(Organisation, organisation.id)
        stored = act.session.get_one(Call, call.id)
        drafts = [start_application(act, stored, chosen).id for _ in range(requests - submissions)]
    shots = [Shot(draft, submits=False, at=0, slow=False) for draft in drafts]
    shots += [Shot(one.application.id, submits=True, at=0, slow=False) for one in whole]
    people = [lead.id] * (requests - submissions) + [one.coordinator.id for one in whole]
    declared = declarations_of(whole[0]) if whole else []
    house.database.close()
    return world, call, lead.id, _with_bodies(world, call, shots, declared), people


def _person(world: World) -> Person:
    return world.person("Maria Many")


def _a_call(world: World) -> Path:
    """The real call, open now and for a year: its deadline is set when everything is ready."""
    text = REAL.read_text(encoding="utf-8")
    times = definition_times(text)
    for old, new in zip(times, (world.now - timedelta(days=30), world.now + timedelta(days=300)), strict=True):
        text = text.replace(old, new.strftime("%Y-%m-%d") + old[10:], 1)
    text = re.sub(r"\n  questions_until:(.|\n)*?(?=\n  \w)", "", text)
    path = world.folder / "call.yaml"
    path.write_text(text, encoding="utf-8")
    return path


def definition_times(text: str) -> tuple[str, str]:
    """The opening and the closing as the file writes them."""
    found = [
        re.search(rf"\n  {key}:(?:.|\n)*?([0-9]{{4}}-[0-9]{{2}}-[0-9]{{2}}[T0-9:]*)", text)
        for key in ("opens", "closes")
    ]
    return found[0][1], found[1][1]  # type: ignore[index]


def _with_bodies(world: World, call: Call, shots: list[Shot], declared: list[str]) -> list[Shot]:
    with world.look() as act:
        definition = definition_of(act.session.get_one(Call, call.id))
    section = next(s for s in definition.sections if any(q.type == "long_text" for q in s.questions))
    question = next(q for q in section.questions if q.type == "long_text")
    for shot in shots:
        text = "A line that is written while the time runs out. " * 10
        fields: list[tuple[str, str]] = [("act_id", secrets.token_hex(8))]
        if shot.submits:
            shot.path = f"/applications/{shot.application}/submit"
            fields += [("declarations", one) for one in declared]
        else:
            shot.path = f"/applications/{shot.application}/sections/{section.id}"
            fields += [(f"q_{question.id}", text.strip()), (f"n_{question.id}", "0")]
        shot.body = urlencode(fields).encode()
    return shots


def signed_in(world: World, port: int, person_id: str) -> tuple[str, str]:
    """Sign somebody in; give the cookies and the token of forms."""
    with world.database.writing() as session:
        act = Act(session, datetime.now(UTC), Secret(), "run")
        token = start_sign_in(act, session.get_one(Person, person_id))
        session.commit()
    cookies = f"sign-in={token}"
    with closing(HTTPConnection(HOST, port, timeout=60)) as connection:
        connection.request("GET", "/sign-in", headers={"Cookie": cookies})
        answer = connection.getresponse()
        page = answer.read().decode()
    session_cookie = next(v.partition(";")[0] for k, v in answer.getheaders() if k == "Set-Cookie" and "session" in v)
    found = re.search(r'name="csrf_token" value="([^"]+)"', page)
    if found is None:
        raise LookupError("the page has no token")
    return f"{cookies}; {session_cookie}", found[1]


async def fire(shot: Shot, port: int, cookies: str, token: str, deadline: float) -> None:
    """Send one request so that its last byte leaves at its moment, and read the answer."""
    body = shot.body + b"&csrf_token=" + token.encode()
    await asyncio.sleep(max(0.0, deadline - LEAD + random.random() * 4 - time.time()))
    reader, writer = await asyncio.open_connection(HOST, port)
    head = (
        f"POST {shot.path} HTTP/1.1\r\nHost: {HOST}:{port}\r\nCookie: {cookies}\r\nConnection: close\r\n"
        f"Content-Type: application/x-www-form-urlencoded\r\nContent-Length: {len(body)}\r\n\r\n"
    )
    moment = deadline + shot.at
    if shot.slow:  # most of it leaves early, in pieces
        writer.write(head.encode())
        size = (len(body) - 1) // PIECES
        for piece in range(PIECES):
            writer.write(body[piece * size : (piece + 1) * size])
            await writer.drain()
            await asyncio.sleep(max(0.0, (moment - time.time()) / (PIECES + 1)))
        rest = body[PIECES * size :]
    else:
        rest = head.encode() + body
    await asyncio.sleep(max(0.0, moment - time.time()))
    shot.sent_from = time.time()
    writer.write(rest)
    await writer.drain()
    shot.sent_until = time.time()
    line = await reader.readline()
    shot.status = int(line.split()[1]) if line else 0
    await reader.read()
    writer.close()
    await writer.wait_closed()


def run(requests: int, seconds: float, submissions: int, *, port: int, way: float, seed: int = 1) -> Outcome:
    """Make everything ready, run the server, send all requests, and compare what was stored with what was sent."""
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as folder:
        data = Path(folder)
        settings = Settings(
            data=data, database_url=f"sqlite:///{data / 'escp.sqlite3'}", storage_url=f"file://{data / 'files'}",
            address=f"http://{HOST}:{port}", secret_key=b"a key for this run alone, of more than 32 characters",
            second_factor_required=False, expensive_passwords=False,
        )  # fmt: skip
        world, call, _lead, shots, people = ready(settings, requests, submissions)
        chance = random.Random(seed)
        for number, shot in enumerate(shots):
            shot.at, shot.slow = chance.uniform(-seconds, seconds), number % SLOW == 0
        server = subprocess.Popen(
            [sys.executable, "-m", "app.cli", "serve", "--port", str(port)], cwd=ROOT, env=_environment(settings)
        )
        try:
            return _run(world, call, shots, people, port, way)
        finally:
            server.terminate()
            server.wait(30)


def _environment(settings: Settings) -> dict[str, str]:
    return {
        "PATH": os.environ["PATH"], "ESCP_DATA": str(settings.data), "ESCP_ADDRESS": settings.address,
        "ESCP_SECRET_KEY": settings.secret_key.decode(), "ESCP_ENVIRONMENT": "practice",
    }  # fmt: skip


def _run(world: World, call: Call, shots: list[Shot], people: list[str], port: int, way: float) -> Outcome:
    _wait_for(port)
    ways = {person: signed_in(world, port, person) for person in set(people)}
    deadline = time.time() + LEAD + 4
    _close_at(world, call, datetime.fromtimestamp(deadline, UTC))

    async def all_of_them() -> None:
        await asyncio.gather(*(fire(shot, port, *ways[p], deadline) for shot, p in zip(shots, people, strict=True)))

    asyncio.run(all_of_them())
    outcome = _compare(world, shots, deadline, way, time.time() - deadline)
    world.database.close()
    return outcome


def _wait_for(port: int) -> None:
    for _ in range(300):
        try:
            with closing(HTTPConnection(HOST, port, timeout=5)) as connection:
                connection.request("GET", "/calls")
                connection.getresponse().read()
        except OSError:
            time.sleep(0.2)
        else:
            return
    raise TimeoutError("the server did not answer")


def _close_at(world: World, call: Call, moment: datetime) -> None:
    with world.database.writing() as session:
        session.get_one(Call, call.id).closes_at = moment
        session.commit()


def _compare(world: World, shots: list[Shot], deadline: float, way: float, longest: float) -> Outcome:
    with world.look() as act:
        answered = set(act.session.scalars(select(Answer.application_id)))
        submitted = set(act.session.scalars(select(SubmittedVersion.application_id)))
        whole = set(act.session.scalars(select(Application.id).where(Application.id.in_(submitted))))
    stored = {s.application for s in shots if s.application in (whole if s.submits else answered)}
    late = [s for s in shots if s.sent_from >= deadline]
    timely = [s for s in shots if s.sent_until < deadline - way / 1000]
    return Outcome(
        requests=len(shots),
        slow=sum(s.slow for s in shots),
        before=len(timely),
        after=len(late),
        stored=len(stored),
        late_in=sum(s.application in stored for s in late),
        timely_out=sum(s.application not in stored for s in timely),
        on_the_way=len(shots) - len(late) - len(timely),
        longest_wait=round(longest, 2),
        answers=dict(Counter(str(s.status) for s in timely if s.application not in stored)),
    )


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--requests", type=int, default=500)
    parser.add_argument("--seconds", type=float, default=2.0)
    parser.add_argument("--submissions", type=int, default=20)
    parser.add_argument("--port", type=int, default=8018)
    parser.add_argument("--way", type=float, default=100.0, help="milliseconds a byte may take to the server")
    asked = parser.parse_args()
    outcome = run(asked.requests, asked.seconds, asked.submissions, port=asked.port, way=asked.way)
    sys.stdout.write(json.dumps(outcome.__dict__, indent=2) + "\n")
    sys.exit(1 if outcome.late_in or outcome.timely_out else 0)


if __name__ == "__main__":
    main()
