"""Advocates, their hours and days off: what routing and booking read."""

from typing import Any

from django import forms
from django.contrib import admin
from django.db import models

from intake.models import Advocate, DayOff, WorkingHours

# The browser's own field: admin's calendar writes inline styles, which the content policy refuses.
DATE: dict[Any, dict[str, Any]] = {
    models.DateField: {"widget": forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"})}
}


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


class HoursInline(admin.TabularInline):
    model = WorkingHours
    form = HoursForm
    extra = 0


@admin.register(Advocate)
class AdvocateAdmin(admin.ModelAdmin):
    list_display = (
        "first_name",
        "credentials",
        "states",
        "languages",
        "capacity",
        "away_until",
        "is_lead",
        "is_active",
    )
    list_filter = ("is_active", "is_lead")
    raw_id_fields = ("user",)
    inlines = (HoursInline,)
    formfield_overrides = DATE


@admin.register(DayOff)
class DayOffAdmin(admin.ModelAdmin):
    list_display = ("date", "name", "advocate")
    list_select_related = ("advocate",)
    formfield_overrides = DATE
