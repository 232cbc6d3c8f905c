"""The nearest rows of a table with `latitude` and `longitude`, at any size of the table.

A small box around the place is asked first, by the index on the two columns, and a wider one only while too few rows
lie within its circle. So the cost follows the rows around the place, not the rows of the table. The exact order comes
from the spherical law of cosines in the database; `doctors.distance.miles` says the miles.
"""

from collections.abc import Iterator
from math import cos, pi, radians, sin
from typing import Any

from django.db.models import F, FloatField, QuerySet, Value
from django.db.models.functions import Cos, Sin

from doctors import distance
from doctors.zipcodes import Place

FIRST = 3.0  # miles: in the densest city of a million programs, some hundred rows
WIDER = 3.0
FARTHEST = distance.EARTH_RADIUS * pi
_RADIANS = pi / 180


def nearest(
    rows: QuerySet[Any], place: Place, limit: int, *, beyond: float | None = None, within: float | None = None
) -> list[tuple[Any, float]]:
    """At most `limit` of `rows` with their miles, nearest first, ties by name. Only those more than `beyond` and at
    most `within` miles away, if given. One query for each box."""
    found: list[Any] = []
    for radius in _radii(beyond, within):
        found = list(_inside(rows, place, radius, beyond)[:limit])
        if len(found) == limit:
            break
    measured = [(row, distance.miles(place.latitude, place.longitude, row.latitude, row.longitude)) for row in found]
    return sorted(measured, key=lambda pair: (pair[1], pair[0].name))


def _radii(beyond: float | None, within: float | None) -> Iterator[float]:
    """Wider and wider, up to the last that is asked for."""
    last = FARTHEST if within is None else within
    radius = FIRST if beyond is None else beyond + FIRST
    while radius < last:
        yield radius
        radius *= WIDER
    yield last


def around(rows: QuerySet[Any], place: Place, radius: float | None) -> QuerySet[Any]:
    """Those in a box that holds the circle: a condition for the index, a little too wide."""
    if radius is None:
        return rows
    box = distance.box(place.latitude, place.longitude, radius)
    return rows.filter(latitude__range=(box.south, box.north), longitude__range=(box.west, box.east))


def _inside(rows: QuerySet[Any], place: Place, radius: float, beyond: float | None) -> QuerySet[Any]:
    """The rows of a ring, in order. The cosine of the angle falls as the distance grows."""
    ring = around(rows, place, radius).annotate(closeness=closeness(place)).filter(closeness__gte=_cosine(radius))
    if beyond is not None:
        ring = ring.filter(closeness__lt=_cosine(beyond))
    return ring.order_by("-closeness", "name")


def closeness(place: Place) -> Any:
    """The cosine of the angle between a row and the place, for the database."""
    north = radians(place.latitude)
    latitude = F("latitude") * Value(_RADIANS, output_field=FloatField())
    longitude = F("longitude") * Value(_RADIANS, output_field=FloatField())
    return Sin(latitude) * Value(sin(north)) + Cos(latitude) * Value(cos(north)) * Cos(
        longitude - Value(radians(place.longitude))
    )


def _cosine(miles: float) -> float:
    return cos(min(miles / distance.EARTH_RADIUS, pi))
