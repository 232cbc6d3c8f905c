"""Work that must not be lost: a row before it is a task."""

from django.db import models
from django.db.models import Q
from django.db.models.functions import Now

from intake.models.conversation import Conversation
from intake.models.help_request import HelpRequest
from intake.models.participant import Participant


class PromiseQuerySet(models.QuerySet["Promise"]):
    def pending(self) -> "PromiseQuerySet":
        return self.filter(done_at=None, gave_up_at=None)

    def due(self) -> "PromiseQuerySet":
        """By the database's clock: a worker whose clock is off neither hurries nor sleeps."""
        return self.pending().filter(due_at__lte=Now()).order_by("due_at", "pk")


class Promise(models.Model):
    """One thing we owe. Closed in the transaction of its effect. To claim it is one conditional UPDATE that pushes
    `due_at` forward and counts the attempt; if the worker dies, the row falls due again (`intake.promises`)."""

    class Kind(models.TextChoices):
        ACKNOWLEDGE = "acknowledge", "Tell the family that we have it"
        ROUTE = "route", "Give it to an advocate"
        TELL_ADVOCATE = "tell_advocate", "Tell the advocate"
        WAKE_LEAD = "wake_lead", "Tell the lead: nobody fits"
        SET_ASIDE = "set_aside", "Tell the lead: requests are set aside"
        ESCALATE = "escalate", "Tell the lead: a call is nearly late"
        TELL_LATE = "tell_late", "Tell the family before we are late"
        REMIND = "remind", "Remind the family of the conversation"
        CONFIRM = "confirm", "Send the conversation's time"
        TELL_CANCELLED = "tell_cancelled", "Confirm the cancellation"
        MISSED = "missed", "Tell the family that we missed them"
        TRIED = "tried", "Tell the family that we tried to reach them"
        TELL_NEWS = "tell_news", "Tell the family that their page has something new"
        TELL_CHANGED = "tell_changed", "Tell the family that their details were changed"
        SEND_LINK = "send_link", "Send the family its link again"
        INVITE = "invite", "Ask another person of the family to agree"
        RAISED = "raised", "Tell the lead: an advocate asks for help"
        HAND_OVER = "hand_over", "Tell the lead: nobody for a request of who is away"

    kind = models.CharField(max_length=20, choices=Kind)
    help_request = models.ForeignKey(HelpRequest, on_delete=models.PROTECT, related_name="promises")
    conversation = models.ForeignKey(Conversation, on_delete=models.PROTECT, null=True, blank=True)
    participant = models.ForeignKey(Participant, on_delete=models.PROTECT, null=True, blank=True)
    key = models.CharField(max_length=100, unique=True)
    due_at = models.DateTimeField()
    attempts = models.PositiveSmallIntegerField(default=0)
    done_at = models.DateTimeField(null=True, blank=True)
    gave_up_at = models.DateTimeField(null=True, blank=True)
    last_error = models.CharField(max_length=100, blank=True, help_text="The class of the error, never its text.")
    created_at = models.DateTimeField(auto_now_add=True)

    objects = PromiseQuerySet.as_manager()

    class Meta:
        indexes = [
            models.Index(fields=["due_at"], name="promise_due", condition=Q(done_at=None, gave_up_at=None)),
            # For the figures of `intake.metrics`, as good as empty.
            models.Index(fields=["kind"], name="promise_given_up", condition=Q(gave_up_at__isnull=False)),
        ]
        constraints = [
            models.CheckConstraint(condition=Q(done_at=None) | Q(gave_up_at=None), name="promise_kept_or_given_up"),
        ]

    def __str__(self) -> str:
        return self.key
