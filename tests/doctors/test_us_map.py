"""Dots that can be touched, every place in one of them, and nobody on a map who is not for everybody."""

import random
import re
from itertools import combinations
from math import hypot
from types import SimpleNamespace
from typing import Any

import pytest
from django.template.loader import render_to_string
from hypothesis import given
from hypothesis import strategies as st
from tinyhtml5 import parse

from doctors import us_map
from doctors.outlines import Box, Point, outlines, project
from doctors.states import NEIGHBORS, STATES
from doctors.us_map import COUNTRY, GAP, REACH, Dot, Drawing, Map, Pin, Spot, gather, journey, part
from doctors.zipcodes import Place, locate
from tests.doctors import shipped
from tests.doctors.factories import CenterFactory, ProgramFactory

HOSTILE = "<b>\"Lake\u202eside\u200b\"</b> & 'Sons' <script>"
PIXEL = 1 / 10  # positions are written with one decimal


def center(**values: Any) -> Any:
    return CenterFactory.build(pk=values.pop("pk", None), **values)


def program(**values: Any) -> Any:
    return ProgramFactory.build(**values)


def pins(*points: tuple[float, float]) -> list[Pin]:
    return [Pin(Point(*at), f"Place {number}", "Town", "KS", f"/{number}/") for number, at in enumerate(points)]


def match(latitude: float, longitude: float, name: str = "Team", **values: Any) -> Any:
    return SimpleNamespace(
        name=name, program=program(latitude=latitude, longitude=longitude, **values), center=None, miles=1.0
    )


def place(code: str) -> Place:
    found = locate(code)
    assert found
    return found


def drawing(drawn: Map | None, size: str) -> Drawing:
    assert drawn
    return {found.size: found for found in drawn.drawings}[size]


def at(dot: Dot) -> tuple[float, float]:
    x, y = dot.at.split(",")
    return float(x), float(y)


def words(drawn: Map | None, size: str = "wide") -> list[str]:
    return [dot.words for dot in drawing(drawn, size).dots]


BOSTON, CHICAGO, SEATTLE, JUNEAU = (42.36, -71.06), (41.88, -87.63), (47.61, -122.33), (58.30, -134.42)
HONOLULU, SAN_JUAN, GUAM = (21.31, -157.86), (18.47, -66.11), (13.44, 144.79)


# --- Dots that do not overlap ---------------------------------------------------------------------------------------

spread = st.lists(st.tuples(st.floats(-8, 982), st.floats(0, 612)), max_size=40)
crowded = st.lists(st.tuples(st.floats(850, 900), st.floats(190, 230)), max_size=40)


@given(st.one_of(spread, crowded), st.sampled_from([1.4, 3.1]), st.booleans(), st.randoms(use_true_random=False))
def test_every_place_is_in_one_dot_and_no_two_dots_touch(
    points: list[tuple[float, float]], unit: float, numbered: bool, order: random.Random
) -> None:
    given_pins = [
        Pin(pin.point, pin.name, pin.city, pin.state, pin.url, number=number * numbered)
        for number, pin in enumerate(pins(*points), 1)
    ]
    spots = gather(given_pins, COUNTRY, unit)
    assert sorted(pin.url for spot in spots for pin in spot.pins) == sorted(pin.url for pin in given_pins)
    assert touching(spots, unit) == []
    for spot in spots:
        room = REACH * unit - 1e-6
        assert COUNTRY.left <= spot.x - spot.half - room
        assert spot.x + spot.half + room <= COUNTRY.left + COUNTRY.width
        assert 0 <= spot.y - room <= spot.y + room <= COUNTRY.height
    order.shuffle(given_pins)
    again = gather(given_pins, COUNTRY, unit)
    assert {frozenset(pin.url for pin in spot.pins) for spot in again} == {
        frozenset(pin.url for pin in spot.pins) for spot in spots
    }


def touching(spots: list[Spot], unit: float) -> list[tuple[Spot, Spot]]:
    """Pairs whose targets come closer to each other than they may."""
    return [
        (one, other)
        for one, other in combinations(spots, 2)
        if hypot(max(0.0, abs(one.x - other.x) - one.half - other.half), one.y - other.y)
        < (2 * REACH + GAP) * unit - 1e-6
    ]


@pytest.mark.parametrize("count", [50, 150, 500])
def test_a_joined_dot_is_held_against_all_others(count: int) -> None:
    """Joining moves a dot, which may then touch a third: as crowded as the country and more, many times."""
    for seed in range(40):
        dice = random.Random(seed)
        crowd = pins(*((dice.uniform(0, 975), dice.uniform(0, 610)) for _ in range(count)))
        assert touching(gather(crowd, COUNTRY, 3.1), 3.1) == [], seed


