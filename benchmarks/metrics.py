"""How long a scrape of `/metrics` asks the database, among 50 requests and among 1,000,000.

    .venv/bin/python -m benchmarks.metrics

Fills a throw-away PostgreSQL as `benchmarks.queue` does, and four promises for each request: of every 50th request one
is pending, of every 1,000th one failed, of every 100,000th one was given up. Ends with 1 when a scrape asks more often
at full size, or takes longer than the limit.
"""

import argparse
import statistics
import sys
import time
from dataclasses import dataclass

from benchmarks import queue
from benchmarks.staff_pages import throw_away_site

LIMIT = 500.0  # milliseconds, the median of the rounds at full size: a scrape comes once or twice a minute
ROUNDS = 9

PROMISES = """
INSERT INTO intake_promise (kind, help_request_id, key, due_at, attempts, done_at, gave_up_at, last_error, created_at)
SELECT (ARRAY['acknowledge', 'route', 'tell_advocate', 'escalate'])[k], r.id, 'bench:' || r.id || ':' || k,
    r.created_at + interval '1 hour', 1,
    CASE WHEN NOT (k = 4 AND r.id %% 50 = 0) AND NOT (k = 1 AND r.id %% 100000 = 0) THEN r.created_at END,
    CASE WHEN k = 1 AND r.id %% 100000 = 0 THEN r.created_at END,
    CASE WHEN k = 4 AND r.id %% 1000 = 0 THEN 'SMTPException' ELSE '' END, r.created_at
FROM intake_helprequest r CROSS JOIN generate_series(1, 4) k
WHERE r.reference BETWEEN %(first)s AND %(last)s
"""


@dataclass(frozen=True)
class Scraped:
    """Queries, the median in milliseconds, and each query's own time with its beginning."""

    queries: int
    p50: float
    slowest: list[tuple[float, str]]


def fill(first: int, last: int) -> None:
    from django.db import connection

    queue.fill(first, last)
    with connection.cursor() as cursor:
        cursor.execute(PROMISES, {"first": f"Q{first:07}", "last": f"Q{last:07}"})
        cursor.execute("VACUUM ANALYZE")


def scrape(rounds: int) -> Scraped:
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    from navigator import metrics

    assert b"navigator_requests_received_total" in metrics.text()
    times = []
    for _ in range(rounds):
        started = time.perf_counter()
        metrics.text()
        times.append((time.perf_counter() - started) * 1000)
    with CaptureQueriesContext(
        connection,
    ) as asked:
        metrics.text()
    slowest = sorted(((float(one["time"]) * 1000, one["sql"]) for one in asked.captured_queries), reverse=True)
    return Scraped(len(asked), statistics.median(times), slowest[:4])


def run(rounds: int, size: int) -> list[str]:
    """On the database of DATABASE_URL. Prints both; returns what is wrong."""
    queue.prepare()
    fill(1, queue.FEW)
    few = scrape(rounds)
    fill(queue.FEW + 1, size)
    many = scrape(rounds)
    for number, seen in ((queue.FEW, few), (size, many)):
        print(f"{number:>9,} requests: {seen.queries} queries, {seen.p50:.1f} ms (limit {LIMIT:g} ms)", flush=True)
    for took, sql in many.slowest:
        print(f"{took:>9.0f} ms  {sql[:300]}")
    wrong = ["not constant"] if few.queries != many.queries else []
    return wrong + (["too slow"] if many.p50 > LIMIT else [])


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--rounds", type=int, default=ROUNDS)
    parser.add_argument("--size", type=int, default=queue.MANY)
    arguments = parser.parse_args()
    with throw_away_site(keep=False):
        wrong = run(arguments.rounds, arguments.size)
    if wrong:
        sys.exit("FAILED: " + "; ".join(wrong))


if __name__ == "__main__":
    main()
