"""A booked half hour with one advocate."""

from datetime import timedelta

from django.db import models
from django.db.models import Q

from intake.models.advocate import Advocate
from intake.models.help_request import HelpRequest

LENGTH = timedelta(minutes=30)


class ConversationQuerySet(models.QuerySet["Conversation"]):
    def standing(self) -> "ConversationQuerySet":
        """Agreed, and neither held nor missed yet: at most one for a request."""
        return self.filter(cancelled_at=None, held_at=None, missed_at=None)


class Conversation(models.Model):
    """`starts_at` in UTC; the family's wall clock comes from the request's time zone. Two families can never hold the
    same half hour of an advocate: the database refuses the second."""

    class Way(models.TextChoices):
        PHONE = "phone", "Phone call"
        VIDEO = "video", "Video call"

    help_request = models.ForeignKey(HelpRequest, on_delete=models.PROTECT, related_name="conversations")
    advocate = models.ForeignKey(Advocate, on_delete=models.PROTECT, related_name="conversations")
    starts_at = models.DateTimeField()
    way = models.CharField(max_length=10, choices=Way, default=Way.PHONE)
    sequence = models.PositiveSmallIntegerField(default=0, help_text="Rises with each move: calendars follow it.")
    created_at = models.DateTimeField(auto_now_add=True)
    changed_at = models.DateTimeField(auto_now=True)
    cancelled_at = models.DateTimeField(null=True, blank=True)
    held_at = models.DateTimeField(null=True, blank=True)
    missed_at = models.DateTimeField("the family was not there", null=True, blank=True)

    objects = ConversationQuerySet.as_manager()

    class Meta:
        ordering = ["starts_at"]
        constraints = [
            models.UniqueConstraint(
                fields=["advocate", "starts_at"], condition=Q(cancelled_at=None), name="one_family_a_half_hour"
            ),
            models.UniqueConstraint(
                fields=["help_request"],
                condition=Q(cancelled_at=None, held_at=None, missed_at=None),
                name="one_conversation_a_request",
            ),
            models.CheckConstraint(
                condition=Q(starts_at__minute__in=[0, 30], starts_at__second=0), name="starts_on_the_half_hour"
            ),
            models.CheckConstraint(
                condition=Q(cancelled_at=None, held_at=None)
                | Q(cancelled_at=None, missed_at=None)
                | Q(held_at=None, missed_at=None),
                name="cancelled_held_or_missed",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.help_request} {self.starts_at:%Y-%m-%d %H:%M} UTC"


class Hold(models.Model):
    """A half hour kept for a browser that is still filling in, until `until`. `holder` is a random word of its session.
    A booking needs no hold; a hold only keeps others away. Who holds anew lets the earlier one go."""

    advocate = models.ForeignKey(Advocate, on_delete=models.CASCADE, related_name="holds")
    starts_at = models.DateTimeField()
    holder = models.CharField(max_length=43, unique=True)
    until = models.DateTimeField(db_index=True)

    class Meta:
        ordering = ["starts_at"]
        constraints = [
            models.UniqueConstraint(fields=["advocate", "starts_at"], name="one_hold_a_half_hour"),
            models.CheckConstraint(
                condition=Q(starts_at__minute__in=[0, 30], starts_at__second=0), name="hold_on_the_half_hour"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.advocate} {self.starts_at:%Y-%m-%d %H:%M} UTC"
