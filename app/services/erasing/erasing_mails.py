"""Mails that were written to files because no mail server is set: those to a person, and those that speak of one."""

from __future__ import annotations

import email
import email.policy
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any

from app.act import Act
from app.outbox import enqueue
from app.services.erasing.erasing_again import write_down
from app.services.erasing.erasing_words import Traces

Finish = Callable[[Act], dict[str, Any]]
FOLDER = "mail"  # in the folder of the data


def speaking_of(folder: Path, traces: Traces) -> set[str]:
    """Give the names of the written mails that name the person, in a header or in the text."""
    return {path.stem for path in folder.glob("*.eml") if _speaks(path, traces)}


def _speaks(path: Path, traces: Traces) -> bool:
    message = email.message_from_bytes(path.read_bytes(), policy=email.policy.default)
    text = "\n".join([*(f"{name}: {value}" for name, value in message.items()), str(message.get_content())])
    return traces.replaced(text) != text


def want_forgetting(act: Act, person_id: str, names: Iterable[str], erasure_id: str) -> None:
    """Have the rest done outside the database once the act is committed; the job knows everything by ids alone."""
    enqueue(act, "after_erasing", f"after-erasing:{erasure_id}", {"person": person_id, "mails": sorted(names)})


def forgetting(data: Path) -> Callable[[dict[str, Any], str], Finish]:
    """Give the handler of the outbox for jobs of the kind "after_erasing": written mails, the list of the erased."""

    def work(args: dict[str, Any], _job_id: str) -> Finish:
        gone = forget(data / FOLDER, args["mails"])

        def finish(act: Act) -> dict[str, Any]:
            write_down(data, args["person"], act.now)
            return {"deleted": gone}

        return finish

    return work


def forget(folder: Path, names: Iterable[str]) -> int:
    """Delete written mails by their names; says how many there were."""
    there = {path.stem: path for path in folder.glob("*.eml")}
    found = [there[name] for name in names if name in there]
    for path in found:
        path.unlink(missing_ok=True)
    return len(found)
