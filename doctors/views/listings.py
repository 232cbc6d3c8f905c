"""One page for each center, program and specialist. Each is the same for everybody.

A listing that ended keeps its address, with a dated note and without anything to call.
"""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse

from doctors import asking, facts, structured_data
from doctors.models import Center, Program, Specialist
from doctors.structured_data import Crumbs, crumbs_below
from doctors.ways import ways
from navigator.caching import public_page


@public_page
def center(request: HttpRequest, slug: str) -> HttpResponse:
    """Three queries: the center, its programs, their doctors."""
    center = get_object_or_404(Center, slug=slug)
    crumbs = crumbs_below((center.state_name, reverse("state", args=[center.state])), (center.name, None))
    if center.ended_on:
        return _ended(request, center, "This center closed or left our list", crumbs)
    programs = list(center.programs.current())
    groups = facts.groups(center)
    context = {
        "crumbs": crumbs,
        "center": center,
        "groups": groups,
        "knowledge": facts.knowledge(groups.values()),
        "directions": facts.directions_url(center),
        "steps": asking.steps(center),
        "helper": asking.for_someone_else(center),
        "ways": ways(center, programs),
        "programs": programs,
        "specialists": Specialist.objects.listed().filter(program__center=center),
        "data": structured_data.page(structured_data.hospital(center, programs), crumbs=crumbs),
    }
    return render(request, "doctors/center.html", context)


@public_page
def program(request: HttpRequest, slug: str) -> HttpResponse:
    """Two queries: the program with its center, and its doctors."""
    program = get_object_or_404(Program.objects.select_related("center"), slug=slug)
    crumbs = crumbs_below((program.state_name, reverse("state", args=[program.state])), (program.name, None))
    if program.ended_on:
        return _ended(request, program, "This program closed", crumbs)
    groups = facts.groups(program)
    context = {
        "crumbs": crumbs,
        "program": program,
        "groups": groups,
        "knowledge": facts.knowledge(groups.values()),
        "directions": facts.directions_url(program),
        "steps": asking.steps(program),
        "helper": asking.for_someone_else(program),
        "ways": ways(program),
        "specialists": Specialist.objects.listed().filter(program=program),
        "data": structured_data.page(structured_data.clinic(program), crumbs=crumbs),
    }
    return render(request, "doctors/program.html", context)


@public_page
def specialist(request: HttpRequest, slug: str) -> HttpResponse:
    """Facts about one doctor. Those whom only directories name are not shown at all. One query."""
    rows = Specialist.objects.evident().select_related("program__center")
    specialist = get_object_or_404(rows, slug=slug)
    program = specialist.program
    crumbs = crumbs_below((program.name, program.get_absolute_url()), (str(specialist), None))
    if specialist.ended_on:
        return _ended(request, specialist, "This doctor stopped working here", crumbs)
    if program.ended_on:
        return _ended(request, program, "The program of this doctor closed", crumbs, of=specialist)
    groups = facts.groups(specialist)
    context = {
        "crumbs": crumbs,
        "specialist": specialist,
        "program": program,
        "group": groups["post"],
        "knowledge": facts.knowledge(groups.values()),
        "phone": facts.trusted(program, "phone"),
        "data": structured_data.page(structured_data.physician(specialist), crumbs=crumbs),
    }
    return render(request, "doctors/specialist.html", context)


def _ended(
    request: HttpRequest, ended: facts.Listing, words: str, crumbs: Crumbs, *, of: Specialist | None = None
) -> HttpResponse:
    """The page of a listing that is no more: `words` begin the sentence that the day ends. `of` is the doctor whose
    page it is, where the program ended."""
    listing = of or ended
    place = listing.program if isinstance(listing, Specialist) else listing
    context = {
        "crumbs": crumbs,
        "listing": listing,
        "ended": ended,
        "words": words,
        "place": place,
        "data": structured_data.page(crumbs=crumbs),
    }
    return render(request, "doctors/ended.html", context)
