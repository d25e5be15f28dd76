"""Times of a call: written as local times in the call's zone, executed as instants in UTC."""

from dataclasses import dataclass, fields, replace
from datetime import UTC, date, datetime, time, timedelta
from enum import StrEnum
from typing import Annotated, Self
from zoneinfo import ZoneInfo


class Precision(StrEnum):
    SECOND = "second"
    DAY = "day"
    WEEK = "week"
    MONTH = "month"


class LocalTimeProblem(StrEnum):
    DOES_NOT_EXIST = "does_not_exist"
    EXISTS_TWICE = "exists_twice"
    WRONG_OFFSET = "wrong_offset"


def local_problem(local: datetime, zone: ZoneInfo) -> LocalTimeProblem | None:
    """What is wrong with a wall-clock time in a zone, if anything. With an offset it must be one the zone had then."""
    naive = local.replace(tzinfo=None)
    readings = [naive.replace(tzinfo=zone, fold=fold) for fold in (0, 1)]
    real = {r.utcoffset() for r in readings if r.astimezone(UTC).astimezone(zone).replace(tzinfo=None) == naive}
    if not real:
        return LocalTimeProblem.DOES_NOT_EXIST
    if local.tzinfo is not None:
        return None if local.utcoffset() in real else LocalTimeProblem.WRONG_OFFSET
    return LocalTimeProblem.EXISTS_TWICE if len(real) > 1 else None


@dataclass(frozen=True, kw_only=True, slots=True)
class Moment:
    """A local day (2017-03-31) or time (2018-03-08T17:00:00), as exact as it is known.

    A time that exists twice in the zone carries its offset (2018-10-28T02:30:00+01:00).
    """

    at: Annotated[str, "Day YYYY-MM-DD or local time YYYY-MM-DDTHH:MM:SS."]
    precision: Annotated[Precision, "How exactly it is known."] = Precision.SECOND

    @property
    def day(self) -> date:
        return date.fromisoformat(self.at[:10])

    @property
    def is_day(self) -> bool:
        """Only the day is known, or less: then the hour, if one is written, says nothing."""
        return len(self.at) == len("YYYY-MM-DD") or self.precision is not Precision.SECOND

    @property
    def local(self) -> datetime:
        """Wall-clock time as written, of a day its midnight; with an offset only where one was written."""
        return datetime.combine(self.day, time()) if self.is_day else datetime.fromisoformat(self.at)

    def starts_at(self, zone: ZoneInfo) -> datetime:
        """Its first instant, in UTC."""
        local = self.local
        return (local if local.tzinfo else local.replace(tzinfo=zone)).astimezone(UTC)

    def ends_at(self, zone: ZoneInfo) -> datetime:
        """The first instant after it, in UTC: of a day, the first instant of the next day; of a time, itself."""
        if not self.is_day:
            return self.starts_at(zone)
        return datetime.combine(self.day + timedelta(days=1), time(), tzinfo=zone).astimezone(UTC)

    def shifted(self, *, weeks: int) -> Self:
        """The same wall-clock time some weeks later. An offset is dropped, for it may not hold there."""
        day = (self.day + timedelta(weeks=weeks)).isoformat()
        return replace(self, at=day + self.at[10:19])


@dataclass(frozen=True, kw_only=True, slots=True)
class Extension:
    """A closing day that was moved."""

    before: Annotated[str, "Closing as it was before."]
    after: Annotated[str, "Closing as it was after."]


@dataclass(frozen=True, kw_only=True, slots=True)
class Timetable:
    """All moments of a call. It is open while `opens_at <= now < closes_at`."""

    zone: Annotated[str, "Name of the time zone, such as Europe/Brussels."]
    opens: Moment
    closes: Moment
    extensions: tuple[Extension, ...] = ()
    questions_until: Moment | None = None
    answers_published: Moment | None = None
    evaluation_ends: Moment | None = None
    result_expected: Moment | None = None
    grant_signature: Moment | None = None
    projects_start: Moment | None = None

    @property
    def zone_info(self) -> ZoneInfo:
        return ZoneInfo(self.zone)

    @property
    def opens_at(self) -> datetime:
        return self.opens.starts_at(self.zone_info)

    @property
    def closes_at(self) -> datetime:
        return self.closes.ends_at(self.zone_info)

    @property
    def questions_until_at(self) -> datetime | None:
        return self.questions_until.ends_at(self.zone_info) if self.questions_until else None

    def moments(self) -> tuple[tuple[str, Moment], ...]:
        """Names and moments of the timetable that are set, in the order of the format."""
        found = ((f.name, getattr(self, f.name)) for f in fields(self))
        return tuple((name, value) for name, value in found if isinstance(value, Moment))

    def shifted(self, *, weeks: int) -> Self:
        """The same timetable some weeks later; its extensions are history and are left out."""
        moved = {name: moment.shifted(weeks=weeks) for name, moment in self.moments()}
        return replace(self, extensions=(), **moved)  # type: ignore[arg-type]  # names come from the fields themselves
