"""Which places fit a family, in which order, and why. Each place carries its reasons; nobody can pay for a place.

The order: places that a source names for this disease first; then, if asked for, those that look at a case from a
distance; then by how far (within 50, 150, 500 miles, beyond); within such a band, places with a hospital's own page
before those that only directories list; then NCI-designated ones; then the miles; then the name.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from functools import partial
from typing import Any

from django.db.models import Q

from doctors import distance
from doctors.models import Audience, Center, Program
from doctors.states import NEIGHBORS, STATES
from doctors.zipcodes import Place

BANDS = (50, 150, 500)  # miles: an easy day, a long day, a night away
WIDENED = 3  # how many places stand in where none lies within the radius
APART = {Audience.VETERANS, Audience.STUDY, Audience.CHILDREN}
DISEASES = {"pleural": "pleural mesothelioma", "peritoneal": "peritoneal mesothelioma"}


@dataclass(frozen=True)
class Criteria:
    """What a family told us. Without a place, the state decides. `radius` in miles, None for anywhere."""

    place: Place | None
    state: str = ""
    disease: str = "not_sure"
    radius: int | None = None
    video_first: bool = False
    wants: frozenset[str] = field(default_factory=frozenset)
    veteran: bool = False


@dataclass(frozen=True)
class Match:
    """A program, or a center whose mesothelioma team nobody has confirmed (then `program` is None), and why it is here.

    `miles` is a straight line, None without a place. `reasons` are parts of a sentence, at least one.
    """

    name: str
    hospital: str
    url: str
    city: str
    state: str
    phone: str
    center: Center | None
    program: Program | None
    miles: float | None
    reasons: tuple[str, ...]

    @property
    def phone_text(self) -> str:
        """The phone as Americans write it, "" if unknown."""
        return f"{self.phone[2:5]}-{self.phone[5:8]}-{self.phone[8:]}" if self.phone else ""

    @property
    def rounded_miles(self) -> int | None:
        """Whole miles, at least 1: the points are no more exact than that."""
        return None if self.miles is None else max(1, round(self.miles))


@dataclass(frozen=True)
class Ranking:
    """`widened`: no program lies within the radius at all, so the first ones lie beyond it. `within` counts the places
    that do lie within it."""

    matches: list[Match]
    widened: bool
    within: int


def rank(criteria: Criteria, limit: int = 10) -> list[Match]:
    """The best places within the radius, at most `limit`. Two queries. Never laboratories, children's hospitals or
    places that treat only within studies; veterans' programs only for veterans."""
    programs = _programs(criteria, _fitting(criteria), boxed=True)
    return (_ordered(programs, criteria) + _ordered(_unconfirmed(criteria), criteria))[:limit]


def rank_or_widen(criteria: Criteria, limit: int = 10) -> Ranking:
    """Like `rank`, and never a dead end: if nothing within the radius is named for the disease, the nearest three
    programs beyond it that are come first, and say so. Two queries."""
    programs = _programs(criteria, _fitting(criteria))
    inside = [match for match in programs if _within(match, criteria)]
    best = min((_fit(match, criteria) for match in programs), default=0)
    beyond: list[Match] = []
    if all(_fit(match, criteria) > best for match in inside):
        beyond = [match for match in programs if _fit(match, criteria) == best]
        beyond = sorted(beyond, key=lambda match: (match.miles or 0, match.name))[:WIDENED]
        beyond = [replace(match, reasons=(*match.reasons, "beyond the distance you chose")) for match in beyond]
    matches = (beyond + _ordered(inside, criteria) + _ordered(_unconfirmed(criteria), criteria))[:limit]
    return Ranking(matches, widened=bool(beyond) and not inside, within=max(0, len(matches) - len(beyond)))


def apart(criteria: Criteria) -> list[Match]:
    """Places that serve only some people, for a list of their own, nearest first: programs for veterans, programs
    within studies, hospitals for children. Leaves out the veterans' programs that a veteran's ranking has already."""
    centers = Center.objects.filter(treats_patients=True, audience__in=APART)
    found = [_from_center(center, criteria) for center in centers]
    for match in _programs(criteria, APART):
        ranked = criteria.veteran and match.program and match.program.audience == Audience.VETERANS
        if not (ranked and _within(match, criteria)):
            found.append(match)
    return sorted(found, key=lambda match: (match.miles or 0, match.name))


# --- Who is in the running ------------------------------------------------------------------------------------------


def _fitting(criteria: Criteria) -> set[Audience]:
    return {Audience.ADULTS, Audience.VETERANS} if criteria.veteran else {Audience.ADULTS}


def _programs(criteria: Criteria, audiences: set[Audience], *, boxed: bool = False) -> list[Match]:
    """Programs for these people, all of them or those within the radius."""
    rows = Program.objects.filter(audience__in=audiences).select_related("center")
    matches = [_from_program(row, criteria) for row in (rows.filter(_in_box(criteria)) if boxed else rows)]
    return [match for match in matches if _within(match, criteria)] if boxed else matches


def _unconfirmed(criteria: Criteria) -> list[Match]:
    """Centers that treat adults and have no program row: worth a question, not more."""
    rows = Center.objects.filter(treats_patients=True, audience=Audience.ADULTS, programs__isnull=True)
    matches = [_from_center(row, criteria) for row in rows.filter(_in_box(criteria))]
    return [match for match in matches if _within(match, criteria)]


def _in_box(criteria: Criteria) -> Q:
    """A condition that the database can answer, a little too wide; `_within` is exact."""
    place = criteria.place
    if place is None or criteria.radius is None:
        return Q()
    box = distance.box(place.latitude, place.longitude, criteria.radius)
    return Q(latitude__range=(box.south, box.north), longitude__range=(box.west, box.east))


