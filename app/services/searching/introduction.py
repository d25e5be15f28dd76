"""Introductions: one organisation asks, the other agrees or not; only then are addresses shown."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, and_, func, or_, select
from sqlalchemy.orm import joinedload

from app.access import can, visible
from app.act import Act
from app.addressees import people_who_are
from app.models import Application, Introduction, Membership, Organisation, Person
from app.outbox import enqueue_mail
from app.services.expressions.expression import acts_for
from app.services.permitted import one_at_a_time
from app.services.transitions import Refused, create
from workflows.application import State as ApplicationState
from workflows.asking import Before, may_be_asked
from workflows.introduction import ANSWER_WITHIN, LIVE, State
from workflows.membership import LIVE as IN_CONSORTIUM
from workflows.profile import LISTED
from workflows.relations import Relation as R
from workflows.verdict import Verdict

A_WEEK = timedelta(days=7)


def ask_introduction(act: Act, asking: Organisation, asked: Organisation, message: str) -> Introduction:
    """Ask for an organisation to be introduced to another; its people are told. Raises `Refused` with all reasons."""
    one_at_a_time(act, asking, asked)
    verdict = against(act, asking, asked)
    if not verdict:
        raise Refused(verdict)
    introduction = Introduction(
        asking_id=asking.id, asked_id=asked.id, asked_by=str(act.person_id), message=message,
        answer_by=act.now + ANSWER_WITHIN,
    )  # fmt: skip
    introduction.asking, introduction.asked = asking, asked
    event = create(act, introduction, relation=R.ORGANISATION_MEMBER, data={"asking": asking.id, "asked": asked.id})
    about = {"noun": "introduction", "thing": introduction.id, "event": event.id}
    for person in people_who_are(act, introduction, (R.ASKED,)):
        enqueue_mail(act, "introduction_asked", person_id=person.id, address=person.email, about=about, key=event.id)
    return introduction


def against(act: Act, asking: Organisation, asked: Organisation) -> Verdict:
    """Everything that stands against asking now."""
    return may_be_asked(
        Before(
            acts_for_asking=acts_for(act, asking),
            asking_is_published=asking.state in LISTED,
            asked_is_published=asked.state in LISTED,
            asked_is_open=asked.open_to_contact,
            same=asking.id == asked.id,
            waiting_or_agreed=_between(act, asking, asked),
            refused_at=_last(act, asking, asked, State.REFUSED),
            lapsed_at=_last(act, asking, asked, State.LAPSED),
            asked_this_week=_asked_lately(act, asking),
            now=act.now,
        )
    )


def _between(act: Act, one: Organisation, other: Organisation) -> bool:
    query = select(Introduction.id).where(Introduction.state.in_(LIVE), _pair(one.id, other.id)).limit(1)
    return act.session.scalar(query) is not None


def _pair(one: str, other: str) -> ColumnElement[bool]:
    return or_(
        and_(Introduction.asking_id == one, Introduction.asked_id == other),
        and_(Introduction.asking_id == other, Introduction.asked_id == one),
    )


def _last(act: Act, asking: Organisation, asked: Organisation, state: State) -> datetime | None:
    query = select(func.max(Introduction.last_act_at)).where(
        Introduction.asking_id == asking.id, Introduction.asked_id == asked.id, Introduction.state == state
    )
    return act.session.scalar(query)


def _asked_lately(act: Act, asking: Organisation) -> int:
    """Count what was asked within seven days; what was withdrawn counts, or asking and withdrawing would be free."""
    query = select(func.count()).where(Introduction.asking_id == asking.id, Introduction.created_at > act.now - A_WEEK)
    return act.session.scalar(query) or 0


def between(act: Act, organisation: Organisation) -> Sequence[Introduction]:
    """Those between this organisation and the person's own, newest first."""
    query = visible(act, Introduction, "introduction.view").where(
        or_(Introduction.asking_id == organisation.id, Introduction.asked_id == organisation.id)
    )
    query = query.options(joinedload(Introduction.asking), joinedload(Introduction.asked))
    return act.session.scalars(query.order_by(Introduction.created_at.desc(), Introduction.id)).all()


def my_introductions(act: Act) -> Sequence[Introduction]:
    """All of the person's organisations, newest first."""
    query = visible(act, Introduction, "introduction.view").options(
        joinedload(Introduction.asking), joinedload(Introduction.asked)
    )
    return act.session.scalars(query.order_by(Introduction.created_at.desc(), Introduction.id)).all()


@dataclass(frozen=True)
class Contact:
    """Whom to write to at an organisation: the person who asked or agreed."""

    organisation: Organisation
    person: Person


def contacts_of(act: Act, introduction: Introduction) -> tuple[Contact, ...]:
    """Both sides' persons once both have said yes; nothing before and nothing after it was ended."""
    answering = introduction.person_answering
    if answering is None or not can(act, "introduction.view_contacts", introduction):
        return ()
    return (
        Contact(introduction.asking, introduction.person_asking),
        Contact(introduction.asked, answering),
    )


def other_side(act: Act, introduction: Introduction) -> Organisation:
    """Give the organisation at the other end from where the person stands."""
    return introduction.asked if acts_for(act, introduction.asking) else introduction.asking


def drafts_to_invite_to(act: Act, introduction: Introduction) -> Sequence[Application]:
    """List the person's drafts the other side is not part of, once both have agreed: what an introduction is for."""
    if introduction.state is not State.AGREED:
        return ()
    other = other_side(act, introduction)
    inside = select(Membership.application_id).where(
        Membership.organisation_id == other.id, Membership.state.in_(IN_CONSORTIUM)
    )
    query = visible(act, Application, "application.invite_partner").where(
        Application.state == ApplicationState.DRAFT, Application.id.not_in(inside)
    )
    return act.session.scalars(query.order_by(Application.acronym, Application.id)).all()
