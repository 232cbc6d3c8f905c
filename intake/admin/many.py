"""What can be done with several rows of the queue at once: nothing that ends a family's request but spam.

Each row goes through its own verb, under its own lock, with its own line of history; what is refused is counted, with
the reason.
"""

from collections import Counter
from collections.abc import Callable
from typing import Any

from django.contrib import admin, messages
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse

from intake import triage
from intake.admin.forms import GiveManyForm
from intake.admin.queue import QueueAdmin
from intake.admin.scope import may_work, sees_all
from intake.models import HelpRequest

MOST = 50  # rows: one page of the list


class ManyAdmin(QueueAdmin):
    """The list with its actions."""

    actions: Any = ("take_many", "give_many", "let_in_many", "spam_many")

    def get_actions(self, request: HttpRequest) -> dict[str, Any]:
        """Only for who may work on requests; giving away several is the leads'."""
        if not may_work(request.user):
            return {}
        found = super().get_actions(request)
        return found if sees_all(request.user) else {name: a for name, a in found.items() if name != "give_many"}

    @admin.action(description="Take them")
    def take_many(self, request: HttpRequest, rows: QuerySet[HelpRequest]) -> None:
        _each(request, rows, lambda row: triage.take(help_request=row, by=request.user), "taken")

    @admin.action(description="Give them to somebody else")
    def give_many(self, request: HttpRequest, rows: QuerySet[HelpRequest]) -> HttpResponse | None:
        """First the page that asks to whom and why."""
        form = GiveManyForm(request.POST if "confirmed" in request.POST else None, label_suffix="")
        if not form.is_valid():
            return self._asked(request, rows, "give_many", "Give them to somebody else", form)
        given = form.cleaned_data
        _each(request, rows, lambda row: triage.reassign(help_request=row, by=request.user, **given), "given away")
        return None

    @admin.action(description="Let them in")
    def let_in_many(self, request: HttpRequest, rows: QuerySet[HelpRequest]) -> None:
        _each(request, rows, lambda row: triage.let_in(help_request=row, by=request.user), "let in")

    @admin.action(description="Mark as spam")
    def spam_many(self, request: HttpRequest, rows: QuerySet[HelpRequest]) -> HttpResponse | None:
        """First the page that asks whether that is meant."""
        if "confirmed" not in request.POST:
            return self._asked(request, rows, "spam_many", "Mark as spam", None)
        _each(request, rows, lambda row: triage.mark_spam(help_request=row, by=request.user), "marked as spam")
        return None

    def _asked(self, request: HttpRequest, rows: Any, action: str, label: str, form: Any) -> HttpResponse:
        context = {
            **self.admin_site.each_context(request),
            "title": label,
            "opts": self.opts,
            "rows": rows[:MOST],
            "action": action,
            "label": label,
            "form": form,
        }
        status = 422 if form is not None and form.errors else 200
        return TemplateResponse(request, "admin/intake/request_many.html", context, status=status)


def _each(
    request: HttpRequest, rows: QuerySet[HelpRequest], verb: Callable[[HelpRequest], None], done_in_words: str
) -> None:
    done, refused, more = 0, Counter[str](), rows.count() - MOST
    for row in rows[:MOST]:
        try:
            verb(row)
            done += 1
        except triage.TriageError as error:
            refused[str(error)] += 1
    if done:
        messages.success(request, f"{done} {done_in_words}.")
    for sentence, count in refused.items():
        messages.error(request, f"{count} refused: {sentence}")
    if more > 0:
        messages.warning(request, f"{more} were left as they are: {MOST} at once are the most.")
