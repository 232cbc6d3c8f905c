"""The sheet before the call: pick up to three questions, one of them one's own, and print them."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from intake import sheet, time_zones
from intake.forms.my import QuestionsForm
from intake.links import Opened
from intake.models import HelpRequest
from intake.views.my.contact import CLOSED
from intake.views.my.opening import for_asker
from intake.views.my.page import as_it_stands
from intake.views.question import show


@require_http_methods(["GET", "HEAD", "POST"])
@for_asker
def questions(request: HttpRequest, token: str, opened: Opened) -> HttpResponse:
    row = opened.help_request
    if row.status == HelpRequest.Status.CLOSED:
        return as_it_stands(request, token, opened, problem=CLOSED)
    posted = request.POST if request.method == "POST" else None
    ours = [asked for asked in row.asks if asked in sheet.QUESTIONS]
    own = "".join(asked for asked in row.asks if asked not in sheet.QUESTIONS)
    form = QuestionsForm(posted, person=row, state=(row.asks,), initial={"questions": ours, "own": own})
    if form.is_bound and form.is_valid():
        try:
            sheet.pick(help_request=row, questions=form.cleaned_data["picked"])
        except sheet.SheetError as error:
            form.add_error("questions", str(error).rstrip("."))
        else:
            messages.success(request, "Your questions are kept. Your nurse advocate sees them.")
            return redirect("my-questions", token)
    call = row.conversations.standing().first()
    context = {
        "title": "Your questions for the call",
        "picked": row.asks,
        "when": time_zones.in_words(call.starts_at if call else row.contact_by, row.time_zone),
        "is_booked": call is not None,
        "is_owed": call is not None or row.first_contact_at is None,
        "lines": range(5),
    }
    return show(request, "intake/my_questions.html", form, back=reverse("my", args=[token]), **context)
