"""The whole directory by state. The same for everybody; no page sets a cookie."""

from collections import defaultdict

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from doctors import structured_data, us_map
from doctors.forms import USUAL_CHOICES, NearForm
from doctors.models import Audience, Center, Program
from doctors.states import CHOICES, NEIGHBORS, STATES
from doctors.structured_data import crumbs_below
from navigator.caching import public_page


@public_page
def centers(request: HttpRequest) -> HttpResponse:
    """Every center that treats patients, every program, by state."""
    listed = list(Center.objects.current().filter(treats_patients=True))
    programs = list(Program.objects.current())
    by_state: dict[str, list[Center | Program]] = defaultdict(list)
    for center in listed:
        by_state[center.state].append(center)
    for program in programs:
        by_state[program.state].append(program)
    crumbs = crumbs_below()
    context = {
        "crumbs": crumbs,
        "form": NearForm(initial=USUAL_CHOICES),
        "map": us_map.country(listed, programs),
        "groups": [(code, STATES[code].slug, name, by_state[code]) for code, name in CHOICES if code in by_state],
        "empty": [(code, name) for code, name in CHOICES if code not in by_state],
        "center_count": len(listed),
        "program_count": len(programs),
        "data": structured_data.page(structured_data.item_list(listed), crumbs=crumbs),
    }
    return render(request, "doctors/centers.html", context)


@public_page
def state(request: HttpRequest, state: str) -> HttpResponse:
    """What there is in one state (`state` is its code), and where its neighbors have programs."""
    here = list(Center.objects.current().filter(state=state))
    programs = list(Program.objects.current().filter(state__in=[state, *NEIGHBORS[state]]).select_related("center"))
    own = [program for program in programs if program.state == state]
    name = STATES[state].name
    crumbs = crumbs_below((name, None))
    listed = [center for center in here if center.treats_patients]
    context = {
        "crumbs": crumbs,
        "state": state,
        "name": name,
        "map": us_map.of_state(state, here, programs),
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
