import csv
import time
import tracemalloc

import pytest
from hypothesis import given
from hypothesis import strategies as some

from doctors import zipcodes
from doctors.zipcodes import DATA, is_military, locate, normalise


@pytest.mark.parametrize("text", ["02115", " 02115 ", "02115-1234", "021151234", "\t02115\n"])
def test_every_usual_spelling_is_read(text: str) -> None:
    assert normalise(text) == "02115"


@pytest.mark.parametrize(
    "text",
    [
        "",
        "2115",
        "021155",
        "0211a",
        "02115-12",
        "02115 1234",
        "02-115",
        "٠٢١١٥",
        "０２１１５",
        "-2115",
        "+2115",
        "2.115",
        "²²²²²",
    ],
)
def test_everything_else_is_refused(text: str) -> None:
    assert normalise(text) is None


@given(some.text(max_size=12))
def test_what_is_read_is_five_plain_digits(text: str) -> None:
    code = normalise(text)
    assert code is None or (len(code) == 5 and code.isascii() and code.isdigit())


def test_every_zip_area_has_its_own_exact_place() -> None:
    with (DATA / "zip_points.csv").open() as lines:
        rows = list(csv.DictReader(lines))
    assert len(rows) == 33_791
    for row in rows:
        place = locate(row["zip"])
        assert place is not None
        assert place.exact
        assert (place.zip, place.latitude, place.longitude) == (
            row["zip"],
            float(row["latitude"]),
            float(row["longitude"]),
        )
        assert len(place.state) == 2
        assert "/" in place.time_zone


@given(some.integers(0, 99_999))
def test_any_number_is_a_place_military_or_nothing(number: int) -> None:
    code = f"{number:05}"
    place = locate(code)
    assert not (place and is_military(code))
    if place is None:
        return
    state = zipcodes._prefixes()[code[:3]][0]
    assert place.state == state
    assert 13 < place.latitude < 72


def test_a_po_box_is_near_the_next_number_of_its_prefix() -> None:
    place = locate("59604")  # a PO box in Helena, Montana
    assert place is not None
    assert (place.state, place.exact) == ("MT", False)
    assert place.latitude == pytest.approx(46.6, abs=0.5)


@pytest.mark.parametrize(("code", "state"), [("56901", "DC"), ("88510", "TX"), ("00501", "NY"), ("84201", "UT")])
def test_a_prefix_without_an_area_stays_in_its_state(code: str, state: str) -> None:
    place = locate(code)
    assert place is not None
    assert (place.state, place.exact) == (state, False)


def test_el_paso_is_not_moved_to_dallas() -> None:
    place = locate("88510")
    assert place is not None
    assert place.longitude == pytest.approx(-106, abs=0.5)


@pytest.mark.parametrize("code", ["09012", "34002", "96201"])
def test_military_mail_has_no_place(code: str) -> None:
    assert locate(code) is None
    assert is_military(code)


@pytest.mark.parametrize("code", ["00000", "00099", "21399"])
def test_an_unknown_prefix_is_nothing(code: str) -> None:
    assert locate(code) is None
    assert not is_military(code)


def test_looking_up_is_quick_and_small() -> None:
    zipcodes._points.cache_clear()
    zipcodes._prefixes.cache_clear()
    began = time.process_time()
    locate("60614")
    loading = time.process_time() - began
    began = time.process_time()
    for number in range(60_000, 62_000):
        locate(str(number))
    assert loading < 0.1
    assert (time.process_time() - began) / 2_000 < 20e-6
    zipcodes._points.cache_clear()
    tracemalloc.start()
    locate("60614")
    held, _ = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert held < 15_000_000
