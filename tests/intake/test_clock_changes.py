"""The calendar around every change of the clocks: each half hour once, none in a gap, the same instant for all."""

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest

from intake import booking, staffing, time_zones
from intake.models import Advocate
from tests.intake.factories import AdvocateFactory

pytestmark = pytest.mark.django_db

CHANGES = [
    date(2026, 3, 8),
    date(2026, 11, 1),
    date(2027, 3, 14),
    date(2027, 11, 7),
    date(2028, 3, 12),
    date(2028, 11, 5),
]
ZONES = [
    "America/New_York",
    "America/Chicago",
    "America/Denver",
    "America/Phoenix",
    "America/Los_Angeles",
    "Pacific/Honolulu",
    "America/Puerto_Rico",
    "America/Anchorage",
]
DAYS = 6


def works(zone: str, opens: int, closes: int) -> Advocate:
    """Every day of the week, on the clock of `zone`."""
    advocate = AdvocateFactory(hours=[], time_zone=zone)
    for weekday in range(7):
        advocate.working_hours.create(weekday=weekday, starts=time(opens), ends=time(closes))
    return advocate


def around(change: date) -> datetime:
    """Noon UTC, three days before."""
    return datetime(change.year, change.month, change.day, 12, tzinfo=UTC) - timedelta(days=3)


@pytest.mark.parametrize("change", CHANGES)
@pytest.mark.parametrize("zone", ZONES)
def test_each_half_hour_of_a_family_once_and_none_in_a_gap(change: date, zone: str) -> None:
    """Advocates on two coasts; the family on its own clock, at its decent hours."""
    works("America/New_York", 8, 20)
    works("America/Los_Angeles", 8, 20)
    there, now = ZoneInfo(zone), around(change)
    times = booking.open_times(state="IL", days=DAYS, now=now, zone=there)
    assert times == sorted(set(times))
    shown = [time_zones.in_words(start, zone) for start in times]
    assert len(set(shown)) == len(shown), "no two instants look the same"
    for start in times:
        local = start.astimezone(there)
        assert local.astimezone(UTC) == start
        assert local.replace(fold=0).astimezone(UTC).astimezone(there) == local, "a wall clock that exists"
        assert time(12 if local.weekday() == 6 else 9) <= local.time() < time(20)
        assert local.minute in (0, 30)
    # Counted by hand: every half hour of the decent hours in which one of the two works.
    first, expected = now + booking.NOTICE, set()
    for step in range(DAYS * 48 + 2):
        start = now.replace(minute=0) + timedelta(minutes=30 * step)
        local = start.astimezone(there)
        decent = time(12 if local.weekday() == 6 else 9) <= local.time() < time(20)
        at_work = any(_within(start, coast) for coast in ("America/New_York", "America/Los_Angeles"))
        if first <= start <= now + timedelta(days=DAYS) and decent and at_work:
            expected.add(start)
    assert set(times) == expected


def _within(start: datetime, zone: str) -> bool:
    local = start.astimezone(ZoneInfo(zone))
    return time(8) <= local.time() and local.time() < time(20)


@pytest.mark.parametrize("change", CHANGES)
@pytest.mark.parametrize("zone", ["America/New_York", "America/Chicago", "America/Los_Angeles"])
def test_who_works_through_the_night_of_the_change_works_each_half_hour_once(change: date, zone: str) -> None:
    """From midnight to 6:00 there are 10 half hours in spring and 14 in autumn, not 12."""
    advocate = works(zone, 0, 6)
    (stretch,) = staffing.stretches(advocate, first=change, days=1, closed=[])
    found = staffing.half_hours(*stretch)
    assert len(found) == len(set(found)) == (10 if change.month == 3 else 14)
    local = [start.astimezone(ZoneInfo(zone)) for start in found]
    assert [each for each in local if each.astimezone(UTC).astimezone(ZoneInfo(zone)) != each] == []
    repeated = [each for each in local if each.hour == 1]
    assert len(repeated) == (2 if change.month == 3 else 4)
    assert not [each for each in local if change.month == 3 and each.hour == 2]
    assert len({time_zones.in_words(start, zone) for start in found}) >= len(found) - 2


@pytest.mark.parametrize("change", CHANGES)
@pytest.mark.parametrize("zone", ZONES)
def test_a_call_is_never_promised_outside_hours(change: date, zone: str) -> None:
    works("America/Chicago", 8, 18)
    there = ZoneInfo(zone)
    advocates = staffing.with_hours(Advocate.objects.all())
    for hour in range(0, DAYS * 24, 7):
        now = around(change) + timedelta(hours=hour)
        promised = staffing.call_by(now=now, zone=there, advocates=advocates, closed=set())
        before = promised - timedelta(microseconds=1)
        assert staffing.may_call(there, now=before)
        assert time(8) <= before.astimezone(ZoneInfo("America/Chicago")).time() < time(18)
        assert promised >= now + staffing.CALL_WITHIN


@pytest.mark.parametrize(
    ("zone", "offset"), [("America/Phoenix", -7), ("Pacific/Honolulu", -10), ("America/Puerto_Rico", -4)]
)
def test_where_the_clock_never_changes_it_never_does(zone: str, offset: int) -> None:
    for change in CHANGES:
        for days in (-1, 1):
            there = (datetime(change.year, change.month, change.day, 18, tzinfo=UTC) + timedelta(days=days)).astimezone(
                ZoneInfo(zone)
            )
            assert there.utcoffset() == timedelta(hours=offset)
