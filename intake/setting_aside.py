"""A request that may come from a machine is stored aside, and never dropped: whoever decides may be wrong.

What is set aside waits HELD_FOR, or until staff let it in; then it goes the way of every other. Nothing is written to
anybody before, so that no machine sends mail through us, and however many come, one is let in by itself each SPACING.
What makes a request suspect is left to `intake.suspecting`.
"""

from collections.abc import Collection
from datetime import datetime, timedelta
from typing import Any

from django.db import transaction
from django.db.models import Max
from django.utils import timezone

from intake import history
from intake.calling import WARNINGS, promise_call
from intake.models import HelpRequest, History, Promise
from intake.nudging import nudge
from intake.promises import promise

HELD_FOR = timedelta(hours=2)
SPACING = timedelta(minutes=3)


def set_aside(request: HelpRequest, because: Collection[str]) -> None:
    """Put off everything that is owed to a request that was just stored; the call is promised from then on. Leads hear
    of it once an hour. In the caller's transaction."""
    request.set_aside_because = " ".join(because)
    request.save(update_fields=["set_aside_because"])
    when = _turn()
    promise_call(request, after=when)
    _owed(request).update(due_at=when)
    history.record(help_request=request, what=History.What.SET_ASIDE, detail=request.set_aside_because)
    now = timezone.now()
    promise(Promise.Kind.SET_ASIDE, request, now, f"set_aside:{now:%Y%m%d%H}")


def let_in(request: HelpRequest, *, by: Any = None) -> None:
    """It goes the way of every other, now; nothing for one that is not set aside. `by` is empty when its time has
    come. On the locked row, in the caller's transaction."""
    if not request.set_aside_because:
        return
    request.set_aside_because = ""
    request.save(update_fields=["set_aside_because"])
    history.record(help_request=request, what=History.What.LET_IN, by=by)
    if by is None:
        return  # the call was promised from this moment on
    promise_call(request)
    owed = list(_owed(request).values_list("pk", flat=True))
    Promise.objects.filter(pk__in=owed).update(due_at=timezone.now())
    for pk in owed:
        transaction.on_commit(lambda pk=pk: nudge(pk), robust=True)  # type: ignore[misc]


def _owed(request: HelpRequest) -> Any:
    kinds = (*WARNINGS, Promise.Kind.SET_ASIDE)
    return Promise.objects.pending().filter(help_request=request).exclude(kind__in=kinds)


def _turn() -> datetime:
    """When the next one that is set aside is let in by itself (UTC)."""
    waiting = Promise.objects.pending().filter(kind=Promise.Kind.ROUTE).exclude(help_request__set_aside_because="")
    last = waiting.aggregate(last=Max("due_at"))["last"]
    soonest = timezone.now() + HELD_FOR
    return max(soonest, last + SPACING) if last else soonest
