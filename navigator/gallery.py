"""The form that the component gallery shows: one field of each kind, each with a hint and with an error."""

from crispy_forms.helper import FormHelper
from crispy_forms.layout import Submit
from django import forms


class GalleryForm(forms.Form):
    """Stores nothing. Bound to an empty dictionary, it shows every error that the pack can draw."""

    use_required_attribute = False

    zip = forms.CharField(
        label="Where do you live?",
        help_text="A 5-digit ZIP code, for example 60614",
        widget=forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "postal-code"}),
        error_messages={"required": "Enter a 5-digit ZIP code"},
    )
    who = forms.ChoiceField(
        label="Who is this for?",
        choices=[("me", "Me"), ("other", "Someone I care for"), ("not_sure", "I am not sure")],
        widget=forms.RadioSelect,
        error_messages={"required": "Choose who this is for"},
    )
    wants = forms.MultipleChoiceField(
        label="What would help most?",
        help_text="Choose all that fit",
        choices=[("diagnosis", "Check the diagnosis"), ("stage", "Check the stage"), ("not_sure", "I am not sure")],
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": "Choose at least one answer"},
    )
    state = forms.ChoiceField(label="State", choices=[("", "Choose a state"), ("IL", "Illinois")], required=False)
    note = forms.CharField(
        label="Anything we should know to help you take part?",
        help_text="Do not include your Social Security number",
        widget=forms.Textarea(attrs={"rows": 4}),
        required=False,
    )
    agrees = forms.BooleanField(
        label="I agree to be contacted about my request",
        error_messages={"required": "Tick the box if we may contact you"},
    )

    def __init__(self, data: dict[str, str] | None = None, *, prefix: str) -> None:
        super().__init__(data, prefix=prefix)
        self.helper = FormHelper()
        self.helper.add_input(Submit("continue", "Continue"))
        self.helper.disable_csrf = True  # it goes nowhere
        self.helper.form_method = "get"

    def clean(self) -> None:
        if self.is_bound and not self.cleaned_data.get("note"):
            self.add_error(None, "That time has just been taken. Choose another time")
