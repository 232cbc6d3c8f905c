"""The pages of intake that anybody may find."""

from collections.abc import Iterator

from django.urls import reverse

from intake.models import OutcomeFigures
from navigator.sitemaps import Page

NAME = "intake"


def pages() -> Iterator[Page]:
    """For `navigator.sitemaps.register`: the public numbers. One query."""
    yield reverse("outcomes"), OutcomeFigures.objects.values_list("made_at", flat=True).first()
