"""The promise of a call: by when a person calls, and the warnings that come before it is broken."""

from datetime import datetime, timedelta

from django.db.models.functions import Now
from django.utils import timezone

from intake import staffing
from intake.models import HelpRequest, Promise
from intake.promises import promise
from intake.routing import callers

ESCALATE_BEFORE = timedelta(minutes=60)
TELL_LATE_BEFORE = timedelta(minutes=15)
TRY_TAKES = timedelta(hours=1)  # staffed time from the start of a next try until it is late

WARNINGS = (Promise.Kind.ESCALATE, Promise.Kind.TELL_LATE)


def first_call(request: HelpRequest) -> datetime:
    """By when a person calls a request that is not stored yet (UTC)."""
    return _call_by(request, timezone.now(), staffing.CALL_WITHIN)


def warnings(request: HelpRequest) -> list[Promise]:
    """What is owed before `contact_by` of a request that was just stored, not stored themselves."""
    return [
        Promise(kind=kind, help_request=request, due_at=due_at, key=key)
        for kind, due_at, key in _warnings(request, number=0)
    ]


def promise_call(
    request: HelpRequest,
    *,
    after: datetime | None = None,
    within: timedelta = staffing.CALL_WITHIN,
    but: Promise | None = None,
) -> None:
    """Set `contact_by`: `within` of staffed time from now (or `after`, the next try) at which the family may be called;
    and owe the warnings that come before it. `but` is the warning that is being kept just now. In the caller's
    transaction."""
    request.contact_by = _call_by(request, after or timezone.now(), within)
    request.save(update_fields=["contact_by"])
    watch(request, but=but)


def _call_by(request: HelpRequest, now: datetime, within: timedelta) -> datetime:
    return staffing.call_by(
        now=now,
        zone=request.zone,
        advocates=callers(request),
        closed=staffing.holidays(now.date(), staffing.HORIZON),
        within=within,
        not_times=request.not_times,
    )


def next_try(request: HelpRequest) -> datetime:
    """When to try again, seen from now (UTC)."""
    now = timezone.now()
    return staffing.next_try(
        after=now,
        zone=request.zone,
        advocates=callers(request),
        closed=staffing.holidays(now.date(), staffing.HORIZON),
        not_times=request.not_times,
        best_time=request.best_time,
    )


def watch(request: HelpRequest, *, but: Promise | None = None) -> None:
    """Owe the warnings for `contact_by` as it is now; those for an earlier time fall silent. In the caller's
    transaction."""
    unwatch(request, but=but)
    for kind, due_at, key in _warnings(request, number=_how_many(request)):
        promise(kind, request, due_at, key)


def _warnings(request: HelpRequest, *, number: int) -> list[tuple[Promise.Kind, datetime, str]]:
    stamp = f"{request.pk}:{request.contact_by:%Y%m%d%H%M%S}:{number}"
    before = {Promise.Kind.ESCALATE: ESCALATE_BEFORE, Promise.Kind.TELL_LATE: TELL_LATE_BEFORE}
    return [(kind, request.contact_by - early, f"{kind}:{stamp}") for kind, early in before.items()]


def unwatch(request: HelpRequest, *, but: Promise | None = None) -> None:
    """The call is no longer owed, or at another time. A conversation's own question to the lead stays."""
    owed = Promise.objects.pending().filter(help_request=request, kind__in=WARNINGS, conversation=None)
    if but:
        owed = owed.exclude(pk=but.pk)
    owed.update(done_at=Now(), last_error="moved")


def _how_many(request: HelpRequest) -> int:
    """So that the same hour promised twice is owed twice: the first promise may be closed by now."""
    return Promise.objects.filter(help_request=request, kind=Promise.Kind.TELL_LATE).count()
