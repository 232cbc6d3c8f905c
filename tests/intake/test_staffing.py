from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.django import TestCase

from intake import staffing
from intake.models import Advocate, DayOff, WorkingHours
from tests.intake.factories import AdvocateFactory

CHICAGO = ZoneInfo("America/Chicago")
ZONES = ["America/New_York", "America/Chicago", "America/Phoenix", "America/Los_Angeles", "Pacific/Honolulu"]


def by(now: datetime, zone: str = "America/Chicago") -> datetime:
    advocates = staffing.with_hours(Advocate.objects.active())
    closed = staffing.holidays(now.date() - timedelta(days=1), staffing.HORIZON)
    return staffing.call_by(now=now, zone=ZoneInfo(zone), advocates=advocates, closed=closed)


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("asked", "called"),
    [
        (datetime(2026, 11, 24, 10), datetime(2026, 11, 24, 14)),  # Tuesday morning: four hours
        (datetime(2026, 11, 24, 15), datetime(2026, 11, 25, 11)),  # two hours today, two tomorrow
        (datetime(2026, 11, 20, 18), datetime(2026, 11, 23, 13)),  # Friday night: Monday
        (datetime(2026, 11, 25, 16, 30), datetime(2026, 11, 27, 12, 30)),  # over Thanksgiving, a day off
        (datetime(2026, 3, 6, 16), datetime(2026, 3, 9, 12)),  # over the night the clocks go forward
    ],
)
def test_call_by_counts_staffed_hours_only(asked: datetime, called: datetime) -> None:
    AdvocateFactory()
    DayOff.objects.create(date=date(2026, 11, 26), name="Thanksgiving")
    assert by(asked.replace(tzinfo=CHICAGO)) == called.replace(tzinfo=CHICAGO)


@pytest.mark.django_db
def test_a_family_in_hawaii_is_not_promised_a_call_at_night() -> None:
    AdvocateFactory()  # 9:00 to 17:00 Central is 5:00 to 13:00 there
    promised = by(datetime(2026, 11, 24, 9, tzinfo=CHICAGO), "Pacific/Honolulu")
    assert promised == datetime(2026, 11, 24, 13, tzinfo=ZoneInfo("Pacific/Honolulu"))


@pytest.mark.django_db
def test_with_nobodys_hours_a_request_still_gets_a_time() -> None:
    now = datetime(2026, 11, 24, 9, tzinfo=CHICAGO)
    assert by(now) == datetime(2026, 11, 26, 20, tzinfo=CHICAGO)


@pytest.mark.django_db
def test_who_is_away_has_no_hours() -> None:
    AdvocateFactory(away_until=date(2026, 11, 30))
    assert by(datetime(2026, 11, 24, 9, tzinfo=CHICAGO)) == datetime(2026, 11, 30, 13, tzinfo=CHICAGO)


@pytest.mark.parametrize(
    ("local", "allowed"),
    [
        (datetime(2026, 11, 24, 8, 59), False),
        (datetime(2026, 11, 24, 9), True),
        (datetime(2026, 11, 24, 20), False),
        (datetime(2026, 11, 22, 11, 59), False),
        (datetime(2026, 11, 22, 12), True),
    ],
)
def test_calling_hours(local: datetime, allowed: bool) -> None:
    assert staffing.may_call(CHICAGO, now=local.replace(tzinfo=CHICAGO).astimezone(UTC)) is allowed


class CallByTest(TestCase):
    @settings(max_examples=60, deadline=None)
    @given(st.datetimes(datetime(2026, 1, 1), datetime(2028, 12, 1)), st.sampled_from(ZONES))
    def test_call_by_is_always_ahead_and_at_a_decent_hour(self, asked: datetime, zone: str) -> None:
        advocate = AdvocateFactory(hours=[])
        for weekday in range(7):
            WorkingHours.objects.create(advocate=advocate, weekday=weekday, starts=time(8), ends=time(22))
        now = asked.replace(tzinfo=UTC)
        promised = by(now, zone)
        assert promised >= now + staffing.CALL_WITHIN
        assert staffing.may_call(ZoneInfo(zone), now=promised - timedelta(microseconds=1))
