"""Each rule of the tables is broken here; the database must refuse."""

from datetime import date
from typing import Any

import pytest
from django.db import DatabaseError, IntegrityError, connection, transaction

from doctors.models import OFFERS, Center, Program, Specialist
from tests.doctors.factories import CenterFactory, ProgramFactory, SpecialistFactory, make

pytestmark = pytest.mark.django_db


def refused(model: type[Center] | type[Program] | type[Specialist], **values: Any) -> None:
    with pytest.raises(IntegrityError), transaction.atomic():
        model.objects.update(**values)


@pytest.mark.parametrize(
    "values",
    [
        {"designation": "best"},
        {"designation": "basic_laboratory"},
        {"state": "XX"},
        {"state": "il"},
        {"latitude": -87.65, "longitude": 41.92},
        {"latitude": 91},
        {"longitude": -181},
        {"contact_verified_on": date(2026, 11, 1)},
        {"access_verified_how": "phone"},
        {"designation_verified_on": date(2026, 11, 1), "designation_verified_how": "hearsay"},
        {"audience": "pets"},
        {"ended_on": date(2026, 11, 1)},
        {"ended_note": "It closed."},
    ],
)
def test_a_center_that_cannot_be_is_refused(values: dict[str, Any]) -> None:
    make(CenterFactory)
    refused(Center, **values)


@pytest.mark.parametrize(
    "values",
    [
        {"state": "ZZ"},
        {"latitude": 0},
        {"evidence": "rumor"},
        {"audience": ""},
        {"care_verified_how": "website"},
        {"access_verified_on": date(2026, 11, 1)},
        {"remote_second_opinion_url": "https://lakeside.example/remote"},
        {"ended_on": date(2026, 11, 1)},
    ],
)
def test_a_program_that_cannot_be_is_refused(values: dict[str, Any]) -> None:
    make(ProgramFactory)
    refused(Program, **values)


@pytest.mark.parametrize("values", [{"evidence": ""}, {"post_verified_on": date(2026, 11, 1)}, {"ended_note": "x"}])
def test_a_specialist_that_cannot_be_is_refused(values: dict[str, Any]) -> None:
    make(SpecialistFactory)
    refused(Specialist, **values)


@pytest.mark.parametrize("name", ["referral_required", "video_visit", "records_review", "pleural", *OFFERS])
def test_what_we_know_is_yes_no_or_unknown(name: str) -> None:
    program = make(ProgramFactory)
    for known in (True, False, None):
        Program.objects.filter(pk=program.pk).update(**{name: known})
    with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(f"UPDATE doctors_program SET {name} = 2")  # noqa: S608


@pytest.mark.parametrize("factory", [CenterFactory, ProgramFactory, SpecialistFactory])
def test_a_slug_belongs_to_one_row(factory: Any) -> None:
    make(factory, slug="twice")
    with pytest.raises(IntegrityError), transaction.atomic():
        make(factory, slug="twice")


def test_a_laboratory_treats_nobody() -> None:
    center = make(CenterFactory, designation="basic_laboratory", treats_patients=False)
    assert center.pk


def test_a_check_has_a_date_and_a_way() -> None:
    make(CenterFactory, contact_verified_on=date(2026, 11, 1), contact_verified_how="phone")


def test_a_listing_says_its_name_and_phone() -> None:
    specialist = make(SpecialistFactory, full_name="Alex Sample", credentials="")
    assert str(specialist) == "Alex Sample"
    assert str(make(ProgramFactory, name="A program")) == "A program"
    assert make(CenterFactory, phone="").phone_text == ""
    assert make(CenterFactory).phone_text == "312-555-0142"


def test_only_doctors_with_an_official_source_are_listed() -> None:
    shown = make(SpecialistFactory)
    checked = make(
        SpecialistFactory, evidence="one_directory", post_verified_on=date(2026, 11, 1), post_verified_how="phone"
    )
    for evidence in ("two_sources", "directories", "one_directory"):
        make(SpecialistFactory, evidence=evidence)
    assert set(Specialist.objects.listed()) == {shown, checked}
