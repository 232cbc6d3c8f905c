"""What the pages with a form have in common."""

from typing import Any

from django import forms
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render

from intake.forms.fields import QuestionForm
from intake.journey import Journey
from navigator.security import clean_text

UNPROCESSABLE = 422
LONGEST_DRAFT = 2_000  # characters of one field

Rows = list[tuple[str, str, str]]  # what, the answer in words, the address that changes it


def show(request: HttpRequest, template: str, form: QuestionForm | None, **context: Any) -> HttpResponse:
    """A page with `form`: 422 if what was sent has errors."""
    wrong = form is not None and form.is_bound and bool(form.errors)
    return render(request, template, {"form": form, **context}, status=UNPROCESSABLE if wrong else 200)


def ask(request: HttpRequest, journey: Journey, step: str, form: QuestionForm, **context: Any) -> HttpResponse:
    """One question of a journey: shown, or answered and on to what follows. "Back" keeps what was typed, as a draft."""
    aim(form, journey, journey.address(step))
    if away := gone_back(request, journey, step, form, journey.before(step)):
        return away
    if form.is_bound and form.is_valid():
        journey.answer(step, form.cleaned_data)
        return redirect(journey.after(step))
    steps = journey.route.steps
    caption = f"Question {steps.index(step) + 1} of {len(steps)}"
    context = {"title": caption, "caption": caption, "back": journey.before(step), **context}
    return show(request, context.pop("template", "intake/question.html"), form, **context)


def aim(form: QuestionForm, journey: Journey, address: str) -> None:
    """What is sent from this page goes to the journey whose answers it shows, whichever was touched last by then."""
    if journey.route.is_numbered:
        form.helper.form_action = address


def gone_back(request: HttpRequest, journey: Journey, step: str, form: QuestionForm, back: str) -> HttpResponse | None:
    """Where the button "Back" leads; None if another was pressed."""
    if not journey.route.is_numbered:
        return None
    form.helper.form_id = "question"  # which the button above the heading names
    if "back" not in request.POST:
        return None
    journey.draft(step, typed(form))
    return redirect(back)


def typed(form: QuestionForm) -> dict[str, Any]:
    """What stands in the fields of a form that was sent, cleaned and not judged. Never a consent, nothing hidden."""
    kept: dict[str, Any] = {}
    for name, field in form.fields.items():
        if isinstance(field, forms.BooleanField) or field.widget.is_hidden:
            continue
        if isinstance(field, forms.MultipleChoiceField):
            kept[name] = [value for value in _sent(form, name) if field.valid_value(value)]
        else:
            kept[name] = clean_text(str(form.data.get(name, ""))[:LONGEST_DRAFT])
    return kept


def _sent(form: QuestionForm, name: str) -> list[str]:
    data: Any = form.data
    return [str(value) for value in data.getlist(name)]


def not_yet(request: HttpRequest, journey: Journey, needed: tuple[str, ...], done: str) -> HttpResponse | None:
    """Where a page leads that came too early: to the first open question; after sending, to the page `done` (a URL
    name); and who sends answers after the session has ended is told so. None if nothing of `needed` is open."""
    step = journey.first_open(needed)
    if step is None and not journey.is_named:
        return None
    if not journey.answers and journey.sent:
        return redirect(journey.to(done))
    if step is None:
        return None
    if not journey.answers and request.method == "POST":
        return render(request, "intake/cleared.html", {"start": journey.route.start_url})
    return redirect(journey.address(step))


def words(form: type[QuestionForm], name: str, answer: Any) -> str:
    """An answer as the form words it; "Not provided" for none."""
    field: Any = form.base_fields[name]
    chosen = dict(getattr(field, "choices", ()))
    if isinstance(answer, list):
        return ", ".join(str(chosen.get(one, one)) for one in answer)
    return str(chosen.get(answer, answer)) if answer else "Not provided"
