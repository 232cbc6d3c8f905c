"""Distances on the WGS-84 ellipsoid, made apart from `doctors.distance` so that the two can be held together.

`doctors.distance` takes the Earth for a sphere. Here it is the flattened body that GPS uses: T. Vincenty's inverse
formula of 1975, right to a millimeter for the points of a continent. `test_every_zip.py` proves it with figures of
GeographicLib.
"""

from collections.abc import Sequence
from math import asin, atan, atan2, cos, radians, sin, sqrt, tan
from typing import NamedTuple

A, F = 6_378_137.0, 1 / 298.257223563  # meters: radius of the equator; flattening
B = A * (1 - F)
MILE = 1609.344
TIGHTEST = B * B / A  # the smallest radius of curvature anywhere: along a meridian, at the equator

Point = tuple[float, float]  # latitude and longitude, in degrees


class Space(NamedTuple):
    """A point of the ellipsoid's surface, in meters from the center of the Earth."""

    x: float
    y: float
    z: float


def miles(here: Point, there: Point) -> float:
    """The shortest way over the ellipsoid (Vincenty's inverse formula). Not for points opposite on the globe."""
    if here == there:
        return 0.0
    u1, u2 = (atan((1 - F) * tan(radians(latitude))) for latitude, _ in (here, there))
    sin1, cos1, sin2, cos2 = sin(u1), cos(u1), sin(u2), cos(u2)
    apart = turn = radians(there[1] - here[1])
    for _ in range(100):
        sin_turn, cos_turn = sin(turn), cos(turn)
        sine = sqrt((cos2 * sin_turn) ** 2 + (cos1 * sin2 - sin1 * cos2 * cos_turn) ** 2)
        cosine = sin1 * sin2 + cos1 * cos2 * cos_turn
        arc = atan2(sine, cosine)
        azimuth = cos1 * cos2 * sin_turn / sine
        tilt = 1 - azimuth * azimuth
        middle = cosine - 2 * sin1 * sin2 / tilt if tilt else 0.0
        c = F / 16 * tilt * (4 + F * (4 - 3 * tilt))
        bend = middle + c * cosine * (2 * middle * middle - 1)
        before, turn = turn, apart + (1 - c) * F * azimuth * (arc + c * sine * bend)
        if abs(turn - before) < 1e-12:
            break
    else:
        raise AssertionError(f"No geodesic from {here} to {there}.")
    squared = tilt * (A * A - B * B) / (B * B)
    big_a = 1 + squared / 16384 * (4096 + squared * (-768 + squared * (320 - 175 * squared)))
    big_b = squared / 1024 * (256 + squared * (-128 + squared * (74 - 47 * squared)))
    last = big_b / 6 * middle * (4 * sine * sine - 3) * (4 * middle * middle - 3)
    shift = big_b * sine * (middle + big_b / 4 * (cosine * (2 * middle * middle - 1) - last))
    return B * big_a * (arc - shift) / MILE


def space(point: Point) -> Space:
    """A point of the surface in space."""
    latitude, longitude = radians(point[0]), radians(point[1])
    normal = A / sqrt(1 - F * (2 - F) * sin(latitude) ** 2)
    flat = normal * cos(latitude)
    return Space(flat * cos(longitude), flat * sin(longitude), normal * (1 - F) ** 2 * sin(latitude))


def nearest(here: Point, points: Sequence[Point], spaces: Sequence[Space], count: int) -> list[tuple[float, int]]:
    """The `count` nearest of `points`, as miles and index. `spaces` are the same points in space.

    Looks at every point, by the straight line through the Earth, which needs no formula of geodesy and nothing of
    `doctors.distance`. Only those that can be among the nearest get their geodesic, and none is lost: a chord is never
    longer than the way over the surface; and that way is never longer than an arc of the tightest curve over the same
    chord (Schur's theorem: what bends less than a circle ends farther away). So if c is the chord of the last of the
    `count`, the true distance of that one is at most that arc, and whatever has a longer chord than that is farther.
    """
    x, y, z = space(here)
    chords = [(x - a) ** 2 + (y - b) ** 2 + (z - c) ** 2 for a, b, c in spaces]
    last = sqrt(sorted(chords)[count - 1])
    reach = (2 * TIGHTEST * asin(min(1.0, last / (2 * TIGHTEST)))) ** 2
    found = [(miles(here, points[index]), index) for index, chord in enumerate(chords) if chord <= reach]
    return sorted(found)[:count]
