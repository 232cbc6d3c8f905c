"""What a family asks of us. The row that is never lost."""

import json
import secrets
from collections.abc import Mapping
from typing import Any

from django.db import models
from django.db.models import Q

from intake.models.advocate import Advocate
from intake.models.reachable import Reachable
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


# Without a number in it: as it stands here, and in no other way, it stands in the indexes below.
IS_TAKEN = models.ExpressionWrapper(Q(advocate__isnull=False), output_field=models.BooleanField())


class HelpRequestQuerySet(models.QuerySet["HelpRequest"]):
    def open(self) -> "HelpRequestQuerySet":
        """Those that somebody still owes something."""
        return self.exclude(status=HelpRequest.Status.CLOSED)

    def waiting_for_call(self) -> "HelpRequestQuerySet":
        return self.open().filter(first_contact_at=None)

    def queue(self) -> "HelpRequestQuerySet":
        """Whom we owe a call first; what nobody has comes before everything."""
        return self.order_by(IS_TAKEN, "contact_by", "pk")


class HelpRequest(Reachable):
    """A doctor match that asks for a person, or a booked conversation.

    The contact of who asked is on the row itself, that of anybody else is a `Participant`. Contact and health answers
    are encrypted; only state, ZIP prefix and the codes that routing needs are in clear. `contact_by` is the promise
    made to the family (UTC): the first call, and after a try that did not reach them the next one (`next_try_at`).
    Erasing keeps the row as a stub without any of it.
    """

    class Kind(models.TextChoices):
        DOCTOR_MATCH = "doctor_match", "Doctor match"
        CONVERSATION = "conversation", "Conversation"

    class ForWhom(models.TextChoices):
        ME = "me", "Me"
        SOMEONE = "someone", "Someone I care for"
        BOTH = "both", "Both of us"
        UNSAID = "unsaid", "Not said"

    class Suspicion(models.TextChoices):
        TRAP = "trap", "A field that people do not see was filled in"
        HASTE = "haste", "Sent faster than anybody can answer"
        NETWORK = "network", "Many from one network within an hour"
        CONTACT = "contact", "Many with one contact within a day"

    class Status(models.TextChoices):
        NEW = "new", "Waiting for an advocate"
        ASSIGNED = "assigned", "With an advocate"
        REACHED = "reached", "In touch"
        CLOSED = "closed", "Closed"

    class Outcome(models.TextChoices):
        HELPED = "helped", "Reached a specialist or has a plan"
        ANSWERED = "answered", "Question answered"
        NOT_REACHED = "not_reached", "We could not reach them"
        NOT_NEEDED = "not_needed", "No longer needed"
        WITHDRAWN = "withdrawn", "Withdrawn by the family"
        DUPLICATE = "duplicate", "Joined with another request"
        SPAM = "spam", "Spam"

    reference = models.CharField(max_length=8, unique=True, default=new_reference, editable=False)
    link_id = models.CharField(max_length=22, unique=True, default=new_link_id, editable=False)
    submission_key = models.UUIDField(unique=True, editable=False)
    fingerprint = models.CharField(max_length=32, editable=False)
    kind = models.CharField(max_length=20, choices=Kind)
    for_whom = models.CharField(max_length=10, choices=ForWhom)
    created_at = models.DateTimeField(auto_now_add=True)

    # Encrypted, as the contact is: health, and what is said about the family.
    answers = EncryptedTextField(null=True)
    access_needs = EncryptedTextField(null=True)
    questions = EncryptedTextField(null=True)
    next_step = EncryptedTextField(null=True)

    state = models.CharField(max_length=2, blank=True)
    zip_prefix = models.CharField("first 3 digits of the ZIP", max_length=3, blank=True)
    is_veteran = models.BooleanField("asked about VA care", default=False)

    status = models.CharField(max_length=10, choices=Status, default=Status.NEW)
    advocate = models.ForeignKey(
        Advocate, on_delete=models.PROTECT, null=True, blank=True, related_name="help_requests"
    )
    assigned_at = models.DateTimeField(null=True, blank=True)
    routing_reason = models.CharField(max_length=300, blank=True)
    # Codes of Suspicion; "" for whoever is let in. The default is the database's own: older code does not name it.
    set_aside_because = models.CharField(max_length=40, blank=True, db_default="")
    contact_by = models.DateTimeField("call by")
    first_contact_at = models.DateTimeField(null=True, blank=True)
    tries = models.PositiveSmallIntegerField("calls that did not reach them", default=0)
    last_try_at = models.DateTimeField(null=True, blank=True)
    next_try_at = models.DateTimeField(null=True, blank=True)
    next_step_on = models.DateField(null=True, blank=True)
    waiting_since = models.DateTimeField("waiting for the family since", null=True, blank=True)
    news_since = models.DateTimeField("the family did something", null=True, blank=True)
    escalated_at = models.DateTimeField("raised to a lead", null=True, blank=True)
    plan_shown_at = models.DateTimeField(null=True, blank=True)
    merged_into = models.ForeignKey("self", on_delete=models.PROTECT, null=True, blank=True, related_name="merged")
    closed_at = models.DateTimeField(null=True, blank=True)
    outcome = models.CharField(max_length=20, choices=Outcome, blank=True)
    erased_at = models.DateTimeField(null=True, blank=True)

    objects = HelpRequestQuerySet.as_manager()

    class Meta:
        verbose_name = "request"
        indexes = [
            # With what the queue is narrowed by, so that what does not fit is not even read.
            models.Index(
                fields=["advocate", "contact_by", "id", "kind", "language", "state"],
                name="help_request_queue",
                condition=~Q(status="closed"),
            ),
            models.Index(
                IS_TAKEN,
                "contact_by",
                "id",
                "kind",
                "language",
                "state",
                "advocate",  # so that counting reads the index alone
                name="help_request_order",
                condition=~Q(status="closed"),
            ),
            # The piles of the desk, each in the same order (`intake.admin.piles`).
            models.Index(
                fields=["contact_by", "id"],
                name="help_request_nobody",
                condition=Q(advocate__isnull=True) & ~Q(status="closed"),
            ),
            models.Index(
                "state", IS_TAKEN, "contact_by", "id", name="help_request_state", condition=~Q(status="closed")
            ),
            models.Index(IS_TAKEN, "contact_by", "id", name="help_request_news", condition=Q(news_since__isnull=False)),
            models.Index(
                IS_TAKEN, "contact_by", "id", name="help_request_waiting", condition=Q(waiting_since__isnull=False)
            ),
            models.Index(
                IS_TAKEN, "contact_by", "id", name="help_request_raised", condition=Q(escalated_at__isnull=False)
            ),
            models.Index(
                fields=["contact_by"],
                name="help_request_owed",
                condition=Q(first_contact_at__isnull=True) & ~Q(status="closed"),
            ),
            models.Index(
                fields=["next_step_on"],
                name="help_request_next_step",
                condition=Q(next_step_on__isnull=False) & ~Q(status="closed"),
            ),
            models.Index(IS_TAKEN, "contact_by", "id", name="help_request_aside", condition=~Q(set_aside_because="")),
            models.Index(
                fields=["closed_at", "id", "outcome"], name="help_request_closed", condition=Q(status="closed")
            ),
            models.Index(
                fields=["advocate", "closed_at", "id", "outcome"],
                name="help_request_closed_of",
                condition=Q(status="closed"),
            ),
            # The figures of `intake.metrics`, from the index alone.
            models.Index(fields=["status"], name="help_request_open", condition=~Q(status="closed")),
            # The figures of home (`intake.admin.home`), from the index alone.
            models.Index(fields=["created_at", "kind", "first_contact_at"], name="help_request_days"),
        ]
        constraints = [
            models.CheckConstraint(
                condition=Q(status__in=["new", "closed"]) | Q(advocate__isnull=False), name="worked_on_has_advocate"
            ),
            models.CheckConstraint(condition=~Q(status="new") | Q(advocate__isnull=True), name="new_has_no_advocate"),
            models.CheckConstraint(
                condition=Q(set_aside_because="") | Q(status="new"), name="set_aside_is_with_nobody"
            ),
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
                    questions__isnull=True,
                    next_step__isnull=True,
                    not_times="",
                    email_hash="",
                    phone_hash="",
                    zip_prefix="",
                ),
                name="erased_keeps_nothing",
            ),
            models.CheckConstraint(
                condition=Q(merged_into=None) & ~Q(outcome="duplicate")
                | Q(merged_into__isnull=False, outcome="duplicate"),
                name="merged_means_duplicate",
            ),
            models.CheckConstraint(
                condition=~Q(status="closed")
                | Q(waiting_since=None, next_try_at=None, news_since=None, escalated_at=None),
                name="closed_waits_for_nothing",
            ),
        ]

    def __str__(self) -> str:
        return self.reference

    @property
    def told(self) -> Mapping[str, Any]:
        """The health answers as a dictionary; empty when there are none or they are erased."""
        return json.loads(self.answers) if self.answers else {}

    @property
    def asks(self) -> list[str]:
        """The questions that the family picked for the call, at most three (`intake.sheet`)."""
        return json.loads(self.questions) if self.questions else []
