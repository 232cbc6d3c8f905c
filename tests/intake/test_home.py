"""The first page of the desk: what each sees there, and that its figures are right at the edges."""

import re
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from intake import history
from intake.admin import home, piles
from intake.models import HelpRequest
from intake.sample_desk import load_sample_desk
from intake.waits import nearest_rank
from tests.intake.desk import LIST, VALUES, advocate, as_, of, page
from tests.intake.factories import HelpRequestFactory, UserFactory

pytestmark = pytest.mark.django_db
CHART = '<svg class="chart '


@pytest.fixture(autouse=True)
def _desk() -> None:
    load_sample_desk(password="a password of the tests")


def text_of(name: str) -> str:
    return as_(name).get(reverse("admin:index")).content.decode()


def sent(at: datetime, **fields: Any) -> HelpRequest:
    row = HelpRequestFactory(**fields)
    HelpRequest.objects.filter(pk=row.pk).update(created_at=at)
    return row


def reached(at: datetime, after: timedelta) -> HelpRequest:
    return sent(at, advocate=advocate("ben"), status="reached", assigned_at=at, first_contact_at=at + after)


def test_the_page_is_sound_and_names_nobody() -> None:
    of("ana", contact_by=timezone.now() - timedelta(minutes=5))
    HelpRequestFactory(news_since=timezone.now())
    history.record(help_request=of("ben"), what="looked", by=advocate("carol").user)
    reached(timezone.now() - timedelta(days=2), timedelta(hours=3))
    for name in ("ana", "carol", "admin"):
        answer = as_(name).get(reverse("admin:index"))
        text = answer.content.decode()
        ids = re.findall(r'\sid="([^"]+)"', text)
        assert len(ids) == len(set(ids))
        assert {each for named in re.findall('aria-labelledby="([^"]+)"', text) for each in named.split()} <= set(ids)
        assert len(re.findall("<h1[ >]", text)) == 1
        assert not re.search(r"\sstyle=|<script(?![^>]*src=)", text)
        assert "no-store" in answer["Cache-Control"]
        assert text.count(CHART) == 2  # nothing was closed
        assert "<td>none</td>" in text
        assert not [value for value in VALUES if value in text]


def test_ones_own_come_by_call_by_time_and_a_lead_sees_first_what_nobody_has() -> None:
    now = timezone.now()
    later, first = of("ana", contact_by=now + timedelta(hours=5)), of("ana", contact_by=now - timedelta(hours=1))
    others, nobody = of("ben"), HelpRequestFactory(contact_by=now + timedelta(days=9))
    mine = of("carol")
    found = re.findall("[B-Z2-9]{3}-[B-Z2-9]{4}", text_of("ana"))
    assert found == [first.reference, later.reference, nobody.reference]
    found = re.findall("[B-Z2-9]{3}-[B-Z2-9]{4}", text_of("carol"))
    assert found[:2] == [nobody.reference, mine.reference]
    assert set(found[2:]) == {first.reference, others.reference, mine.reference, later.reference}


def test_who_was_reached_waits_for_no_call() -> None:
    now = timezone.now()
    row = reached(now - timedelta(days=1), timedelta(hours=1))
    assert row.reference not in text_of("ben")


def test_each_count_says_what_its_link_shows() -> None:
    now = timezone.now()
    of("ana", contact_by=now - timedelta(hours=1), news_since=now, waiting_since=now, escalated_at=now)
    HelpRequestFactory()
    for name in ("ana", "carol"):
        client = as_(name)
        counted = re.findall(r'href="([^"]*)">([\d,+]+) ', client.get(reverse("admin:index")).content.decode())
        asked = [(address, number) for address, number in counted if address.startswith(reverse(LIST) + "?desk=")]
        assert len(asked) == len(piles.PILES) - 1
        for address, number in asked:
            assert client.get(address).context["cl"].result_count == int(number), address


