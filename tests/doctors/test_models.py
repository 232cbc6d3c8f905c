"""Each rule of the tables is broken here; the database must refuse."""

from datetime import date
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.db import DatabaseError, IntegrityError, connection, transaction

from doctors.models import Center, Program, Specialist, known_offers
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
        {"verified_on": date(2026, 11, 1)},
        {"verified_how": "phone"},
        {"verified_on": date(2026, 11, 1), "verified_how": "hearsay"},
        {"audience": "pets"},
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
        {"verified_how": "website"},
    ],
)
def test_a_program_that_cannot_be_is_refused(values: dict[str, Any]) -> None:
    make(ProgramFactory)
    refused(Program, **values)


@pytest.mark.parametrize("values", [{"evidence": ""}, {"verified_on": date(2026, 11, 1)}])
def test_a_specialist_that_cannot_be_is_refused(values: dict[str, Any]) -> None:
    make(SpecialistFactory)
    refused(Specialist, **values)


def test_a_referral_is_yes_no_or_unknown() -> None:
    program = make(ProgramFactory)
    for known in (True, False, None):
        Program.objects.filter(pk=program.pk).update(referral_required=known)
    with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("UPDATE doctors_program SET referral_required = 2")


@pytest.mark.parametrize("factory", [CenterFactory, ProgramFactory, SpecialistFactory])
def test_a_slug_belongs_to_one_row(factory: Any) -> None:
    make(factory, slug="twice")
    with pytest.raises(IntegrityError), transaction.atomic():
        make(factory, slug="twice")


def test_a_laboratory_treats_nobody() -> None:
    center = make(CenterFactory, designation="basic_laboratory", treats_patients=False)
    assert center.pk


def test_a_check_has_a_date_and_a_way() -> None:
    make(CenterFactory, verified_on=date(2026, 11, 1), verified_how="phone")


@pytest.mark.parametrize("offers", ["surgery", ["magic"], ["surgery", "surgery"], None, [["surgery"]]])
def test_unknown_offers_are_refused(offers: Any) -> None:
    with pytest.raises(ValidationError):
        known_offers(offers)


def test_known_offers_are_taken() -> None:
    known_offers(["surgery", "hipec"])
    known_offers([])


def test_a_listing_says_its_name_and_phone() -> None:
    specialist = make(SpecialistFactory, full_name="Alex Sample", credentials="")
    assert str(specialist) == "Alex Sample"
    assert str(make(ProgramFactory, name="A program")) == "A program"
    assert make(CenterFactory, phone="").phone_text == ""
    assert make(CenterFactory).phone_text == "312-555-0142"


def test_only_doctors_with_an_official_source_are_listed() -> None:
    shown = make(SpecialistFactory)
    checked = make(SpecialistFactory, evidence="one_directory", verified_on=date(2026, 11, 1), verified_how="phone")
    for evidence in ("two_sources", "directories", "one_directory"):
        make(SpecialistFactory, evidence=evidence)
    assert set(Specialist.objects.listed()) == {shown, checked}
