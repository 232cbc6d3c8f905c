"""Forms on a request's page about its people, and about what a place may be told of them."""

from typing import Any

from django import forms

from intake import people, sharing, time_zones
from intake.admin.act_forms import HOW, ActForm, RowField, choice_field, text_field
from intake.forms.contact import free_enough
from intake.forms.fields import Email, Line, Phone
from intake.models import HelpRequest, Participant, Sharing

YES_NO = [("yes", "Yes"), ("no", "No")]
AS_IT_IS = "As it is"


class SharingForm(ActForm):
    receiver = text_field("One place", "Name one place", longest=sharing.LONGEST_NAME, rows=1)
    what = forms.MultipleChoiceField(
        label="What would be told",
        choices=list(sharing.WHAT.items()),
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": "Choose what would be told", "invalid_choice": "Choose from the list"},
    )


class AnswerForm(ActForm):
    """What the family answered outside of its page, after the words were read out to them."""

    sharing = RowField(Sharing, "Place", "Choose the place")
    how = choice_field("How they said it", HOW, "Choose how they said it")

    def rows(self) -> dict[str, Any]:
        return {"sharing": self.row.sharings.filter(answered_at=None)}


class SharedForm(ActForm):
    sharing = RowField(Sharing, "Place", "Choose the place")

    def rows(self) -> dict[str, Any]:
        return {"sharing": self.row.sharings.filter(agreed=True, ended_at=None, shared_at=None)}


class EndSharingForm(ActForm):
    sharing = RowField(Sharing, "Place", "Choose the place")
    how = choice_field("How they said it", HOW, "Choose how they said it")

    def rows(self) -> dict[str, Any]:
        return {"sharing": self.row.sharings.filter(agreed=True, ended_at=None)}


class PersonForm(ActForm):
    """Somebody whom the family named on the phone."""

    role = choice_field("Who they are", Participant.Role.choices, "Choose who they are")
    name = Line(label="Name", max_length=120, error_messages={"required": "Enter their name"})
    email = Email(label="E-mail", required=False)
    phone = Phone(label="Phone", required=False)

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        if not data.get("email") and not data.get("phone") and not {"email", "phone"} & set(self.errors):
            self.add_error("email", "Enter an e-mail address or a phone number")
        return data


class ContactForm(ActForm):
    """What somebody said on the phone about how to reach them. What is left as it is stays so. Cleaned, `person` and
    `contact` are what `people.change_contact` takes."""

    who = choice_field("Who", [], "Choose who")
    phone = Phone(label="New phone number", required=False)
    email = Email(label="New e-mail address", required=False)
    reach_by = choice_field("Reach them by", HelpRequest.ReachBy.choices, AS_IT_IS, required=False)
    may_leave_message = choice_field("May we leave a message?", YES_NO, AS_IT_IS, required=False)
    may_say_why = choice_field("May we say why we call?", YES_NO, AS_IT_IS, required=False)
    best_time = choice_field("Best time", HelpRequest.BestTime.choices, AS_IT_IS, required=False)
    not_times = forms.MultipleChoiceField(
        label="Do not call on (none ticked: as it is)",
        choices=[*HelpRequest.NotTimes.choices, ("free", "Any time is fine")],
        required=False,
        widget=forms.CheckboxSelectMultiple,
        error_messages={"invalid_choice": "Choose from the list", "invalid_list": "Choose from the list"},
    )
    time_zone = choice_field("Time zone", time_zones.CHOICES, AS_IT_IS, required=False)
    language = choice_field("Language", HelpRequest.Language.choices, AS_IT_IS, required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        joined = self.row.participants.filter(left_at=None, agreed_at__isnull=False)
        self.persons: dict[str, people.Person] = {"asker": self.row, **{str(p.pk): p for p in joined}}
        field: Any = self.fields["who"]
        field.choices = [("", "Choose who"), *((code, f"{person.name}") for code, person in self.persons.items())]

    def clean_not_times(self) -> str | None:
        """Codes with a space between; None leaves them as they are."""
        chosen = self.cleaned_data["not_times"]
        if "free" in chosen:
            return ""
        return " ".join(free_enough(chosen)) if chosen else None

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        person = self.persons.get(data.pop("who", ""))
        seen = {"seen": data.pop("seen")} if "seen" in data else {}
        contact = {name: value for name, value in data.items() if value or (name, value) == ("not_times", "")}
        contact |= {name: contact[name] == "yes" for name in ("may_leave_message", "may_say_why") if name in contact}
        if person and not self.errors:
            self._judge(person, contact)
        return {**seen, "person": person, "contact": contact}

    def _judge(self, person: people.Person, contact: dict[str, Any]) -> None:
        reach_by = contact.get("reach_by") or person.reach_by
        if not contact:
            self.add_error("phone", "Fill in what changes")
        elif not (contact.get(reach_by) or getattr(person, reach_by)):
            self.add_error(reach_by, "We have none: enter it, or reach them in the other way")


class ParticipantForm(ActForm):
    participant = RowField(Participant, "Who", "Choose who")
    how = choice_field("How they said it", HOW, "Choose how they said it")

    def rows(self) -> dict[str, Any]:
        return {"participant": self.row.participants.filter(left_at=None)}


class JoiningForm(ParticipantForm):
    def rows(self) -> dict[str, Any]:
        return {"participant": self.row.participants.filter(left_at=None, agreed_at=None)}
