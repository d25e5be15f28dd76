"""Every form that people write long text into, and how to get to it: a new one is enrolled here or said to be short."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from sqlalchemy import select

from app.models import (
    Application,
    Assessment,
    Call,
    Consensus,
    Expert,
    Expression,
    Organisation,
    Person,
    Redaction,
    Reply,
)
from app.services.anonymising.redaction import LONGEST, start_redactions
from app.services.calls.call import definition_of
from app.services.dossiers.auditing import grant
from app.services.expressions.expression import start_expression
from app.services.expressions.reply import send_reply
from tests.services.test_charter import partners_with_people
from tests.support import expression as expressions
from tests.support.application import Consortium, a_draft, with_partners
from tests.support.browser import PASSWORD_HASH
from tests.support.decided import GOOD, WEAK, Office
from tests.support.evaluation import Evaluation
from tests.support.world import REAL_EXPRESSIONS, World
from workflows.relations import Relation as R

AUDITED = date(2099, 12, 31)


@dataclass
class Paper:
    """A form: who writes, on which page, what is filled in beside the text, and who else writes the same."""

    person: Person
    page: str  # where the form stands
    action: str  # where it goes
    text: str  # the field of the long text
    beside: Mapping[str, Any] = field(default_factory=dict)
    spoilt: Mapping[str, Any] = field(default_factory=dict)  # what makes another field of the form wrong
    limit: int = 0  # characters; 0: none
    rival: Person | None = None
    means: tuple[str, ...] = ()  # signs that are no plain text here: refused where they make no sense


@dataclass
class Form:
    """How a form is reached, for its endpoint. `once`: what is sent cannot be sent a second time."""

    endpoint: str
    stage: Callable[[World], Any]
    paper: Callable[[World, Any], Paper]
    once: bool = False
    name: str = ""

    def __str__(self) -> str:
        return self.name or self.endpoint


def may_sign_in(world: World, *people: Person) -> None:
    with world.act() as act:
        for person in people:
            act.session.get_one(Person, person.id).password_hash = PASSWORD_HASH


# -- the consortium ------------------------------------------------------------------------------------------------


def consortium(world: World) -> Consortium:
    return with_partners(world, a_draft(world))


def _section(found: Consortium, kind: str) -> tuple[str, Any]:
    pairs = ((s, q) for s in definition_of(found.call).sections for q in s.questions if q.type.value == kind)
    section, question = next(pairs)
    return section.id, question


def section_text(_world: World, found: Consortium) -> Paper:
    section, question = _section(found, "long_text")
    address = f"/applications/{found.application.id}/sections/{section}"
    return Paper(found.coordinator, address, address, f"q_{question.id}", limit=question.max_chars or 20000,
                 rival=found.partners[0][0])  # fmt: skip


def section_table(_world: World, found: Consortium) -> Paper:
    section, question = _section(found, "partner_list")
    address = f"/applications/{found.application.id}/sections/{section}"
    row = f"q_{question.id}-0"
    return Paper(found.coordinator, address, address, f"{row}-c_contribution", limit=4000,
                 beside={f"{row}-c_partner": found.partners[0][2].id}, rival=found.partners[0][0])  # fmt: skip


def about(_world: World, found: Consortium) -> Paper:
    address = f"/applications/{found.application.id}/about"
    return Paper(found.coordinator, address, address, "q_title", limit=400, spoilt={"q_months": "twenty"},
                 rival=found.partners[0][0])  # fmt: skip


def comment(_world: World, found: Consortium) -> Paper:
    section, _ = _section(found, "long_text")
    address = f"/applications/{found.application.id}/sections/{section}/comments"
    return Paper(found.coordinator, address, address, "text", limit=4000, spoilt={"question": "no-such-question"},
                 rival=found.partners[0][0])  # fmt: skip


def invitation(_world: World, found: Consortium) -> Paper:
    there = f"/applications/{found.application.id}/consortium"
    beside = {"name": "Cluster Quattro", "email": "quattro@cluster.example"}
    return Paper(found.coordinator, there, there, "invitation", limit=2000,
                 beside=beside, spoilt={"email": "no address"})  # fmt: skip


def task(_world: World, found: Consortium) -> Paper:
    address = f"/memberships/{found.partners[0][2].id}/share"
    return Paper(found.coordinator, address, address, "task", limit=2000, spoilt={"share": "much"})


def message(_world: World, found: Consortium) -> Paper:
    address = f"/applications/{found.application.id}/messages"
    return Paper(found.coordinator, address, address, "text", limit=8000)


def step_back(_world: World, found: Consortium) -> Paper:
    address = f"/memberships/{found.partners[1][2].id}/step-back"
    return Paper(found.partners[1][0], address, address, "reason", limit=2000)


# -- organisations and accounts --------------------------------------------------------------------------------------


def an_organisation(world: World) -> tuple[Person, Organisation]:
    person = world.person("Olga Organiser")
    return person, world.organisation("Cluster Otto", person)


def profile(world: World, made: tuple[Person, Organisation]) -> Paper:
    person, organisation = made
    address = f"/organisations/{organisation.id}/edit"
    return Paper(person, address, address, "summary", limit=2000, spoilt={"website": "no address at all"},
                 rival=_colleague(world, organisation))  # fmt: skip


def _colleague(world: World, organisation: Organisation) -> Person:
    from_there = world.person("Oskar Organiser")
    with world.act() as act:
        member = act.session.get_one(Organisation, organisation.id).people[0]
        copy = {
            c.key: getattr(member, c.key) for c in type(member).__table__.columns if c.key not in ("id", "person_id")
        }
        act.session.add(type(member)(id=act.new_id(), person_id=from_there.id, **copy))
    return from_there


def help_request(_world: World, made: tuple[Person, Organisation]) -> Paper:
    return Paper(made[0], "/help", "/help", "text", limit=4000)


# -- expressions of interest -----------------------------------------------------------------------------------------


@dataclass
class Market:
    call: Call
    author: Person
    organisation: Organisation
    other: Person
    others: Organisation


def market(world: World) -> Market:
    world.now = expressions.WHILE_OPEN
    call, author, other = world.call(REAL_EXPRESSIONS), world.person("Ana Author"), world.person("Ben Answerer")
    return Market(call, author, world.organisation("Cluster Uno", author), other, world.organisation("Hub", other))


def _published(world: World, found: Market) -> Expression:
    return expressions.a_published(world, found.call, found.organisation, found.author)


def expression_draft(world: World, found: Market) -> Paper:
    with world.act(found.author) as act:
        call, organisation = (
            act.session.get_one(Call, found.call.id),
            act.session.get_one(Organisation, found.organisation.id),
        )
        draft = start_expression(act, call, organisation)
    address = f"/expressions/{draft.id}/edit"
    return Paper(found.author, address, address, "q_abstract", limit=20000, rival=_colleague(world, found.organisation))


def expression_comment(world: World, found: Market) -> Paper:
    address = f"/expressions/{_published(world, found).id}"
    return Paper(found.other, address, f"{address}/comments", "text", limit=2000, rival=found.author)


def reply(world: World, found: Market) -> Paper:
    address = f"/expressions/{_published(world, found).id}/reply"
    return Paper(found.other, address, address, "message", beside={"organisation": found.others.id}, limit=2000,
                 spoilt={"organisation": "none"})  # fmt: skip


def withdrawal(world: World, found: Market) -> Paper:
    address = f"/expressions/{_published(world, found).id}/withdraw"
    return Paper(found.author, address, address, "reason", limit=4000)


def declining(world: World, found: Market) -> Paper:
    expression = _published(world, found)
    with world.act(found.other) as act:
        sent = send_reply(act, act.session.get_one(Expression, expression.id),
                          act.session.get_one(Organisation, found.others.id), "We bring a pilot line.")  # fmt: skip
    address = f"/replies/{act_on(world, Reply, sent.id)}/decline"
    return Paper(found.author, address, address, "message", limit=2000)


def act_on(world: World, model: type[Any], thing_id: str) -> str:
    with world.look() as act:
        return str(act.session.get_one(model, thing_id).id)


# -- the office and evaluators ---------------------------------------------------------------------------------------


@dataclass
class Room:
    office: Evaluation
    expert: Person
    application: Application
    report: str
    consensus: str


def room(world: World) -> Room:
    """One application whose lead evaluator has finished and whose second evaluator is still at work."""
    office = Evaluation(world)
    application = office.application()
    office.close()
    office.admit(application)
    lead, expert = office.expert("Lea Lead"), office.expert("Eva Expert")
    office.task(application, lead, rapporteur=True)
    open_task = office.task(application, expert)
    return Room(office, expert, application, office.report_of(open_task).id, "")


def report(_world: World, found: Room) -> Paper:
    address = f"/assessments/{found.report}"
    return Paper(found.expert, address, f"{address}/save", "reasons-C1", limit=5000, spoilt={"points-C1": "many"})


def agreed_room(world: World) -> Room:
    """One application whose reports are in and whose consensus is being written."""
    office = Evaluation(world)
    application = office.application()
    office.close()
    office.admit(application)
    lead, other = office.expert("Lea Lead"), office.expert("Eva Expert")
    tasks = office.task(application, lead, rapporteur=True), office.task(application, other)
    for one in tasks:
        criteria = office.report_of(one)
        with world.look() as act:
            number = len(act.session.get_one(type(criteria), criteria.id).scores)
        office.score(one, *["4"] * number)
    consensus = office.open_consensus(application)
    return Room(office, lead, application, "", consensus.id)


def consensus(_world: World, found: Room) -> Paper:
    address = f"/consensus/{found.consensus}"
    return Paper(found.expert, address, f"{address}/save", "reasons-C1", limit=5000, spoilt={"points-C1": "many"})


def _expert(world: World, person: Person) -> str:
    with world.look() as act:
        return str(act.session.scalars(select(Expert.id).where(Expert.person_id == person.id)).one())


def thread_of_expert(world: World, found: Room) -> Paper:
    address = f"/experts/{_expert(world, found.expert)}/messages"
    return Paper(found.expert, address, address, "text", limit=8000)


def expert_profile(world: World, found: Room) -> Paper:
    address = f"/experts/{_expert(world, found.expert)}/edit"
    return Paper(found.expert, address, address, "biography", limit=2000, spoilt={"most_tasks": "many"},
                 rival=found.office.manager)  # fmt: skip


def declared_conflict(world: World, found: Room) -> Paper:
    with world.look() as act:
        task_id = act.session.get_one(Assessment, found.report).assignment_id
    address = f"/assignments/{task_id}/declare_conflict"
    return Paper(found.expert, address, address, "detail", limit=1000, beside={"kind": "helped"})


def batch_of_tasks(world: World, found: Room) -> Paper:
    with world.look() as act:
        task_id = act.session.get_one(Assessment, found.report).assignment_id
    address = f"/calls/{found.office.call.id}/lists/tasks/act"
    return Paper(found.office.manager, f"{address}?row=remove&thing={task_id}", address, "reason", limit=4000)


def no_more(world: World, found: Room) -> Paper:
    address = f"/experts/{_expert(world, found.expert)}"
    return Paper(found.expert, address, f"{address}/decline", "reason", limit=1000)


def question(_world: World, found: Consortium) -> Paper:
    address = f"/calls/{found.call.id}/questions/ask"
    return Paper(found.coordinator, address, address, "text", limit=4000)


# -- an anonymous call -----------------------------------------------------------------------------------------------


def hiding(world: World) -> tuple[Evaluation, Redaction]:
    """One application whose anonymised copy has begun."""
    office = Evaluation(world, anonymous=True)
    application = office.application(summary="ALPHA Cluster Organisation leads it.")
    office.close()
    office.admit(application)
    with world.act() as act:
        start_redactions(act)
        return office, act.session.scalars(select(Redaction)).one()


def anonymised_text(_world: World, found: tuple[Evaluation, Redaction]) -> Paper:
    office, redaction = found
    address = f"/redactions/{redaction.id}"
    return Paper(office.manager, address, f"{address}/texts", "text", limit=LONGEST, spoilt={"number": "many"},
                 rival=office.second)  # fmt: skip


# -- the decision --------------------------------------------------------------------------------------------------


def decided(world: World) -> tuple[Office, Application]:
    """A released decision that left one out."""
    office = Office(world)
    office.application("FIRST", GOOD)
    weak = office.application("WEAK", WEAK)
    office.release()
    return office, weak


def offered(world: World) -> tuple[Office, Application]:
    """A released decision, with a label that waits for its partners."""
    office = Office(world)
    first = office.application("FIRST", GOOD)
    office.release()
    return office, first


def refused_charter(_world: World, found: tuple[Office, Application]) -> Paper:
    (membership, person), _other = partners_with_people(*found)
    address = f"/memberships/{membership}/charter"
    return Paper(person, address, f"{address}/refusal", "reason", limit=1000)


def agreed(world: World) -> tuple[Office, Application]:
    office = Office(world)
    return office, office.application("FIRST", GOOD)


def review_request(_world: World, found: tuple[Office, Application]) -> Paper:
    office, weak = found
    address = f"/applications/{weak.id}/review"
    return Paper(office.lead_of(weak), address, address, "text", limit=10_000, beside={"ground": "error"},
                 spoilt={"ground": "taste"})  # fmt: skip


def minutes_of_panel(world: World, found: tuple[Office, Application]) -> Paper:
    office, application = found
    with world.look() as act:
        query = select(Consensus.id).where(Consensus.application_id == application.id)
        address = f"/consensus/{act.session.scalars(query).one()}/panel"
    return Paper(office.manager, address, address, "text", limit=4000)


def text_of_letters(_world: World, found: tuple[Office, Application]) -> Paper:
    office, _application = found
    address = f"/calls/{office.call.id}/letters/reserve"
    return Paper(office.manager, address, address, "text", limit=6000, means=("<b>", "</b>", "{x}"))


def note_of_auditor(world: World, found: tuple[Office, Application]) -> Paper:
    office, application = found
    auditor = world.person("Aud Auditor", None, R.AUDITOR)
    with world.act(office.director) as act:
        grant(act, act.session.get_one(Call, office.call.id), act.session.get_one(Person, auditor.id), None, AUDITED)
    address = f"/applications/{application.id}/audit-notes"
    return Paper(auditor, address, address, "text", limit=10_000)


FORMS: tuple[Form, ...] = (
    Form("enquiry.ask", consortium, question),
    Form("expert.decline", room, no_more, once=True),
    Form("application.section", consortium, section_text, name="section, long text"),
    Form("application.section", consortium, section_table, name="section, table"),
    Form("application.about", consortium, about),
    Form("application.comment", consortium, comment),
    Form("application.invite_partner", consortium, invitation, once=True),
    Form("application.share", consortium, task),
    Form("message.write", consortium, message),
    Form("membership.step_back", consortium, step_back, once=True),
    Form("organisation.edit", an_organisation, profile),
    Form("public.ask", an_organisation, help_request),
    Form("expression.edit", market, expression_draft),
    Form("expression.comment", market, expression_comment),
    Form("reply.new", market, reply, once=True),
    Form("act.expression", market, withdrawal, once=True),
    Form("act.reply", market, declining, once=True),
    Form("assessment.save", room, report),
    Form("consensus.save", agreed_room, consensus),
    Form("message.write_to_expert", room, thread_of_expert),
    Form("expert.edit", room, expert_profile),
    Form("act.assignment", room, declared_conflict, once=True),
    Form("batch.act", room, batch_of_tasks, once=True),
    Form("review.ask", decided, review_request, once=True),
    Form("membership.refuse_charter", offered, refused_charter, once=True),
    Form("panel.minute", agreed, minutes_of_panel),
    Form("audit.write_note", agreed, note_of_auditor),
    Form("redaction.edit", hiding, anonymised_text),
    Form("letter.save", agreed, text_of_letters),
)
