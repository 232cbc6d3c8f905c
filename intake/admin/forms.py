"""The small forms on a request's page. Each carries the last line of history that was on the screen."""

from typing import Any

from django import forms

from intake import routing, triage
from intake.models import Advocate, HelpRequest


class ActForm(forms.Form):
    """`seen` is refused when somebody changed the request meanwhile (`intake.admin.requests`)."""

    use_required_attribute = False
    seen = forms.IntegerField(widget=forms.HiddenInput)

    def __init__(self, *args: Any, row: HelpRequest, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.row = row


class TakeForm(ActForm):
    pass


class AdvocateField(forms.ModelChoiceField):
    """Each advocate with what speaks against them, so that a lead decides with open eyes."""

    row: HelpRequest

    def label_from_instance(self, obj: Any) -> str:
        against = routing.refusal(obj, self.row, open_requests=obj.open_requests)
        return f"{obj} ({against})" if against else str(obj)


class ReassignForm(ActForm):
    to = AdvocateField(
        Advocate.objects.none(),
        label="To",
        empty_label="Choose an advocate",
        error_messages={"required": "Choose an advocate", "invalid_choice": "Choose an advocate from the list"},
    )
    reason = forms.CharField(
        max_length=120, label="Why, in a few words", error_messages={"required": "Say why in a few words"}
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        others = routing.loaded(Advocate.objects.active()).exclude(pk=self.row.advocate_id or 0)
        field: Any = self.fields["to"]
        field.row = self.row
        field.queryset = others.prefetch_related("working_hours", "days_off")


class CallForm(ActForm):
    result = forms.ChoiceField(
        choices=[("", "Choose how it went"), *triage.RESULTS.items()],
        label="How did it go?",
        error_messages={"required": "Choose how it went", "invalid_choice": "Choose how it went"},
    )


class NextStepForm(ActForm):
    step = forms.CharField(
        max_length=2000,
        label="What happens next",
        widget=forms.Textarea(attrs={"rows": 3}),
        error_messages={"required": "Write what happens next"},
    )
    on = forms.DateField(
        required=False,
        label="On",
        widget=forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"}),
        error_messages={"invalid": "Enter a date such as 2026-12-31"},
    )


class CloseForm(ActForm):
    outcome = forms.ChoiceField(
        choices=[("", "Choose an outcome"), *HelpRequest.Outcome.choices],
        label="Outcome",
        error_messages={"required": "Choose an outcome", "invalid_choice": "Choose an outcome"},
    )


def warning(row: HelpRequest, user: Any) -> str:
    """Why `user` had better not take this request; empty if nothing speaks against it."""
    own = routing.loaded(Advocate.objects.filter(user=user)).prefetch_related("days_off").first()
    return routing.refusal(own, row, open_requests=own.open_requests) if own else ""  # type: ignore[attr-defined]
