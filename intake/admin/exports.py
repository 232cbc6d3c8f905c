"""The page on which a list of requests becomes a file: which columns, what for, and the password once more.

It takes the list as its address has it narrowed. What stands in the file and in the ledger is left to
`intake.exporting`.
"""

from collections.abc import Iterable
from typing import Any

from django import forms
from django.contrib.auth import authenticate
from django.http import HttpRequest, HttpResponse
from django.utils import timezone

from intake.exporting import COLUMNS, SHORTEST_REASON, USUAL
from navigator.spreadsheets import CONTENT_TYPE

WRONG_PASSWORD = "This is not your password. Type it again."  # noqa: S105  a sentence


class ExportForm(forms.Form):
    """Columns that say who somebody is are only offered with `may_see_personal`."""

    use_required_attribute = False
    columns = forms.MultipleChoiceField(
        label="Columns",
        widget=forms.CheckboxSelectMultiple,
        error_messages={
            "required": "Choose at least one column",
            "invalid_choice": "Choose columns from the list",
            "invalid_list": "Choose columns from the list",
        },
    )
    reason = forms.CharField(
        label="What is the file for?",
        help_text=f"{SHORTEST_REASON} characters or more, without a name. Leads and auditors read it.",
        min_length=SHORTEST_REASON,
        max_length=200,
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
        error_messages={
            "required": "Say what the file is for",
            "min_length": f"Say what the file is for, in {SHORTEST_REASON} characters or more",
            "max_length": "Say it in 200 characters or fewer",
        },
    )
    password = forms.CharField(
        label="Your password",
        help_text="Once more, because a file leaves the site.",
        max_length=4096,
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "current-password"}),
        error_messages={"required": "Type your password", "max_length": WRONG_PASSWORD},
    )

    def __init__(self, data: Any = None, *, request: HttpRequest, may_see_personal: bool) -> None:
        super().__init__(data, initial={"columns": USUAL}, auto_id="export-%s", label_suffix="")
        self.request = request
        field: Any = self.fields["columns"]
        field.choices = list(_choices(may_see_personal))
        for name, each in self.fields.items():
            told = [f"export-{name}-help"] if each.help_text else []
            told += [f"export-{name}-error"] if self.is_bound and name in self.errors else []
            if name != "columns" and told:
                each.widget.attrs["aria-describedby"] = " ".join(told)

    def clean_password(self) -> str:
        """The same check as at the door, so that guesses here count as guesses there."""
        user: Any = self.request.user
        found = authenticate(self.request, username=user.get_username(), password=self.cleaned_data["password"])
        if found is None or found.pk != user.pk:
            raise forms.ValidationError(WRONG_PASSWORD)
        return ""


def _choices(may_see_personal: bool) -> Iterable[tuple[str, str]]:
    for name, column in COLUMNS.items():
        if not column.personal:
            yield name, column.label
        elif may_see_personal:
            yield name, f"{column.label} (personal)"


def attachment(text: str) -> HttpResponse:
    """The file as an answer to who asked; as any page of the admin it is kept by nobody on the way."""
    name = f"requests-{timezone.localdate():%Y-%m-%d}.csv"
    headers = {"Content-Disposition": f'attachment; filename="{name}"'}
    return HttpResponse(text.encode(), content_type=CONTENT_TYPE, headers=headers)
