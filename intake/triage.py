"""What an advocate or a lead does with a request. Every verb: atomic, on the locked row, with its line of history.

Who may do it to which request is the admin's matter (`intake.admin`); whether it makes sense now is decided here.
"""

from datetime import date, datetime, timedelta
from typing import Any

from django.db import transaction
from django.utils import timezone

from intake import booking, calling, consent, history, notes, promises, setting_aside, staffing
from intake.calling import TRY_TAKES, promise_call, unwatch
from intake.models import Advocate, HelpRequest, History, Promise, Step
from intake.promises import promise
from intake.routing import give
from navigator.encryption import sealed
from navigator.security import clean_text

LATEST_TRY = 30  # days from now

# What a family still hears after its request was closed: what was done already, and what they asked for.
STILL_SAID = (
    Promise.Kind.TELL_CANCELLED,
    Promise.Kind.TELL_CHANGED,
    Promise.Kind.TELL_NEWS,
    Promise.Kind.SEND_LINK,
)
UNHEARD = (HelpRequest.Outcome.WITHDRAWN, HelpRequest.Outcome.SPAM)  # to whom we say nothing more

RESULTS = {
    "reached": "Reached",
    "left_message": "Left a message",
    "no_answer": "No answer",
    "wrong_number": "Wrong number",
}


class TriageError(Exception):
    """A sentence for staff: why this cannot be done now."""


def _open(help_request: HelpRequest) -> HelpRequest:
    """The row, locked. Raises TriageError when it is closed."""
    locked = HelpRequest.objects.defer(*sealed(HelpRequest)).select_for_update().get(pk=help_request.pk)
    if locked.status == HelpRequest.Status.CLOSED:
        raise TriageError("This request is closed.")
    return locked


def _advocate(by: Any) -> Advocate:
    found = Advocate.objects.active().filter(user=by).first()
    if found is None:
        raise TriageError("Only an active advocate can take a request.")
    return found


@transaction.atomic
def take(*, help_request: HelpRequest, by: Any) -> None:
    """Put a request that nobody has on one's own desk."""
    request = _open(help_request)
    if request.advocate_id:
        raise TriageError("Somebody has this request already.")
    advocate = _advocate(by)
    setting_aside.let_in(request, by=by)
    _call_goes_along(request, advocate, by)
    give(request, advocate, reason="taken from the queue")
    history.record(help_request=request, what=History.What.TAKEN, by=by)


def _call_goes_along(request: HelpRequest, to: Advocate, by: Any) -> None:
    """A half hour that is booked stays where it is, with whoever has the request."""
    call = request.conversations.standing().exclude(advocate=to).filter(starts_at__gt=timezone.now()).first()
    if call:
        try:
            booking.hand(call, to, by=by)
        except booking.BookingError as error:
            raise TriageError(f"{error} Move the call first, or choose somebody else.") from error


@transaction.atomic
def reassign(*, help_request: HelpRequest, to: Advocate, reason: str, by: Any) -> None:
    """Give it to another advocate, with a reason in a few words (no personal detail)."""
    request = _open(help_request)
    if request.advocate_id == to.pk:
        raise TriageError(f"{to.first_name} has this request already.")
    if not to.is_active:
        raise TriageError(f"{to.first_name} is not active.")
    if not clean_text(reason):
        raise TriageError("Say why in a few words.")
    setting_aside.let_in(request, by=by)
    _call_goes_along(request, to, by)
    give(request, to, reason=f"reassigned: {clean_text(reason)}")
    history.record(help_request=request, what=History.What.REASSIGNED, by=by, detail=f"to advocate {to.pk}")


@transaction.atomic
def let_in(*, help_request: HelpRequest, by: Any) -> None:
    """A family after all: what was set aside is routed and acknowledged now."""
    request = _open(help_request)
    if not request.set_aside_because:
        raise TriageError("This request is not set aside.")
    setting_aside.let_in(request, by=by)


@transaction.atomic
def log_call(*, help_request: HelpRequest, result: str, by: Any, next_try: datetime | None = None) -> None:
    """A try to reach the family. The first one that reaches them keeps the promise of the call. One in vain names the
    next: `next_try` (UTC, at an hour at which they may be called) or the one that `calling.next_try` proposes; the
    family is told, and the promise starts over. A wrong number is not tried again: the lead hears of it."""
    request = _open(help_request)
    if result not in RESULTS:
        raise TriageError("Choose how the call went.")
    if request.advocate_id is None:
        raise TriageError("Take the request first.")
    line = history.record(help_request=request, what=History.What.CALLED, by=by, detail=result)
    if result == "reached":
        _reached(request)
    else:
        _in_vain(request, result, next_try, stamp=line.pk, by=by)


