"""Places around a ZIP code or in a state, by what a family asks for. The answer is the same for everybody who asks the
same, so it can be kept and shared; search engines leave it out."""

from typing import Any

from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import render
from django.urls import reverse

from doctors import matching, small, us_map
from doctors.criteria import MILES, TRAVEL, Criteria
from doctors.forms import ANYWHERE, HAS, KINDS, RADII, SHOWN, USUAL_CHOICES, WAYS, NearForm
from doctors.small import Directory
from doctors.states import CHOICES, STATES
from doctors.structured_data import crumbs_below
from navigator.caching import public_page
from navigator.search import asking
from navigator.search.entries import Kind

LONGEST_NAME = 100  # characters
NAMED = 20  # how many places a name finds at most


@public_page
def near(request: HttpRequest) -> HttpResponse:
    asked = "zip" in request.GET or "state" in request.GET
    form = NearForm(_with_usual(request.GET) if asked else None, initial=USUAL_CHOICES)
    context: dict[str, Any] = {"crumbs": crumbs_below(("Near you", None)), "form": form, "states": CHOICES}
    if form.is_valid():
        context |= _found(form, request.GET)
    context["is_narrowed"] = form.is_bound and (
        any(form.data.get(name) for name in ("kind", "has", "state")) or form.data.get("sort") == MILES
    )
    return render(request, "doctors/near.html", context)


@public_page
def by_name(request: HttpRequest) -> HttpResponse:
    """Centers, programs and the programs of doctors by a part of their name, misspelled or not."""
    name = asking.clean(request.GET.get("name", ""))[:LONGEST_NAME]
    kinds = {Kind.CENTER, Kind.PROGRAM, Kind.FINDER}
    found = asking.find(name, limit=NAMED, kinds=kinds) if name else asking.Found()
    context = {
        "crumbs": crumbs_below(("By name", None)),
        "name": name,
        "hits": found.hits,
        "mended": found.did_you_mean,
        "longest": LONGEST_NAME,
    }
    return render(request, "doctors/by_name.html", context)


def _with_usual(given: QueryDict) -> QueryDict:
    data = given.copy()
    for name, value in USUAL_CHOICES.items():
        data[name] = data.get(name) or value
    return data


def _found(form: NearForm, given: QueryDict) -> dict[str, Any]:
    criteria, zip_code = form.criteria(), form.cleaned_data["zip"]
    if criteria is None:
        return {"military": True, "zip": zip_code}
    shown = _shown(given)
    directory = small.current()
    ranking = matching.rank_or_widen(criteria, shown, directory)
    state = criteria.home_state
    return {
        "zip": zip_code if criteria.place else "",
        "military_zip": zip_code if criteria.place is None else "",
        "place": criteria.place,
        "state": state,
        "state_name": STATES[state].name,
        "area": zip_code if criteria.place else STATES[state].name,
        "radius": criteria.radius if criteria.place and criteria.way == TRAVEL else None,
        "way": criteria.way,
        "ways": [(label, _address(given, way=value), value == criteria.way) for value, label in WAYS],
        "ranking": ranking,
        "confirmed": [pair for pair in enumerate(ranking.matches, start=1) if pair[1].is_confirmed],
        "to_ask": [pair for pair in enumerate(ranking.matches, start=1) if not pair[1].is_confirmed],
        "apart": _apart(criteria, directory),
        "asked_for": _asked_for(given),
        "map": _map(criteria, ranking),
        "more": _more(given, shown) if ranking.has_more else "",
        "wider": _wider(criteria, given),
    }


def _apart(criteria: Criteria, directory: Directory) -> list[matching.Match]:
    """Places for some people only, within the radius or in the state. Who asks for VA care has the veterans' places in
    the list itself."""
    if criteria.place and criteria.way == TRAVEL:
        return matching.apart(criteria, criteria.radius, directory)
    return [match for match in matching.apart(criteria, None, directory) if match.state == criteria.home_state]


def _map(criteria: Criteria, ranking: matching.Ranking) -> us_map.Map | None:
    if criteria.place is None or criteria.way != TRAVEL:
        return None
    return us_map.journey(criteria.place, ranking.matches[: SHOWN[0]])


def _shown(given: QueryDict) -> int:
    asked = given.get("show", "")
    return int(asked) if asked in map(str, SHOWN) else SHOWN[0]


def _more(given: QueryDict, shown: int) -> str:
    longer = [number for number in SHOWN if number > shown]
    return _address(given, show=str(longer[0])) if longer else ""


def _wider(criteria: Criteria, given: QueryDict) -> list[tuple[str, str]]:
    """Links to the same question for every larger radius."""
    if criteria.place is None or criteria.radius is None or criteria.way != TRAVEL:
        return []
    larger = [(value, label) for value, label in RADII if int(value) > criteria.radius]
    return [(label, _address(given, radius=value)) for value, label in [*larger, (ANYWHERE, "Any distance")]]


def _asked_for(given: QueryDict) -> list[tuple[str, str]]:
    """Each choice that narrows the list, and the address without it."""
    links = []
    if label := dict(KINDS[1:]).get(given.get("kind", "")):
        links.append((label, _address(given, kind="")))
    for value, label in HAS:
        if value in given.getlist("has"):
            links.append((label, _address(given, without=value)))
    return links


def _address(given: QueryDict, *, without: str = "", **changes: str) -> str:
    """This page with some parameters changed (empty: left out), and one box of `has` not ticked. Only what the form
    knows is carried on."""
    query = QueryDict(mutable=True)
    for name in (*NearForm.base_fields, "show"):
        values = [changes[name]] if name in changes else given.getlist(name)
        kept = [value for value in values if value and not (name == "has" and value == without)]
        if kept:
            query.setlist(name, kept)
    return f"{reverse('near')}?{query.urlencode()}"
