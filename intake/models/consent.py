"""The ledger of consents: append-only, apart from health answers, so that deleting one does not destroy the other."""

from django.db import models

from intake.models.help_request import HelpRequest
from navigator.append_only import AppendOnly


class Consent(AppendOnly):
    """One act: somebody gave or withdrew a consent. To withdraw is a new row, never a change of the old one."""

    class Purpose(models.TextChoices):
        CONTACT = "contact", "Contact about this request"

    class Act(models.TextChoices):
        GIVEN = "given", "Given"
        WITHDRAWN = "withdrawn", "Withdrawn"

    help_request = models.ForeignKey(HelpRequest, on_delete=models.PROTECT, related_name="consents")
    purpose = models.CharField(max_length=20, choices=Purpose)
    act = models.CharField(max_length=10, choices=Act)
    words = models.TextField(help_text="Exactly what was on the screen.")
    version = models.CharField(max_length=64, help_text="SHA-256 of the words.")
    how = models.CharField(max_length=40, help_text="Where it was given: the page, the phone.")
    at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["pk"]

    def __str__(self) -> str:
        return f"{self.get_purpose_display()}: {self.get_act_display()}"
