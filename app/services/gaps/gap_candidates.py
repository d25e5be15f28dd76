"""Willing organisations that satisfy an addition: found, ranked and cut by the database, explained from the rows."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, Select, String, Text, and_, case, cast, func, literal, or_, select

from app.access import visible
from app.act import Act
from app.models import Application, Membership, Organisation
from app.services.gaps.gap_facts import Partnership
from app.services.gaps.gap_reasons import (
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

Bundle = tuple[str, ...]
# What was asked of the database already: additions often share their best places.
Asked = dict[tuple[frozenset[Place], frozenset[Bundle], int], Sequence[Organisation]]
SHOWN = 5  # candidates of one addition
LOOKED_AT = (
    10,
    60,
)  # rows of one query; more only where many of the first do not fit: some kinds are judged one by one


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
    willing = _willing(act, partnership).order_by(*_rank(partnership))
    asked: Asked = {}
    rows = [_rows_for(act, partnership, willing, addition, asked) for addition in additions]
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
    # Regions and kinds leave few, so their index is to be used; a plain comparison of the state would take its own.
    listed = cast(Organisation.state, String).in_([state.value for state in LISTED])
    query = visible(act, Organisation, "profile.view").where(
        listed,
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
    act: Act, partnership: Partnership, willing: Select[Organisation], addition: Addition, asked: Asked
) -> list[Organisation]:
    """Ask for those who help the most rules first; go on to the next only while too few were found."""
    found: list[Organisation] = []
    for places, kinds in _tiers(partnership, addition):
        query = willing.where(_seated(partnership, places), _of_kinds(kinds))
        for most in LOOKED_AT:
            question = (frozenset(places), frozenset(kinds), most)
            if question not in asked:
                asked[question] = act.session.scalars(query.limit(most)).all()
            fitting = [o for o in asked[question] if satisfies(partnership, o, addition)]
            if len(fitting) >= SHOWN or len(asked[question]) < most:
                break
        found += fitting
        if len(found) >= SHOWN:
            break
    return found


def _tiers(partnership: Partnership, addition: Addition) -> list[tuple[set[Place], set[Bundle]]]:
    """Places and bundles of kinds of an addition by how many rules they help, the most first."""
    search = partnership.gap.search
    spots = {spot.alone() for spot in addition.spots}
    themes = search.classes.themes[min(addition.themes)][0]
    one_of: dict[object, list[Place]] = {}
    for place in search.universe.places:
        if search.spot_of(place) in spots:
            one_of.setdefault(search.spot_of(place), []).append(place)
    tiers: dict[tuple[int, int], tuple[set[Place], set[Bundle]]] = {}
    for places in one_of.values():
        for number in addition.kinds:
            bundles = search.classes.kinds[number]
            partner = Profile(places[0], bundles[0], themes).as_partner("imagined")
            tier = tiers.setdefault(effect_of(search, partner).rank, (set(), set()))
            tier[0].update(places)
            tier[1].update(bundles)
    return [tiers[rank] for rank in sorted(tiers, reverse=True)]


def _seated(partnership: Partnership, places: set[Place]) -> ColumnElement[bool]:
    keys = [key for key, place in partnership.seats.items() if place in places]
    regions = [region for _country, region in keys if region is not None]
    countries = [country for country, region in keys if region is None]
    here: list[ColumnElement[bool]] = [Organisation.region.in_(regions)] if regions else []
    if countries:
        here.append(Organisation.country.in_(countries))
    return or_(*here)


def _of_kinds(bundles: Iterable[Bundle]) -> ColumnElement[bool]:
    """Those who have all kinds of a bundle; a bundle that holds another adds nobody."""
    sets = sorted({frozenset(bundle) for bundle in bundles}, key=lambda found: (len(found), sorted(found)))
    least = [one for n, one in enumerate(sets) if not any(other < one for other in sets[:n])]
    return or_(*(and_(*(_has(Organisation.kinds, kind) for kind in sorted(one))) for one in least))


def _has(column: Any, code: str) -> ColumnElement[bool]:  # noqa: ANN401
    """Stands the code in a list of codes? No code holds a per cent sign; an underscore may stand for any letter."""
    return cast(column, Text).like(f'%"{code}"%')


def _rank(partnership: Partnership) -> list[Any]:
    """Capabilities no partner has, themes in common, name."""
    technologies = {code for one in partnership.organisations for code in one.technologies}
    positions = {code for one in partnership.organisations for code in one.chain_positions}
    new: ColumnElement[Any] = _all(Organisation.technologies) + _all(Organisation.chain_positions)
    for column, held in ((Organisation.technologies, technologies), (Organisation.chain_positions, positions)):
        new = new - _count(column, held)
    shared = _count(Organisation.themes, partnership.themes)
    return [new.desc(), shared.desc(), Organisation.name_folded, Organisation.id]


def _all(column: Any) -> ColumnElement[Any]:  # noqa: ANN401
    """The number of codes in a list: half the number of its quotation marks."""
    text = cast(column, Text)
    return (func.length(text) - func.length(func.replace(text, '"', ""))) / 2


def _count(column: Any, codes: Iterable[str]) -> ColumnElement[int]:  # noqa: ANN401
    total: ColumnElement[int] = literal(0)
    for code in sorted(codes):
        total = total + case((_has(column, code), 1), else_=0)
    return total
