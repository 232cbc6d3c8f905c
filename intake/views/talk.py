"""A conversation with a nurse advocate: a half hour that is free, chosen on the family's own clock and kept while they
fill in the rest; or a call at any time."""

import json
from datetime import datetime
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from django.contrib.sessions.backends.base import SessionBase
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from intake import booking, holding, links, suspecting, time_zones
from intake.forms.contact import SendForm, new_submission, send_again
from intake.forms.fields import QuestionForm
from intake.forms.talk import ANY_TIME, ANY_TIME_QUESTIONS, QUESTIONS, TimeForm, parsed
from intake.journey import Answers, Journey, Route, new_number
from intake.models import HelpRequest
from intake.submitting import Contact, DifferentSubmissionError, submit_call, submit_conversation
from intake.views import match
from intake.views.question import Rows, aim, ask, not_yet, show, typed, words
from navigator.caching import public_page
from navigator.encryption import lookup_hash
from navigator.networks import network

ROUTE = Route("talk", tuple(QUESTIONS), "talk-step", "talk", "talk-check", is_numbered=True)
SEND, SEND_ANY_TIME = "Book this call", "Ask for this call"
OLD_PAGE = "This page was open for a long time. Check your details and send it again"
LOOK_AHEAD = 28  # days
DAYS_SHOWN, MORE_DAYS = 4, 4
HOLDER = "talk_holder"  # in the session: a random word that keeps one half hour
EXTENSIONS = 4  # quarters of an hour more


@public_page
@require_safe
def start(request: HttpRequest) -> HttpResponse:
    return render(request, "intake/talk.html")


@sensitive_post_parameters()
@require_http_methods(["GET", "HEAD", "POST"])
def step(request: HttpRequest, step: str, number: str = "") -> HttpResponse:
    """One question. The first one, without a number, begins anew."""
    if step not in QUESTIONS:
        raise Http404
    begins = step == ROUTE.steps[0] and not number
    journey = Journey(request.session, ROUTE, new_number() if begins else number)
    if away := not_yet(request, journey, journey.steps_before(step), "talk-done"):
        return away
    if step == "time":
        return _time(request, journey)
    posted = request.POST if request.method == "POST" else None
    form = _questions(journey.answers)[step](posted, initial=_initial(request, journey, step))
    if form.is_bound and "keep" in request.POST:
        journey.draft(step, typed(form))
        return _keep_on(request, journey, journey.address(step))
    if form.is_bound and "back" not in request.POST and form.is_valid():
        _forget_what_depends(journey, step, form.cleaned_data)
    heading = {"zone": "Your clock and your language", "reach": "How do we reach you?"}.get(step, "")
    if step == "needs" and _is_any_time(journey.answers):
        heading = "When can we reach you?"
    earlier = "" if journey.answers else Journey(request.session, ROUTE).resume
    return ask(request, journey, step, form, heading=heading, earlier=earlier, **_kept(request, journey))


def _questions(answers: Answers) -> dict[str, type[QuestionForm]]:
    return ANY_TIME_QUESTIONS if _is_any_time(answers) else QUESTIONS


def _is_any_time(answers: Answers) -> bool:
    return answers.get("time", {}).get("starts_at") == ANY_TIME


def _initial(request: HttpRequest, journey: Journey, step: str) -> dict[str, Any]:
    """What stands in a form first: what was typed there, else what this browser told a moment ago."""
    guessed: dict[str, Any] = {}
    if step == "where":
        guessed = Journey(request.session, match.ROUTE).answers.get("where", {})
    elif step == "zone":
        guessed = {"time_zone": match.zone_of(journey.answers)}
    return {**guessed, **journey.initial(step)}


def _forget_what_depends(journey: Journey, step: str, given: dict[str, Any]) -> None:
    """Another state, clock or language has other nurses: the time is asked again."""
    if step in ("where", "zone") and given != journey.answers.get(step):
        journey.take_back("time")


def _time(request: HttpRequest, journey: Journey) -> HttpResponse:
    days = days_shown(request)
    posted = request.POST if request.method == "POST" else None
    form = _time_form(request, journey, posted)
    if form.is_bound and "back" not in request.POST and form.is_valid():
        chosen = form.cleaned_data["starts_at"]
        if not _hold(request, journey, chosen):
            form = _time_form(request, journey, posted)  # without the time that is gone
            form.is_valid()
            form.add_error("starts_at", "That time has just been taken. Choose another time")
        elif (chosen == ANY_TIME) is not _is_any_time(journey.answers):
            _ask_again_how(journey)
    taken = journey.held.get("taken") or ""
    context = {
        "template": "intake/choose_time.html",
        "taken": taken,
        "next_times": form.next_times(parsed(taken)) if taken else [],
        "more": days + MORE_DAYS,
    }
    return ask(request, journey, "time", form, **context)


