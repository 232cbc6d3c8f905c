"""Every ZIP that has a point: its place, and the nearest places that we name, against the ellipsoid."""

import pytest
from hypothesis import given
from hypothesis import strategies as some

from doctors import distance
from doctors.zipcodes import locate
from tests.doctors import geodesic
from tests.doctors.geodesic import Point
from tests.doctors.shipped import listed, point, rows

NEAREST = 3

CHICAGO, NEW_YORK, LOS_ANGELES = (41.8781, -87.6298), (40.7128, -74.0060), (34.0522, -118.2437)
HONOLULU, ANCHORAGE, UTQIAGVIK = (21.3069, -157.8583), (61.2181, -149.9003), (71.2906, -156.7886)
SAN_JUAN, KEY_WEST, GUAM, ATTU = (18.4655, -66.1057), (24.5551, -81.78), (13.4763, 144.7502), (52.9, 173.0)


def tolerated(miles: float) -> float:
    """How far two ways to measure may differ: 0.5 % of the distance, or 2 miles. The points are no better than that."""
    return max(2, 0.005 * miles)


# --- The ruler itself -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("here", "there", "meters"),
    [
        # GeographicLib 2.1, WGS84.Inverse
        (CHICAGO, NEW_YORK, 1147191.043),
        (NEW_YORK, LOS_ANGELES, 3944422.231),
        (HONOLULU, LOS_ANGELES, 4124978.924),
        (GUAM, HONOLULU, 6128792.360),
        (GUAM, UTQIAGVIK, 7496798.051),
        (SAN_JUAN, KEY_WEST, 1756798.986),
        (SAN_JUAN, UTQIAGVIK, 8097657.028),
        (ANCHORAGE, UTQIAGVIK, 1163280.866),
        (ATTU, ANCHORAGE, 2393478.073),  # over the date line
        (KEY_WEST, CHICAGO, 1995895.744),
        ((42.3359, -71.1068), (42.3626, -71.0693), 4282.921),  # across Boston
        ((45.0, -90.0), (45.0, -89.0), 78846.335),
        ((30.0, -90.0), (60.0, -90.0), 3333959.422),  # along a meridian
    ],
)
def test_the_ruler_is_right_to_a_centimeter(here: Point, there: Point, meters: float) -> None:
    assert geodesic.miles(here, there) * geodesic.MILE == pytest.approx(meters, abs=0.01)
    assert geodesic.miles(there, here) * geodesic.MILE == pytest.approx(meters, abs=0.01)


american = some.tuples(some.floats(13, 72), some.floats(-180, -64) | some.floats(144, 180))


@given(american, some.lists(american, min_size=NEAREST, max_size=8))
def test_looking_by_chords_loses_no_near_point(here: Point, there: list[Point]) -> None:
    spaces = [geodesic.space(other) for other in there]
    every = sorted((geodesic.miles(here, other), index) for index, other in enumerate(there))
    assert geodesic.nearest(here, there, spaces, NEAREST) == every[:NEAREST]


@given(american, american)
def test_our_miles_are_those_of_the_ellipsoid(here: Point, there: Point) -> None:
    true = geodesic.miles(here, there)
    assert abs(distance.miles(*here, *there) - true) <= max(0.01, 0.0057 * true)


# --- Every ZIP ------------------------------------------------------------------------------------------------------


def test_the_nearest_three_of_every_zip_are_those_of_the_ellipsoid() -> None:
    """Against all 123 places for all 33,791 ZIPs. Two places may only change seats where they are as far."""
    places = [point(row) for row in listed()]
    spaces = [geodesic.space(place) for place in places]
    codes = [row["zip"] for row in rows("zip_points.csv")]
    assert (len(places), len(codes)) == (123, 33_791)
    wrong, moved = [], 0
    for code in codes:
        place = locate(code)
        assert place is not None, code
        assert place.exact, code
        here = place.latitude, place.longitude
        ours = sorted((distance.miles(*here, *there), index) for index, there in enumerate(places))[:NEAREST]
        true = geodesic.nearest(here, places, spaces, NEAREST)
        moved += [index for _, index in ours] != [index for _, index in true]
        for (miles, index), (right, _) in zip(ours, true, strict=True):
            really = geodesic.miles(here, places[index])
            if abs(miles - right) > tolerated(right) or abs(really - right) > tolerated(right):
                wrong.append((code, miles, really, right))
    assert wrong == []
    assert moved < len(codes) / 100
