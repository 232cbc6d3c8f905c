"""The doctor match after the list: how to reach the family, who else to ask, and one button that sends it."""

import json
from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_safe

from intake import links, suspecting, time_zones
from intake.forms.contact import ContactForm, FamilyForm, SendForm, WhenForm, new_submission, send_again
from intake.forms.fields import QuestionForm
from intake.journey import Answers, Journey
from intake.models import HelpRequest
from intake.submitting import Contact, DifferentSubmissionError, Other, Told, submit_doctor_match
from intake.views.match import ROUTE, SENT_BEFORE, is_veteran, state_of, told_rows, zone_of
from intake.views.question import Rows, aim, gone_back, not_yet, show, words
from navigator.encryption import lookup_hash
from navigator.networks import network

SEND = "Send to our nurse team"
OLD_PAGE = "This page was open for a long time. Check your details and send it again"
NEEDED = ("contact", "times")  # the page about other people may be left out


@sensitive_post_parameters()
@require_http_methods(["GET", "HEAD", "POST"])
def contact(request: HttpRequest, number: str = "") -> HttpResponse:
    """Who, and how to reach them safely; the consent."""
    journey = Journey(request.session, ROUTE, number)
    if away := not_yet(request, journey, ROUTE.steps, "match-done"):
        return away
    form = ContactForm(_posted(request), initial=journey.initial("contact"))
    way = ("match-contact", "match-results", "match-times")
    return _ask(request, journey, "contact", form, way, title="How to reach you", heading="How can we reach you?")


@sensitive_post_parameters()
@require_http_methods(["GET", "HEAD", "POST"])
def times(request: HttpRequest, number: str = "") -> HttpResponse:
    """When, and in which language."""
    journey = Journey(request.session, ROUTE, number)
    if away := _too_early(request, journey, ("contact",)):
        return away
    known = {"time_zone": zone_of(journey.answers), **journey.initial("times")}
    form = WhenForm(_posted(request), initial=known)
    way = ("match-times", "match-contact", "match-family")
    return _ask(request, journey, "times", form, way, title="When to reach you", heading="When can we reach you?")


@sensitive_post_parameters()
@require_http_methods(["GET", "HEAD", "POST"])
def family(request: HttpRequest, number: str = "") -> HttpResponse:
    """Somebody else who is asked for their own consent. A link leaves the page out."""
    journey = Journey(request.session, ROUTE, number)
    if away := _too_early(request, journey, NEEDED):
        return away
    for_whom = journey.answers["who"]["for_whom"]
    form = FamilyForm(_posted(request), initial=journey.initial("family"), for_whom=for_whom)
    context = {
        "template": "intake/match_family.html",
        "title": "Somebody else",
        "heading": "Somebody else we should ask",
        "skip": journey.to("match-check"),
    }
    return _ask(request, journey, "family", form, ("match-family", "match-times", "match-check"), **context)


@require_http_methods(["GET", "HEAD", "POST"])
def check(request: HttpRequest, number: str = "") -> HttpResponse:
    """Everything that will be sent, and the button that sends exactly that, once."""
    journey = Journey(request.session, ROUTE, number)
    if away := _too_early(request, journey, NEEDED):
        return away
    mark = _mark(journey.answers)
    form = SendForm(_posted(request), initial={"submission": new_submission()}, button=SEND, mark=mark)
    if form.is_bound:
        if not form.is_valid():
            said = form.non_field_errors()
            form = send_again(str(said[0]) if said else OLD_PAGE, button=SEND, mark=mark)
        else:
            try:
                sent = _submit(journey, form.cleaned_data["submission"], network(request))
            except DifferentSubmissionError:
                form = send_again(SENT_BEFORE, button=SEND, mark=mark)
            else:
                journey.finish(sent)
                return redirect(journey.to("match-done"))
    journey.arrive("match-check")
    aim(form, journey, journey.to("match-check"))
    context = {
        "title": "Check your answers",
        "rows": _rows(journey),
        "clear_url": journey.to("match-start-over"),
        "back": journey.to("match-family"),
    }
    return show(request, "intake/check.html", form, **context)


@require_safe
def done(request: HttpRequest, number: str = "") -> HttpResponse:
    """The reference, the promise, the family's own page. Stays until the session ends."""
    sent = Journey(request.session, ROUTE, number).sent
    if sent is None:
        return redirect("match")
    call_by = time_zones.in_words(sent.contact_by, sent.time_zone)
    context = {
        "sent": sent,
        "call_by": call_by,
        "my_url": links.my_url(sent),
        "asks_others": sent.participants.filter(left_at=None).exists(),
    }
    return render(request, "intake/match_done.html", context)


