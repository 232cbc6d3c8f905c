"""What the desk writes down about itself: digests, exports, nights of tidying, figures for the public."""

from django.conf import settings
from django.db import models

from intake.models.advocate import Advocate
from navigator.append_only import AppendOnly


class Digest(models.Model):
    """The mail of one weekday to one advocate: a row before it is sent, so that it is sent once."""

    advocate = models.ForeignKey(Advocate, on_delete=models.CASCADE, related_name="digests")
    day = models.DateField(help_text="On the advocate's own calendar.")
    due_at = models.DateTimeField(help_text="Pushed ahead by whoever claims it, as a promise is.")
    attempts = models.PositiveSmallIntegerField(default=0)
    sent_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["-day", "pk"]
        constraints = [models.UniqueConstraint(fields=["advocate", "day"], name="one_digest_a_day")]

    def __str__(self) -> str:
        return f"{self.day} {self.advocate}"


class Export(AppendOnly):
    """Somebody took rows out of the site: who, when, why, which columns, how many. Never a value."""

    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT)
    at = models.DateTimeField(auto_now_add=True)
    reason = models.CharField(max_length=200)
    columns = models.CharField(max_length=300, help_text="Names with a space between.")
    rows = models.PositiveIntegerField()

    class Meta:
        ordering = ["-pk"]
        constraints = [models.CheckConstraint(condition=~models.Q(reason=""), name="export_has_a_reason")]

    def __str__(self) -> str:
        return f"{self.at:%Y-%m-%d %H:%M} {self.rows} rows"


class RetentionRun(models.Model):
    """One night of forgetting: how many rows each rule touched (`intake.retention`), as JSON of rule -> rows."""

    started_at = models.DateTimeField(auto_now_add=True)
    ended_at = models.DateTimeField(null=True, blank=True)
    counts = models.JSONField(default=dict)
    is_rehearsal = models.BooleanField(default=False)

    class Meta:
        ordering = ["-pk"]

    def __str__(self) -> str:
        return f"{self.started_at:%Y-%m-%d %H:%M}"


class OutcomeFigures(models.Model):
    """What the public page on outcomes says, made once a month from whole months: no group under 11 is in it."""

    month = models.DateField(unique=True, help_text="The first day of the last month that counts.")
    figures = models.JSONField()
    made_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        verbose_name_plural = "outcome figures"
        ordering = ["-month"]

    def __str__(self) -> str:
        return f"{self.month:%Y-%m}"


class Reconciliation(models.Model):
    """One look at what always holds: which rule had how many rows that must not be (`intake.reconciling`)."""

    at = models.DateTimeField(auto_now_add=True, db_index=True)
    wrong = models.JSONField(default=dict)

    class Meta:
        ordering = ["-pk"]

    def __str__(self) -> str:
        return f"{self.at:%Y-%m-%d %H:%M}"
