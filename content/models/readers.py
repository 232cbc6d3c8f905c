"""What readers tell us about a text: an error, or whether it helped. Neither says who they are."""

from django.conf import settings
from django.db import models
from django.db.models import Q

from content.models.articles import Article
from content.models.changes import Change
from content.models.revisions import Revision
from navigator.encryption import EncryptedTextField


class ErrorReport(models.Model):
    """\"Report an error on this page", with the text that was live when it was seen.

    The reader's words may name a person or an illness, so they are encrypted, and emptied some time after the report
    was dealt with (`content.correcting`).
    """

    class State(models.TextChoices):
        OPEN = "open", "Open"
        ACCEPTED = "accepted", "Accepted"
        DECLINED = "declined", "Declined"

    article = models.ForeignKey(Article, on_delete=models.PROTECT, related_name="error_reports")
    revision = models.ForeignKey(Revision, on_delete=models.PROTECT, related_name="+")
    words = EncryptedTextField(blank=True)
    words_kept = models.BooleanField(default=True, editable=False)
    sent_at = models.DateTimeField(auto_now_add=True)
    state = models.CharField(max_length=10, choices=State, default=State.OPEN)
    answer = models.TextField(
        blank=True, help_text="Accepted: what the change log says. Declined: why, for colleagues."
    )
    change = models.OneToOneField(Change, on_delete=models.PROTECT, null=True, blank=True, related_name="error_report")
    closed_at = models.DateTimeField(null=True, blank=True)
    closed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )

    class Meta:
        ordering = ["sent_at"]
        constraints = [
            models.CheckConstraint(
                name="error_report_closed_whole",
                condition=Q(state="open", closed_at__isnull=True, closed_by__isnull=True, answer="")
                | (Q(closed_at__isnull=False, closed_by__isnull=False) & ~Q(state="open") & ~Q(answer="")),
            ),
            models.CheckConstraint(
                name="error_report_accepted_is_public",
                condition=Q(state="accepted", change__isnull=False) | (~Q(state="accepted") & Q(change__isnull=True)),
            ),
        ]
        permissions = [("close_errorreport", "Can accept and decline reports of errors")]

    def __str__(self) -> str:
        return f"Report {self.pk}"


class Helpful(models.Model):
    """How many readers said yes or no to "Was this page helpful?": two numbers for each text, and nothing else."""

    revision = models.OneToOneField(Revision, on_delete=models.PROTECT, related_name="helpful", primary_key=True)
    yes = models.PositiveIntegerField(default=0)
    no = models.PositiveIntegerField(default=0)

    class Meta:
        verbose_name_plural = "helpful"
        indexes = [models.Index(fields=["-no", "-revision"], name="helpful_worst_first")]

    def __str__(self) -> str:
        return f"{self.yes} yes, {self.no} no"
