"""In whose place somebody signs: what the principal could sign themselves now, and nothing else."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from typing import Any

from app.access import relations_of
from app.act import Act
from app.models import StandIn
from workflows.machine import Actor, Row, granting
from workflows.relations import Relation as R
from workflows.verdict import ALLOWED, Verdict, refuse
from workflows.words import _

FactsFunction = Callable[[Act, Any], object]


@dataclass(frozen=True)
class Place:
    """Nobody's, or that of a principal; what stands against it, and what the event tells of it."""

    verdict: Verdict = ALLOWED
    told: dict[str, Any] = field(default_factory=dict)


OWN = Place()


def place_taken(act: Act, thing: Any, row: Row, actor: Actor, facts_of: FactsFunction) -> Place:  # noqa: ANN401
    """Find for whom a stand-in takes the row: the first who could take it themselves, had they signed in.

    Whoever may take it in their own right takes nobody's place.
    """
    if not actor.relations.intersection(row.by) or granting(row, actor.relations) is not R.STAND_IN:
        return OWN
    own = frozenset(thing.__machine__.verdict(row, facts_of(act, thing), actor).codes)
    if act.person_id in (getattr(thing, "proposed_by", None), getattr(thing, "extension_proposed_by", None)):
        told = _("You proposed this; you can't stand in for whoever decides on it.")
        return OWN if "same-person" in own else Place(refuse("same-person", told))
    refused = Place(refuse("nobody-to-stand-in-for", _("Nobody has named you as stand-in for this.")))
    for one in stand_ins_now(act):
        if not (verdict := _could(act, thing, row, own, facts_of, one)):
            refused = Place(verdict)
        else:
            return Place(told={"stand_in": one.id, "in_place_of": one.principal_id})
    return refused


def stand_ins_now(act: Act) -> list[StandIn]:
    """Give for whom the acting person was named for this moment, those named first at the top."""
    named = act.person.stand_ins if act.person else ()
    running = (one for one in named if one.since <= act.now < one.until and one.ended_at is None)
    return sorted(running, key=lambda one: (one.named_at, one.id))


def _could(
    act: Act, thing: Any, row: Row, own: frozenset[str], facts_of: FactsFunction, one: StandIn  # noqa: ANN401
) -> Verdict:  # fmt: skip
    """Say whether nothing stands against the principal that does not stand against the stand-in as well."""
    theirs = replace(act, person=one.principal)
    held = relations_of(theirs, thing, [R.PROGRAMME_MANAGER])
    principal = Actor(one.principal_id, held, signed_in_again=True)
    if not set(thing.__machine__.verdict(row, facts_of(theirs, thing), principal).codes) - own:
        return ALLOWED
    told = _("{name}, in whose place you would act, could not do this: they proposed it, or have an interest.")
    return refuse("principal-could-not", told, name=one.principal.name)
