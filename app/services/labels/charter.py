"""The charter of a label: what each partner said to it, as a row of its own with a digest of the text it read."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC

from sqlalchemy import func, select

from app.act import Act
from app.addressees import people_who_are
from app.facts.membership import name_of_partner
from app.models import Application, CharterWord, Event, Label, Membership, Person, Role
from app.outbox import enqueue_mail
from app.services.applications.canonical import canonical, digest_of
from app.services.calls.call import definition_of
from app.services.consortia.consent import mail_own_people
from app.services.permitted import one_at_a_time, relation_for
from app.services.transitions import Done, Refused, note, remark
from workflows.definition import LabelTerms
from workflows.label import ENDED_STATES, State
from workflows.membership import COUNTED
from workflows.relations import Relation as R
from workflows.reminders import due_moment
from workflows.verdict import refuse
from workflows.words import _
from workflows.working_days import is_working_moment

FORMAT = 1
REMINDED = "remind_of_charter"
MOST_LETTERS = 1000  # of the reason of who does not accept


@dataclass(frozen=True)
class Stand:
    """Where one partner stands: its last word, or none."""

    membership: Membership
    word: CharterWord | None
    person: str

    @property
    def name(self) -> str:
        return name_of_partner(self.membership)

    @property
    def accepted(self) -> bool:
        return self.word is not None and self.word.accepted


def terms_of(label: Label) -> LabelTerms:
    return definition_of(label.call).label_terms or LabelTerms()


def digest_of_charter(label: Label) -> str:
    """Give the SHA-256 of the charter's text, which the form of a partner carries."""
    return digest_of(terms_of(label).charter)


def is_open(label: Label) -> bool:
    """Say whether partners may still accept: the call has a charter, and the label is offered or taken."""
    return bool(terms_of(label).charter) and label.state not in ENDED_STATES


def label_asking(act: Act, membership: Membership) -> Label | None:
    """Give the label whose charter is put to this partner. The coordinator accepts with the label itself."""
    label = act.session.scalar(select(Label).where(Label.application_id == membership.application_id))
    asked = membership.state in COUNTED and membership.role is not Role.COORDINATOR
    return label if label is not None and asked and is_open(label) else None


def stands_of(act: Act, label: Label) -> list[Stand]:
    """Give each partner of today with its last word, the coordinator first; nobody where the call has no charter."""
    if not terms_of(label).charter:
        return []
    query = select(CharterWord).where(CharterWord.label_id == label.id).order_by(CharterWord.number)
    last = {word.membership_id: word for word in act.session.scalars(query)}
    people = select(Person).where(Person.id.in_({word.person_id for word in last.values()}))
    names = {person.id: person.name for person in act.session.scalars(people)}
    members = [one for one in label.application.memberships if one.state in COUNTED]
    members.sort(key=lambda one: (one.role is not Role.COORDINATOR, one.position))
    found = [(one, last.get(one.id)) for one in members]
    return [Stand(one, word, names.get(word.person_id, "") if word else "") for one, word in found]


def not_accepted(act: Act, label: Label) -> list[Stand]:
    """Give the partners, apart from the coordinator, that refused or said nothing."""
    return [one for one in stands_of(act, label) if not one.accepted and one.membership.role is not Role.COORDINATOR]


def silent(act: Act, label: Label) -> list[Stand]:
    return [one for one in not_accepted(act, label) if one.word is None]


def answer_charter(act: Act, membership: Membership, *, accepts: bool, seen: str, reason: str = "") -> None:
    """Write down what the partner says. Raises `Refused` where nothing is asked, or another text was read.

    Who accepted stays with it; who did not may still accept.
    """
    relation = relation_for(act, "membership.answer_charter", membership)
    one_at_a_time(act, membership)
    label = label_asking(act, membership)
    if label is None:
        raise Refused(refuse("no-charter", _("There is no charter to accept now.")))
    stand = next(one for one in stands_of(act, label) if one.membership.id == membership.id)
    if stand.accepted:
        raise Refused(refuse("charter-accepted", _("The charter was accepted already.")))
    if seen != digest_of_charter(label):
        raise Refused(refuse("other-text", _("The text of the charter was changed meanwhile: read it again.")))
    if not accepts and (not reason.strip() or len(reason) > MOST_LETTERS):
        raise Refused(refuse("missing-reason", _("Fill in: {field}."), field=_("Reason")))
    event = _record(act, label, membership, relation, accepts=accepts, reason=reason.strip())
    if not accepts:
        about = {"noun": "membership", "thing": membership.id, "event": event.id}
        for person in people_who_are(act, label, (R.COORDINATOR, R.CALL_MANAGER)):
            enqueue_mail(act, "charter_refused", person_id=person.id, address=person.email, about=about, key=event.id)


