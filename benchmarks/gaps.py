"""What is missing and who could fill it: how long the rules, the smallest repairs and the search for candidates take.

    python benchmarks/gaps.py [--number 20000] [--rounds 40] [--postgresql]

Makes a database in a temporary folder (with --postgresql: a server of its own), fills it with made-up organisations,
the same for the same number, and a consortium of 15 in the real call. Three consortia are asked: one that lacks a less
developed region, one where three regions lack a cluster organisation besides, and one of the coordinator alone. A round
is everything the service does: facts, rules, all smallest sets, their words, candidates with their reasons. Wall time
counts; the processor's own time stands beside it. Aim: under 100 ms with 15 partners against 20,000 organisations.
"""

from __future__ import annotations

import argparse
import statistics
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

from app import geography  # noqa: E402 the project is found first
from app.act import Act  # noqa: E402
from app.chance import Seeded  # noqa: E402
from app.db import Database  # noqa: E402
from app.models import Application, Call, Membership, Organisation, Role  # noqa: E402
from app.schema import upgrade  # noqa: E402
from app.services.applications.application import start_application  # noqa: E402
from app.services.gaps.gap import missing_of  # noqa: E402
from app.wiring import wire  # noqa: E402
from tests.support.many import many, store  # noqa: E402
from tests.support.postgresql import start_server  # noqa: E402
from tests.support.world import World  # noqa: E402
from workflows.membership import State  # noqa: E402
from workflows.rules_facts import ConsortiumFacts  # noqa: E402

NOW = datetime(2018, 2, 1, 12, tzinfo=UTC)  # the real call is open
PARTNERS = 15
CLUSTER, CENTRE = "cluster_organisation", "technology_centre"


@contextmanager
def opened(folder: Path, *, postgresql: bool) -> Iterator[Database]:
    if postgresql:
        with start_server() as server:
            database = Database(server.new_database())
            yield database
            database.close()
        return
    database = Database(f"sqlite:///{folder}/gaps.sqlite3", durable=False)
    upgrade(database)
    yield database
    database.close()


def rich_seats() -> list[tuple[str, str]]:
    """Seats in more developed regions, from many countries."""
    listed = [r for r in geography.regions(2016) if r.categories.get("2014-2020") == "more_developed"]
    return [(r.country, r.code) for r in listed[::5]]


def consortium(world: World, call: Call, number: int, without: int) -> str:
    """An application of `number` partners from more developed regions, `without` of them no cluster organisations."""
    person = world.person("Carla Coordinator")
    seats = rich_seats()
    home = world.organisation("Lead", person, country=seats[0][0], region=seats[0][1])
    with world.act(person) as act:
        application = start_application(
            act, act.session.get_one(Call, call.id), act.session.get_one(Organisation, home.id)
        )
        for place, (country, region) in enumerate(seats[1:number], start=2):
            partner = Membership(
                id=act.new_id(), application=application, position=place, role=Role.PARTNER, invited_name=f"P{place}",
                kinds=[CENTRE if place - 2 < without else CLUSTER], country=country, region=region,
                state=State.INVITED, created_at=world.now, last_act_at=world.now, version=1,
            )  # fmt: skip
            act.session.add(partner)
        return application.id


def measure(database: Database, application_id: str, rounds: int) -> tuple[list[float], list[float], str]:
    times, own, told = [], [], ""
    for _ in range(rounds + 1):
        started, worked = time.perf_counter(), time.process_time()
        with database.reading() as session:
            act = Act(session, NOW, Seeded(1), "benchmark")
            missing = missing_of(act, session.get_one(Application, application_id))
        times.append((time.perf_counter() - started) * 1000)
        own.append((time.process_time() - worked) * 1000)
        facts: ConsortiumFacts = missing.partnership.facts
        candidates = sum(len(need.candidates) for need in missing.needs)
        told = f"{len(facts.counted())} partners, smallest set {missing.size}, {candidates} candidates shown"
    return sorted(times[1:]), sorted(own[1:]), told


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--number", type=int, default=20_000)
    parser.add_argument("--rounds", type=int, default=40)
    parser.add_argument("--postgresql", action="store_true")
    asked = parser.parse_args()
    wire()
    with tempfile.TemporaryDirectory() as folder, opened(Path(folder), postgresql=asked.postgresql) as database:
        store(database, list(many(asked.number, NOW)))
        world = World(database, Seeded(2), Path(folder))
        call = world.call()
        cases = {
            "no less developed region": consortium(world, call, PARTNERS, 0),
            "three regions without cluster": consortium(world, call, PARTNERS, 3),
            "the coordinator alone": consortium(world, call, 1, 0),
        }
        print(f"{asked.number} organisations on {database.engine.dialect.name}, {asked.rounds} rounds, milliseconds")
        for name, application_id in cases.items():
            times, own, told = measure(database, application_id, asked.rounds)
            p95 = int(len(times) * 0.95) - 1
            print(
                f"{name:30} median {statistics.median(times):6.1f}   p95 {times[p95]:6.1f}   "
                f"processor median {statistics.median(own):6.1f}   p95 {own[p95]:6.1f}   {told}"
            )


if __name__ == "__main__":
    main()
