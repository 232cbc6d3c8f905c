"""Drawn maps of the United States: where dots, lines and the frame go. Templates draw them; no tiles, no script.

Lengths are in the units of `doctors/outlines.py`; pixels are CSS pixels.

A map is an aid beside a list, never the only way. It shows places for adults: laboratories never, and what serves only
children, veterans or people in a study is for the list to say. Callers hand over current listings only.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from math import hypot

from doctors import distance
from doctors.match import Match
from doctors.models import Audience, Center, Program
from doctors.outlines import Box, Point, group, in_sight, outlines, project, short, surround
from doctors.states import STATES
from doctors.zipcodes import Place

# Sizes in CSS pixels while a drawing is at its narrowest; it grows with the page from there.
REACH = 12.0  # half of what can be touched: 24 px (WCAG 2.2, 2.5.8)
GAP = 1.0  # at least so much between two of them
SINGLE, LABELLED = 7.0, 11.0  # radii of what is seen
RING, CORE = 17.0, 4.0  # and of the mark at the ZIP
FONT, LETTER = 13.0, 7.6  # the size of a label, and how wide one bold digit of it is
LONGEST = 18  # letters of a label: more than any ten numbers need
NARROW = 320  # the smallest phone
COUNTRY_WIDE, PART_WIDE = 704, 468  # the wide drawings where map.css changes to them: a page's width, and 26rem

SAME_SITE = 10  # miles: a center and its own program no farther apart are one dot
MARGIN = 0.12  # of what a part of the country shows, on each side
WIDEST, NARROWEST = 2.0, 4 / 3  # width to height of a part of the country
SMALLEST = 80.0  # width of the smallest part: the outlines are too coarse for a closer look
CLOSE = 450.0  # width of a part up to which borders are drawn into the page: those of the file grow with its scale

COUNTRY = Box(-8, 0, 990, 612)  # a little more than the outlines: Alaska's islands end left of 0


@dataclass(frozen=True, slots=True)
class Pin:
    """One place. `named`: a source names it for mesothelioma. `number`: its position in a list, 0 without."""

    point: Point
    name: str
    city: str
    state: str
    url: str
    named: bool = True
    number: int = 0


@dataclass(frozen=True, slots=True)
class Spot:
    """Pins that share one dot. `half` is half the straight part of a dot whose label is too long for a circle."""

    pins: tuple[Pin, ...]
    x: float
    y: float
    half: float


@dataclass(frozen=True, slots=True)
class Dot:
    """A spot as text for its template. `kind`: program, center (no program known), or label (it has one). `long` and
    `long_reach` are the path data of a dot whose label is too long for a circle, "" without."""

    at: str
    url: str
    words: str
    label: str
    kind: str
    long: str = ""
    long_reach: str = ""


@dataclass(frozen=True, slots=True)
class Drawing:
    """One of a map's two drawings: map.css shows the one that fits. `unit` is the length of a pixel at its narrowest.
    `way` is the path data of the lines, `home` the ZIP's point; "" without."""

    size: str
    box: Box
    unit: float
    dots: list[Dot]
    way: str = ""
    home: str = ""

    @property
    def reach(self) -> str:
        """The radius of what can be touched."""
        return short(REACH * self.unit)

    @property
    def single(self) -> str:
        """The radius of a dot without a label."""
        return short(SINGLE * self.unit)

    @property
    def labelled(self) -> str:
        return short(LABELLED * self.unit)

    @property
    def ring(self) -> str:
        """The outer radius of the ZIP's mark: a dot on top of it leaves it in sight."""
        return short(RING * self.unit)

    @property
    def core(self) -> str:
        return short(CORE * self.unit)

    @property
    def font(self) -> str:
        return short(FONT * self.unit)


@dataclass(frozen=True, slots=True)
class Map:
    """What `doctors/_map.html` draws. `around` is the path of the states in sight, "" for the picture of all of them;
    `outline` that of the state it is about; `next_door`: its dots are programs of the states around. `left_out`: names
    of states whose places are off the map. `zip`: where lines start. `apart`: one of them leads to or from Alaska or
    Hawaii."""

    label: str
    drawings: list[Drawing]
    around: str = ""
    outline: str = ""
    next_door: bool = False
    left_out: list[str] = field(default_factory=list)
    zip: str = ""
    apart: bool = False

    @property
    def kinds(self) -> set[str]:
        """The kinds of dots there are: what a legend has to explain."""
        return {dot.kind for drawing in self.drawings for dot in drawing.dots}


def part(points: Iterable[Point]) -> Box:
    """A frame around points, with a margin, neither smaller nor longer than reads well."""
    around = surround(points)
    width = max(around.width * (1 + 2 * MARGIN), SMALLEST)
    height = max(around.height * (1 + 2 * MARGIN), width / WIDEST)
    width = max(width, height * NARROWEST)
    x, y = around.left + around.width / 2, around.top + around.height / 2
    return Box(x - width / 2, y - height / 2, width, height)


# --- The three maps -------------------------------------------------------------------------------------------------


