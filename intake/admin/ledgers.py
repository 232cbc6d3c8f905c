"""What was done, to read only: promises, history, consents, conversations, mails; exports, digests, tidying."""

from typing import Any, ClassVar

from django.contrib import admin
from django.db.models import Q, QuerySet
from django.http import HttpRequest
from django.utils import timezone

from intake import triage
from intake.admin.piles import CappedPaginator
from intake.admin.scope import SEALED, audits, may_work, seen_by, sees_all
from intake.models import (
    Consent,
    Conversation,
    Digest,
    Export,
    HelpRequest,
    History,
    Message,
    OutcomeFigures,
    Promise,
    Reconciliation,
    RetentionRun,
)
from navigator.read_only import ReadOnlyAdmin


class ReadOnly(ReadOnlyAdmin):
    """Nothing can be added, changed or deleted; an advocate sees what belongs to the requests they see, an auditor all.
    Nothing personal is opened here: that is for the request's own page, where each look is recorded."""

    beside: ClassVar[tuple[str, ...]] = ()  # what else a row names
    list_per_page = 50
    paginator = CappedPaginator
    ordering: ClassVar[tuple[str, ...]] = ("-pk",)

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        rows = super().get_queryset(request).select_related("help_request", *self.beside)
        rows = rows.defer(*(f"help_request__{name}" for name in SEALED))
        return rows if audits(request.user) else seen_by(request.user, rows, path="help_request__")


class OfTheDesk(ReadOnlyAdmin):
    """What belongs to no one request: for who sees all, and for auditors."""

    list_per_page = 50
    paginator = CappedPaginator
    ordering: ClassVar[tuple[str, ...]] = ("-pk",)

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        rows = super().get_queryset(request)
        return rows if sees_all(request.user) or audits(request.user) else rows.none()


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
        """Of a closed request only what its family still hears."""
        heard = Q(kind__in=triage.STILL_SAID) & ~Q(help_request__outcome__in=triage.UNHEARD)
        given_up = queryset.exclude(gave_up_at=None).filter(heard | ~Q(help_request__status=HelpRequest.Status.CLOSED))
        count = given_up.order_by().update(gave_up_at=None, attempts=0, due_at=timezone.now())
        self.message_user(request, f"{count} given-up promises are due again.")


@admin.register(History)
class HistoryAdmin(ReadOnly):
    list_display = ("at", "help_request", "what", "by", "detail")
    list_filter = ("what",)
    beside = ("by",)


@admin.register(Consent)
class ConsentAdmin(ReadOnly):
    """The facts. The words may name a hospital: they stand on the request's page."""

    list_display = ("at", "help_request", "purpose", "act", "how", "by")
    list_filter = ("purpose", "act")
    beside = ("by",)
    exclude = ("words",)


@admin.register(Conversation)
class ConversationAdmin(ReadOnly):
    list_display = ("starts_at", "help_request", "advocate", "way", "cancelled_at")
    list_filter = ("way", ("cancelled_at", admin.EmptyFieldListFilter), ("missed_at", admin.EmptyFieldListFilter))
    beside = ("advocate",)
    ordering = ("-starts_at", "-pk")


@admin.register(Message)
class MessageAdmin(ReadOnly):
    list_display = ("created_at", "help_request", "subject", "to_family", "sent_at")
    list_filter = ("to_family", ("sent_at", admin.EmptyFieldListFilter))
    exclude = ("recipient", "body")

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        return super().get_queryset(request).defer("recipient", "body")


@admin.register(Export)
class ExportAdmin(OfTheDesk):
    list_display = ("at", "by", "rows", "columns", "reason")
    list_select_related = ("by",)


@admin.register(Reconciliation)
class ReconciliationAdmin(OfTheDesk):
    list_display = ("at", "wrong")


@admin.register(RetentionRun)
class RetentionRunAdmin(OfTheDesk):
    list_display = ("started_at", "ended_at", "is_rehearsal", "counts")
    list_filter = ("is_rehearsal",)


@admin.register(Digest)
class DigestAdmin(OfTheDesk):
    list_display = ("day", "advocate", "due_at", "attempts", "sent_at")
    list_filter = (("sent_at", admin.EmptyFieldListFilter),)
    list_select_related = ("advocate",)


@admin.register(OutcomeFigures)
class OutcomeFiguresAdmin(OfTheDesk):
    list_display = ("month", "made_at")
