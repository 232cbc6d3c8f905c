"""What stands beside a request, to read only: promises, history, consents, conversations."""

from typing import Any, ClassVar

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils import timezone

from intake.admin.scope import seen_by
from intake.models import Consent, Conversation, History, Promise


class ReadOnly(admin.ModelAdmin):
    """Nothing can be added, changed or deleted; an advocate sees what belongs to the requests they see."""

    list_select_related: ClassVar[Any] = ("help_request",)
    show_full_result_count = False

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        return seen_by(request.user, super().get_queryset(request), path="help_request__")


@admin.register(Promise)
class PromiseAdmin(ReadOnly):
    list_display = ("kind", "help_request", "due_at", "attempts", "done_at", "gave_up_at", "last_error")
    list_filter = (("done_at", admin.EmptyFieldListFilter), ("gave_up_at", admin.EmptyFieldListFilter), "kind")
    actions = ("try_again",)

    @admin.action(description="Try again now (given up ones)", permissions=["view"])
    def try_again(self, request: HttpRequest, queryset: QuerySet[Promise]) -> None:
        given_up = queryset.exclude(gave_up_at=None)
        count = given_up.update(gave_up_at=None, attempts=0, due_at=timezone.now())
        self.message_user(request, f"{count} promises are due again.")


@admin.register(History)
class HistoryAdmin(ReadOnly):
    list_display = ("at", "help_request", "what", "by", "detail")
    list_filter = ("what",)
    list_select_related = ("help_request", "by")
    ordering = ("-pk",)


@admin.register(Consent)
class ConsentAdmin(ReadOnly):
    list_display = ("at", "help_request", "purpose", "act", "how")


@admin.register(Conversation)
class ConversationAdmin(ReadOnly):
    list_display = ("starts_at", "help_request", "advocate", "way", "cancelled_at")
    list_select_related = ("help_request", "advocate")
