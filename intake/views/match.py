"""The doctor match: seven questions and the list. What follows, for who wants help, is `intake.views.match_contact`."""

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from doctors import matching, small, states, zipcodes
from doctors.models import Audience
from doctors.zipcodes import Place
from intake import time_zones
from intake.forms.match import QUESTIONS
from intake.forms.results import AfterListForm
from intake.journey import Answers, Journey, Route, new_number
from intake.models import HelpRequest
from intake.views.question import Rows, aim, ask, not_yet, show, words
from navigator.caching import public_page

ROUTE = Route("match", tuple(QUESTIONS), "match-step", "match", "match-results", is_numbered=True)
SENT_BEFORE = "You have already sent a request from this page. Check your details and send again if this is a new one."
RADIUS = {"50": 50, "150": 150, "any": None, "video": None, "not_sure": None}  # miles


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
def step(request: HttpRequest, step: str, number: str = "") -> HttpResponse:
    """One question. A clinician leaves here, and nothing is kept. The first one, without a number, begins anew."""
    if step not in QUESTIONS:
        raise Http404
    begins = step == ROUTE.steps[0] and not number
    journey = Journey(request.session, ROUTE, new_number() if begins else number)
    if away := not_yet(request, journey, journey.steps_before(step), "match-done"):
        return away
    posted = request.POST if request.method == "POST" else None
    form = QUESTIONS[step](posted, initial=journey.initial(step))
    if step == "who" and "back" not in request.POST and form.is_bound and form.is_valid():
        if form.cleaned_data["for_whom"] == "clinician":
            journey.clear()
            return redirect("match-refer")
        _fit_family(journey, form.cleaned_data["for_whom"])
    earlier = "" if journey.answers else Journey(request.session, ROUTE).resume
    return ask(request, journey, step, form, earlier=earlier)


def _fit_family(journey: Journey, for_whom: str) -> None:
    """Who asks for themselves has no other person who is ill: who was named as that is asked about again."""
    named = journey.answers.get("family")
    if named and named["role"] == "patient" and for_whom == HelpRequest.ForWhom.ME:
        journey.draft("family", {**named, "role": ""})
        journey.take_back("family")


@sensitive_post_parameters()
@require_http_methods(["GET", "HEAD", "POST"])
def results(request: HttpRequest, number: str = "") -> HttpResponse:
    """The list, before anybody asks for a name. Who wants no more than the list leaves nothing behind: the session
    ends, with whatever other tabs had in it; the list itself stays on the screen."""
    journey = Journey(request.session, ROUTE, number)
    if away := not_yet(request, journey, ROUTE.steps, "match-done"):
        return away
    form = AfterListForm(request.POST if request.method == "POST" else None)
    aim(form, journey, journey.end)
    context = _list(journey)
    if form.is_bound and form.is_valid():
        if form.cleaned_data["after_list"] == "help":
            return redirect(journey.to("match-contact"))
        request.session.flush()
        return render(request, "intake/match_results.html", {**context, "is_cleared": True})
    journey.arrive("match-results")
    return show(request, "intake/match_results.html", form, back=journey.address("served"), **context)


@require_POST
def start_over(request: HttpRequest, number: str = "") -> HttpResponse:
    Journey(request.session, ROUTE, number).clear()
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


def zone_of(answers: Answers) -> str:
    """A first guess at the time zone, from the ZIP code or a state that has one clock; "" where only they know."""
    place = place_of(answers)
    zones = {place.time_zone} if place else zipcodes.zones_of_state(state_of(answers))
    clocks = {time_zones.listed(zone) for zone in zones}
    return clocks.pop() if len(clocks) == 1 else ""


def is_veteran(answers: Answers) -> bool:
    return answers["served"]["served"] == "yes" or answers["cover"]["cover"] == "va"


def _list(journey: Journey) -> dict[str, Any]:
    """The ranking and what explains it."""
    answers = journey.answers
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
        "veterans": veterans[:3] if is_veteran(answers) else [],
        "is_approximate": bool(place and not place.exact),
        "rows": told_rows(journey),
        "travel_url": journey.address("travel"),
        "clear_url": journey.to("match-start-over"),
        "cover": answers["cover"]["cover"],
        "for_someone": answers["who"]["for_whom"] == "someone",
        "disease": matching.DISEASES.get(criteria.disease, "mesothelioma"),
    }


def _area(answers: Answers) -> str:
    where, state = answers["where"], state_of(answers)
    if where["zip"]:
        return f"near {where['zip']}"
    return f"in and near {states.STATES[state].name}" if state else "in the United States"


def told_rows(journey: Journey) -> Rows:
    """The seven answers in words."""
    answers = journey.answers
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
            journey.address(step),
        )
        for label, step, name in rows
    ]
