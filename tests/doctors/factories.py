"""Test rows: a center and a program in Chicago, and a doctor there. Each test says what matters to it."""

from typing import Any

import factory

from doctors.models import Center, Evidence, Program, Specialist


class CenterFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = Center

    slug = factory.Sequence(lambda number: f"lakeside-{number}")
    name = factory.Sequence(lambda number: f"Lakeside Cancer Center {number:03}")
    institution = "Lakeside University"
    designation = "comprehensive"
    treats_patients = True
    street = "100 Sample Street"
    city = "Chicago"
    state = "IL"
    zip = "60614"
    latitude = 41.92
    longitude = -87.65
    phone = "+13125550142"
    website = "https://lakeside.example/"
    source_url = "https://www.cancer.gov/"


class ProgramFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = Program

    slug = factory.Sequence(lambda number: f"lakeside-mesothelioma-{number}")
    name = factory.Sequence(lambda number: f"Lakeside mesothelioma program {number:03}")
    hospital = "Lakeside Hospital"
    street = "100 Sample Street"
    city = "Chicago"
    state = "IL"
    zip = "60614"
    latitude = 41.92
    longitude = -87.65
    phone = "+13125550142"
    website = "https://lakeside.example/"
    source_url = "https://lakeside.example/mesothelioma"
    pleural = True
    evidence = Evidence.HOSPITAL

    @classmethod
    def _adjust_kwargs(cls, **kwargs: Any) -> dict[str, Any]:
        """`offers=["surgery"]` is short for `surgery=True`."""
        return kwargs | dict.fromkeys(kwargs.pop("offers", ()), True)


class SpecialistFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = Specialist

    slug = factory.Sequence(lambda number: f"alex-sample-{number}")
    full_name = factory.Sequence(lambda number: f"Alex Sample {number:03}")
    credentials = "MD"
    specialty = "thoracic_surgery"
    program = factory.SubFactory(ProgramFactory)
    source_url = "https://lakeside.example/sample"
    evidence = Evidence.HOSPITAL


def make(kind: type[factory.django.DjangoModelFactory], **values: Any) -> Any:
    """A stored row of `kind`, typed loosely: factories and type checkers do not agree."""
    return kind(**values)
