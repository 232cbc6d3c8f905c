"""Who answers families, and when they work."""

import calendar
from zoneinfo import ZoneInfo

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import F, Q


def validate_states(value: str) -> None:
    """State codes apart by a space: `IL WI IN`. Raises ValidationError."""
    from doctors.states import STATES

    wrong = [code for code in value.split() if code not in STATES]
    if wrong:
        raise ValidationError(f"{', '.join(wrong)}: use two-letter state codes with a space between, like IL WI.")


def validate_time_zone(value: str) -> None:
    """An IANA name such as America/Chicago. Raises ValidationError."""
    try:
        ZoneInfo(value)
    except (KeyError, ValueError, OSError) as error:
        raise ValidationError(f"{value} is no time zone. For example: America/Chicago.") from error


class AdvocateQuerySet(models.QuerySet["Advocate"]):
    def active(self) -> "AdvocateQuerySet":
        """Those who may be given work at all; being away today is a matter of routing."""
        return self.filter(is_active=True, user__is_active=True)

    def leads(self) -> "AdvocateQuerySet":
        return self.active().filter(is_lead=True)


class Advocate(models.Model):
    """A nurse advocate. A nurse may practise only where licensed, so `states` decides who can be given which family."""

    user = models.OneToOneField(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="advocate")
    first_name = models.CharField(max_length=60, help_text="Families see this name.")
    credentials = models.CharField(max_length=60, blank=True)
    email = models.EmailField(help_text="Where we send word of a new request: a link, never the story.")
    states = models.CharField(
        max_length=200, blank=True, validators=[validate_states], help_text="States of licence, like: IL WI IN."
    )
    languages = models.CharField(max_length=100, default="en", help_text="Language codes, like: en es.")
    takes_matches = models.BooleanField("takes doctor matches", default=True)
    takes_conversations = models.BooleanField("takes booked conversations", default=True)
    serves_veterans = models.BooleanField("knows VA care", default=False)
    capacity = models.PositiveSmallIntegerField(default=20, help_text="Open requests at the same time.")
    time_zone = models.CharField(max_length=50, default="America/Chicago", validators=[validate_time_zone])
    away_until = models.DateField(null=True, blank=True, help_text="The first day back.")
    wants_digest = models.BooleanField("gets the weekday digest", default=True)
    is_lead = models.BooleanField("lead", default=False)
    is_active = models.BooleanField("active", default=True)
    is_sample = models.BooleanField("sample", default=False)

    objects = AdvocateQuerySet.as_manager()

    class Meta:
        ordering = ["first_name", "pk"]

    def __str__(self) -> str:
        return f"{self.first_name}{', ' + self.credentials if self.credentials else ''}"

    @property
    def zone(self) -> ZoneInfo:
        return ZoneInfo(self.time_zone)


class WorkingHours(models.Model):
    """One stretch of one weekday (0 = Monday), in the advocate's own time zone."""

    WEEKDAYS = list(enumerate(calendar.day_name))

    advocate = models.ForeignKey(Advocate, on_delete=models.CASCADE, related_name="working_hours")
    weekday = models.PositiveSmallIntegerField(choices=WEEKDAYS)
    starts = models.TimeField()
    ends = models.TimeField()

    class Meta:
        verbose_name_plural = "working hours"
        ordering = ["weekday", "starts"]
        constraints = [
            models.CheckConstraint(condition=Q(weekday__lte=6), name="working_hours_weekday"),
            models.CheckConstraint(condition=Q(ends__gt=F("starts")), name="working_hours_end_after_start"),
            models.UniqueConstraint(fields=["advocate", "weekday", "starts"], name="working_hours_once"),
        ]

    def __str__(self) -> str:
        return f"{self.get_weekday_display()} {self.starts:%H:%M}-{self.ends:%H:%M}"


class DayOff(models.Model):
    """A day on which nobody works (a holiday: no advocate named), or one advocate does not."""

    date = models.DateField()
    advocate = models.ForeignKey(Advocate, on_delete=models.CASCADE, null=True, blank=True, related_name="days_off")
    name = models.CharField(max_length=60, blank=True)

    class Meta:
        verbose_name_plural = "days off"
        ordering = ["date"]
        constraints = [
            models.UniqueConstraint(fields=["date", "advocate"], name="day_off_once"),
            models.UniqueConstraint(fields=["date"], condition=Q(advocate=None), name="holiday_once"),
        ]

    def __str__(self) -> str:
        return f"{self.date} {self.name}".strip()
