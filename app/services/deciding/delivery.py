"""What became of mails that tell results: handed to the mail server, come back, opened in the service.

Nothing here says "delivered": no mail server can tell whether somebody read a mail.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select

from app.access import visible
from app.act import Act
from app.models import Application, Bounce, Call, Document, DocumentKind, Job, Person, Reading, Status

TEMPLATES = ("refused", "result")
LETTERS = (DocumentKind.RESULT_LETTER, DocumentKind.REFUSAL_LETTER, DocumentKind.SUMMARY_REPORT)
EACH_PAGE = 50
END_OF_KEYS = ";"  # the character after ":", which ends each part of a key


@dataclass(frozen=True)
class Sent:
    """One mail about a result. `opened_at`: its addressee opened the result or its letter in the service."""

    application: Application
    template: str
    who: str
    address: str
    status: Status
    handed_over_at: datetime | None
    opened_at: datetime | None
    bounces: tuple[Bounce, ...]

    @property
    def word(self) -> str:
        """Give the one word of the list: what is known last, and what asks for somebody first."""
        if any(one.ended_at is None for one in self.bounces):
            return "returned"
        if self.opened_at is not None:
            return "opened"
        if self.bounces:
            return "settled"
        return {Status.DONE: "handed_over", Status.FAILED: "failed"}.get(self.status, "waiting")


@dataclass(frozen=True)
class Delivered:
    """One page of the mails of a call, and how many there are of each word."""

    shown: Sequence[Sent]
    counts: Mapping[str, int]
    page: int
    pages: int

    @property
    def total(self) -> int:
        return sum(self.counts.values())


def page_of(act: Act, call: Call, page: int) -> Delivered:
    """Give one page of the list; a page that is not there is the nearest that is."""
    found = sent_in(act, call)
    pages = max(1, -(-len(found) // EACH_PAGE))
    page = min(max(page, 1), pages)
    counts = Counter(one.word for one in found)
    return Delivered(found[(page - 1) * EACH_PAGE : page * EACH_PAGE], counts, page, pages)


def sent_in(act: Act, call: Call) -> list[Sent]:
    """List the mails about results of a call, those that came back first, then by application and addressee."""
    query = visible(act, Application, "application.view_evaluation").where(Application.call_id == call.id)
    known = {application.id: application for application in act.session.scalars(query)}
    jobs = [job for job in _jobs(act) if job.args.get("thing") in known]
    bounces = _bounces(act, call)
    opened = _opened(act, known)
    people = {job.args["person"] for job in jobs if job.args.get("person")}
    told = select(Person.id, Person.name).where(Person.id.in_(people))
    names = {row.id: row.name for row in act.session.execute(told)}
    found = [
        Sent(
            application=known[job.args["thing"]],
            template=job.args["template"],
            who=names.get(job.args.get("person") or "", ""),
            address=job.args["address"],
            status=job.status,
            handed_over_at=job.ended_at if job.status is Status.DONE else None,
            opened_at=opened.get((job.args["thing"], job.args.get("person") or "")),
            bounces=tuple(bounces.get(job.id, ())),
        )
        for job in jobs
    ]
    return sorted(found, key=lambda one: (one.word not in ("returned", "failed"), one.application.acronym, one.who))


def _jobs(act: Act) -> Sequence[Job]:
    found: list[Job] = []
    for template in TEMPLATES:
        first, last = f"mail:{template}:", f"mail:{template}{END_OF_KEYS}"
        found += act.session.scalars(
            select(Job).where(Job.key >= first, Job.key < last).order_by(Job.enqueued_at, Job.id)
        )
    return found


def _bounces(act: Act, call: Call) -> dict[str, list[Bounce]]:
    found: dict[str, list[Bounce]] = {}
    query = select(Bounce).where(Bounce.call_id == call.id).order_by(Bounce.noted_at, Bounce.id)
    for bounce in act.session.scalars(query):
        found.setdefault(bounce.job_id, []).append(bounce)
    return found


def _opened(act: Act, known: Mapping[str, Application]) -> dict[tuple[str, str], datetime]:
    """Give when each person first opened the result of each application, or its letter or report."""
    papers = select(Document.id, Document.application_id).where(
        Document.application_id.in_(known), Document.kind.in_(LETTERS)
    )
    of_paper = {row.id: row.application_id for row in act.session.execute(papers)}
    query = (
        select(Reading.thing_id, Reading.person_id, func.min(Reading.at))
        .where(
            Reading.thing_id.in_([*known, *of_paper]),
            Reading.action.in_(("application.view_result", "document.view")),
            Reading.relation.in_(("coordinator", "deputy", "partner")),
        )
        .group_by(Reading.thing_id, Reading.person_id)
    )
    found: dict[tuple[str, str], datetime] = {}
    for thing, person, at in act.session.execute(query):
        key = (of_paper.get(thing) or thing, person)
        found[key] = min(at, found.get(key, at))
    return found
