"""The forms behind a family's own addresses. Each that changes something carries a permit."""

import hashlib
from typing import Any

from crispy_forms.layout import Field, Submit
from django import forms
from django.core.exceptions import ValidationError

from intake import consent, links, sheet, time_zones
from intake.forms.fields import EMAIL_ERRORS, Choice, Email, Line, Phone, QuestionForm, radios
from intake.forms.talk import TimeForm
from intake.models import Participant, PlanItem
from intake.models.reachable import PERSONAL, Reachable
from intake.notes import LONGEST
from navigator.security import clean_text

STALE = "This page was open for a long time, or something changed meanwhile. Look through it, then send it again"
YES_NO = [("yes", "Yes"), ("no", "No")]


class PermitForm(QuestionForm):
    """A form that changes something of `person`, once: its permit is worth nothing as soon as `state` has changed. What
    was typed stays, with a fresh permit for the page as it stands now."""

    purpose = ""
    permit = Line(required=False, widget=forms.HiddenInput)

    def __init__(
        self, *args: Any, person: links.Person, state: tuple[object, ...] = (), button: str = "", **kwargs: Any
    ) -> None:
        if button:
            self.button = button
        super().__init__(*args, **kwargs)
        self.person = person
        self.state = state
        self.initial["permit"] = links.permit(self.purpose, person, *state)

    def clean(self) -> dict[str, Any]:
        data = self.cleaned_data
        if not links.is_good(data.pop("permit", ""), self.purpose, self.person, *self.state):
            self.data = self.data.copy()  # type: ignore[attr-defined]
            self.data["permit"] = self.initial["permit"]  # type: ignore[index]
            self.add_error(None, STALE)
        return data


