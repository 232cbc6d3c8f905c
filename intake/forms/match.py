"""The seven questions of the doctor match, in their order."""

from typing import Any

from django import forms

from doctors import states, zipcodes
from intake.forms.fields import Choice, Line, QuestionForm, radios

NOT_SURE = ("not_sure", "I am not sure")
PREFER_NOT = ("prefer_not", "I prefer not to say")


class WhoForm(QuestionForm):
    heading = "for_whom"
    for_whom = radios(
        "Who is this for?",
        [("me", "Me"), ("someone", "Someone I care for"), ("clinician", "I am a clinician"), ("unsaid", PREFER_NOT[1])],
        missing="Choose who this is for, or “I prefer not to say”",
        hint="So that we use the right words.",
    )


class ToldForm(QuestionForm):
    heading = "disease"
    disease = radios(
        "What have you been told?",
        [
            ("pleural", "Mesothelioma in the lining of the lung (pleural)"),
            ("peritoneal", "Mesothelioma in the belly (peritoneal)"),
            ("other", "Mesothelioma in another place"),
            ("suspected", "It might be mesothelioma"),
            NOT_SURE,
        ],
        missing="Choose what you have been told, or “I am not sure”",
        hint="Different teams treat different places in the body.",
    )


class WhereForm(QuestionForm):
    """A ZIP code, or a state for who has none that is on a map. Cleaned, only one of the two is left."""

    heading = "zip"
    zip = Line(
        label="Where do you live?",
        help_text="A 5-digit ZIP code, for example 60614. We use it to measure miles.",
        judged_by_form=True,
        max_length=20,
        widget=forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "postal-code"}),
        error_messages={"max_length": "Enter a 5-digit ZIP code, for example 60614"},
    )
    state = Choice(
        label="Or choose your state",
        help_text="We use the state if there is no ZIP code, or if we cannot find it.",
        choices=[("", "Choose a state"), *states.CHOICES, PREFER_NOT],
        judged_by_form=True,
        error_messages={"invalid_choice": "Choose a state from the list"},
    )

    def clean(self) -> dict[str, Any]:
        data = self.cleaned_data
        typed, state = data.get("zip", ""), data.get("state", "")
        zip_code = zipcodes.normalise(typed.replace(" ", ""))
        if zip_code and zipcodes.locate(zip_code):
            return {"zip": zip_code, "state": ""}
        if self.errors:
            return data
        if state:
            return {"zip": "", "state": state}
        self.add_error("zip", _why_not(typed, zip_code))
        return data


def _why_not(typed: str, zip_code: str | None) -> str:
    if not typed:
        return "Enter a 5-digit ZIP code, or choose your state"
    if not zip_code:
        return "Enter a 5-digit ZIP code, for example 60614"
    if zipcodes.is_military(zip_code):
        return "This is a military address (APO, FPO or DPO) and has no place on a map. Choose a state to search in"
    return "We could not find that ZIP code. Check it, or choose your state"


class TravelForm(QuestionForm):
    heading = "travel"
    travel = radios(
        "How far could you travel for a first visit?",
        [
            ("50", "Near home (about 50 miles)"),
            ("150", "Up to 150 miles"),
            ("any", "Anywhere"),
            ("video", "Video first, if it is offered"),
            NOT_SURE,
        ],
        missing="Choose how far you could travel, or “I am not sure”",
        hint="You can change this when you see the list. If you are not sure, we look everywhere.",
    )


class HelpForm(QuestionForm):
    heading = "wants"
    wants = forms.MultipleChoiceField(
        label="What would help most?",
        help_text="Choose all that fit.",
        choices=[
            ("diagnosis", "Check the diagnosis"),
            ("stage", "Check the stage"),
            ("surgery", "Talk about surgery"),
            ("drugs", "Talk about drug treatment"),
            ("trials", "Clinical trials"),
            NOT_SURE,
        ],
        widget=forms.CheckboxSelectMultiple,
        error_messages={
            "required": "Choose what would help, or “I am not sure”",
            "invalid_choice": "Choose from the list, or “I am not sure”",
            "invalid_list": "Choose from the list, or “I am not sure”",
        },
    )


class CoverForm(QuestionForm):
    heading = "cover"
    cover = radios(
        "How do you pay for care?",
        [
            ("medicare", "Medicare"),
            ("advantage", "Medicare Advantage"),
            ("medicaid", "Medicaid"),
            ("plan", "Through work, or a plan I bought"),
            ("va", "VA health care"),
            ("none", "I have no cover"),
            NOT_SURE,
            PREFER_NOT,
        ],
        required=False,
        hint="So that we can say what to ask about costs. We do not keep this answer.",
    )


class ServedForm(QuestionForm):
    heading = "served"
    served = radios(
        "Have you served in the military?",
        [("yes", "Yes"), ("no", "No"), NOT_SURE, PREFER_NOT],
        required=False,
        hint="Or the person this is for. Veterans can use some places that others cannot.",
    )


QUESTIONS: dict[str, type[QuestionForm]] = {
    "who": WhoForm,
    "told": ToldForm,
    "where": WhereForm,
    "travel": TravelForm,
    "help": HelpForm,
    "cover": CoverForm,
    "served": ServedForm,
}
