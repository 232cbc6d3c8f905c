"""Figures of the running site for Prometheus, at `/metrics`: private, and without a value of anybody.

An app registers what it can count with `source`, from its `AppConfig.ready`, as it does its probes. The database is
asked at the time of the scrape, so every web process says the same; what is a process's own has its number as the label
`process`. Names begin with `navigator_`; times are in seconds. Labels are codes of ours, never what a person typed.
Whether a promise is late is for `navigator.health`; when to ring somebody is for `deploy/alerts.yml`.
"""

import hmac
import os
import socket
from collections.abc import Callable, Iterable, Iterator

from django.conf import settings
from django.http import HttpRequest
from prometheus_client import generate_latest
from prometheus_client.core import CounterMetricFamily, Metric
from prometheus_client.exposition import CONTENT_TYPE_PLAIN_0_0_4 as CONTENT_TYPE
from prometheus_client.registry import Collector

from navigator.caching import ReadyPages

__all__ = ["CONTENT_TYPE", "is_allowed", "ready_pages", "source", "text"]

Source = Callable[[], Iterable[Metric]]

_sources: dict[str, Source] = {}


def source(name: str) -> Callable[[Source], Source]:
    """Register what yields families of figures, under `name`: once more takes the place of the one before."""

    def register(function: Source) -> Source:
        _sources[name] = function
        return function

    return register


class _Everything(Collector):
    def collect(self) -> Iterator[Metric]:
        for function in _sources.values():
            yield from function()


def text() -> bytes:
    """All figures of now, in the text format of Prometheus. Raises DatabaseError when a source cannot count: half of
    the figures would look like good news."""
    return generate_latest(_Everything())


def is_allowed(request: HttpRequest) -> bool:
    """Does the request bring METRICS_TOKEN? Nobody's does while there is none. Takes as long for a near guess as for a
    far one."""
    if not settings.METRICS_TOKEN:
        return False
    scheme, _, token = request.headers.get("Authorization", "").partition(" ")
    wanted, given = settings.METRICS_TOKEN.encode(), token.strip().encode("utf-8", "replace")
    return hmac.compare_digest(wanted, given) and scheme.lower() == "bearer"


def ready_pages(layer: ReadyPages) -> None:
    """Count the ready-made pages of this process from now on. Two containers have the same numbers of processes."""
    own = f"{socket.gethostname()}-{os.getpid()}"

    @source("ready pages")
    def count() -> Iterator[Metric]:
        said = "Public pages asked for in this process since it started: ready made (hit), or made by Django (miss)."
        family = CounterMetricFamily("navigator_ready_pages", said, labels=["process", "result"])
        for result, number in (("hit", layer.hits), ("miss", layer.misses)):
            family.add_metric([own, result], number)
        yield family