def _posted(request: HttpRequest) -> Any:
    return request.POST if request.method == "POST" else None


def _too_early(request: HttpRequest, journey: Journey, needed: tuple[str, ...]) -> HttpResponse | None:
    """As `not_yet`, and to the first page of `needed` that has no answer."""
    if away := not_yet(request, journey, ROUTE.steps, "match-done"):
        return away
    page = journey.first_open(needed)
    return redirect(journey.to(f"match-{page}")) if page else None


def _ask(
    request: HttpRequest, journey: Journey, page: str, form: QuestionForm, way: tuple[str, str, str], **context: Any
) -> HttpResponse:
    """One page. `way`: its URL name, that of the page before and that of the page after; from the last page on, all
    lead back to it."""
    here, before, after = way
    if journey.return_to == "match-check":
        before = after = "match-check"
    back = journey.to(before)
    aim(form, journey, journey.to(here))
    if away := gone_back(request, journey, page, form, back):
        return away
    if form.is_bound and form.is_valid():
        journey.answer(page, form.cleaned_data)
        return redirect(journey.to(after))
    return show(request, context.pop("template", "intake/question.html"), form, back=back, **context)


def _mark(answers: Answers) -> str:
    """Stands for everything that would be sent; says nothing about it."""
    return lookup_hash(json.dumps(answers, sort_keys=True))


def _rows(journey: Journey) -> Rows:
    """What we send. How they pay for care stays behind, so it is not here."""
    answers = journey.answers
    told = [row for row in told_rows(journey) if row[2] != journey.address("cover")]
    asked: list[tuple[str, type[QuestionForm], str, str]] = [
        ("Full name", ContactForm, "contact", "name"),
        ("How we reach you", ContactForm, "contact", "reach_by"),
        ("Phone number", ContactForm, "contact", "phone"),
        ("E-mail address", ContactForm, "contact", "email"),
        ("May we leave a message", ContactForm, "contact", "may_leave_message"),
        ("May we say why we call", ContactForm, "contact", "may_say_why"),
        ("Best time", WhenForm, "times", "best_time"),
        ("Times not to call", WhenForm, "times", "not_times"),
        ("Time zone", WhenForm, "times", "time_zone"),
        ("Language of the call", WhenForm, "times", "language"),
    ]
    rows = [
        (label, _in_words(form, name, answers[page][name]), journey.to(f"match-{page}"))
        for label, form, page, name in asked
    ]
    return [*told, *rows, *_family_rows(journey)]


def _in_words(form: type[QuestionForm], name: str, value: Any) -> str:
    return words(form, name, form.base_fields[name].prepare_value(value)) or "Not provided"


def _family_rows(journey: Journey) -> Rows:
    named, address = journey.answers.get("family", {"role": "nobody"}), journey.to("match-family")
    if named["role"] == "nobody":
        return [("Somebody else we ask", "Nobody", address)]
    labels = {"name": "Somebody else we ask", "email": "Their e-mail address", "phone": "Their phone number"}
    shown = [(label, _in_words(FamilyForm, name, named[name]), address) for name, label in labels.items()]
    return [*shown, ("What they get, if they agree", _in_words(FamilyForm, "gets", named["gets"]), address)]


def _others(answers: Answers) -> tuple[Other, ...]:
    named = answers.get("family", {"role": "nobody"})
    if named["role"] == "nobody":
        return ()
    gets = " ".join(named["gets"])
    return (Other(role=named["role"], name=named["name"], email=named["email"], phone=named["phone"], gets=gets),)


def _submit(journey: Journey, submission_key: UUID, network: str) -> HelpRequest:
    answers = journey.answers
    given, when = answers["contact"], answers["times"]
    return submit_doctor_match(
        contact=Contact(
            name=given["name"],
            reach_by=given["reach_by"],
            email=given["email"],
            phone=given["phone"],
            may_leave_message=given["may_leave_message"] == "yes",
            may_say_why=given["may_say_why"] == "yes",
            best_time=when["best_time"],
            not_times=" ".join(when["not_times"]),
            language=when["language"],
            for_whom=answers["who"]["for_whom"],
            time_zone=when["time_zone"],
        ),
        told=Told(
            disease=answers["told"]["disease"],
            wants=tuple(answers["help"]["wants"]),
            travel=answers["travel"]["travel"],
            zip=answers["where"]["zip"],
            state=state_of(answers),
            veteran=is_veteran(answers),
        ),
        consent=given["words"],
        submission_key=submission_key,
        others=_others(answers),
        signs=suspecting.signs(
            answers=answers, began=journey.began, network=network, contacts=(given["email"], given["phone"])
        ),
    )