def _reached(request: HelpRequest) -> None:
    request.first_contact_at = request.first_contact_at or timezone.now()
    request.status = HelpRequest.Status.REACHED
    request.next_try_at = request.waiting_since = request.news_since = None
    request.save(update_fields=["first_contact_at", "status", "next_try_at", "waiting_since", "news_since"])
    unwatch(request)


def _in_vain(request: HelpRequest, result: str, next_try: datetime | None, *, stamp: int, by: Any) -> None:
    request.tries += 1
    request.last_try_at = timezone.now()
    if result == "wrong_number":
        request.next_try_at = None
        _raise(request, stamp=stamp, by=by)
    else:
        request.next_try_at = next_try or calling.next_try(request)
        _check(request)
        request.waiting_since = None
    request.save(update_fields=["tries", "last_try_at", "next_try_at", "waiting_since", "escalated_at"])
    if request.next_try_at:
        promise_call(request, after=request.next_try_at, within=TRY_TAKES)
    if not request.first_contact_at:
        promise(Promise.Kind.TRIED, request, timezone.now(), f"tried:{request.pk}:{stamp}")


def _check(request: HelpRequest) -> None:
    """A next try that staff chose: soon, and when the family may be called."""
    at, now = request.next_try_at, timezone.now()
    if at is None or not now < at <= now + timedelta(days=LATEST_TRY):
        raise TriageError(f"Choose a time for the next try within {LATEST_TRY} days.")
    if not staffing.may_call(request.zone, now=at, not_times=request.not_times):
        raise TriageError("We may not call them at that time. Choose another time for the next try.")


@transaction.atomic
def set_next_step(*, help_request: HelpRequest, step: str, on: date | None, by: Any) -> None:
    """What happens next, and when."""
    request = _open(help_request)
    step = clean_text(step, lines=True)
    if not step:
        raise TriageError("Write what happens next.")
    request.next_step, request.next_step_on = step, on
    request.save(update_fields=["next_step", "next_step_on"])
    history.record(help_request=request, what=History.What.NEXT_STEP, by=by)


@transaction.atomic
def wait_for_family(*, help_request: HelpRequest, by: Any) -> None:
    """It is their turn, and they know it: no call is owed until they write, or staff act again."""
    request = _open(help_request)
    if not request.first_contact_at and not request.tries:
        raise TriageError("Call them first: the call was promised.")
    if request.conversations.standing().exists():
        raise TriageError("A half hour is booked: it is not only their turn.")
    request.waiting_since, request.news_since, request.next_try_at = timezone.now(), None, None
    request.save(update_fields=["waiting_since", "news_since", "next_try_at"])
    unwatch(request)
    history.record(help_request=request, what=History.What.WAITS_FOR_FAMILY, by=by)


@transaction.atomic
def escalate(*, help_request: HelpRequest, reason: str, by: Any) -> None:
    """Ask the leads for help. The reason is kept as a note for staff; the mail has only the link."""
    request = _open(help_request)
    if not clean_text(reason):
        raise TriageError("Say why in a few words.")
    note = notes.for_staff(help_request=request, body=reason, by=by)
    _raise(request, stamp=note.pk, by=by)
    request.save(update_fields=["escalated_at"])


def _raise(request: HelpRequest, *, stamp: int, by: Any) -> None:
    request.escalated_at = timezone.now()
    history.record(help_request=request, what=History.What.RAISED, by=by)
    promise(Promise.Kind.RAISED, request, timezone.now(), f"raised:{request.pk}:{stamp}")


@transaction.atomic
def settle(*, help_request: HelpRequest, by: Any) -> None:
    """The lead has seen to it."""
    request = _open(help_request)
    if request.escalated_at is None:
        raise TriageError("Nobody has asked for a lead.")
    request.escalated_at = None
    request.save(update_fields=["escalated_at"])
    history.record(help_request=request, what=History.What.SETTLED, by=by)


@transaction.atomic
def seen(*, help_request: HelpRequest, by: Any) -> None:
    """What the family did was looked at: it is no news any more."""
    request = _open(help_request)
    if request.news_since is None:
        raise TriageError("There is nothing new.")
    request.news_since = None
    request.save(update_fields=["news_since"])
    history.record(help_request=request, what=History.What.SEEN, by=by)


