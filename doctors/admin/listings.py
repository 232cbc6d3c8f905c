"""Staff keep the directory true here: who was checked, when, how. Every change shows on the public pages at once."""

from typing import Any, cast

from django.contrib import admin
from django.contrib.auth.models import User
from django.db import models
from django.db.models import QuerySet
from django.forms import ModelForm
from django.http import HttpRequest

from doctors import keeping, searching
from doctors.models import Center, Listed, Program, Specialist
from navigator.caching import forget_public_pages
from navigator.search import entries


class VerifiedFilter(admin.SimpleListFilter):
    """Have we looked at it ourselves?"""

    title = "checked by us"
    parameter_name = "checked"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        return [("yes", "Yes"), ("no", "Not yet")]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Listed]) -> QuerySet[Listed]:
        if self.value() is None:
            return queryset
        group = queryset.model.main_group
        return queryset.filter(**{f"{group}_verified_on__isnull": self.value() == "no"})


class ListedAdmin(admin.ModelAdmin):
    """What the three lists share. `verified_*` is written by the two actions only, so that nobody types a date."""

    actions = ["checked_on_website", "checked_by_phone"]
    list_per_page = 100
    formfield_overrides = {models.URLField: {"assume_scheme": "https"}}

    @admin.action(description="Checked today on the website", permissions=["change"])
    def checked_on_website(self, request: HttpRequest, queryset: QuerySet[Any]) -> None:
        self._checked(request, queryset, "website")

    @admin.action(description="Checked today by phone", permissions=["change"])
    def checked_by_phone(self, request: HttpRequest, queryset: QuerySet[Any]) -> None:
        self._checked(request, queryset, "phone")

    def _checked(self, request: HttpRequest, queryset: QuerySet[Any], how: str) -> None:
        count = 0
        for listing in queryset:
            keeping.check(listing=listing, group=listing.main_group, how=how, by=cast(User, request.user))
            count += 1
        self.message_user(request, f"{count} marked as checked today.")

    def save_model(self, request: HttpRequest, obj: Any, form: ModelForm, change: bool) -> None:
        super().save_model(request, obj, form, change)
        forget_public_pages()
        entries.refresh(searching.NAME)

    def delete_model(self, request: HttpRequest, obj: Any) -> None:
        super().delete_model(request, obj)
        forget_public_pages()
        entries.refresh(searching.NAME)

    def delete_queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> None:
        super().delete_queryset(request, queryset)
        forget_public_pages()
        entries.refresh(searching.NAME)

    @admin.display(description="checked")
    def how_fresh(self, listing: Listed) -> str:
        return listing.freshness.checked


@admin.register(Center)
class CenterAdmin(ListedAdmin):
    list_display = ["name", "city", "state", "designation", "how_fresh"]
    list_filter = [VerifiedFilter, "designation", "state"]
    search_fields = ["name", "institution", "city"]


@admin.register(Program)
class ProgramAdmin(ListedAdmin):
    list_display = ["name", "city", "state", "evidence", "audience", "how_fresh"]
    list_filter = [VerifiedFilter, "evidence", "audience", "state"]
    search_fields = ["name", "hospital", "city"]
    autocomplete_fields = ["center"]


@admin.register(Specialist)
class SpecialistAdmin(ListedAdmin):
    list_display = ["full_name", "specialty", "program", "evidence", "how_fresh"]
    list_filter = [VerifiedFilter, "evidence", "specialty", "program__state"]
    list_select_related = ["program"]
    search_fields = ["full_name", "program__name"]
    autocomplete_fields = ["program"]
