"""What is written about a request: by staff for staff, by staff for the family, by the family."""

from django.conf import settings
from django.db import models
from django.db.models import Q

from intake.models.help_request import HelpRequest
from intake.models.participant import Participant
from navigator.encryption import EncryptedTextField


class Note(models.Model):
    """`by` is empty for the family; then `participant` says who, empty for who asked. `body` is null once erased."""

    class Kind(models.TextChoices):
        STAFF = "staff", "For staff only"
        TO_FAMILY = "to_family", "To the family"
        FROM_FAMILY = "from_family", "From the family"

    help_request = models.ForeignKey(HelpRequest, on_delete=models.PROTECT, related_name="notes")
    kind = models.CharField(max_length=12, choices=Kind)
    body = EncryptedTextField(null=True)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True)
    participant = models.ForeignKey(Participant, on_delete=models.PROTECT, null=True, blank=True)
    at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(kind="from_family", by=None) | ~Q(kind="from_family") & Q(by__isnull=False),
                name="note_has_its_writer",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()}, {self.help_request}"
