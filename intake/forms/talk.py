"""The questions before a conversation."""

from collections.abc import Sequence
from datetime import UTC, datetime
from itertools import groupby
from typing import Any

from crispy_forms.layout import Field, Layout
from django import forms
from django.forms.boundfield import BoundWidget

from doctors import states
from intake import time_zones
from intake.forms.contact import ReachForm
from intake.forms.fields import Choice, Line, QuestionForm, radios
from intake.forms.match import PREFER_NOT
from intake.models import Conversation, HelpRequest

SPELLING = "%Y-%m-%dT%H:%MZ"  # of a start in a form and in a session, UTC


class WhoForm(QuestionForm):
    heading = "for_whom"
    for_whom = radios(
        "Who will be on the call?",
        HelpRequest.ForWhom.choices,
        missing="Choose who will be on the call",
        hint="So that the nurse knows whom to expect.",
    )


class ZoneForm(QuestionForm):
    heading = "time_zone"
    time_zone = radios(
        "What is your time zone?",
        time_zones.CHOICES,
        missing="Choose your time zone",
        hint="We show all times on your clock.",
    )
    state = Choice(
        label="Which state do you live in?",
        help_text="A nurse has a license for some states. We find one who may talk with you.",
        choices=[("", "Choose a state"), *states.CHOICES, PREFER_NOT],
        error_messages={
            "required": "Choose your state, or “I prefer not to say”",
            "invalid_choice": "Choose your state, or “I prefer not to say”",
        },
    )


class TimeForm(QuestionForm):
    """The open half hours, by day. `times` are starts in UTC; days and clocks are those of `zone` (an IANA name).

    `days` limits how many days are drawn; each of `times` is accepted.
    """

    starts_at = radios("Time", [], missing="Choose a day and time")

    def __init__(
        self, *args: Any, times: Sequence[datetime], zone: str, days: int = 28, button: str = "Continue", **kwargs: Any
    ) -> None:
        self.button = button
        super().__init__(*args, **kwargs)
        self.times, self.zone, self.days = times, zone, days
        field = self.fields["starts_at"]
        field.choices = [(spelled(start), time_zones.clock_in_words(start, zone)) for start in times]  # type: ignore[attr-defined]
        field.error_messages["invalid_choice"] = "That time is no longer open. Choose another time"
        self.helper.layout = Layout(Field("starts_at", template="intake/times.html"))

    def by_day(self) -> list[tuple[str, list[BoundWidget]]]:
        """Day in words -> its radio buttons, for as many days as are drawn."""
        pairs = zip(self.times, self["starts_at"].subwidgets, strict=True)
        grouped = groupby(pairs, key=lambda pair: time_zones.day_in_words(pair[0], self.zone))
        return [(day, [radio for _, radio in group]) for day, group in grouped][: self.days]

    def has_more(self) -> bool:
        return len({time_zones.day_in_words(start, self.zone) for start in self.times}) > self.days

    @property
    def zone_words(self) -> str:
        return time_zones.ZONES[self.zone]


def spelled(start: datetime) -> str:
    return start.astimezone(UTC).strftime(SPELLING)


def parsed(text: str) -> datetime:
    """The start that `spelled` wrote. Raises ValueError."""
    return datetime.strptime(text, SPELLING).replace(tzinfo=UTC)


class CallForm(ReachForm):
    """How the nurse reaches the family at the half hour."""

    reach = "way"
    way = radios("How would you like to talk?", Conversation.Way.choices, missing="Choose how you would like to talk")
    field_order = ["way", "name", "phone", "email", "may_leave_message", "agrees"]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields[
            "phone"
        ].help_text = "The number that we call, if you choose a phone call. We send no text messages."
        self.fields[
            "email"
        ].help_text = "For the confirmation and a reminder. For a video call, your advocate sends you the link."


class NeedsForm(QuestionForm):
    heading = "access_needs"
    access_needs = Line(
        label="Is there anything that would help you take part?",
        help_text="For example an interpreter, a text relay, or more time. Nothing about your illness, and no Social "
        "Security number. Up to 500 characters.",
        required=False,
        max_length=500,
        widget=forms.Textarea(attrs={"rows": 4}),
        error_messages={"max_length": "Enter 500 characters or fewer"},
    )


QUESTIONS: dict[str, type[QuestionForm]] = {
    "who": WhoForm,
    "zone": ZoneForm,
    "time": TimeForm,
    "reach": CallForm,
    "needs": NeedsForm,
}
