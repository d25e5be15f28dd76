"""How long saving one answer takes, and whether it stays flat while stored applications grow.

    python benchmarks/saving.py [--saves 200] [--sizes 1000,10000,100000] [--postgresql]

A scratch database is filled by copying one application row by row (its partner, its person, six answers of 500
characters); then a text of 4,000 characters is saved while typing, over HTTP through the whole application, in turn in
twenty applications. Without `--postgresql` the database is SQLite; with it, a server of its own is started. The figure
to reach: 95 of 100 saves under 100 ms, and the same at 1,000 and at 100,000 stored applications. Run it on a machine
that does nothing else; where that can't be had, the processor time of this process says whether it stays flat.
"""

from __future__ import annotations

import argparse
import shutil
import statistics
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

from sqlalchemy import ColumnElement, Table, func, insert, select, text  # noqa: E402 the project is found first

from app import create_app  # noqa: E402
from app.act import Act  # noqa: E402
from app.chance import Secret, new_id  # noqa: E402
from app.db import Database  # noqa: E402
from app.models import Answer, Application, Base, Membership, Participant  # noqa: E402
from app.schema import upgrade  # noqa: E402
from app.services.calls.call import definition_of  # noqa: E402
from app.wiring import wire  # noqa: E402
from tests.support.application import Consortium, a_draft  # noqa: E402
from tests.support.postgresql import start_server  # noqa: E402
from tests.support.web import Web, settings_of  # noqa: E402
from tests.support.world import World  # noqa: E402

WRITTEN_IN, ANSWERS, LETTERS = 20, 6, 500
BATCH = 1000  # applications
WORDS = "Firms of four regions share their pilot lines and train their people. "


def _row(act: Act, model: type[Base], condition: ColumnElement[bool]) -> dict[str, Any]:
    table = model.__table__
    return dict(act.session.execute(select(table).where(condition).limit(1)).mappings().one())


def seed(world: World, found: Consortium, number: int) -> None:
    """Copy the application as often, each with a partner, a person and answers."""
    with world.look() as act:
        sample = _row(act, Application, Application.id == found.application.id)
        member = _row(act, Membership, Membership.application_id == found.application.id)
        part = _row(act, Participant, Participant.application_id == found.application.id)
    done = 0
    while done < number:
        size = min(BATCH, number - done)
        with world.database.writing() as session:
            for table, rows in _copies(sample, member, part, size).items():
                session.execute(insert(table), rows)
            session.commit()
        done += size


def _copies(
    sample: dict[str, Any], member: dict[str, Any], part: dict[str, Any], size: int
) -> dict[Table, list[dict[str, Any]]]:
    chance, value = Secret(), {"value": (WORDS * 30)[:LETTERS]}
    tables: Any = [one.__table__ for one in (Application, Membership, Participant, Answer)]
    rows: dict[Table, list[dict[str, Any]]] = {table: [] for table in tables}
    for _copy in range(size):
        own, place = new_id(chance), new_id(chance)
        rows[tables[0]].append(sample | {"id": own, "number": new_id(chance)[:12]})
        rows[tables[1]].append(member | {"id": place, "application_id": own, "organisation_id": None})
        rows[tables[2]].append(part | {"id": new_id(chance), "application_id": own, "membership_id": place})
        rows[tables[3]] += [
            {"id": new_id(chance), "application_id": own, "expression_id": None, "question": f"q{n}", "number": 1,
             "value": value, "saved_by": part["person_id"], "saved_at": sample["created_at"]}
            for n in range(ANSWERS)
        ]  # fmt: skip
    return rows


def measure(web: Web, found: Consortium, saves: int) -> tuple[list[float], float]:
    """Save again and again, as the script of the page does; give the milliseconds of each, and of processor time."""
    browser = web.client_of(found.coordinator)
    section, question = next(
        (s.id, q.id) for s in definition_of(found.call).sections for q in s.questions if q.type.value == "long_text"
    )
    with web.world.look() as act:
        chosen = list(act.session.scalars(select(Application.id).order_by(Application.id).limit(WRITTEN_IN)))
        known = select(Answer.application_id, func.max(Answer.number)).where(Answer.question == question)
        saved = act.session.execute(known.where(Answer.application_id.in_(chosen)).group_by(Answer.application_id))
        numbers = dict.fromkeys(chosen, 0) | {one: int(number) for one, number in saved}
    token, taken = browser.token(), []
    worked = 0.0
    for turn in range(saves + WRITTEN_IN):
        if turn == WRITTEN_IN:  # the first round warms up
            worked = time.process_time()
        application = chosen[turn % len(chosen)]
        sent = {"csrf_token": token, f"n_{question}": str(numbers[application]),
                f"q_{question}": f"{time.time_ns()} {WORDS * 57}"[:4000]}  # fmt: skip
        begun = time.perf_counter()
        page = browser.client.post(
            f"/applications/{application}/sections/{section}", data=sent, headers={"HX-Request": "true"}
        )
        taken.append((time.perf_counter() - begun) * 1000)
        if page.status_code != 200 or "Saved at" not in page.text:  # noqa: PLR2004
            number = page.text.partition(f'id="n_{question}"')[2].partition('value="')[2].partition('"')[0]
            raise SystemExit(f"not saved: {page.status_code} {number} {page.text[:300]}")
        numbers[application] += 1
    return taken[WRITTEN_IN:], (time.process_time() - worked) * 1000 / saves


@contextmanager
def a_world(*, postgresql: bool) -> Iterator[World]:
    folder = Path(tempfile.mkdtemp(prefix="escp-saving-"))
    with ExitStack() as stack:
        stack.callback(shutil.rmtree, folder, ignore_errors=True)
        url = stack.enter_context(start_server()).new_database() if postgresql else f"sqlite:///{folder}/escp.sqlite3"
        database = Database(url)
        stack.callback(database.close)
        upgrade(database)
        yield World(database, Secret(), folder)


def analyse(world: World) -> None:
    """Let the database look at what it holds, as its own housekeeping does by night."""
    with world.database.writing() as session:
        session.execute(text("ANALYZE"))
        session.commit()


def main() -> None:
    parser = argparse.ArgumentParser(description="Time saving an answer.")
    parser.add_argument("--saves", type=int, default=200)
    parser.add_argument("--sizes", default="1000,10000,100000")
    parser.add_argument("--postgresql", action="store_true")
    asked = parser.parse_args()
    wire()
    with a_world(postgresql=asked.postgresql) as world:
        found, stored = a_draft(world), 1
        app = create_app(settings_of(world), clock=lambda: world.now)
        print(
            "PostgreSQL" if asked.postgresql else "SQLite",
            "| stored applications | median ms | p95 ms | most ms | processor ms",
        )
        for size in (int(one) for one in asked.sizes.split(",")):
            seed(world, found, size - stored)
            stored = size
            analyse(world)
            found_out, worked = measure(Web(app, world), found, asked.saves)
            taken = sorted(found_out)
            p95 = taken[int(len(taken) * 0.95)]
            print(
                f"{size:>9} | {statistics.median(taken):6.1f} | {p95:6.1f} | {taken[-1]:6.1f} | {worked:6.1f}",
                flush=True,
            )
        app.extensions["database"].close()


if __name__ == "__main__":
    main()
