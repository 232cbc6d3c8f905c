"""How to reach a family, with its consent; and the last button, which sends once however often it is pressed."""

import hashlib
from typing import Any
from uuid import UUID, uuid4

from django import forms
from django.core.exceptions import ValidationError
from django.core.signing import BadSignature, Signer

from intake import consent, time_zones
from intake.forms.fields import Choice, Email, Line, Phone, QuestionForm, SeveralOrNone, Trap, radios
from intake.models import HelpRequest

SALT = "intake.submission"
CHANGED = "Your answers have changed since this page was shown. Look through them, then send them"


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
    )
    email = Email(
        label="E-mail address",
        widget=forms.EmailInput(attrs={"autocomplete": "email", "spellcheck": "false", "size": 40}),
    )
    may_leave_message = radios(
        "May we leave a message that does not mention health?",
        [("yes", "Yes"), ("no", "No")],
        missing="Choose whether we may leave a message",
        hint="Someone else may hear it. We say our name and number, and nothing about health.",
    )
    may_say_why = Choice(
        label="If somebody else answers, may we say why we call?",
        help_text="If not, we say our name and ask when to call again.",
        choices=[("no", "No"), ("yes", "Yes")],
        initial="no",
        judged_by_form=True,
        widget=forms.RadioSelect,
        error_messages={"invalid_choice": "Choose whether we may say why we call"},
    )
    agrees = forms.BooleanField(error_messages={"required": "Tick the box if we may contact you"})
    shown = forms.CharField(required=False, widget=forms.HiddenInput)
    website = Trap()  # suspecting.TRAP

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.words = consent.contact_words()
        self.fields["agrees"].label = self.words
        self.initial.update(agrees=False, shown=_mark(self.words))

    def clean_may_say_why(self) -> str:
        """Whoever says nothing says no."""
        return self.cleaned_data["may_say_why"] or "no"

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


def not_times() -> forms.MultipleChoiceField:
    """A field of its own for each form; cleaned by `free_enough`."""
    return forms.MultipleChoiceField(
        label="When should we not call?",
        help_text="Choose all that fit, or none.",
        choices=HelpRequest.NotTimes.choices,
        required=False,
        widget=forms.CheckboxSelectMultiple,
        error_messages={"invalid_choice": "Choose from the list", "invalid_list": "Choose from the list"},
    )


def free_enough(chosen: list[str]) -> list[str]:
    """The codes in their order. Raises ValidationError when no time is left."""
    if set(chosen) == set(HelpRequest.NotTimes.values):
        raise ValidationError("Leave at least one time free")
    return [code for code in HelpRequest.NotTimes.values if code in chosen]


class ContactForm(ReachForm):
    """For the doctor match: who, and how to reach them safely. When to call is `WhenForm`."""

    reach_by = radios("How should we reach you?", HelpRequest.ReachBy.choices, missing="Choose how we should reach you")
    field_order = ["name", "reach_by", "phone", "email", "may_leave_message", "may_say_why", "agrees"]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["phone"].help_text = "If we should call you. We do not send text messages."
        self.fields["email"].help_text = "If we should write to you, and to confirm that we have your request."


class WhenForm(QuestionForm):
    """When, and in which language."""

    best_time = radios(
        "What is the best time for you?", HelpRequest.BestTime.choices, missing="Choose the best time for you"
    )
    not_times = not_times()
    time_zone = Choice(
        label="Your time zone",
        help_text="We call only at decent hours on your clock.",
        choices=[("", "Choose a time zone"), *time_zones.CHOICES],
        error_messages={"required": "Choose your time zone", "invalid_choice": "Choose your time zone"},
    )
    language = radios(
        "In which language should we call?",
        HelpRequest.Language.choices,
        missing="Choose a language",
        hint="For Spanish we look for an advocate who speaks it. This site is in English only.",
    )

    def clean_not_times(self) -> list[str]:
        return free_enough(self.cleaned_data["not_times"])


class FamilyForm(QuestionForm):
    """Somebody else to ask, with a contact of their own. Cleaned, nothing of a person is left if it is nobody."""

    role = radios("Should we ask somebody else too?", [], missing="Choose whether we should ask somebody else")
    name = Line(
        label="Their full name",
        judged_by_form=True,
        max_length=120,
        widget=forms.TextInput(attrs={"autocomplete": "off", "spellcheck": "false", "size": 40}),
        error_messages={"max_length": "Enter a name of 120 characters or fewer"},
    )
    email = Email(
        label="Their e-mail address",
        help_text="One of the two is enough. We write once to ask.",
        widget=forms.EmailInput(attrs={"autocomplete": "off", "spellcheck": "false", "size": 40}),
    )
    phone = Phone(
        label="Their phone number",
        help_text="We do not call it before they agree.",
        judged_by_form=True,
        widget=forms.TextInput(attrs={"type": "tel", "autocomplete": "off", "size": 20}),
    )
    gets = SeveralOrNone(
        label="What should they get, if they agree?",
        help_text="Choose all that fit. They can change it later.",
        choices=HelpRequest.Gets.choices,
        error_messages={"invalid_choice": "Choose from the list", "invalid_list": "Choose from the list"},
    )

    def __init__(self, *args: Any, for_whom: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        roles = [("helper", "Yes, somebody who helps")]
        if for_whom != HelpRequest.ForWhom.ME:
            roles.insert(0, ("patient", "Yes, the person who is ill"))
        self.fields["role"].choices = [("nobody", "No, only me"), *roles]  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        data = self.cleaned_data
        if data.get("role") == "nobody":
            for name in set(self.errors) - {"role"}:
                del self.errors[name]
            return {"role": "nobody"}
        if "role" not in data:
            return data
        if not data.get("name") and "name" not in self.errors:
            self.add_error("name", "Enter their full name")
        if not (data.get("email") or data.get("phone")) and not {"email", "phone"} & set(self.errors):
            self.add_error("email", "Enter their e-mail address or their phone number")
        if not data.get("gets") and "gets" not in self.errors:
            self.add_error("gets", "Choose what they should get")
        return data


class SendForm(QuestionForm):
    """The button on the last page. Cleaned, `submission` is a UUID that was made when the page was shown. With `mark`
    (of the answers as they are now) it refuses to send anything but what its page showed."""

    submission = forms.CharField(widget=forms.HiddenInput, error_messages={"required": "Send it once more"})

    seen = forms.CharField(required=False, widget=forms.HiddenInput)

    def __init__(self, *args: Any, button: str, mark: str = "", **kwargs: Any) -> None:
        self.button = button
        super().__init__(*args, **kwargs)
        self.mark = mark
        self.initial["seen"] = mark
        if not mark:
            del self.fields["seen"]

    def clean(self) -> dict[str, Any]:
        if self.mark and self.cleaned_data.get("seen") != self.mark:
            raise ValidationError(CHANGED)
        return self.cleaned_data

    def clean_submission(self) -> UUID:
        try:
            return UUID(Signer(salt=SALT).unsign(self.cleaned_data["submission"]))
        except (BadSignature, ValueError) as error:
            raise ValidationError("This page was open for a long time. Check your details and send it again") from error


def new_submission() -> str:
    """A signed name for one sending."""
    return Signer(salt=SALT).sign(str(uuid4()))


def send_again(reason: str, *, button: str, mark: str = "") -> SendForm:
    """The same button with a new name for the sending, and why it is shown again."""
    form = SendForm({"submission": new_submission(), "seen": mark}, button=button, mark=mark)
    form.add_error(None, reason)
    return form
