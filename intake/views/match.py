"""The doctor match: seven questions, the list, and only then, for who wants help, a name."""

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from doctors import matching, small, states, zipcodes
from doctors.models import Audience
from doctors.zipcodes import Place
from intake import links, time_zones
from intake.forms.contact import ContactForm, SendForm, new_submission, send_again
from intake.forms.match import QUESTIONS
from intake.forms.results import AfterListForm
from intake.journey import Answers, Journey, Route
from intake.models import HelpRequest
from intake.submitting import Contact, DifferentSubmissionError, Told, submit_doctor_match
from intake.views.question import Rows, ask, not_yet, show, words
from navigator.caching import public_page

ROUTE = Route("match", tuple(QUESTIONS), "match-step", "match", "match-results")
SEND = "Send to our nurse team"
SENT_BEFORE = "You have already sent a request from this page. Check your details and send again if this is a new one."
RADIUS = {"50": 50, "150": 150, "any": None, "video": None}  # miles


@public_page
@require_safe
def start(request: HttpRequest) -> HttpResponse:
    return render(request, "intake/match.html")


@public_page
@require_safe
def refer(request: HttpRequest) -> HttpResponse:
    """For clinicians: how to refer, and no personal question."""
    return render(request, "intake/match_refer.html")


@sensitive_post_parameters()
@require_http_methods(["GET", "HEAD", "POST"])
def step(request: HttpRequest, step: str) -> HttpResponse:
    """One question. A clinician leaves here, and nothing is kept."""
    if step not in QUESTIONS:
        raise Http404
    journey = Journey(request.session, ROUTE)
    if away := not_yet(request, journey, journey.steps_before(step), "match-done"):
        return away
    posted = request.POST if request.method == "POST" else None
    form = QUESTIONS[step](posted, initial=journey.answers.get(step))
    if step == "who" and form.is_bound and form.is_valid() and form.cleaned_data["for_whom"] == "clinician":
        journey.clear()
        return redirect("match-refer")
    return ask(request, journey, step, form)


@sensitive_post_parameters()
@require_http_methods(["GET", "HEAD", "POST"])
def results(request: HttpRequest) -> HttpResponse:
    """The list, before anybody asks for a name. Who wants no more than the list has the answers deleted; the list
    itself stays on the screen."""
    journey = Journey(request.session, ROUTE)
    if away := not_yet(request, journey, ROUTE.steps, "match-done"):
        return away
    form = AfterListForm(request.POST if request.method == "POST" else None)
    context = _list(journey.answers)
    if form.is_bound and form.is_valid():
        if form.cleaned_data["after_list"] == "help":
            return redirect("match-contact")
        journey.clear()
        return render(request, "intake/match_results.html", {**context, "is_cleared": True})
    journey.arrive("match-results")
    return show(request, "intake/match_results.html", form, back=journey.address("served"), **context)


@sensitive_post_parameters()
@require_http_methods(["GET", "HEAD", "POST"])
def contact(request: HttpRequest) -> HttpResponse:
    journey = Journey(request.session, ROUTE)
    if away := not_yet(request, journey, ROUTE.steps, "match-done"):
        return away
    form = ContactForm(
        request.POST if request.method == "POST" else None,
        initial=journey.answers.get("contact"),
        known_zone=_zone(journey.answers),
    )
    if form.is_bound and form.is_valid():
        journey.answer("contact", form.cleaned_data)
        return redirect("match-check")
    back = reverse(journey.return_to or "match-results")
    return show(
        request, "intake/question.html", form, title="How to reach you", heading="How can we reach you?", back=back
    )


@require_http_methods(["GET", "HEAD", "POST"])
def check(request: HttpRequest) -> HttpResponse:
    """Everything that will be sent, and the button that sends it once."""
    journey = Journey(request.session, ROUTE)
    if away := not_yet(request, journey, ROUTE.steps, "match-done"):
        return away
    if "contact" not in journey.answers:
        return redirect("match-contact")
    posted = request.POST if request.method == "POST" else None
    form = SendForm(posted, initial={"submission": new_submission()}, button=SEND)
    if form.is_bound:
        if not form.is_valid():
            form = send_again("This page was open for a long time. Check your details and send it again", button=SEND)
        else:
            try:
                sent = _submit(journey.answers, form.cleaned_data["submission"])
            except DifferentSubmissionError:
                form = send_again(SENT_BEFORE, button=SEND)
            else:
                journey.finish(sent)
                return redirect("match-done")
    journey.arrive("match-check")
    context = {"title": "Check your answers", "rows": _rows(journey.answers), "start_over": "match-start-over"}
    return show(request, "intake/check.html", form, back=reverse("match-contact"), **context)


