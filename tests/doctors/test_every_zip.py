"""Every ZIP that has a point: its place, and the nearest places that we name, against the ellipsoid."""

from collections.abc import Iterator
from typing import Any

import pytest
from django.db import transaction
from django.test import Client
from hypothesis import given
from hypothesis import strategies as some

from doctors import distance
from doctors.criteria import MILES, Criteria
from doctors.directory import load_directory
from doctors.matching import rank_or_widen
from doctors.models import Program
from doctors.nearest import nearest
from doctors.states import STATES
from doctors.zipcodes import Place, locate
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


# --- Through the real ranking, one ZIP of every prefix --------------------------------------------------------------


@pytest.fixture(scope="module")
def starter_data(django_db_setup: None, django_db_blocker: Any) -> Iterator[None]:
    """Loaded once: these tests only read."""
    with django_db_blocker.unblock(), transaction.atomic():
        load_directory()
        yield
        transaction.set_rollback(True)


def one_of_every_prefix() -> Iterator[Place]:
    """The ZIP in the middle of its area's ZIPs, or one that is not known to anybody."""
    codes: dict[str, list[str]] = {row["prefix"]: [] for row in rows("zip_prefixes.csv") if row["time_zone"]}
    for row in rows("zip_points.csv"):
        codes[row["zip"][:3]].append(row["zip"])
    for prefix, known in codes.items():
        place = locate(known[len(known) // 2] if known else f"{prefix}01")
        assert place is not None
        yield place


def wrong_by(places: list[Point], ours: list[tuple[float, Point]], here: Point) -> list[tuple[float, float]]:
    """The miles that are not those of the nearest `places`, each beside the right ones."""
    true = geodesic.nearest(here, places, [geodesic.space(place) for place in places], len(ours))
    pairs = [(geodesic.miles(here, there), miles, right) for (miles, there), (right, _) in zip(ours, true, strict=True)]
    return [
        (miles, right)
        for really, miles, right in pairs
        if max(abs(miles - right), abs(really - right)) > tolerated(right)
    ]


@pytest.mark.django_db
def test_the_database_finds_the_nearest_three_of_every_prefix(starter_data: None) -> None:
    """As it is asked for a directory of any size: box after box."""
    programs = Program.objects.only("name", "latitude", "longitude")
    places = [(program.latitude, program.longitude) for program in programs]
    for place in one_of_every_prefix():
        found = nearest(programs, place, NEAREST)
        ours = [(miles, (row.latitude, row.longitude)) for row, miles in found]
        assert len(ours) == NEAREST
        assert wrong_by(places, ours, (place.latitude, place.longitude)) == [], place


@pytest.mark.django_db
def test_the_list_of_every_prefix_begins_with_the_nearest_three(starter_data: None) -> None:
    """By miles, at any distance: programs for adults come first, and each has its reasons."""
    programs = [(row.latitude, row.longitude) for row in Program.objects.filter(audience="adults")]
    for place in one_of_every_prefix():
        found = rank_or_widen(Criteria(place=place, order=MILES), NEAREST).matches
        ours = [(match.miles, (match.listing.latitude, match.listing.longitude)) for match in found if match.miles]
        assert len(ours) == NEAREST
        assert all(match.reasons and match.program for match in found)
        assert wrong_by(programs, ours, (place.latitude, place.longitude)) == [], place


@pytest.mark.django_db
def test_a_zip_of_every_state_opens_a_list(client: Client, starter_data: None) -> None:
    places = {place.state: place for place in one_of_every_prefix()}
    assert set(places) == set(STATES)
    for state, place in places.items():
        response = client.get("/find-care/near/", {"zip": place.zip})
        page = response.content.decode()
        assert response.status_code == 200
        assert STATES[state].name in page, place
        assert "in a straight line" in page, place
        assert "There is a problem" not in page
