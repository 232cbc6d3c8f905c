"""Changing how a person is reached, and writing a note to us."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from intake import notes, people
from intake.forms.my import MyContactForm, NoteForm
from intake.links import Opened
from intake.models import HelpRequest, Note
from intake.views.my.opening import for_family
from intake.views.my.page import as_it_stands
from intake.views.question import show

CLOSED = "This request is closed. Call us, or ask for help again."


@require_http_methods(["GET", "HEAD", "POST"])
@for_family
def contact(request: HttpRequest, token: str, opened: Opened) -> HttpResponse:
    """Told to the old and to the new address by `people.change_contact`."""
    if opened.help_request.status == HelpRequest.Status.CLOSED:
        return as_it_stands(request, token, opened, problem=CLOSED)
    person = opened.person
    state = tuple(getattr(person, name) for name in people.CONTACT)
    form = MyContactForm(request.POST if request.method == "POST" else None, person=person, state=state)
    if form.is_bound and form.is_valid():
        try:
            people.change_contact(person=person, contact=form.contact)
        except people.PeopleError as error:
            form.add_error(None, str(error))
        else:
            messages.success(request, "Your details are saved.")
            return redirect("my", token)
    context = {"title": "Change how we reach you", "heading": "Change how we reach you"}
    return show(request, "intake/question.html", form, back=reverse("my", args=[token]), **context)


@require_http_methods(["GET", "HEAD", "POST"])
@for_family
def note(request: HttpRequest, token: str, opened: Opened) -> HttpResponse:
    row = opened.help_request
    if row.status == HelpRequest.Status.CLOSED:
        return as_it_stands(request, token, opened, problem=CLOSED)
    written = row.notes.filter(kind=Note.Kind.FROM_FAMILY, participant=opened.participant).count()
    form = NoteForm(request.POST if request.method == "POST" else None, person=opened.person, state=(written,))
    if form.is_bound and form.is_valid():
        try:
            notes.from_family(help_request=row, body=form.cleaned_data["body"], participant=opened.participant)
        except notes.NoteError as error:
            form.add_error("body", str(error))
        else:
            messages.success(request, "We have your note.")
            return redirect("my", token)
    context = {"title": "Write a note to us", "heading": "Write a note to us"}
    return show(request, "intake/question.html", form, back=reverse("my", args=[token]), **context)
