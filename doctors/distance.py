"""Distance on the globe, in miles."""

from math import asin, cos, radians, sin, sqrt
from typing import NamedTuple

EARTH_RADIUS = 3958.8  # miles, mean
MILES_PER_DEGREE = 69.0  # of latitude; the true figure is 69.09, so a box made with it is never too small


class Box(NamedTuple):
    """A rectangle of degrees that holds every point within a radius."""

    south: float
    north: float
    west: float
    east: float


def miles(lat1: float, lon1: float, lat2: float, lon2: float) -> float:
    """Great-circle miles between two points in degrees (haversine): a straight line, not a road."""
    a1, a2 = radians(lat1), radians(lat2)
    half = sin((a2 - a1) / 2) ** 2 + cos(a1) * cos(a2) * sin(radians(lon2 - lon1) / 2) ** 2
    return 2 * EARTH_RADIUS * asin(min(1.0, sqrt(half)))


def box(latitude: float, longitude: float, radius: float) -> Box:
    """A box around a point, cheap to test before `miles`. Spans all longitudes near a pole and across the date line."""
    reach = radius / MILES_PER_DEGREE
    south, north = latitude - reach, latitude + reach
    narrowest = cos(radians(min(89.9, max(abs(south), abs(north)))))
    width = reach / narrowest
    west, east = longitude - width, longitude + width
    if west < -180 or east > 180:
        west, east = -180.0, 180.0
    return Box(south, north, west, east)
