"""How to reach a family, with its consent; and the last button, which sends once however often it is pressed."""

import hashlib
from typing import Any
from uuid import UUID, uuid4

from django import forms
from django.core.exceptions import ValidationError
from django.core.signing import BadSignature, Signer

from intake import consent, time_zones
from intake.forms.fields import Choice, Email, Line, Phone, QuestionForm, radios
from intake.models import HelpRequest

SALT = "intake.submission"


class ReachForm(QuestionForm):
    """Name, phone, e-mail, consent. `reach` names the field that decides which of phone and e-mail is needed; what it
    must say for the phone is "phone". Cleaned, `words` are the words of consent that were on the screen."""

    reach = "reach_by"

    name = Line(
        label="Full name",
        max_length=120,
        widget=forms.TextInput(attrs={"autocomplete": "name", "spellcheck": "false", "size": 40}),
        error_messages={
            "required": "Enter your full name",
            "max_length": "Enter a name of 120 characters or fewer",
        },
    )
    phone = Phone(
        label="Phone number",
        judged_by_form=True,
        max_length=40,
        error_messages={"max_length": "Enter a phone number with its area code, for example 312-555-0142"},
    )
    email = Email(
        label="E-mail address",
        max_length=254,
        widget=forms.EmailInput(attrs={"autocomplete": "email", "spellcheck": "false", "size": 40}),
        error_messages={
            "invalid": "Enter an e-mail address, for example name@example.com",
            "max_length": "Enter an e-mail address of 254 characters or fewer",
        },
    )
    may_leave_message = radios(
        "May we leave a message that does not mention health?",
        [("yes", "Yes"), ("no", "No")],
        missing="Choose whether we may leave a message",
        hint="Someone else may hear it. We say our name and number, and nothing about health.",
    )
    agrees = forms.BooleanField(error_messages={"required": "Tick the box if we may contact you"})
    shown = forms.CharField(required=False, widget=forms.HiddenInput)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.words = consent.contact_words()
        self.fields["agrees"].label = self.words
        self.initial.update(agrees=False, shown=_mark(self.words))

    def clean(self) -> dict[str, Any]:
        data = self.cleaned_data
        by_phone = data.get(self.reach) == "phone"
        if by_phone and not data.get("phone") and "phone" not in self.errors:
            self.add_error("phone", "Enter a phone number")
        if data.get(self.reach) and not by_phone and not data.get("email") and "email" not in self.errors:
            self.add_error("email", "Enter an e-mail address")
        if data.get("agrees") and data.pop("shown", "") != _mark(self.words):
            self.data = {**self.data.dict(), "shown": _mark(self.words)}  # type: ignore[attr-defined]
            self.add_error("agrees", "The words beside the box have changed. Read them, and tick the box if you agree")
        return {**data, "words": self.words}


def _mark(words: str) -> str:
    return hashlib.sha256(words.encode()).hexdigest()[:16]


class ContactForm(ReachForm):
    """For the doctor match. The time zone is asked only if the ZIP code did not tell it."""

    reach_by = radios("How should we reach you?", HelpRequest.ReachBy.choices, missing="Choose how we should reach you")
    best_time = radios(
        "What is the best time for you?", HelpRequest.BestTime.choices, missing="Choose the best time for you"
    )
    time_zone = Choice(
        label="Your time zone",
        choices=[("", "Choose a time zone"), *time_zones.CHOICES],
        error_messages={"required": "Choose your time zone", "invalid_choice": "Choose your time zone"},
    )
    field_order = ["name", "reach_by", "phone", "email", "may_leave_message", "best_time", "time_zone", "agrees"]

    def __init__(self, *args: Any, known_zone: str = "", **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["phone"].help_text = "If we should call you. We do not send text messages."
        self.fields["email"].help_text = "If we should write to you, and to confirm that we have your request."
        if known_zone:
            del self.fields["time_zone"]


class SendForm(QuestionForm):
    """The button on the last page. Cleaned, `submission` is a UUID that was made when the page was shown."""

    submission = forms.CharField(widget=forms.HiddenInput, error_messages={"required": "Send it once more"})

    def __init__(self, *args: Any, button: str, **kwargs: Any) -> None:
        self.button = button
        super().__init__(*args, **kwargs)

    def clean_submission(self) -> UUID:
        try:
            return UUID(Signer(salt=SALT).unsign(self.cleaned_data["submission"]))
        except (BadSignature, ValueError) as error:
            raise ValidationError("This page was open for a long time. Check your details and send it again") from error


def new_submission() -> str:
    """A signed name for one sending."""
    return Signer(salt=SALT).sign(str(uuid4()))


def send_again(reason: str, *, button: str) -> SendForm:
    """The same button with a new name for the sending, and why it is shown again."""
    form = SendForm({"submission": new_submission()}, button=button)
    form.add_error(None, reason)
    return form
