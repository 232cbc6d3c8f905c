"""Which places fit a family, in which order, and why. Each place carries its reasons; nobody can pay for a place.

The order is that of `doctors.ordering`; what can be asked for is in `doctors.needs`, the reasons in `doctors.reasons`.
A directory of the usual size is ranked in memory; a larger one is asked step by step, nearest first. Both give the same
list.
"""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from functools import partial
from typing import Any

from django.db.models import Exists, OuterRef, Q, QuerySet

from doctors import distance, needs, ordering, reasons
from doctors.criteria import FIT, TRAVEL, Criteria
from doctors.match import Match
from doctors.models import Audience, Center, Program
from doctors.nearest import nearest
from doctors.reasons import DISEASES

__all__ = ["DISEASES", "Criteria", "Match", "Ranking", "apart", "rank", "rank_or_widen"]

SMALL = 400  # programs: so many are ranked in memory within a few milliseconds
WIDENED = 3  # how many places stand in where none lies within the radius
APART = {Audience.VETERANS, Audience.STUDY, Audience.CHILDREN}
MOST_APART = 10


@dataclass(frozen=True)
class Ranking:
    """`widened`: no program lies within the radius at all, so the first ones lie beyond it. `within` counts the places
    that do lie within it; `has_more`: there are more than were asked for."""

    matches: list[Match]
    widened: bool
    within: int
    has_more: bool = False


def rank(criteria: Criteria, limit: int = 10) -> list[Match]:
    """The best places within the radius, at most `limit`. Never laboratories, children's hospitals or places that treat
    only within studies; veterans' programs only for veterans. Three queries in a directory of the usual size."""
    return (_inside(criteria, limit) + _unconfirmed(criteria))[:limit]


def rank_or_widen(criteria: Criteria, limit: int = 10) -> Ranking:
    """Like `rank`, and never a dead end: if nothing within the radius is known to be what was asked for, the nearest
    three programs beyond it that are come first (by fit) or in their place (by miles), and say so."""
    inside, beyond = _inside_and_beyond(criteria, limit + 1)
    programs = beyond + inside
    if criteria.order != FIT:
        programs = _ordered(programs, criteria)
    found = programs + _unconfirmed(criteria)
    matches = found[:limit]
    outside = sum(match in beyond for match in matches)
    return Ranking(matches, bool(beyond) and not inside, len(matches) - outside, len(found) > limit)


def apart(criteria: Criteria) -> list[Match]:
    """Places that serve only some people, for a list of their own, nearest first: programs for veterans, programs
    within studies, hospitals for children. Leaves out the veterans' programs that a veteran's ranking has already."""
    centers = Center.objects.current().filter(treats_patients=True, audience__in=APART)
    found = [_from_center(center, criteria) for center in centers]
    for match in (_from_program(program, criteria) for program in _programs_apart(criteria)):
        ranked = _ranks_veterans(criteria) and match.listing.audience == Audience.VETERANS
        if not (ranked and _within(match, criteria)):
            found.append(match)
    return sorted(found, key=lambda match: (match.miles or 0, match.name))


def _programs_apart(criteria: Criteria) -> Iterable[Program]:
    """All of them, or the nearest of a large directory."""
    rows = Program.objects.current().filter(audience__in=APART).select_related("center")
    if criteria.place is None or _is_small():
        return rows[:MOST_APART] if criteria.place is None else rows
    return [program for program, _ in nearest(rows, criteria.place, MOST_APART)]


# --- Who is in the running ------------------------------------------------------------------------------------------


def _ranks_veterans(criteria: Criteria) -> bool:
    return criteria.veteran or criteria.only_veterans


def _rows(criteria: Criteria) -> QuerySet[Program]:
    """The programs for these people that are not known to lack what was asked for."""
    fitting = {Audience.VETERANS} if criteria.only_veterans else {Audience.ADULTS}
    if criteria.veteran:
        fitting |= {Audience.VETERANS}
    rows = Program.objects.current().filter(audience__in=fitting)
    return rows.filter(needs.possible(criteria.all_needs)).select_related("center").defer("notes", "center__notes")


def _is_small() -> bool:
    return not Program.objects.order_by("pk").values("pk")[SMALL : SMALL + 1].exists()


def _inside(criteria: Criteria, limit: int) -> list[Match]:
    """Programs within the radius, in order."""
    if not _is_small():
        return _step_by_step(criteria, limit)
    rows = _rows(criteria).filter(_in_box(criteria))
    return _ordered(_matches(rows, criteria, inside=True), criteria)[:limit]


def _inside_and_beyond(criteria: Criteria, limit: int) -> tuple[list[Match], list[Match]]:
    """Programs within the radius, in order, and those that stand in for what is not known there, nearest first."""
    if not _is_small():
        return _step_by_step(criteria, limit), _beyond_step_by_step(criteria)
    programs = _matches(_rows(criteria), criteria)
    inside = [match for match in programs if _within(match, criteria)]
    return _ordered(inside, criteria)[:limit], _beyond(programs, inside, criteria)


def _matches(rows: Iterable[Program], criteria: Criteria, *, inside: bool = False) -> list[Match]:
    matches = [_from_program(row, criteria) for row in rows]
    return [match for match in matches if _within(match, criteria)] if inside else matches


