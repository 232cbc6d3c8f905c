"""What was agreed in a call: who does what by when, which places were called, which documents are missing. And the
steps of the work on the way there."""

from django.conf import settings
from django.db import models
from django.db.models import Q

from intake.models.help_request import HelpRequest
from navigator.encryption import EncryptedTextField


class PlanItem(models.Model):
    """One line of the plan. The family sees it once the plan is shown (`HelpRequest.plan_shown_at`). `text` is null
    once the request is erased."""

    class Kind(models.TextChoices):
        STEP = "step", "Who does what"
        PLACE = "place", "Place called"
        DOCUMENT = "document", "Document missing"

    class Who(models.TextChoices):
        FAMILY = "family", "You"
        ADVOCATE = "advocate", "Your nurse advocate"
        DOCTOR = "doctor", "Your doctor's office"
        HOSPITAL = "hospital", "The hospital"

    help_request = models.ForeignKey(HelpRequest, on_delete=models.PROTECT, related_name="plan_items")
    kind = models.CharField(max_length=10, choices=Kind)
    text = EncryptedTextField(null=True)
    who = models.CharField(max_length=10, choices=Who, blank=True)
    due_on = models.DateField(null=True, blank=True)
    done_on = models.DateField(null=True, blank=True)
    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT)
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["pk"]
        constraints = [
            models.CheckConstraint(condition=~Q(kind="step") | ~Q(who=""), name="a_step_says_who"),
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()}, {self.help_request}"


class Step(models.Model):
    """One step of the work, done. Codes only: nothing of what a family told."""

    class Code(models.TextChoices):
        RECORDS_ASKED = "records_asked", "Records asked for"
        RECORDS_SENT = "records_sent", "Records sent"
        SCANS_SENT = "scans_sent", "Scan files sent"
        SLIDES_SENT = "slides_sent", "Slides or blocks sent"
        REFERRAL = "referral", "Referral or plan's yes in hand"
        APPOINTMENT = "appointment", "Appointment made"
        OPINION = "opinion", "Second opinion given"

    help_request = models.ForeignKey(HelpRequest, on_delete=models.PROTECT, related_name="steps")
    code = models.CharField(max_length=20, choices=Code)
    done_on = models.DateField()
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT)

    class Meta:
        ordering = ["done_on", "pk"]
        constraints = [models.UniqueConstraint(fields=["help_request", "code"], name="step_done_once")]

    def __str__(self) -> str:
        return f"{self.get_code_display()}, {self.help_request}"