def test_a_narrow_drawing_has_fewer_dots() -> None:
    crowd = pins(*((x * 20.0, y * 20.0) for x in range(20) for y in range(20)))
    assert 1 < len(gather(crowd, COUNTRY, 3.1)) < len(gather(crowd, COUNTRY, 1.4)) < 400


def test_many_places_stay_few_dots() -> None:
    """However many places there are, a map has room for only so many dots."""
    dice = random.Random(4)
    crowd = pins(*((dice.uniform(0, 975), dice.uniform(0, 610)) for _ in range(5000)))
    spots = gather(crowd, COUNTRY, 1.4)
    assert len(spots) < 975 * 610 / (24 * 1.4) ** 2 * 1.2
    assert sum(len(spot.pins) for spot in spots) == 5000


@pytest.mark.parametrize(
    ("numbers", "label"),
    [
        ([1], "1"),
        ([2, 1], "1–2"),
        ([1, 2, 3], "1–3"),
        ([3, 1], "1, 3"),
        ([9, 1, 2, 4, 3, 7, 10], "1–4, 7, 9–10"),
        ([1, 3, 5, 7, 9], "1, 3, 5, 7, 9"),
    ],
)
def test_numbers_that_follow_each_other_are_joined(numbers: list[int], label: str) -> None:
    drawn = journey(place("10001"), [match(*BOSTON) if n + 1 in numbers else match(*SEATTLE) for n in range(10)])
    assert label in [dot.label for dot in drawing(drawn, "narrow").dots]


# --- The country ----------------------------------------------------------------------------------------------------


def test_a_dot_of_one_leads_to_its_page_and_a_dot_of_several_to_the_list() -> None:
    drawn = us_map.country(
        [center(name="Alone", slug="alone", state="WA", city="Seattle", latitude=47.61, longitude=-122.33)],
        [program(name=f"Team {n}", slug=f"team-{n}") for n in range(3)],
    )
    for size in ("narrow", "wide"):
        west, east = drawing(drawn, size).dots
        assert (west.kind, west.url, west.label) == ("center", "/find-care/centers/alone/", "")
        assert west.words == "Alone, Seattle, Washington"
        assert (east.kind, east.url, east.label) == ("label", "#illinois", "3")
        assert east.words == "3 places in Chicago, Illinois"


def test_a_dot_over_borders_says_which_states() -> None:
    teams = [
        program(city="Chicago", latitude=41.88, longitude=-87.63),
        program(city="Chicago", latitude=41.9, longitude=-87.7),
        program(state="WI", city="Milwaukee", latitude=43.04, longitude=-88.02),
        program(state="IN", city="Gary", latitude=41.6, longitude=-87.34),
    ]
    assert words(us_map.country([], teams), "narrow") == [
        "4 places near Chicago, Illinois; some are in Indiana and Wisconsin"
    ]


def test_of_two_cities_the_one_nearest_to_the_middle_is_named() -> None:
    teams = [
        program(city="Aurora", latitude=41.76, longitude=-88.32),
        program(city="Chicago", latitude=41.88, longitude=-87.73),
        program(city="Evanston", latitude=42.05, longitude=-87.68),
    ]
    assert words(us_map.country([], teams)) == ["3 places near Chicago, Illinois"]
    assert words(us_map.country([], teams[::-1])) == ["3 places near Chicago, Illinois"]


def test_those_who_serve_only_some_and_laboratories_are_on_no_map() -> None:
    apart = [
        center(treats_patients=False, designation="basic_laboratory"),
        center(audience="children"),
        center(audience="veterans"),
    ]
    teams = [program(audience="veterans"), program(audience="study"), program(audience="children")]
    assert us_map.country(apart, teams).kinds == set()
    assert us_map.of_state("IL", apart, teams) is None
    assert us_map.country([*apart, center(name="Open")], teams).kinds == {"center"}


def test_a_center_with_a_program_on_the_spot_is_drawn_as_its_program() -> None:
    here = center(pk=7, name="Lakeside", slug="lakeside")
    team = program(name="Team", slug="team", hospital="Lakeside Hospital", center_id=7, latitude=41.93)
    [dot] = drawing(us_map.country([here], [team]), "wide").dots
    assert (dot.kind, dot.url) == ("program", "/find-care/programs/team/")
    assert dot.words == "Team, Lakeside Hospital, Chicago, Illinois"


