"""Who else is in this request: who asked names them and takes them out; each of them says yes or no alone."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST

from intake import people
from intake.forms.my import STALE, PersonForm, TakeOutForm
from intake.links import Opened
from intake.models import HelpRequest, Participant
from intake.views.my.contact import CLOSED
from intake.views.my.opening import for_asker
from intake.views.my.page import as_it_stands
from intake.views.question import show

TAKEN_OUT = "taken out by who asked"


@require_http_methods(["GET", "HEAD", "POST"])
@for_asker
def everybody(request: HttpRequest, token: str, opened: Opened) -> HttpResponse:
    """Who is named, and naming one more."""
    if opened.help_request.status == HelpRequest.Status.CLOSED:
        return as_it_stands(request, token, opened, problem=CLOSED)
    form = _form(request if request.method == "POST" else None, opened)
    if form.is_bound and form.is_valid():
        try:
            people.add(help_request=opened.help_request, role=form.cleaned_data["role"], contact=form.contact)
        except people.PeopleError as error:
            form.add_error(None, str(error))
        else:
            messages.success(request, "We ask this person. They are in when they say yes.")
            return redirect("my-people", token)
    return _page(request, token, opened, form)


@require_POST
@for_asker
def take_out(request: HttpRequest, token: str, opened: Opened) -> HttpResponse:
    if opened.help_request.status == HelpRequest.Status.CLOSED:
        return as_it_stands(request, token, opened, problem=CLOSED)
    typed = request.POST.get("who", "")
    other = next((one for one in _others(opened) if str(one.pk) == typed), None)
    if other and TakeOutForm(request.POST, person=opened.person, other=other).is_valid():
        people.leave(participant=other, how=TAKEN_OUT)
        messages.success(request, "This person is out. What we held about them is deleted.")
        return redirect("my-people", token)
    form = _form(None, opened)
    return _page(request, token, opened, form, problem=f"{STALE}.")


def _form(request: HttpRequest | None, opened: Opened) -> PersonForm:
    named = list(opened.help_request.participants.values_list("pk", flat=True))
    return PersonForm(request.POST if request else None, person=opened.person, state=(named,))


def _others(opened: Opened) -> list[Participant]:
    return list(opened.help_request.participants.filter(left_at=None, erased_at=None))


def _page(request: HttpRequest, token: str, opened: Opened, form: PersonForm, *, problem: str = "") -> HttpResponse:
    others = [
        ((one.name or "").split(" ")[0], one, TakeOutForm(person=opened.person, other=one, auto_id=f"out{one.pk}_%s"))
        for one in _others(opened)
    ]
    for _, _, out in others:
        out.helper.form_action = reverse("my-take-out", args=[token])
    context = {
        "title": "People in this request",
        "others": others,
        "back": reverse("my", args=[token]),
        "problem": problem,
        "is_full": len(others) >= people.MOST,
    }
    answer = show(request, "intake/my_people.html", form, **context)
    if problem:
        answer.status_code = 409
    return answer
