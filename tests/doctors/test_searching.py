"""Search says no more than the public pages do."""

import pytest
from django.test import Client

from doctors import searching
from doctors.directory import load_directory
from doctors.models import Evidence
from navigator.models import SearchEntry
from navigator.search import entries
from navigator.search.asking import find
from navigator.search.entries import Entry
from tests.doctors.factories import CenterFactory, ProgramFactory, SpecialistFactory, make

pytestmark = pytest.mark.django_db


def found() -> dict[str, Entry]:
    return {entry.key: entry for entry in searching.everything()}


def test_a_center_by_name_city_state_and_university() -> None:
    make(CenterFactory, slug="lakeside", name="Lakeside Cancer Center")
    entry = found()["doctors:center/lakeside"]
    assert entry.path == "/find-care/centers/lakeside/"
    assert entry.summary == "Cancer center in Chicago, Illinois."
    assert entry.words == ("Lakeside University", "Chicago", "Illinois", "IL")


def test_a_laboratory_is_not_found() -> None:
    make(CenterFactory, slug="lab", designation="basic_laboratory", treats_patients=False)
    assert list(found()) == ["doctors:finder"]


def test_a_program_with_its_offers_and_its_listed_doctors() -> None:
    program = make(ProgramFactory, slug="lake", offers=["hipec"], notes="Ask for Secret Person.")
    make(SpecialistFactory, program=program, full_name="Ada Listed")
    make(SpecialistFactory, program=program, full_name="Bob Hidden", evidence=Evidence.DIRECTORIES)
    entry = found()["doctors:program/lake"]
    assert "Ada Listed" in entry.words
    assert "heated chemotherapy (HIPEC)" in entry.body
    assert "Treats pleural mesothelioma" in entry.body
    assert "Hidden" not in str(entry)
    assert "Secret" not in str(entry)


def test_what_a_page_warns_of_is_said() -> None:
    make(ProgramFactory, slug="va", audience="veterans", evidence=Evidence.DIRECTORIES)
    summary = found()["doctors:program/va"].summary
    assert summary.endswith("For: Veterans enrolled in VA health care. Listed by directories only.")


def test_virginia_does_not_answer_for_veterans() -> None:
    make(CenterFactory, slug="richmond", state="VA", city="Richmond")
    listed = found()
    assert "VA" not in listed["doctors:center/richmond"].words
    assert listed["doctors:state/virginia"].path == "/find-care/centers/virginia/"


def test_loading_the_directory_keeps_the_search_true(client: Client) -> None:
    make(CenterFactory, slug="mit-koch")  # the file says that it is a laboratory
    entries.refresh(searching.NAME)
    assert SearchEntry.objects.filter(key="doctors:center/mit-koch").exists()
    load_directory()
    assert not SearchEntry.objects.filter(key="doctors:center/mit-koch").exists()
    assert set(SearchEntry.objects.filter(key__startswith="doctors:").values_list("key", flat=True)) == {
        entry.key for entry in searching.everything()
    }
    assert find("mayo clinic").hits[0].path.startswith("/find-care/")
    for path in SearchEntry.objects.filter(key__startswith="doctors:").values_list("path", flat=True)[::10]:
        assert client.get(path).status_code == 200, path
