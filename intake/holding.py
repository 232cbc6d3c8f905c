"""A half hour kept for a browser while its family fills in the rest: one for each, for a quarter of an hour.

A hold only keeps others away. Whoever books needs none, and `intake.booking` refuses what is kept for somebody else.
"""

from datetime import datetime, timedelta
from secrets import token_urlsafe

from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from intake import booking
from intake.models import HelpRequest, Hold
from intake.routing import one_at_a_time

HOLD_FOR = timedelta(minutes=15)


def new_holder() -> str:
    """A random word for the session of one browser."""
    return token_urlsafe(32)


@transaction.atomic
def hold(*, starts_at: datetime, state: str, language: str, holder: str) -> Hold:
    """Keep `starts_at` (UTC) for HOLD_FOR, with whichever advocate is free; what this browser kept before is let go.
    Choosing the same time again starts the quarter of an hour over. Raises booking.SlotTakenError."""
    one_at_a_time()
    now = timezone.now()
    days = min(max((starts_at - now).days + 1, 1), booking.FARTHEST)
    wanted = HelpRequest(state=state, language=language)
    free = booking.free(wanted, days=days, now=now, holder=holder).get(starts_at, [])
    if not free:
        raise booking.SlotTakenError
    Hold.objects.filter(Q(holder=holder) | Q(advocate=free[0], starts_at=starts_at)).delete()
    return Hold.objects.create(advocate=free[0], starts_at=starts_at, holder=holder, until=now + HOLD_FOR)


def extend(*, holder: str) -> datetime | None:
    """A quarter of an hour more from now, if the time is still kept; until when. How often is the page's matter."""
    until = timezone.now() + HOLD_FOR
    return until if Hold.objects.filter(holder=holder, until__gt=timezone.now()).update(until=until) else None


def kept(holder: str) -> Hold | None:
    """What is kept for this browser now."""
    return Hold.objects.filter(holder=holder, until__gt=timezone.now()).first() if holder else None


def release(*, holder: str) -> None:
    """The family chose otherwise, or left."""
    Hold.objects.filter(holder=holder).delete()
