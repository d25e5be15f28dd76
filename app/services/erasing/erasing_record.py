"""What the table of fates leaves to functions: the account itself, mails, remarks, sheets of persons, documents."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

from sqlalchemy import Column, delete, or_, select, text, update
from sqlalchemy.orm import Session

from app.act import Act
from app.models import (
    Amendment,
    Base,
    Decision,
    Document,
    DocumentKind,
    Event,
    Expert,
    ExpertCheck,
    Expression,
    FormerAddress,
    Job,
    MailedLink,
    Mandate,
    Membership,
    Organisation,
    Participant,
    Person,
    Remark,
    Status,
    SubmittedVersion,
)
from app.outbox import enqueue
from app.search_table import NAME
from app.services.erasing.erasing_words import Traces, address_of, in_office, pseudonym_of, replace_in, traces_of
from app.services.organisations.names import fold_address
from app.services.searching.search_index import index_expression, index_profile
from workflows.relations import Relation as R

EVALUATION = frozenset(
    {R.ASSIGNED, R.SIGHTED_ASSIGNED, R.EXPERT, R.SIGHTED_EXPERT, R.ASSESSOR, R.RAPPORTEUR, R.DECLARANT}
)
ASKED, DONE = "ask_erasure", "erase"  # the reasons for erasing are the office's own
# Documents that print what a consortium wrote: only the field that names who sent it is ours to change.
_WITH_CONTENT = frozenset({DocumentKind.RECEIPT, DocumentKind.READING_COPY, DocumentKind.EVALUATOR_COPY})


def gather(session: Session, person: Person) -> Traces:
    """Give all names and addresses under which the person was ever known here."""
    addresses = {
        person.email,
        *session.scalars(select(FormerAddress.email).where(FormerAddress.person_id == person.id)),
    }
    for listed in session.scalars(select(Expert.other_addresses).where(Expert.person_id == person.id)):
        addresses.update(listed or ())
    sheets = [version.persons[person.id] for version in versions_naming(session, person.id)]
    addresses.update(sheet.get("email", "") for sheet in sheets)
    names = {str(sheet.get("name", "")) for sheet in sheets}
    return traces_of(session, person, addresses | {fold_address(one) for one in addresses}, names)


def versions_naming(session: Session, person_id: str) -> list[SubmittedVersion]:
    """Give the submitted versions whose sheet of persons has the person."""
    concerned = or_(
        SubmittedVersion.submitted_by == person_id,
        SubmittedVersion.application_id.in_(
            select(Participant.application_id).where(Participant.person_id == person_id)
        ),
    )
    found = session.scalars(select(SubmittedVersion).where(concerned))
    return [version for version in found if person_id in version.persons]


def close_account(act: Act, person: Person) -> None:
    """Leave the row, for the ids in the record, with a pseudonym and nothing that opens it."""
    person.name, person.email = pseudonym_of(person.id), address_of(person.id)
    person.email_folded = fold_address(person.email)
    person.password_hash, person.email_verified_at, person.language = None, None, "en"
    person.disabled_at = act.now
    act.session.flush()


def forget_links(session: Session, traces: Traces) -> None:
    """Delete every mailed link to the person or one of their addresses."""
    folded = [fold_address(address) for address in traces.addresses]
    session.execute(
        delete(MailedLink).where(or_(MailedLink.person_id == traces.person_id, MailedLink.address.in_(folded)))
    )


def forget_mails(session: Session, traces: Traces) -> list[str]:
    """Delete the mails of the outbox to the person, sent or not; gives their ids: mails in files are called by them."""
    gone = []
    for job_id, args in session.execute(select(Job.id, Job.args).where(Job.kind == "mail")).all():
        to = str(args.get("address", ""))
        if args.get("person") == traces.person_id or traces.replaced(to) != to:
            gone.append(job_id)
    for start in range(0, len(gone), 500):
        session.execute(delete(Job).where(Job.id.in_(gone[start : start + 500])))
    return gone


def replace_addresses(session: Session, traces: Traces) -> None:
    """Put the pseudonym where the person stands by an address of theirs: invitations, signatories, requests."""
    by_address = replace(traces, names=())
    for cell in _cells(Membership, "invited_email", "invited_email_folded"):
        replace_in(session, by_address, cell)
    for cell in _cells(Amendment, "email"):
        replace_in(session, by_address, cell)
    for model, address, name in (
        (Mandate, "signatory_email", "signatory_name"),
        (ExpertCheck, "email", "name"),
    ):
        table = Base.metadata.tables[model.__tablename__]
        for (key,) in replace_in(session, by_address, table.c[address]):
            there = update(table).where(table.c.id == key)
            session.execute(there.values({name: pseudonym_of(traces.person_id)}))
    for cell in _cells(ExpertCheck, "name"):
        replace_in(session, traces, cell)


def _cells(model: type[Base], *names: str) -> list[Column[Any]]:
    return [Base.metadata.tables[model.__tablename__].c[name] for name in names]


# -- remarks -------------------------------------------------------------------------------------------------------


def forget_remarks(session: Session, traces: Traces) -> None:
    """Take free text and salt away of what the person wrote, or others wrote about the account.

    Reasons given in an office or as an evaluator stay, under the pseudonym. Where a name was replaced the salt goes:
    the digest in the record can't be held against the text any more.
    """
    for remark_id in own_remarks(session, traces.person_id):
        session.execute(update(Remark).where(Remark.id == remark_id).values(text=None, salt=None))
    for (remark_id,) in replace_in(session, traces, *_cells(Remark, "text")):
        session.execute(update(Remark).where(Remark.id == remark_id).values(salt=None))


def own_remarks(session: Session, person_id: str) -> set[str]:
    """Give the ids of remarks that go at once and still have a text."""
    official = _in_evaluation(session, person_id)
    mine = select(Remark.id).where(Remark.written_by == person_id, ~in_office(Remark.__table__.c.written_at, person_id))
    about = session.scalars(
        select(Event).where(Event.noun == "person", Event.thing_id == person_id, Event.name.not_in([ASKED, DONE]))
    )
    wanted = (set(session.scalars(mine)) - official) | {one for event in about for one in _remarks_of(event)}
    filled = or_(Remark.text.is_not(None), Remark.salt.is_not(None))
    return set(session.scalars(select(Remark.id).where(Remark.id.in_(wanted), filled)))


def kept_remarks(session: Session, person_id: str) -> set[str]:
    """Give the ids of the person's remarks that stay as evidence."""
    mine = select(Remark.id).where(Remark.written_by == person_id, Remark.text.is_not(None))
    return set(session.scalars(mine)) - own_remarks(session, person_id)


