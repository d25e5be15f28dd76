"""Willing organisations that satisfy an addition: found, ranked and cut by the database, explained from the rows."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, Select, Text, case, cast, func, literal, or_, select

from app import taxonomy
from app.access import visible
from app.act import Act
from app.models import Application, Membership, Organisation
from app.services.gap_facts import Partnership
from app.services.gap_reasons import (
    Effect,
    Why,
    capabilities_added,
    effect_of,
    rules_helped,
    themes_in_common,
    willingness,
)
from workflows.application import State as ApplicationState
from workflows.membership import COUNTED
from workflows.profile import LISTED
from workflows.repair_types import Addition, Place, Profile

SHOWN = 5  # candidates of one addition
LOOKED_AT = 40  # rows of one query: some kinds can only be judged one by one


@dataclass(frozen=True)
class Candidate:
    """An organisation that satisfies one or more additions, and why it stands where it stands."""

    organisation: Organisation
    fills: tuple[int, ...]  # numbers of the additions it satisfies
    effect: Effect
    capabilities: tuple[Why, ...]
    themes: tuple[Why, ...]
    reasons: tuple[Why, ...]

    @property
    def order(self) -> tuple[object, ...]:
        """Rules closed, rules brought nearer, additions filled, capabilities, themes; then by name."""
        closed, nearer = self.effect.rank
        o = self.organisation
        return (-closed, -nearer, -len(self.fills), -len(self.capabilities), -len(self.themes), o.name_folded, o.id)


def candidates(act: Act, partnership: Partnership, additions: Sequence[Addition]) -> list[list[Candidate]]:
    """Give for each addition the willing organisations that satisfy it, the best first; `SHOWN` of each at most."""
    willing = _willing(act, partnership)
    rows = [_rows_for(act, partnership, willing, addition) for addition in additions]
    known = {o.id: o for found in rows for o in found}
    made = {o.id: _candidate(partnership, o, additions) for o in known.values()}
    return [
        sorted((made[o.id] for o in known.values() if number in made[o.id].fills), key=lambda c: c.order)[:SHOWN]
        for number in range(1, len(additions) + 1)
    ]


def _candidate(partnership: Partnership, organisation: Organisation, additions: Sequence[Addition]) -> Candidate:
    effect = effect_of(partnership.gap.search, partnership.as_partner(organisation))
    capabilities = capabilities_added(partnership, organisation)
    themes = themes_in_common(partnership, organisation)
    helped = rules_helped(partnership, organisation, effect)
    return Candidate(
        organisation=organisation,
        fills=tuple(
            n for n, addition in enumerate(additions, start=1) if satisfies(partnership, organisation, addition)
        ),
        effect=effect,
        capabilities=capabilities,
        themes=themes,
        reasons=(*helped, *capabilities, *themes, *willingness(partnership, organisation)),
    )


def satisfies(partnership: Partnership, organisation: Organisation, addition: Addition) -> bool:
    """Is it one of those an addition stands for?"""
    search, place = partnership.gap.search, partnership.seats.get((organisation.country or "", organisation.region))
    if place is None:
        return False
    kinds = search.classes.class_of_kinds(tuple(organisation.kinds))
    themes = [set(bundle) for number in addition.themes for bundle in search.classes.themes[number]]
    return (
        search.spot_of(place) in {spot.alone() for spot in addition.spots}
        and kinds in addition.kinds
        and any(bundle <= set(organisation.themes) for bundle in themes)
    )


# -- the queries -----------------------------------------------------------------------------------------------------


def _willing(act: Act, partnership: Partnership) -> Select[Organisation]:
    """Published, open to contact, not in it and not asked before, and not in too many applications of the call."""
    query = visible(act, Organisation, "profile.view").where(
        Organisation.state.in_(LISTED),
        Organisation.merged_into_id.is_(None),
        Organisation.open_to_contact.is_(True),
        Organisation.id.not_in(partnership.apart),
    )
    limit = partnership.definition.applications_per_organisation
    return query if limit is None else query.where(Organisation.id.not_in(_full(partnership.call.id, limit)))


def _full(call_id: str, limit: int) -> Select[str | None]:
    return (
        select(Membership.organisation_id)
        .join(Application, Application.id == Membership.application_id)
        .where(
            Membership.organisation_id.is_not(None),
            Membership.state.in_(COUNTED),
            Application.call_id == call_id,
            Application.state.not_in([ApplicationState.WITHDRAWN, ApplicationState.LAPSED]),
        )
        .group_by(Membership.organisation_id)
        .having(func.count() >= limit)
    )


def _rows_for(
    act: Act, partnership: Partnership, willing: Select[Organisation], addition: Addition
) -> list[Organisation]:
    """Ask for those who help the most rules first; go on to the next only while too few were found."""
    found: list[Organisation] = []
    for places, kinds in _tiers(partnership, addition):
        query = willing.where(_seated(partnership, places), _any_of(Organisation.kinds, kinds))
        rows = act.session.scalars(query.order_by(*_rank(partnership)).limit(LOOKED_AT))
        found += [o for o in rows if satisfies(partnership, o, addition)]
        if len(found) >= SHOWN:
            break
    return found[:LOOKED_AT]


def _tiers(partnership: Partnership, addition: Addition) -> list[tuple[set[Place], set[str]]]:
    """Places and kinds of an addition by how many rules they help, the most first."""
    search = partnership.gap.search
    spots = {spot.alone() for spot in addition.spots}
    themes = search.classes.themes[min(addition.themes)][0]
    one_of: dict[object, list[Place]] = {}
    for place in search.universe.places:
        if search.spot_of(place) in spots:
            one_of.setdefault(search.spot_of(place), []).append(place)
    tiers: dict[tuple[int, int], tuple[set[Place], set[str]]] = {}
    for places in one_of.values():
        for number in addition.kinds:
            bundles = search.classes.kinds[number]
            partner = Profile(places[0], bundles[0], themes).as_partner("imagined")
            tier = tiers.setdefault(effect_of(search, partner).rank, (set(), set()))
            tier[0].update(places)
            tier[1].update(kind for bundle in bundles for kind in bundle)
    return [tiers[rank] for rank in sorted(tiers, reverse=True)]


def _seated(partnership: Partnership, places: set[Place]) -> ColumnElement[bool]:
    keys = [key for key, place in partnership.seats.items() if place in places]
    regions = [region for _country, region in keys if region is not None]
    countries = [country for country, region in keys if region is None]
    here: list[ColumnElement[bool]] = [Organisation.region.in_(regions)] if regions else []
    if countries:
        here.append(Organisation.country.in_(countries))
    return or_(*here)


def _any_of(column: Any, codes: Iterable[str]) -> ColumnElement[bool]:  # noqa: ANN401 - a column of a list of codes
    return or_(*(_has(column, code) for code in sorted(codes)))


def _has(column: Any, code: str) -> ColumnElement[bool]:  # noqa: ANN401
    return cast(column, Text).contains(f'"{code}"', autoescape=True)


def _rank(partnership: Partnership) -> list[Any]:
    """Capabilities no partner has, themes in common, name."""
    held = {code for one in partnership.organisations for code in (*one.technologies, *one.chain_positions)}
    new = [
        (column, term.code)
        for column, listed in (
            (Organisation.technologies, "technologies"),
            (Organisation.chain_positions, "chain_positions"),
        )
        for term in taxonomy.terms(listed)
        if term.code not in held
    ]
    shared = [(Organisation.themes, theme) for theme in sorted(partnership.themes)]
    return [_count(new).desc(), _count(shared).desc(), Organisation.name_folded, Organisation.id]


def _count(wanted: Iterable[tuple[Any, str]]) -> ColumnElement[int]:
    total: ColumnElement[int] = literal(0)
    for column, code in wanted:
        total = total + case((_has(column, code), 1), else_=0)
    return total
