"""Where a ZIP code is, from two data files (Census ZIP areas of 2021, public domain). No database.

The files become compact arrays at the first question: 33,791 points, about 1 MB. The rules are those of the data's
README: an unknown ZIP is often a PO box, so it is placed at the nearest number with the same first three digits, and
said to be approximate.
"""

import re
from array import array
from bisect import bisect_left
from dataclasses import dataclass
from functools import cache
from itertools import islice
from pathlib import Path
from typing import NamedTuple

DATA = Path(__file__).resolve().parent / "data"

_ZIP = re.compile(r"([0-9]{5})(?:-?[0-9]{4})?")

# Prefixes of PO boxes and offices only, which have no area at all -> a ZIP in the middle of the town that they belong
# to. The next number of the state can be at its other end: 375 is Memphis, 376 lies 400 miles east of it.
_STAND_INS = {
    5: 11742,  # Holtsville, NY
    55: 1810,  # Andover, MA
    192: 19104,  # Philadelphia
    311: 30303,  # Atlanta
    332: 33130,  # Miami
    375: 38103,  # Memphis
    399: 30303,  # Atlanta
    459: 45202,  # Cincinnati
    509: 50309,  # Des Moines
    555: 55397,  # Young America, MN
    569: 20001,  # Washington
    649: 64108,  # Kansas City, MO
    733: 78701,  # Austin
    842: 84401,  # Ogden
    876: 87501,  # Santa Fe
    885: 79901,  # El Paso
    888: 20001,  # Washington
    889: 89101,  # Las Vegas
    901: 90012,  # Los Angeles
    938: 93721,  # Fresno
    942: 95814,  # Sacramento
}
# ZIPs on the other side of a state line than all others of their prefix: Fishers Island, Texhoma, Alta.
_ACROSS = {"06390": "NY", "73960": "TX", "83414": "WY"}


@dataclass(frozen=True, slots=True)
class Place:
    """Where a ZIP is. `time_zone` is an IANA name, or "" if unknown; `exact` is False for a neighbor's point."""

    zip: str
    latitude: float
    longitude: float
    state: str
    time_zone: str
    exact: bool


class _Points(NamedTuple):
    zips: "array[int]"  # ascending
    latitudes: "array[float]"
    longitudes: "array[float]"


def normalise(text: str) -> str | None:
    """The five digits of `02115`, ` 02115 `, `02115-1234` or `021151234`; None for anything else.

    It reads the form only: whether the ZIP exists is for `locate` and `is_military` to say.
    """
    found = _ZIP.fullmatch(text.strip())
    return found.group(1) if found else None


def locate(zip: str) -> Place | None:
    """The place of a ZIP in five digits. None for military ZIPs and for what is not a ZIP."""
    state, time_zone = _prefixes().get(zip[:3], ("", ""))
    if not time_zone:
        return None
    index = _nearest(int(zip))
    points = _points()
    exact = points.zips[index] == int(zip)
    return Place(zip, points.latitudes[index], points.longitudes[index], _ACROSS.get(zip, state), time_zone, exact)


@cache
def middle(state: str) -> Place | None:
    """Around where the ZIP codes of a state lie, for an order by distance where only the state is known. Never
    exact."""
    prefixes = {int(prefix) for prefix, (of, _) in _prefixes().items() if of == state}
    points = _points()
    inside = [index for index, number in enumerate(points.zips) if number // 100 in prefixes]
    if not inside:
        return None
    latitude = sum(points.latitudes[index] for index in inside) / len(inside)
    longitude = sum(points.longitudes[index] for index in inside) / len(inside)
    return Place("", latitude, longitude, state, "", False)


def is_military(zip: str) -> bool:
    """True for APO, FPO and DPO addresses: they have a ZIP, but no place on a map."""
    return _prefixes().get(zip[:3], ("", "known"))[1] == ""


def _nearest(number: int) -> int:
    """The index of `number`, or of the nearest number with the same first three digits, or of its stand-in."""
    zips = _points().zips
    right = bisect_left(zips, number)
    if right < len(zips) and zips[right] == number:
        return right
    around = [index for index in (right - 1, right) if 0 <= index < len(zips) and zips[index] // 100 == number // 100]
    if not around:
        return bisect_left(zips, _STAND_INS[number // 100])
    return min(around, key=lambda index: abs(zips[index] - number))


@cache
def _points() -> _Points:
    zips, latitudes, longitudes = array("I"), array("d"), array("d")
    with (DATA / "zip_points.csv").open(encoding="utf-8") as lines:
        for line in islice(lines, 1, None):
            code, latitude, longitude = line.split(",")
            zips.append(int(code))
            latitudes.append(float(latitude))
            longitudes.append(float(longitude))
    return _Points(zips, latitudes, longitudes)


@cache
def _prefixes() -> dict[str, tuple[str, str]]:
    rows = (DATA / "zip_prefixes.csv").read_text(encoding="utf-8").splitlines()[1:]
    return {prefix: (state, time_zone) for prefix, state, time_zone in (row.split(",") for row in rows)}


@cache
def zones_of_state(state: str) -> frozenset[str]:
    """The IANA time zones that the ZIP prefixes of a state are in."""
    return frozenset(zone for there, zone in _prefixes().values() if there == state and zone)
