"""A conversation with a nurse advocate: a half hour that is free, chosen on the family's own clock."""

from datetime import datetime
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from doctors import states
from intake import booking, links, time_zones
from intake.forms.contact import SendForm, new_submission, send_again
from intake.forms.talk import QUESTIONS, CallForm, NeedsForm, TimeForm, ZoneForm, parsed
from intake.journey import Answers, Journey, Route
from intake.models import HelpRequest
from intake.submitting import Contact, DifferentSubmissionError, submit_conversation
from intake.views import match
from intake.views.question import Rows, ask, not_yet, show, words
from navigator.caching import public_page

ROUTE = Route("talk", tuple(QUESTIONS), "talk-step", "talk", "talk-check")
SEND = "Book this call"
LOOK_AHEAD = 28  # days
DAYS_SHOWN, MORE_DAYS = 4, 4


@public_page
@require_safe
def start(request: HttpRequest) -> HttpResponse:
    return render(request, "intake/talk.html")


@sensitive_post_parameters()
@require_http_methods(["GET", "HEAD", "POST"])
def step(request: HttpRequest, step: str) -> HttpResponse:
    if step not in QUESTIONS:
        raise Http404
    journey = Journey(request.session, ROUTE)
    if away := not_yet(request, journey, journey.steps_before(step), "talk-done"):
        return away
    if step == "time":
        return _time(request, journey)
    posted = request.POST if request.method == "POST" else None
    initial = journey.answers.get(step) or (_known(request) if step == "zone" else None)
    form = QUESTIONS[step](posted, initial=initial)
    if step == "zone" and form.is_bound and form.is_valid() and form.cleaned_data != journey.answers.get("zone"):
        journey.take_back("time")  # another clock, other nurses
    heading = "How do we reach you?" if step == "reach" else ""
    return ask(request, journey, step, form, heading=heading)


def _known(request: HttpRequest) -> dict[str, str]:
    """Zone and state, if this browser told them to the doctor match a moment ago."""
    answers = Journey(request.session, match.ROUTE).answers
    place = match.place_of(answers)
    zone = time_zones.listed(place.time_zone) if place else ""
    return {"time_zone": zone, "state": match.state_of(answers)}


def _time(request: HttpRequest, journey: Journey) -> HttpResponse:
    zone = journey.answers["zone"]["time_zone"]
    times = open_times(zone=zone, state=_state(journey.answers))
    if not times:
        return render(request, "intake/no_times.html", {"back": journey.before("time")})
    days = days_shown(request)
    posted = request.POST if request.method == "POST" else None
    form = TimeForm(posted, initial=journey.answers.get("time"), times=times, zone=zone, days=days)
    context = {"template": "intake/choose_time.html", "taken": journey.held.get("taken"), "more": days + MORE_DAYS}
    return ask(request, journey, "time", form, **context)


def open_times(*, zone: str, state: str) -> list[datetime]:
    """The open half hours of the next weeks, at decent hours on the family's clock."""
    return booking.open_times(state=state, days=LOOK_AHEAD, zone=ZoneInfo(zone))


def days_shown(request: HttpRequest) -> int:
    """How many days `?days=` asks for, within reason."""
    asked = request.GET.get("days", "")
    return min(max(int(asked), DAYS_SHOWN), LOOK_AHEAD) if asked.isdecimal() and len(asked) < 4 else DAYS_SHOWN


@require_http_methods(["GET", "HEAD", "POST"])
def check(request: HttpRequest) -> HttpResponse:
    """Everything that will be sent. If the half hour went to somebody else meanwhile, only the time is asked again."""
    journey = Journey(request.session, ROUTE)
    if away := not_yet(request, journey, ROUTE.steps, "talk-done"):
        return away
    posted = request.POST if request.method == "POST" else None
    form = SendForm(posted, initial={"submission": new_submission()}, button=SEND)
    if form.is_bound:
        if not form.is_valid():
            form = send_again("This page was open for a long time. Check your details and send it again", button=SEND)
        else:
            try:
                sent = _submit(journey.answers, form.cleaned_data["submission"])
            except DifferentSubmissionError:
                form = send_again(match.SENT_BEFORE, button=SEND)
            except booking.SlotTakenError:
                return _choose_again(journey)
            else:
                journey.finish(sent)
                return redirect("talk-done")
    journey.arrive("talk-check")
    context = {"title": "Check your answers", "rows": _rows(journey.answers), "start_over": "talk-start-over"}
    return show(request, "intake/check.html", form, back=journey.address("needs"), **context)


def _choose_again(journey: Journey) -> HttpResponse:
    journey.arrive("talk-check")
    taken = time_zones.in_words(parsed(journey.answers["time"]["starts_at"]), journey.answers["zone"]["time_zone"])
    journey.take_back("time", taken=taken)
    return redirect(journey.address("time"))


@require_safe
def done(request: HttpRequest) -> HttpResponse:
    sent = Journey(request.session, ROUTE).sent
    conversation = sent.conversations.filter(cancelled_at=None).select_related("advocate").first() if sent else None
    if sent is None or conversation is None:
        return redirect("talk")
    context = {
        "sent": sent,
        "conversation": conversation,
        "when": time_zones.in_words(conversation.starts_at, sent.time_zone),
        "token": links.token(sent),
        "my_url": links.my_url(sent),
    }
    return render(request, "intake/talk_done.html", context)


@require_POST
def start_over(request: HttpRequest) -> HttpResponse:
    Journey(request.session, ROUTE).clear()
    return redirect("talk")


def _state(answers: Answers) -> str:
    state = answers["zone"]["state"]
    return state if state in states.STATES else ""


def _rows(answers: Answers) -> Rows:
    zone, call = answers["zone"], answers["reach"]
    told: list[tuple[str, str, str]] = [
        ("Who will be on the call", "who", words(QUESTIONS["who"], "for_whom", answers["who"]["for_whom"])),
        ("Your time zone", "zone", words(ZoneForm, "time_zone", zone["time_zone"])),
        ("Your state", "zone", words(ZoneForm, "state", zone["state"])),
        ("Day and time", "time", time_zones.in_words(parsed(answers["time"]["starts_at"]), zone["time_zone"])),
        ("How we talk", "reach", words(CallForm, "way", call["way"])),
        ("Full name", "reach", call["name"]),
        ("Phone number", "reach", words(CallForm, "phone", CallForm().fields["phone"].prepare_value(call["phone"]))),
        ("E-mail address", "reach", words(CallForm, "email", call["email"])),
        ("May we leave a message", "reach", words(CallForm, "may_leave_message", call["may_leave_message"])),
        ("What would help you take part", "needs", words(NeedsForm, "access_needs", answers["needs"]["access_needs"])),
    ]
    return [(label, value, reverse("talk-step", args=[step])) for label, step, value in told]


def _submit(answers: Answers, submission_key: UUID) -> HelpRequest:
    call: dict[str, Any] = answers["reach"]
    return submit_conversation(
        contact=Contact(
            name=call["name"],
            reach_by="phone" if call["way"] == "phone" else "email",
            email=call["email"],
            phone=call["phone"],
            may_leave_message=call["may_leave_message"] == "yes",
            access_needs=answers["needs"]["access_needs"],
            for_whom=answers["who"]["for_whom"],
            time_zone=answers["zone"]["time_zone"],
        ),
        starts_at=parsed(answers["time"]["starts_at"]),
        way=call["way"],
        state=_state(answers),
        consent=call["words"],
        submission_key=submission_key,
    )
