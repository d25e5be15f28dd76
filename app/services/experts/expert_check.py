"""Looking somebody up before inviting them: has this person an interest in a call? Yes or no, and nothing else."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import select

from app.act import Act
from app.models import Call, ExpertCheck, Organisation
from app.services.accounts.person import holder_of
from app.services.conflicts.conflict_facts import Belongings, Held, applied, belongings_of
from app.services.conflicts.conflict_ties import ties_between
from app.services.organisations.names import domain_of, fold
from app.services.permitted import relation_for
from app.services.transitions import note

NOBODY = ""  # somebody without an account has no id to be tied by


def check_person(act: Act, call: Call, *, name: str, email: str, employers: Sequence[str] = ()) -> ExpertCheck:
    """Say whether the person has any interest, direct or not, in an application of the call; the look is recorded.

    Only applications whose partners the office may know count. Nothing tells which one, or why.
    """
    relation = relation_for(act, "expert.check", None)
    everything = applied(act)
    theirs = [one for one in everything.values() if one.call_id == call.id and one.known]
    mine = [_typed(act, name, email, employers), *_known(act, email)]
    tied = any(ties_between(one, application, everything) for one in mine for application in theirs)
    check = ExpertCheck(
        id=act.new_id(), call_id=call.id, name=name, email=email, tied=tied, at=act.now, by=act.person_id
    )
    act.session.add(check)
    act.session.flush()
    note(act, check, "check", relation=relation, data={"call": call.id, "tied": tied})
    return check


def _typed(act: Act, name: str, email: str, employers: Sequence[str]) -> Belongings:
    folded = {fold(one): one for one in employers}
    known = {
        one.name_folded: one
        for one in act.session.scalars(select(Organisation).where(Organisation.name_folded.in_(folded)))
    }
    held = [Held(text, organisation_id=known[key].id if key in known else None) for key, text in folded.items()]
    return Belongings(NOBODY, name, held, {domain_of(email)} - {""})


def _known(act: Act, email: str) -> list[Belongings]:
    person = holder_of(act, email)
    return list(belongings_of(act, [person]).values()) if person else []


def checks_made(act: Act, call: Call) -> list[ExpertCheck]:
    """Give who was looked up for this call, newest first."""
    relation_for(act, "expert.check", None)
    query = select(ExpertCheck).where(ExpertCheck.call_id == call.id).order_by(ExpertCheck.at.desc(), ExpertCheck.id)
    return list(act.session.scalars(query))


def calls_to_check(act: Act) -> list[Call]:
    relation_for(act, "expert.check", None)
    return list(act.session.scalars(select(Call).order_by(Call.closes_at.desc(), Call.id)))