def _in_evaluation(session: Session, person_id: str) -> set[str]:
    acts = session.scalars(
        select(Event).where(Event.actor_id == person_id, Event.relation.in_([one.value for one in EVALUATION]))
    )
    return {one for event in acts for one in _remarks_of(event)}


def _remarks_of(event: Event) -> Iterator[str]:
    for value in event.data.values():
        if isinstance(value, dict) and "remark" in value:
            yield str(value["remark"])


# -- sheets and documents ------------------------------------------------------------------------------------------


def empty_sheets(session: Session, person_id: str) -> None:
    """Take name and address out of the sheets beside submitted versions; with the salt their digest tells nothing."""
    sheet = {"name": pseudonym_of(person_id), "email": ""}
    for version in versions_naming(session, person_id):
        version.persons, version.persons_salt = {**version.persons, person_id: sheet}, None
    session.flush()


def write_documents_anew(act: Act, traces: Traces, erasure_id: str) -> None:
    """Have every letter, receipt and act that names the person printed once more with the pseudonym.

    What was printed before is spoken of by no row then: the next sweep takes it away. Certificates name nobody.
    """
    session = act.session
    kinds = [kind for kind in DocumentKind if kind is not DocumentKind.CERTIFICATE]
    concerned = or_(*_concerning(traces.person_id))
    for document in session.scalars(select(Document).where(Document.kind.in_(kinds), concerned)).all():
        snapshot = _rewritten(session, document, traces)
        if snapshot == document.snapshot:
            continue
        document.snapshot = snapshot
        running = update(Job).where(Job.key == f"document:{document.id}", Job.status == Status.RUNNING)
        session.execute(running.values(status=Status.WAITING, lease_until=None, fence=Job.fence + 1))
        if document.made_at is not None:
            document.made_at = document.plain_sha256 = document.issued_sha256 = document.size = None
            enqueue(act, "document", f"document:{document.id}:{erasure_id}", {"document": document.id})
    session.flush()


def _concerning(person_id: str) -> Iterator[Any]:
    """Say which documents may name somebody: of their applications, of a call they decided on, of their own work."""
    yield Document.application_id.in_(select(Participant.application_id).where(Participant.person_id == person_id))
    signed = or_(Decision.proposed_by == person_id, Decision.signed_by == person_id)
    yield Document.call_id.in_(select(Decision.call_id).where(signed))
    yield Document.noun == "statement"
    yield Document.event_id.in_(select(Event.id).where(Event.actor_id == person_id))


def _rewritten(session: Session, document: Document, traces: Traces) -> dict[str, Any]:
    if document.kind not in _WITH_CONTENT:
        whole: dict[str, Any] = traces.replaced_in(document.snapshot)
        return whole
    sender = session.get_one(Event, document.event_id).actor_id
    if sender != traces.person_id or "submitted_by" not in document.snapshot:
        return document.snapshot
    return {**document.snapshot, "submitted_by": pseudonym_of(traces.person_id)}


def index_anew(session: Session, organisations: set[str], expressions: set[str]) -> None:
    """Write the entries of the search again whose thing was changed beneath them."""
    for organisation in session.scalars(select(Organisation).where(Organisation.id.in_(organisations))).all():
        index_profile(session, organisation)
    for expression in session.scalars(select(Expression).where(Expression.id.in_(expressions))).all():
        index_expression(session, expression)
    if (organisations or expressions) and session.get_bind().dialect.name == "sqlite":
        # The index keeps words of entries that were changed until its pieces are merged.
        session.execute(text(f"INSERT INTO {NAME}({NAME}) VALUES ('optimize')"))  # noqa: S608 - a name of ours
