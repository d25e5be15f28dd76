"""Checks of what was submitted: opened when the clock locks it, proposed by the machine, recorded by persons."""

from __future__ import annotations

from sqlalchemy import select

from app.act import Act
from app.models import Application, Check, SubmittedVersion
from app.services.calls.call import definition_of
from app.services.checks.check_proposals import proposals
from app.services.reason_json import reason_to_json
from app.services.transitions import Done, create, perform, verdict_on
from workflows.check import State
from workflows.relations import Relation as R


def last_version(act: Act, application: Application) -> SubmittedVersion:
    """Give the version in force: the last one submitted. NoResultFound if nothing was."""
    query = select(SubmittedVersion).where(SubmittedVersion.application_id == application.id)
    return act.session.scalars(query.order_by(SubmittedVersion.number.desc()).limit(1)).one()


def open_checks(act: Act, application: Application, done: Done) -> None:
    """Make one check for each matter, with the machine's answer and its facts."""
    version = last_version(act, application)
    found = proposals(act, application, version, definition_of(application.call))
    for position, proposal in enumerate(found, start=1):
        check = Check(
            application_id=application.id,
            version_id=version.id,
            stage=proposal.stage,
            rule=proposal.rule,
            label=proposal.label,
            proposed=proposal.answer.value,
            facts=[reason_to_json(reason) for reason in proposal.facts],
            position=position,
            application=application,
        )
        create(act, check, relation=R.CASCADE, cause=done.event)


def confirm_all(act: Act, application: Application) -> int:
    """Confirm, as one act, every open check that the machine finds met; says how many. The others stay open."""
    query = select(Check).where(Check.application_id == application.id, Check.state == State.OPEN)
    count = 0
    for check in act.session.scalars(query.order_by(Check.position)).all():
        if verdict_on(act, check, "confirm"):
            perform(act, check, "confirm")
            count += 1
    return count
