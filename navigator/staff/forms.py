"""The forms of the door."""

from typing import Any

from django import forms
from django.contrib.admin.forms import AdminAuthenticationForm
from django.core.exceptions import ValidationError

from navigator.security import clean_text
from navigator.staff.backends import BLOCKED

TOO_MANY = "There were too many tries. Wait 15 minutes, or ask a lead to let you try again."


class SignInForm(AdminAuthenticationForm):
    """Name and password. The same words whether there is such an account."""

    error_messages = {
        **AdminAuthenticationForm.error_messages,
        "invalid_login": "The name and the password do not fit together. Both must be typed exactly.",
    }

    def get_invalid_login_error(self) -> ValidationError:
        if getattr(self.request, BLOCKED, False):
            return ValidationError(TOO_MANY, code="blocked")
        return super().get_invalid_login_error()


class CodeForm(forms.Form):
    """Six digits, or a code on paper."""

    use_required_attribute = False
    code = forms.CharField(
        label="Code",
        max_length=40,
        widget=forms.TextInput(attrs={"autocomplete": "one-time-code", "inputmode": "text", "autofocus": True}),
        error_messages={
            "required": "Enter the six digits of your app",
            "max_length": "Enter the six digits of your app, or a code of your list",
        },
    )

    def clean_code(self) -> str:
        return clean_text(self.cleaned_data["code"])

    def refuse(self, why: str) -> None:
        self.add_error("code", why)

    def described(self) -> Any:
        """The id of what is wrong, for the field."""
        return f"{self['code'].auto_id}_error" if self.errors else ""
