"""Telling one named place something: asked each time, answered here, and taken back here at any time."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_safe

from intake import sharing, time_zones
from intake.forms.my import EndSharingForm, SharingForm
from intake.links import Opened
from intake.models import HelpRequest, Sharing
from intake.views.my.opening import for_asker
from intake.views.question import show

HOW = "the family's page"


@require_safe
@for_asker
def everything(request: HttpRequest, token: str, opened: Opened) -> HttpResponse:
    """Each place that was asked about, newest first."""
    is_open = opened.help_request.status != HelpRequest.Status.CLOSED
    rows = [
        {
            "receiver": one.receiver,
            "state": _state(one, opened),
            "to_answer": is_open and one.answered_at is None,
            "can_end": one.agreed and not one.ended_at,
            "pk": one.pk,
        }
        for one in opened.help_request.sharings.filter(receiver__isnull=False).order_by("-pk")
    ]
    context = {"token": token, "title": "What we may tell others", "rows": rows}
    return render(request, "intake/my_sharing.html", context)


def _state(one: Sharing, opened: Opened) -> str:
    """In words, with the day on the family's calendar."""
    zone = opened.person.time_zone
    if one.answered_at is None:
        return "Waits for your answer."
    answered = time_zones.day_in_words(one.answered_at, zone)
    if not one.agreed:
        return f"You said no on {answered}. They are told nothing."
    told = f" They were told on {time_zones.day_in_words(one.shared_at, zone)}." if one.shared_at else ""
    if one.ended_at:
        return f"You said yes, and took it back on {time_zones.day_in_words(one.ended_at, zone)}.{told}"
    return f"You said yes on {answered}.{told or ' They are not told yet.'}"


@require_http_methods(["GET", "HEAD", "POST"])
@for_asker
def answer(request: HttpRequest, token: str, opened: Opened, pk: int) -> HttpResponse:
    """Yes or no to the exact words, for this one place and time."""
    found = _found(opened, pk)
    if found is None or found.answered_at or opened.help_request.status == HelpRequest.Status.CLOSED:
        return _back(request, token, "This question was answered already, or is not asked any more.")
    words = sharing.words_of(found)
    form = SharingForm(request.POST if request.method == "POST" else None, person=opened.person, state=(pk, words))
    if form.is_bound and form.is_valid():
        try:
            if form.cleaned_data["answer"] == "yes":
                sharing.agree(sharing=found, words=words, how=HOW)
            else:
                sharing.decline(sharing=found, how=HOW)
        except sharing.SharingError as error:
            return _back(request, token, str(error))
        return _back(request, token, "We have your answer.", is_good=True)
    context = {"title": "May we tell them?", "receiver": found.receiver, "words": words}
    return show(request, "intake/my_sharing_answer.html", form, back=reverse("my-sharing", args=[token]), **context)


@require_http_methods(["GET", "HEAD", "POST"])
@for_asker
def end(request: HttpRequest, token: str, opened: Opened, pk: int) -> HttpResponse:
    """The yes is taken back, also of a closed request."""
    found = _found(opened, pk)
    if found is None or not found.agreed or found.ended_at:
        return _back(request, token, "There is no yes to take back.")
    posted = request.POST if request.method == "POST" else None
    form = EndSharingForm(posted, person=opened.person, state=(pk, found.shared_at))
    if form.is_bound and form.is_valid():
        sharing.end(sharing=found, how=HOW)
        return _back(request, token, "We have taken your yes back.", is_good=True)
    context = {"title": "Take your yes back", "receiver": found.receiver, "was_told": bool(found.shared_at)}
    return show(request, "intake/my_sharing_end.html", form, back=reverse("my-sharing", args=[token]), **context)


def _found(opened: Opened, pk: int) -> Sharing | None:
    return opened.help_request.sharings.filter(pk=pk, receiver__isnull=False).first()


def _back(request: HttpRequest, token: str, words: str, *, is_good: bool = False) -> HttpResponse:
    """To the list as it stands now, with a sentence."""
    if is_good:
        messages.success(request, words)
    elif request.method == "POST":
        messages.warning(request, words)
    return redirect("my-sharing", token)
