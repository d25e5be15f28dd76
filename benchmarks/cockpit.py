"""The cockpit of a call and its lists: how long a page takes, and whether its queries grow with the applications.

    python benchmarks/cockpit.py [--sizes 100,1000] [--rounds 40] [--postgresql]

Makes a database in a temporary folder (with --postgresql: a server of its own) and one call in which every application
is checked and has two finished reports far apart. A page is the whole answer over HTTP to a call manager, template and
all. Aim: p95 under 300 ms with 1,000 applications, and as many queries as with 100. Wall time counts; the processor's
own time stands beside it, for a machine that is busy (on PostgreSQL it leaves the server out).
"""

from __future__ import annotations

import argparse
import gc
import statistics
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

from sqlalchemy import Engine, event  # noqa: E402 the project is found first

from app.chance import Seeded  # noqa: E402
from app.db import Database  # noqa: E402
from app.schema import upgrade  # noqa: E402
from app.wiring import wire  # noqa: E402
from tests.support.crowd import Crowd  # noqa: E402
from tests.support.postgresql import start_server  # noqa: E402
from tests.support.web import Browser, serving  # noqa: E402
from tests.support.world import World  # noqa: E402

PAGES = {
    "cockpit": "cockpit",
    "applications": "lists/applications",
    "  filtered and sorted": "lists/applications?stage=scored&q=copy&sort=-spread",
    "tasks": "lists/tasks",
    "formal checks": "lists/checks",
    "consensus": "lists/consensus",
    "cockpit of the past": "cockpit?as_of={past}",
    "applications of the past": "lists/applications?as_of={past}",
    "applications as CSV": "lists/applications.csv",
}


@contextmanager
def opened(size: int, *, postgresql: bool) -> Iterator[World]:
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory()))
        url = stack.enter_context(start_server()).new_database() if postgresql else f"sqlite:///{folder}/escp.sqlite3"
        database = Database(url, durable=False)
        stack.callback(database.close)
        if not postgresql:
            upgrade(database)
        wire()
        yield World(database, Seeded(size), folder)


def measure(browser: Browser, engine: Engine, address: str, rounds: int) -> tuple[list[float], float, int]:
    """Give the sorted wall times in ms, the processor's p95, and the number of queries of one page."""
    queries = 0

    def count(*_arguments: object) -> None:
        nonlocal queries
        queries += 1

    times, own = [], []
    event.listen(engine, "before_cursor_execute", count)
    for _ in range(rounds + 2):
        queries = 0
        started, worked = time.perf_counter(), time.process_time()
        answer = browser.get(address)
        times.append((time.perf_counter() - started) * 1000)
        own.append((time.process_time() - worked) * 1000)
        if answer.status_code != 200:  # noqa: PLR2004
            sys.exit(f"{address}: {answer.status_code}")
    event.remove(engine, "before_cursor_execute", count)
    return sorted(times[2:]), sorted(own[2:])[int(rounds * 0.95) - 1], queries


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--sizes", default="100,1000")
    parser.add_argument("--rounds", type=int, default=40)
    parser.add_argument("--postgresql", action="store_true")
    given = parser.parse_args()
    for size in map(int, given.sizes.split(",")):
        with opened(size, postgresql=given.postgresql) as world:
            crowd = Crowd(world, size)
            past = (world.now.replace(microsecond=0)).strftime("%Y-%m-%dT%H:%MZ")
            gc.collect()
            gc.freeze()  # what was made so far is of the benchmark: no server carries it
            with serving(world) as web:
                browser, engine = web.client_of(crowd.manager), web.app.extensions["database"].engine
                print(f"{size} applications, {given.rounds} rounds each, milliseconds")
                for name, path in PAGES.items():
                    address = f"/calls/{crowd.call.id}/{path.format(past=past)}"
                    times, own, queries = measure(browser, engine, address, given.rounds)
                    p95 = times[int(len(times) * 0.95) - 1]
                    middle = statistics.median(times)
                    print(
                        f"{name:26} median {middle:6.0f}  p95 {p95:6.0f}  processor p95 {own:6.0f}  {queries} queries"
                    )


if __name__ == "__main__":
    main()
