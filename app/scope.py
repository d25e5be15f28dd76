"""Where a thing belongs: the columns by which relations are found, for every model in one place."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

from sqlalchemy import ColumnElement, select
from sqlalchemy.orm import InstrumentedAttribute

from app.models import (
    Advance,
    Amendment,
    Application,
    Assessment,
    Assignment,
    Base,
    Call,
    Check,
    Clarification,
    Consensus,
    Decision,
    Disclosure,
    Document,
    Dossier,
    Enquiry,
    Expert,
    Expression,
    File,
    Introduction,
    Label,
    LateException,
    Membership,
    Organisation,
    Person,
    Plan,
    Redaction,
    Reply,
    Review,
    StandIn,
    Statement,
)

Column = ColumnElement[Any] | InstrumentedAttribute[Any]


@dataclass(frozen=True)
class Scope:
    """Ids of what a row belongs to, as columns; None where it belongs to none."""

    call: Column | None = None
    application: Column | None = None
    expression: Column | None = None
    organisation: Column | None = None
    reply: Column | None = None
    review: Column | None = None
    introduction: Column | None = None
    membership: Column | None = None
    assignment: Column | None = None
    assessment: Column | None = None
    person: Column | None = None
    file: Column | None = None
    whole_call: bool = False  # the thing speaks of all applications of its call


def _call_of(application: Column) -> ColumnElement[Any]:
    return (
        select(Application.call_id).where(Application.id == application).correlate_except(Application).scalar_subquery()
    )


def _of_application(model: type[Any]) -> Scope:
    return Scope(application=model.application_id, call=_call_of(model.application_id))


# Whose work a statement of work tells; other documents are nobody's own.
_PERSON_OF_DOCUMENT = (
    select(Statement.person_id).where(Statement.id == Document.thing_id).correlate_except(Statement).scalar_subquery()
)
# Whose copy it is to read.
_ASSESSMENT_OF_DOCUMENT = (
    select(Assessment.id).where(Assessment.id == Document.thing_id).correlate_except(Assessment).scalar_subquery()
)

SCOPES: dict[type[Base], Scope] = {
    Person: Scope(person=Person.id),
    Expert: Scope(person=Expert.person_id),
    Organisation: Scope(organisation=Organisation.id),
    Call: Scope(call=Call.id),
    Expression: Scope(call=Expression.call_id, expression=Expression.id),
    Reply: Scope(expression=Reply.expression_id, reply=Reply.id),
    Introduction: Scope(introduction=Introduction.id),
    Application: Scope(call=Application.call_id, application=Application.id),
    Membership: replace(_of_application(Membership), membership=Membership.id),
    Amendment: _of_application(Amendment),
    File: Scope(
        application=File.application_id,
        expression=File.expression_id,
        organisation=File.organisation_id,
        file=File.id,
        call=_call_of(File.application_id),
    ),
    Check: _of_application(Check),
    Assignment: replace(_of_application(Assignment), assignment=Assignment.id),
    Assessment: replace(_of_application(Assessment), assessment=Assessment.id),
    Consensus: _of_application(Consensus),
    Disclosure: Scope(call=Disclosure.call_id, person=Disclosure.person_id, whole_call=True),
    Plan: Scope(call=Plan.call_id, whole_call=True),
    Statement: Scope(call=Statement.call_id, person=Statement.person_id, whole_call=True),
    Decision: Scope(call=Decision.call_id, whole_call=True),
    Label: Scope(call=Label.call_id, application=Label.application_id),
    StandIn: Scope(person=StandIn.principal_id),
    Enquiry: Scope(call=Enquiry.call_id, person=Enquiry.asker_id),
    LateException: _of_application(LateException),
    Clarification: _of_application(Clarification),
    Redaction: _of_application(Redaction),
    Review: Scope(call=Review.call_id, application=Review.application_id, review=Review.id, whole_call=True),
    # Whoever is tied to any application of the call has no part in who of the reserve list moves up.
    Advance: Scope(call=Advance.call_id, application=Advance.application_id, whole_call=True),
    # A dossier of a call is of no application and speaks of all of them.
    Dossier: Scope(call=Dossier.call_id, application=Dossier.application_id),
    Document: Scope(
        call=Document.call_id,
        application=Document.application_id,
        person=_PERSON_OF_DOCUMENT,
        assessment=_ASSESSMENT_OF_DOCUMENT,
    ),
}

NOTHING = Scope()
