"""Who did or saw what, and when. Append-only, and never a value: codes and names of fields at most.

The database refuses to change or delete a row (triggers in the migration); the model refuses first, with words.
"""

from django.conf import settings
from django.db import models

from intake.models.help_request import HelpRequest
from navigator.append_only import AppendOnly


class History(AppendOnly):
    """One act on one request. `by` is empty for the family and for the system; `detail` says which, or gives a code."""

    class What(models.TextChoices):
        SUBMITTED = "submitted", "Sent by the family"
        ROUTED = "routed", "Given to an advocate"
        WAITING = "waiting", "No advocate fits yet"
        LOOKED = "looked", "Looked at"
        TAKEN = "taken", "Taken"
        REASSIGNED = "reassigned", "Given to another advocate"
        CALLED = "called", "Call logged"
        NEXT_STEP = "next_step", "Next step set"
        CLOSED = "closed", "Closed"
        BOOKED = "booked", "Conversation booked"
        MOVED = "moved", "Conversation moved"
        CANCELLED = "cancelled", "Conversation cancelled"
        WROTE = "wrote", "Mail sent"
        ESCALATED = "escalated", "Lead woken: call nearly late"
        PROMISE_MOVED = "promise_moved", "Call-by time moved, family told"
        WITHDRAWN = "withdrawn", "Consent withdrawn"
        SEEN_BY_FAMILY = "seen_by_family", "Opened by the family"
        ERASED = "erased", "Erased"

    help_request = models.ForeignKey(HelpRequest, on_delete=models.PROTECT, related_name="history")
    what = models.CharField(max_length=20, choices=What)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True)
    detail = models.CharField(max_length=200, blank=True)
    at = models.DateTimeField(auto_now_add=True)

    class Meta:
        verbose_name_plural = "history"
        ordering = ["pk"]

    def __str__(self) -> str:
        return f"{self.at:%Y-%m-%d %H:%M} {self.get_what_display()}"
