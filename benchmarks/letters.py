"""How fast two workers make letters and summary reports, beside what the bare PDF library does on the same pages.

    python benchmarks/letters.py [--documents 1000]

Half are letters with a result, half summary reports. The workers are two processes that take jobs from the outbox, as
`escp worker` does: they read snapshots, write the pages, have them printed in their confined children, store the bytes
and finish the jobs. Bare are two processes that hand the same pages to WeasyPrint one after the other, with nothing
around it. Each process prints one document before the clock starts. The two sides take turns of a few seconds, so that
what else the machine does meets both alike. The aim: at least 80 % of the bare pages a second. The processor seconds of
both tell how much of a difference is work, and how much is waiting; those of the workers hold the starts of their
children. Run it on a machine that does nothing else.
"""

from __future__ import annotations

import argparse
import io
import multiprocessing
import os
import resource
import sys
import tempfile
import time
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

import pikepdf  # noqa: E402 the project is found first
from sqlalchemy import func, select  # noqa: E402

from app.chance import Secret  # noqa: E402
from app.commands.house import open_house  # noqa: E402
from app.documents import pages  # noqa: E402
from app.documents.renderer import _FONTCONFIG, FONTS, Renderer  # noqa: E402
from app.jobs import Handler, Worker  # noqa: E402
from app.models import Call, Document, DocumentKind, Event, Job, Status  # noqa: E402
from app.outbox import enqueue  # noqa: E402
from app.services.documents.document_making import making  # noqa: E402
from config import rehearsal_settings  # noqa: E402
from tests.documents.examples import a_letter, a_summary_report  # noqa: E402
from tests.support.world import WHILE_OPEN, World  # noqa: E402

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from app.act import Act
    from app.documents.print_job import PrintJob

PROCESSES = 2
SHARE = 25  # documents of one process in one turn
AIM = 0.8
REASONS = (
    "The partnership names the regions it wants to bring together and shows why their priorities meet. The work plan "
    "is clear in its first year and stays general in the second: who prepares the investment projects is said for two "
    "of the five partners only. Indicators are given, without the values from which they start. "
)


@dataclass(frozen=True)
class Measured:
    pages: int
    seconds: float

    @property
    def rate(self) -> float:
        return self.pages / self.seconds


def snapshots(count: int) -> list[tuple[DocumentKind, dict[str, Any]]]:
    """Make letters and reports in turn, none like the other: pages that are alike would be set from memory."""
    made: list[tuple[DocumentKind, dict[str, Any]]] = []
    for number in range(count):
        name = f"PARTNERS-{number // 2:04}"
        if number % 2 == 0:
            told = [
                f"Dear Ana Silva {number},", f"Your application {name} was evaluated. {REASONS}", REASONS,
                f"The digest (SHA-256) of the content of the signed act is {number:064x}.",
            ]  # fmt: skip
            letter = a_letter(identifier=f"letter-{number}", reference=name, paragraphs=told)
            made.append((DocumentKind.RESULT_LETTER, letter))
        else:
            report = a_summary_report(identifier=f"report-{number}", reference=name, acronym=name)
            report["criteria"] = [
                one | {"comments": f"{name}: {REASONS * 2}"} for one in (*report["criteria"], *report["criteria"])
            ]
            made.append((DocumentKind.SUMMARY_REPORT, report))
    return made


def job_of(kind: DocumentKind, snapshot: dict[str, Any]) -> PrintJob:
    made: Any = snapshot
    return pages.letter(made) if kind is DocumentKind.RESULT_LETTER else pages.summary_report(made)


def outbox(folder: Path, wanted: list[tuple[DocumentKind, dict[str, Any]]]) -> None:
    """Put the documents into the database of a service as an act does: a row and a job for each."""
    house = open_house(rehearsal_settings(folder), durable=False)
    world = World(house.database, Secret(), folder)
    world.now = WHILE_OPEN
    call = world.call()
    with world.act() as act:
        event = act.session.scalars(select(Event).limit(1)).one()
        for number, (kind, snapshot) in enumerate(wanted):
            _want(act, call, event, number, kind, snapshot)
    house.database.close()


def _want(act: Act, call: Call, event: Event, number: int, kind: DocumentKind, snapshot: dict[str, Any]) -> None:
    document = Document(
        id=act.new_id(), kind=kind, noun="call", thing_id=call.id, call_id=call.id, application_id=None,
        event_id=event.id, template_version="1", snapshot=snapshot, file_name=f"{number}.pdf", wanted_at=act.now,
    )  # fmt: skip
    act.session.add(document)
    act.session.flush()
    enqueue(act, "document", f"document:{document.id}", {"document": document.id})


@dataclass(frozen=True)
class Turns:
    """How the parent lets one side go: it gives the sign, each process does its share, tells, and waits again."""

    ready: Any
    go: Any
    told: Any
    count: int  # documents of one process in one turn
    turns: int

    def take(self, one: Callable[[], None]) -> None:
        """Do one document before the clock starts, then a share at each sign; tell the processor seconds."""
        one()
        self.ready.release()
        spent = 0.0
        for _turn in range(self.turns):
            self.go.acquire()
            begun = time.process_time()
            for _document in range(self.count):
                one()
            spent += time.process_time() - begun
            self.ready.release()
        self.told.put(spent)


def work(folder: Path, turns: Turns) -> None:
    """One worker: takes jobs from the outbox."""
    house = open_house(rehearsal_settings(folder), durable=False)
    with Renderer() as renderer:
        handlers: dict[str, Handler] = {"document": making(house.database, house.store, renderer)}
        worker = Worker(house.database, handlers, lambda: datetime.now(UTC), Secret)
        turns.take(lambda: _one_job(worker))
    children = resource.getrusage(resource.RUSAGE_CHILDREN)  # that print, their start included
    turns.told.put(children.ru_utime + children.ru_stime)
    house.database.close()


