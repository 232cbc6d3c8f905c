"""Anybody else in a request: the patient for whom a daughter asks, a son who helps."""

from django.db import models
from django.db.models import Q

from intake.models.help_request import HelpRequest, new_link_id
from intake.models.reachable import Reachable


class Participant(Reachable):
    """A second person with a contact, a consent and a "who gets what" of their own. Until they agree themselves
    (`agreed_at`) nobody calls them, and one mail at most asks them. They have a page of their own (`link_id`)."""

    class Role(models.TextChoices):
        PATIENT = "patient", "The person who is ill"
        HELPER = "helper", "Somebody who helps"

    help_request = models.ForeignKey(HelpRequest, on_delete=models.PROTECT, related_name="participants")
    role = models.CharField(max_length=10, choices=Role)
    link_id = models.CharField(max_length=22, unique=True, default=new_link_id, editable=False)
    created_at = models.DateTimeField(auto_now_add=True)
    agreed_at = models.DateTimeField(null=True, blank=True)
    left_at = models.DateTimeField("took consent back, or declined", null=True, blank=True)
    erased_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(erased_at__isnull=False)
                | Q(name__isnull=False) & (Q(email__isnull=False) | Q(phone__isnull=False)),
                name="participant_can_be_reached",
            ),
            models.CheckConstraint(
                condition=Q(erased_at=None)
                | Q(
                    name__isnull=True,
                    email__isnull=True,
                    phone__isnull=True,
                    email_hash="",
                    phone_hash="",
                    not_times="",
                    left_at__isnull=False,
                ),
                name="erased_participant_keeps_nothing",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_role_display()}, {self.help_request}"

    @property
    def is_in(self) -> bool:
        """May be contacted: agreed, and neither left nor erased."""
        return bool(self.agreed_at and not self.left_at and not self.erased_at)