def test_a_center_whose_program_is_elsewhere_keeps_its_dot() -> None:
    here = center(pk=7, name="Lakeside", slug="lakeside")
    far = program(center_id=7, state="FL", city="Jacksonville", latitude=30.26, longitude=-81.44)
    dots = drawing(us_map.country([here], [far]), "wide").dots
    assert [(dot.kind, dot.words.split(",")[0]) for dot in dots] == [("program", "Lakeside"), ("program", far.name)]


def test_a_veterans_program_does_not_stand_in_for_its_center() -> None:
    here = center(pk=7, name="Lakeside")
    drawn = us_map.country([here], [program(center_id=7, audience="veterans")])
    assert [dot.kind for dot in drawing(drawn, "wide").dots] == ["center"]


def test_programs_of_no_center_are_not_mixed_with_unsaved_centers() -> None:
    drawn = us_map.country([center(), center()], [program(), program()])
    assert drawing(drawn, "wide").dots[0].label == "4"
    assert us_map.country([], [program()]).kinds == {"program"}


def test_places_off_the_map_are_named_by_their_state() -> None:
    island = program(state="PR", city="San Juan", latitude=18.47, longitude=-66.11)
    veterans = program(state="GU", city="Dededo", latitude=13.44, longitude=144.79, audience="veterans")
    drawn = us_map.country([], [island, program(), veterans])
    assert drawn.left_out == ["Puerto Rico"]
    assert len(drawing(drawn, "wide").dots) == 1


def test_an_empty_directory_is_an_empty_map() -> None:
    drawn = us_map.country([], [])
    assert drawn.kinds == set()
    assert "<image" in render_to_string("doctors/_map.html", {"map": drawn})


# --- One state ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("state", ["PR", "GU", "VI"])
def test_a_territory_has_no_map(state: str) -> None:
    here = program(state=state, latitude=SAN_JUAN[0], longitude=SAN_JUAN[1])
    assert us_map.of_state(state, [], [here]) is None


@pytest.mark.parametrize("state", sorted(outlines()))
def test_each_state_has_a_frame_that_holds_it(state: str) -> None:
    box = outlines()[state].box
    frame = part(outlines()[state].points)
    assert frame.left < box.left
    assert frame.top < box.top
    assert frame.left + frame.width > box.left + box.width
    assert frame.top + frame.height > box.top + box.height
    assert 4 / 3 - 0.001 <= frame.width / frame.height <= 2.001
    assert frame.width >= 80


def test_a_state_shows_its_own_and_its_neighbors_around() -> None:
    here, there = program(name="Here"), program(name="There", state="WI", latitude=43.04, longitude=-88.02)
    drawn = us_map.of_state("IL", [center(state="WI", latitude=43.07, longitude=-89.4)], [here, there])
    assert drawn
    assert [said.split(",")[0] for said in words(drawn)] == ["Here"]
    assert drawn.outline == outlines()["IL"].path
    assert not drawn.next_door
    assert all(outlines()[state].path in drawn.around for state in NEIGHBORS["IL"])
    assert outlines()["CA"].path not in drawn.around


def test_dots_of_several_lead_to_the_page_s_own_list() -> None:
    drawn = us_map.of_state("IL", [], [program(), program()])
    assert [dot.url for dot in drawing(drawn, "wide").dots] == ["#places"]


def test_a_state_without_a_place_shows_those_next_door() -> None:
    teams = [program(state="WI", latitude=43.04, longitude=-88.02), program(state="MI", latitude=42.3, longitude=-83.7)]
    drawn = us_map.of_state("IN", [], teams)
    assert drawn
    assert drawn.next_door
    assert len(drawing(drawn, "wide").dots) == 2
    assert "next door" in render_to_string("doctors/_map.html", {"map": drawn})
    near = us_map.of_state("IN", [], [program(), program()])
    assert [dot.url for dot in drawing(near, "wide").dots] == ["#next-door"]


@pytest.mark.parametrize("state", ["AK", "HI"])
def test_states_drawn_apart_have_nobody_next_door(state: str) -> None:
    assert us_map.of_state(state, [], [program(state="WA", latitude=47.61, longitude=-122.33)]) is None


@pytest.mark.parametrize(("state", "latitude", "longitude"), [("AK", *JUNEAU), ("HI", *HONOLULU)])
def test_states_drawn_apart_have_a_map_of_their_own(state: str, latitude: float, longitude: float) -> None:
    drawn = us_map.of_state(state, [center(state=state, latitude=latitude, longitude=longitude)], [])
    assert drawn
    assert drawn.around == outlines()[state].path
    box = drawing(drawn, "wide").box
    [(x, y)] = map(at, drawing(drawn, "wide").dots)
    assert box.left < x < box.left + box.width
    assert box.top < y < box.top + box.height