def country(centers: Iterable[Center], programs: Iterable[Program]) -> Map:
    """Every place. Dots of several lead to `#illinois` and the like, so the page's list has these ids."""
    centers, programs = list(centers), list(programs)
    pins = sites(centers, programs)
    places: list[Center | Program] = [*centers, *programs]
    off = {place.state_name for place in places if _is_drawn(place) and not _point(place)}
    drawings = _drawings(pins, COUNTRY, COUNTRY_WIDE)
    return Map("Map of the United States", drawings, left_out=sorted(off))


def of_state(state: str, centers: Iterable[Center], programs: Iterable[Program]) -> Map | None:
    """One state; `programs` may be those of its neighbors too, which stand in where it has no place of its own. Dots of
    several lead to `#places` and to `#next-door`. None where there is no outline, or nothing to show."""
    programs = list(programs)
    own = sites((c for c in centers if c.state == state), (p for p in programs if p.state == state))
    pins = own or [pin for pin in sites([], programs) if group(pin.state) == group(state)]
    if state not in outlines() or not pins:
        return None
    outline = outlines()[state]
    box = part([*outline.points, *(pin.point for pin in pins)])
    drawings = _drawings(pins, box, PART_WIDE, anchor="#places" if own else "#next-door")
    around = _around(box, {state})
    return Map(f"Map of {STATES[state].name}", drawings, around=around, outline=outline.path, next_door=not own)


def journey(place: Place, matches: Sequence[Match]) -> Map | None:
    """From a ZIP to the places of a list, which has the ids `place-1` and so on. What is off the map is left out; None
    if that is the ZIP itself, or everything."""
    home = project(place.latitude, place.longitude)
    pins = [pin for number, match in enumerate(matches, 1) for pin in _numbered(number, match)]
    if home is None or not pins:
        return None
    box = part([home, *(pin.point for pin in pins)])
    states = {place.state, *(pin.state for pin in pins)}
    drawings = _drawings(pins, box, PART_WIDE, home=home)
    label = f"Map from ZIP {place.zip} to the places below"
    return Map(label, drawings, around=_around(box, states), zip=place.zip, apart=len(set(map(group, states))) > 1)


def _around(box: Box, states: Iterable[str]) -> str:
    """The borders that a close look needs, "" from farther away."""
    return in_sight(box, set(map(group, states))) if box.width <= CLOSE else ""


def sites(centers: Iterable[Center], programs: Iterable[Program]) -> list[Pin]:
    """Where adults can go: every program, and every center that has no program of its own on the spot (one that has is
    drawn as its program). Places off the map are left out."""
    programs = [program for program in programs if _is_drawn(program)]
    teams: dict[int | None, list[Program]] = defaultdict(list)
    for program in (program for program in programs if program.center_id):
        teams[program.center_id].append(program)
    bare = [center for center in centers if _is_drawn(center) and not _has_on_the_spot(center, teams[center.pk])]
    pins = [_pin(program, f"{program.name}, {program.hospital}") for program in programs]
    pins += [_pin(center, center.name, named=bool(teams[center.pk])) for center in bare]
    return [pin for pin in pins if pin]


def _is_drawn(place: Center | Program) -> bool:
    return place.audience == Audience.ADULTS and getattr(place, "treats_patients", True)


def _has_on_the_spot(center: Center, programs: Iterable[Program]) -> bool:
    at = center.latitude, center.longitude
    return any(distance.miles(*at, program.latitude, program.longitude) <= SAME_SITE for program in programs)


def _point(place: Center | Program) -> Point | None:
    return project(place.latitude, place.longitude)


def _pin(place: Center | Program, name: str, *, named: bool = True) -> Pin | None:
    point = _point(place)
    return Pin(point, name, place.city, place.state, place.get_absolute_url(), named) if point else None


def _numbered(number: int, match: Match) -> list[Pin]:
    """One pin, or none if there is no point on the map."""
    place = match.program or match.center
    point = _point(place) if place else None
    if place is None or point is None:
        return []
    return [Pin(point, match.name, place.city, place.state, f"#place-{number}", number=number)]


# --- Dots that do not overlap ---------------------------------------------------------------------------------------


def _drawings(
    pins: Sequence[Pin], box: Box, wide: int, *, anchor: str = "", home: Point | None = None
) -> list[Drawing]:
    return [_drawing(size, pins, box, pixels, anchor, home) for size, pixels in (("narrow", NARROW), ("wide", wide))]


def _drawing(size: str, pins: Sequence[Pin], box: Box, pixels: int, anchor: str, home: Point | None) -> Drawing:
    unit = box.width / pixels
    spots = gather(pins, box, unit)
    dots = [_dot(spot, anchor, unit) for spot in spots]
    if home is None:
        return Drawing(size, box, unit, dots)
    start = f"{short(home.x)},{short(home.y)}"
    return Drawing(size, box, unit, dots, way="".join(f"M{start}L{dot.at}" for dot in dots), home=start)


