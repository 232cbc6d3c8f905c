"""What stands beside a request, to read only: promises, history, consents, conversations, mails."""

from typing import Any, ClassVar

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils import timezone

from intake.admin.scope import SEALED, may_work, seen_by
from intake.models import Consent, Conversation, HelpRequest, History, Message, Promise
from navigator.read_only import ReadOnlyAdmin


class ReadOnly(ReadOnlyAdmin):
    """Nothing can be added, changed or deleted; an advocate sees what belongs to the requests they see. Nothing
    personal is opened here: that is for the request's own page, where each look is recorded."""

    beside: ClassVar[tuple[str, ...]] = ()  # what else a row names

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        rows = super().get_queryset(request).select_related("help_request", *self.beside)
        return seen_by(request.user, rows.defer(*(f"help_request__{name}" for name in SEALED)), path="help_request__")


@admin.register(Promise)
class PromiseAdmin(ReadOnly):
    list_display = ("kind", "help_request", "due_at", "attempts", "done_at", "gave_up_at", "last_error")
    list_filter = (("done_at", admin.EmptyFieldListFilter), ("gave_up_at", admin.EmptyFieldListFilter), "kind")
    ordering = ("due_at", "pk")
    exclude = ("conversation",)
    actions = ("try_again",)

    def has_work_permission(self, request: HttpRequest) -> bool:
        return may_work(request.user)

    @admin.action(description="Try again now (given up ones)", permissions=["work"])
    def try_again(self, request: HttpRequest, queryset: QuerySet[Promise]) -> None:
        """Never for a closed request: its family has withdrawn, or is owed nothing."""
        given_up = queryset.exclude(gave_up_at=None).exclude(help_request__status=HelpRequest.Status.CLOSED)
        count = given_up.order_by().update(gave_up_at=None, attempts=0, due_at=timezone.now())
        self.message_user(request, f"{count} given-up promises are due again.")


@admin.register(History)
class HistoryAdmin(ReadOnly):
    list_display = ("at", "help_request", "what", "by", "detail")
    list_filter = ("what",)
    beside = ("by",)
    ordering = ("-pk",)


@admin.register(Consent)
class ConsentAdmin(ReadOnly):
    list_display = ("at", "help_request", "purpose", "act", "how")


@admin.register(Conversation)
class ConversationAdmin(ReadOnly):
    list_display = ("starts_at", "help_request", "advocate", "way", "cancelled_at")
    beside = ("advocate",)


@admin.register(Message)
class MessageAdmin(ReadOnly):
    list_display = ("created_at", "help_request", "subject", "to_family", "sent_at")
    list_filter = ("to_family", ("sent_at", admin.EmptyFieldListFilter))
    exclude = ("recipient", "body")
    ordering = ("-pk",)

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        return super().get_queryset(request).defer("recipient", "body")
