"""How long the scoring page takes for an expert with many applications, and how many questions it asks the database.

    python benchmarks/scoring.py [--applications 40] [--pages 100]

The expert of a small call declares on that many applications and scores half of them; then the page of one after the
other is asked for, through the whole application. The figures to reach: 95 of 100 pages under 150 ms, and as many
questions for 40 applications as for 2. Run it on a machine that does nothing else.
"""

from __future__ import annotations

import argparse
import statistics
import sys
import tempfile
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

from sqlalchemy import event  # noqa: E402 the project is found first

from app import create_app  # noqa: E402
from app.chance import Secret  # noqa: E402
from app.db import Database  # noqa: E402
from app.models import Assessment, Assignment, Person  # noqa: E402
from app.schema import upgrade  # noqa: E402
from app.wiring import wire  # noqa: E402
from tests.support.evaluation import Evaluation  # noqa: E402
from tests.support.web import Browser, Web, settings_of  # noqa: E402
from tests.support.world import World  # noqa: E402

WARM_UP, FEW = 5, 2


def timed(browser: Browser, reports: list[Assessment], pages: int) -> list[float]:
    """Ask for one report's page after the other; milliseconds of each."""
    taken = []
    for turn in range(pages + WARM_UP):
        begun = time.perf_counter()
        page = browser.get(f"/assessments/{reports[turn % len(reports)].id}")
        taken.append((time.perf_counter() - begun) * 1000)
        if page.status_code != 200:  # noqa: PLR2004
            raise SystemExit(f"no page: {page.status_code}")
    return taken[WARM_UP:]


def questions(database: Database, browser: Browser, report: Assessment) -> int:
    """Count the statements of one page."""
    asked: list[str] = []

    def note(_connection: object, _cursor: object, statement: str, *_rest: object) -> None:
        asked.append(statement)

    event.listen(database.engine, "before_cursor_execute", note)
    browser.get(f"/assessments/{report.id}")
    event.remove(database.engine, "before_cursor_execute", note)
    return len(asked)


def give(story: Evaluation, applications: list[object], person: Person) -> list[Assignment]:
    tasks = [story.task(one, person) for one in applications]  # type: ignore[arg-type]
    for task in tasks[::2]:
        story.score(task, "4", "20", words="The text answers the question and shows how it will be done. " * 5)
    return tasks


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--applications", type=int, default=40)
    parser.add_argument("--pages", type=int, default=100)
    wanted = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        wire()
        database = Database(f"sqlite:///{folder}/bench.sqlite3")
        upgrade(database)
        world = World(database, Secret(), Path(folder))
        web = Web(create_app(settings_of(world), clock=lambda: world.now), world)
        story = Evaluation(world)
        applications: list[object] = [story.application(f"APP{n:03d}") for n in range(wanted.applications)]
        story.close()
        story.admit(*applications)  # type: ignore[arg-type]
        person = story.expert(most=wanted.applications)
        browser = web.client_of(person)
        tasks = give(story, applications[:FEW], person)
        first = story.report_of(tasks[0])
        browser.get(f"/assessments/{first.id}")
        own: Database = web.app.extensions["database"]
        few = questions(own, browser, first)
        tasks += give(story, applications[FEW:], person)
        many = questions(own, browser, first)
        taken = timed(browser, [story.report_of(task) for task in tasks], wanted.pages)
        p95 = statistics.quantiles(taken, n=20)[-1]
        print(f"{wanted.applications} applications: median {statistics.median(taken):.0f} ms, p95 {p95:.0f} ms")
        print(f"questions to the database: {few} with {FEW} applications, {many} with {wanted.applications}")
        own.close()
        database.close()
        if many != few:
            raise SystemExit("the number of questions grows with the applications")


if __name__ == "__main__":
    main()
