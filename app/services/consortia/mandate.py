"""What an authorised signatory signs for a partner: on one mailed page, or on paper that is uploaded as a PDF."""

from __future__ import annotations

import hashlib
from datetime import timedelta

from sqlalchemy import select

from app.act import Act
from app.facts.call import deadline_of, is_open_for
from app.models import File, MailedLink, Mandate, Membership
from app.outbox import enqueue_mail
from app.services.accounts.mailed_link import make_link, withdraw_link
from app.services.organisations.names import fold_address
from app.services.permitted import one_at_a_time, refuse_unless_open_for, relation_for
from app.services.transitions import Refused, note
from workflows.file import KEPT
from workflows.membership import State
from workflows.relations import Relation
from workflows.verdict import ALLOWED, Verdict, refuse
from workflows.words import _

MANDATE = "mandate"  # kind of what is signed, and the mail that asks for it
LINK = "signatory"  # purpose of the mailed link
TEXT = _(
    "I am authorised to sign for {organisation}. I declare that it takes part in the application “{title}” "
    "({number}) to the call “{call}” with the role described there, and I authorise {coordinator} to submit the "
    "application and to act for the partnership in all matters of this call."
)
_NOTHING = refuse("mandate-void", _("There is nothing to sign here any more: a newer request replaced it."))


def ask_signatory(act: Act, membership: Membership, *, name: str, email: str) -> Mandate:
    """Mail the signatory a page to sign on; an earlier request that was not signed is void then."""
    relation = relation_for(act, "membership.ask_signatory", membership)
    refuse_unless_open_for(act, membership.application)
    for older in open_mandates(act, membership):
        _void(act, older)
    text = _text(membership)
    mandate = Mandate(
        id=act.new_id(),
        membership_id=membership.id,
        kind=MANDATE,
        signatory_name=name,
        signatory_email=email,
        text=text,
        text_sha256=hashlib.sha256(text.encode()).hexdigest(),
        asked_by=act.person_id,
        asked_at=act.now,
    )
    act.session.add(mandate)
    act.session.flush()
    event = note(act, membership, "ask_signatory", relation=relation, data={"mandate": mandate.id})
    lifetime = max(deadline_of(membership.application) - act.now, timedelta(days=1))
    link = make_link(act, LINK, email, None, mandate.id, lifetime)
    about = {"noun": "membership", "thing": membership.id, "event": event.id, "link": link.id}
    enqueue_mail(act, MANDATE, person_id=None, address=email, about=about, key=event.id)
    return mandate


def sign(act: Act, link: MailedLink) -> Mandate:
    """Sign what the mailed page showed: the link is the proof of the address.

    Raises `Refused` where it is void, or the application can't be changed any more, however long the link lives.
    """
    mandate = mandate_of(act, link)
    if mandate is None:
        raise Refused(_NOTHING)
    one_at_a_time(act, mandate)
    act.session.refresh(mandate)
    if not (verdict := against_signing(act, mandate)):
        raise Refused(verdict)
    membership = act.session.get_one(Membership, mandate.membership_id)
    mandate.signed_at = act.now
    link.used_at = act.now
    note(act, membership, "sign_mandate", relation=Relation.SIGNATORY, data={"mandate": mandate.id, "link": link.id})
    return mandate


def against_signing(act: Act, mandate: Mandate) -> Verdict:
    """What stands against signing on the mailed page now, however long its link lives."""
    membership = act.session.get_one(Membership, mandate.membership_id)
    if mandate.voided_at is not None or mandate.signed_at is not None:
        return _NOTHING
    if not is_open_for(act, membership.application):
        return refuse(
            "too-late", _("The deadline of the application has passed: nothing can be signed for it any more.")
        )
    if membership.state is not State.ACCEPTED:
        return refuse("not-a-partner", _("This organisation is not a partner of the application any more."))
    return ALLOWED


def attach_signed(act: Act, mandate: Mandate, file: File) -> None:
    """Take an uploaded PDF for the signature; the office checks it like every document.

    Raises `Refused` where the deadline of the application has passed when the request was received, the mandate is
    signed or void, or the file is not one of the partner's own.
    """
    membership = act.session.get_one(Membership, mandate.membership_id)
    relation = relation_for(act, "membership.ask_signatory", membership)
    refuse_unless_open_for(act, membership.application)
    one_at_a_time(act, mandate)
    act.session.refresh(mandate)
    if mandate.signed_at is not None or mandate.voided_at is not None or file not in files_of(act, membership):
        raise Refused(refuse("not-for-this", _("Choose a file that was uploaded for this partner.")))
    mandate.file_id, mandate.signed_at = file.id, act.now
    withdraw_link(act, LINK, mandate.signatory_email, mandate.id)
    note(act, membership, "upload_mandate", relation=relation, data={"mandate": mandate.id, "file": file.id})


def files_of(act: Act, membership: Membership) -> list[File]:
    """Give the uploaded files of a partner, among which a signed declaration may be."""
    query = select(File).where(File.membership_id == membership.id, File.state.in_(KEPT))
    return list(act.session.scalars(query.order_by(File.uploaded_at, File.id)))


def mandate_of(act: Act, link: MailedLink) -> Mandate | None:
    return act.session.get(Mandate, link.thing_id) if link.purpose == LINK else None


def open_mandates(act: Act, membership: Membership) -> list[Mandate]:
    """Give what was asked for, and is neither signed nor void."""
    query = select(Mandate).where(
        Mandate.membership_id == membership.id, Mandate.signed_at.is_(None), Mandate.voided_at.is_(None)
    )
    return list(act.session.scalars(query))


def mandates_of(act: Act, application_id: str) -> dict[str, Mandate]:
    """Give the latest mandate of each partner of an application, by membership, void ones apart."""
    query = (
        select(Mandate)
        .join(Membership, Membership.id == Mandate.membership_id)
        .where(Membership.application_id == application_id, Mandate.voided_at.is_(None))
        .order_by(Mandate.asked_at, Mandate.id)
    )
    return {mandate.membership_id: mandate for mandate in act.session.scalars(query)}


def _void(act: Act, mandate: Mandate) -> None:
    mandate.voided_at = act.now
    withdraw_link(act, LINK, fold_address(mandate.signatory_email), mandate.id)


def _text(membership: Membership) -> str:
    application = membership.application
    lead = next(member for member in application.memberships if member.role.value == "coordinator")
    return TEXT.format(
        organisation=membership.organisation.name if membership.organisation else membership.invited_name,
        title=application.title or application.number,
        number=application.number,
        call=application.call.title,
        coordinator=lead.organisation.name if lead.organisation else lead.invited_name,
    )
