"""Two entries were one organisation: what belongs to the double moves, is written down, and can be moved back."""

from __future__ import annotations

from datetime import date
from typing import Any

from sqlalchemy import select, update

from app.act import Act
from app.models import (
    Amendment,
    Comment,
    Employer,
    Exposure,
    Expression,
    File,
    Introduction,
    Membership,
    Organisation,
    OrganisationMember,
    OrganisationMerge,
    Reply,
)
from app.services.searching.search_index import index_again
from app.services.transitions import Refused, note
from workflows.relations import Relation as R
from workflows.verdict import refuse
from workflows.words import _

# Every column that names an organisation whose rows move, by the name that the record of a merge uses.
# What people follow are expressions of interest and calls: those who follow a double's go with what moves.
MOVED: dict[str, Any] = {
    "organisation_member": OrganisationMember.organisation_id,
    "expression": Expression.organisation_id,
    "comment": Comment.organisation_id,
    "reply": Reply.organisation_id,
    "membership": Membership.organisation_id,
    "amendment": Amendment.organisation_id,
    "employer": Employer.organisation_id,
    "file": File.organisation_id,
    "asking": Introduction.asking_id,
    "asked": Introduction.asked_id,
}
EXPOSURE = "exposure"  # counts of weeks: they are added, not moved


def merge(act: Act, kept: Organisation, other: str) -> OrganisationMerge:
    """Move everything of a double to the organisation that is kept. `other` is the id of its page, or its address."""
    absorbed = act.session.get(Organisation, other.strip().rstrip("/").rpartition("/")[2])
    if absorbed is None or absorbed.merged_into_id is not None:
        raise Refused(refuse("no-double", _("There is no such organisation: copy the address of the double's page.")))
    if absorbed.id == kept.id:
        raise Refused(refuse("itself", _("This is the page of the organisation itself.")))
    _not_partners(act, kept, absorbed)
    between = _between(act, kept, absorbed)
    moved: dict[str, Any] = {name: _move(act, column, absorbed.id, kept.id, between) for name, column in MOVED.items()}
    moved[EXPOSURE] = [[row.week.isoformat(), row.shown] for row in _weeks(act, absorbed.id)]
    _count(act, absorbed.id, kept.id, moved[EXPOSURE])
    pic = absorbed.pic if kept.pic is None else None
    if pic:
        absorbed.pic = None
        act.session.flush()
        kept.pic = pic
    record = OrganisationMerge(
        id=act.new_id(), kept_id=kept.id, absorbed_id=absorbed.id, moved={**moved, "pic": pic},
        merged_by=str(act.person_id), merged_at=act.now,
    )  # fmt: skip
    act.session.add(record)
    absorbed.merged_into_id = kept.id
    act.session.flush()
    index_again(act.session, kept)
    note(act, kept, "merge", relation=R.CALL_MANAGER, data={"double": absorbed.id, "merge": record.id})
    return record


def _between(act: Act, kept: Organisation, absorbed: Organisation) -> set[str]:
    """Introductions of one of the two to the other: they stay, or an organisation would have asked itself."""
    both = (kept.id, absorbed.id)
    query = select(Introduction.id).where(Introduction.asking_id.in_(both), Introduction.asked_id.in_(both))
    return set(act.session.scalars(query))


def _move(act: Act, column: Any, source: str, target: str, left: set[str]) -> list[str]:  # noqa: ANN401
    model = column.class_
    found = act.session.scalars(select(model.id).where(column == source).order_by(model.id))
    ids = [one for one in found if one not in left]
    _point(act, column, ids, target)
    return ids


def _point(act: Act, column: Any, ids: list[str], target: str) -> None:  # noqa: ANN401
    if ids:
        act.session.execute(update(column.class_).where(column.class_.id.in_(ids)).values({column.key: target}))


def _weeks(act: Act, organisation_id: str) -> list[Exposure]:
    query = select(Exposure).where(Exposure.organisation_id == organisation_id).order_by(Exposure.week)
    return list(act.session.scalars(query))


def _count(act: Act, source: str, target: str, weeks: list[list[Any]]) -> None:
    """Take what was shown in each week from one organisation and add it to another."""
    for week, shown in weeks:
        for organisation_id, change in ((source, -shown), (target, shown)):
            row = act.session.get(Exposure, (organisation_id, date.fromisoformat(week)))
            if row is None:
                row = Exposure(organisation_id=organisation_id, week=date.fromisoformat(week), shown=0)
                act.session.add(row)
            row.shown += change
    act.session.flush()


def _not_partners(act: Act, kept: Organisation, absorbed: Organisation) -> None:
    mine = select(Membership.application_id).where(Membership.organisation_id == kept.id)
    both = select(Membership.id).where(Membership.organisation_id == absorbed.id, Membership.application_id.in_(mine))
    if act.session.scalar(both.limit(1)) is not None:
        text = _("Both are partners of the same application: one has to be removed there first.")
        raise Refused(refuse("both-partners", text))


def merges_of(act: Act, organisation: Organisation) -> list[OrganisationMerge]:
    """List the merges into an organisation, newest first."""
    query = select(OrganisationMerge).where(OrganisationMerge.kept_id == organisation.id)
    return list(act.session.scalars(query.order_by(OrganisationMerge.merged_at.desc(), OrganisationMerge.id)))


def undo(act: Act, kept: Organisation, merge_id: str) -> None:
    """Move everything back that a merge moved; what came later stays."""
    record = act.session.get(OrganisationMerge, merge_id)
    if record is None or record.kept_id != kept.id or record.undone_at is not None:
        raise Refused(refuse("no-merge", _("There is no such merge, or it was undone already.")))
    for name, column in MOVED.items():
        _point(act, column, record.moved.get(name, []), record.absorbed_id)
    _count(act, kept.id, record.absorbed_id, record.moved.get(EXPOSURE, []))
    absorbed = act.session.get_one(Organisation, record.absorbed_id)
    absorbed.merged_into_id = None
    if pic := record.moved.get("pic"):
        kept.pic = None
        act.session.flush()
        absorbed.pic = pic
    record.undone_by, record.undone_at = act.person_id, act.now
    act.session.flush()
    index_again(act.session, kept, absorbed)
    note(act, kept, "undo_merge", relation=R.CALL_MANAGER, data={"double": absorbed.id, "merge": record.id})
