"""Files the scanner could not look at are looked at again, at growing distances, until it answers."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from app.act import Act
from app.db import Database
from app.jobs import NotYet
from app.models import Event, File
from app.outbox import enqueue
from app.scanning import Finding, Scanner
from app.services.transitions import perform
from app.store import Store
from workflows.file import State
from workflows.relations import Relation as R

Finish = Callable[[Act], dict[str, Any]]


def want_scan(act: Act, file: File, event: Event) -> None:
    """Have a file scanned that came while the scanner did not answer."""
    enqueue(act, "scan", f"scan:{file.id}", {"file": file.id, "event": event.id})


def scanning(database: Database, store: Store, scanner: Scanner) -> Callable[[dict[str, Any], str], Finish]:
    """Give the handler of the outbox for jobs of the kind "scan". Raises `NotYet` while the scanner gives no answer."""

    def work(args: dict[str, Any], _job_id: str) -> Finish:
        with database.reading() as session:
            file = session.get_one(File, str(args["file"]))
            sha256, waits = file.sha256, file.state is State.QUARANTINED
        finding = scanner.scan(store.get(sha256)) if waits else None
        if finding is Finding.COULD_NOT_SCAN:
            raise NotYet("the scanner gave no answer")

        def finish(act: Act) -> dict[str, Any]:
            mine = act.session.get_one(File, str(args["file"]))
            if finding is None or mine.state is not State.QUARANTINED:
                return {"finding": "not needed"}  # removed meanwhile
            row = "pass" if finding is Finding.CLEAN else "reject"
            perform(act, mine, row, by=R.CASCADE, cause=act.session.get_one(Event, str(args["event"])))
            return {"finding": finding.value}

        return finish

    return work
