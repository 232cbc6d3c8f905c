"""What the desk says to Prometheus (`navigator.metrics`): what came in, what we owe, and what is late.

Every figure comes from an index, in as many questions for a million requests as for one. Moments are those of the
database's clock, as in `intake.promises`; the calendar's are ours. Labels are codes of the models alone.
"""

from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime, timedelta
from typing import Any

from django.db.models import Count, DurationField, ExpressionWrapper, F, Min, Q
from django.db.models.functions import Now
from django.utils import timezone
from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily, Metric

from intake import staffing
from intake.models import Advocate, HelpRequest, Promise
from intake.waits import Whole, nearest_rank
from navigator.metrics import source

WAITS_OF = timedelta(days=30)
OPEN = [status for status in HelpRequest.Status.values if status != HelpRequest.Status.CLOSED]
QUANTILES = (50, 90)


@source("intake")
def figures() -> Iterator[Metric]:
    """All of them. Raises DatabaseError."""
    now = timezone.now()
    yield _received(now)
    yield _open()
    yield from _owed()
    yield _given_up()
    aside = HelpRequest.objects.exclude(set_aside_because="").count()
    yield _gauge("navigator_requests_set_aside", "Requests that may come from a machine, and wait.", aside)
    yield _gauge("navigator_calls_overdue", "Families whom nobody has reached by the time we promised.", _overdue())
    yield _gauge("navigator_desk_staffed", "1 while an advocate works, by the hours that they entered.", _staffed(now))
    yield from _first_contacts(now)


def _received(now: datetime) -> Metric:
    """From the first of the month (UTC): a counter may start anew, and so it need not count every row there is. Rows of
    this month are never deleted, so it does not fall in between."""
    first = now.replace(day=1, hour=0, minute=0, second=0, microsecond=0)
    rows = HelpRequest.objects.filter(created_at__gte=first).order_by().values_list("kind")
    family = CounterMetricFamily(
        "navigator_requests_received", "Requests of families. Starts anew on the first of a month.", labels=["kind"]
    )
    return _filled(family, HelpRequest.Kind.values, dict(rows.annotate(n=Count("*"))))


def _open() -> Metric:
    rows = HelpRequest.objects.open().order_by().values_list("status")
    family = GaugeMetricFamily("navigator_requests_open", "Requests that are not closed.", labels=["status"])
    return _filled(family, OPEN, dict(rows.annotate(n=Count("*"))))


def _owed() -> Iterator[Metric]:
    """Everything about pending promises, from one look at them."""
    age = ExpressionWrapper(Now() - Min("due_at"), output_field=DurationField())
    begun = Q(due_at__lte=Now()) | Q(attempts__gt=0)  # one that is tried again is due later
    rows = Promise.objects.pending().order_by().values("kind")
    found = {
        row["kind"]: row
        for row in rows.annotate(
            n=Count("*"), age=age, waiting=Count("pk", filter=begun), failing=Count("pk", filter=~Q(last_error=""))
        )
    }
    family = GaugeMetricFamily("navigator_promises_pending", "What we owe and have not done.", labels=["kind"])
    yield _filled(family, Promise.Kind.values, {kind: row["n"] for kind, row in found.items()})
    oldest = max((row["age"] for row in found.values()), default=timedelta())
    yield _gauge(
        "navigator_oldest_due_promise_age_seconds",
        "For how long the oldest promise has been due; 0 when none is.",
        max(oldest.total_seconds(), 0),
    )
    mails = [row for kind, row in found.items() if kind != Promise.Kind.ROUTE]  # every other kind is kept by a mail
    yield _gauge("navigator_mails_waiting", "Mails that are due and not sent.", sum(row["waiting"] for row in mails))
    failing = sum(row["failing"] for row in mails)
    yield _gauge("navigator_mails_failing", "Mails whose last try failed; they are tried again.", failing)


def _given_up() -> Metric:
    """Of open requests: those of closed ones are nobody's work any more."""
    given_up = Promise.objects.filter(gave_up_at__isnull=False).exclude(help_request__status=HelpRequest.Status.CLOSED)
    family = GaugeMetricFamily(
        "navigator_promises_given_up", "Promises to open requests that failed too often: try them again in the admin.",
        labels=["kind"],
    )  # fmt: skip
    rows = given_up.order_by().values_list("kind")
    return _filled(family, Promise.Kind.values, dict(rows.annotate(n=Count("*"))))


def _overdue() -> int:
    """Who asked for time to think is not late."""
    return HelpRequest.objects.waiting_for_call().filter(waiting_since=None, contact_by__lt=Now()).count()


def _staffed(now: datetime) -> int:
    first = now.date() - timedelta(days=1)  # some zone's today
    closed = staffing.holidays(first, 2)
    worked = [
        stretch
        for advocate in staffing.with_hours(Advocate.objects.active())
        for stretch in staffing.stretches(advocate, first=first, days=3, closed=closed)
    ]
    return int(any(starts <= now < ends for starts, ends in worked))


def _first_contacts(now: datetime) -> Iterator[Metric]:
    """By nearest rank, in whole minutes. Who has not been reached is not in it: they are in the calls overdue."""
    rows = HelpRequest.objects.filter(created_at__gte=now - WAITS_OF, first_contact_at__isnull=False)
    span = ExpressionWrapper(F("first_contact_at") - F("created_at"), output_field=DurationField())
    grouped = rows.annotate(wait=Whole(span, seconds=60)).order_by().values_list("wait")
    waits = sorted(grouped.annotate(n=Count("*")))
    family = GaugeMetricFamily(
        "navigator_first_contact_seconds",
        "From the request to the first call that reached the family, for the requests of the last 30 days.",
        labels=["quantile"],
    )
    for share in QUANTILES:
        minutes = nearest_rank(waits, share)
        if minutes is not None:
            family.add_metric([f"{share / 100:g}"], minutes * 60)
    yield family
    reached = sum(number for _, number in waits)
    yield _gauge("navigator_first_contacts", "Requests of the last 30 days whose family was reached.", reached)


def _gauge(name: str, says: str, value: float) -> Metric:
    return GaugeMetricFamily(name, says, value=value)


def _filled(family: Any, codes: Iterable[str], found: Mapping[str, int]) -> Metric:
    """A line for each code, also for nobody: what has no line can ring no alarm."""
    for code in codes:
        family.add_metric([code], found.get(code, 0))
    return family
