"""The ledger of consents: append-only, apart from health answers, so that deleting one does not destroy the other."""

from django.conf import settings
from django.db import models
from django.db.models import Q

from intake.models.help_request import HelpRequest
from intake.models.participant import Participant
from intake.models.sharing import Sharing
from navigator.append_only import AppendOnly


class Consent(AppendOnly):
    """One act: somebody gave or withdrew a consent. To withdraw is a new row, never a change of the old one.

    `participant` is empty for who asked. `by` is who of our staff wrote down what was said to them (by phone, by
    letter); empty if the person did it on a page. Where a place is named, `version` is keyed (`intake.consent`). The
    database lets go of a row five years after it was written.
    """

    class Purpose(models.TextChoices):
        CONTACT = "contact", "Contact about this request"
        SHARING = "sharing", "Sharing with one named place"

    class Act(models.TextChoices):
        GIVEN = "given", "Given"
        WITHDRAWN = "withdrawn", "Withdrawn"

    help_request = models.ForeignKey(HelpRequest, on_delete=models.PROTECT, related_name="consents")
    participant = models.ForeignKey(Participant, on_delete=models.PROTECT, null=True, related_name="consents")
    purpose = models.CharField(max_length=20, choices=Purpose)
    sharing = models.ForeignKey(Sharing, on_delete=models.PROTECT, null=True, related_name="consents")
    act = models.CharField(max_length=10, choices=Act)
    words = models.TextField(help_text="Exactly what was on the screen.")
    version = models.CharField(max_length=64, help_text="SHA-256 of the words.")
    how = models.CharField(max_length=40, help_text="Where it was given: the page, the phone.")
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True)
    at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(purpose="sharing", sharing__isnull=False) | ~Q(purpose="sharing") & Q(sharing=None),
                name="sharing_names_its_place",
            ),
            models.CheckConstraint(condition=Q(act="withdrawn") | ~Q(words=""), name="given_for_exact_words"),
        ]

    def __str__(self) -> str:
        return f"{self.get_purpose_display()}: {self.get_act_display()}"
