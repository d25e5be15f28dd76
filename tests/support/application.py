"""A whole application made by the services: partners invited and accepted, answers saved, documents uploaded."""

from __future__ import annotations

import io
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from functools import cache
from typing import Any

import pikepdf

from app.facts.readiness import due_with_application
from app.models import Application, Call, Membership, Organisation, Person
from app.services.applications.answers import save, values_of
from app.services.applications.application import save_basics, start_application
from app.services.calls.call import definition_of
from app.services.consortia.membership import invite
from app.services.transitions import perform
from app.services.uploads.files import upload
from app.store import Store
from app.ticking import tick
from tests.support.world import AFTER_CLOSING, World
from workflows.definition_questions import DocumentPer, QuestionType

PLACES = (("IT", "ITC1"), ("PT", "PT11"), ("PL", "PL22"))
BASICS = {
    "acronym": "TEX4TEST",
    "title": "Textiles for tests",
    "theme": "advanced-manufacturing",
    "starts_on": date(2018, 10, 1),
    "months": 24,
    "requested_grant": Decimal("300000.00"),
    "eligible_cost": Decimal("400000.00"),
}


@cache
def a_pdf(text: str = "one page") -> bytes:
    """The smallest PDF that opens, told apart by its title."""
    document = pikepdf.new()
    document.add_blank_page()
    document.docinfo["/Title"] = text
    out = io.BytesIO()
    document.save(out, deterministic_id=True)
    return out.getvalue()


def written(text: str) -> bytes:
    """A PDF of one page with a text on it."""
    with pikepdf.open(io.BytesIO(a_pdf(text))) as document:
        font = pikepdf.Dictionary(Type=pikepdf.Name.Font, Subtype=pikepdf.Name.Type1, BaseFont=pikepdf.Name.Helvetica)
        document.pages[0].Resources = pikepdf.Dictionary(Font=pikepdf.Dictionary(F1=document.make_indirect(font)))
        document.pages[0].Contents = document.make_stream(f"BT /F1 12 Tf 72 700 Td ({text}) Tj ET".encode())
        made = io.BytesIO()
        document.save(made, deterministic_id=True)
    return made.getvalue()


@dataclass
class Consortium:
    """An application and who leads it; `partners` are (person, organisation, membership) after the coordinator."""

    call: Call
    application: Application
    coordinator: Person
    organisation: Organisation
    partners: list[tuple[Person, Organisation, Membership]]


def a_draft(world: World, call: Call | None = None) -> Consortium:
    """An application just started."""
    call = call or world.call()
    coordinator = world.person("Carla Coordinator")
    organisation = world.organisation("Cluster Uno", coordinator, country=PLACES[0][0], region=PLACES[0][1])
    with world.act(coordinator) as act:
        application = start_application(
            act, act.session.get_one(Call, call.id), act.session.get_one(Organisation, organisation.id)
        )
    return Consortium(call, application, coordinator, organisation, [])


def with_partners(world: World, found: Consortium, *, accepted: bool = True) -> Consortium:
    """Two more partners, each from a country of its own."""
    for number, (country, region) in enumerate(PLACES[1:], start=2):
        person = world.person(f"Paula{number} Partner")
        organisation = world.organisation(f"Cluster {number}", person, country=country, region=region)
        with world.act(found.coordinator) as act:
            membership = invite(
                act,
                act.session.get_one(Application, found.application.id),
                email=person.email,
                organisation=act.session.get_one(Organisation, organisation.id),
                invitation="Take part in work package 2.",
            )
        if accepted:
            with world.act(person) as act:
                perform(act, act.session.get_one(Membership, membership.id), "accept")
        found.partners.append((person, organisation, membership))
    return found


def complete(world: World, found: Consortium) -> Consortium:
    """Everything the call asks for, so that the application may be submitted."""
    store = Store.from_url(str(world.folder / "files"))
    with world.act(found.coordinator) as act:
        application = act.session.get_one(Application, found.application.id)
        save_basics(act, application, BASICS)
        definition = definition_of(application.call)
        members = [member.id for member in application.memberships]
        values = {q.id: an_answer(q, members) for q in definition.questions() if q.required}
        save(act, application, values, {})
        for slot in due_with_application(definition):
            for member in application.memberships if slot.per is DocumentPer.PARTNER else [None]:
                if slot.required:
                    upload(act, application, slot.id, f"{slot.id}.pdf", a_pdf(), store=store, membership=member)
    return found


def an_answer(question: Any, members: list[str]) -> Any:
    rows: dict[QuestionType, list[dict[str, Any]]] = {
        QuestionType.PARTNER_LIST: [{"partner": one, "contribution": "Leads training."} for one in members],
        QuestionType.WORK_PACKAGES: [
            {"title": "Strategy", "partner": members[0], "start_month": "1", "end_month": "12", "tasks": "Write it."}
        ],
        QuestionType.INDICATORS: [{"indicator": "SMEs reached", "baseline": "0", "target": "120", "evidence": "Lists"}],
        QuestionType.BUDGET: [
            {"partner": one, "personnel": "100000", "travel": "5000", "grant": "100000"} for one in members
        ],
    }
    return rows.get(question.type, f"What we say on {question.label}.")


def declarations_of(found: Consortium) -> list[str]:
    definition = definition_of(found.call)
    return [statement.code for statement in (*definition.declarations, *definition.exclusions)]


def completed(world: World) -> Consortium:
    """A consortium that may submit."""
    return complete(world, with_partners(world, a_draft(world)))


def received(world: World) -> Consortium:
    """One that has submitted, after the deadline."""
    found = completed(world)
    submit(world, found)
    after_closing(world)
    return found


def after_closing(world: World) -> None:
    world.now = AFTER_CLOSING
    tick(world.database, world.now, world.chance)


def submit(world: World, found: Consortium, row: str = "submit") -> None:
    with world.act(found.coordinator) as act:
        perform(
            act,
            act.session.get_one(Application, found.application.id),
            row,
            {"declarations": declarations_of(found)},
        )


__all__ = [
    "BASICS", "Consortium", "a_draft", "a_pdf", "complete", "declarations_of", "submit", "values_of", "with_partners",
]  # fmt: skip
