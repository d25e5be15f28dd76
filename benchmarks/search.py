"""The search for partners over many organisations: how long a page takes, with counts for every filter.

    python benchmarks/search.py [--number 20000] [--rounds 200] [--postgresql]

Makes a database in a temporary folder (with --postgresql: a server of its own, as the tests start it), fills it with
made-up organisations, the same for the same number, and asks questions drawn with a fixed seed: five filters and
words; five filters; one filter; none. A page is everything the service does: rows, filters, counts of every group,
order, and fifty profiles loaded. Aim: p95 under 200 ms with five filters and counts over 20,000. Wall time counts; the
processor's own time stands beside it, for a machine that is busy (on PostgreSQL it leaves the server out).
"""

from __future__ import annotations

import argparse
import random
import statistics
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

from app import geography, taxonomy  # noqa: E402 the project is found first
from app.act import Act  # noqa: E402
from app.chance import Seeded  # noqa: E402
from app.db import Database  # noqa: E402
from app.schema import upgrade  # noqa: E402
from app.services.searching.search import Chosen, search  # noqa: E402
from tests.support.many import PLACES, WORDS, many, store  # noqa: E402
from tests.support.postgresql import start_server  # noqa: E402
from workflows.search_order import Seeker  # noqa: E402

NOW = datetime(2026, 11, 1, 12, tzinfo=UTC)
FIVE = ("themes", "kinds", "categories", "technologies", "contact")
DRAWN: dict[str, int] = {"themes": 6, "kinds": 3, "categories": 2, "technologies": 4, "contact": 1}


@contextmanager
def opened(*, postgresql: bool) -> Iterator[Database]:
    if postgresql:
        with start_server() as server:
            database = Database(server.new_database())
            yield database
            database.close()
        return
    with tempfile.TemporaryDirectory() as folder:
        database = Database(f"sqlite:///{folder}/search.sqlite3", durable=False)
        upgrade(database)
        yield database
        database.close()


def codes_of(group: str) -> list[str]:
    lists = {"themes": "thematic_areas", "kinds": "organisation_types", "technologies": "technologies"}
    if group in lists:
        return [term.code for term in taxonomy.terms(lists[group])]
    return list(geography.CATEGORIES) if group == "categories" else ["open"]


def questions(groups: tuple[str, ...], *, words: bool) -> Callable[[random.Random], Chosen]:
    def draw_one(draw: random.Random) -> Chosen:
        codes = {group: frozenset(draw.sample(codes_of(group), DRAWN[group])) for group in groups}
        return Chosen(codes=codes, words=draw.choice((*WORDS, *PLACES)) if words else "")

    return draw_one


def measure(
    database: Database, rounds: int, draw_one: Callable[[random.Random], Chosen]
) -> tuple[list[float], float, float]:
    draw, times, own, found = random.Random(2), [], [], []
    seeker = Seeker(frozenset({"textiles", "tourism"}), frozenset({"photonics"}), frozenset({"ITC1"}), True)
    for _ in range(rounds):
        chosen = draw_one(draw)
        started, worked = time.perf_counter(), time.process_time()
        with database.reading() as session:
            page = search(Act(session, NOW, Seeded(1), "benchmark"), chosen, seeker)
        times.append((time.perf_counter() - started) * 1000)
        own.append((time.process_time() - worked) * 1000)
        found.append(page.total)
    return sorted(times), sorted(own)[int(len(own) * 0.95) - 1], statistics.median(found)


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--number", type=int, default=20_000)
    parser.add_argument("--rounds", type=int, default=200)
    parser.add_argument("--postgresql", action="store_true")
    asked = parser.parse_args()
    kinds = {
        "five filters and words": questions(FIVE, words=True),
        "five filters": questions(FIVE, words=False),
        "one filter": questions(("kinds",), words=False),
        "none": questions((), words=False),
    }
    with opened(postgresql=asked.postgresql) as database:
        store(database, list(many(asked.number, NOW)))
        print(
            f"{asked.number} organisations on {database.engine.dialect.name}, {asked.rounds} pages each, milliseconds"
        )
        for name, draw_one in kinds.items():
            times, own, found = measure(database, asked.rounds, draw_one)
            p95 = times[int(len(times) * 0.95) - 1]
            middle = statistics.median(times)
            print(f"{name:24} median {middle:6.1f}  p95 {p95:6.1f}  processor p95 {own:6.1f}  found {found:.0f}")


if __name__ == "__main__":
    main()
