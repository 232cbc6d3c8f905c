"""One page for each center, program and specialist. Each is the same for everybody."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse

from doctors import facts, structured_data
from doctors.models import Center, Program, Specialist
from doctors.structured_data import crumbs_below
from navigator.caching import public_page


@public_page
def center(request: HttpRequest, slug: str) -> HttpResponse:
    center = get_object_or_404(Center.objects.prefetch_related("programs"), slug=slug)
    crumbs = crumbs_below((center.state_name, reverse("state", args=[center.state])), (center.name, None))
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
    crumbs = crumbs_below((program.state_name, reverse("state", args=[program.state])), (program.name, None))
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
    crumbs = crumbs_below(
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
