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
        SET_ASIDE = "set_aside", "Set aside: may come from a machine"
        LET_IN = "let_in", "Let in"
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
        HELD = "held", "Conversation held"
        MISSED = "missed", "Family was not there"
        HANDED_OVER = "handed_over", "Moved from who is away"
        RAISED = "raised", "Raised to a lead"
        SETTLED = "settled", "Lead has settled it"
        WAITS_FOR_FAMILY = "waits_for_family", "Waits for the family"
        STEP = "step", "Step of the checklist"
        SEEN = "seen", "News seen"
        NOTE = "note", "Note written"
        MESSAGE = "message", "Message left for the family"
        FAMILY_NOTE = "family_note", "Note by the family"
        PICKED = "picked", "Questions for the call picked"
        CONTACT_CHANGED = "contact_changed", "Contact changed"
        INVITED = "invited", "Another person named"
        JOINED = "joined", "Another person agreed"
        LEFT = "left", "Another person left"
        PLAN = "plan", "Plan changed"
        PLAN_SHOWN = "plan_shown", "Plan shown to the family"
        SHARING_ASKED = "sharing_asked", "Asked whether we may share"
        SHARING_AGREED = "sharing_agreed", "Sharing agreed"
        SHARING_DECLINED = "sharing_declined", "Sharing declined"
        SHARING_ENDED = "sharing_ended", "Sharing taken back"
        SHARED = "shared", "Shared with the named place"
        MERGED = "merged", "Joined with another request"
        REOPENED = "reopened", "Opened again"
        DOWNLOADED = "downloaded", "Downloaded by the family"
        EXPORTED = "exported", "In an export"
        WITHDRAWN = "withdrawn", "Consent withdrawn"
        SEEN_BY_FAMILY = "seen_by_family", "Opened by the family"
        ERASED = "erased", "Erased"
        REDUCED = "reduced", "Reduced to a stub: kept long enough"

    help_request = models.ForeignKey(HelpRequest, on_delete=models.PROTECT, related_name="history")
    what = models.CharField(max_length=20, choices=What)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True)
    detail = models.CharField(max_length=200, blank=True)
    at = models.DateTimeField(auto_now_add=True)

    class Meta:
        verbose_name_plural = "history"
        ordering = ["pk"]
        indexes = [
            models.Index(fields=["what", "id"], name="history_what"),
            models.Index(fields=["at", "by", "help_request"], name="history_looks", condition=models.Q(what="looked")),
        ]

    def __str__(self) -> str:
        return f"{self.at:%Y-%m-%d %H:%M} {self.get_what_display()}"
