"""Forms of the editors' desk."""

import datetime
from typing import Any
from zoneinfo import ZoneInfo

from django import forms
from django.conf import settings
from django.utils import timezone

from content.models import Revision
from content.publishing import PublishingError, check_text
from content.sources_field import SourcesField

WRITTEN = ("article", "title", "summary", "description", "body", "references", "change_note")


class RevisionForm(forms.ModelForm):
    """Starts from the newest text of the article named in the address. Saving is left to `save_revision`.

    `based_on` is the newest draft when the form was opened: whoever saved another one meanwhile is not overwritten
    unseen.
    """

    references = SourcesField()
    based_on = forms.IntegerField(required=False, widget=forms.HiddenInput)

    class Meta:
        model = Revision
        fields = WRITTEN
        widgets = {
            "summary": forms.Textarea(attrs={"rows": 2}),
            "body": forms.Textarea(attrs={"rows": 30}),
        }
        labels = {"body": "Text", "change_note": "What changes, and why (readers see this)"}
        help_texts = {
            "body": "Markdown. [^name] cites a source, [word](term:slug) explains a word, :::glance … ::: is a box "
            "(also ask, good, urgent, survival, steps, help match, help talk)."
        }

    def clean(self) -> dict[str, Any]:
        """A text that cannot be rendered is refused beside the form, with the reason."""
        found = super().clean() or {}
        if not self.errors:
            try:
                check_text(article=found["article"], body=found["body"], references=found["references"])
            except PublishingError as error:
                raise forms.ValidationError(str(error)) from error
            self._refuse_unseen(found)
        return found

    def _refuse_unseen(self, found: dict[str, Any]) -> None:
        newest = Revision.objects.filter(article=found["article"]).select_related("written_by").first()
        if newest is None or found.get("based_on") in (None, newest.pk):
            return
        self.data = {**self.data.dict(), "based_on": str(newest.pk)}  # type: ignore[attr-defined]  # a QueryDict
        who = newest.written_by or "the library"
        raise forms.ValidationError(
            f"While you were writing, {who} saved another draft ({newest}). Compare it with yours, take over what is "
            "needed, and save again."
        )


class ScheduleForm(forms.Form):
    """A day and a time on the site's own clock; cleans `at` to an aware time."""

    at = forms.DateTimeField(
        label="Publish on",
        widget=forms.DateTimeInput(attrs={"type": "datetime-local"}),
        error_messages={"required": "Choose a day and a time", "invalid": "Choose a day and a time"},
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["at"].help_text = f"On the clock of {settings.SITE_TIME_ZONE}"

    def clean_at(self) -> datetime.datetime:
        typed = timezone.make_naive(self.cleaned_data["at"], datetime.UTC)  # the form read it as UTC
        return typed.replace(tzinfo=ZoneInfo(settings.SITE_TIME_ZONE))