class WhenForm(PermitForm, TimeForm):
    """Another half hour for a call that stands, or a new one after a call that does not."""

    purpose = "move"

    def __init__(self, *args: Any, button: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.helper.inputs = [Submit("continue", button)]
        self.helper.layout.append(Field("permit"))


class CancelForm(PermitForm):
    purpose = "cancel"
    button = "Cancel the call"


class WithdrawForm(PermitForm):
    purpose = "withdraw"
    button = "Stop contacting me"


class TakeOutForm(PermitForm):
    """One button beside one person of the request."""

    purpose = "take-out"
    who = forms.IntegerField(widget=forms.HiddenInput)

    def __init__(self, *args: Any, other: Participant, **kwargs: Any) -> None:
        name = (other.name or "").split(" ")[0]
        super().__init__(*args, state=(other.pk, other.agreed_at), **kwargs)
        self.helper.inputs = [Submit("out", f"Take {name} out", css_class="button-secondary")]
        self.initial["who"] = other.pk


class DeleteForm(PermitForm):
    purpose = "delete"
    button = "Delete everything"
    sure = forms.BooleanField(
        label="Yes, delete it. I know that it cannot be brought back.",
        error_messages={"required": "Tick the box if everything should be deleted"},
    )


class DownloadForm(PermitForm):
    purpose = "download"
    button = "Download"
    file = radios(
        "Which file do you need?",
        [("text", "Text, to read and to print"), ("json", "JSON, for a program")],
        missing="Choose a file",
    )


class Lines(forms.CharField):
    """Text of several lines, cleaned before it is checked."""

    def to_python(self, value: Any) -> str:
        return clean_text(super().to_python(value) or "", lines=True)


class NoteForm(PermitForm):
    purpose = "note"
    button = "Send the note"
    body = Lines(
        label="What should we know?",
        help_text=f"For example a question, or something that changed. No Social Security number. Up to {LONGEST:,} "
        "characters.",
        max_length=LONGEST,
        widget=forms.Textarea(attrs={"rows": 6}),
        error_messages={"required": "Write something first", "max_length": f"Write {LONGEST:,} characters or fewer"},
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        del self.fields["body"].widget.attrs["maxlength"]  # a browser would cut what is pasted without a word


class QuestionsForm(PermitForm):
    """Ours to choose from, and one of the family's own. Cleaned, `picked` has both."""

    purpose = "questions"
    button = "Keep these questions"
    questions = forms.MultipleChoiceField(
        label="What would you like to talk about?",
        help_text=f"Choose up to {sheet.MOST}, or none.",
        choices=[(words, words) for words in sheet.QUESTIONS],
        required=False,
        widget=forms.CheckboxSelectMultiple,
        error_messages={"invalid_choice": "Choose from the list", "invalid_list": "Choose from the list"},
    )
    own = Line(
        label="Or a question of your own",
        help_text="It counts as one of the three. No Social Security number.",
        required=False,
        max_length=sheet.LONGEST_OWN,
        error_messages={"max_length": f"Write your question in {sheet.LONGEST_OWN} characters or fewer"},
    )

    def clean(self) -> dict[str, Any]:
        data = super().clean()
        return {**data, "picked": [*data.get("questions", ()), data.get("own", "")]}


class TickForm(PermitForm):
    """One button beside one line of the plan."""

    purpose = "tick"
    item = forms.IntegerField(widget=forms.HiddenInput)

    def __init__(self, *args: Any, item: PlanItem, **kwargs: Any) -> None:
        super().__init__(*args, state=(item.pk, item.text, item.done_on), **kwargs)
        self.helper.inputs = [Submit("tick", "This is done", css_class="button-secondary")]
        self.initial["item"] = item.pk


class SharingForm(PermitForm):
    """Yes or no to telling one place; the permit is good for exactly these words."""

    purpose = "sharing"
    button = "Send my answer"
    answer = radios(
        "Do you agree?", [("yes", "Yes, I agree"), ("no", "No, do not tell them")], missing="Choose yes or no"
    )


class EndSharingForm(PermitForm):
    purpose = "end-sharing"
    button = "Take my yes back"


NAME_ERRORS = {"required": "Enter a name", "max_length": "Enter a name of 120 characters or fewer"}


class PersonForm(PermitForm):
    """Another person of the family, who is then asked."""

    purpose = "invite"
    button = "Ask this person"
    role = radios("Who is it?", Participant.Role.choices, missing="Choose who it is")
    name = Line(label="Their name", max_length=120, error_messages=NAME_ERRORS)
    email = Email(
        label="Their e-mail address",
        help_text="We send one mail that asks them. Without an address, we ask them on the phone through you.",
        required=False,
    )
    phone = Phone(label="Their phone number", required=False)

    def clean(self) -> dict[str, Any]:
        data = super().clean()
        if not data.get("email") and not data.get("phone") and not {"email", "phone"} & set(self.errors):
            self.add_error("email", "Enter an e-mail address or a phone number")
        return data

    @property
    def contact(self) -> dict[str, Any]:
        """As `people.add` takes it. Their clock and language are those of who asked until they say otherwise."""
        given = {name: self.cleaned_data[name] for name in PERSONAL}
        reach_by = Reachable.ReachBy.EMAIL if given["email"] else Reachable.ReachBy.PHONE
        return {**given, "reach_by": reach_by, "time_zone": self.person.time_zone, "language": self.person.language}


class MyContactForm(PermitForm):
    """How this person is reached. Phone and e-mail are never filled in: the page shows little to whoever holds it."""

    purpose = "contact"
    button = "Save the changes"
    name = Line(
        label="Full name",
        max_length=120,
        widget=forms.TextInput(attrs={"autocomplete": "name", "spellcheck": "false", "size": 40}),
        error_messages=NAME_ERRORS,
    )
    reach_by = radios("How should we reach you?", Reachable.ReachBy.choices, missing="Choose how we should reach you")
    phone = Phone(label="New phone number", required=False)
    email = Email(
        label="New e-mail address",
        required=False,
        widget=forms.EmailInput(attrs={"autocomplete": "email", "spellcheck": "false", "size": 40}),
    )
    away = forms.MultipleChoiceField(
        label="Take one away",
        choices=[("phone", "Forget my phone number"), ("email", "Forget my e-mail address")],
        required=False,
        widget=forms.CheckboxSelectMultiple,
        error_messages={"invalid_choice": "Choose from the list", "invalid_list": "Choose from the list"},
    )
    may_leave_message = radios(
        "May we leave a message that does not mention health?", YES_NO, missing="Choose whether we may leave a message"
    )
    may_say_why = radios(
        "If somebody else answers, may we say why we call?",
        YES_NO,
        missing="Choose whether we may say why we call",
        hint="If not, we say our name and ask when to call again.",
    )
    best_time = radios(
        "What is the best time for you?", Reachable.BestTime.choices, missing="Choose the best time for you"
    )
    not_times = forms.MultipleChoiceField(
        label="When should we not call?",
        choices=Reachable.NotTimes.choices,
        required=False,
        widget=forms.CheckboxSelectMultiple,
        error_messages={"invalid_choice": "Choose from the list", "invalid_list": "Choose from the list"},
    )
    time_zone = Choice(
        label="Your time zone",
        choices=time_zones.CHOICES,
        error_messages={"required": "Choose your time zone", "invalid_choice": "Choose your time zone"},
    )
    language = radios(
        "Which language should we speak with you?", Reachable.Language.choices, missing="Choose a language"
    )
    gets = forms.MultipleChoiceField(
        label="What would you like to get?",
        help_text="If a call comes later than we promised, we say so in any case.",
        choices=Reachable.Gets.choices,
        required=False,
        widget=forms.CheckboxSelectMultiple,
        error_messages={"invalid_choice": "Choose from the list", "invalid_list": "Choose from the list"},
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        person = self.person
        zone = time_zones.listed(person.time_zone)
        if not zone:
            zone = person.time_zone
            self.fields["time_zone"].choices = [(zone, zone), *time_zones.CHOICES]  # type: ignore[attr-defined]
        self.zone = zone
        self.initial.update(
            {name: getattr(person, name) for name in ("name", "reach_by", "best_time", "language")},
            **{name: "yes" if getattr(person, name) else "no" for name in ("may_leave_message", "may_say_why")},
            **{name: getattr(person, name).split() for name in ("not_times", "gets")},
            time_zone=zone,
        )
        for name, masked in (("phone", masked_phone(person.phone)), ("email", masked_email(person.email))):
            self.fields[name].help_text = f"Now: {masked}. Leave this empty to keep it." if masked else "We have none."
        if not (person.phone and person.email):
            del self.fields["away"]

    def clean_not_times(self) -> str:
        return _free_enough(self.cleaned_data["not_times"])

    def clean_gets(self) -> str:
        return _in_order(self.cleaned_data["gets"], Reachable.Gets.values)

    def clean(self) -> dict[str, Any]:
        data = super().clean()
        left = {
            name: data.get(name) or (None if name in data.get("away", ()) else getattr(self.person, name))
            for name in ("phone", "email")
        }
        if self.errors.keys() & {"phone", "email"}:
            return data
        if not any(left.values()):
            self.add_error("away", "Keep a phone number or an e-mail address")
        elif data.get("reach_by") == Reachable.ReachBy.PHONE and not left["phone"]:
            self.add_error("phone", "Enter a phone number")
        elif data.get("reach_by") == Reachable.ReachBy.EMAIL and not left["email"]:
            self.add_error("email", "Enter an e-mail address")
        return data

    @property
    def contact(self) -> dict[str, Any]:
        """As `people.change_contact` takes it: an address or number that was left empty stays as it is."""
        data = self.cleaned_data
        names = ("name", "reach_by", "best_time", "not_times", "language", "gets")
        contact = {name: data[name] for name in names}
        contact |= {name: data[name] == "yes" for name in ("may_leave_message", "may_say_why")}
        contact |= {name: data[name] for name in ("phone", "email") if data[name] or name in data.get("away", ())}
        if data["time_zone"] != self.zone:
            contact["time_zone"] = data["time_zone"]
        return contact


def masked_phone(phone: str | None) -> str:
    return f"ends in {phone[-4:]}" if phone else ""


def masked_email(email: str | None) -> str:
    """The first letters of both halves: enough for the owner, little for anybody else."""
    name, _, host = (email or "").partition("@")
    return f"{name[:1]}•••@{host[:1]}•••" if email else ""


def _free_enough(codes: list[str]) -> str:
    if set(codes) == set(Reachable.NotTimes.values):
        raise ValidationError("Leave at least one time free")
    return _in_order(codes, Reachable.NotTimes.values)


def _in_order(codes: list[str], all_codes: list[str]) -> str:
    return " ".join(code for code in all_codes if code in codes)


class FindForm(QuestionForm):
    """To which address we send the link, if we know it."""

    button = "Send my link"
    email = Line(
        label="Your e-mail address",
        help_text="The one that you gave us.",
        max_length=254,
        widget=forms.EmailInput(attrs={"autocomplete": "email", "spellcheck": "false", "size": 40}),
        validators=[forms.EmailField.default_validators[0]],
        error_messages=EMAIL_ERRORS,
    )


class JoinForm(QuestionForm):
    """Yes or no to the exact words. Cleaned, `words` are those that were on the screen."""

    button = "Send my answer"
    answer = radios(
        "Do you agree?",
        [("yes", "Yes, I agree"), ("no", "No, do not contact me")],
        missing="Choose yes or no",
    )
    shown = Line(required=False, widget=forms.HiddenInput)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.words = consent.named_words()
        self.initial["shown"] = _mark(self.words)

    def clean(self) -> dict[str, Any]:
        data = self.cleaned_data
        if data.get("answer") == "yes" and data.get("shown") != _mark(self.words):
            self.data = self.data.copy()  # type: ignore[attr-defined]
            self.data["shown"] = _mark(self.words)  # type: ignore[index]
            self.add_error("answer", "The words above have changed. Read them, and answer again")
        return {**data, "words": self.words}


def _mark(words: str) -> str:
    return hashlib.sha256(words.encode()).hexdigest()[:16]
