"""Leaks put in on purpose, each by a view of the test's application that says too much: the comparison must see them."""

from __future__ import annotations

import io
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from typing import Any

import pikepdf
from flask import Flask, Response, current_app, request
from sqlalchemy import Select, func, select
from werkzeug.exceptions import HTTPException

from app.gate import database
from app.models import Application, Assessment, Assignment, File, Introduction, Membership, Person, Score
from app.outbox import enqueue_mail
from tests.support.played import Village
from tests.support.twin_blind import BLIND
from tests.support.twin_facts import FACTS
from tests.support.twins import Fact
from workflows.assessment import State

Spoil = Callable[[Response], Response]
OK, NOT_FOUND = 200, 404


@dataclass(frozen=True)
class Leak:
    """What is put in where, and the fact and viewer at which it must show."""

    name: str
    fact: Fact
    endpoint: str
    spoil: Spoil | None = None


def _fact(name: str, viewer: str) -> Fact:
    return replace(next(fact for fact in FACTS if fact.name == name), viewers=(viewer,))


def _asked(query: Select[Any]) -> list[Any]:
    with database().reading() as session:
        return list(session.scalars(query))


def _a_count(response: Response) -> Response:
    """A page says how many reports are in."""
    query = select(func.count()).select_from(Assessment).where(Assessment.state != State.DRAFT)
    response.set_data(response.get_data() + f"<p>{_asked(query)[0]}</p>".encode())
    return response


def _an_order(response: Response) -> Response:
    """A list names nothing new, but its order follows from what may not be known."""
    order = select(Person.id).join(Assessment, Assessment.person_id == Person.id).join(Score)
    order = order.where(Score.criterion == "C1").order_by(Score.points.desc(), Person.name)
    response.set_data(response.get_data() + " ".join(_asked(order)).encode())
    return response


def _an_error(response: Response) -> Response:
    """What exists and is not for the reader is told from what does not exist."""
    if response.status_code == NOT_FOUND and len(_asked(select(Introduction.id))) > 1:
        response.set_data(response.get_data().replace(b"</main>", b"<p>It is not yours.</p></main>"))
    return response


def _a_property(response: Response) -> Response:
    """A downloaded file says inside who has to do with it."""
    names = select(Person.name).join(Assignment, Assignment.person_id == Person.id).order_by(Person.name)
    target = io.BytesIO()
    with pikepdf.open(io.BytesIO(response.get_data())) as pdf:
        pdf.docinfo["/Keywords"] = ", ".join(_asked(names))
        pdf.save(target, deterministic_id=True)
    response.set_data(target.getvalue())
    return response


def _a_header(response: Response) -> Response:
    """A header tells when somebody last did something."""
    response.headers["X-Count"] = str(_asked(select(func.sum(Assessment.version)))[0])
    return response


def _with_a_mail(fact: Fact) -> Fact:
    """The applicant is told of it by mail."""

    def make(village: Village) -> None:
        fact.make(village)
        with village.stage.act() as act:
            person = act.session.get_one(Person, village.people["coordinator"])
            application = act.session.get_one(Application, village.things["application"])
            about = {"noun": "application", "thing": application.id}
            enqueue_mail(act, "message", person_id=person.id, address=person.email, about=about, key="leak")

    return replace(fact, make=make)


LEAKS = (
    Leak("a count", _fact("that a report is in", "coordinator"), "application.show", _a_count),
    Leak("an order", _fact("a score", "coordinator"), "application.index", _an_order),
    Leak("the text of an error", _fact("an introduction of two others", "coordinator"), "introduction.show", _an_error),
    Leak("a property of a file", _fact("who evaluates", "coordinator"), "file.show", _a_property),
    Leak("a header", _fact("that a report is in", "coordinator"), "work.show", _a_header),
    Leak("a mail", _with_a_mail(_fact("who evaluates", "coordinator")), "none"),
)


def _a_name(response: Response) -> Response:
    """The page of an application names one of those who apply."""
    report = _asked(select(Assessment).where(Assessment.id == (request.view_args or {})["assessment_id"]))[0]
    query = select(Membership).where(Membership.application_id == report.application_id, Membership.position == 1)
    response.set_data(response.get_data() + str(_asked(query)[0].organisation_id).encode())
    return response


def _the_file_itself(response: Response) -> Response:
    """The file goes out as it was uploaded, with what it says inside."""
    if response.status_code == OK:
        file = _asked(select(File).where(File.id == (request.view_args or {})["file_id"]))[0]
        response.set_data(current_app.extensions["store"].get(file.sha256))
    return response


BLIND_LEAKS = (
    Leak("an applicant's name", BLIND[0], "assessment.show", _a_name),
    Leak("a property of an anonymous file", BLIND[1], "file.show", _the_file_itself),
)


@contextmanager
def put_in(app: Flask, leak: Leak) -> Iterator[None]:
    """Let one view of the application say too much for a while."""
    if leak.spoil is None:
        yield
        return
    spoil, honest = leak.spoil, app.view_functions[leak.endpoint]

    def spoiled(**arguments: Any) -> Any:
        try:
            answer = app.make_response(honest(**arguments))
        except HTTPException as error:
            answer = app.make_response(app.handle_user_exception(error))
        return spoil(answer)

    app.view_functions[leak.endpoint] = spoiled
    yield
    app.view_functions[leak.endpoint] = honest
