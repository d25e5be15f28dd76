"""Applications: started for an organisation, with its basic facts saved field by field."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import select

from app.access import relations_of
from app.act import Act
from app.chance import new_code
from app.facts.consortium import rule_results
from app.models import Application, Call, Expression, Membership, Organisation, Role
from app.services.calls.call import definition_of
from app.services.consortia.invitation import take_facts_of
from app.services.organisations.names import fold_address
from app.services.permitted import refuse_unless_open, refuse_unless_open_for, relation_for
from app.services.transitions import Refused, create, note, perform
from workflows.definition import CallKind
from workflows.relations import Relation as R
from workflows.verdict import refuse
from workflows.words import _

__all__ = ["BASIC_FIELDS", "BasicsClash", "Change", "rule_results", "save_basics", "start_application"]

BASIC_FIELDS = ("acronym", "title", "theme", "starts_on", "months", "requested_grant", "eligible_cost")
_HALF = 4  # letters in each half of a number


@dataclass(frozen=True)
class Change:
    """One field two people changed at once."""

    field: str
    mine: Any
    theirs: Any


class BasicsClash(Exception):  # noqa: N818 - somebody was faster, nothing is broken
    """Somebody changed the same fields meanwhile; nothing of this save is stored."""

    def __init__(self, changes: tuple[Change, ...]) -> None:
        super().__init__(", ".join(change.field for change in changes))
        self.changes = changes


def start_application(
    act: Act,
    call: Call,
    organisation: Organisation,
    *,
    acronym: str = "",
    title: str = "",
    expression: Expression | None = None,
) -> Application:
    """Make a draft whose coordinator is the organisation and, for it, the acting person.

    Raises `Refused` where the call is not open or takes no applications, and where the person does not act for the
    organisation.
    """
    relation = relation_for(act, "application.create", None)
    refuse_unless_open(act, call)
    definition = definition_of(call)
    if definition.kind is CallKind.EXPRESSION_OF_INTEREST:
        raise Refused(refuse("no-applications", _("This call takes expressions of interest, not applications.")))
    if definition.expression_required and expression is None:
        raise Refused(refuse("expression-needed", _("This call asks for an expression of interest first.")))
    if not relations_of(act, organisation, {R.ORGANISATION_MEMBER}):
        raise Refused(refuse("not-your-organisation", _("You don't act for this organisation: ask it to add you.")))
    application = Application(
        call=call,
        expression_id=expression.id if expression else None,
        number=_number(act),
        acronym=acronym,
        title=title,
        seen_version=call.definition_number,
    )
    create(act, application, relation=relation)
    _coordinate(act, application, organisation)
    return application


def _coordinate(act: Act, application: Application, organisation: Organisation) -> Membership:
    email = act.person.email if act.person else ""
    membership = Membership(
        application=application,
        organisation=organisation,
        position=1,
        role=Role.COORDINATOR,
        invited_name=organisation.name,
        invited_email=email,
        invited_email_folded=fold_address(email),
        invited_by=act.person_id,
        kinds=[],
    )
    take_facts_of(membership, organisation)
    create(act, membership, relation=R.SIGNED_IN)
    perform(act, membership, "accept")
    return membership


def _number(act: Act) -> str:
    """Draw a number that tells no order; drawn again in the unlikely case that it is taken."""
    while True:
        code = new_code(act.chance, 2 * _HALF)
        number = f"{code[:_HALF]}-{code[_HALF:]}"
        if act.session.scalar(select(Application.id).where(Application.number == number)) is None:
            return number


def save_basics(
    act: Act, application: Application, values: Mapping[str, Any], started_from: Mapping[str, Any] | None = None
) -> tuple[str, ...]:
    """Store the fields that differ and name them.

    `started_from` holds what each field was when the page was opened: a field its person did not touch is left as it
    is. Raises `BasicsClash` where a field was changed by both, `Refused` where it may not be changed now.
    """
    relation = relation_for(act, "application.edit", application)
    refuse_unless_open_for(act, application)
    unknown = set(values) - set(BASIC_FIELDS)
    if unknown:
        raise LookupError(f"not a field of an application: {', '.join(sorted(unknown))}")
    stored = {field: getattr(application, field) for field in values}
    before = stored | dict(started_from or {})
    touched = {f: v for f, v in values.items() if v != stored[f] and v != before[f]}
    clashes = tuple(Change(f, v, stored[f]) for f, v in touched.items() if before[f] != stored[f])
    if clashes:
        raise BasicsClash(clashes)
    for field, value in touched.items():
        setattr(application, field, value)
    if touched:
        note(act, application, "save_basics", relation=relation, data={"changed": sorted(touched)})
    return tuple(sorted(touched))
