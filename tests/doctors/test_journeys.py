"""What families in particular places are shown, from the starter data."""

import pytest
from django.test import Client

from doctors.directory import load_directory
from doctors.matching import Criteria, Match, Ranking, apart, rank_or_widen
from doctors.zipcodes import locate

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _starter_data(db: None) -> None:
    load_directory()


def near(zip_code: str, disease: str = "pleural", *, radius: int | None = 150, veteran: bool = False) -> Ranking:
    place = locate(zip_code)
    assert place is not None
    found = rank_or_widen(Criteria(place=place, disease=disease, radius=radius, veteran=veteran))
    assert all(match.reasons for match in found.matches)
    return found


def slugs(matches: list[Match]) -> list[str]:
    return [match.url.rstrip("/").rpartition("/")[2] for match in matches]


def test_anchorage_is_shown_the_pacific_northwest() -> None:
    found = near("99501")
    assert found.widened
    assert slugs(found.matches) == ["fred-hutch-mesothelioma", "swedish-mesothelioma", "ohsu-mesothelioma"]
    assert "about 1,432 miles away in a straight line" in found.matches[0].reasons


def test_honolulu_is_shown_california_and_its_own_center_to_ask() -> None:
    found = near("96813")
    assert found.widened
    assert [match.state for match in found.matches] == ["CA", "CA", "CA", "HI"]
    assert "mesothelioma team not confirmed: ask" in found.matches[-1].reasons


def test_san_juan_is_shown_florida() -> None:
    found = near("00901")
    assert found.widened
    assert {match.state for match in found.matches} == {"FL"}
    assert slugs(found.matches)[0] == "sylvester-mesothelioma"


def test_a_po_box_in_montana_is_placed_in_montana() -> None:
    place = locate("59604")
    assert place is not None
    assert not place.exact
    assert place.state == "MT"
    found = near("59604")
    assert found.widened
    assert [match.city for match in found.matches] == ["Seattle", "Seattle", "Portland"]


def test_an_army_post_office_has_no_place_but_an_answer(client: Client) -> None:
    page = client.get("/find-care/near/", {"zip": "09012"}).content.decode()
    assert "military mail address" in page
    assert "Choose the state" in page


def test_phoenix_is_shown_tucson_with_a_warning() -> None:
    found = near("85004")
    assert not found.widened
    assert slugs(found.matches)[0] == "arizona-mesothelioma"
    assert "listed by directories only: confirm by phone" in found.matches[0].reasons


def test_rural_maine_is_shown_boston() -> None:
    found = near("04619")
    assert found.widened
    assert [match.city for match in found.matches[:2]] == ["Boston", "Boston"]


def test_a_laboratory_next_door_is_never_offered() -> None:
    assert "jackson-laboratory" not in slugs(near("04609").matches)


def test_a_veteran_in_ohio_is_shown_ohio_and_the_programs_for_veterans() -> None:
    assert slugs(near("44106").matches)[:2] == ["uh-seidman-mesothelioma", "cleveland-clinic-mesothelioma"]
    anywhere = near("44106", radius=None, veteran=True)
    place = locate("44106")
    everywhere = rank_or_widen(Criteria(place=place, disease="pleural", veteran=True), limit=100).matches
    assert anywhere.matches[0].state == "OH"
    assert "va-boston-mesothelioma" in slugs(everywhere)
    assert "va-boston-mesothelioma" in slugs(apart(Criteria(place=place)))
    veterans = next(match for match in everywhere if "va-boston" in match.url)
    assert "for veterans enrolled in VA health care" in veterans.reasons


def test_peritoneal_in_georgia_is_shown_who_treats_it_and_whom_to_ask() -> None:
    found = near("30303", "peritoneal")
    named = [match for match in found.matches if "beyond the distance you chose" in match.reasons]
    assert len(named) == 3
    assert all(match.program and match.program.peritoneal for match in named)
    assert [match.city for match in found.matches[3:]] == ["Birmingham", "Atlanta"]


def test_memphis_is_not_sent_to_the_children_s_hospital() -> None:
    assert "st-jude" not in slugs(near("38105", radius=50).matches)
