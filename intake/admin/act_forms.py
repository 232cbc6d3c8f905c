"""What the forms on a request's page have in common. Each carries the last line of history that was on the screen."""

from typing import Any

from django import forms
from django.utils import timezone

from intake import notes, time_zones
from intake.models import Conversation, HelpRequest, Participant, PlanItem, Sharing

HOW = [
    ("phone", "On the phone"),
    ("letter", "In a letter"),
    ("e-mail", "In an e-mail"),
    ("in person", "In person"),
]


def date_field(label: str, *, required: bool = True) -> forms.DateField:
    return forms.DateField(
        label=label,
        required=required,
        widget=forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"}),
        error_messages={"required": "Choose a day", "invalid": "Enter a date such as 2026-12-31"},
    )


def choice_field(label: str, choices: Any, empty: str, *, required: bool = True) -> forms.ChoiceField:
    return forms.ChoiceField(
        label=label,
        required=required,
        choices=[("", empty), *choices],
        error_messages={"required": empty, "invalid_choice": empty},
    )


def text_field(label: str, empty: str, *, longest: int = notes.LONGEST, rows: int = 3) -> forms.CharField:
    widget = forms.Textarea(attrs={"rows": rows}) if rows > 1 else forms.TextInput()
    errors = {"required": empty, "max_length": f"Write {longest:,} characters or fewer"}
    return forms.CharField(label=label, max_length=longest, widget=widget, error_messages=errors)


class RowField(forms.ModelChoiceField):
    """One row that belongs to the request; the form says which may be chosen."""

    def __init__(self, model: Any, label: str, empty: str) -> None:
        errors = {"required": empty, "invalid_choice": empty}
        super().__init__(model.objects.none(), label=label, empty_label=empty, error_messages=errors)

    def label_from_instance(self, obj: Any) -> str:
        if isinstance(obj, PlanItem):
            return (obj.text or "")[:80]
        if isinstance(obj, Conversation):
            return time_zones.in_words(obj.starts_at, obj.help_request.time_zone)
        if isinstance(obj, Participant):
            return f"{obj.name}, {obj.get_role_display().lower()}"
        return obj.receiver or "" if isinstance(obj, Sharing) else str(obj)


class ActForm(forms.Form):
    """`seen` is refused when somebody changed the request meanwhile (`intake.admin.requests`). Times that are typed are
    on the family's clock."""

    use_required_attribute = False
    seen = forms.IntegerField(widget=forms.HiddenInput)

    def __init__(self, *args: Any, row: HelpRequest, user: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.row, self.user = row, user
        for name, rows in self.rows().items():
            field: Any = self.fields[name]
            field.queryset = rows

    def rows(self) -> dict[str, Any]:
        """Which rows each RowField offers."""
        return {}

    def full_clean(self) -> None:
        with timezone.override(self.row.zone):
            super().full_clean()


class WritingForm(ActForm):
    """An act after which the family can be written to: the next page shows the message first."""

    write = forms.BooleanField(required=False, label="Write to the family too (you see the message first)")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["write"] = self.fields.pop("write")  # asked last


class PreviewForm(forms.Form):
    """The second step: the message as it will stand on the family's page."""

    use_required_attribute = False
    message = text_field("Message to the family", "Write the message, or tick the box below", rows=8)
    silent = forms.BooleanField(required=False, label="Do not write to the family")

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        if cleaned.get("silent"):
            self.errors.pop("message", None)
            cleaned["message"] = ""
        return cleaned
