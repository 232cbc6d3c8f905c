"""The small forms on a request's page: about the case, the calls and the plan."""

from datetime import UTC, datetime
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone

from intake import booking, building_blocks, calling, merging, planning, routing, time_zones, triage
from intake.admin.act_forms import HOW, ActForm, RowField, WritingForm, choice_field, date_field, text_field
from intake.admin.scope import seen_by
from intake.models import Advocate, Conversation, HelpRequest, PlanItem, Step

CLOCK = "%Y-%m-%dT%H:%M"


class TakeForm(WritingForm):
    pass


class AdvocateField(forms.ModelChoiceField):
    """Each advocate with what speaks against them, so that a lead decides with open eyes."""

    row: HelpRequest | None = None

    def label_from_instance(self, obj: Any) -> str:
        against = routing.refusal(obj, self.row, open_requests=obj.open_requests) if self.row else ""
        return f"{obj} ({against})" if against else str(obj)


def _to() -> AdvocateField:
    return AdvocateField(
        Advocate.objects.none(),
        label="To",
        empty_label="Choose an advocate",
        error_messages={"required": "Choose an advocate", "invalid_choice": "Choose an advocate from the list"},
    )


def _why() -> forms.CharField:
    return text_field("Why, in a few words", "Say why in a few words", longest=120, rows=1)


class ReassignForm(ActForm):
    to = _to()
    reason = _why()

    def rows(self) -> dict[str, Any]:
        field: Any = self.fields["to"]
        field.row = self.row
        others = routing.loaded(Advocate.objects.active()).exclude(pk=self.row.advocate_id or 0)
        return {"to": others.select_related("user").prefetch_related("working_hours", "days_off")}


class GiveManyForm(forms.Form):
    """Several requests at once to one advocate."""

    use_required_attribute = False
    to = _to()
    reason = _why()

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field: Any = self.fields["to"]
        field.queryset = Advocate.objects.active()


class CallForm(WritingForm):
    result = choice_field("How did it go?", triage.RESULTS.items(), "Choose how it went")
    next_try = forms.DateTimeField(
        required=False,
        label="If you did not reach them: try again at (their clock)",
        input_formats=[CLOCK, "%Y-%m-%d %H:%M"],
        widget=forms.DateTimeInput(format=CLOCK, attrs={"type": "datetime-local"}),
        error_messages={"invalid": "Enter a day and a time such as 2026-12-31 14:30"},
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if not self.row.may_leave_message:
            results: Any = self.fields["result"]
            results.choices = [choice for choice in results.choices if choice[0] != "left_message"]
        if not self.is_bound and self.row.advocate_id:
            self.initial["next_try"] = calling.next_try(self.row).astimezone(self.row.zone).strftime(CLOCK)

    def clean_next_try(self) -> datetime | None:
        """A try that reached them has no next one: what was proposed in the field is let go."""
        return None if self.data.get("result") in ("reached", "wrong_number") else self.cleaned_data["next_try"]


class NextStepForm(ActForm):
    step = text_field("What happens next", "Write what happens next")
    on = date_field("On", required=False)


class ReasonForm(ActForm):
    reason = text_field("What you need help with", "Say why in a few words", longest=500, rows=2)


class NoteForm(ActForm):
    body = text_field("Note", "Write something first")


class MessageForm(ActForm):
    body = text_field("Message", "Write something first", rows=5)


class StepForm(ActForm):
    code = choice_field("Step", Step.Code.choices, "Choose a step")
    on = date_field("Done on")

    def clean_on(self) -> Any:
        day = self.cleaned_data["on"]
        if day.year < timezone.now().year - 1:
            raise ValidationError("Choose a day of this year or the last")
        return day


class UndoStepForm(ActForm):
    code = choice_field("Step", Step.Code.choices, "Choose a step")


class ConversationForm(ActForm):
    conversation = RowField(Conversation, "Which", "Choose the half hour")

    def rows(self) -> dict[str, Any]:
        return {
            "conversation": self.row.conversations.standing()
            .filter(starts_at__lte=timezone.now())
            .select_related("help_request")
        }


class PlanForm(ActForm):
    kind = choice_field("Kind of line", PlanItem.Kind.choices, "Choose what kind of line this is")
    text = forms.CharField(
        label="Line",
        max_length=planning.LONGEST,
        widget=forms.TextInput(attrs={"list": "building-blocks"}),
        error_messages={
            "required": "Write the line",
            "max_length": f"Write {planning.LONGEST} characters or fewer",
        },
    )
    responsible = choice_field("Who does it", PlanItem.Who.choices, "As in the building block", required=False)
    due_on = date_field("By", required=False)

    def clean(self) -> dict[str, Any]:
        """Of a step that was built from a block, the block says who does it unless the advocate does."""
        data = super().clean() or {}
        if data.get("kind") == PlanItem.Kind.STEP and not data.get("responsible"):
            data["responsible"] = building_blocks.responsible(data.get("text", ""))
        return data


class PlanItemForm(ActForm):
    item = RowField(PlanItem, "Line", "Choose a line")

    def rows(self) -> dict[str, Any]:
        return {"item": self.row.plan_items.all()}


class DoneItemForm(PlanItemForm):
    def rows(self) -> dict[str, Any]:
        return {"item": self.row.plan_items.filter(done_on=None)}


class MergeForm(ActForm):
    """Only with what has an address or a number in common, and what the reader may see anyway."""

    other = RowField(HelpRequest, "The other one (the older of the two goes on)", "Choose the other request")

    def rows(self) -> dict[str, Any]:
        same = [each.pk for each in merging.duplicates(self.row)]
        return {"other": seen_by(self.user, HelpRequest.objects.open().filter(pk__in=same).only("pk", "reference"))}


class HowForm(ActForm):
    how = choice_field("How they said it", HOW, "Choose how they said it")


class AheadForm(ConversationForm):
    """A booked half hour that has not begun."""

    def rows(self) -> dict[str, Any]:
        ahead = self.row.conversations.standing().filter(starts_at__gt=timezone.now())
        return {"conversation": ahead.select_related("help_request")}


class MoveForm(AheadForm):
    starts_at = choice_field("To (their clock)", [], "Choose one of the times")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        row, field = self.row, self.fields["starts_at"]
        times = booking.open_times(state=row.state, language=row.language, zone=row.zone)
        field.choices = [  # type: ignore[attr-defined]
            ("", "Choose one of the times"),
            *((f"{at:%Y-%m-%dT%H:%MZ}", time_zones.in_words(at, row.time_zone)) for at in times),
        ]

    def clean_starts_at(self) -> datetime:
        return datetime.strptime(self.cleaned_data["starts_at"], "%Y-%m-%dT%H:%MZ").replace(tzinfo=UTC)


class WaitForm(WritingForm):
    pass


class ReopenForm(WritingForm):
    pass


class CloseForm(WritingForm):
    outcome = choice_field(
        "Outcome",
        [pair for pair in HelpRequest.Outcome.choices if pair[0] != HelpRequest.Outcome.DUPLICATE],
        "Choose an outcome",
    )


def warning(row: HelpRequest, user: Any) -> str:
    """Why `user` had better not take this request; empty if nothing speaks against it."""
    own = routing.loaded(Advocate.objects.filter(user=user)).prefetch_related("days_off").first()
    return routing.refusal(own, row, open_requests=own.open_requests) if own else ""  # type: ignore[attr-defined]
