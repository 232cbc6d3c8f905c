"""The outlines of the states, and where a point in degrees lies on them: Albers USA, a projection of three parts.

The outlines are a file, `static/images/us_states.svg`; lengths are in its units: 975 by 610, a unit is about 3 miles,
in Alaska 9. The constants are those of d3's geoAlbersUsa, with which the file was drawn.
"""

import re
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from functools import cache
from math import cos, radians, sin, sqrt
from pathlib import Path
from typing import NamedTuple

from django.conf import settings


class Point(NamedTuple):
    """A position on the map: x to the right, y down."""

    x: float
    y: float


class Box(NamedTuple):
    """A rectangle: the `viewBox` of a drawing."""

    left: float
    top: float
    width: float
    height: float

    def __str__(self) -> str:
        return " ".join(map(short, self))


class Outline(NamedTuple):
    """A state's path, its corners, and the box around them."""

    path: str
    points: list[Point]
    box: Box


def short(number: float) -> str:
    """A length with one decimal at most: less than a pixel on any screen."""
    text = f"{number:.1f}".removesuffix(".0")
    return "0" if text == "-0" else text


def surround(points: Iterable[Point]) -> Box:
    """The smallest box that holds them. Raises ValueError without any."""
    xs, ys = zip(*points, strict=True)
    return Box(min(xs), min(ys), max(xs) - min(xs), max(ys) - min(ys))


def group(state: str) -> str:
    """States of one group lie to each other as on the earth: "" for the lower 48, "AK", "HI"."""
    return state if state in ("AK", "HI") else ""


@cache
def outlines() -> dict[str, Outline]:
    """By the state's code, from the file that pages show. DC and the 50 states, no territory."""
    file = Path(settings.BASE_DIR) / "static" / "images" / "us_states.svg"
    paths = re.findall(r'id="s-([A-Z]{2})" d="([^"]+)"', file.read_text(encoding="utf-8"))
    return {state: _outline(path) for state, path in paths}


def in_sight(box: Box, groups: Collection[str]) -> str:
    """One path of all states of these groups that reach into a box."""
    return "".join(
        outline.path for state, outline in outlines().items() if group(state) in groups and _meet(box, outline.box)
    )


def _meet(one: Box, other: Box) -> bool:
    across = one.left <= other.left + other.width and other.left <= one.left + one.width
    return across and one.top <= other.top + other.height and other.top <= one.top + one.height


def _outline(path: str) -> Outline:
    points = [point for ring in rings(path) for point in ring]
    return Outline(path, points, surround(points))


def rings(path: str) -> list[list[Point]]:
    """The closed lines of a path in the file's few words: M (absolute), l (relative), z."""
    found = []
    for ring in re.findall(r"M([^z]+)z", path):
        numbers = [float(number) for number in re.findall(r"-?\d+", ring)]
        points = [Point(numbers[0], numbers[1])]
        for dx, dy in zip(numbers[2::2], numbers[3::2], strict=True):
            points.append(Point(points[-1].x + dx, points[-1].y + dy))
        found.append(points)
    return found


SCALE = 1300.0
MIDDLE = Point(487.5, 305.0)


@dataclass(frozen=True, slots=True)
class _Albers:
    """A conic equal-area projection of one part of the map, angles in degrees; `frame` is left, right, top, bottom."""

    parallels: tuple[float, float]
    meridian: float
    middle: tuple[float, float]  # longitude from the meridian, latitude
    scale: float
    at: Point
    frame: tuple[float, float, float, float]

    def project(self, latitude: float, longitude: float) -> Point | None:
        """None outside its frame."""
        turn = (longitude - self.meridian + 180) % 360 - 180
        x, y = self._raw(radians(turn), radians(latitude))
        middle_x, middle_y = self._raw(radians(self.middle[0]), radians(self.middle[1]))
        point = Point(self.at.x + self.scale * (x - middle_x), self.at.y - self.scale * (y - middle_y))
        left, right, top, bottom = self.frame
        return point if left <= point.x <= right and top <= point.y <= bottom else None

    def _raw(self, longitude: float, latitude: float) -> tuple[float, float]:
        first, second = (sin(radians(parallel)) for parallel in self.parallels)
        n = (first + second) / 2
        c = 1 + first * (2 * n - first)
        radius = sqrt(max(0.0, c - 2 * n * sin(latitude))) / n
        return radius * sin(n * longitude), sqrt(c) / n - radius * cos(n * longitude)


def _frame(left: float, right: float, top: float, bottom: float) -> tuple[float, float, float, float]:
    """From parts of the scale, around the middle of the map."""
    return MIDDLE.x + left * SCALE, MIDDLE.x + right * SCALE, MIDDLE.y + top * SCALE, MIDDLE.y + bottom * SCALE


def _moved(x: float, y: float) -> Point:
    return Point(MIDDLE.x + x * SCALE, MIDDLE.y + y * SCALE)


# The lower 48, Alaska, Hawaii.
_PARTS = (
    _Albers((29.5, 45.5), -96, (-0.6, 38.7), SCALE, MIDDLE, _frame(-0.455, 0.455, -0.238, 0.238)),
    _Albers((55, 65), -154, (-2, 58.5), 0.35 * SCALE, _moved(-0.307, 0.201), _frame(-0.425, -0.214, 0.120, 0.234)),
    _Albers((8, 18), -157, (-3, 19.9), SCALE, _moved(-0.205, 0.212), _frame(-0.214, -0.115, 0.166, 0.234)),
)


def project(latitude: float, longitude: float) -> Point | None:
    """Where a point in degrees is on the map; None for what is not on it, such as Puerto Rico and Guam."""
    points = (part.project(latitude, longitude) for part in _PARTS)
    return next((point for point in points if point), None)
