"""Fields that forgive how people type, and the form that asks one question."""

from typing import Any

import phonenumbers
from crispy_forms.helper import FormHelper
from crispy_forms.layout import Submit
from django import forms
from django.core.exceptions import ValidationError

from navigator.security import clean_text

LONGEST_TRAPPED = 100

Choices = list[tuple[str, str]]

EMAIL_ERRORS = {
    "required": "Enter your e-mail address",
    "invalid": "Enter an e-mail address, for example name@example.com",
    "max_length": "Enter an e-mail address of 254 characters or fewer",
}
NO_NUMBER = "Enter a phone number with its area code, for example 312-555-0142"


class QuestionForm(forms.Form):
    """`heading` names the field whose label is the page's H1; "" if the page has a heading of its own."""

    use_required_attribute = False
    heading = ""
    button = "Continue"

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.helper = FormHelper()
        self.helper.heading_field = self.heading
        self.helper.form_show_errors = False  # the page shows the summary, above its heading
        self.helper.add_input(Submit("continue", self.button))


class Line(forms.CharField):
    """One line of text, cleaned before it is checked. With `judged_by_form` the form says when it may not be empty, and
    its label carries no "(optional)"."""

    def __init__(self, *, judged_by_form: bool = False, **kwargs: Any) -> None:
        self.judged_by_form = judged_by_form
        super().__init__(**kwargs)

    def to_python(self, value: Any) -> str:
        return clean_text(super().to_python(value) or "")

    def validate(self, value: Any) -> None:
        if not self.judged_by_form:
            super().validate(value)


class Email(forms.EmailField):
    """An e-mail address of 254 characters at most (RFC 5321); the form says when it may not be empty."""

    default_error_messages = {**EMAIL_ERRORS}

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**{"max_length": 254, **kwargs})

    def to_python(self, value: Any) -> str:
        return clean_text(super().to_python(value) or "")

    def validate(self, value: Any) -> None:
        """Nothing: see the class."""


class Phone(Line):
    """A phone number in any spelling, kept as E.164. A number without a country is a US number."""

    widget = forms.TextInput(attrs={"type": "tel", "autocomplete": "tel", "size": 20})
    default_error_messages = {"max_length": NO_NUMBER}

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**{"max_length": 40, **kwargs})

    def to_python(self, value: Any) -> str:
        typed = super().to_python(value)
        if not typed:
            return ""
        try:
            number = phonenumbers.parse(typed, "US")
        except phonenumbers.NumberParseException:
            number = None
        if number is None or not phonenumbers.is_valid_number(number):
            raise ValidationError(NO_NUMBER)
        return phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)

    def prepare_value(self, value: Any) -> Any:
        """E.164 of a US number as Americans write it."""
        is_ours = isinstance(value, str) and len(value) == 12 and value.startswith("+1") and value[1:].isdigit()
        return f"{value[2:5]}-{value[5:8]}-{value[8:]}" if is_ours else value


class Choice(forms.ChoiceField):
    """A list to choose from; with `judged_by_form` as in `Line`."""

    def __init__(self, *, judged_by_form: bool = False, **kwargs: Any) -> None:
        self.judged_by_form = judged_by_form
        super().__init__(**kwargs)

    def validate(self, value: Any) -> None:
        if value or not self.judged_by_form:
            super().validate(value)


class SeveralOrNone(forms.MultipleChoiceField):
    """Any of a list; the form says when none is too few, and its label carries no "(optional)"."""

    widget = forms.CheckboxSelectMultiple

    def validate(self, value: Any) -> None:
        if value:
            super().validate(value)


class Trap(Line):
    """A field that people neither see nor reach by keyboard; what fills it in is a machine. Never an error."""

    wrapper_class = "trap"
    widget = forms.TextInput(attrs={"autocomplete": "off", "tabindex": "-1"})

    def __init__(self) -> None:
        super().__init__(label="Leave this field empty", judged_by_form=True)

    def to_python(self, value: Any) -> str:
        return super().to_python(value)[:LONGEST_TRAPPED]


def radios(label: str, choices: Choices, *, missing: str = "", required: bool = True, hint: str = "") -> Choice:
    """One of a few answers, none chosen beforehand. `missing` is said when none was chosen."""
    return Choice(
        label=label,
        help_text=hint,
        choices=choices,
        required=required,
        widget=forms.RadioSelect,
        error_messages={"required": missing, "invalid_choice": missing or "Choose one of the answers"},
    )
