"""The small forms on a request's page. Each carries the last line of history that was on the screen."""

from typing import Any

from django import forms

from intake import triage
from intake.models import Advocate, HelpRequest


class ActForm(forms.Form):
    """`seen` is refused when somebody changed the request meanwhile (`intake.admin.requests`)."""

    use_required_attribute = False
    seen = forms.IntegerField(widget=forms.HiddenInput)


class TakeForm(ActForm):
    pass


class ReassignForm(ActForm):
    to = forms.ModelChoiceField(Advocate.objects.none(), label="To", empty_label="Choose an advocate")
    reason = forms.CharField(max_length=120, label="Why, in a few words")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["to"].queryset = Advocate.objects.active()  # type: ignore[attr-defined]


class CallForm(ActForm):
    result = forms.ChoiceField(choices=[("", "Choose how it went"), *triage.RESULTS.items()], label="How did it go?")


class NextStepForm(ActForm):
    step = forms.CharField(max_length=2000, label="What happens next", widget=forms.Textarea(attrs={"rows": 3}))
    on = forms.DateField(required=False, label="On", widget=forms.DateInput(attrs={"placeholder": "2026-12-31"}))


class CloseForm(ActForm):
    outcome = forms.ChoiceField(choices=[("", "Choose an outcome"), *HelpRequest.Outcome.choices], label="Outcome")
