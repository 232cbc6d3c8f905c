"""What families tell us about a listing."""

from django.conf import settings
from django.db import models
from django.db.models import Q

from doctors.models.places import Center, Program
from doctors.models.specialist import Specialist
from navigator.encryption import EncryptedTextField


class Report(models.Model):
    """ "Report a problem with this listing". It does not ask who sends it. The words may still name a person or an
    illness, so they are encrypted, and emptied some time after the report was dealt with."""

    class State(models.TextChoices):
        OPEN = "open", "Open"
        SETTLED = "settled", "Settled: the listing was changed"
        DECLINED = "declined", "Declined: the listing was right"

    class Problem(models.TextChoices):
        PHONE = "phone", "The phone number does not work"
        ADDRESS = "address", "The address is wrong"
        CLOSED = "closed", "The program or the clinic is closed"
        DOCTOR = "doctor", "The doctor does not work there anymore"
        OFFER = "offer", "They do not offer what is listed"
        OTHER = "other", "Something else"

    center = models.ForeignKey(Center, null=True, blank=True, on_delete=models.CASCADE, related_name="reports")
    program = models.ForeignKey(Program, null=True, blank=True, on_delete=models.CASCADE, related_name="reports")
    specialist = models.ForeignKey(Specialist, null=True, blank=True, on_delete=models.CASCADE, related_name="reports")
    problem = models.CharField(max_length=7, choices=Problem)
    words = EncryptedTextField(blank=True)
    words_kept = models.BooleanField(default=True, editable=False)
    sent_at = models.DateTimeField(auto_now_add=True)
    state = models.CharField(max_length=8, choices=State, default=State.OPEN)
    answer = models.CharField(max_length=300, blank=True, help_text="What was found, for colleagues.")
    closed_at = models.DateTimeField(null=True, blank=True)
    closed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )

    class Meta:
        ordering = ["sent_at"]
        indexes = [models.Index(fields=["state", "sent_at"], name="listing_report_queue")]
        constraints = [
            models.CheckConstraint(
                name="listing_report_of_one_listing",
                condition=Q(center__isnull=False, program__isnull=True, specialist__isnull=True)
                | Q(center__isnull=True, program__isnull=False, specialist__isnull=True)
                | Q(center__isnull=True, program__isnull=True, specialist__isnull=False),
            ),
            models.CheckConstraint(
                name="listing_report_closed_whole",
                condition=Q(state="open", closed_at__isnull=True, closed_by__isnull=True, answer="")
                | (
                    Q(state__in=["settled", "declined"], closed_at__isnull=False, closed_by__isnull=False)
                    & ~Q(answer="")
                ),
            ),
            models.CheckConstraint(
                name="listing_report_problem_word",
                condition=Q(problem__in=["phone", "address", "closed", "doctor", "offer", "other"]),
            ),
        ]
        permissions = [("close_report", "Can settle and decline reports about listings")]

    def __str__(self) -> str:
        return f"Report {self.pk}"

    @property
    def listing(self) -> Center | Program | Specialist:
        """The one that is meant."""
        found = self.center or self.program or self.specialist
        assert found is not None  # noqa: S101  a constraint
        return found
