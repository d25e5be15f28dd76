"""Two entries were one organisation: what belongs to the double moves, is written down, and can be moved back."""

from __future__ import annotations

from typing import Any

from sqlalchemy import select, update

from app.act import Act
from app.models import (
    Employer,
    Expression,
    Membership,
    Organisation,
    OrganisationMember,
    OrganisationMerge,
    Reply,
)
from app.services.search_index import index_again
from app.services.transitions import Refused, note
from workflows.relations import Relation as R
from workflows.verdict import refuse
from workflows.words import _

# Every table with rows of an organisation, by the name that the record of a merge uses.
MOVED: dict[str, Any] = {
    "organisation_member": OrganisationMember,
    "expression": Expression,
    "reply": Reply,
    "membership": Membership,
    "employer": Employer,
}


def merge(act: Act, kept: Organisation, other: str) -> OrganisationMerge:
    """Move everything of a double to the organisation that is kept. `other` is the id of its page, or its address."""
    absorbed = act.session.get(Organisation, other.strip().rstrip("/").rpartition("/")[2])
    if absorbed is None or absorbed.merged_into_id is not None:
        raise Refused(refuse("no-double", _("There is no such organisation: copy the address of the double's page.")))
    if absorbed.id == kept.id:
        raise Refused(refuse("itself", _("This is the page of the organisation itself.")))
    _not_partners(act, kept, absorbed)
    moved: dict[str, Any] = {name: _move(act, model, absorbed.id, kept.id) for name, model in MOVED.items()}
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


def _move(act: Act, model: Any, source: str, target: str) -> list[str]:  # noqa: ANN401
    ids = list(act.session.scalars(select(model.id).where(model.organisation_id == source).order_by(model.id)))
    _point(act, model, ids, target)
    return ids


def _point(act: Act, model: Any, ids: list[str], target: str) -> None:  # noqa: ANN401
    if ids:
        act.session.execute(update(model).where(model.id.in_(ids)).values(organisation_id=target))


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
    for name, model in MOVED.items():
        _point(act, model, record.moved.get(name, []), record.absorbed_id)
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