def _one_job(worker: Worker) -> None:
    if not worker.run_one():
        raise SystemExit("the outbox was empty too early")


def bare(wanted: list[tuple[DocumentKind, dict[str, Any]]], folder: Path, turns: Turns) -> None:
    """Print the same pages with the library alone."""
    listed = folder / f"fonts-{os.getpid()}.conf"
    listed.write_text(_FONTCONFIG.format(fonts=FONTS, cache=folder / f"cache-{os.getpid()}"), encoding="utf-8")
    os.environ["FONTCONFIG_FILE"] = str(listed)
    import weasyprint  # noqa: PLC0415 - it reads its fonts when it is loaded
    from weasyprint.text.fonts import FontConfiguration  # noqa: PLC0415
    from weasyprint.urls import URLFetcher, URLFetcherResponse  # noqa: PLC0415

    class Given(URLFetcher):  # type: ignore[misc]
        def __init__(self, resources: Mapping[str, bytes]) -> None:
            super().__init__(allowed_protocols=["print"])
            self._resources = resources

        def fetch(self, url: str, headers: object = None) -> URLFetcherResponse:  # noqa: ARG002
            found = self._resources[url.removeprefix("print:")]
            return URLFetcherResponse(url, found, {"Content-Type": "image/svg+xml"})

    jobs, fonts = iter([job_of(*one) for one in wanted]), FontConfiguration()

    def one() -> None:
        job = next(jobs)
        fetcher = Given(job.resources)
        style = weasyprint.CSS(string=job.css, url_fetcher=fetcher, font_config=fonts)
        page = weasyprint.HTML(string=job.attempts[0].html, base_url="print:", url_fetcher=fetcher)
        page.write_pdf(font_config=fonts, stylesheets=[style], pdf_variant="pdf/a-3a", pdf_identifier=b"one")

    turns.take(one)
    turns.told.put(0.0)


class Side:
    """The processes of one side, which work only in their turns."""

    def __init__(self, target: Any, given: list[tuple[Any, ...]], count: int, turns: int) -> None:  # noqa: ANN401
        ways = multiprocessing.get_context("spawn")
        self.seconds: list[float] = []
        self._turns = Turns(ways.Semaphore(0), ways.Semaphore(0), ways.Queue(), count, turns)
        self._processes = [ways.Process(target=target, args=(*one, self._turns)) for one in given]
        for process in self._processes:
            process.start()
        self._wait()

    def turn(self) -> None:
        begun = time.perf_counter()
        for _process in self._processes:
            self._turns.go.release()
        self._wait()
        self.seconds.append(time.perf_counter() - begun)

    def end(self) -> float:
        """Give the processor seconds of all processes."""
        spent = sum(self._turns.told.get(timeout=60) for _told in range(2 * len(self._processes)))
        for process in self._processes:
            process.join()
        return float(spent)

    def _wait(self) -> None:
        for _process in self._processes:
            while not self._turns.ready.acquire(timeout=1):
                if any(process.exitcode for process in self._processes):
                    raise SystemExit("a process failed")


def pages_made(folder: Path) -> int:
    """Count the pages of all documents but those that warmed up; each job is done, or it counts for nothing."""
    house = open_house(rehearsal_settings(folder), durable=False)
    with house.database.reading() as session:
        undone = session.scalar(
            select(func.count()).select_from(Job).where(Job.kind == "document", Job.status != Status.DONE)
        )
        stored = session.scalars(select(Document.issued_sha256).order_by(Document.made_at)).all()
    digests = [one for one in stored if one]
    if undone or len(digests) < len(stored):
        raise SystemExit(f"{undone} documents were not made")
    found = 0
    for digest in digests[PROCESSES:]:
        with pikepdf.open(io.BytesIO(house.store.get(digest))) as pdf:
            found += len(pdf.pages)
    house.database.close()
    return found


def main() -> None:
    asked = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    asked.add_argument("--documents", type=int, default=1000)
    share, turns = SHARE, max(1, asked.parse_args().documents // (PROCESSES * SHARE))
    count = PROCESSES * share * turns
    wanted = snapshots(count + PROCESSES)
    with tempfile.TemporaryDirectory() as place:
        folder = Path(place)
        outbox(folder, wanted)
        halves = [wanted[turn::PROCESSES] for turn in range(PROCESSES)]
        mixed = [half[::2] + other[1::2] for half, other in (halves, halves[::-1])]  # letters and reports in both
        workers = Side(work, [(folder,)] * PROCESSES, share, turns)
        library = Side(bare, [(half, folder) for half in mixed], share, turns)
        for turn in range(turns):
            for side in (workers, library) if turn % 2 else (library, workers):
                side.turn()
            print(f"turn {turn + 1:3}: workers {workers.seconds[-1]:6.2f} s, library {library.seconds[-1]:6.2f} s")
        processor = workers.end(), library.end()
        made = pages_made(folder)
    print(f"{count} documents, {made} pages, {PROCESSES} processes each")
    ours, theirs = (Measured(made, sum(side.seconds)) for side in (workers, library))
    for name, measured, spent in (("workers", ours, processor[0]), ("library", theirs, processor[1])):
        print(f"{name}: {measured.seconds:7.1f} s  {measured.rate:6.2f} pages/s  {spent:7.1f} s of processor")
    ratio = ours.rate / theirs.rate
    print(f"ratio: {ratio:.0%} (aim: at least {AIM:.0%}): {'reached' if ratio >= AIM else 'MISSED'}")
    print(f"ratio of processor seconds: {processor[1] / processor[0]:.0%}")


if __name__ == "__main__":
    main()
