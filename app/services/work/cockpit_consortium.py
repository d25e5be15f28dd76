"""What consortia of a call wait for from the office: changes to answer, parts not confirmed, drafts it was let into."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from sqlalchemy import select

from app.act import Act
from app.facts.membership import name_of_partner
from app.models import Application, Call, Membership
from app.services.consortia.amendment import name_in, waiting_in
from app.services.consortia.consent import overdue_in
from app.services.consortia.draft_look import open_to_office
from app.services.labels.award_documents import owing_after_award
from app.services.work.reached import Reached
from workflows.application import AFTER_SUBMISSION, EDITABLE, State
from workflows.verdict import Reason
from workflows.words import _, plural

NAMES_SHOWN = 3


def consortium_needs(act: Act, call: Call, known: Sequence[Reached | Application]) -> Iterator[tuple[Any, ...]]:
    """Give what a line of the cockpit is made of, in the order of its fields."""
    if waiting := waiting_in(act, call):
        text = plural("{n} change of partners waits for your answer", "{n} changes of partners wait for your answer")
        names = ", ".join(name_in(one) for one in waiting[:NAMES_SHOWN])
        reason = Reason("amendments", text, {"n": len(waiting)})
        yield reason, names, "call.amendments", {"call_id": call.id}, waiting[0].created_at
    sent = {one.id: one for one in known if one.state in AFTER_SUBMISSION}
    for member in overdue_in(act, list(sent)):
        missed = _("{acronym}: a partner did not confirm its changed part in time")
        about = sent[member.application_id]
        reason = Reason("unconfirmed", missed, {"acronym": about.acronym})
        endpoint, where = _place(about, member)
        yield reason, name_of_partner(member), endpoint, where, member.confirm_by, True
    yield from _drafts(act, call)
    awarded = [one.id for one in known if one.state is State.AWARDED]
    on_the_list = act.session.scalars(select(Application).where(Application.id.in_(awarded))).all() if awarded else ()
    for owing in owing_after_award(act, on_the_list):
        text = plural(
            "{acronym}: {n} document is owed after the award", "{acronym}: {n} documents are owed after the award"
        )
        one = owing.application
        reason = Reason("award-documents", text, {"acronym": one.acronym, "n": len(owing.missing)})
        names = ", ".join(str(missing.params["label"]) for missing in owing.missing[:NAMES_SHOWN])
        where = {"application_id": one.id}
        yield reason, names, "application.award_documents", where, owing.due_at, owing.due_at < act.now


def _place(application: Reached | Application, member: Membership) -> tuple[str, dict[str, str]]:
    """Until the application is locked the office sees how far it has come, afterwards the partner's own page."""
    if application.state in EDITABLE:
        return "application.readiness", {"application_id": application.id}
    return "membership.show", {"membership_id": member.id}


def _drafts(act: Act, call: Call) -> Iterator[tuple[Any, ...]]:
    of_call = select(Application.id, Application.number).where(Application.call_id == call.id)
    numbers: dict[str, str] = {key: number for key, number in act.session.execute(of_call)}  # noqa: C416 - rows, not pairs
    for application_id in open_to_office(act, list(numbers)):
        opened = _("{number}: the applicants let you look at the draft for a day")
        reason = Reason("draft-open", opened, {"number": numbers[application_id]})
        yield reason, "", "application.preview", {"application_id": application_id}