def _time_form(request: HttpRequest, journey: Journey, posted: Any) -> TimeForm:
    zone = journey.answers["zone"]
    times = open_times(
        zone=zone["time_zone"],
        state=match.state_of(journey.answers),
        language=zone["language"],
        holder=request.session.get(HOLDER, ""),
    )
    initial = journey.initial("time")
    return TimeForm(
        posted, initial=initial, times=times, zone=zone["time_zone"], days=days_shown(request), or_call=True
    )


def _hold(request: HttpRequest, journey: Journey, chosen: str) -> bool:
    """Keep the chosen half hour for this browser; it lets go of any other. False if somebody was faster."""
    holder = request.session.setdefault(HOLDER, holding.new_holder())
    request.session["talk_extended"] = 0
    if chosen == ANY_TIME:
        holding.release(holder=holder)
        return True
    try:
        holding.hold(
            starts_at=parsed(chosen),
            state=match.state_of(journey.answers),
            language=journey.answers["zone"]["language"],
            holder=holder,
        )
    except booking.SlotTakenError:
        return False
    return True


def _ask_again_how(journey: Journey) -> None:
    """A booked half hour and a call at any time ask differently; what was typed stands there still."""
    for later in ("reach", "needs"):
        if answer := journey.answers.get(later):
            journey.draft(later, {name: value for name, value in answer.items() if name not in ("agrees", "words")})
            journey.take_back(later)


def _kept(request: HttpRequest, journey: Journey) -> dict[str, Any]:
    """What a page says about the half hour that is kept: until when, and whether it can be kept longer."""
    chosen = journey.answers.get("time", {}).get("starts_at", ANY_TIME)
    if chosen == ANY_TIME:
        return {}
    zone = journey.answers["zone"]["time_zone"]
    kept = holding.kept(request.session.get(HOLDER, ""))
    mine = kept and kept.starts_at == parsed(chosen)
    return {
        "kept_time": time_zones.in_words(parsed(chosen), zone),
        "kept_until": time_zones.clock_in_words(kept.until, zone) if kept and mine else "",
        "can_keep": bool(mine) and request.session.get("talk_extended", 0) < EXTENSIONS,
    }


def _keep_on(request: HttpRequest, journey: Journey, here: str) -> HttpResponse:
    """A quarter of an hour more, EXTENSIONS times at most; if it ran out, once more if nobody took it."""
    extended = request.session.get("talk_extended", 0)
    if extended < EXTENSIONS:
        if holding.extend(holder=request.session.get(HOLDER, "")):
            request.session["talk_extended"] = extended + 1
        elif (chosen := journey.answers["time"]["starts_at"]) != ANY_TIME:
            _hold(request, journey, chosen)
            request.session["talk_extended"] = extended + 1
    return redirect(here)


def open_times(*, zone: str, state: str, language: str = "en", holder: str = "") -> list[datetime]:
    """The open half hours of the next weeks, at decent hours on the family's clock."""
    return booking.open_times(state=state, language=language, days=LOOK_AHEAD, zone=ZoneInfo(zone), holder=holder)


def days_shown(request: HttpRequest) -> int:
    """How many days `?days=` asks for, within reason."""
    asked = request.GET.get("days", "")
    return min(max(int(asked), DAYS_SHOWN), LOOK_AHEAD) if asked.isdecimal() and len(asked) < 4 else DAYS_SHOWN


@require_http_methods(["GET", "HEAD", "POST"])
def check(request: HttpRequest, number: str = "") -> HttpResponse:
    """Everything that will be sent. If the half hour went to somebody else meanwhile, only the time is asked again."""
    journey = Journey(request.session, ROUTE, number)
    if away := not_yet(request, journey, ROUTE.steps, "talk-done"):
        return away
    here = journey.to("talk-check")
    if "keep" in request.POST:
        return _keep_on(request, journey, here)
    mark = lookup_hash(json.dumps(journey.answers, sort_keys=True))
    button = SEND_ANY_TIME if _is_any_time(journey.answers) else SEND
    posted = request.POST if request.method == "POST" else None
    form = SendForm(posted, initial={"submission": new_submission()}, button=button, mark=mark)
    if form.is_bound:
        if not form.is_valid():
            said = form.non_field_errors()
            form = send_again(str(said[0]) if said else OLD_PAGE, button=button, mark=mark)
        else:
            try:
                sent = _submit(request, journey, form.cleaned_data["submission"])
            except DifferentSubmissionError:
                form = send_again(match.SENT_BEFORE, button=button, mark=mark)
            except booking.SlotTakenError:
                return _choose_again(journey)
            else:
                journey.finish(sent)
                _let_go(request.session)
                return redirect(journey.to("talk-done"))
    journey.arrive("talk-check")
    aim(form, journey, here)
    context = {
        "title": "Check your answers",
        "rows": _rows(journey),
        "clear_url": journey.to("talk-start-over"),
        "back": journey.address("needs"),
        "here": here,
        **_kept(request, journey),
    }
    return show(request, "intake/check.html", form, **context)


