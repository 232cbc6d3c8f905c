"""`/metrics`: for whoever brings the token, and nobody else."""

import os
import socket
from collections.abc import Iterator
from typing import Any

import pytest
from django.db import OperationalError
from django.test import Client
from prometheus_client.core import GaugeMetricFamily
from prometheus_client.parser import text_string_to_metric_families

from navigator import metrics
from navigator.caching import ReadyPages
from tests.navigator.test_caching import Django, get

pytestmark = pytest.mark.django_db
TOKEN = "a-token-of-the-tests-that-is-long-enough"


@pytest.fixture(autouse=True)
def _token(settings: Any) -> None:
    settings.METRICS_TOKEN = TOKEN


@pytest.fixture(autouse=True)
def _own_sources(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(metrics, "_sources", dict(metrics._sources))


def ask(client: Client, authorization: str | None) -> Any:
    return client.get("/metrics", headers={} if authorization is None else {"authorization": authorization})


def test_with_the_token_figures_that_prometheus_reads(client: Client) -> None:
    answer = ask(client, f"Bearer {TOKEN}")
    assert answer.status_code == 200
    assert answer["Cache-Control"] == "no-store"
    assert answer["Content-Type"].startswith("text/plain; version=0.0.4")
    names = {family.name for family in text_string_to_metric_families(answer.content.decode())}
    assert "navigator_requests_open" in names


@pytest.mark.parametrize(
    "authorization",
    [None, "", "Bearer", "Bearer ", f"Bearer {TOKEN}x", f"Bearer {TOKEN[:-1]}", f"Basic {TOKEN}", TOKEN, "Bearer \xe9",
     f"Bearer {TOKEN}, Bearer x", f"Token {TOKEN}", "Bearer " + "x" * 10_000],
)  # fmt: skip
def test_without_it_there_is_no_such_page(client: Client, authorization: str | None) -> None:
    answer = ask(client, authorization)
    assert answer.status_code == 404
    assert b"navigator_" not in answer.content
    assert "no-store" in answer["Cache-Control"]
    assert "WWW-Authenticate" not in answer


@pytest.mark.parametrize("authorization", [None, "", "Bearer", "Bearer ", "Bearer None", f"Bearer {TOKEN}"])
def test_while_none_is_set_nobody_reads_them(client: Client, settings: Any, authorization: str | None) -> None:
    settings.METRICS_TOKEN = ""
    assert ask(client, authorization).status_code == 404


def test_a_token_in_the_address_opens_nothing(client: Client) -> None:
    assert client.get(f"/metrics?token={TOKEN}").status_code == 404


def test_a_database_that_is_away_is_a_failed_scrape(client: Client) -> None:
    @metrics.source("broken")
    def broken() -> Iterator[Any]:
        yield GaugeMetricFamily("navigator_x", "x", value=1)
        raise OperationalError("the password of maria@family.example is wrong")

    answer = ask(client, f"Bearer {TOKEN}")
    assert answer.status_code == 503
    assert answer["X-Request-ID"] in answer.content.decode()
    assert b"maria" not in answer.content
    assert b"navigator_x" not in answer.content


def test_a_source_that_registers_again_takes_its_own_place() -> None:
    for value in (1, 2):
        metrics.source("twice")(lambda value=value: [GaugeMetricFamily("navigator_twice", "x", value=value)])
    assert metrics.text().decode().count("\nnavigator_twice ") == 1


def test_ready_made_pages_are_counted_in_each_process() -> None:
    layer = ReadyPages(Django(), generation=lambda: 1)
    metrics.ready_pages(layer)
    for path in ("/", "/", "/", "/other"):
        get(layer, path)
    get(layer, "/?q=canary")
    text = metrics.text().decode()
    own = f'navigator_ready_pages_total{{process="{socket.gethostname()}-{os.getpid()}",result='
    assert f'{own}"hit"}} 2.0' in text
    assert f'{own}"miss"}} 2.0' in text
    assert "canary" not in text
