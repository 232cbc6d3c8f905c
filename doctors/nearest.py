"""The nearest rows of a table with `latitude` and `longitude`, at any size of the table.

A small box around the place is asked first, by the index on the two columns, and a wider one only while too few rows
lie within its circle. So the cost follows the rows around the place, not the rows of the table. The order comes from
the spherical law of cosines in the database; `doctors.distance.miles` says the miles.
"""

from collections.abc import Iterator
from math import cos, pi, radians, sin
from typing import Any

from django.db.models import F, FloatField, Func, QuerySet

from doctors import distance
from doctors.zipcodes import Place

FIRST = 2.0  # miles: in the densest town of a million programs, some thousand rows
WIDER = 3.0
FARTHEST = distance.EARTH_RADIUS * pi


class Closeness(Func):
    """The cosine of the angle between a row and a place: it falls as the distance grows. One expression, because a tree
    of functions costs more to write than the database needs to answer."""

    template = "(SIN(%(latitude)s) * %(sine)r + COS(%(latitude)s) * %(cosine)r * COS(%(longitude)s - %(east)r))"
    output_field = FloatField()

    def __init__(self, place: Place) -> None:
        self.north, self.east = radians(place.latitude), radians(place.longitude)
        super().__init__(F("latitude"), F("longitude"))

    def as_sql(self, compiler: Any, connection: Any, **context: Any) -> tuple[str, tuple[()]]:  # type: ignore[override]
        columns = (compiler.compile(source)[0] for source in self.source_expressions)
        latitude, longitude = (f"{column} * {pi / 180!r}" for column in columns)
        words = {"sine": sin(self.north), "cosine": cos(self.north), "east": self.east}
        return self.template % {"latitude": latitude, "longitude": longitude, **words}, ()


def nearest(
    rows: QuerySet[Any], place: Place, limit: int, *, beyond: float | None = None, within: float | None = None
) -> list[tuple[Any, float]]:
    """At most `limit` of `rows` with their miles, nearest first, ties by name. Only those more than `beyond` and at
    most `within` miles away, if given."""
    found = nearest_keys(rows, place, limit, beyond=beyond, within=within)
    whole = rows.in_bulk([key for key, _ in found])
    return [(whole[key], miles) for key, miles in found]


def nearest_keys(
    rows: QuerySet[Any],
    place: Place,
    limit: int,
    *,
    beyond: float | None = None,
    within: float | None = None,
    first: float = FIRST,
) -> list[tuple[int, float]]:
    """Their primary keys and miles. One query for each box; the `first` reaches so far."""
    found: list[tuple[float, str, int]] = []
    for radius in _radii(first, beyond, within):
        found = _inside(rows, place, radius, beyond, limit)
        if len(found) == limit:
            break
    return [(key, miles) for miles, _, key in found]


def _radii(first: float, beyond: float | None, within: float | None) -> Iterator[float]:
    """Wider and wider, up to the last that is asked for."""
    last = FARTHEST if within is None else within
    radius = first if beyond is None else beyond + first
    while radius < last:
        yield radius
        radius *= WIDER
    yield last


def around(rows: QuerySet[Any], place: Place | None, radius: float | None) -> QuerySet[Any]:
    """Those in a box that holds the circle: a condition for the index, a little too wide. All of them without one."""
    if place is None or radius is None:
        return rows
    box = distance.box(place.latitude, place.longitude, radius)
    return rows.filter(latitude__range=(box.south, box.north), longitude__range=(box.west, box.east))


def _inside(
    rows: QuerySet[Any], place: Place, radius: float, beyond: float | None, limit: int
) -> list[tuple[float, str, int]]:
    """The nearest of a ring as (miles, name, key), in order."""
    ring = around(rows, place, radius)
    if beyond is not None:
        ring = ring.alias(closeness=Closeness(place)).filter(closeness__lt=cos(beyond / distance.EARTH_RADIUS))
    near = ring.order_by(Closeness(place).desc(), "name").values_list("latitude", "longitude", "name", "pk")[:limit]
    measured = (
        (distance.miles(place.latitude, place.longitude, latitude, longitude), name, key)
        for latitude, longitude, name, key in near
    )
    return sorted(row for row in measured if row[0] <= radius)
