"""When somebody works, and when a family may be called: the clock behind every promise. All instants are UTC.

Calling hours are the strictest of the US state rules, kept for everyone: 9:00 to 20:00 in the family's own time, on
Sundays 12:00 to 20:00. Within them a family says when not to call (`not_times`, codes of `Reachable.NotTimes`). Who
rules out every time at which somebody works is called at any decent hour, for else nobody could keep the promise.
"""

from collections.abc import Iterable, Sequence
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from django.db.models import QuerySet

from intake.models import Advocate, DayOff
from intake.models.reachable import Reachable

Stretch = tuple[datetime, datetime]

CALL_WITHIN = timedelta(hours=4)  # staffed hours until a person calls
HORIZON = 21  # days that we look ahead
BETWEEN_TRIES = timedelta(hours=2)  # the least

NOT = Reachable.NotTimes
PARTS = {NOT.MORNING: (time(9), time(12)), NOT.AFTERNOON: (time(12), time(17)), NOT.EVENING: (time(17), time(20))}


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


def windows(day: date, zone: ZoneInfo, not_times: str = "") -> list[Stretch]:
    """The calling hours of `day` without the times at which this person asked not to be called, in UTC."""
    opens, closes = calling_hours(day, zone)
    no = set(not_times.split())
    if not no or no >= set(NOT.values):
        return [(opens, closes)]
    if day.weekday() >= 5:
        return [] if {5: NOT.SATURDAY, 6: NOT.SUNDAY}[day.weekday()] in no else [(opens, closes)]
    parts = [(_instant(day, a, zone), _instant(day, b, zone)) for part, (a, b) in PARTS.items() if part not in no]
    return _merged(parts)


def may_call(zone: ZoneInfo, *, now: datetime, not_times: str = "") -> bool:
    """Is it a decent hour there, and none at which they asked not to be called?"""
    today = windows(now.astimezone(zone).date(), zone, not_times)
    return any(opens <= now < closes for opens, closes in today)


def part_of_day(instant: datetime, zone: ZoneInfo) -> str:
    """Morning, afternoon or evening there: a code of `Reachable.BestTime`."""
    clock = instant.astimezone(zone).time()
    return str(next((part for part, (_, ends) in PARTS.items() if clock < ends), NOT.EVENING))


def call_by(
    *,
    now: datetime,
    zone: ZoneInfo,
    advocates: Sequence[Advocate],
    closed: Iterable[date],
    within: timedelta = CALL_WITHIN,
    not_times: str = "",
) -> datetime:
    """The instant by which a person will have called: `within` of time in which somebody works and the family may be
    called. With nobody's hours entered it is two days from now, at a decent hour, so that no request is refused."""
    left = within
    for starts, ends in _callable(now, zone, advocates, closed, not_times):
        if ends - starts >= left:
            return starts + left
        left -= ends - starts
    return _some_day(now + timedelta(days=2), zone, not_times)[1]


def next_try(
    *,
    after: datetime,
    zone: ZoneInfo,
    advocates: Sequence[Advocate],
    closed: Iterable[date],
    not_times: str = "",
    best_time: str = Reachable.BestTime.ANY,
) -> datetime:
    """When to try again somebody who was not reached at `after`: on a half hour of time in which somebody works and the
    family may be called, BETWEEN_TRIES later at least. At their best time if they named one and it was not tried just
    now, else in another part of the day, for who was out this morning may be out tomorrow morning. Only when there is
    none within HORIZON days, in the same part."""
    tried = part_of_day(after, zone)
    starts = [
        start
        for opens, closes in _callable(after + BETWEEN_TRIES, zone, advocates, closed, not_times)
        for start in half_hours(opens, closes)
    ]
    wanted = {best_time} if best_time not in (Reachable.BestTime.ANY, tried) else set(PARTS) - {tried}
    fitting = [start for start in starts if part_of_day(start, zone) in wanted]
    if fitting or starts:
        return (fitting or starts)[0]
    return _some_day(after + timedelta(days=1), zone, not_times)[0]


def half_hours(opens: datetime, closes: datetime) -> list[datetime]:
    """The starts on the clock's half hours that lie whole within the stretch."""
    late = timedelta(minutes=opens.minute % 30, seconds=opens.second, microseconds=opens.microsecond)
    start = opens + (timedelta(minutes=30) - late if late else timedelta())
    return [start + timedelta(minutes=30) * n for n in range(max(0, (closes - start) // timedelta(minutes=30)))]


def _callable(
    now: datetime, zone: ZoneInfo, advocates: Sequence[Advocate], closed: Iterable[date], not_times: str
) -> list[Stretch]:
    """From `now` on: somebody works, and the family may be called."""
    first = now.astimezone(UTC).date() - timedelta(days=1)
    worked = [s for a in advocates for s in stretches(a, first=first, days=HORIZON + 1, closed=closed)]
    allowed = [w for n in range(HORIZON + 1) for w in windows(first + timedelta(days=n), zone, not_times)]
    merged = _merged(_overlaps(worked, allowed))
    ahead = [(max(starts, now), ends) for starts, ends in merged if ends > now]
    return ahead if ahead or not not_times else _callable(now, zone, advocates, closed, "")


def _some_day(now: datetime, zone: ZoneInfo, not_times: str) -> Stretch:
    """The last window of the first day from `now` on that has one."""
    days = (now.astimezone(zone).date() + timedelta(days=n) for n in range(8))
    return next(found[-1] for day in days if (found := windows(day, zone, not_times)))


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
