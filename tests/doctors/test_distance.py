import pytest
from hypothesis import given
from hypothesis import strategies as some

from doctors.distance import box, miles

CHICAGO, NEW_YORK, LOS_ANGELES = (41.8781, -87.6298), (40.7128, -74.0060), (34.0522, -118.2437)
HONOLULU, ANCHORAGE, SAN_JUAN = (21.3069, -157.8583), (61.2181, -149.9003), (18.4655, -66.1057)


@pytest.mark.parametrize(
    ("here", "there", "expected"),
    [
        (CHICAGO, NEW_YORK, 711),
        (NEW_YORK, LOS_ANGELES, 2446),
        (HONOLULU, LOS_ANGELES, 2557),
        (ANCHORAGE, CHICAGO, 2843),
        (SAN_JUAN, NEW_YORK, 1602),
    ],
)
def test_miles_between_known_cities(here: tuple[float, float], there: tuple[float, float], expected: int) -> None:
    assert miles(*here, *there) == pytest.approx(expected, rel=0.005)


points = some.tuples(some.floats(-89, 89), some.floats(-180, 180))


@given(points, points)
def test_miles_are_the_same_both_ways_and_never_more_than_half_the_globe(
    here: tuple[float, float], there: tuple[float, float]
) -> None:
    assert 0 <= miles(*here, *there) <= 12_437.5
    assert miles(*here, *there) == pytest.approx(miles(*there, *here), abs=1e-6)
    assert miles(*here, *here) == 0


@given(points, points, some.sampled_from([50, 150, 500]))
def test_a_box_never_leaves_out_what_is_within_the_radius(
    here: tuple[float, float], there: tuple[float, float], radius: int
) -> None:
    around = box(*here, radius)
    if miles(*here, *there) <= radius:
        assert around.south <= there[0] <= around.north
        assert around.west <= there[1] <= around.east
