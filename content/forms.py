"""What readers write to us about a text."""

from typing import Any

from crispy_forms.helper import FormHelper
from crispy_forms.layout import Submit
from django import forms

from content.correcting import LONGEST
from navigator.security import clean_text


class ErrorReportForm(forms.Form):
    """Cleans to `words` and `revision`, the text that was live when the form was opened (None if it says nonsense)."""

    use_required_attribute = False

    words = forms.CharField(
        label="What is wrong?",
        help_text="Tell us the sentence and what it should say. Leave out names and anything about your own health.",
        max_length=LONGEST,
        widget=forms.Textarea(attrs={"rows": 6}),
        error_messages={
            "required": "Tell us what is wrong",
            "max_length": f"Use {LONGEST:,} characters or fewer",
        },
    )
    revision = forms.IntegerField(required=False, min_value=1, max_value=2**62, widget=forms.HiddenInput)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        del self.fields["words"].widget.attrs["maxlength"]  # a browser would cut what is pasted without a word
        self.helper = FormHelper()
        self.helper.form_show_errors = False  # the page shows the summary, above its heading
        self.helper.add_input(Submit("send", "Send the report"))

    def clean_words(self) -> str:
        words = clean_text(self.cleaned_data["words"], lines=True)
        if not words:
            raise forms.ValidationError(self.fields["words"].error_messages["required"])
        return words

    def clean(self) -> dict[str, Any]:
        """Somebody who tampers with the hidden number reports on the text that is live now."""
        found = super().clean() or {}
        if "revision" in self.errors:
            del self.errors["revision"]
        return {"revision": None, **found}
