"""A booked half hour with one advocate."""

from datetime import timedelta

from django.db import models
from django.db.models import Q

from intake.models.advocate import Advocate
from intake.models.help_request import HelpRequest

LENGTH = timedelta(minutes=30)


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
    cancelled_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["starts_at"]
        constraints = [
            models.UniqueConstraint(
                fields=["advocate", "starts_at"], condition=Q(cancelled_at=None), name="one_family_a_half_hour"
            ),
            models.UniqueConstraint(
                fields=["help_request"], condition=Q(cancelled_at=None), name="one_conversation_a_request"
            ),
            models.CheckConstraint(
                condition=Q(starts_at__minute__in=[0, 30], starts_at__second=0), name="starts_on_the_half_hour"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.help_request} {self.starts_at:%Y-%m-%d %H:%M} UTC"