def _let_go(session: SessionBase) -> None:
    holding.release(holder=session.pop(HOLDER, ""))
    session.pop("talk_extended", None)


def _choose_again(journey: Journey) -> HttpResponse:
    journey.arrive("talk-check")
    journey.take_back("time", taken=journey.answers["time"]["starts_at"])
    return redirect(journey.address("time"))


@require_safe
def done(request: HttpRequest, number: str = "") -> HttpResponse:
    sent = Journey(request.session, ROUTE, number).sent
    if sent is None:
        return redirect("talk")
    conversation = sent.conversations.standing().select_related("advocate").first()
    if conversation is None and sent.conversations.exists():  # cancelled since
        return redirect("talk")
    context = {
        "sent": sent,
        "conversation": conversation,
        "when": time_zones.in_words(conversation.starts_at if conversation else sent.contact_by, sent.time_zone),
        "token": links.token(sent),
        "my_url": links.my_url(sent),
    }
    return render(request, "intake/talk_done.html", context)


@require_POST
def start_over(request: HttpRequest, number: str = "") -> HttpResponse:
    Journey(request.session, ROUTE, number).clear()
    _let_go(request.session)
    return redirect("talk")


def _rows(journey: Journey) -> Rows:
    answers = journey.answers
    forms, zone, call, needs = _questions(answers), answers["zone"], answers["reach"], answers["needs"]
    where = answers["where"]
    chosen = answers["time"]["starts_at"]
    any_time = _is_any_time(answers)
    when = "Just call me, any time" if any_time else time_zones.in_words(parsed(chosen), zone["time_zone"])
    phone = forms["reach"].base_fields["phone"].prepare_value(call["phone"])
    told: list[tuple[str, str, str]] = [
        ("Who will be on the call", "who", words(forms["who"], "for_whom", answers["who"]["for_whom"])),
        ("Where you live", "where", where["zip"] or words(forms["where"], "state", where["state"])),
        ("Your time zone", "zone", words(forms["zone"], "time_zone", zone["time_zone"])),
        ("Language of the call", "zone", words(forms["zone"], "language", zone["language"])),
        ("Day and time", "time", when),
        ("How we talk", "reach", words(QUESTIONS["reach"], "way", call["way"])),
        ("Full name", "reach", call["name"]),
        ("Phone number", "reach", words(forms["reach"], "phone", phone)),
        ("E-mail address", "reach", words(forms["reach"], "email", call["email"])),
        ("May we leave a message", "reach", words(forms["reach"], "may_leave_message", call["may_leave_message"])),
        ("May we say why we call", "reach", words(forms["reach"], "may_say_why", call["may_say_why"])),
        *(_when_rows(forms["needs"], needs) if any_time else []),
        ("What would help you take part", "needs", words(forms["needs"], "access_needs", needs["access_needs"])),
    ]
    return [(label, value, journey.address(step)) for label, step, value in told]


def _when_rows(form: type[QuestionForm], needs: dict[str, Any]) -> list[tuple[str, str, str]]:
    return [
        ("Best time", "needs", words(form, "best_time", needs["best_time"])),
        ("Times not to call", "needs", words(form, "not_times", needs["not_times"]) or "Not provided"),
    ]


def _submit(request: HttpRequest, journey: Journey, submission_key: UUID) -> HelpRequest:
    answers = journey.answers
    call, needs = answers["reach"], answers["needs"]
    contact = Contact(
        name=call["name"],
        reach_by="phone" if call["way"] == "phone" else "email",
        email=call["email"],
        phone=call["phone"],
        may_leave_message=call["may_leave_message"] == "yes",
        may_say_why=call["may_say_why"] == "yes",
        best_time=needs.get("best_time", "any"),
        not_times=" ".join(needs.get("not_times", [])),
        access_needs=needs["access_needs"],
        for_whom=answers["who"]["for_whom"],
        language=answers["zone"]["language"],
        time_zone=answers["zone"]["time_zone"],
    )
    state = match.state_of(answers)
    signs = suspecting.signs(
        answers=answers, began=journey.began, network=network(request), contacts=(contact.email, contact.phone)
    )
    sent: dict[str, Any] = {
        "contact": contact,
        "state": state,
        "consent": call["words"],
        "submission_key": submission_key,
    }
    if _is_any_time(answers):
        return submit_call(**sent, signs=signs)
    return submit_conversation(
        **sent,
        starts_at=parsed(answers["time"]["starts_at"]),
        way=call["way"],
        holder=request.session.get(HOLDER, ""),
        signs=signs,
    )
