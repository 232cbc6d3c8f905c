"""The questions before a conversation."""

from collections.abc import Sequence
from datetime import UTC, datetime
from itertools import groupby
from typing import Any

from crispy_forms.layout import Field, Layout
from django import forms
from django.forms.boundfield import BoundWidget

from intake import time_zones
from intake.forms.contact import ReachForm, free_enough, not_times
from intake.forms.fields import Line, QuestionForm, radios
from intake.forms.match import WhereForm
from intake.models import Conversation, HelpRequest

ANY_TIME = "any"  # chosen instead of a start
NEXT = 3  # free times that are named when a chosen one is gone
SPELLING = "%Y-%m-%dT%H:%MZ"  # of a start in a form and in a session, UTC


class WhoForm(QuestionForm):
    heading = "for_whom"
    for_whom = radios(
        "Who will be on the call?",
        [
            *((code, words) for code, words in HelpRequest.ForWhom.choices if code != HelpRequest.ForWhom.UNSAID),
            (HelpRequest.ForWhom.UNSAID, "I prefer not to say"),
        ],
        missing="Choose who will be on the call, or “I prefer not to say”",
        hint="So that the nurse knows whom to expect.",
    )


class PlaceForm(WhereForm):
    """The same question as in the doctor match, for another reason."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["zip"].help_text = "A 5-digit ZIP code, for example 60614. We use it to suggest your time zone."
        self.fields[
            "state"
        ].help_text = "A nurse has a license for some states. We find one who may talk with you there."


class ClockForm(QuestionForm):
    """On whose clock times are shown, and in which language we talk."""

    time_zone = radios(
        "What is your time zone?",
        time_zones.CHOICES,
        missing="Choose your time zone",
        hint="We show all times on your clock.",
    )
    language = radios(
        "In which language should we talk?",
        HelpRequest.Language.choices,
        missing="Choose a language",
        hint="We show the times of nurses who speak it. This site is in English only.",
    )


class TimeForm(QuestionForm):
    """The open half hours, by day. `times` are starts in UTC; days and clocks are those of `zone` (an IANA name).

    `days` limits how many days are drawn; each of `times` is accepted. With `or_call`, ANY_TIME may be chosen instead.
    """

    starts_at = radios("Time", [], missing="Choose a day and time")

    def __init__(
        self,
        *args: Any,
        times: Sequence[datetime],
        zone: str,
        days: int = 28,
        button: str = "Continue",
        or_call: bool = False,
        **kwargs: Any,
    ) -> None:
        self.button = button
        super().__init__(*args, **kwargs)
        self.times, self.zone, self.days, self.or_call = times, zone, days, or_call
        field = self.fields["starts_at"]
        choices = [(spelled(start), time_zones.clock_in_words(start, zone)) for start in times]
        field.choices = [*choices, *([(ANY_TIME, "Just call me, any time")] if or_call else [])]  # type: ignore[attr-defined]
        field.error_messages["invalid_choice"] = "That time is no longer open. Choose another time"
        if or_call:
            field.error_messages["required"] = "Choose a day and time, or “Just call me, any time”"
        self.helper.layout = Layout(Field("starts_at", template="intake/times.html"))

    def by_day(self) -> list[tuple[str, list[BoundWidget]]]:
        """Day in words -> its radio buttons, for as many days as are drawn."""
        pairs = zip(self.times, self["starts_at"].subwidgets, strict=False)
        grouped = groupby(pairs, key=lambda pair: time_zones.day_in_words(pair[0], self.zone))
        return [(day, [radio for _, radio in group]) for day, group in grouped][: self.days]

    def any_time(self) -> BoundWidget | None:
        """The radio button of ANY_TIME."""
        return self["starts_at"].subwidgets[-1] if self.or_call else None

    def next_times(self, after: datetime) -> list[tuple[str, str]]:
        """The NEXT times that follow `after`, or come before it if there are fewer: the id of the radio button, and the
        time in words. Only such as are drawn."""
        drawn = {radio.data["value"]: radio.id_for_label for _, radios in self.by_day() for radio in radios}
        later = [start for start in self.times if start > after and spelled(start) in drawn]
        earlier = [start for start in self.times if start < after and spelled(start) in drawn]
        chosen = sorted([*later[:NEXT], *earlier[::-1][: max(NEXT - len(later), 0)]])
        return [(drawn[spelled(start)], time_zones.in_words(start, self.zone)) for start in chosen]

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
    field_order = ["way", "name", "phone", "email", "may_leave_message", "may_say_why", "agrees"]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields[
            "phone"
        ].help_text = "The number that we call, if you choose a phone call. We send no text messages."
        self.fields[
            "email"
        ].help_text = "For the confirmation and a reminder. For a video call, your advocate sends you the link."


class AnyTimeCallForm(CallForm):
    """The same for a call at any time: by phone."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        del self.fields["way"]
        self.fields["phone"].help_text = "The number that we call. We send no text messages."
        self.fields["email"].help_text = "For the confirmation. You may leave it out."

    def clean(self) -> dict[str, Any]:
        self.cleaned_data["way"] = Conversation.Way.PHONE.value
        return super().clean()


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


class AnyTimeNeedsForm(NeedsForm):
    """And, for a call at any time, which times are good and which are not."""

    heading = ""
    best_time = radios(
        "What is the best time for you?", HelpRequest.BestTime.choices, missing="Choose the best time for you"
    )
    not_times = not_times()
    field_order = ["best_time", "not_times", "access_needs"]

    def clean_not_times(self) -> list[str]:
        return free_enough(self.cleaned_data["not_times"])


QUESTIONS: dict[str, type[QuestionForm]] = {
    "who": WhoForm,
    "where": PlaceForm,
    "zone": ClockForm,
    "time": TimeForm,
    "reach": CallForm,
    "needs": NeedsForm,
}
ANY_TIME_QUESTIONS: dict[str, type[QuestionForm]] = {**QUESTIONS, "reach": AnyTimeCallForm, "needs": AnyTimeNeedsForm}
