"""The ZIP search of the public finder: a plain GET form, so that it needs neither a cookie nor a session."""

from django import forms

from doctors import zipcodes

RADII = [("50", "Within about 50 miles"), ("150", "Within about 150 miles"), ("500", "Within about 500 miles")]
ANYWHERE = "any"
USUAL = "150"


class NearForm(forms.Form):
    """Cleans to `zip` (five digits, of a known prefix) and `radius` (miles, or None for anywhere)."""

    zip = forms.CharField(
        label="ZIP code",
        max_length=40,
        error_messages={"required": "Enter a 5-digit ZIP code.", "max_length": "Enter a 5-digit ZIP code."},
        widget=forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "postal-code", "spellcheck": "false"}),
    )
    radius = forms.ChoiceField(label="How far", required=False, choices=[*RADII, (ANYWHERE, "Any distance")])

    use_required_attribute = False

    def clean_zip(self) -> str:
        code = zipcodes.normalise(self.cleaned_data["zip"])
        if code is None:
            raise forms.ValidationError("Enter a 5-digit ZIP code, for example 60614.")
        if zipcodes.locate(code) is None and not zipcodes.is_military(code):
            raise forms.ValidationError("We could not find that ZIP code. Check it, or choose your state.")
        return code

    def clean_radius(self) -> int | None:
        """A missing radius is the usual one: links and bookmarks may carry the ZIP alone."""
        radius = self.cleaned_data["radius"] or USUAL
        return None if radius == ANYWHERE else int(radius)
