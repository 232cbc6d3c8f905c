"""When somebody works, and when a family may be called: the clock behind every promise. All instants are UTC.

Calling hours are the strictest of the US state rules, kept for everyone: 9:00 to 20:00 in the family's own time, on
Sundays 12:00 to 20:00.
"""

from collections.abc import Iterable, Sequence
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from django.db.models import QuerySet

from intake.models import Advocate, DayOff

Stretch = tuple[datetime, datetime]

CALL_WITHIN = timedelta(hours=4)  # staffed hours until a person calls
HORIZON = 21  # days that we look ahead


def with_hours(advocates: QuerySet[Advocate]) -> list[Advocate]:
    """Advocates with their hours and days off, in three queries however many they are."""
    return list(advocates.prefetch_related("working_hours", "days_off"))


def holidays(first: date, days: int) -> set[date]:
    """Days on which nobody works."""
    last = first + timedelta(days=days)
    return set(DayOff.objects.filter(advocate=None, date__range=(first, last)).values_list("date", flat=True))


def is_away(advocate: Advocate, day: date) -> bool:
    """Away until a later day, or a day off. `with_hours` must have fetched them."""
    if advocate.away_until and day < advocate.away_until:
        return True
    return any(off.date == day for off in advocate.days_off.all())


def stretches(advocate: Advocate, *, first: date, days: int, closed: Iterable[date]) -> list[Stretch]:
    """The advocate's working time from `first` for `days` days, in UTC."""
    found: list[Stretch] = []
    closed = set(closed)
    for offset in range(days):
        day = first + timedelta(days=offset)
        if day in closed or is_away(advocate, day):
            continue
        for hours in advocate.working_hours.all():
            if hours.weekday == day.weekday():
                found.append((_instant(day, hours.starts, advocate.zone), _instant(day, hours.ends, advocate.zone)))
    return sorted(found)


def calling_hours(day: date, zone: ZoneInfo) -> Stretch:
    """When we may call somebody whose clock shows `zone` on `day`, in UTC."""
    opens = time(12) if day.weekday() == 6 else time(9)
    return _instant(day, opens, zone), _instant(day, time(20), zone)


def may_call(zone: ZoneInfo, *, now: datetime) -> bool:
    """Is it a decent hour there?"""
    opens, closes = calling_hours(now.astimezone(zone).date(), zone)
    return opens <= now < closes


def call_by(
    *,
    now: datetime,
    zone: ZoneInfo,
    advocates: Sequence[Advocate],
    closed: Iterable[date],
    within: timedelta = CALL_WITHIN,
) -> datetime:
    """The instant by which a person will have called: `within` of time in which somebody works and the family may be
    called. With nobody's hours entered it is two days from now, at a decent hour, so that no request is refused."""
    first = now.astimezone(UTC).date() - timedelta(days=1)
    worked = [s for a in advocates for s in stretches(a, first=first, days=HORIZON + 1, closed=closed)]
    windows = [calling_hours(first + timedelta(days=n), zone) for n in range(HORIZON + 1)]
    left = within
    for starts, ends in _merged(_overlaps(worked, windows)):
        starts = max(starts, now)
        if ends <= starts:
            continue
        if ends - starts >= left:
            return starts + left
        left -= ends - starts
    return calling_hours(now.astimezone(zone).date() + timedelta(days=2), zone)[1]


def _instant(day: date, clock: time, zone: ZoneInfo) -> datetime:
    return datetime.combine(day, clock, zone).astimezone(UTC)


def _overlaps(some: Iterable[Stretch], others: Sequence[Stretch]) -> list[Stretch]:
    pairs = ((max(a, c), min(b, d)) for a, b in some for c, d in others)
    return sorted((starts, ends) for starts, ends in pairs if starts < ends)


def _merged(ordered: Iterable[Stretch]) -> list[Stretch]:
    merged: list[Stretch] = []
    for starts, ends in ordered:
        if merged and starts <= merged[-1][1]:
            merged[-1] = (merged[-1][0], max(ends, merged[-1][1]))
        else:
            merged.append((starts, ends))
    return merged