def _within(match: Match, criteria: Criteria) -> bool:
    if criteria.place is None or criteria.radius is None:
        return True
    return match.miles is not None and match.miles <= criteria.radius


def _miles(at: Center | Program, criteria: Criteria) -> float | None:
    place = criteria.place
    return distance.miles(place.latitude, place.longitude, at.latitude, at.longitude) if place else None


# --- In which order -------------------------------------------------------------------------------------------------


def _ordered(matches: Iterable[Match], criteria: Criteria) -> list[Match]:
    return sorted(matches, key=partial(_key, criteria=criteria))


def _key(match: Match, criteria: Criteria) -> tuple[Any, ...]:
    program = match.program
    return (
        _fit(match, criteria),
        criteria.video_first and not (program and "remote_second_opinion" in program.offers),
        _band(match, criteria),
        program is not None and program.directories_only,
        match.center is None,
        match.miles or 0,
        match.name,
    )


def _fit(match: Match, criteria: Criteria) -> int:
    """0 if a source names the place for this disease, 1 if nothing is known, 2 if only the other form is named."""
    program = match.program
    if program is None:
        return 1
    known = {"pleural": program.pleural, "peritoneal": program.peritoneal}
    if criteria.disease == "other":
        return 1
    if criteria.disease not in known:
        return 0 if any(known.values()) else 1
    wanted = known.pop(criteria.disease)
    if wanted:
        return 0
    return 2 if wanted is False or any(known.values()) else 1


def _band(match: Match, criteria: Criteria) -> int:
    """How far, in bands: a few miles less must not outrank a better source. Without a place, states stand in."""
    if match.miles is not None:
        return sum(match.miles > edge for edge in BANDS)
    if not criteria.state or match.state == criteria.state:
        return 0
    return 1 if match.state in NEIGHBORS.get(criteria.state, ()) else 2


# --- And why --------------------------------------------------------------------------------------------------------


def _from_program(program: Program, criteria: Criteria) -> Match:
    miles = _miles(program, criteria)
    reasons = [
        _why_disease(program, criteria),
        _why_distance(program, miles, criteria),
        _why_center(program),
        *_why_wants(program, criteria),
        _why_audience(program.audience),
        "listed by directories only: confirm by phone" if program.directories_only else "",
    ]
    return Match(
        name=program.name,
        hospital=program.hospital,
        url=program.get_absolute_url(),
        city=program.city,
        state=program.state,
        phone=program.phone,
        center=program.center,
        program=program,
        miles=miles,
        reasons=tuple(filter(None, reasons)),
    )


def _from_center(center: Center, criteria: Criteria) -> Match:
    miles = _miles(center, criteria)
    reasons = [
        f"NCI-designated {center.get_designation_display().lower()} cancer center",
        "mesothelioma team not confirmed: ask",
        _why_distance(center, miles, criteria),
        _why_audience(center.audience),
    ]
    return Match(
        name=center.name,
        hospital=center.institution,
        url=center.get_absolute_url(),
        city=center.city,
        state=center.state,
        phone=center.phone,
        center=center,
        program=None,
        miles=miles,
        reasons=tuple(filter(None, reasons)),
    )


def _why_disease(program: Program, criteria: Criteria) -> str:
    known = [name for name in DISEASES if getattr(program, name)]
    named = "its hospital names it for" if program.evidence == "hospital" else "listed for"
    if criteria.disease in DISEASES:
        disease = DISEASES[criteria.disease]
        return f"{named} {disease}" if criteria.disease in known else f"ask whether they treat {disease}"
    if criteria.disease == "other":
        return "ask whether they treat mesothelioma in your part of the body"
    return f"{named} {' and '.join(known)} mesothelioma" if known else "ask which kinds of mesothelioma they treat"


def _why_distance(at: Center | Program, miles: float | None, criteria: Criteria) -> str:
    if miles is None:
        return f"in {STATES[at.state].name}" if at.state == criteria.state else ""
    return f"about {max(1, round(miles)):,} {'mile' if miles < 1.5 else 'miles'} away in a straight line"


def _why_center(program: Program) -> str:
    if program.center is None:
        return ""
    return f"part of an NCI-designated {program.center.get_designation_display().lower()} cancer center"


# What a family wants -> the offers that answer it, and the words.
_ANSWERS: dict[str, tuple[tuple[str, ...], str]] = {
    "diagnosis": (("multidisciplinary_clinic",), "several kinds of specialists look at a case together"),
    "stage": (("multidisciplinary_clinic",), "several kinds of specialists look at a case together"),
    "surgery": (("surgery", "hipec"), "offers surgery"),
    "drugs": (("chemotherapy", "immunotherapy"), "offers drug treatment"),
    "trials": (("clinical_trials",), "takes part in clinical trials"),
}


def _why_wants(program: Program, criteria: Criteria) -> list[str]:
    reasons = []
    if "remote_second_opinion" in program.offers:
        reasons.append("offers a second opinion from a distance")
    for want, (offers, words) in _ANSWERS.items():
        if want in criteria.wants and set(offers) & set(program.offers) and words not in reasons:
            reasons.append(words)
    return reasons


_AUDIENCES: dict[str, str] = {
    Audience.VETERANS: "for veterans enrolled in VA health care",
    Audience.STUDY: "treats only people who join one of its studies",
    Audience.CHILDREN: "treats children and teenagers",
}


def _why_audience(audience: str) -> str:
    return _AUDIENCES.get(audience, "")
