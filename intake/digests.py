"""The mail of a weekday to each advocate: how much lies where. Counts and links only.

A `Digest` row stands before its mail is sent, and whoever claims it pushes it ahead, as with a promise: many workers
send it once, and a worker that dies loses nothing. Sent on working days only, and only if there is something to say.
"""

import logging
from datetime import UTC, date, datetime, time, timedelta
from urllib.parse import urlsplit

from django.conf import settings
from django.core.mail import EmailMessage
from django.db.models import F, Q, QuerySet
from django.db.models.functions import Now
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone

from intake import staffing
from intake.models import Advocate, Digest, HelpRequest, History, Promise
from navigator import identity

log = logging.getLogger(__name__)

AT = time(8)  # on the advocate's own clock
LATEST = timedelta(hours=4)  # a digest of this morning is no news in the evening
LEASE = timedelta(minutes=2)
TRIES = 10
LATE_PROMISE = timedelta(minutes=10)

Counts = list[tuple[str, int]]


def send_due(*, now: datetime | None = None) -> int:
    """Write down the digests of this morning that are due, and send what is not sent. How many were sent now. One that
    fails holds up no other."""
    now = now or timezone.now()
    _write_down(now)
    return sum(_send_one(pk) for pk in _waiting().values_list("pk", flat=True)[:200])


def counts_for(advocate: Advocate, *, now: datetime) -> Counts:
    """What the mail says, in its order: (words, how many), without zeros. A lead hears of the whole desk too."""
    mine = HelpRequest.objects.open().filter(advocate=advocate)
    ends = datetime.combine(now.astimezone(advocate.zone).date(), time(23, 59), advocate.zone)
    found = [
        ("open requests on your desk", mine.count()),
        ("calls that are overdue", _owed(mine).filter(contact_by__lt=now).count()),
        ("calls that are due today", _owed(mine).filter(contact_by__range=(now, ends)).count()),
        ("requests in which a family did something", mine.filter(news_since__isnull=False).count()),
        ("requests that wait for the family", mine.filter(waiting_since__isnull=False).count()),
        ("requests that nobody has", _of_my_states(advocate).count()),
    ]
    return [(words, number) for words, number in [*found, *(_for_lead(now) if advocate.is_lead else [])] if number]


def _owed(rows: QuerySet[HelpRequest]) -> QuerySet[HelpRequest]:
    return rows.filter(waiting_since=None).filter(Q(first_contact_at=None) | Q(next_try_at__isnull=False))


def _of_my_states(advocate: Advocate) -> QuerySet[HelpRequest]:
    return HelpRequest.objects.open().filter(advocate=None, state__in=["", *advocate.states.split()])


def _for_lead(now: datetime) -> Counts:
    everything = HelpRequest.objects.open()
    late = Promise.objects.pending().filter(due_at__lt=now - LATE_PROMISE)
    found = [
        ("open requests in all", everything.count()),
        ("calls that are overdue in all", _owed(everything).filter(contact_by__lt=now).count()),
        ("requests that were raised to you", everything.filter(escalated_at__isnull=False).count()),
        ("things that the site should have done by now", late.count()),
        ("things that the site gave up this week", _given_up(now)),
    ]
    if now.weekday() == 0:
        found.append(("looks last week at requests of somebody else", _looks_at_others(now)))
    return found


def _given_up(now: datetime) -> int:
    return Promise.objects.filter(gave_up_at__gte=now - timedelta(days=7)).count()


def _looks_at_others(now: datetime) -> int:
    """Pages of requests that were opened by somebody who neither has them nor leads."""
    looks = History.objects.filter(what=History.What.LOOKED, at__gte=now - timedelta(days=7), by__isnull=False)
    others = looks.exclude(help_request__advocate__user=F("by")).exclude(help_request__advocate=None)
    return others.exclude(by__advocate__is_lead=True).count()


def _write_down(now: datetime) -> None:
    """A row for each advocate whose morning it is. Twice is once: the database allows one a day."""
    wanted = staffing.with_hours(Advocate.objects.active().filter(wants_digest=True))
    closed = staffing.holidays(now.date() - timedelta(days=1), 2)
    for advocate in wanted:
        today = now.astimezone(advocate.zone).date()
        due = datetime.combine(today, AT, advocate.zone).astimezone(UTC)
        if due <= now < due + LATEST and _works(advocate, today, closed):
            Digest.objects.get_or_create(advocate=advocate, day=today, defaults={"due_at": now})


def _works(advocate: Advocate, day: date, closed: set[date]) -> bool:
    return day.weekday() < 5 and bool(staffing.stretches(advocate, first=day, days=1, closed=closed))


def _waiting() -> QuerySet[Digest]:
    """Of today, and of yesterday for whom it is still that day; to who still works here and wants it."""
    recent = Digest.objects.filter(day__gte=timezone.now().date() - timedelta(days=1))
    wanted = recent.filter(advocate__in=Advocate.objects.active().filter(wants_digest=True))
    return wanted.filter(sent_at=None, due_at__lte=Now(), attempts__lt=TRIES).order_by("pk")


def _send_one(pk: int) -> bool:
    """Claim it by one conditional UPDATE, then send."""
    if not _waiting().filter(pk=pk).update(due_at=Now() + LEASE, attempts=F("attempts") + 1):
        return False
    digest = Digest.objects.select_related("advocate").get(pk=pk)
    try:
        counts = counts_for(digest.advocate, now=timezone.now())
        if counts:
            _mail(digest, counts)
    except Exception as error:  # the lease brings it back
        log.warning("Digest %s waits: %s", pk, type(error).__name__)
        return False
    Digest.objects.filter(pk=pk).update(sent_at=timezone.now())
    return bool(counts)


def _mail(digest: Digest, counts: Counts) -> None:
    facts = {
        "first_name": digest.advocate.first_name,
        "counts": counts,
        "link": settings.SITE_URL + reverse("admin:index"),
        "site": identity.current(),
    }
    EmailMessage(
        subject="Your desk this morning",
        body=render_to_string("emails/digest.txt", facts).strip() + "\n",
        from_email=settings.MAIL_SENDER,
        to=[digest.advocate.email],
        headers={
            "Message-ID": f"<digest-{digest.pk}@{urlsplit(settings.SITE_URL).hostname}>",
            "Auto-Submitted": "auto-generated",
        },
    ).send()
