"""Telling one named place something about a family: asked each time, and only done while the family agrees."""

import json

from django.conf import settings
from django.db import models
from django.db.models import F, Q

from intake.models.help_request import HelpRequest
from navigator.encryption import EncryptedTextField


class Sharing(models.Model):
    """`receiver` names one hospital, `what` lists codes of what would be told (`intake.sharing.WHAT`). What the family
    answered stands in the ledger of consents; `answered_at` only says when. `receiver` and `what` are null once the
    request is erased."""

    help_request = models.ForeignKey(HelpRequest, on_delete=models.PROTECT, related_name="sharings")
    receiver = EncryptedTextField(null=True)
    what = EncryptedTextField(null=True)
    asked_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT)
    asked_at = models.DateTimeField(auto_now_add=True)
    answered_at = models.DateTimeField(null=True, blank=True)
    agreed = models.BooleanField(null=True, help_text="The answer; empty until there is one.")
    ended_at = models.DateTimeField("taken back", null=True, blank=True)
    shared_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(agreed=None, answered_at=None) | Q(agreed__isnull=False, answered_at__isnull=False),
                name="sharing_answered_when",
            ),
            models.CheckConstraint(
                condition=Q(shared_at=None) | Q(agreed__isnull=False, agreed=True), name="shared_only_when_agreed"
            ),
            models.CheckConstraint(
                condition=Q(ended_at=None) | Q(shared_at=None) | Q(ended_at__gte=F("shared_at")),
                name="nothing_shared_after_the_end",
            ),
        ]

    def __str__(self) -> str:
        return f"Sharing {self.pk}, {self.help_request}"

    @property
    def codes(self) -> list[str]:
        """What would be told."""
        return json.loads(self.what) if self.what else []

    @property
    def may_share(self) -> bool:
        """The family agrees now, and it is not done yet."""
        return bool(self.agreed and not self.ended_at and not self.shared_at)
