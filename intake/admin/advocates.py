"""Advocates, their hours and days off: what routing and booking read."""

from django.contrib import admin

from intake.models import Advocate, DayOff, WorkingHours


class HoursInline(admin.TabularInline):
    model = WorkingHours
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


@admin.register(DayOff)
class DayOffAdmin(admin.ModelAdmin):
    list_display = ("date", "name", "advocate")
    list_select_related = ("advocate",)