@require_safe
def done(request: HttpRequest) -> HttpResponse:
    """The reference, the promise, the family's own page. Stays until the session ends."""
    sent = Journey(request.session, ROUTE).sent
    if sent is None:
        return redirect("match")
    call_by = time_zones.in_words(sent.contact_by, sent.time_zone)
    return render(request, "intake/match_done.html", {"sent": sent, "call_by": call_by, "my_url": links.my_url(sent)})


@require_POST
def start_over(request: HttpRequest) -> HttpResponse:
    Journey(request.session, ROUTE).clear()
    return redirect("match")


def place_of(answers: Answers) -> Place | None:
    """Where the family said it lives, if it gave a ZIP code."""
    zip_code = answers.get("where", {}).get("zip", "")
    return zipcodes.locate(zip_code) if zip_code else None


def state_of(answers: Answers) -> str:
    """The code of the state, from the ZIP code or as chosen; "" if unknown."""
    place = place_of(answers)
    state = place.state if place else answers.get("where", {}).get("state", "")
    return state if state in states.STATES else ""


def _zone(answers: Answers) -> str:
    place = place_of(answers)
    return time_zones.listed(place.time_zone) if place else ""


def _is_veteran(answers: Answers) -> bool:
    return answers["served"]["served"] == "yes" or answers["cover"]["cover"] == "va"


def _list(answers: Answers) -> dict[str, Any]:
    """The ranking and what explains it."""
    place, travel = place_of(answers), answers["travel"]["travel"]
    criteria = matching.Criteria(
        place=place,
        state=state_of(answers),
        disease=answers["told"]["disease"],
        radius=RADIUS[travel],
        video_first=travel == "video",
        wants=frozenset(answers["help"]["wants"]),
    )
    directory = small.read()
    apart = matching.apart(criteria, directory=directory)
    veterans = [match for match in apart if match.program and match.program.audience == Audience.VETERANS]
    return {
        "title": "Your list",
        "area": _area(answers),
        "ranking": matching.rank_or_widen(criteria, directory=directory),
        "radius": criteria.radius if place else None,
        "veterans": veterans[:3] if _is_veteran(answers) else [],
        "is_approximate": bool(place and not place.exact),
        "rows": _told_rows(answers),
        "cover": answers["cover"]["cover"],
        "for_someone": answers["who"]["for_whom"] == "someone",
        "disease": matching.DISEASES.get(criteria.disease, "mesothelioma"),
    }


def _area(answers: Answers) -> str:
    where, state = answers["where"], state_of(answers)
    if where["zip"]:
        return f"near {where['zip']}"
    return f"in and near {states.STATES[state].name}" if state else "in the United States"


def _told_rows(answers: Answers) -> Rows:
    where, state = answers["where"], state_of(answers)
    named = states.STATES[state].name if state else "Not provided"
    rows = [
        ("Who it is for", "who", "for_whom"),
        ("What you have been told", "told", "disease"),
        ("Where you live", "where", ""),
        ("How far you could travel", "travel", "travel"),
        ("What would help most", "help", "wants"),
        ("How you pay for care", "cover", "cover"),
        ("Served in the military", "served", "served"),
    ]
    return [
        (
            label,
            words(QUESTIONS[step], name, answers[step][name]) if name else where["zip"] or named,
            reverse("match-step", args=[step]),
        )
        for label, step, name in rows
    ]


def _rows(answers: Answers) -> Rows:
    """What we send. How they pay for care stays behind, so it is not here."""
    told = [row for row in _told_rows(answers) if row[2] != reverse("match-step", args=["cover"])]
    labels = {
        "name": "Full name",
        "reach_by": "How we reach you",
        "phone": "Phone number",
        "email": "E-mail address",
        "may_leave_message": "May we leave a message",
        "best_time": "Best time",
        "time_zone": "Time zone",
    }
    given, address = answers["contact"], reverse("match-contact")
    shown = ContactForm(initial=given)
    return told + [
        (label, words(ContactForm, name, shown.fields[name].prepare_value(given[name])), address)
        for name, label in labels.items()
        if name in given
    ]


def _submit(answers: Answers, submission_key: Any) -> HelpRequest:
    given = answers["contact"]
    return submit_doctor_match(
        contact=Contact(
            name=given["name"],
            reach_by=given["reach_by"],
            email=given["email"],
            phone=given["phone"],
            may_leave_message=given["may_leave_message"] == "yes",
            best_time=given["best_time"],
            for_whom=answers["who"]["for_whom"],
            time_zone=_zone(answers) or given.get("time_zone") or "America/Chicago",
        ),
        told=Told(
            disease=answers["told"]["disease"],
            wants=tuple(answers["help"]["wants"]),
            travel=answers["travel"]["travel"],
            zip=answers["where"]["zip"],
            state=state_of(answers),
            veteran=_is_veteran(answers),
        ),
        consent=given["words"],
        submission_key=submission_key,
    )
