"""The public finder. No page here sets a cookie; all but `near` are the same for everybody."""

from collections import defaultdict
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse

from doctors import facts, matching, structured_data, zipcodes
from doctors.forms import USUAL, NearForm
from doctors.models import Audience, Center, Program, Specialist
from doctors.states import CHOICES, NEIGHBORS, STATES
from doctors.structured_data import Crumbs
from navigator.caching import public_page


def _crumbs(*below: tuple[str, str | None]) -> Crumbs:
    return [("Home", "/"), ("Find care", reverse("centers") if below else None), *below]


@public_page
def centers(request: HttpRequest) -> HttpResponse:
    """Every center that treats patients, every program, by state."""
    listed = list(Center.objects.filter(treats_patients=True))
    programs = list(Program.objects.all())
    by_state: dict[str, list[Center | Program]] = defaultdict(list)
    for center in listed:
        by_state[center.state].append(center)
    for program in programs:
        by_state[program.state].append(program)
    crumbs = _crumbs()
    context = {
        "crumbs": crumbs,
        "form": NearForm(initial={"radius": USUAL}),
        "groups": [(code, name, by_state[code]) for code, name in CHOICES if code in by_state],
        "empty": [(code, name) for code, name in CHOICES if code not in by_state],
        "center_count": len(listed),
        "program_count": len(programs),
        "data": structured_data.page(structured_data.item_list(listed), crumbs=crumbs),
    }
    return render(request, "doctors/centers.html", context)


@public_page
def state(request: HttpRequest, state: str) -> HttpResponse:
    """What there is in one state (`state` is its code), and where its neighbors have programs."""
    here = list(Center.objects.filter(state=state))
    programs = list(Program.objects.filter(state__in=[state, *NEIGHBORS[state]]).select_related("center"))
    own = [program for program in programs if program.state == state]
    name = STATES[state].name
    crumbs = _crumbs((name, None))
    listed = [center for center in here if center.treats_patients]
    context = {
        "crumbs": crumbs,
        "state": state,
        "name": name,
        "centers": [center for center in listed if center.audience == Audience.ADULTS],
        "children": [center for center in listed if center.audience == Audience.CHILDREN],
        "laboratories": [center for center in here if not center.treats_patients],
        "programs": [program for program in own if program.audience == Audience.ADULTS],
        "veterans": [program for program in own if program.audience == Audience.VETERANS],
        "studies": [program for program in own if program.audience == Audience.STUDY],
        "neighbors": [(code, STATES[code].name, _adult_programs(programs, code)) for code in NEIGHBORS[state]],
        "data": structured_data.page(structured_data.item_list([*own, *listed]), crumbs=crumbs),
    }
    return render(request, "doctors/state.html", context)


def _adult_programs(programs: list[Program], state: str) -> int:
    return sum(program.state == state and program.audience == Audience.ADULTS for program in programs)


def near(request: HttpRequest) -> HttpResponse:
    """Places around a ZIP. The ZIP is a family's own, so the answer is stored nowhere: no-store, by default."""
    asked = "zip" in request.GET
    form = NearForm({"radius": USUAL, **request.GET.dict()} if asked else None, initial={"radius": USUAL})
    context: dict[str, Any] = {"crumbs": _crumbs(("Near you", None)), "form": form, "states": CHOICES}
    if form.is_valid():
        context |= _found(form.cleaned_data["zip"], form.cleaned_data["radius"])
    return render(request, "doctors/near.html", context)


def _found(code: str, radius: int | None) -> dict[str, Any]:
    place = zipcodes.locate(code)
    if place is None:
        return {"military": True, "zip": code}
    criteria = matching.Criteria(place=place, radius=radius)
    ranking = matching.rank_or_widen(criteria)
    apart = [match for match in matching.apart(criteria) if radius is None or (match.miles or 0) <= radius]
    return {
        "zip": code,
        "place": place,
        "state_name": STATES[place.state].name,
        "radius": radius,
        "ranking": ranking,
        "apart": apart,
    }


@public_page
def center(request: HttpRequest, slug: str) -> HttpResponse:
    center = get_object_or_404(Center.objects.prefetch_related("programs"), slug=slug)
    crumbs = _crumbs((center.state_name, reverse("state", args=[center.state])), (center.name, None))
    context = {
        "crumbs": crumbs,
        "center": center,
        "contact": facts.contact_facts(center),
        "facts": facts.center_facts(center),
        "data": structured_data.page(structured_data.hospital(center), crumbs=crumbs),
    }
    return render(request, "doctors/center.html", context)


@public_page
def program(request: HttpRequest, slug: str) -> HttpResponse:
    program = get_object_or_404(Program.objects.select_related("center"), slug=slug)
    crumbs = _crumbs((program.state_name, reverse("state", args=[program.state])), (program.name, None))
    context = {
        "crumbs": crumbs,
        "program": program,
        "contact": facts.contact_facts(program) + facts.access_facts(program),
        "treats": facts.disease_facts(program),
        "offers": facts.offer_facts(program),
        "specialists": Specialist.objects.listed().filter(program=program),
        "data": structured_data.page(structured_data.clinic(program), crumbs=crumbs),
    }
    return render(request, "doctors/program.html", context)


@public_page
def specialist(request: HttpRequest, slug: str) -> HttpResponse:
    """Facts about one doctor. Those whom only directories name are not shown at all."""
    specialist = get_object_or_404(Specialist.objects.listed().select_related("program__center"), slug=slug)
    crumbs = _crumbs(
        (specialist.program.name, specialist.program.get_absolute_url()),
        (str(specialist), None),
    )
    context = {
        "crumbs": crumbs,
        "specialist": specialist,
        "program": specialist.program,
        "treats": facts.disease_facts(specialist),
        "data": structured_data.page(structured_data.physician(specialist), crumbs=crumbs),
    }
    return render(request, "doctors/specialist.html", context)
