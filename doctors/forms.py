"""The search of the public finder: a plain GET form, so that it needs neither a cookie nor a session, and a list can be
kept, shared and printed."""

from functools import lru_cache
from typing import Any, cast

from django import forms
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString, mark_safe

from doctors import zipcodes
from doctors.criteria import FIT, MILES, RECORDS, TRAVEL, VIDEO, Criteria
from doctors.needs import NEEDS
from doctors.states import CHOICES

RADII = [("50", "Within about 50 miles"), ("150", "Within about 150 miles"), ("500", "Within about 500 miles")]
ANYWHERE = "any"
USUAL = "150"
VETERANS = "va"
KINDS = [("", "Any kind, or not sure"), *((kind, NEEDS[kind].label) for kind in ("pleural", "peritoneal"))]
WAYS = [
    (TRAVEL, "Travel to a team"),
    (VIDEO, "See a doctor by video"),
    (RECORDS, "Send slides and scans only"),
]
FILTERS = ("surgery", "hipec", "trials", "team", "remote", "nci", "self_referral")
HAS = [*((need, NEEDS[need].label) for need in FILTERS), (VETERANS, "VA care: for veterans enrolled in it")]
ORDERS = [(FIT, "What fits best first"), (MILES, "The nearest first")]
USUAL_CHOICES = {"radius": USUAL, "way": TRAVEL}
SHOWN = (10, 25, 50, 100)  # places on one page; more than that is no list for a family
Choices = tuple[tuple[str, str], ...]
_MARK = {True: mark_safe(" selected"), False: ""}
NEITHER = "Enter a 5-digit ZIP code, or choose a state."


class QuickSelect(forms.Select):
    """A list of choices written at once: a template for each of fifty states costs more than the search itself."""

    def render(self, name: str, value: Any, attrs: Any = None, renderer: Any = None) -> SafeString:
        options = _options(cast(Choices, tuple(self.choices)), str(value or ""))
        return format_html('<select name="{}" id="{}">{}</select>', name, (attrs or {}).get("id", ""), options)


def _options(choices: Choices, chosen: str) -> SafeString:
    return _written(choices, chosen if chosen in dict(choices) else "")


@lru_cache(maxsize=200)
def _written(choices: Choices, chosen: str) -> SafeString:
    rows = ((key, _MARK[key == chosen], label) for key, label in choices)
    return format_html_join("", '<option value="{}"{}>{}</option>', rows)


class NearForm(forms.Form):
    """Cleans to `zip` (five digits of a known prefix, or "" where the state is chosen), `radius` (miles, or None for
    anywhere) and the choices. What is left out is the usual: links and bookmarks may carry the ZIP alone."""

    zip = forms.CharField(
        label="ZIP code",
        max_length=40,
        required=False,
        error_messages={"max_length": "Enter a 5-digit ZIP code."},
        widget=forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "postal-code", "spellcheck": "false"}),
    )
    radius = forms.ChoiceField(
        label="How far", required=False, choices=[*RADII, (ANYWHERE, "Any distance")], widget=QuickSelect
    )
    state = forms.ChoiceField(
        label="State", required=False, choices=[("", "Choose a state"), *CHOICES], widget=QuickSelect
    )
    way = forms.ChoiceField(
        label="How would you like to get the second opinion?",
        required=False,
        choices=WAYS,
        widget=forms.RadioSelect,
    )
    kind = forms.ChoiceField(label="Kind of mesothelioma", required=False, choices=KINDS, widget=QuickSelect)
    has = forms.MultipleChoiceField(
        label="What the place should have", required=False, choices=HAS, widget=forms.CheckboxSelectMultiple
    )
    sort = forms.ChoiceField(label="Order", required=False, choices=ORDERS, widget=QuickSelect)

    use_required_attribute = False

    def clean_zip(self) -> str:
        typed = self.cleaned_data["zip"]
        if not typed.strip():
            return ""
        code = zipcodes.normalise(typed)
        if code is None:
            raise forms.ValidationError("Enter a 5-digit ZIP code, for example 60614.")
        if zipcodes.locate(code) is None and not zipcodes.is_military(code):
            raise forms.ValidationError("We could not find that ZIP code. Check it, or choose your state.")
        return code

    def clean_radius(self) -> int | None:
        radius = self.cleaned_data["radius"] or USUAL
        return None if radius == ANYWHERE else int(radius)

    def clean(self) -> None:
        if "zip" in self.cleaned_data and not self.cleaned_data["zip"] and not self.cleaned_data.get("state"):
            self.add_error("zip", NEITHER)

    def criteria(self) -> Criteria | None:
        """What a valid form asks for. None for a military ZIP code without a state: it has no place."""
        given = self.cleaned_data
        place = zipcodes.locate(given["zip"]) if given["zip"] else None
        if place is None and not given["state"]:
            return None
        has = set(given["has"])
        return Criteria(
            place=place,
            state=given["state"],
            disease=given["kind"] or "not_sure",
            radius=given["radius"],
            needs=frozenset((has - {VETERANS}) | ({given["kind"]} - {""})),
            only_veterans=VETERANS in has,
            way=given["way"] or TRAVEL,
            order=given["sort"] or FIT,
        )
