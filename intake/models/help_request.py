"""What a family asks of us. The row that is never lost."""

import json
import secrets
from collections.abc import Mapping
from typing import Any
from zoneinfo import ZoneInfo

from django.db import models
from django.db.models import Q

from intake.models.advocate import Advocate
from navigator.encryption import EncryptedTextField

# No I, O, 0, 1, and no vowels: cannot be misread on the phone, cannot spell a word.
REFERENCE_LETTERS = "BCDFGHJKLMNPQRSTVWXZ23456789"


def new_reference() -> str:
    """A meaningless public reference such as `K7M-4QDR`: 28^7, about 13 thousand million of them."""
    letters = "".join(secrets.choice(REFERENCE_LETTERS) for _ in range(7))
    return f"{letters[:3]}-{letters[3:]}"


def new_link_id() -> str:
    """128 random bits: what the signed link of a family names."""
    return secrets.token_urlsafe(16)


class HelpRequestQuerySet(models.QuerySet["HelpRequest"]):
    def open(self) -> "HelpRequestQuerySet":
        """Those that somebody still owes something."""
        return self.exclude(status=HelpRequest.Status.CLOSED)

    def waiting_for_call(self) -> "HelpRequestQuerySet":
        return self.open().filter(first_contact_at=None)

    def queue(self) -> "HelpRequestQuerySet":
        """Whom we owe a call first; what nobody has comes before everything."""
        is_taken = models.Case(models.When(advocate=None, then=0), default=1)
        return self.order_by(is_taken, "contact_by", "pk")


class HelpRequest(models.Model):
    """A doctor match that asks for a person, or a booked conversation.

    Contact and health answers are encrypted; only state, ZIP prefix and the codes that routing needs are in clear.
    `contact_by` is the promise made to the family (UTC). Erasing keeps the row as a stub without any of it.
    """

    class Kind(models.TextChoices):
        DOCTOR_MATCH = "doctor_match", "Doctor match"
        CONVERSATION = "conversation", "Conversation"

    class ForWhom(models.TextChoices):
        ME = "me", "Me"
        SOMEONE = "someone", "Someone I care for"
        BOTH = "both", "Both of us"

    class Status(models.TextChoices):
        NEW = "new", "Waiting for an advocate"
        ASSIGNED = "assigned", "With an advocate"
        REACHED = "reached", "In touch"
        CLOSED = "closed", "Closed"

    class ReachBy(models.TextChoices):
        PHONE = "phone", "Phone"
        EMAIL = "email", "E-mail"

    class BestTime(models.TextChoices):
        ANY = "any", "Any time"
        MORNING = "morning", "Morning"
        AFTERNOON = "afternoon", "Afternoon"
        EVENING = "evening", "Evening"

    class Outcome(models.TextChoices):
        HELPED = "helped", "Reached a specialist or has a plan"
        ANSWERED = "answered", "Question answered"
        NOT_REACHED = "not_reached", "We could not reach them"
        WITHDRAWN = "withdrawn", "Withdrawn by the family"
        SPAM = "spam", "Spam"

    reference = models.CharField(max_length=8, unique=True, default=new_reference, editable=False)
    link_id = models.CharField(max_length=22, unique=True, default=new_link_id, editable=False)
    submission_key = models.UUIDField(unique=True, editable=False)
    fingerprint = models.CharField(max_length=32, editable=False)
    kind = models.CharField(max_length=20, choices=Kind)
    for_whom = models.CharField(max_length=10, choices=ForWhom)
    created_at = models.DateTimeField(auto_now_add=True)

    # Encrypted: identity, contact, health.
    name = EncryptedTextField(null=True)
    email = EncryptedTextField(null=True)
    phone = EncryptedTextField(null=True)
    answers = EncryptedTextField(null=True)
    access_needs = EncryptedTextField(null=True)
    next_step = EncryptedTextField(null=True)
    email_hash = models.CharField(max_length=32, blank=True, db_index=True, editable=False)
    phone_hash = models.CharField(max_length=32, blank=True, db_index=True, editable=False)

    reach_by = models.CharField(max_length=10, choices=ReachBy)
    may_leave_message = models.BooleanField("may leave a message that does not mention health", default=False)
    best_time = models.CharField(max_length=10, choices=BestTime, default=BestTime.ANY)
    state = models.CharField(max_length=2, blank=True)
    zip_prefix = models.CharField("first 3 digits of the ZIP", max_length=3, blank=True)
    time_zone = models.CharField(max_length=50, default="America/Chicago")
    language = models.CharField(max_length=5, default="en")
    is_veteran = models.BooleanField("asked about VA care", default=False)

    status = models.CharField(max_length=10, choices=Status, default=Status.NEW)
    advocate = models.ForeignKey(
        Advocate, on_delete=models.PROTECT, null=True, blank=True, related_name="help_requests"
    )
    assigned_at = models.DateTimeField(null=True, blank=True)
    routing_reason = models.CharField(max_length=300, blank=True)
    contact_by = models.DateTimeField("call by")
    first_contact_at = models.DateTimeField(null=True, blank=True)
    next_step_on = models.DateField(null=True, blank=True)
    closed_at = models.DateTimeField(null=True, blank=True)
    outcome = models.CharField(max_length=20, choices=Outcome, blank=True)
    erased_at = models.DateTimeField(null=True, blank=True)

    objects = HelpRequestQuerySet.as_manager()

    class Meta:
        verbose_name = "request"
        indexes = [
            models.Index(fields=["advocate", "contact_by"], name="help_request_queue", condition=~Q(status="closed")),
        ]
        constraints = [
            models.CheckConstraint(
                condition=Q(status__in=["new", "closed"]) | Q(advocate__isnull=False), name="worked_on_has_advocate"
            ),
            models.CheckConstraint(condition=~Q(status="new") | Q(advocate__isnull=True), name="new_has_no_advocate"),
            models.CheckConstraint(
                condition=Q(advocate__isnull=True) | Q(assigned_at__isnull=False), name="advocate_since_when"
            ),
            models.CheckConstraint(
                condition=Q(status="closed", closed_at__isnull=False) & ~Q(outcome="")
                | ~Q(status="closed") & Q(closed_at__isnull=True, outcome=""),
                name="closed_with_outcome",
            ),
            models.CheckConstraint(
                condition=~Q(status="reached") | Q(first_contact_at__isnull=False), name="reached_means_contact"
            ),
            models.CheckConstraint(
                condition=Q(erased_at__isnull=False)
                | Q(name__isnull=False) & (Q(email__isnull=False) | Q(phone__isnull=False)),
                name="a_way_to_reach_them",
            ),
            models.CheckConstraint(
                condition=Q(erased_at__isnull=True)
                | Q(
                    status="closed",
                    name__isnull=True,
                    email__isnull=True,
                    phone__isnull=True,
                    answers__isnull=True,
                    access_needs__isnull=True,
                    next_step__isnull=True,
                    email_hash="",
                    phone_hash="",
                    zip_prefix="",
                ),
                name="erased_keeps_nothing",
            ),
        ]

    def __str__(self) -> str:
        return self.reference

    @property
    def zone(self) -> ZoneInfo:
        """The family's time zone."""
        return ZoneInfo(self.time_zone)

    @property
    def told(self) -> Mapping[str, Any]:
        """The health answers as a dictionary; empty when there are none or they are erased."""
        return json.loads(self.answers) if self.answers else {}
