"""What if: every rule's answer as it is, and as it would be if an organisation joined or a partner left."""

from __future__ import annotations

from dataclasses import dataclass, replace

from app.access import visible
from app.act import Act
from app.facts.consortium import consortium_facts
from app.facts.membership import name_of_partner
from app.models import Application, Membership, Organisation, Role
from app.services.calls.call import definition_of
from app.services.gaps.gap_facts import memberships_of, partnership_of
from app.services.organisations.names import fold
from workflows.profile import LISTED
from workflows.repair import without
from workflows.rules import RuleResult, evaluate_call
from workflows.rules_facts import Answer

NAMED_AT_MOST = 20


@dataclass(frozen=True)
class Line:
    """A rule as it is now, and what it would answer."""

    now: RuleResult
    then: RuleResult

    @property
    def changes(self) -> bool:
        return self.now.answer is not self.then.answer

    @property
    def worse(self) -> bool:
        """It would not be met any more."""
        return self.now.answer is Answer.MET and self.then.answer is not Answer.MET


@dataclass(frozen=True)
class Imagined:
    """Who is imagined to join and to leave, and what follows for each rule."""

    joins: Organisation | None
    leaves: Membership | None
    lines: tuple[Line, ...]

    @property
    def who_leaves(self) -> str:
        return name_of_partner(self.leaves) if self.leaves else ""

    @property
    def changed(self) -> tuple[Line, ...]:
        return tuple(line for line in self.lines if line.changes)


def imagine(act: Act, application: Application, *, join: str = "", leave: str = "") -> Imagined:
    """Answer every rule of the call as if somebody had joined and accepted, or left. Nothing is stored.

    `join` is an organisation's id, `leave` a membership's; what the person may not see, or is not there, is nobody.
    """
    joins = _organisation(act, application, join)
    leaves = next((m for m in memberships_of(application) if m.id == leave), None)
    now = consortium_facts(act, application)
    then = now
    if leaves is not None:
        then = without(then, leaves.organisation_id or leaves.id)
    if joins is not None:
        then = replace(then, partners=(*then.partners, partnership_of(act, application).as_partner(joins)))
    call = definition_of(application.call)
    lines = zip(evaluate_call(call, now), evaluate_call(call, then), strict=True)
    return Imagined(joins, leaves, tuple(Line(before, after) for before, after in lines))


def _organisation(act: Act, application: Application, organisation_id: str) -> Organisation | None:
    if not organisation_id:
        return None
    inside = {member.organisation_id for member in memberships_of(application)}
    query = visible(act, Organisation, "profile.view").where(Organisation.id == organisation_id)
    found = act.session.scalar(query)
    return None if found is None or found.id in inside else found


def organisations_named(act: Act, application: Application, words: str) -> list[Organisation]:
    """Published organisations whose name has these words, to imagine one of them as a partner."""
    wanted = fold(words[:200]).split()
    if not wanted:
        return []
    inside = [m.organisation_id for m in memberships_of(application) if m.organisation_id]
    query = visible(act, Organisation, "profile.view").where(
        Organisation.state.in_(LISTED),
        Organisation.merged_into_id.is_(None),
        Organisation.id.not_in(inside),
        *(Organisation.name_folded.contains(word, autoescape=True) for word in wanted),
    )
    return list(act.session.scalars(query.order_by(Organisation.name_folded, Organisation.id).limit(NAMED_AT_MOST)))


def members_who_may_leave(application: Application) -> list[tuple[str, str]]:
    """Id and name of all partners but the coordinator, who hands over first."""
    return [(m.id, name_of_partner(m)) for m in memberships_of(application) if m.role is not Role.COORDINATOR]


__all__ = ["Imagined", "Line", "imagine", "members_who_may_leave", "organisations_named"]
