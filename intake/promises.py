"""Making, claiming and keeping promises. PostgreSQL is the queue; the broker is only a doorbell.

A claim is one conditional UPDATE that pushes `due_at` behind a lease and counts the attempt, by the database's clock:
whoever changes one row owns the work, and a row whose worker died falls due again. The nudge after commit and the sweep
call the same function.
"""

import logging
import random
import time
from collections.abc import Callable, Collection, Iterable, Sequence
from datetime import datetime, timedelta

from django.db import DatabaseError, transaction
from django.db.models import F
from django.db.models.functions import Now
from django.utils import timezone

from intake.models import Conversation, HelpRequest, Participant, Promise
from intake.nudging import nudge

log = logging.getLogger(__name__)

LEASE = timedelta(seconds=30)  # as long as a task may run at most (CELERY_TASK_TIME_LIMIT)
MAIL_TRIES = 48  # four hours of a mail server that is away
OTHER_TRIES = 8
NOT_YET = timedelta(seconds=60)
SWEEP_SECONDS = 8.0  # of work for one task, which may run for LEASE

# What goes to an address that somebody typed.
HELD_BACK = (
    Promise.Kind.ACKNOWLEDGE,
    Promise.Kind.INVITE,
    Promise.Kind.SEND_LINK,
    Promise.Kind.TELL_CHANGED,
    Promise.Kind.TELL_NEWS,
)

Keeper = Callable[[Promise], bool]


def promise(
    kind: Promise.Kind,
    help_request: HelpRequest,
    due_at: datetime,
    key: str,
    *,
    conversation: Conversation | None = None,
    participant: Participant | None = None,
) -> Promise:
    """Owe something from now on, to who asked or to a `participant`. The same key is the same promise. Nothing is
    written for a request that is set aside before it is let in. Must run in the transaction of its reason."""
    if help_request.set_aside_because and kind in HELD_BACK:
        due_at = max(due_at, _let_in_at(help_request) or due_at)
    made, is_new = Promise.objects.get_or_create(
        key=key,
        defaults={
            "kind": kind,
            "help_request": help_request,
            "due_at": due_at,
            "conversation": conversation,
            "participant": participant,
        },
    )
    if is_new:
        _ring(made)
    return made


def _ring(made: Promise) -> None:
    """Nobody has to hear of what is due later: the sweep looks."""
    if made.due_at <= timezone.now():
        transaction.on_commit(lambda: nudge(made.pk), robust=True)


def promise_all(owed: Sequence[Promise]) -> None:
    """Owe several things at once to a request that was made in this transaction: no key can be there before. In one
    statement. Must run in the transaction of their reason."""
    for made in Promise.objects.bulk_create(owed):
        _ring(made)


def _let_in_at(help_request: HelpRequest) -> datetime | None:
    route = Promise.objects.pending().filter(help_request=help_request, kind=Promise.Kind.ROUTE)
    return route.values_list("due_at", flat=True).first()


def silence(help_request: HelpRequest, *, but: Collection[Promise.Kind] = ()) -> int:
    """Nothing more is owed to this family (`but` what is of these kinds): its open promises are closed without an
    effect. How many they were."""
    pending = Promise.objects.pending().filter(help_request=help_request).exclude(kind__in=but)
    return pending.update(done_at=Now(), last_error="silenced")


def claim(pk: int) -> Promise | None:
    """Own promise `pk` for a LEASE, if it is due and nobody else was faster."""
    changed = Promise.objects.due().filter(pk=pk).update(due_at=Now() + LEASE, attempts=F("attempts") + 1)
    if not changed:
        return None
    return Promise.objects.select_related("help_request", "conversation", "participant").get(pk=pk)


def claim_due(limit: int = 50) -> list[int]:
    """The promises that are due, oldest first: candidates for `keep_one`."""
    return list(Promise.objects.due().values_list("pk", flat=True)[:limit])


def close(promise: Promise) -> bool:
    """Mark as kept, in the transaction of the effect. False if another worker took it over after the lease."""
    own = Promise.objects.pending().filter(pk=promise.pk, attempts=promise.attempts)
    return bool(own.update(done_at=Now(), last_error=""))


def keep_one(pk: int) -> bool:
    """Claim and keep promise `pk`. True if it is kept now by this call. Errors are noted, not raised: one poisoned row
    must not hold up the others."""
    mine = claim(pk)
    if mine is None:
        return False
    tries = OTHER_TRIES if mine.kind == Promise.Kind.ROUTE else MAIL_TRIES
    if mine.attempts > tries:  # counted before the work, so that a row that kills its worker ends here too
        Promise.objects.pending().filter(pk=pk).update(gave_up_at=Now())
        log.error("Promise %s (%s) was given up after %s tries.", pk, mine.kind, tries)
        return False
    try:
        return _keep(mine)
    except DatabaseError as error:
        log.warning("Promise %s (%s) waits: %s", pk, mine.kind, type(error).__name__)
        return False  # the lease brings it back
    except Exception as error:
        _note_failure(mine, error)
        return False


def _keep(mine: Promise) -> bool:
    from intake.keepers import KEEPERS

    if KEEPERS[Promise.Kind(mine.kind)](mine):
        return True
    # Not possible yet (nobody fits): no failure, so the tries start over.
    Promise.objects.pending().filter(pk=mine.pk).update(due_at=Now() + NOT_YET, attempts=0)
    return False


def _note_failure(mine: Promise, error: Exception) -> None:
    """Wait longer each time, at most five minutes; give up in plain sight when it is hopeless."""
    wait = timedelta(seconds=min(2**mine.attempts, 300) * random.uniform(0.8, 1.2))  # noqa: S311  not a secret
    Promise.objects.pending().filter(pk=mine.pk).update(due_at=Now() + wait, last_error=type(error).__name__)
    log.warning("Promise %s (%s) failed: %s", mine.pk, mine.kind, type(error).__name__)


def keep(pks: Iterable[int], *, seconds: float = SWEEP_SECONDS) -> int:
    """Keep each of these that is due, until `seconds` are over. How many were kept."""
    end = time.monotonic() + seconds
    kept = 0
    for pk in pks:
        kept += keep_one(pk)
        if time.monotonic() >= end:
            break
    return kept


def sweep(*, limit: int = 50, seconds: float = SWEEP_SECONDS) -> int:
    """Keep what is due, at most `seconds` long. How many were kept."""
    end = time.monotonic() + seconds
    kept = 0
    while (left := end - time.monotonic()) > 0:
        due = claim_due(limit)
        if not due:
            break
        kept += keep(due, seconds=left)
    return kept
