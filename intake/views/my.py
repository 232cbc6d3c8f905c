"""The family's own page: follow a request, move or cancel a call, take consent back, delete everything.

To look changes nothing; every act is a POST. Whoever holds the address holds the page, so it shows little.
"""

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.db.models import F
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_safe

from intake import booking, erasing, links, time_zones
from intake.calendar_file import ics
from intake.forms.talk import TimeForm, parsed
from intake.models import Conversation, HelpRequest
from intake.views.question import show
from intake.views.talk import MORE_DAYS, days_shown, open_times

DELETED = "deleted_reference"


def for_family(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """Gives the view the request that its token opens. Whatever is wrong with a token, the same page says so."""

    @wraps(view)
    def opened(request: HttpRequest, token: str) -> HttpResponse:
        try:
            help_request = links.find(token)
        except links.LinkError:
            return render(request, "intake/my_gone.html", status=404)
        return view(request, token, help_request)

    return opened


@require_safe
@for_family
def page(request: HttpRequest, token: str, help_request: HelpRequest) -> HttpResponse:
    conversation = _latest(help_request)
    upcoming = _upcoming(help_request)
    context = {
        "token": token,
        "help_request": help_request,
        "asked_on": time_zones.day_in_words(help_request.created_at, help_request.time_zone),
        "phone_end": (help_request.phone or "")[-4:],
        "call_by": _call_by(help_request),
        "conversation": conversation,
        "when": time_zones.in_words(conversation.starts_at, help_request.time_zone) if conversation else "",
        "upcoming": upcoming,
        "is_open": help_request.status != HelpRequest.Status.CLOSED,
    }
    return render(request, "intake/my.html", context)


def _call_by(help_request: HelpRequest) -> str:
    """The promise on the family's clock, while it is still owed."""
    is_owed = help_request.status in (HelpRequest.Status.NEW, HelpRequest.Status.ASSIGNED)
    if not is_owed or help_request.first_contact_at or help_request.kind == HelpRequest.Kind.CONVERSATION:
        return ""
    return time_zones.in_words(help_request.contact_by, help_request.time_zone)


def _latest(help_request: HelpRequest) -> Conversation | None:
    """The call that stands, or the last one that was cancelled."""
    calls = help_request.conversations.select_related("advocate", "help_request")
    return calls.order_by(F("cancelled_at").desc(nulls_first=True), "-pk").first()


def _upcoming(help_request: HelpRequest) -> Conversation | None:
    """The call that can still be moved or cancelled."""
    if help_request.status == HelpRequest.Status.CLOSED:
        return None
    return help_request.conversations.filter(cancelled_at=None, starts_at__gt=timezone.now()).first()


@sensitive_post_parameters()
@require_http_methods(["GET", "HEAD", "POST"])
@for_family
def move(request: HttpRequest, token: str, help_request: HelpRequest) -> HttpResponse:
    conversation = _upcoming(help_request)
    if conversation is None:
        return redirect("my", token)
    zone = time_zones.listed(help_request.time_zone) or "America/Chicago"
    form = _time_form(request, help_request, zone)
    if form.is_bound and form.is_valid():
        try:
            booking.move(conversation=conversation, starts_at=parsed(form.cleaned_data["starts_at"]))
        except booking.SlotTakenError:
            form = _time_form(request, help_request, zone)
            form.add_error("starts_at", "That time has just been taken. Choose another time")
        else:
            return redirect("my", token)
    context: dict[str, Any] = {
        "title": "Move your call",
        "heading": "Choose a new day and time",
        "now_at": time_zones.in_words(conversation.starts_at, help_request.time_zone),
        "more": days_shown(request) + MORE_DAYS,
        "back": reverse("my", args=[token]),
    }
    return show(request, "intake/choose_time.html", form, **context)


def _time_form(request: HttpRequest, help_request: HelpRequest, zone: str) -> TimeForm:
    times = open_times(zone=zone, state=help_request.state)
    posted = request.POST if request.method == "POST" else None
    return TimeForm(posted, times=times, zone=zone, days=days_shown(request), button="Move my call")


@require_http_methods(["GET", "HEAD", "POST"])
@for_family
def cancel(request: HttpRequest, token: str, help_request: HelpRequest) -> HttpResponse:
    conversation = _upcoming(help_request)
    if conversation is None:
        return redirect("my", token)
    if request.method == "POST":
        booking.cancel(conversation=conversation)
        return redirect("my", token)
    when = time_zones.in_words(conversation.starts_at, help_request.time_zone)
    return render(request, "intake/my_cancel.html", {"token": token, "when": when})


@require_http_methods(["GET", "HEAD", "POST"])
@for_family
def withdraw(request: HttpRequest, token: str, help_request: HelpRequest) -> HttpResponse:
    """Take consent back: nobody contacts them any more; what we hold stays until it is deleted."""
    if request.method == "POST":
        erasing.withdraw(help_request=help_request)
        return redirect("my", token)
    return render(request, "intake/my_withdraw.html", {"token": token})


@require_http_methods(["GET", "HEAD", "POST"])
@for_family
def delete(request: HttpRequest, token: str, help_request: HelpRequest) -> HttpResponse:
    if request.method == "POST":
        erasing.erase(help_request=help_request)
        request.session[DELETED] = help_request.reference  # means nothing to anybody else
        return redirect("my-deleted")
    return render(request, "intake/my_delete.html", {"token": token})


@require_safe
def deleted(request: HttpRequest) -> HttpResponse:
    return render(request, "intake/my_deleted.html", {"reference": request.session.get(DELETED, "")})


@require_safe
@for_family
def calendar(request: HttpRequest, token: str, help_request: HelpRequest) -> HttpResponse:
    """The call as a calendar file, cancelled or not: a cancelled one takes the entry out again."""
    conversation = _latest(help_request)
    if conversation is None:
        return redirect("my", token)
    disposition = {"Content-Disposition": 'attachment; filename="phone-call.ics"'}
    return HttpResponse(ics(conversation), content_type="text/calendar; charset=utf-8", headers=disposition)