@transaction.atomic
def do_step(*, help_request: HelpRequest, code: str, on: date, by: Any) -> None:
    """One step of the work is done, on a day that is not ahead."""
    request = _open(help_request)
    if code not in Step.Code.values:
        raise TriageError("Choose a step.")
    if on > timezone.now().astimezone(request.zone).date():
        raise TriageError("Choose a day that is not ahead.")
    _, is_new = Step.objects.get_or_create(help_request=request, code=code, defaults={"done_on": on, "by": by})
    if not is_new:
        raise TriageError("This step is done already.")
    history.record(help_request=request, what=History.What.STEP, by=by, detail=code)


@transaction.atomic
def undo_step(*, help_request: HelpRequest, code: str, by: Any) -> None:
    """It was not done after all."""
    request = _open(help_request)
    if not Step.objects.filter(help_request=request, code=code).delete()[0]:
        raise TriageError("This step is not done yet.")
    history.record(help_request=request, what=History.What.STEP, by=by, detail=f"not {code}")


@transaction.atomic
def close(*, help_request: HelpRequest, outcome: str, by: Any = None) -> None:
    """The work is done, or cannot go on. Nothing more is owed, and a half hour still ahead is given back."""
    request = _open(help_request)
    if outcome not in HelpRequest.Outcome.values or (
        outcome == HelpRequest.Outcome.DUPLICATE and not request.merged_into_id
    ):
        raise TriageError("Choose an outcome.")
    end(request, outcome, by=by)


def end(request: HelpRequest, outcome: str, *, by: Any) -> None:
    """Close a locked, open row. In the caller's transaction."""
    request.status = HelpRequest.Status.CLOSED
    request.outcome = outcome
    request.closed_at = timezone.now()
    request.set_aside_because = ""
    request.access_needs = None  # only for the calls: gone with the last of them
    request.waiting_since = request.next_try_at = request.news_since = request.escalated_at = None
    request.save()
    speaks = outcome not in UNHEARD
    _end_conversations(request, speaks, by)
    promises.silence(request, but=STILL_SAID if speaks else ())
    history.record(help_request=request, what=History.What.CLOSED, by=by, detail=outcome)


@transaction.atomic
def reopen(*, help_request: HelpRequest, by: Any) -> None:
    """It was not over. Back to its advocate if that one still works here, else to be routed anew; a call is owed to
    whom nobody has reached. Never against the family's word."""
    request = HelpRequest.objects.select_for_update().get(pk=help_request.pk)
    if request.status != HelpRequest.Status.CLOSED:
        raise TriageError("This request is open.")
    if request.erased_at or request.merged_into_id:
        raise TriageError("This request was deleted, or joined with another one.")
    if not consent.stands(request):
        raise TriageError("The family took its consent back. They have to ask again themselves.")
    line = history.record(help_request=request, what=History.What.REOPENED, by=by)
    back = bool(request.advocate and request.advocate.is_active and request.advocate.user.is_active)
    request.outcome, request.closed_at = "", None
    if back:
        request.status = HelpRequest.Status.REACHED if request.first_contact_at else HelpRequest.Status.ASSIGNED
    else:
        request.status, request.advocate, request.assigned_at = HelpRequest.Status.NEW, None, None
        promise(Promise.Kind.ROUTE, request, timezone.now(), f"route:{request.pk}:{line.pk}")
    request.save()
    if not request.first_contact_at:
        promise_call(request)
    if not _was_acknowledged(request):
        promise(Promise.Kind.ACKNOWLEDGE, request, timezone.now(), f"acknowledge:{request.pk}:{line.pk}")


def _was_acknowledged(request: HelpRequest) -> bool:
    """Who was set aside, and then taken for spam, was not."""
    told = (Promise.Kind.ACKNOWLEDGE, Promise.Kind.CONFIRM)
    return Promise.objects.filter(help_request=request, kind__in=told, last_error="").exists()


def _end_conversations(request: HelpRequest, speaks: bool, by: Any) -> None:
    """A half hour still ahead is given back, and they hear of it if we may speak to them; one that is over without a
    word was held if they were ever reached."""
    now, standing = timezone.now(), request.conversations.standing()
    ahead = standing.filter(starts_at__gt=now)
    if speaks:
        for call in ahead:
            booking.cancel(conversation=call, by=by)
    elif ahead.update(cancelled_at=now, changed_at=now):
        history.record(help_request=request, what=History.What.CANCELLED, by=by)
    standing.update(**{"held_at" if request.first_contact_at else "missed_at": now})


def mark_spam(*, help_request: HelpRequest, by: Any) -> None:
    """Close as spam."""
    close(help_request=help_request, outcome=HelpRequest.Outcome.SPAM, by=by)
