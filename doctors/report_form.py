"""What a family tells us about a listing."""

from typing import Any

from crispy_forms.helper import FormHelper
from crispy_forms.layout import Submit
from django import forms

from doctors.models import Report
from doctors.reporting import LONGEST
from navigator.security import clean_text


class ReportForm(forms.Form):
    """Cleans to `problem` and `words`, which may be empty unless the problem is "Something else"."""

    use_required_attribute = False

    problem = forms.ChoiceField(
        label="What is wrong?",
        choices=Report.Problem.choices,
        widget=forms.RadioSelect,
        error_messages={"required": "Choose what is wrong", "invalid_choice": "Choose what is wrong"},
    )
    words = forms.CharField(
        label="Tell us more",
        help_text="For example, the right phone number. Leave out names and anything about your own health.",
        required=False,
        max_length=LONGEST,
        widget=forms.Textarea(attrs={"rows": 6}),
        error_messages={"max_length": f"Use {LONGEST:,} characters or fewer"},
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        del self.fields["words"].widget.attrs["maxlength"]  # a browser would cut what is pasted without a word
        self.helper = FormHelper()
        self.helper.form_show_errors = False  # the page shows the summary, above its heading
        self.helper.disable_csrf = True  # a token needs a cookie: see the view
        self.helper.add_input(Submit("send", "Send the report"))

    def clean_words(self) -> str:
        words = clean_text(self.cleaned_data["words"], lines=True)
        if not words and self.cleaned_data.get("problem") == Report.Problem.OTHER:
            raise forms.ValidationError("Tell us what is wrong")
        return words
