"""The lists of centers, programs and doctors, and the page of one. Every change is a verb of `doctors.keeping`."""

from collections.abc import Callable, Iterable
from typing import Any, cast

from django.contrib import admin, messages
from django.contrib.auth.models import User
from django.db import models, transaction
from django.db.models import Q, QuerySet
from django.http import HttpRequest, HttpResponse
from django.utils import timezone

from doctors import keeping
from doctors.admin.files import FilesAdmin
from doctors.admin.forms import ListingForm, look_field, looked
from doctors.admin.history import history_page
from doctors.admin.words import look_at
from doctors.freshness import FOLDED, FRESH
from doctors.models import GROUPS, Center, Listed, Program, Specialist
from doctors.models.listed import HOW

AT_ONCE = 100  # listings that one action marks: nobody looks at more in one go


class LookFilter(admin.SimpleListFilter):
    """What became of our looks: a listing is shown if it is true of any group of its facts."""

    title = "checked by us"
    parameter_name = "look"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        return [
            ("never", "Something was never checked"),
            ("stale", "Something was checked more than 90 days ago"),
            ("old", "Something was checked more than 180 days ago"),
            ("fresh", "All was checked within 90 days"),
            ("ended", "Ended"),
        ]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> QuerySet[Any]:
        if self.value() == "ended":
            return queryset.filter(ended_on__isnull=False)
        day = timezone.localdate()
        wanted = {
            "never": lambda on: Q(**{f"{on}__isnull": True}),
            "stale": lambda on: Q(**{f"{on}__lt": day - FRESH, f"{on}__gte": day - FOLDED}),
            "old": lambda on: Q(**{f"{on}__lt": day - FOLDED}),
            "fresh": lambda on: Q(**{f"{on}__isnull": True}) | Q(**{f"{on}__lt": day - FRESH}),
        }
        if self.value() not in wanted:
            return queryset
        found = Q()
        for group in queryset.model.facts:
            found |= wanted[str(self.value())](f"{group}_verified_on")
        return queryset.exclude(found) if self.value() == "fresh" else queryset.filter(found)


def checked_today(group: str, how: str) -> Callable[..., None]:
    """The action that marks a group of facts of the chosen listings."""

    @admin.action(description=f"Checked today {dict(HOW)[how]}: {GROUPS[group]}", permissions=["change"])
    def action(page: "ListedAdmin", request: HttpRequest, queryset: QuerySet[Any]) -> None:
        page.mark(request, queryset, group, how)

    action.__name__ = f"{group}_by_{how}"
    return action


def actions_for(model: type[Listed]) -> list[Callable[..., None]]:
    return [checked_today(group, how) for group in model.facts for how, _ in reversed(HOW)]


class ListedAdmin(FilesAdmin):
    """What the three have in common. A look is written by an action or with a change, so that nobody types its date."""

    form = ListingForm
    first_fields: tuple[str, ...] = ("slug",)
    source_fields: tuple[str, ...] = ("source_url", "source_checked", "notes")
    list_per_page = 100
    show_full_result_count = False
    show_facets = admin.ShowFacets.NEVER
    formfield_overrides = {models.URLField: {"assume_scheme": "https"}}

    # --- The page of one ---

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> list[Any]:
        """The address of a listing is its name in links, history and reports: it stays."""
        looks = [look_at(group) for group in self.model.facts]
        return ["slug", *looks] if obj else looks

    def get_fieldsets(self, request: HttpRequest, obj: Any = None) -> list[Any]:
        """One box for each group of facts, with the last look at it."""
        looks = {look.__name__: look for look in self.get_readonly_fields(request, obj) if callable(look)}
        may = self.has_change_permission(request, obj) if obj else self.has_add_permission(request)
        hidden = ["seen"] if may else []
        boxes: list[Any] = [(None, {"fields": [*self.first_fields, *hidden]})]
        for group, facts in self.model.facts.items():
            choice = [look_field(group)] if may else []
            fields = [*facts, looks[f"{group}_last_look"], *choice]
            boxes.append((GROUPS[group], {"fields": fields}))
        boxes.append(("Where it comes from", {"fields": list(self.source_fields)}))
        boxes.append(("If it has ended", {"fields": ["ended_on", "ended_note"]}))
        return boxes

    @transaction.atomic
    def save_model(self, request: HttpRequest, obj: Any, form: Any, change: bool) -> None:
        by = cast(User, request.user)
        keeping.save(listing=obj, by=by, seen=form.cleaned_data["seen"] or 0 if change else None)
        for group in obj.facts:
            if how := looked(form, group):
                keeping.check(listing=obj, group=group, how=how, by=by)

    # --- Taking away: for a row that should never have been there ---

    def get_deleted_objects(self, objs: Iterable[Any], request: HttpRequest) -> Any:
        """What an open report is about stays; answered ones go with their listing, whoever may delete it."""
        found, counts, lacking, protected = super().get_deleted_objects(objs, request)  # type: ignore[arg-type]
        kept = [reason for listing in objs if (reason := keeping.why_not_removed(listing))]
        return found, counts, lacking - {"report"}, [*protected, *kept]

    def delete_model(self, request: HttpRequest, obj: Any) -> None:
        keeping.remove(listing=obj, by=cast(User, request.user))

    @transaction.atomic
    def delete_queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> None:
        for listing in queryset:
            keeping.remove(listing=listing, by=cast(User, request.user))

    # --- The list ---

    @transaction.atomic
    def mark(self, request: HttpRequest, queryset: QuerySet[Any], group: str, how: str) -> None:
        listings = list(queryset[: AT_ONCE + 1])
        if len(listings) > AT_ONCE:
            self.message_user(request, f"Choose {AT_ONCE} or fewer. Nothing was marked.", messages.ERROR)
            return
        for listing in listings:
            keeping.check(listing=listing, group=group, how=how, by=cast(User, request.user))
        self.message_user(request, f"{len(listings)} marked as checked today: {GROUPS[group]}.")

    def history_view(self, request: HttpRequest, object_id: str, extra_context: Any = None) -> HttpResponse:
        """Each change of the facts and each look, instead of Django's own list of forms that were saved."""
        return history_page(self, request, object_id)


@admin.register(Center)
class CenterAdmin(ListedAdmin):
    actions = actions_for(Center)
    list_display = ["name", "city", "state", "designation", *map(look_at, Center.facts), "ended_on"]
    list_filter = [LookFilter, "designation", "treats_patients", "state"]
    search_fields = ["name", "institution", "city", "slug"]


@admin.register(Program)
class ProgramAdmin(ListedAdmin):
    actions = actions_for(Program)
    source_fields = ("evidence", "source_url", "second_source_url", "source_checked", "notes")
    list_display = ["name", "city", "state", "evidence", *map(look_at, Program.facts), "ended_on"]
    list_filter = [LookFilter, "evidence", "audience", "state"]
    search_fields = ["name", "hospital", "city", "slug"]


@admin.register(Specialist)
class SpecialistAdmin(ListedAdmin):
    actions = actions_for(Specialist)
    source_fields = ProgramAdmin.source_fields
    list_display = ["full_name", "specialty", "program", "evidence", *map(look_at, Specialist.facts), "ended_on"]
    list_filter = [LookFilter, "evidence", "specialty", "program__state"]
    list_select_related = ["program"]
    search_fields = ["full_name", "program__name", "slug"]
    raw_id_fields = ["program"]  # a list of all programs would be too long; the searching one has no name for axe