def test_a_count_stops_at_its_limit(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(piles, "MOST", 1)
    for _ in range(2):
        HelpRequestFactory()
    assert "1+ unassigned" in text_of("ana")


def test_requests_are_counted_on_the_sites_own_days(settings: Any) -> None:
    settings.SITE_TIME_ZONE = "America/Chicago"
    today = home._midnight(home._today())
    sent(today)
    sent(today - timedelta(seconds=1), kind="conversation")
    sent(today - timedelta(days=27))
    sent(today - timedelta(days=27, seconds=1))
    match, talk = home.by_day().series
    assert (match.values[-1], talk.values[-1]) == (1, 0)
    assert (match.values[-2], talk.values[-2]) == (0, 1)
    assert match.values[0] == 1
    assert sum([*match.values, *talk.values]) == 3  # type: ignore[arg-type]


def test_waits_are_the_nearest_rank_in_started_hours() -> None:
    monday = home._midnight(home._today() - timedelta(days=home._today().weekday() + 7))
    for hours in (1, 2, 3, 4, 5, 6, 7, 8, 9, 100):
        reached(monday + timedelta(hours=hours), timedelta(hours=hours))
    reached(monday - timedelta(seconds=1), timedelta(hours=5, seconds=1))
    sent(monday)  # not reached
    half, most = home.by_week().series
    assert (half.values[-2], most.values[-2]) == (5, 9)
    assert (half.values[-3], most.values[-3]) == (6, 6)
    assert (half.values[-1], half.values[0]) == (None, None)


@pytest.mark.parametrize(
    ("waits", "share", "hours"),
    [([], 50, None), ([(3, 1)], 50, 3), ([(3, 1)], 90, 3), ([(1, 1), (9, 1)], 50, 1), ([(1, 9), (9, 1)], 90, 1)],
)
def test_a_rank_is_a_wait_that_somebody_had(waits: list[tuple[int, int]], share: int, hours: int | None) -> None:
    assert nearest_rank(waits, share) == hours


def test_outcomes_are_those_of_the_last_days() -> None:
    now = timezone.now()
    for days, outcome in ((1, "helped"), (2, "helped"), (89, "spam"), (92, "spam")):
        HelpRequestFactory(status="closed", outcome=outcome, closed_at=now - timedelta(days=days))
    chart = home.by_outcome()
    found = dict(zip(HelpRequest.Outcome.values, chart.series[0].values, strict=True))
    assert {name: value for name, value in found.items() if value} == {"helped": 2, "spam": 1}


def test_a_lead_sees_who_looked_at_what_is_not_theirs() -> None:
    bens, nobodys = of("ben"), HelpRequestFactory()
    for name, row in (("carol", bens), ("carol", bens), ("ana", nobodys), ("ben", bens)):
        history.record(help_request=row, what="looked", by=advocate(name).user)
    history.record(help_request=bens, what="looked")  # nobody of staff
    assert home.looks() == [("carol", 2, 0), ("ana", 0, 1)]
    assert "Who looked at requests that are not theirs" in text_of("carol")
    assert "Who looked at requests that are not theirs" not in text_of("ana")


def test_an_old_look_is_not_counted(monkeypatch: pytest.MonkeyPatch) -> None:
    history.record(help_request=of("ben"), what="looked", by=advocate("carol").user)
    later = timezone.now() + timedelta(days=home.LOOK_DAYS, seconds=1)
    monkeypatch.setattr(timezone, "now", lambda: later)
    assert home.looks() == []


def test_opening_a_request_of_somebody_else_is_a_look() -> None:
    as_("carol").get(page(of("ben")))
    assert home.looks() == [("carol", 1, 0)]


def test_who_sees_no_request_sees_no_desk() -> None:
    UserFactory(username="stranger")
    for name in ("olga", "stranger"):
        assert "Waiting for a call" not in text_of(name)
        assert CHART not in text_of(name)


@pytest.mark.parametrize(("name", "most"), [("ana", 21), ("carol", 23)])
def test_more_requests_ask_no_more(name: str, most: int) -> None:
    counts = []
    for more in (1, 2):
        for whose in ("ana", "ben", "carol") * more:
            history.record(help_request=of(whose), what="looked", by=advocate("ben").user)
            reached(timezone.now() - timedelta(days=9 * more), timedelta(hours=3))
            HelpRequestFactory(status="closed", outcome="helped", closed_at=timezone.now())
            HelpRequestFactory()
        client = as_(name)
        with CaptureQueriesContext(connection) as seen:
            client.get(reverse("admin:index"))
        counts.append(len(seen))
    assert counts[0] == counts[1] <= most


def test_on_the_day_the_clocks_change_no_request_is_lost(monkeypatch: pytest.MonkeyPatch) -> None:
    """November 1, 2026 has 25 hours in Chicago."""
    monkeypatch.setattr(timezone, "now", lambda: datetime(2026, 11, 2, 12, tzinfo=UTC))
    for hour in range(5, 30):  # from midnight to midnight there
        sent(datetime(2026, 11, 1, tzinfo=UTC) + timedelta(hours=hour))
    assert home.by_day().series[0].values[-2] == 25
