"""Which places fit a family, in which order, and why. Each place carries its reasons; nobody can pay for a place.

The order is that of `doctors.ordering`; what can be asked for is in `doctors.needs`, the reasons in `doctors.reasons`.
A directory of the usual size is read once (`doctors.small`) and ranked in memory; a larger one is asked step by step,
nearest first. Both give the same list. Only what is shown is read whole.
"""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, replace
from itertools import product
from typing import Any

from django.db.models import QuerySet

from doctors import distance, needs, ordering, reasons, small
from doctors.criteria import FIT, TRAVEL, Criteria
from doctors.match import Match
from doctors.models import Audience, Center, Program
from doctors.nearest import around, nearest_keys
from doctors.ordering import Candidate
from doctors.reasons import DISEASES
from doctors.small import Directory

__all__ = ["DISEASES", "Criteria", "Match", "Ranking", "apart", "rank", "rank_or_widen"]

WIDENED = 3  # how many places stand in where none lies within the radius
APART = {Audience.VETERANS, Audience.STUDY, Audience.CHILDREN}
MOST_APART = 10
RARE = 25.0  # miles: places for some people only lie far from one another


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
    only within studies; veterans' programs only for veterans. Two queries in a directory of the usual size."""
    directory = small.read()
    inside = _ordered(_inside(_programs(directory, criteria), criteria), criteria)
    if directory.is_large:
        inside = _step_by_step(criteria, limit)
    return _shown(_with_centers(inside, directory, criteria, limit)[:limit], directory, criteria)


def rank_or_widen(criteria: Criteria, limit: int = 10, directory: Directory | None = None) -> Ranking:
    """Like `rank`, and never a dead end: if nothing within the radius is known to be what was asked for, the nearest
    three programs beyond it that are come first (by fit) or in their place (by miles), and say so. What was read for
    another list of the same moment can be handed in as `directory`."""
    directory = directory or small.read()
    inside, beyond = _inside_and_beyond(directory, criteria, limit + 1)
    programs = beyond + inside if criteria.order == FIT else _ordered(beyond + inside, criteria)
    found = _with_centers(programs, directory, criteria, limit + 1)
    shown = found[:limit]
    outside = sum(candidate in beyond for candidate in shown)
    matches = _shown(shown, directory, criteria, beyond=beyond)
    return Ranking(matches, bool(beyond) and not inside, len(matches) - outside, len(found) > limit)


def apart(criteria: Criteria, within: float | None = None, directory: Directory | None = None) -> list[Match]:
    """Places that serve only some people, for a list of their own, nearest first: programs for veterans, programs
    within studies, hospitals for children. Those at most `within` miles away, if given. Leaves out the veterans'
    programs that a veteran's ranking has already."""
    directory = directory or small.read()
    found = [
        Candidate(row, _miles(row, criteria), is_center=True) for row in directory.centers if row.audience in APART
    ]
    for row in _programs_apart(directory, criteria, within):
        candidate = Candidate(row, _miles(row, criteria))
        ranked = _ranks_veterans(criteria) and row.audience == Audience.VETERANS
        if not (ranked and _within(candidate.miles, criteria)):
            found.append(candidate)
    near = [candidate for candidate in found if within is None or (candidate.miles or 0) <= within]
    return _shown(sorted(near, key=lambda candidate: (candidate.miles or 0, candidate.row.name)), directory, criteria)


def _programs_apart(directory: Directory, criteria: Criteria, within: float | None) -> Iterable[Any]:
    """All of them, or the nearest of a large directory."""
    if not directory.is_large:
        return [row for row in directory.programs if row.audience in APART]
    rows = Program.objects.current().filter(audience__in=sorted(APART))
    if criteria.start:
        near = nearest_keys(rows, criteria.start, MOST_APART, within=within, first=RARE)
        keys = [key for key, _ in near]
    else:
        keys = list(rows.order_by("name").values_list("pk", flat=True)[:MOST_APART])
    return small.by_key(keys).values()


# --- Who is in the running ------------------------------------------------------------------------------------------