def test_the_smallest_is_seen_from_afar() -> None:
    drawn = us_map.of_state("DC", [center(state="DC", latitude=38.91, longitude=-77.08)], [])
    assert drawn
    assert drawing(drawn, "narrow").box.width == 80
    assert outlines()["MD"].path in drawn.around


# --- From a ZIP -----------------------------------------------------------------------------------------------------


def test_a_line_leads_to_each_number_of_the_list() -> None:
    drawn = journey(place("83702"), [match(*SEATTLE, name="One"), match(*CHICAGO, name="Two")])
    assert drawn
    assert drawn.zip == "83702"
    for found in drawn.drawings:
        assert [(dot.label, dot.url, dot.words) for dot in found.dots] == [
            ("1", "#place-1", "1: One"),
            ("2", "#place-2", "2: Two"),
        ]
        assert found.way == "".join(f"M{found.home}L{dot.at}" for dot in found.dots)
    assert not drawn.apart


def test_one_dot_names_all_of_its_places_in_the_list_s_order() -> None:
    drawn = journey(place("83702"), [match(*CHICAGO, name=name) for name in "CAB"])
    [dot] = drawing(drawn, "wide").dots
    assert (dot.label, dot.url, dot.words) == ("1–3", "#place-1", "1: C; 2: A; 3: B")
    assert dot.long
    assert dot.long_reach


def test_a_center_that_has_no_program_is_found_by_its_own_point() -> None:
    bare = SimpleNamespace(name="Bare", program=None, center=center(latitude=47.61, longitude=-122.33))
    [dot] = drawing(journey(place("83702"), [bare]), "wide").dots
    assert dot.words == "1: Bare"


def test_too_many_numbers_for_one_dot_are_cut_short() -> None:
    drawn = journey(place("98101"), [match(*(BOSTON if n % 2 else SEATTLE)) for n in range(40)])
    assert [dot.label for dot in drawing(drawn, "narrow").dots] == ["1…39", "2…40"]


def test_what_is_off_the_map_is_left_out_and_numbers_stay() -> None:
    drawn = journey(place("10001"), [match(*SAN_JUAN), match(*BOSTON, name="Two"), match(*GUAM)])
    assert words(drawn) == ["2: Two"]


@pytest.mark.parametrize("matches", [[], [match(*SAN_JUAN)], [SimpleNamespace(name="x", program=None, center=None)]])
def test_without_a_result_on_the_map_there_is_none(matches: list[Any]) -> None:
    assert journey(place("10001"), matches) is None


@pytest.mark.parametrize("code", ["00901", "96910", "00802", "96799"])
def test_without_the_zip_on_the_map_there_is_none(code: str) -> None:
    """San Juan, Guam, Saint Thomas, American Samoa."""
    assert journey(place(code), [match(*BOSTON)]) is None


@pytest.mark.parametrize(
    ("code", "goal", "apart"),
    [("99501", SEATTLE, True), ("96813", SEATTLE, True), ("10001", (*HONOLULU, "HI"), True),
     ("96813", (*HONOLULU, "HI"), False), ("10001", BOSTON, False)],
)  # fmt: skip
def test_a_line_that_crosses_to_alaska_or_hawaii_is_explained(code: str, goal: Any, apart: bool) -> None:
    latitude, longitude, *state = goal
    drawn = journey(place(code), [match(latitude, longitude, state=(state or ["MA"])[0])])
    assert drawn
    assert drawn.apart is apart
    assert ("shows neither the distance" in render_to_string("doctors/_map.html", {"map": drawn})) is apart


def test_a_long_label_stays_in_the_drawing() -> None:
    """Every other place in Boston, at the right edge."""
    drawn = journey(place("98101"), [match(*(BOSTON if n % 2 else SEATTLE)) for n in range(10)])
    for found in (drawing(drawn, "narrow"), drawing(drawn, "wide")):
        for dot in found.dots:
            left, across = map(float, re.findall(r"M(-?[\d.]+),.*?h([\d.]+)", dot.long_reach)[0])
            radius = REACH * found.unit
            assert found.box.left - PIXEL <= at(dot)[0] + left - radius
            assert at(dot)[0] + left + across + radius <= found.box.left + found.box.width + PIXEL


