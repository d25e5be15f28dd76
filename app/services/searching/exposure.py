"""How often organisations are shown in the search: appended page by page, added up by the clock, read by the office."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal

from sqlalchemy import delete, func, select

from app.access import visible
from app.act import Act
from app.models import Exposure, Organisation, SearchEntry, Showing
from app.services.searching.search import experienced
from workflows.profile import LISTED

WEEKS = 4
AT_ONCE = 500


def add_up(act: Act) -> int:
    """Add pages that were shown to the weeks of their organisations; say how many pages. Each counts once."""
    pages = act.session.scalars(select(Showing).order_by(Showing.day, Showing.id).limit(AT_ONCE)).all()
    counts: Counter[tuple[str, date]] = Counter()
    for page in pages:
        monday = page.day - timedelta(days=page.day.weekday())
        counts.update((thing, monday) for thing in page.things)
    merged = select(Organisation.id, Organisation.merged_into_id).where(Organisation.id.in_({key[0] for key in counts}))
    known = {row.id: row.merged_into_id or row.id for row in act.session.execute(merged)}
    for (thing, week), number in sorted(counts.items()):
        if thing not in known:
            continue
        organisation = known[thing]  # a double that was merged meanwhile counts for the one that was kept
        row = act.session.get(Exposure, (organisation, week))
        if row is None:
            row = Exposure(organisation_id=organisation, week=week, shown=0)
            act.session.add(row)
        row.shown += number
    act.session.execute(delete(Showing).where(Showing.id.in_([page.id for page in pages])))
    act.session.flush()
    return len(pages)


@dataclass(frozen=True)
class Share:
    """One group of organisations: how many there are, and how often they were shown."""

    organisations: int
    shown: int

    @property
    def each(self) -> Decimal:
        return Decimal(self.shown) / self.organisations if self.organisations else Decimal(0)


@dataclass(frozen=True)
class Report:
    since: date
    shares: dict[str, Share]  # first_timers, less_developed, others, everybody
    least: list[tuple[Organisation, int]]


def exposure_report(act: Act) -> Report:
    """Say how often each group was shown in the last weeks, and which organisations least."""
    monday = act.now.date() - timedelta(days=act.now.date().weekday())
    since = monday - timedelta(weeks=WEEKS - 1)
    listed = visible(act, Organisation, "profile.view").where(
        Organisation.state.in_(LISTED), Organisation.merged_into_id.is_(None)
    )
    ids = list(act.session.scalars(listed.with_only_columns(Organisation.id)))
    shown = _shown_since(act, since)
    less_developed = set(
        act.session.scalars(select(SearchEntry.thing_id).where(SearchEntry.categories == "less_developed"))
    )
    known = experienced(act)
    groups = {
        "first_timers": [one for one in ids if one not in known],
        "less_developed": [one for one in ids if one in less_developed],
        "others": [one for one in ids if one in known and one not in less_developed],
        "everybody": ids,
    }
    shares = {name: Share(len(group), sum(shown[one] for one in group)) for name, group in groups.items()}
    least = sorted(ids, key=lambda one: (shown[one], one))[:10]
    things = {o.id: o for o in act.session.scalars(listed.where(Organisation.id.in_(least)))}
    return Report(since, shares, [(things[one], shown[one]) for one in least])


def _shown_since(act: Act, since: date) -> Counter[str]:
    query = select(Exposure.organisation_id, func.sum(Exposure.shown)).where(Exposure.week >= since)
    rows = act.session.execute(query.group_by(Exposure.organisation_id)).all()
    return Counter({organisation: int(number) for organisation, number in rows})


def times_shown(act: Act, organisation: Organisation) -> int:
    """How often one organisation was shown in the last weeks."""
    monday = act.now.date() - timedelta(days=act.now.date().weekday())
    return _shown_since(act, monday - timedelta(weeks=WEEKS - 1))[organisation.id]
