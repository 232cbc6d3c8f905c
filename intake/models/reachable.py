"""How one person can be reached, safely: the same columns for who asked and for everybody else in a request."""

from zoneinfo import ZoneInfo

from django.db import models

from navigator.encryption import EncryptedTextField

# Identity and contact: null once the person is erased.
PERSONAL = ("name", "email", "phone")


class Reachable(models.Model):
    """Name, e-mail address and phone are encrypted, with a blind index of the last two. `not_times` and `gets` hold
    codes with a space between (`NotTimes`, `Gets`). Times are on the clock of `time_zone`."""

    class ReachBy(models.TextChoices):
        PHONE = "phone", "Phone"
        EMAIL = "email", "E-mail"

    class BestTime(models.TextChoices):
        ANY = "any", "Any time"
        MORNING = "morning", "Morning"
        AFTERNOON = "afternoon", "Afternoon"
        EVENING = "evening", "Evening"

    class NotTimes(models.TextChoices):
        """When not to call. The hours are in `intake.staffing`."""

        MORNING = "morning", "Weekday mornings"
        AFTERNOON = "afternoon", "Weekday afternoons"
        EVENING = "evening", "Weekday evenings"
        SATURDAY = "saturday", "Saturdays"
        SUNDAY = "sunday", "Sundays"

    class Language(models.TextChoices):
        ENGLISH = "en", "English"
        SPANISH = "es", "Spanish"

    class Gets(models.TextChoices):
        """Who gets what. What we must say (a call that comes later than promised) goes to who asked in any case."""

        UPDATES = "updates", "News about the request"
        CALLS = "calls", "Times of calls, and reminders"
        PLAN = "plan", "The plan after a call"

    name = EncryptedTextField(null=True)
    email = EncryptedTextField(null=True)
    phone = EncryptedTextField(null=True)
    email_hash = models.CharField(max_length=32, blank=True, db_index=True, editable=False)
    phone_hash = models.CharField(max_length=32, blank=True, db_index=True, editable=False)

    reach_by = models.CharField(max_length=10, choices=ReachBy)
    may_leave_message = models.BooleanField("may leave a message that does not mention health", default=False)
    may_say_why = models.BooleanField("may tell who answers the phone why we call", default=False)
    best_time = models.CharField(max_length=10, choices=BestTime, default=BestTime.ANY)
    not_times = models.CharField("do not call on", max_length=60, blank=True)
    time_zone = models.CharField(max_length=50, default="America/Chicago")
    language = models.CharField(max_length=5, default="en")
    gets = models.CharField(max_length=60, blank=True, default="updates calls plan")

    class Meta:
        abstract = True

    @property
    def zone(self) -> ZoneInfo:
        """Their time zone."""
        return ZoneInfo(self.time_zone)

    def wants(self, what: str) -> bool:
        """Is `what` (a `Gets`) among what this person gets?"""
        return what in self.gets.split()