def _ranks_veterans(criteria: Criteria) -> bool:
    return criteria.veteran or criteria.only_veterans


def _audiences(criteria: Criteria) -> set[str]:
    fitting: set[str] = {Audience.VETERANS} if criteria.only_veterans else {Audience.ADULTS}
    return fitting | {Audience.VETERANS} if criteria.veteran else fitting


def _programs(directory: Directory, criteria: Criteria) -> list[Candidate]:
    """The programs for these people that are not known to lack what was asked for, near and far."""
    audiences, asked = _audiences(criteria), needs.asked(criteria.all_needs)
    rows = [row for row in directory.programs if row.audience in audiences and not needs.refused(row, asked)]
    return [Candidate(row, _miles(row, criteria)) for row in rows]


def _rows(criteria: Criteria) -> QuerySet[Program]:
    """The same of a large directory."""
    rows = Program.objects.current().filter(audience__in=_audiences(criteria))
    return rows.filter(needs.possible(criteria.all_needs))


def _inside_and_beyond(directory: Directory, criteria: Criteria, limit: int) -> tuple[list[Candidate], list[Candidate]]:
    """Programs within the radius, in order, and those that stand in for what is not known there, nearest first."""
    if directory.is_large:
        inside = _step_by_step(criteria, limit)
        is_known = any(not any(_quality(candidate, criteria)) for candidate in inside)
        return inside, [] if is_known else _beyond_step_by_step(criteria)
    programs = _programs(directory, criteria)
    inside = _inside(programs, criteria)
    return _ordered(inside, criteria)[:limit], _beyond(programs, inside, criteria)


def _inside(candidates: Iterable[Candidate], criteria: Criteria) -> list[Candidate]:
    return [candidate for candidate in candidates if _within(candidate.miles, criteria)]


def _beyond(programs: list[Candidate], inside: list[Candidate], criteria: Criteria) -> list[Candidate]:
    """Only the best of all that is known may stand in from afar."""
    if len(inside) == len(programs):
        return []
    quality = {candidate.row.id: _quality(candidate, criteria) for candidate in programs}
    best = min(quality.values())
    if any(quality[candidate.row.id] == best for candidate in inside):
        return []
    found = [candidate for candidate in programs if quality[candidate.row.id] == best]
    return sorted(found, key=lambda candidate: (candidate.miles or 0, candidate.row.name))[:WIDENED]


def _quality(candidate: Candidate, criteria: Criteria) -> tuple[int, ...]:
    """All 0: everything that was asked for is known."""
    return tuple(level.index(candidate) for level in ordering.quality(criteria))


def _step_by_step(criteria: Criteria, limit: int) -> list[Candidate]:
    """The same list as in memory, by asking for one step of the order after the other until it is full."""
    rows, found = _rows(criteria), list[Candidate]()
    for step in ordering.outer(criteria):
        if len(found) < limit:
            found += _of_step(rows.filter(step.condition), step, criteria, limit - len(found))
    return found


def _of_step(rows: QuerySet[Program], step: ordering.Step, criteria: Criteria, limit: int) -> list[Candidate]:
    """The best step below often fills the list. If not, few rows are sorted in memory; of many, the other steps below
    are asked for too."""
    within = step.within if criteria.way != TRAVEL or step.within or not criteria.place else criteria.radius
    keys: list[int] = []
    for number, below in enumerate(ordering.inner(criteria)):
        if number == 1 and (few := small.few(around(rows, criteria.start, within))) is not None:
            found = [Candidate(row, _miles(row, criteria)) for row in few]
            return _ordered((one for one in found if _in_ring(one.miles, step.beyond, within)), criteria)[:limit]
        left, missing = rows.filter(below.condition), limit - len(keys)
        if criteria.start:
            keys += [key for key, _ in nearest_keys(left, criteria.start, missing, beyond=step.beyond, within=within)]
        else:
            keys += left.order_by("name").values_list("pk", flat=True)[:missing]
        if len(keys) == limit:
            break
    return _candidates(keys, criteria)