def accept_as_coordinator(act: Act, label: Label, _done: Done) -> None:
    """Write down that the coordinator accepted the charter together with the label."""
    lead = next((one for one in label.application.memberships if one.role is Role.COORDINATOR), None)
    if terms_of(label).charter and lead is not None and act.person_id is not None:
        _record(act, label, lead, R.CASCADE, accepts=True)


def _record(act: Act, label: Label, membership: Membership, relation: R, *, accepts: bool, reason: str = "") -> Event:
    """Keep the word with the text it is about; its digest stands in the chain of events."""
    if act.person_id is None:
        raise LookupError("a person answers for a partner")
    said = select(func.count()).where(CharterWord.label_id == label.id, CharterWord.membership_id == membership.id)
    text = canonical(
        {
            "format": FORMAT,
            "label": label.id,
            "membership": membership.id,
            "organisation": membership.organisation_id,
            "charter": terms_of(label).charter,
            "accepted": accepts,
            "person": act.person_id,
            "at": act.now.astimezone(UTC).isoformat(timespec="microseconds"),
        }
    )
    word = CharterWord(
        id=act.new_id(), label_id=label.id, membership_id=membership.id, accepted=accepts,
        number=(act.session.scalar(said) or 0) + 1, charter_sha256=digest_of_charter(label), canonical=text,
        sha256=digest_of(text), person_id=act.person_id, at=act.now,
    )  # fmt: skip
    act.session.add(word)
    data = {"label": label.id, "charter_sha256": word.charter_sha256, "sha256": word.sha256}
    if reason:
        data["reason"] = remark(act, reason)  # type: ignore[assignment]
    return note(act, membership, "accept_charter" if accepts else "refuse_charter", relation=relation, data=data)


def ask_partners(act: Act, application: Application, done: Done) -> None:
    """Tell each partner's people of the charter, with the label that is offered now."""
    label = act.session.scalar(
        select(Label).where(Label.application_id == application.id, Label.state == State.OFFERED)
    )
    if label is not None and is_open(label):
        for stand in silent(act, label):
            mail_own_people(act, stand.membership, "charter_to_accept", done.event.id)


def due_charter_reminders(act: Act) -> list[str]:
    """Find the labels of whose charter partners are to be reminded now, as before other last days. Only reads."""
    if not is_working_moment(act.now):
        return []
    asking = select(Label).where(Label.accept_by > act.now, Label.state.not_in(ENDED_STATES)).order_by(Label.id)
    return [label.id for label in act.session.scalars(asking) if _is_time(act, label)]


def remind_of_charter(act: Act, label: Label) -> bool:
    """Write to the partners that said nothing yet, and to a coordinator who has not answered; says if a mail went."""
    if not _is_time(act, label):
        return False
    waiting = silent(act, label)
    event = note(act, label, REMINDED, relation=R.CLOCK, data={"partners": len(waiting)})
    for stand in waiting:
        mail_own_people(act, stand.membership, "charter_to_accept", event.id)
    if label.state is State.OFFERED:
        about = {"noun": "label", "thing": label.id, "event": event.id}
        for person in people_who_are(act, label, (R.COORDINATOR,)):
            enqueue_mail(act, "label_to_accept", person_id=person.id, address=person.email, about=about, key=event.id)
    return True


def _is_time(act: Act, label: Label) -> bool:
    if not is_open(label) or not (label.state is State.OFFERED or silent(act, label)):
        return False
    moment = due_moment(label.accept_by, act.now)
    told = select(func.max(Event.at)).where(Event.noun == "label", Event.thing_id == label.id, Event.name == REMINDED)
    last = act.session.scalar(told) or label.created_at
    return moment is not None and last < moment


def waiting_for(stands: Sequence[Stand]) -> tuple[str, ...]:
    return tuple(stand.name for stand in stands)
