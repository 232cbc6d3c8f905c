"""Staff of the sample desk at their browser, for the tests of the admin."""

from typing import Any

from django.contrib.auth import get_user_model
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from intake.models import Advocate, HelpRequest
from tests.intake.factories import HelpRequestFactory

LIST = "admin:intake_helprequest_changelist"
VALUES = ("Maria", "family.example", "3125550142", "555-0142")


def advocate(name: str) -> Advocate:
    return Advocate.objects.get(user__username=name)


def as_(name: str) -> Client:
    client = Client()
    client.force_login(get_user_model().objects.get(username=name))
    return client


def of(name: str, **fields: Any) -> HelpRequest:
    return HelpRequestFactory(advocate=advocate(name), status="assigned", assigned_at=timezone.now(), **fields)


def page(request: HelpRequest) -> str:
    return reverse("admin:intake_helprequest_change", args=[request.pk])


def act(client: Client, request: HelpRequest, act: str, *, seen: int | None = None, **data: Any) -> str:
    """Do it from a fresh page; what the next page says."""
    if seen is None:
        newest = request.history.exclude(what__in=["looked", "wrote"]).order_by("-pk").first()
        seen = newest.pk if newest else 0
    url = reverse("admin:intake_helprequest_act", args=[request.pk, act])
    return client.post(url, {"seen": seen, **data}, follow=True).content.decode()


def find(client: Client, typed: str) -> Any:
    return client.post(reverse("admin:intake_helprequest_find"), {"typed": typed}, follow=True)
