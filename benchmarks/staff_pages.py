"""For the benchmarks of the desks: pages of the admin, opened by somebody signed in, on a database of its own."""

import logging
import os
import statistics
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING

from benchmarks import throw_away
from navigator import servers

if TYPE_CHECKING:
    from django.test import Client


@dataclass(frozen=True)
class Seen:
    """One page at one size; times in milliseconds."""

    queries: int
    p50: float
    p95: float


@contextmanager
def throw_away_site(*, keep: bool) -> Iterator[None]:
    """Django on an empty PostgreSQL that goes when the block ends. `keep` waits for Enter before that."""
    server = servers.Postgres()
    try:
        os.environ |= throw_away.settings(server.start())
        import django

        django.setup()
        logging.getLogger("navigator.access").setLevel(logging.WARNING)  # not a line for each page
        yield
        if keep:
            input(f"{os.environ['DATABASE_URL']} with FIELD_KEYS={os.environ['FIELD_KEYS']} — Enter ends it. ")
    finally:
        server.stop()


def signed_in(pk: int) -> "Client":
    """The account with that number, at its desk."""
    from django.contrib.auth.models import User
    from django.test import Client

    client = Client(HTTP_HOST="127.0.0.1", HTTP_ACCEPT_ENCODING="gzip")
    client.force_login(User.objects.get(pk=pk))
    return client


def look(client: "Client", url: str, rounds: int) -> Seen:
    """Open a page `rounds` times, warm. Raises AssertionError when it does not answer 200."""
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    def get() -> float:
        started = time.perf_counter()
        answer = client.get(url)
        took = (time.perf_counter() - started) * 1000
        assert answer.status_code == 200, f"{url}: {answer.status_code}"
        return took

    get()  # warms up
    with CaptureQueriesContext(connection) as captured:
        get()
        queries = len(captured)  # the next request empties the log
    times = [get() for _ in range(rounds)]
    return Seen(queries, statistics.median(times), statistics.quantiles(times, n=20, method="inclusive")[18])
