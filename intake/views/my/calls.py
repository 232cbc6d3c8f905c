"""The call: move it, cancel it, choose a new time, take it into a calendar. From a person's own page, and from the mail
about one conversation, whose address opens nothing else."""

from typing import Any
from zoneinfo import ZoneInfo

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_safe

from intake import booking, time_zones
from intake.calendar_file import ics
from intake.forms.my import STALE, CancelForm, WhenForm
from intake.forms.talk import parsed
from intake.links import Opened
from intake.models import Conversation
from intake.models.reachable import Reachable
from intake.views.my import standing
from intake.views.my.opening import for_call, for_family
from intake.views.my.page import as_it_stands
from intake.views.question import show
from intake.views.talk import LOOK_AHEAD, MORE_DAYS, days_shown

TAKEN = "That time has just been taken. Choose another time"


@require_http_methods(["GET", "HEAD", "POST"])
@for_family
def move(request: HttpRequest, token: str, opened: Opened) -> HttpResponse:
    conversation = _own(opened)
    if conversation is None or not standing.can_change(conversation):
        return _too_late(request, token, opened)
    return _move(request, opened, conversation, back=reverse("my", args=[token]))


@require_http_methods(["GET", "HEAD", "POST"])
@for_family
def cancel(request: HttpRequest, token: str, opened: Opened) -> HttpResponse:
    conversation = _own(opened)
    if conversation is None or not standing.can_change(conversation):
        return _too_late(request, token, opened)
    back, instead = reverse("my", args=[token]), reverse("my-move", args=[token])
    return _cancel(request, opened, conversation, back=back, instead=instead)


@require_http_methods(["GET", "HEAD", "POST"])
@for_family
def again(request: HttpRequest, token: str, opened: Opened) -> HttpResponse:
    """A new time after a call that was cancelled or missed."""
    last = _own(opened)
    if last is None or not standing.can_choose_again(opened, last):
        return _too_late(request, token, opened)
    form = _when(request, opened, last, button="Book this call")
    if form.is_bound and form.is_valid():
        starts_at = parsed(form.cleaned_data["starts_at"])
        try:
            booking.book(help_request=opened.help_request, starts_at=starts_at, way=last.way)
        except booking.SlotTakenError:
            form.add_error("starts_at", TAKEN)
        else:
            messages.success(request, "Your call is booked.")
            return redirect("my", token)
    return _choose(request, form, title="Choose a new time", back=reverse("my", args=[token]))


@require_safe
@for_family
def calendar(request: HttpRequest, token: str, opened: Opened) -> HttpResponse:
    """The call as a calendar file, cancelled or not: a cancelled one takes the entry out again."""
    conversation = _own(opened)
    return redirect("my", token) if conversation is None else _file(conversation)


@require_safe
@for_call
def call(request: HttpRequest, token: str, opened: Opened, conversation: Conversation) -> HttpResponse:
    """One conversation: what it is, and the way to move or cancel it."""
    return _call_now(request, token, opened, conversation)


@require_http_methods(["GET", "HEAD", "POST"])
@for_call
def call_move(request: HttpRequest, token: str, opened: Opened, conversation: Conversation) -> HttpResponse:
    if not standing.can_change(conversation):
        return _call_too_late(request, token, opened, conversation)
    return _move(request, opened, conversation, back=reverse("call", args=[token]))


@require_http_methods(["GET", "HEAD", "POST"])
@for_call
def call_cancel(request: HttpRequest, token: str, opened: Opened, conversation: Conversation) -> HttpResponse:
    if not standing.can_change(conversation):
        return _call_too_late(request, token, opened, conversation)
    back, instead = reverse("call", args=[token]), reverse("call-move", args=[token])
    return _cancel(request, opened, conversation, back=back, instead=instead)


@require_safe
@for_call
def call_calendar(request: HttpRequest, token: str, opened: Opened, conversation: Conversation) -> HttpResponse:
    return _file(conversation)


def _own(opened: Opened) -> Conversation | None:
    """The call of the request, for who may see it."""
    return standing.latest(opened.help_request) if opened.gets(Reachable.Gets.CALLS) else None


def _too_late(request: HttpRequest, token: str, opened: Opened) -> HttpResponse:
    if request.method != "POST":
        return redirect("my", token)
    return as_it_stands(request, token, opened, problem=f"{STALE}.")


def _call_too_late(request: HttpRequest, token: str, opened: Opened, conversation: Conversation) -> HttpResponse:
    if request.method != "POST":
        return redirect("call", token)
    return _call_now(request, token, opened, conversation, problem=f"{STALE}.")


def _call_now(
    request: HttpRequest, token: str, opened: Opened, conversation: Conversation, *, problem: str = ""
) -> HttpResponse:
    context = {
        "token": token,
        "conversation": conversation,
        "when": time_zones.in_words(conversation.starts_at, opened.person.time_zone),
        "can_change": standing.can_change(conversation),
        "problem": problem,
    }
    return render(request, "intake/my_call.html", context, status=409 if problem else 200)


def _move(request: HttpRequest, opened: Opened, conversation: Conversation, *, back: str) -> HttpResponse:
    form = _when(request, opened, conversation, button="Move my call")
    if form.is_bound and form.is_valid():
        try:
            booking.move(conversation=conversation, starts_at=parsed(form.cleaned_data["starts_at"]))
        except booking.SlotTakenError:
            form.add_error("starts_at", TAKEN)
        else:
            messages.success(request, "Your call is moved.")
            return redirect(back)
    now_at = time_zones.in_words(conversation.starts_at, opened.person.time_zone)
    return _choose(request, form, title="Move your call", back=back, now_at=now_at)


def _when(request: HttpRequest, opened: Opened, conversation: Conversation, *, button: str) -> WhenForm:
    """The open half hours on this person's clock; good for the call as it is now."""
    zone = time_zones.listed(opened.person.time_zone) or "America/Chicago"
    return WhenForm(
        request.POST if request.method == "POST" else None,
        person=opened.person,
        state=(conversation.pk, conversation.starts_at, conversation.sequence, conversation.cancelled_at),
        times=booking.open_times(
            state=opened.help_request.state,
            language=opened.help_request.language,
            days=LOOK_AHEAD,
            zone=ZoneInfo(zone),
        ),
        zone=zone,
        days=days_shown(request),
        button=button,
    )


def _choose(request: HttpRequest, form: WhenForm, *, title: str, back: str, **context: Any) -> HttpResponse:
    context |= {"title": title, "heading": "Choose a new day and time", "back": back}
    return show(request, "intake/choose_time.html", form, more=days_shown(request) + MORE_DAYS, **context)


def _cancel(
    request: HttpRequest, opened: Opened, conversation: Conversation, *, back: str, instead: str
) -> HttpResponse:
    posted = request.POST if request.method == "POST" else None
    state = (conversation.pk, conversation.starts_at, conversation.sequence)
    form = CancelForm(posted, person=opened.person, state=state)
    if form.is_bound and form.is_valid():
        booking.cancel(conversation=conversation)
        messages.success(request, "Your call is cancelled.")
        return redirect(back)
    when = time_zones.in_words(conversation.starts_at, opened.person.time_zone)
    context = {"title": "Cancel your call", "back": back, "instead": instead, "when": when}
    return show(request, "intake/my_cancel.html", form, **context)


def _file(conversation: Conversation) -> HttpResponse:
    disposition = {"Content-Disposition": 'attachment; filename="call.ics"'}
    return HttpResponse(ics(conversation), content_type="text/calendar; charset=utf-8", headers=disposition)
