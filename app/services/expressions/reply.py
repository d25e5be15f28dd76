"""Replies: an organisation would like to join an expression of interest."""

from __future__ import annotations

from sqlalchemy import select

from app.act import Act
from app.addressees import people_who_are
from app.models import Expression, Organisation, Reply
from app.outbox import enqueue_mail
from app.services.calls.call import definition_of
from app.services.calls.follow import ensure_follow
from app.services.expressions.expression import acts_for, tell
from app.services.transitions import Refused, create
from workflows.expression import OPEN_TO_REPLIES
from workflows.profile import State as ProfileState
from workflows.relations import Relation as R
from workflows.reply import State
from workflows.verdict import ALLOWED, Verdict, refuse
from workflows.words import _


def send_reply(act: Act, expression: Expression, organisation: Organisation, message: str) -> Reply:
    """Express interest for an organisation; authors and followers are told. Raises `Refused` with all reasons."""
    verdict = against(act, expression, organisation)
    if not verdict:
        raise Refused(verdict)
    reply = Reply(
        expression_id=expression.id, organisation_id=organisation.id, person_id=act.person_id, message=message
    )
    reply.expression, reply.organisation = expression, organisation
    event = create(act, reply, relation=R.ORGANISATION_MEMBER, data={"expression": expression.id})
    ensure_follow(act, expression)
    for person in people_who_are(act, reply, (R.AUTHOR,)):
        about = {"noun": "reply", "thing": reply.id, "event": event.id}
        enqueue_mail(act, "reply_received", person_id=person.id, address=person.email, about=about, key=event.id)
    tell(act, expression, "expression_reply", event, (R.FOLLOWER,))
    return reply


def against(act: Act, expression: Expression, organisation: Organisation) -> Verdict:
    """Everything that stands against the organisation's expressing interest."""
    terms = definition_of(expression.call).publication
    live = select(Reply.id).where(
        Reply.expression_id == expression.id,
        Reply.organisation_id == organisation.id,
        Reply.state.in_([State.SENT, State.ACCEPTED]),
    )
    reasons = (
        (
            expression.state in OPEN_TO_REPLIES,
            "expression-closed",
            _("The expression of interest takes no replies any more."),
        ),
        (terms is None or terms.express_interest, "no-replies", _("This call takes no replies to its notices.")),
        (
            acts_for(act, organisation),
            "not-your-organisation",
            _("You don't act for this organisation: ask its administrator."),
        ),
        (organisation.id != expression.organisation_id, "own-notice", _("This is your own organisation's notice.")),
        (
            organisation.state == ProfileState.PUBLISHED,
            "profile-not-published",
            _("The profile of your organisation is not published yet. Send it for validation first."),
        ),
        (
            act.session.scalar(live.limit(1)) is None,
            "sent-before",
            _("Your organisation has expressed its interest already."),
        ),
    )
    return sum((refuse(code, text) for fine, code, text in reasons if not fine), ALLOWED)
