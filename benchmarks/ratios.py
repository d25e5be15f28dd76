"""How long the main things take, as ratios within one run: machines differ, their ratios hardly do.

    python benchmarks/ratios.py [DATA FOLDER OF A DEMONSTRATION]

The measure is a yardstick of the same run: the canonical JSON of a text of one megabyte and its SHA-256. Each line
gives the median of some rounds in milliseconds and in yardsticks, and how many times as long it takes as what it is
compared with. Run it on a machine that does nothing else. With the data folder of a loaded demonstration (made by
`./escp demo --load-only`) pages, ticks and the doctor are measured on a copy of it.
"""

from __future__ import annotations

import hashlib
import json
import shutil
import statistics
import sys
import tempfile
import time
from dataclasses import replace
from datetime import UTC, datetime
from decimal import Decimal
from pathlib import Path
from typing import TYPE_CHECKING, Any

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

import rfc8785  # noqa: E402 the project is found first

from app import create_app  # noqa: E402
from app.callfile import read_call  # noqa: E402
from app.chance import Secret  # noqa: E402
from app.commands.house import open_house  # noqa: E402
from app.data_files import shipped  # noqa: E402
from app.doctor import examine  # noqa: E402
from app.documents.making import make_pdf  # noqa: E402
from app.documents.renderer import Renderer  # noqa: E402
from app.partnerships import facts_of, shipped_partnerships  # noqa: E402
from app.ticking import tick  # noqa: E402
from config import demonstration_settings, from_environment  # noqa: E402
from tests.documents.examples import FIFTEEN, a_certificate  # noqa: E402
from workflows.ranking import Entry, rank  # noqa: E402
from workflows.ranking_lists import lists  # noqa: E402
from workflows.rules import evaluate_call  # noqa: E402

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from workflows.definition import CallDefinition

MEGABYTE = 2**20
Line = tuple[str, float, str, float]  # what, seconds, in comparison with what, how many times as long


def seconds(work: Callable[[], object], rounds: int = 7) -> float:
    """Give the median of some rounds, after one that does not count."""
    work()
    taken = []
    for _round in range(rounds):
        begun = time.perf_counter()
        work()
        taken.append(time.perf_counter() - begun)
    return statistics.median(taken)


def yardstick() -> object:
    return hashlib.sha256(rfc8785.dumps({"text": "é" * (MEGABYTE // 2)})).hexdigest()


def real_call() -> CallDefinition:
    definition, faults = read_call(shipped("calls/cos-clustpartns-2017-3-02.yaml"))
    if definition is None:
        raise SystemExit(f"the real call has faults: {faults}")
    return definition


def call_files() -> Iterator[Line]:
    data = shipped("calls/cos-clustpartns-2017-3-02.yaml")
    yield "read and check the real call's file", seconds(lambda: read_call(data)), "", 0


def rules(call: CallDefinition) -> Iterator[Line]:
    partnership = next(p for p in shipped_partnerships() if p.acronym == "DIGICLUSTERS")
    few = facts_of(partnership, call, requested_grant=Decimal(350000), total_eligible_cost=Decimal(466667), months=24)
    more = [replace(partner, entity=f"{partner.entity} {n}") for n in range(10) for partner in few.partners]
    many = replace(few, partners=tuple(more))
    one = seconds(lambda: evaluate_call(call, few))
    yield f"all rules of the real call, {len(few.partners)} partners", one, "", 0
    ten = seconds(lambda: evaluate_call(call, many))
    yield f"the same, {len(more)} partners", ten, "10 times the partners", ten / one


def entries(call: CallDefinition, count: int) -> list[Entry]:
    """Made-up scores in the call's steps: what is measured does not depend on which."""
    made = []
    for number in range(count):
        scores = {
            c.code: c.max_points * Decimal((number * 7 + place) % 50 + 50) / 100
            for place, c in enumerate(call.criteria)
        }
        made.append(Entry(key=str(number), acronym=f"A{number}", scores=scores, requested_grant=Decimal(300000)))
    return made


def ranking(call: CallDefinition) -> Iterator[Line]:
    few, many = entries(call, 60), entries(call, 600)
    one = seconds(lambda: lists(call, rank(call, few)))
    yield "rank and draw the lists, 60 applications", one, "", 0
    ten = seconds(lambda: lists(call, rank(call, many)))
    yield "the same, 600 applications", ten, "10 times the applications", ten / one


def documents() -> Iterator[Line]:
    with Renderer() as renderer:
        begun = time.perf_counter()
        make_pdf("certificate", a_certificate(), renderer)
        first = time.perf_counter() - begun
        some = seconds(lambda: make_pdf("certificate", a_certificate(), renderer), rounds=3)
        fifteen = a_certificate(partners=FIFTEEN)
        many = seconds(lambda: make_pdf("certificate", fifteen, renderer), rounds=3)
    yield "a certificate, the next ones", some, "", 0
    yield "a certificate, the first of a printer", first, "the next ones", first / some
    yield f"a certificate of {len(FIFTEEN)} partners", many, "the usual one", many / some


def service(folder: Path) -> Iterator[Line]:
    """Measure on a copy of a demonstration: pages for everybody, a tick with nothing due, the doctor."""
    with tempfile.TemporaryDirectory() as place:
        copy = Path(place) / "data"
        shutil.copytree(folder, copy)
        settings = demonstration_settings(from_environment({"ESCP_DATA": str(copy)}), "http://127.0.0.1:8000")
        house, now = open_house(settings), datetime.now(UTC)
        client = create_app(settings).test_client()
        still = seconds(lambda: client.get("/licences"), rounds=15)
        yield "a page without a query", still, "", 0
        for path in ("/", "/calls", "/register", "/expressions", "/organisations"):
            one = seconds(lambda path=path: client.get(path), rounds=15)  # type: ignore[misc]
            yield f"GET {path}", one, "a page without a query", one / still
        tick(house.database, now, Secret())
        idle = seconds(lambda: tick(house.database, now, Secret()))
        yield "a tick with nothing due", idle, "a page without a query", idle / still
        with house.database.reading() as session:
            whole = seconds(lambda: list(examine(session, house.store, now)), rounds=1)
        yield "doctor", whole, "a page without a query", whole / still
        house.database.close()


def main(words: list[str]) -> None:
    call, unit = real_call(), seconds(yardstick, rounds=21)
    print(f"{'':48}{'ms':>10}{'yardsticks':>12}")
    print(f"{'yardstick':48}{unit * 1000:>10.2f}{1:>12.2f}")
    found: list[dict[str, Any]] = []
    parts = [call_files(), rules(call), ranking(call), documents(), *(service(Path(word)) for word in words)]
    for part in parts:
        for what, taken, against, times in part:
            note = f"   {times:.1f} × {against}" if against else ""
            print(f"{what:48}{taken * 1000:>10.2f}{taken / unit:>12.2f}{note}")
            found.append(
                {"what": what, "yardsticks": round(taken / unit, 3), "against": against, "times": round(times, 2)}
            )
    print(json.dumps(found, ensure_ascii=False))


if __name__ == "__main__":
    main(sys.argv[1:])
