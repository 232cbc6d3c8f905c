import pytest
from django.test import Client

pytestmark = pytest.mark.django_db


def test_live_needs_nothing(client: Client) -> None:
    assert client.get("/health/live").content == b"ok"


def test_ready_names_every_probe(client: Client) -> None:
    answer = client.get("/health/ready").json()
    assert answer["database"] == "ok"
    assert answer["broker"] == "ok"
