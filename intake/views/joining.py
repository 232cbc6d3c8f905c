"""Somebody who was named by their family says yes or no: to the exact words, once."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_safe

from intake import links, people
from intake.forms.my import JoinForm, masked_email, masked_phone
from intake.models import Participant
from intake.views.my.opening import for_invited
from intake.views.question import show

HOW = "web: invitation"
YES = "You said yes. This is your own page: save its address, and keep it to yourself."


@require_http_methods(["GET", "HEAD", "POST"])
@for_invited
def join(request: HttpRequest, participant: Participant) -> HttpResponse:
    form = JoinForm(request.POST if request.method == "POST" else None)
    if form.is_bound and form.is_valid():
        if form.cleaned_data["answer"] == "no":
            people.leave(participant=participant, how=HOW)
            return redirect("join-declined")
        people.join(participant=participant, words=form.cleaned_data["words"], how=HOW)
        messages.success(request, YES)
        return redirect("my", links.token(participant))
    asker = (participant.help_request.name or "").split(" ")[0]
    details = ", ".join(filter(None, [masked_email(participant.email), masked_phone(participant.phone)]))
    return show(request, "intake/join.html", form, title="May we contact you?", asker=asker, details=details)


@require_safe
def declined(request: HttpRequest) -> HttpResponse:
    return render(request, "intake/join_declined.html", {"title": "You said no"})
