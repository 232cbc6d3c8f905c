"""The mail of a weekday morning: counts and a link, once, and only where there is something to say."""

from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from threading import Barrier, Thread
from typing import Any

import pytest
import time_machine
from django.core import mail
from django.core.management import call_command
from django.db import connection
from django.utils import timezone

from intake import digests, history
from intake.models import Advocate, DayOff, Digest, HelpRequest
from tests.intake.factories import AdvocateFactory, HelpRequestFactory, PromiseFactory, UserFactory

pytestmark = pytest.mark.django_db
TUESDAY = datetime(2026, 3, 10, 13, 5, tzinfo=UTC)  # 8:05 in Chicago, two days after the clocks went forward


@pytest.fixture(autouse=True)
def clock() -> Iterator[time_machine.Traveller]:
    with time_machine.travel(TUESDAY, tick=False) as traveller:
        yield traveller


@pytest.fixture
def ana() -> Advocate:
    return AdvocateFactory(first_name="Ana")


def has(advocate: Advocate | None, **fields: Any) -> HelpRequest:
    taken = {"advocate": advocate, "status": "assigned", "assigned_at": timezone.now()} if advocate else {}
    return HelpRequestFactory(**{**taken, "contact_by": TUESDAY + timedelta(hours=2), **fields})


def sent(mailoutbox: list[Any]) -> list[str]:
    # On PostgreSQL rows fall due by the database's clock, which does not travel.
    Digest.objects.update(due_at=TUESDAY - timedelta(days=1))
    digests.send_due()
    return [line for message in mailoutbox for line in message.body.splitlines() if line[:1].isdigit()]


def test_it_counts_what_lies_where_and_says_nothing_else(ana: Advocate, mailoutbox: list[Any]) -> None:
    has(ana)
    has(ana, contact_by=TUESDAY - timedelta(hours=1), name="Canary", news_since=TUESDAY)
    has(ana, status="reached", first_contact_at=TUESDAY, waiting_since=TUESDAY)
    has(ana, contact_by=TUESDAY + timedelta(days=1))
    has(ana, status="closed", outcome="helped", closed_at=TUESDAY)
    has(None)
    has(None, state="WI")
    assert sent(mailoutbox) == [
        "4 open requests on your desk",
        "1 calls that are overdue",
        "1 calls that are due today",
        "1 requests in which a family did something",
        "1 requests that wait for the family",
        "1 requests that nobody has",
    ]
    (message,) = mailoutbox
    assert (message.to, message.subject) == ([ana.email], "Your desk this morning")
    assert "Canary" not in message.body
    assert "/admin/" in message.body


def test_a_lead_hears_of_the_whole_desk(mailoutbox: list[Any], clock: Any) -> None:
    clock.move_to(TUESDAY - timedelta(days=1))
    lead = AdvocateFactory(is_lead=True, states="")
    other = AdvocateFactory(wants_digest=False)
    row = has(other, contact_by=TUESDAY - timedelta(days=2), escalated_at=TUESDAY)
    PromiseFactory(help_request=row, due_at=timezone.now() - timedelta(hours=1))
    PromiseFactory(help_request=row, gave_up_at=timezone.now())
    for user in (other.user, lead.user, UserFactory(), None):
        history.record(help_request=row, what="looked", by=user)
    assert sent(mailoutbox) == [
        "1 open requests in all",
        "1 calls that are overdue in all",
        "1 requests that were raised to you",
        "1 things that the site should have done by now",
        "1 things that the site gave up this week",
        "1 looks last week at requests of somebody else",
    ]


def test_it_is_sent_once_a_day(ana: Advocate, mailoutbox: list[Any], clock: Any) -> None:
    has(ana)
    for _ in range(3):
        sent(mailoutbox)
    assert len(mailoutbox) == 1
    clock.shift(timedelta(days=1))
    sent(mailoutbox)
    assert len(mailoutbox) == 2


@pytest.mark.parametrize(
    ("now", "is_sent"),
    [
        (datetime(2026, 3, 6, 14, 0, tzinfo=UTC), True),  # Friday before the clocks change: 8:00 is 14:00 UTC
        (datetime(2026, 3, 6, 13, 59, tzinfo=UTC), False),
        (datetime(2026, 3, 9, 13, 0, tzinfo=UTC), True),  # Monday after: 13:00 UTC
        (datetime(2026, 3, 9, 12, 59, tzinfo=UTC), False),
        (datetime(2026, 3, 9, 17, 0, tzinfo=UTC), False),  # noon
        (datetime(2026, 3, 7, 14, 5, tzinfo=UTC), False),  # Saturday
    ],
)
def test_it_comes_in_the_morning_on_their_own_clock(
    ana: Advocate, mailoutbox: list[Any], clock: Any, now: datetime, is_sent: bool
) -> None:
    clock.move_to(now)
    has(ana)
    assert bool(sent(mailoutbox)) is is_sent


@pytest.mark.parametrize("why", ["not wanted", "away", "inactive", "holiday", "day off", "nothing to say"])
def test_it_does_not_come(ana: Advocate, mailoutbox: list[Any], why: str) -> None:
    if why != "nothing to say":
        has(ana)
    today = date(2026, 3, 10)
    if why == "holiday":
        DayOff.objects.create(date=today)
    elif why == "day off":
        DayOff.objects.create(date=today, advocate=ana)
    else:
        changes: dict[str, dict[str, Any]] = {
            "not wanted": {"wants_digest": False},
            "away": {"away_until": date(2026, 3, 11)},
            "inactive": {"is_active": False},
            "nothing to say": {},
        }
        Advocate.objects.update(**changes[why] or {"first_name": "Ana"})
    assert sent(mailoutbox) == []
    assert sent(mailoutbox) == []


def test_one_that_fails_comes_again_and_holds_up_nobody(
    ana: Advocate, mailoutbox: list[Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    ben = AdvocateFactory(first_name="Ben")
    has(ana)
    has(ben)
    send = mail.EmailMessage.send

    def refuse(self: Any, *args: Any) -> int:
        if "Ana" in self.body:
            raise OSError
        return send(self, *args)

    with monkeypatch.context() as patched:
        patched.setattr(mail.EmailMessage, "send", refuse)
        sent(mailoutbox)
    assert [message.to for message in mailoutbox] == [[ben.email]]
    sent(mailoutbox)
    assert [message.to for message in mailoutbox] == [[ben.email], [ana.email]]


@pytest.mark.django_db(transaction=True)
def test_many_workers_send_it_once(ana: Advocate, mailoutbox: list[Any]) -> None:
    has(ana)
    Digest.objects.create(advocate=ana, day=date(2026, 3, 10), due_at=TUESDAY - timedelta(days=999))
    ready = Barrier(4)

    def work() -> None:
        ready.wait()
        digests.send_due()
        connection.close()

    threads = [Thread(target=work) for _ in range(4)]
    [thread.start() for thread in threads]
    [thread.join() for thread in threads]
    assert len(mailoutbox) == 1


def test_the_command_says_how_many(ana: Advocate, capsys: pytest.CaptureFixture[str]) -> None:
    has(ana)
    Digest.objects.create(advocate=ana, day=date(2026, 3, 10), due_at=TUESDAY - timedelta(days=999))
    call_command("send_digests")
    assert capsys.readouterr().out == "1 digests sent\n"


def test_it_costs_the_same_however_much_lies_there(ana: Advocate, django_assert_max_num_queries: Any) -> None:
    for _ in range(3):
        has(ana)
    with django_assert_max_num_queries(6):
        digests.counts_for(ana, now=TUESDAY)
