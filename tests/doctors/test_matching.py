from typing import Any

import pytest
from pytest_django import DjangoAssertNumQueries

from doctors import keeping, small
from doctors.criteria import Criteria
from doctors.match import Match
from doctors.matching import apart, rank, rank_or_widen
from doctors.zipcodes import Place
from tests.doctors.factories import CenterFactory, ProgramFactory, make

pytestmark = pytest.mark.django_db

HOME = Place("60614", 41.92, -87.65, "IL", "America/Chicago", True)
NORTH = 1 / 69.09  # one mile in degrees of latitude


def program(miles: float = 1, **values: Any) -> Any:
    return make(ProgramFactory, latitude=41.92 + miles * NORTH, **values)


def criteria(**values: Any) -> Criteria:
    return Criteria(**{"place": HOME, "disease": "pleural", "radius": 150} | values)


def names(matches: list[Match]) -> list[str]:
    return [match.name for match in matches]


def test_what_is_named_for_the_disease_comes_first_then_the_unknown() -> None:
    program(1, name="other form", pleural=None, peritoneal=True)
    program(2, name="unknown", pleural=None)
    program(100, name="named")
    found = rank(criteria())
    assert names(found) == ["named", "unknown", "other form"]
    assert "its hospital names it for pleural mesothelioma" in found[0].reasons
    assert "ask whether they treat pleural mesothelioma" in found[1].asks


def test_a_stated_no_is_last() -> None:
    program(1, name="says no", pleural=False)
    program(9, name="unknown", pleural=None)
    assert names(rank(criteria())) == ["unknown", "says no"]


def test_distance_counts_in_bands_then_source_then_designation_then_miles() -> None:
    center = make(CenterFactory)
    program(120, name="far, designated", center=center)
    program(10, name="near, plain")
    program(40, name="near, designated", center=center)
    program(30, name="near, designated, nearer", center=center)
    program(2, name="near, directories only", evidence="directories", center=center)
    assert names(rank(criteria())) == [
        "near, designated, nearer",
        "near, designated",
        "near, plain",
        "near, directories only",
        "far, designated",
    ]


def test_directories_are_named_as_the_only_source() -> None:
    program(evidence="directories")
    assert "only directories list it: confirm by phone" in rank(criteria())[0].asks


def test_ties_go_by_name() -> None:
    for name in ("b", "c", "a"):
        program(name=name)
    assert names(rank(criteria())) == ["a", "b", "c"]


def test_nothing_lies_beyond_the_radius() -> None:
    program(149, name="in")
    program(151, name="out")
    assert names(rank(criteria())) == ["in"]
    assert names(rank(criteria(radius=None))) == ["in", "out"]


def test_the_limit_holds() -> None:
    for _ in range(4):
        program()
    assert len(rank(criteria(), limit=3)) == 3


def test_video_first_prefers_who_looks_from_a_distance() -> None:
    program(1, name="near")
    program(900, name="by video", offers=["remote_second_opinion"])
    assert names(rank(criteria(radius=None, video_first=True))) == ["by video", "near"]
    assert names(rank(criteria(radius=None))) == ["near", "by video"]


def test_wishes_become_reasons_once() -> None:
    program(offers=["surgery", "hipec", "clinical_trials", "multidisciplinary_clinic", "immunotherapy"])
    everything = frozenset({"diagnosis", "stage", "surgery", "drugs", "trials", "not_sure"})
    reasons = rank(criteria(wants=everything))[0].reasons
    assert reasons.count("several kinds of specialists look at a case together") == 1
    assert {"it offers surgery", "it offers drug treatment", "it takes part in clinical trials"} <= set(reasons)
    assert "it offers surgery" not in rank(criteria())[0].reasons


@pytest.mark.parametrize("disease", ["pleural", "peritoneal", "other", "suspected", "not_sure"])
def test_every_place_has_a_reason(disease: str) -> None:
    program()
    program(pleural=None)
    make(CenterFactory)
    for place, state in ((HOME, ""), (None, ""), (None, "IL")):
        for match in rank(criteria(place=place, state=state, disease=disease)):
            assert match.reasons
            assert all(match.reasons)


def test_a_rare_place_in_the_body_is_asked_about() -> None:
    program()
    assert "ask whether they treat mesothelioma in your part of the body" in rank(criteria(disease="other"))[0].asks


