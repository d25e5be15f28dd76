"""Acts for which the office wants two persons: proposed by one, taken by another of the same office, or ended."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from sqlalchemy import select

from app.access import can, relations_of
from app.act import Act
from app.models import THINGS, Ending, OfficeHolding, Person, ProposedAct, Remark, TwoPersons
from app.outbox import enqueue_mail
from app.services.transitions import Data, Refused, kept, note, remark, verdict_on
from app.two_persons import end_proposal, open_proposal, second_of, two_are_needed
from workflows.machine import Actor, Row, granting, signed_in_again
from workflows.relations import OFFICES
from workflows.relations import Relation as R
from workflows.two_persons import NEEDS_TWO, SETTABLE
from workflows.verdict import refuse
from workflows.words import _


@dataclass(frozen=True)
class Setting:
    """What the office set for one act; nobody set anything where there is no person."""

    act: str
    words: str
    needed: bool
    reason: str = ""
    person: Person | None = None
    at: datetime | None = None


def settings_of(act: Act) -> list[Setting]:
    """Give each act that the office decides about, with who set it last, when and why."""
    newest: dict[str, TwoPersons] = {}
    for one in act.session.scalars(select(TwoPersons).order_by(TwoPersons.at, TwoPersons.id)):
        newest[one.act] = one
    return [_setting(act, name, words, newest.get(name)) for name, words in SETTABLE.items()]


def _setting(act: Act, name: str, words: str, one: TwoPersons | None) -> Setting:
    if one is None:
        return Setting(name, words, needed=False)
    return Setting(name, words, one.needed, remark_of(act, one.reason_id), one.person, one.at)


def remark_of(act: Act, remark_id: str) -> str:
    from_record = act.session.get(Remark, remark_id)
    return (from_record.text or "") if from_record else ""


def set_two_persons(act: Act, name: str, *, needed: bool, reason: str, relation: R) -> TwoPersons:
    """Set for one act whether two persons are needed. Raises `Refused` where it is no act the office decides about."""
    found = signed_in_again(None, Actor(act.person_id, frozenset(), act.signed_in_again))
    if name not in SETTABLE:
        found += refuse("not-settable", _("This act always needs two persons, or never: choose one of the list."))
    elif two_are_needed(act, name) == needed:
        found += refuse("set-already", _("It is set like this already."))
    if not reason.strip():
        found += refuse("missing-reason", _("Fill in: {field}."), field=_("Reason"))
    if not found:
        raise Refused(found)
    told = remark(act, reason.strip())
    act.session.flush()
    one = TwoPersons(
        id=act.new_id(), act=name, needed=needed, reason_id=told["remark"], at=act.now, by=act.person_id
    )  # fmt: skip
    act.session.add(one)
    act.session.flush()
    note(act, one, "set_two_persons", relation=relation, data={"act": name, "needed": needed, "reason": told})
    return one


def propose_act(act: Act, thing: Any, row: Row, data: Data) -> ProposedAct:  # noqa: ANN401 - any thing with a machine
    """Propose that another person takes a row. Raises `Refused` with whatever would refuse it but the second person."""
    held = relations_of(act, thing, row.by)
    verdict = verdict_on(act, thing, row.name)
    if set(verdict.codes) - {NEEDS_TWO} or not second_of(act, thing, row).needed:
        raise Refused(verdict)
    missing = [need for need in row.needs if need.required and not data.get(need.name)]
    if missing:
        raise Refused(refuse("missing-reason", _("Fill in: {field}."), field=missing[0].label))
    for older in act.session.scalars(_open().where(ProposedAct.thing_id == thing.id, ProposedAct.name == row.name)):
        end_proposal(act, older, Ending.OVERTAKEN)
    said = kept(act, row, data)
    one = ProposedAct(
        id=act.new_id(), noun=thing.__noun__, thing_id=thing.id, name=row.name, version=thing.version, data=said,
        proposed_by=act.person_id, proposed_at=act.now,
    )  # fmt: skip
    act.session.add(one)
    act.session.flush()
    note(act, thing, "propose_act", relation=granting(row, held), data=said | {"proposal": one.id, "act": row.name})
    _tell(act, thing, row, one)
    return one


def _open() -> Any:  # noqa: ANN401 - a statement
    return select(ProposedAct).where(ProposedAct.ended_at.is_(None))


def _tell(act: Act, thing: Any, row: Row, one: ProposedAct) -> None:  # noqa: ANN401
    offices = OFFICES & set(row.by)
    holding = select(OfficeHolding.person_id).where(OfficeHolding.office.in_(offices))
    query = select(Person).where(Person.id.in_(holding), Person.disabled_at.is_(None), Person.id != act.person_id)
    about = {"noun": thing.__noun__, "thing": thing.id}
    for person in act.session.scalars(query.order_by(Person.name, Person.id)):
        if relations_of(replace(act, person=person), thing, offices):
            enqueue_mail(act, "act_proposed", person_id=person.id, address=person.email, about=about, key=one.id)


def leave_it(act: Act, thing: Any, row: Row) -> None:  # noqa: ANN401
    """End what is proposed: taken back by who proposed it, refused by another who could take it."""
    found = open_proposal(act, thing, row.name)
    held = relations_of(act, thing, row.by)
    if found is None or not held:
        raise Refused(refuse("nothing-proposed", _("Nothing is proposed any more.")))
    mine = found.proposed_by == act.person_id
    end_proposal(act, found, Ending.TAKEN_BACK if mine else Ending.REFUSED)
    name = "take_act_back" if mine else "refuse_act"
    note(act, thing, name, relation=granting(row, held), data={"proposal": found.id, "act": row.name})


def proposals_to_take(act: Act) -> Iterator[tuple[Any, Row]]:
    """Give what others proposed and the acting person may take now: the thing and the row."""
    waiting: Sequence[ProposedAct] = act.session.scalars(_open().order_by(ProposedAct.proposed_at)).all()
    for one in waiting:
        thing: Any = act.session.get(THINGS[one.noun], one.thing_id)
        row = thing.__machine__.row(one.name, thing.state) if thing is not None else None
        if row is None or one.proposed_by == act.person_id or thing.version != one.version:
            continue
        if can(act, f"{one.noun}.{one.name}", thing):
            yield thing, row