def _candidates(keys: Sequence[int], criteria: Criteria) -> list[Candidate]:
    """In this order. One query."""
    rows = small.by_key(keys)
    return [Candidate(rows[key], _miles(rows[key], criteria)) for key in keys]


def _in_ring(miles: float | None, beyond: float | None, within: float | None) -> bool:
    return miles is None or ((beyond is None or miles > beyond) and (within is None or miles <= within))


def _beyond_step_by_step(criteria: Criteria) -> list[Candidate]:
    place, radius = criteria.place, criteria.radius
    if place is None or radius is None or criteria.way != TRAVEL:
        return []
    for known, named in product(*(level.steps for level in ordering.quality(criteria))):
        rows = _rows(criteria).filter(known.condition, named.condition)
        if nearest_keys(rows, place, 1, within=radius):
            return []
        if found := nearest_keys(rows, place, WIDENED, beyond=radius):
            return _candidates([key for key, _ in found], criteria)
    return []


def _with_centers(programs: list[Candidate], directory: Directory, criteria: Criteria, limit: int) -> list[Candidate]:
    """After the programs, if there is room, centers that treat adults and have no program row: worth a question, not
    more."""
    if criteria.only_veterans or len(programs) >= limit:
        return programs
    asked = needs.asked(criteria.all_needs)
    rows = [row for row in directory.unknown_centers if not needs.refused(row, asked)]
    candidates = [
        Candidate(row, _miles(row, criteria), is_center=True) for row in rows if row.audience == Audience.ADULTS
    ]
    return programs + _ordered(_inside(candidates, criteria), criteria)


def _within(miles: float | None, criteria: Criteria) -> bool:
    if criteria.place is None or criteria.radius is None or criteria.way != TRAVEL:
        return True
    return miles is not None and miles <= criteria.radius


def _miles(at: Any, criteria: Criteria) -> float | None:
    start = criteria.start
    return distance.miles(start.latitude, start.longitude, at.latitude, at.longitude) if start else None


def _ordered(candidates: Iterable[Candidate], criteria: Criteria) -> list[Candidate]:
    levels = ordering.levels(criteria)
    return sorted(candidates, key=lambda candidate: ordering.key(candidate, levels))


# --- As they are shown ----------------------------------------------------------------------------------------------


def _shown(
    candidates: Sequence[Candidate], directory: Directory, criteria: Criteria, *, beyond: Collection[Candidate] = ()
) -> list[Match]:
    """With all that a list tells of a place, and why it is there."""
    matches = []
    for candidate in candidates:
        row = directory.center(candidate.row) if candidate.is_center else directory.program(candidate.row)
        match = _match(row, candidate.miles if criteria.place else None, criteria)
        if candidate in beyond:
            match = replace(match, reasons=(*match.reasons, reasons.BEYOND))
        matches.append(match)
    return matches


def _match(row: Center | Program, miles: float | None, criteria: Criteria) -> Match:
    if isinstance(row, Program):
        return Match(
            **_common(row, miles),
            hospital=row.hospital,
            center=row.center,
            program=row,
            reasons=reasons.of_program(row, miles, criteria),
            asks=reasons.asks_of_program(row, criteria),
            is_confirmed=_is_named(row, criteria) and not needs.is_open(row, criteria.all_needs),
        )
    return Match(
        **_common(row, miles),
        hospital=row.institution,
        center=row,
        program=None,
        reasons=reasons.of_center(row, miles, criteria),
        asks=reasons.asks_of_center(row, criteria),
        is_confirmed=False,
    )


def _is_named(program: Program, criteria: Criteria) -> bool:
    """A source names it for the disease that was asked about; for mesothelioma, it names every program."""
    if criteria.disease in DISEASES:
        return bool(getattr(program, criteria.disease))
    return criteria.disease != "other"


def _common(place: Center | Program, miles: float | None) -> dict[str, Any]:
    return {
        "name": place.name,
        "url": place.get_absolute_url(),
        "city": place.city,
        "state": place.state,
        "phone": place.phone,
        "miles": miles,
    }