def test_only_adults_programs_are_ranked() -> None:
    program(name="veterans", audience="veterans", evidence="directories")
    program(name="study", audience="study")
    make(CenterFactory, name="children", audience="children")
    make(CenterFactory, name="laboratory", designation="basic_laboratory", treats_patients=False)
    assert rank(criteria()) == []
    assert names(rank(criteria(veteran=True))) == ["veterans"]
    assert "it is for veterans enrolled in VA health care" in rank(criteria(veteran=True))[0].reasons


def test_places_for_some_people_stand_apart() -> None:
    program(5, name="veterans", audience="veterans")
    program(3, name="study", audience="study")
    make(CenterFactory, name="children", audience="children")
    program(1, name="adults")
    assert names(apart(criteria())) == ["children", "study", "veterans"]
    assert names(apart(criteria(veteran=True))) == ["children", "study"]
    program(700, name="veterans, far", audience="veterans")
    assert names(apart(criteria(veteran=True))) == ["children", "study", "veterans, far"]
    assert all(match.reasons for match in apart(criteria(place=None)))


def test_centers_without_a_known_team_come_after_the_programs() -> None:
    with_program = make(CenterFactory, name="has a program")
    make(CenterFactory, name="no program known", latitude=41.92)
    program(100, name="program", center=with_program, pleural=None)
    found = rank(criteria())
    assert names(found) == ["program", "no program known"]
    assert found[1].program is None
    assert "ask whether it has a mesothelioma team: nobody has confirmed one" in found[1].asks


def test_the_nearest_three_stand_in_when_nothing_is_near() -> None:
    for distance in (700, 400, 600, 500):
        program(distance, name=f"{distance} miles")
    make(CenterFactory, name="center near")
    found = rank_or_widen(criteria())
    assert found.widened
    assert names(found.matches) == ["400 miles", "500 miles", "600 miles", "center near"]
    assert "it lies beyond the distance you chose" in found.matches[0].reasons


def test_a_named_program_beyond_comes_before_an_unknown_one_within() -> None:
    program(100, name="unknown within", pleural=True)
    program(400, name="named beyond", pleural=None, peritoneal=True)
    found = rank_or_widen(criteria(disease="peritoneal"))
    assert names(found.matches) == ["named beyond", "unknown within"]
    assert not found.widened
    assert found.within == 1


def test_nothing_is_widened_when_there_is_something_or_nothing_at_all() -> None:
    assert rank_or_widen(criteria()).matches == []
    program(10)
    found = rank_or_widen(criteria())
    assert (len(found.matches), found.widened) == (1, False)


def test_without_a_place_the_state_and_its_neighbors_come_first() -> None:
    program(name="far", state="FL", city="Tampa")
    program(name="next door", state="WI", city="Madison")
    program(name="here")
    found = rank(criteria(place=None, state="IL"))
    assert names(found) == ["here", "next door", "far"]
    assert found[0].miles is None
    assert found[0].rounded_miles is None
    assert "it is in Illinois" in found[0].reasons


def test_miles_are_whole_and_the_phone_readable() -> None:
    program(0)
    match = rank(criteria())[0]
    assert match.rounded_miles == 1
    assert "it is about 1 mile away in a straight line" in match.reasons
    assert match.phone_text == "312-555-0142"
    program(1, phone="", name="a")
    assert rank(criteria())[0].phone_text == "" or rank(criteria())[1].phone_text == ""


@pytest.mark.parametrize("rows", [1, 3])
def test_two_queries_however_many_places(rows: int, django_assert_num_queries: DjangoAssertNumQueries) -> None:
    for _ in range(rows):
        program(center=make(CenterFactory))
        make(CenterFactory)
    for verb, queries in ((rank, 2), (rank_or_widen, 2), (apart, 2)):
        with django_assert_num_queries(queries):
            verb(criteria())


def test_what_was_read_is_kept_until_something_is_published(django_assert_num_queries: DjangoAssertNumQueries) -> None:
    make(CenterFactory)
    shown = program(1, name="shown")
    with django_assert_num_queries(3):
        first = small.current()
    with django_assert_num_queries(1):
        assert small.current() is first
    shown.phone = "+13125550199"
    keeping.save(listing=shown, by=None)
    assert [row.phone for row in small.current().programs] == ["+13125550199"]
    program(2, name="hidden")
    with django_assert_num_queries(1):
        assert len(small.current().programs) == 1, "a row that no verb wrote"
    small.forget()
    assert len(small.current().programs) == 2


def test_a_large_directory_is_not_kept(monkeypatch: pytest.MonkeyPatch) -> None:
    make(CenterFactory)
    program()
    monkeypatch.setattr(small, "SMALL", 0)
    assert small.current().is_large
    monkeypatch.setattr(small, "SMALL", 400)
    assert not small.current().is_large