def gather(pins: Iterable[Pin], box: Box, unit: float) -> list[Spot]:
    """Every pin in exactly one spot, no two spots closer than their targets allow, all of them inside the box. `unit`
    is the length of a pixel. The same pins in any order give the same spots."""
    spots: list[Spot] = []
    for pin in sorted(pins, key=lambda pin: (pin.point, pin.number, pin.name, pin.url)):
        spot = _spot((pin,), box, unit)
        while near := _overlapping(spot, spots, unit):
            spots.remove(near)
            spot = _spot(near.pins + spot.pins, box, unit)
        spots.append(spot)
    return spots


def _overlapping(spot: Spot, spots: Iterable[Spot], unit: float) -> Spot | None:
    """The nearest spot that a target would touch."""
    touching = [
        (gap, other.x, other.y, other) for other in spots if (gap := _gap(spot, other)) < (2 * REACH + 1) * unit
    ]
    return min(touching, key=lambda found: found[:3])[3] if touching else None


def _gap(one: Spot, other: Spot) -> float:
    """Between the straight parts of two dots; of circles, between their middles."""
    return hypot(max(0.0, abs(one.x - other.x) - one.half - other.half), one.y - other.y)


def _spot(pins: tuple[Pin, ...], box: Box, unit: float) -> Spot:
    """In the middle of its pins, as far as the box has room."""
    half = max(0.0, (len(_label(pins)) - 2) * LETTER / 2) * unit
    x = sum(pin.point.x for pin in pins) / len(pins)
    y = sum(pin.point.y for pin in pins) / len(pins)
    reach = REACH * unit
    x = min(max(x, box.left + half + reach), box.left + box.width - half - reach)
    return Spot(pins, x, min(max(y, box.top + reach), box.top + box.height - reach), half)


def _label(pins: Sequence[Pin]) -> str:
    if pins[0].number:
        return _ranges([pin.number for pin in pins])
    return str(len(pins)) if len(pins) > 1 else ""


def _ranges(numbers: Iterable[int]) -> str:
    """1, 2, 3 and 5 as "1-3, 5". What would be too long for a drawing says the first and the last."""
    runs: list[list[int]] = []
    for number in sorted(numbers):
        if runs and number == runs[-1][-1] + 1:
            runs[-1].append(number)
        else:
            runs.append([number])
    label = ", ".join(f"{run[0]}–{run[-1]}" if len(run) > 1 else str(run[0]) for run in runs)
    return label if len(label) <= LONGEST else f"{runs[0][0]}…{runs[-1][-1]}"


def _dot(spot: Spot, anchor: str, unit: float) -> Dot:
    label = _label(spot.pins)
    kind = "label" if label else ("program" if spot.pins[0].named else "center")
    long, reach = (_capsule(spot.half, radius * unit) if spot.half else "" for radius in (LABELLED, REACH))
    return Dot(f"{short(spot.x)},{short(spot.y)}", _url(spot, anchor), _words(spot), label, kind, long, reach)


def _capsule(half: float, radius: float) -> str:
    """The path of a bar with round ends."""
    across, down, turn = short(2 * half), short(2 * radius), f"a{short(radius)},{short(radius)} 0 0 1 0"
    return f"M{short(-half)},{short(-radius)}h{across}{turn},{down}h-{across}{turn},-{down}z"


def _url(spot: Spot, anchor: str) -> str:
    """Its page, or where the list has its places."""
    first = min(spot.pins, key=lambda pin: pin.number)
    if first.number or len(spot.pins) == 1:
        return first.url
    return anchor or f"#{STATES[_town(spot)[1]].slug}"


def _words(spot: Spot) -> str:
    """What the dot is called: a name and its city, a number and its name, or how many places near where."""
    pin = spot.pins[0]
    if pin.number:
        return "; ".join(f"{pin.number}: {pin.name}" for pin in sorted(spot.pins, key=lambda pin: pin.number))
    if len(spot.pins) == 1:
        return f"{pin.name}, {pin.city}, {STATES[pin.state].name}"
    return _several(spot.pins, *_town(spot))


def _town(spot: Spot) -> tuple[str, str]:
    """The city, and its state, with most of the pins; of two, the one of the pin nearest to the middle."""
    counts = Counter((pin.city, pin.state) for pin in spot.pins)
    most = [pin for pin in spot.pins if counts[pin.city, pin.state] == max(counts.values())]
    middle = min(most, key=lambda pin: (hypot(pin.point.x - spot.x, pin.point.y - spot.y), pin.point, pin.city))
    return middle.city, middle.state


def _several(pins: Sequence[Pin], city: str, state: str) -> str:
    """ "6 places near Boston, Massachusetts", and which other states they are in."""
    near = "in" if {(pin.city, pin.state) for pin in pins} == {(city, state)} else "near"
    others = sorted({STATES[pin.state].name for pin in pins if pin.state != state})
    words = f"{len(pins)} places {near} {city}, {STATES[state].name}"
    return f"{words}; some are in {_and(others)}" if others else words


def _and(names: Sequence[str]) -> str:
    return f"{', '.join(names[:-1])} and {names[-1]}" if len(names) > 1 else names[0]
