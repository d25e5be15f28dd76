"""Mails about accounts that came back: somebody can't sign up, sign in or set a new password."""

from __future__ import annotations

from collections.abc import Mapping

from sqlalchemy import select
from sqlalchemy.orm import joinedload

from app.act import Act
from app.models import Bounce, BounceEnd, Job, Person
from app.services.transitions import Refused, note, remark
from workflows.relations import Relation as R
from workflows.verdict import refuse
from workflows.words import _

MOST_LETTERS = 2000  # of a note
KINDS: Mapping[str, str] = {
    "verify_address": _("Link to confirm an address"),
    "account_exists": _("Sign-up with an address that has an account"),
    "sign_in_link": _("Sign-in link"),
    "reset_password": _("Link to set a new password"),
    "password_changed": _("Password changed"),
    "address_changed": _("Address changed"),
    "new_place": _("Sign-in from a new place"),
    "factor_reset": _("Second factor reset"),
    "office_changed": _("Office granted or ended"),
}
OTHER = _("Another mail of the service")


def mails_come_back(act: Act) -> list[Bounce]:
    """List what came back of no application and was not dealt with, oldest first.

    Those of applications wait in their call, where whoever may read them deals with them.
    """
    query = select(Bounce).where(Bounce.ended_at.is_(None), Bounce.application_id.is_(None))
    return list(act.session.scalars(query.options(joinedload(Bounce.job)).order_by(Bounce.noted_at, Bounce.id)))


def kind_of(job: Job) -> str:
    return KINDS.get(job.args["template"], OTHER)


def deal_with(act: Act, bounce_id: str, how: str, *, relation: R) -> None:
    """Note how the addressee was helped, in the history of their account too. Refused without words."""
    bounce = next((one for one in mails_come_back(act) if one.id == bounce_id), None)
    if bounce is None:
        raise Refused(refuse("no-such-bounce", _("This was dealt with meanwhile. Open the page again.")))
    if not how.strip():
        raise Refused(refuse("missing-note", _("Fill in: {field}."), field=_("What was done")))
    if len(how) > MOST_LETTERS:
        raise Refused(refuse("note-too-long", _("Shorten the note to {most} characters."), most=MOST_LETTERS))
    bounce.ended_at, bounce.ended_as, bounce.ended_by, bounce.note = act.now, BounceEnd.TOLD, act.person_id, how.strip()
    person = act.session.get(Person, bounce.job.args.get("person") or "")
    if person is not None:
        data = {"bounce": bounce.id, "note": remark(act, how.strip())}
        note(act, person, "told_otherwise", relation=relation, data=data)
    act.session.flush()
