"""Anonymised copies of applications: begun by the clock, edited by the office, read by evaluators once released."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass

from sqlalchemy import select

from app.act import Act
from app.facts.redaction import current_texts, original_texts, proposals_in, text_of
from app.models import Application, Call, Clarification, HarmlessName, RedactedText, Redaction, SubmittedVersion
from app.services.anonymising.redaction_texts import Passage
from app.services.checks.check import last_version
from app.services.permitted import relation_for
from app.services.transitions import Done, Refused, create, note
from workflows.application import State
from workflows.clarification import State as Answered
from workflows.redaction import State as Redacting
from workflows.redaction_names import Span, replaced
from workflows.relations import Relation as R
from workflows.verdict import refuse
from workflows.words import _

LONGEST = 60_000  # characters of one anonymised text
TO_ANONYMISE = frozenset({State.RECEIVED, State.ELIGIBLE})


def start_redactions(act: Act) -> int:
    """Begin a copy of each received application of an anonymous call that has none; says how many."""
    has_one = select(Redaction.id).where(Redaction.application_id == Application.id)
    query = (
        select(Application)
        .join(Call, Call.id == Application.call_id)
        .where(Call.anonymous.is_(True), Application.state.in_(TO_ANONYMISE), ~has_one.exists())
        .order_by(Application.id)
    )
    applications = act.session.scalars(query).all()
    for application in applications:
        redaction = Redaction(application_id=application.id, version_id=last_version(act, application).id)
        create(act, redaction, relation=R.CLOCK)
    return len(applications)


def follow_version(act: Act, redaction: Redaction, _done: Done) -> None:
    """Speak of the version in force. What was edited of texts that did not change still counts."""
    redaction.version_id = last_version(act, redaction.application).id
    act.session.flush()
    act.session.expire(redaction, ["submitted"])


@dataclass(frozen=True)
class Side:
    """One text as the office edits it: the original with what was found in it, and the anonymised text."""

    passage: Passage
    found: tuple[Span, ...]  # in the original
    text: str
    left: tuple[Span, ...]  # in the anonymised text, to be decided
    number: int  # of what was saved last; 0: nothing was

    earlier: tuple[RedactedText, ...] = ()  # what was saved before, newest first

    @property
    def changed(self) -> bool:
        return self.text != self.passage.text

    @property
    def is_quiet(self) -> bool:
        """Nothing was found in it and nobody changed it."""
        return not self.found and not self.left and not self.earlier and not self.changed


def sides_of(act: Act, redaction: Redaction) -> tuple[Side, ...]:
    """Give every text of the application, side by side with its anonymised form."""
    texts, found = current_texts(redaction), proposals_in(act, redaction)
    sides = []
    for passage in original_texts(act, redaction):
        saved = texts.get(passage.place)
        text = text_of(passage, saved)
        earlier = tuple(one for one in reversed(redaction.texts) if one.place == passage.place and one is not saved)
        sides.append(Side(passage, found(passage.text), text, found(text), saved.number if saved else 0, earlier))
    return tuple(sides)


def side_of(act: Act, redaction: Redaction, place: str) -> Side:
    """Find one text by its place. Raises `Refused` where there is none."""
    side = next((one for one in sides_of(act, redaction) if one.passage.place == place), None)
    if side is None:
        raise Refused(refuse("no-such-text", _("There is no such text in the version that counts.")))
    return side


def save_text(act: Act, redaction: Redaction, place: str, text: str, number: int) -> None:
    """Keep an anonymised text. `number` is that of the text it was made from. Raises `Refused`."""
    side = side_of(act, redaction, place)
    if side.number != number:
        raise Refused(refuse("changed-meanwhile", _("Somebody saved this text meanwhile: look at it and edit again.")))
    if len(text) > LONGEST:
        raise Refused(refuse("too-long", _("Shorten the text: at most {most} characters."), most=LONGEST))
    _save(act, redaction, side, text)


def accept(act: Act, redaction: Redaction, place: str, marked: Collection[str], number: int) -> int:
    """Replace marked passages of one text, each given as "start-end"; says how many. Raises `Refused`."""
    side = side_of(act, redaction, place)
    if side.number != number:
        raise Refused(refuse("changed-meanwhile", _("Somebody saved this text meanwhile: look at it and edit again.")))
    chosen = [span for span in side.left if f"{span.start}-{span.end}" in marked]
    if chosen:
        _save(act, redaction, side, replaced(side.text, chosen))
    return len(chosen)


def accept_all(act: Act, redaction: Redaction, place: str | None = None) -> int:
    """Replace everything that is proposed, in one text or in all; says how many passages."""
    count = 0
    for side in sides_of(act, redaction):
        if side.left and place in (None, side.passage.place):
            _save(act, redaction, side, replaced(side.text, side.left))
            count += len(side.left)
    return count


def leave_as_it_is(act: Act, redaction: Redaction, place: str, marked: Collection[str], number: int) -> int:
    """Say of marked passages that they tell nothing; they are not proposed again in this application."""
    side = side_of(act, redaction, place)
    if side.number != number:
        raise Refused(refuse("changed-meanwhile", _("Somebody saved this text meanwhile: look at it and edit again.")))
    relation = relation_for(act, "redaction.edit", redaction)
    texts = {side.text[s.start : s.end][:300] for s in side.left if f"{s.start}-{s.end}" in marked}
    for text in sorted(texts):
        known = HarmlessName(id=act.new_id(), redaction_id=redaction.id, text=text, by=act.person_id, at=act.now)
        act.session.add(known)
    if texts:
        act.session.flush()
        act.session.expire(redaction, ["harmless"])
        note(act, redaction, "leave_as_it_is", relation=relation, data={"place": place, "passages": len(texts)})
    return len(texts)


def take_back(act: Act, redaction: Redaction, place: str) -> None:
    """Put the text back as it was sent; what was edited stays in the history."""
    side = side_of(act, redaction, place)
    _save(act, redaction, side, side.passage.text)


def _save(act: Act, redaction: Redaction, side: Side, text: str) -> None:
    relation = relation_for(act, "redaction.edit", redaction)
    if text == side.text:
        return
    saved = RedactedText(
        id=act.new_id(), redaction_id=redaction.id, place=side.passage.place, number=side.number + 1,
        original_sha256=side.passage.sha256, text=text, saved_by=act.person_id, saved_at=act.now,
    )  # fmt: skip
    act.session.add(saved)
    act.session.flush()
    act.session.expire(redaction, ["texts"])
    note(act, redaction, "edit_text", relation=relation, data={"place": saved.place, "number": saved.number})


def clarified(act: Act, redaction: Redaction) -> list[Clarification]:
    """Give answered clarifications: evaluators read of them only what the office takes over into the texts."""
    query = select(Clarification).where(
        Clarification.application_id == redaction.application_id, Clarification.state == Answered.ANSWERED
    )
    return list(act.session.scalars(query.order_by(Clarification.answered_at, Clarification.id)))


def not_anonymised(act: Act, applications: Iterable[str]) -> list[Application]:
    """Give those of the applications to be evaluated whose texts are not anonymised, begun or not."""
    newest = (
        select(SubmittedVersion.id)
        .where(SubmittedVersion.application_id == Application.id)
        .order_by(SubmittedVersion.number.desc())
        .limit(1)
        .correlate(Application)
        .scalar_subquery()
    )
    done = select(Redaction.id).where(
        Redaction.application_id == Application.id, Redaction.state == Redacting.READY, Redaction.version_id == newest
    )
    query = (
        select(Application)
        .join(Call, Call.id == Application.call_id)
        .where(
            Application.id.in_(list(applications)),
            Call.anonymous.is_(True),
            Application.state.in_(TO_ANONYMISE),
            ~done.exists(),
        )
        .order_by(Application.number)
    )
    return list(act.session.scalars(query))
