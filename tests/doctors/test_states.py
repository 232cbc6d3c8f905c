import pytest
from django.urls import resolve, reverse

from doctors.states import CODES, NEIGHBORS, STATES, StateConverter


def test_there_are_fifty_states_dc_and_three_territories() -> None:
    assert len(STATES) == 54
    assert set(NEIGHBORS) == set(STATES)


def test_neighbors_are_mutual_where_there_is_a_border() -> None:
    without_border = {"AK", "HI", "PR", "GU", "VI"}
    for code, neighbors in NEIGHBORS.items():
        assert neighbors
        assert code not in neighbors
        for neighbor in neighbors:
            assert code in without_border or code in NEIGHBORS[neighbor]


@pytest.mark.parametrize("slug", sorted(CODES))
def test_every_state_has_an_address_of_its_own(slug: str) -> None:
    address = reverse("state", kwargs={"state": CODES[slug]})
    assert address == f"/find-care/centers/{slug}/"
    assert resolve(address).kwargs == {"state": CODES[slug]}


def test_what_is_no_state_is_a_center() -> None:
    assert resolve("/find-care/centers/new-yorker/").url_name == "center"
    assert resolve("/find-care/centers/west-virginia/").kwargs == {"state": "WV"}


def test_the_converter_goes_both_ways() -> None:
    converter = StateConverter()
    assert converter.to_url(converter.to_python("puerto-rico")) == "puerto-rico"
