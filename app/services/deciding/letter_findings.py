"""What stands against the letters of a call before its decision is proposed: found here, settled by a manager."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from sqlalchemy import Select, select

from app.act import Act
from app.models import (
    Application,
    Assignment,
    Call,
    Consensus,
    Decision,
    LetterSettlement,
    Membership,
    Organisation,
    Participant,
    Person,
    Signature,
)
from app.services.calls.call import definition_of
from app.services.deciding.letter_texts import texts_of
from app.services.deciding.panel_marks import marks_of
from app.services.permitted import relation_for
from app.services.transitions import Refused, note, remark
from workflows import application as applications
from workflows import assignment as assignments
from workflows import consensus as consensus_states
from workflows.letter_findings import Finding, Name, Names, Place, What, findings, persons, surnames
from workflows.membership import LIVE
from workflows.verdict import refuse
from workflows.words import _

MOST_LETTERS = 4000  # of a reason
RANKED = applications.DECIDED | {applications.State.EVALUATED}
CRITERION, PANEL, MINORITY, TEXT = "criterion", "panel", "minority", "text"


@dataclass(frozen=True)
class Looked:
    """A finding with what somebody said of it; `settlement` is none while it waits."""

    finding: Finding
    settlement: LetterSettlement | None
    title: str  # of the place: the criterion, the minority view, the office's text
    consensus_id: str = ""


def looked_through(act: Act, call: Call) -> list[Looked]:
    """Look through all that the letters and reports of a call will say; settled findings stand with the rest."""
    reports = _reports(act, call)
    places = [*_office_places(act, call), *_places(act, reports)]
    found = findings(places, Names(names_of_call(act, call)))
    settled = {
        one.key: one for one in act.session.scalars(select(LetterSettlement).where(LetterSettlement.call_id == call.id))
    }
    consensus = {report.application_id: report.id for report in reports}
    titles = {criterion.code: criterion.name for criterion in definition_of(call).criteria}
    return [Looked(one, settled.get(one.key), _title(one, titles), consensus.get(one.application, "")) for one in found]


def open_findings(act: Act, call: Call) -> list[Looked]:
    return [one for one in looked_through(act, call) if one.settlement is None]


def settle(act: Act, decision: Decision, key: str, reason: str) -> LetterSettlement:
    """Record that a finding is none, and why. A text that is changed later is looked at anew.

    Refused without a reason, for what must be mended (missing reasons, something left to fill in), and where the
    finding is not there any more.
    """
    relation = relation_for(act, "decision.settle_finding", decision)
    found = next((one for one in open_findings(act, decision.call) if one.finding.key == key), None)
    if found is None:
        raise Refused(refuse("no-such-finding", _("This was settled or mended meanwhile. Open the page again.")))
    if found.finding.what is What.EMPTY:
        raise Refused(refuse("must-be-mended", _("Reasons can't be missing: have them written.")))
    if not reason.strip():
        raise Refused(refuse("missing-reason", _("Fill in: {field}."), field=_("Reason")))
    if len(reason) > MOST_LETTERS:
        raise Refused(refuse("reason-too-long", _("Shorten the reason to {most} characters."), most=MOST_LETTERS))
    made = LetterSettlement(
        id=act.new_id(), call_id=decision.call_id, application_id=found.finding.application or None, key=key,
        reason=reason.strip(), at=act.now, by=act.person_id,
    )  # fmt: skip
    act.session.add(made)
    data = {"finding": found.finding.what.value, "key": key, "reason": remark(act, reason.strip())}
    note(act, decision, "settle_finding", relation=relation, data=data)
    act.session.flush()
    return made


def _title(finding: Finding, criteria: dict[str, str]) -> str:
    sort, _colon, which = finding.place.partition(":")
    if sort == MINORITY:
        return _("Minority view")
    return criteria.get(which, "") if sort in (CRITERION, PANEL) else ""


def _reports(act: Act, call: Call) -> Sequence[Consensus]:
    query = (
        select(Consensus)
        .join(Application, Application.id == Consensus.application_id)
        .where(
            Application.call_id == call.id,
            Application.state.in_(RANKED),
            Consensus.state == consensus_states.State.APPROVED,
        )
        .order_by(Application.number, Application.id)
    )
    return list(act.session.scalars(query))


def _office_places(act: Act, call: Call) -> Iterator[Place]:
    for kind, text in texts_of(act, call).items():
        if text.number:  # what is shipped names nobody
            yield Place("", f"{TEXT}:{kind.value}", text.text.replace("{", " ").replace("}", " "))


def _places(act: Act, reports: Sequence[Consensus]) -> Iterator[Place]:
    marks = marks_of(act, reports)
    views = _minority_views(act, [report.id for report in reports])
    for report in reports:
        owner = report.application_id
        for score in report.scores:
            yield Place(owner, f"{CRITERION}:{score.criterion}", score.reasons or "", required=True)
        for code, mark in marks.get(report.id, {}).items():
            yield Place(owner, f"{PANEL}:{code}", mark.reason, required=True)
        for number, view in enumerate(views.get(report.id, ()), 1):
            yield Place(owner, f"{MINORITY}:{number}", view)


def _minority_views(act: Act, ids: Sequence[str]) -> dict[str, list[str]]:
    query = (
        select(Signature.consensus_id, Signature.minority_view)
        .where(Signature.consensus_id.in_(ids), Signature.voided_at.is_(None), Signature.minority_view != "")
        .order_by(Signature.id)
    )
    found: dict[str, list[str]] = {}
    for consensus_id, view in act.session.execute(query):
        found.setdefault(consensus_id, []).append(view)
    return found


def names_of_call(act: Act, call: Call) -> Iterator[Name]:
    """Everybody and everything of the call that has a name: its applications, and who evaluated them."""
    of_call = select(Application.id).where(Application.call_id == call.id, Application.number.is_not(None))
    for key, acronym in act.session.execute(
        select(Application.id, Application.acronym).where(Application.id.in_(of_call), Application.acronym != "")
    ):
        yield Name(What.ACRONYM, acronym, key)
    partners = (
        select(Membership.application_id, Membership.invited_name, Organisation.name, Organisation.name_en)
        .outerjoin(Organisation, Organisation.id == Membership.organisation_id)
        .where(Membership.application_id.in_(of_call), Membership.state.in_(LIVE))
    )
    for key, *names in act.session.execute(partners):
        yield from (Name(What.ORGANISATION, name, key) for name in names if name)
    people = (
        select(Participant.application_id, Person.name, Person.email)
        .join(Person, Person.id == Participant.person_id)
        .where(Participant.application_id.in_(of_call))
    )
    for key, name, email in act.session.execute(people):
        yield from persons(What.PERSON, name, key)
        yield Name(What.ADDRESS, email, key)
    yield from _evaluators(act, of_call)


def _evaluators(act: Act, of_call: Select[str]) -> Iterable[Name]:
    query = (
        select(Assignment.application_id, Person.name, Person.email)
        .join(Person, Person.id == Assignment.person_id)
        .where(Assignment.application_id.in_(of_call), Assignment.state != assignments.State.DRAFT)
    )
    for key, name, email in act.session.execute(query):
        yield from persons(What.EVALUATOR, name)
        yield from surnames(name, key)
        yield Name(What.ADDRESS, email)