@given(
    st.sampled_from(["10001", "83702", "99501", "99546", "96813", "59604", "04736", "33040"]),
    st.lists(st.tuples(st.floats(25, 49), st.floats(-124, -67)), min_size=1, max_size=12),
)
def test_the_frame_holds_the_zip_and_every_dot(code: str, goals: list[tuple[float, float]]) -> None:
    drawn = journey(place(code), [match(*goal) for goal in goals])
    on_the_map = [number for number, goal in enumerate(goals, 1) if project(*goal)]
    assert bool(drawn) is bool(on_the_map)
    for found in drawn.drawings if drawn else []:
        box = found.box
        assert 4 / 3 - 0.001 <= box.width / box.height <= 2.001
        for x, y in [tuple(map(float, found.home.split(","))), *map(at, found.dots)]:
            assert box.left - PIXEL <= x <= box.left + box.width + PIXEL
            assert box.top - PIXEL <= y <= box.top + box.height + PIXEL
        numbers = [n for dot in found.dots for n in re.findall(r"(\d+): Team", dot.words)]
        assert sorted(map(int, numbers)) == on_the_map


# --- As a page gets it ----------------------------------------------------------------------------------------------


def test_names_are_text_whatever_they_hold() -> None:
    team = program(name=HOSTILE, hospital=HOSTILE, city=HOSTILE)
    for drawn in (
        us_map.country([], [team]),
        us_map.of_state("IL", [], [team, program(name=HOSTILE)]),
        journey(place("10001"), [match(*BOSTON, name=HOSTILE)]),
    ):
        page = render_to_string("doctors/_map.html", {"map": drawn})
        assert "<script" not in page
        assert "<b>" not in page
        assert "&lt;b&gt;" in page


def test_a_very_long_name_is_no_wider_than_its_dot() -> None:
    drawn = us_map.country([], [program(name="x" * 10_000)])
    assert drawing(drawn, "narrow").dots[0].long == ""


@pytest.mark.parametrize("size", ["narrow", "wide"])
def test_both_drawings_have_every_shipped_place(size: str) -> None:
    """Counted from the files: adults' programs, and centers without one within 10 miles."""
    programs = [row for row in shipped.rows("mesothelioma_programs.csv") if not special(row)]
    centers = [r for r in shipped.rows("nci_cancer_centers.csv") if r["treats_patients"] == "true" and not special(r)]
    keys = {row["slug"]: number for number, row in enumerate(centers, 1)}
    drawn = us_map.country(
        [center(pk=keys[row["slug"]], **columns(row)) for row in centers],
        [program(center_id=keys.get(row["center_slug"]), hospital="H", **columns(row)) for row in programs],
    )
    count = sum(int(dot.label or 1) for dot in drawing(drawn, size).dots)
    joined = {row["center_slug"] for row in programs if row["city"] != "Jacksonville"} - {""}
    assert count == len(programs) + len(centers) - len(joined)
    assert drawn.left_out == []


def special(row: dict[str, str]) -> bool:
    return row["slug"] in {"st-jude", "nih-nci-mesothelioma"} or row["slug"].startswith("va-")


def columns(row: dict[str, str]) -> dict[str, Any]:
    latitude, longitude = shipped.point(row)
    kept = {name: row[name] for name in ("slug", "name", "city", "state")}
    return kept | {"latitude": latitude, "longitude": longitude}


def test_the_markup_is_whole_and_has_nothing_inline() -> None:
    drawn = journey(place("10001"), [match(*BOSTON) for _ in range(3)] + [match(*SEATTLE)])
    page = render_to_string("doctors/_map.html", {"map": drawn})
    assert not re.search(r"style=|<style|\son\w+=|https?:", page)
    tree = parse(f"<!doctype html><title>x</title>{page}", namespace_html_elements=False)
    svg = "{http://www.w3.org/2000/svg}"
    groups = tree.findall(f".//{svg}svg[@role='group']")
    assert [found.get("class") for found in groups] == ["map-narrow", "map-wide"]
    for found in groups:
        links = found.findall(f"{svg}a")
        assert [link.find(f"{svg}title").text for link in links]
        assert all(link.get("href", "").startswith("#place-") for link in links)
        assert len(links) == 2
    assert tree.find(".//figcaption").get("id") == "map-end"
    assert tree.find(".//a[@class='skip']").get("href") == "#map-end"


def test_a_state_s_name_is_in_the_label() -> None:
    drawn = us_map.of_state("IL", [], [program()])
    assert drawn
    assert f'aria-label="Map of {STATES["IL"].name}"' in render_to_string("doctors/_map.html", {"map": drawn})


def test_a_frame_of_one_point_is_the_smallest() -> None:
    assert part([Point(100, 100)]) == Box(60, 80, 80, 40)
