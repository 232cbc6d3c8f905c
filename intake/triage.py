"""What an advocate or a lead does with a request. Every verb: atomic, on the locked row, with its line of history.

Who may do it to which request is the admin's matter (`intake.admin`); whether it makes sense now is decided here.
"""

from datetime import date
from typing import Any

from django.db import transaction
from django.utils import timezone

from intake import history, promises
from intake.models import Advocate, HelpRequest, History
from intake.routing import give
from navigator.security import clean_text

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
    locked = HelpRequest.objects.select_for_update().get(pk=help_request.pk)
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
    give(request, _advocate(by), reason="taken from the queue")
    history.record(help_request=request, what=History.What.TAKEN, by=by)


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
    give(request, to, reason=f"reassigned: {clean_text(reason)}")
    history.record(help_request=request, what=History.What.REASSIGNED, by=by, detail=f"to advocate {to.pk}")


@transaction.atomic
def log_call(*, help_request: HelpRequest, result: str, by: Any) -> None:
    """A try to reach the family. The first one that reaches them keeps the promise of the call."""
    request = _open(help_request)
    if result not in RESULTS:
        raise TriageError("Choose how the call went.")
    if request.advocate_id is None:
        raise TriageError("Take the request first.")
    if result == "reached":
        request.first_contact_at = request.first_contact_at or timezone.now()
        request.status = HelpRequest.Status.REACHED
        request.save(update_fields=["first_contact_at", "status"])
    history.record(help_request=request, what=History.What.CALLED, by=by, detail=result)


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
def close(*, help_request: HelpRequest, outcome: str, by: Any = None) -> None:
    """The work is done, or cannot go on. Nothing more is owed, and a half hour still ahead is given back."""
    request = _open(help_request)
    if outcome not in HelpRequest.Outcome.values:
        raise TriageError("Choose an outcome.")
    request.status = HelpRequest.Status.CLOSED
    request.outcome = outcome
    request.closed_at = timezone.now()
    request.save(update_fields=["status", "outcome", "closed_at"])
    ahead = request.conversations.filter(cancelled_at=None, starts_at__gt=timezone.now())
    if ahead.update(cancelled_at=timezone.now()):
        history.record(help_request=request, what=History.What.CANCELLED, by=by)
    promises.silence(request)
    history.record(help_request=request, what=History.What.CLOSED, by=by, detail=outcome)


def mark_spam(*, help_request: HelpRequest, by: Any) -> None:
    """Close as spam."""
    close(help_request=help_request, outcome=HelpRequest.Outcome.SPAM, by=by)
