"""Where points lie on the drawn map, held against d3-geo 3.1 and against the outlines themselves."""

import re
from math import hypot, inf
from pathlib import Path

import pytest
from django.conf import settings
from hypothesis import given
from hypothesis import strategies as st

from doctors import zipcodes
from doctors.outlines import Box, Point, group, in_sight, outlines, project, rings, short, surround
from doctors.states import STATES
from tests.doctors import shipped

FILE = Path(settings.BASE_DIR) / "static" / "images" / "us_states.svg"
OFF_THE_MAP = {"PR", "GU", "VI"}
NEAR = 3.0  # units: how coarse the outlines are; Manhattan and Oahu are smaller than their corners

# d3.geoAlbersUsa().scale(1300).translate([487.5, 305])
KNOWN = {
    "San Francisco": (37.7749, -122.4194, 34.8411, 261.4355),
    "New York": (40.7128, -74.0059, 869.7204, 215.7401),
    "Miami": (25.7617, -80.1918, 822.7383, 572.5408),
    "Seattle": (47.6062, -122.3321, 97.6250, 46.3187),
    "Eastport": (44.906, -66.99, 956.2947, 92.7771),
    "Anchorage": (61.2181, -149.9003, 112.2774, 544.2779),
    "Juneau": (58.3019, -134.4197, 176.9370, 556.0838),
    "Attu, across the date line": (52.9, 172.9, -55.8924, 572.0966),
    "Honolulu": (21.3069, -157.8583, 266.9599, 549.1904),
    "Hilo": (19.7074, -155.0868, 326.2246, 585.1788),
}


@pytest.mark.parametrize(("latitude", "longitude", "x", "y"), KNOWN.values(), ids=KNOWN)
def test_points_lie_where_d3_puts_them(latitude: float, longitude: float, x: float, y: float) -> None:
    assert project(latitude, longitude) == pytest.approx((x, y), abs=0.0001)


@pytest.mark.parametrize(
    ("latitude", "longitude"),
    [(18.4655, -66.1057), (13.4443, 144.7937), (18.3419, -64.9307), (48.8566, 2.3522), (90, 0), (-90, 0), (0, 180),
     (21.3, 157.9), (0, 0), (52, -70), (float("nan"), -96)],
)  # fmt: skip
def test_what_is_elsewhere_is_not_on_the_map(latitude: float, longitude: float) -> None:
    assert project(latitude, longitude) is None


@given(st.floats(-90, 90), st.floats(-180, 180))
def test_no_point_of_the_globe_breaks_it_or_leaves_its_frame(latitude: float, longitude: float) -> None:
    point = project(latitude, longitude)
    assert point is None or (-110 < point.x < 1080 and -10 < point.y < 620)
    assert project(latitude, longitude + 360) == pytest.approx(point) if point else True


def test_every_shipped_place_lies_in_its_state() -> None:
    far = {}
    for row in shipped.listed():
        point = project(*shipped.point(row))
        assert point, row["slug"]
        if (off := distance_outside(point, row["state"])) > NEAR:
            far[row["slug"]] = off
    assert far == {}


def test_that_test_can_fail() -> None:
    boston = project(42.36, -71.06)
    assert boston
    assert distance_outside(boston, "MA") <= NEAR
    assert distance_outside(boston, "NH") > NEAR
    assert distance_outside(boston, "CA") > 500


def test_every_zip_outside_the_territories_is_on_the_map() -> None:
    wrong = []
    for line in (shipped.FOLDER / "zip_points.csv").read_text().splitlines()[1:]:
        place = zipcodes.locate(line[:5])
        assert place
        off = place.state in OFF_THE_MAP or place.zip == "96799"  # American Samoa shares Hawaii's prefix
        if (project(place.latitude, place.longitude) is None) != off:
            wrong.append((place.zip, place.state))
    assert wrong == []


def test_there_is_an_outline_for_each_state_and_dc() -> None:
    assert set(outlines()) == set(STATES) - OFF_THE_MAP
    for state, outline in outlines().items():
        assert len(outline.points) >= 4, state
        assert outline.box == surround(outline.points)


def test_a_path_is_read_as_the_browser_reads_it() -> None:
    assert rings("M10,20l5-5 0,3-2 1zM1,1l1,0 0,1z") == [
        [Point(10, 20), Point(15, 15), Point(15, 18), Point(13, 19)],
        [Point(1, 1), Point(2, 1), Point(2, 2)],
    ]
    for outline in outlines().values():
        assert re.fullmatch(r"(?:M-?\d+,-?\d+l[\d ,-]+z)+", outline.path)


def test_the_file_is_a_picture_and_names_its_licence() -> None:
    text = FILE.read_text()
    assert "Copyright 2013-2019 Michael Bostock" in text
    assert "this permission notice appear in all copies" in text
    assert set(re.findall(r"<(\w+)", text)) == {"svg", "g", "path"}
    assert not re.search(r"style|script|\son\w+=|href|url\(", text.split("-->")[1])


@pytest.mark.parametrize(
    ("number", "text"),
    [(0, "0"), (-0.0, "0"), (-0.04, "0"), (0.05, "0.1"), (-0.06, "-0.1"), (12, "12"), (12.0, "12"), (10.04, "10"),
     (-10.25, "-10.2"), (99.96, "100"), (1e6, "1000000")],
)  # fmt: skip
def test_lengths_are_short(number: float, text: str) -> None:
    assert short(number) == text


def test_a_box_is_a_view_box() -> None:
    assert str(Box(-8, 0.04, 990.06, 612)) == "-8 0 990.1 612"


def test_nothing_has_no_box() -> None:
    with pytest.raises(ValueError, match="not enough values"):
        surround([])


def test_what_is_in_sight_of_texas() -> None:
    path = in_sight(outlines()["TX"].box, {""})
    seen = {state for state, outline in outlines().items() if outline.path in path}
    assert {"TX", "NM", "OK", "AR", "LA"} <= seen
    assert not seen & {"HI", "AK", "CA", "ME", "FL"}


def test_alaska_sees_only_itself() -> None:
    assert in_sight(Box(-100, 300, 500, 400), {"AK"}) == outlines()["AK"].path
    assert in_sight(Box(5000, 5000, 1, 1), {"", "AK", "HI"}) == ""


def test_states_drawn_apart_are_groups_of_their_own() -> None:
    assert {state: group(state) for state in STATES if group(state)} == {"AK": "AK", "HI": "HI"}


def distance_outside(point: Point, state: str) -> float:
    """0 inside the outline, else how far from its nearest line."""
    inside, nearest = False, inf
    for ring in rings(outlines()[state].path):
        for a, b in zip(ring, [*ring[1:], ring[0]], strict=True):
            if (a.y > point.y) != (b.y > point.y) and point.x < (b.x - a.x) * (point.y - a.y) / (b.y - a.y) + a.x:
                inside = not inside
            nearest = min(nearest, _from_line(point, a, b))
    return 0 if inside else nearest


def _from_line(point: Point, a: Point, b: Point) -> float:
    length = (b.x - a.x) ** 2 + (b.y - a.y) ** 2
    along = ((point.x - a.x) * (b.x - a.x) + (point.y - a.y) * (b.y - a.y)) / length if length else 0
    along = min(1, max(0, along))
    return hypot(point.x - a.x - along * (b.x - a.x), point.y - a.y - along * (b.y - a.y))
