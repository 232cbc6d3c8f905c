from datetime import UTC, date, datetime, time, timedelta
from typing import Any
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
NEVER = "morning afternoon evening saturday sunday"
WISHES = ["", "morning", "evening sunday", "morning afternoon", "morning afternoon evening", "saturday sunday", NEVER]


def desk(now: datetime) -> dict[str, Any]:
    advocates = staffing.with_hours(Advocate.objects.active())
    return {
        "advocates": advocates,
        "closed": staffing.holidays(now.date() - timedelta(days=1), staffing.HORIZON),
    }


def by(now: datetime, zone: str = "America/Chicago", not_times: str = "") -> datetime:
    return staffing.call_by(now=now, zone=ZoneInfo(zone), not_times=not_times, **desk(now))


def again(after: datetime, zone: str = "America/Chicago", **wish: str) -> datetime:
    return staffing.next_try(after=after, zone=ZoneInfo(zone), **wish, **desk(after))


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


@pytest.mark.parametrize(
    ("not_times", "local", "allowed"),
    [
        ("morning", datetime(2026, 11, 24, 11, 59), False),
        ("morning", datetime(2026, 11, 24, 12), True),
        ("morning", datetime(2026, 11, 28, 10), True),  # a Saturday has no weekday morning
        ("afternoon", datetime(2026, 11, 24, 16, 59), False),
        ("evening", datetime(2026, 11, 24, 17), False),
        ("saturday", datetime(2026, 11, 28, 10), False),
        ("sunday", datetime(2026, 11, 29, 15), False),
        ("sunday", datetime(2026, 11, 28, 15), True),
        (NEVER, datetime(2026, 11, 24, 10), True),  # else nobody could ever call
        (NEVER, datetime(2026, 11, 24, 8), False),
    ],
)
def test_a_family_says_when_not_to_call(not_times: str, local: datetime, allowed: bool) -> None:
    now = local.replace(tzinfo=CHICAGO).astimezone(UTC)
    assert staffing.may_call(CHICAGO, now=now, not_times=not_times) is allowed


@pytest.mark.parametrize("day", [date(2026, 3, 8), date(2026, 11, 1), date(2026, 11, 24), date(2026, 11, 28)])
@pytest.mark.parametrize("not_times", WISHES)
def test_windows_are_the_instants_at_which_one_may_call(day: date, not_times: str) -> None:
    found = staffing.windows(day, CHICAGO, not_times)
    for quarter in range(100):
        now = datetime.combine(day, time(0), CHICAGO).astimezone(UTC) + timedelta(minutes=15 * quarter)
        if now.astimezone(CHICAGO).date() == day:
            assert staffing.may_call(CHICAGO, now=now, not_times=not_times) is any(a <= now < b for a, b in found)


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("not_times", "called"),
    [
        ("", datetime(2026, 11, 24, 14)),
        ("morning", datetime(2026, 11, 24, 16)),
        ("afternoon", datetime(2026, 11, 25, 11)),  # two hours today, two tomorrow
        ("morning afternoon evening", datetime(2026, 11, 24, 14)),  # nobody works on weekends: any decent hour
    ],
)
def test_the_promise_keeps_to_the_familys_times(not_times: str, called: datetime) -> None:
    AdvocateFactory()
    assert by(datetime(2026, 11, 24, 10, tzinfo=CHICAGO), not_times=not_times) == called.replace(tzinfo=CHICAGO)


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("after", "wish", "tried"),
    [
        (datetime(2026, 11, 24, 9, 10), {}, datetime(2026, 11, 24, 12)),  # morning: then the afternoon
        (datetime(2026, 11, 24, 14, 10), {}, datetime(2026, 11, 25, 9)),  # afternoon: tomorrow morning
        (datetime(2026, 11, 24, 11), {}, datetime(2026, 11, 24, 13)),  # two hours at least
        (datetime(2026, 11, 24, 9, 10), {"not_times": "afternoon"}, datetime(2026, 11, 24, 11, 30)),  # no other part
        (datetime(2026, 11, 24, 14), {"best_time": "morning"}, datetime(2026, 11, 25, 9)),
        (datetime(2026, 11, 24, 9, 10), {"best_time": "morning"}, datetime(2026, 11, 24, 12)),  # was tried just now
        (datetime(2026, 11, 24, 9, 10), {"best_time": "evening"}, datetime(2026, 11, 24, 11, 30)),  # nobody works then
        (datetime(2026, 11, 20, 16, 50), {}, datetime(2026, 11, 23, 9)),  # Friday: Monday
    ],
)
def test_the_next_try_is_in_another_part_of_the_day(after: datetime, wish: dict[str, str], tried: datetime) -> None:
    AdvocateFactory()
    assert again(after.replace(tzinfo=CHICAGO), **wish) == tried.replace(tzinfo=CHICAGO)


@pytest.mark.django_db
def test_with_nobodys_hours_the_next_try_is_tomorrow() -> None:
    assert again(datetime(2026, 11, 24, 9, tzinfo=CHICAGO)) == datetime(2026, 11, 25, 9, tzinfo=CHICAGO)
    never_on_weekdays = {"not_times": "morning afternoon evening saturday"}
    assert again(datetime(2026, 11, 24, 9, tzinfo=CHICAGO), **never_on_weekdays) == datetime(
        2026, 11, 29, 12, tzinfo=CHICAGO
    )


class CallByTest(TestCase):
    @settings(max_examples=60, deadline=None)
    @given(st.datetimes(datetime(2026, 1, 1), datetime(2028, 12, 1)), st.sampled_from(ZONES), st.sampled_from(WISHES))
    def test_call_by_is_always_ahead_and_at_a_decent_hour(self, asked: datetime, zone: str, not_times: str) -> None:
        self._works_all_week()
        now = asked.replace(tzinfo=UTC)
        promised = by(now, zone, not_times)
        assert promised >= now + staffing.CALL_WITHIN
        assert staffing.may_call(ZoneInfo(zone), now=promised - timedelta(microseconds=1), not_times=not_times)

    @settings(max_examples=60, deadline=None)
    @given(st.datetimes(datetime(2026, 1, 1), datetime(2028, 12, 1)), st.sampled_from(ZONES), st.sampled_from(WISHES))
    def test_the_next_try_is_at_a_decent_hour_too(self, after: datetime, zone: str, not_times: str) -> None:
        self._works_all_week()
        now = after.replace(tzinfo=UTC)
        then = again(now, zone, not_times=not_times)
        assert then >= now + staffing.BETWEEN_TRIES
        assert staffing.may_call(ZoneInfo(zone), now=then, not_times=not_times)
        assert then.minute in (0, 30)

    def _works_all_week(self) -> None:
        advocate = AdvocateFactory(hours=[])
        for weekday in range(7):
            WorkingHours.objects.create(advocate=advocate, weekday=weekday, starts=time(8), ends=time(22))
