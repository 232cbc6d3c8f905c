"""Advocates, their hours and days off: what routing and booking read. Who goes away here hands over at once."""

from typing import Any, ClassVar

from django import forms
from django.contrib import admin, messages
from django.db import models, transaction
from django.db.models import QuerySet
from django.forms import BaseInlineFormSet
from django.http import HttpRequest

from doctors.states import CHOICES
from intake import time_zones
from intake.absences import HandOver, hand_over
from intake.models import Advocate, DayOff, HelpRequest, WorkingHours
from intake.routing import loaded

# The browser's own field: admin's calendar writes inline styles, which the content policy refuses.
DATE: dict[Any, dict[str, Any]] = {
    models.DateField: {"widget": forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"})}
}
GOES_AWAY = {"away_until", "is_active"}
MANY = 8  # states, beyond which their number is shown


class Codes(forms.MultipleChoiceField):
    """Boxes to tick for what the table keeps as codes with a space between."""

    widget = forms.CheckboxSelectMultiple

    def prepare_value(self, value: Any) -> Any:
        return value.split() if isinstance(value, str) else value

    def clean(self, value: Any) -> str:
        chosen = super().clean(value)
        codes: Any = self.choices
        return " ".join(code for code, _ in codes if code in chosen)

    def has_changed(self, initial: Any, data: Any) -> bool:
        return super().has_changed(self.prepare_value(initial), data)


class AdvocateForm(forms.ModelForm):
    states = Codes(
        choices=CHOICES,
        required=False,
        label="States of licence",
        help_text="They are only given families in these states, and those who did not say where they are.",
    )
    languages = Codes(
        choices=HelpRequest.Language.choices,
        label="Languages",
        error_messages={"required": "Choose at least one language."},
    )
    time_zone = forms.ChoiceField(
        choices=time_zones.CHOICES, label="Time zone", help_text="Of their working hours, and of the times they read."
    )

    class Meta:
        model = Advocate
        fields = ("states", "languages", "time_zone")  # with the others of the page

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        zone: Any = self.fields.get("time_zone")
        if zone and self.instance.time_zone not in time_zones.ZONES:  # an older row may have any zone
            zone.choices = [(self.instance.time_zone, self.instance.time_zone), *time_zones.CHOICES]


class HoursForm(forms.ModelForm):
    """One row of a table: its fields have no label of their own."""

    class Meta:
        model = WorkingHours
        fields = ("weekday", "starts", "ends")
        widgets = {
            "weekday": forms.Select(attrs={"aria-label": "Weekday"}),
            "starts": forms.TimeInput(format="%H:%M", attrs={"type": "time", "aria-label": "Starts"}),
            "ends": forms.TimeInput(format="%H:%M", attrs={"type": "time", "aria-label": "Ends"}),
        }

    def clean(self) -> dict[str, Any]:
        given = super().clean() or {}
        if given.get("starts") and given.get("ends") and given["ends"] <= given["starts"]:
            self.add_error("ends", "This is not after the start.")
        return given


class DayOffForm(forms.ModelForm):
    class Meta:
        model = DayOff
        fields = ("date", "name")
        widgets = {
            "date": forms.DateInput(format="%Y-%m-%d", attrs={"type": "date", "aria-label": "Day off"}),
            "name": forms.TextInput(attrs={"aria-label": "What for"}),
        }


class Rows(BaseInlineFormSet):
    """Each box to delete a row has a name."""

    def add_fields(self, form: Any, index: int | None) -> None:
        super().add_fields(form, index)
        if "DELETE" in form.fields:
            form.fields["DELETE"].widget.attrs["aria-label"] = "Delete this row"


class Table(admin.TabularInline):
    formset = Rows
    template = "admin/intake/rows.html"  # Django's own, without its empty heading
    extra = 0


class HoursInline(Table):
    model = WorkingHours
    form = HoursForm


class DaysOffInline(Table):
    """Single days: they move nothing. An absence is `away_until`."""

    model = DayOff
    form = DayOffForm
    verbose_name_plural = "days off of their own (a day off moves no request)"


@admin.register(Advocate)
class AdvocateAdmin(admin.ModelAdmin):
    form = AdvocateForm
    list_display = (
        "first_name",
        "credentials",
        "licensed_in",
        "languages",
        "work",
        "away_until",
        "is_lead",
        "is_active",
    )
    list_filter = ("is_active", "is_lead")
    raw_id_fields = ("user",)
    inlines = (HoursInline, DaysOffInline)
    formfield_overrides = DATE
    fieldsets = (
        ("Who", {"fields": ("user", "first_name", "credentials", "email", "wants_digest", "time_zone")}),
        (
            "Which families",
            {"fields": ("states", "languages", "takes_matches", "takes_conversations", "serves_veterans", "capacity")},
        ),
        (
            "Away, or gone",
            {
                "fields": ("away_until", "is_active"),
                "description": "Who goes away, or is no longer active, hands over: open requests go to others as soon "
                "as you save. A booked half hour stays as the family has it, with somebody who is free then.",
            },
        ),
        ("Role", {"fields": ("is_lead", "is_sample")}),
    )
    whose: ClassVar[tuple[str, ...]] = ("user", "is_lead", "is_sample")  # only who runs the site changes these

    class Media:
        css = {"all": ["css/admin-desk.css"]}

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> Any:
        return () if request.user.is_superuser or obj is None else self.whose

    def get_queryset(self, request: HttpRequest) -> QuerySet[Advocate]:
        return loaded(super().get_queryset(request))

    @admin.display(description="States")
    def licensed_in(self, row: Advocate) -> str:
        states = row.states.split()
        return f"{len(states)} states" if len(states) > MANY else row.states

    @admin.display(description="Open requests")
    def work(self, row: Any) -> str:
        return f"{row.open_requests} of {row.capacity}"

    def save_related(self, request: HttpRequest, form: Any, formsets: Any, change: bool) -> None:
        """After the advocate is saved for good: each request that moves is a transaction of its own."""
        super().save_related(request, form, formsets, change)
        if change and GOES_AWAY & set(form.changed_data):
            advocate = form.instance
            transaction.on_commit(lambda: self._hand_over(request, advocate))

    def _hand_over(self, request: HttpRequest, advocate: Advocate) -> None:
        done = hand_over(advocate=advocate, by=request.user)
        if words := handed_over(done):
            messages.add_message(request, messages.WARNING if done.waiting else messages.SUCCESS, words)


def handed_over(done: HandOver) -> str:
    """`5 requests moved, 1 waits: the leads were told.` Empty if nothing was to be done."""
    parts = []
    if done.moved:
        parts.append(f"{_requests(done.moved)} moved")
    if done.kept:
        parts.append(f"{_requests(done.kept)} stayed, because their call is after the absence")
    if done.waiting:
        parts.append(f"{done.waiting} {'waits' if done.waiting == 1 else 'wait'}: the leads were told")
    return f"{', '.join(parts)}." if parts else ""


def _requests(count: int) -> str:
    return f"{count} request{'' if count == 1 else 's'}"


@admin.register(DayOff)
class DayOffAdmin(admin.ModelAdmin):
    list_display = ("date", "name", "advocate")
    list_filter = (("advocate", admin.EmptyFieldListFilter),)
    list_select_related = ("advocate",)
    formfield_overrides = DATE
