"""The form of a listing: what is typed is cleaned, what somebody else changed meanwhile is shown and kept."""

from typing import Any

from django import forms
from django.forms.models import model_to_dict

from doctors import keeping
from doctors.admin.words import change_words
from doctors.models import GROUPS, ListingChange
from doctors.models.listed import HOW
from navigator.security import clean_text

PART = "part"
LOOKS = [
    ("", "Nobody looked just now"),
    *((how, f"All of this was checked today {words}") for how, words in HOW),
    (PART, "A detail was changed; the rest was not checked"),
]


def look_field(group: str) -> str:
    """The name of the choice that says how a group of facts is known."""
    return f"{group}_look"


def _look() -> forms.ChoiceField:
    return forms.ChoiceField(label="Checked just now", choices=LOOKS, required=False)


class ListingForm(forms.ModelForm):
    """Saving is left to `keeping.save` and `keeping.check`.

    `seen` is the version that was opened. If the listing is another by now, the form is refused and says what changed:
    what was typed stays, fields that were not touched take what is stored, and the next try counts as seen. Whoever
    changes a fact of a listing says how it is known, so that an older look never vouches for it.
    """

    seen = forms.IntegerField(required=False, min_value=0, max_value=2**62, widget=forms.HiddenInput)
    contact_look, care_look, access_look, designation_look, post_look = (_look() for _ in GROUPS)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for group in set(GROUPS) - set(self.instance.facts):
            del self.fields[look_field(group)]
        self.is_new = self.instance._state.adding
        if not self.is_new:
            self.initial["seen"] = keeping.version(self.instance)

    def clean(self) -> dict[str, Any]:
        found = super().clean() or {}
        for name, value in list(found.items()):
            if isinstance(value, str) and isinstance(self.fields[name], forms.CharField):
                found[name] = clean_text(value, lines=isinstance(self.fields[name].widget, forms.Textarea))
                if value and not found[name] and self.fields[name].required:
                    self.add_error(name, "This field is required.")
        self._refuse_what_cannot_be({**found})
        return found

    def _refuse_what_cannot_be(self, found: dict[str, Any]) -> None:
        """The constraints that a person can run into, in words."""
        if bool(found.get("ended_on")) != bool(found.get("ended_note")) and "ended_on" not in self.errors:
            self.add_error("ended_note", "The day it ended and what readers are told belong together.")
        if found.get("designation") == "basic_laboratory" and found.get("treats_patients"):
            self.add_error("treats_patients", "A basic laboratory treats nobody.")
        if found.get("remote_second_opinion_url") and found.get("remote_second_opinion") is not True:
            self.add_error("remote_second_opinion", "The address of the remote offer is given, so this is a yes.")

    def _post_clean(self) -> None:
        """After the typed values are in the instance: compare them with what is stored now, and hold that."""
        super()._post_clean()  # type: ignore[misc]  # the stubs do not know it
        if not self.is_new and not self._is_current():
            return
        for group in self.instance.facts if not self.is_new else ():
            touched = set(self.changed_data) & set(self.instance.facts[group])
            if touched and not self.cleaned_data.get(look_field(group)):
                self.add_error(look_field(group), "You changed this: say how you know it.")

    def _is_current(self) -> bool:
        try:
            changes = keeping.meanwhile(listing=self.instance, seen=self.cleaned_data.get("seen") or 0)
        except keeping.KeepingError as error:
            self.add_error(None, str(error))
            return False
        if changes:
            self._take_over(changes)
            lines = "; ".join(change_words(change) for change in changes)
            self.add_error(
                None,
                f"While you were writing, this listing was changed: {lines}. Fields that you did not touch now show "
                "what is stored. What you typed is still here: look through it, and save again.",
            )
        return not changes

    def _take_over(self, changes: list[ListingChange]) -> None:
        """`changes` are newest first, so the last one met says what stood in the field when the form was opened."""
        typed = keeping.snapshot(self.instance)
        opened: dict[str, Any] = {}
        for change in changes:
            opened |= {column: before for column, (before, _) in change.fields.items()}
        stored = model_to_dict(type(self.instance)._default_manager.get(pk=self.instance.pk))
        data = self.data.copy()  # type: ignore[attr-defined]  # a QueryDict
        data[self.add_prefix("seen")] = str(changes[0].pk)
        for name, field in self.fields.items():
            column = self.instance._meta.get_field(name).attname if name in stored else ""
            if column in opened and typed[column] == opened[column] and name not in self.errors:
                data[self.add_prefix(name)] = _as_posted(field.prepare_value(stored[name]))
        self.data = data


def _as_posted(value: Any) -> str:
    """What a browser would send."""
    return "" if value is None else str(value)


def looked(form: ListingForm, group: str) -> str:
    """How a group was checked just now; "" for not at all, or not whole."""
    how = str(form.cleaned_data.get(look_field(group), ""))
    return how if how != PART else ""