def _beyond(programs: list[Match], inside: list[Match], criteria: Criteria) -> list[Match]:
    quality = partial(_quality, criteria=criteria)
    best = min(map(quality, programs), default=(0, 0))
    if any(quality(match) == best for match in inside):
        return []
    found = sorted(
        (match for match in programs if quality(match) == best), key=lambda match: (match.miles or 0, match.name)
    )
    return [_said_to_be_beyond(match) for match in found[:WIDENED]]


def _quality(match: Match, criteria: Criteria) -> tuple[int, int]:
    """How much is known of what was asked for: only the best of all may stand in from afar."""
    return int(bool(needs.open_needs(match.listing, criteria.all_needs))), ordering.fit(match, criteria)


def _said_to_be_beyond(match: Match) -> Match:
    return replace(match, reasons=(*match.reasons, reasons.BEYOND))


def _step_by_step(criteria: Criteria, limit: int) -> list[Match]:
    """The same list as in memory, by asking for one step of the order after the other until it is full."""
    rows, found = _rows(criteria), list[Match]()
    for step in ordering.steps(criteria):
        if len(found) == limit:
            break
        found += _of_step(rows.filter(step.condition), step, criteria, limit - len(found))
    return found


def _of_step(rows: QuerySet[Program], step: ordering.Step, criteria: Criteria, limit: int) -> list[Match]:
    if criteria.place is None:
        return _matches(rows.order_by("name")[:limit], criteria)
    within = step.within if criteria.way != TRAVEL or step.within else criteria.radius
    found = nearest(rows, criteria.place, limit, beyond=step.beyond, within=within)
    return [_from_program(program, criteria) for program, _ in found]


def _beyond_step_by_step(criteria: Criteria) -> list[Match]:
    place, radius = criteria.place, criteria.radius
    if place is None or radius is None or criteria.way != TRAVEL:
        return []
    for condition in _qualities(criteria):
        rows = _rows(criteria).filter(condition)
        if nearest(rows, place, 1, within=radius):
            return []
        if found := nearest(rows, place, WIDENED, beyond=radius):
            return [_said_to_be_beyond(_from_program(program, criteria)) for program, _ in found]
    return []


def _qualities(criteria: Criteria) -> list[Q]:
    asked = criteria.all_needs
    known = [needs.met(asked), needs.open_(asked)] if asked else [Q()]
    return [first & second for first in known for second in ordering.fits(criteria)]


def _unconfirmed(criteria: Criteria) -> list[Match]:
    """Centers that treat adults and have no program row, in order: worth a question, not more."""
    if criteria.only_veterans:
        return []
    programs = Program.objects.current().filter(center=OuterRef("pk"))
    rows = Center.objects.current().filter(~Exists(programs), treats_patients=True, audience=Audience.ADULTS)
    centers = [row for row in rows.filter(_in_box(criteria)) if not needs.refused(row, criteria.all_needs)]
    matches = [_from_center(row, criteria) for row in centers]
    return _ordered((match for match in matches if _within(match, criteria)), criteria)


def _in_box(criteria: Criteria) -> Q:
    """A condition that the database can answer, a little too wide; `_within` is exact."""
    place = criteria.place
    if place is None or criteria.radius is None or criteria.way != TRAVEL:
        return Q()
    box = distance.box(place.latitude, place.longitude, criteria.radius)
    return Q(latitude__range=(box.south, box.north), longitude__range=(box.west, box.east))


def _within(match: Match, criteria: Criteria) -> bool:
    if criteria.place is None or criteria.radius is None or criteria.way != TRAVEL:
        return True
    return match.miles is not None and match.miles <= criteria.radius


def _ordered(matches: Iterable[Match], criteria: Criteria) -> list[Match]:
    levels = ordering.levels(criteria)
    return sorted(matches, key=lambda match: ordering.key(match, levels))


# --- As they are shown ----------------------------------------------------------------------------------------------


def _miles(at: Center | Program, criteria: Criteria) -> float | None:
    place = criteria.place
    return distance.miles(place.latitude, place.longitude, at.latitude, at.longitude) if place else None


def _from_program(program: Program, criteria: Criteria) -> Match:
    miles = _miles(program, criteria)
    return Match(
        **_common(program),
        hospital=program.hospital,
        center=program.center,
        program=program,
        miles=miles,
        reasons=reasons.of_program(program, miles, criteria),
        asks=reasons.asks_of_program(program, criteria),
        is_confirmed=_is_named(program, criteria) and not needs.open_needs(program, criteria.all_needs),
    )


def _is_named(program: Program, criteria: Criteria) -> bool:
    """A source names it for the disease that was asked about."""
    if criteria.disease == "other":
        return False
    return any(getattr(program, name) for name in ([criteria.disease] if criteria.disease in DISEASES else DISEASES))


def _from_center(center: Center, criteria: Criteria) -> Match:
    miles = _miles(center, criteria)
    return Match(
        **_common(center),
        hospital=center.institution,
        center=center,
        program=None,
        miles=miles,
        reasons=reasons.of_center(center, miles, criteria),
        asks=reasons.asks_of_center(center, criteria),
        is_confirmed=False,
    )


def _common(place: Center | Program) -> dict[str, Any]:
    return {
        "name": place.name,
        "url": place.get_absolute_url(),
        "city": place.city,
        "state": place.state,
        "phone": place.phone,
    }
