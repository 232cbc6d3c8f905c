"""Taking consent back, and deleting everything."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_safe

from intake import consent, erasing, people
from intake.forms.my import DeleteForm, WithdrawForm
from intake.links import Opened
from intake.models import Consent, HelpRequest
from intake.views.my.opening import for_asker, for_family
from intake.views.my.page import as_it_stands
from intake.views.question import show

DELETED = "deleted_reference"
HOW = "the family's page"


@require_http_methods(["GET", "HEAD", "POST"])
@for_asker
def withdraw(request: HttpRequest, token: str, opened: Opened) -> HttpResponse:
    """Take consent back: nobody contacts them any more; what we hold stays until it is deleted."""
    row = opened.help_request
    last = consent.last(row)
    if row.status == HelpRequest.Status.CLOSED and last == Consent.Act.WITHDRAWN:
        return as_it_stands(request, token, opened, problem="You asked us to stop before. Nobody contacts you.")
    form = WithdrawForm(request.POST if request.method == "POST" else None, person=row, state=(row.status, last))
    if form.is_bound and form.is_valid():
        erasing.withdraw(help_request=row, how=HOW)
        messages.success(request, "We have stopped. Nobody contacts you about this any more.")
        return redirect("my", token)
    context = {"title": "Stop contacting me", "token": token}
    return show(request, "intake/my_withdraw.html", form, back=reverse("my", args=[token]), **context)


@require_http_methods(["GET", "HEAD", "POST"])
@for_family
def delete(request: HttpRequest, token: str, opened: Opened) -> HttpResponse:
    """Who asked deletes the whole request; anybody else what is theirs. The link is dead then."""
    posted = request.POST if request.method == "POST" else None
    form = DeleteForm(posted, person=opened.person, button="" if opened.is_asker else "Delete my details")
    if form.is_bound and form.is_valid():
        if opened.participant:
            people.leave(participant=opened.participant, how=HOW)
        else:
            erasing.erase(help_request=opened.help_request)
        request.session[DELETED] = opened.help_request.reference  # means nothing to anybody else
        return redirect("my-deleted")
    context = {"title": "Delete everything", "token": token, "opened": opened}
    return show(request, "intake/my_delete.html", form, back=reverse("my", args=[token]), **context)


@require_safe
def deleted(request: HttpRequest) -> HttpResponse:
    return render(request, "intake/my_deleted.html", {"reference": request.session.get(DELETED, "")})
