"""My work, what others ask of a person or their organisation: invitations, replies, introductions."""

from __future__ import annotations

from collections.abc import Iterator

from sqlalchemy import select

from app.access import all_visible, visible
from app.act import Act
from app.models import Introduction, Label, Membership, Reply
from app.services.labels.charter import label_asking, silent
from app.services.work.task import ROLES, Task, own_name, task_on
from workflows import membership as memberships
from workflows.label import ENDED_STATES
from workflows.relations import Relation as R
from workflows.words import _


def invitations_to_answer(act: Act) -> Iterator[Task]:
    for membership in all_visible(act, Membership, "membership.accept"):
        if membership.state is memberships.State.INVITED:
            due = membership.answer_by or membership.application.call.closes_at
            yield task_on(
                _("Answer the invitation to {name}"),
                R.INVITED,
                membership,
                name=own_name(membership.application),
                due=due,
            )


def charters_to_accept(act: Act) -> Iterator[Task]:
    """What is asked of each partner with the label, until somebody of it answers."""
    mine = visible(act, Membership, "membership.answer_charter")
    offered = select(Label.application_id).where(Label.state.not_in(ENDED_STATES))
    for membership in act.session.scalars(mine.where(Membership.application_id.in_(offered)).order_by(Membership.id)):
        label = label_asking(act, membership)
        if label is None or all(stand.membership.id != membership.id for stand in silent(act, label)):
            continue
        title, params = _("Accept the charter of the label for {name}"), {"name": label.acronym}
        yield Task(
            title, ROLES[R.PARTNER], "membership", membership.id, params, label.accept_by,
            endpoint="membership.charter",
        )  # fmt: skip


def addresses_to_allow(act: Act) -> Iterator[Task]:
    """Somebody has the link of an invitation and asks to accept it with another address."""
    for membership in all_visible(act, Membership, "membership.allow_address"):
        if membership.claimant is None:
            continue
        params = {"person": membership.claimant.name, "name": own_name(membership.application)}
        due = membership.answer_by or membership.application.closes_at
        title = _("Answer {person}, who asks to accept an invitation to {name} with another address")
        yield Task(title, ROLES[R.COORDINATOR], membership.__noun__, membership.id, params, due, anchor="other-address")


def replies_to_answer(act: Act) -> Iterator[Task]:
    for reply in all_visible(act, Reply, "reply.accept"):
        yield task_on(_("Answer {name}, who would like to join"), R.AUTHOR, reply, name=reply.organisation.name)


def introductions_to_answer(act: Act) -> Iterator[Task]:
    for introduction in all_visible(act, Introduction, "introduction.agree"):
        title = _("Say yes or not now to {name}, who asks for an introduction")
        name, due = introduction.asking.name, introduction.answer_by
        yield task_on(title, R.ORGANISATION_MEMBER, introduction, name=name, due=due)
