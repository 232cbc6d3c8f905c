"""How soon a request is with an advocate, and how fast a backlog is worked off beside tasks that do nothing.

    .venv/bin/python -m benchmarks.routing

Starts a stack of its own (`benchmarks.chaos.stack`). First A_SECOND requests a second are taken in, as the page does;
from stored to routed half must need less than P50 and 99 in 100 less than P99. Then BACKLOG promises fall
due at one instant (each request owes a route and an acknowledgement, nobody rings for them): what the worker keeps a
second must be OF_EMPTY of the empty tasks that it does a second. Ends with 1 otherwise.
"""

import argparse
import os
import signal
import statistics
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta
from unittest.mock import patch
from uuid import uuid4

from benchmarks.chaos.stack import Stack

A_SECOND, SECONDS = 20, 30
P50, P99 = 0.1, 1.0  # seconds
BACKLOG, OF_EMPTY = 10_000, 0.3
EMPTY = 10_000

WAITS = """
SELECT extract(epoch FROM h.at - r.created_at)::float8 FROM intake_helprequest r
JOIN intake_history h ON h.help_request_id = r.id AND h.what = 'routed' WHERE r.id > %s
"""
OWED = "SELECT count(*) FROM intake_promise WHERE done_at IS NULL AND gave_up_at IS NULL AND due_at <= now()"


def submit(number: int) -> None:
    from intake import consent, submitting

    submitting.submit_doctor_match(
        contact=submitting.Contact(name="Maria Sample", reach_by="email", email=f"m{number}@family.example"),
        told=submitting.Told("pleural", ("surgery",), "150", "60614", "", False),
        consent=consent.contact_words(),
        submission_key=uuid4(),
    )


def waits(stack: Stack, seconds: int) -> list[float]:
    """Seconds from stored to routed, at A_SECOND a second."""
    (last,) = stack.sql("SELECT coalesce(max(id), 0) FROM intake_helprequest")[0]
    started = time.monotonic()
    for number in range(A_SECOND * seconds):
        time.sleep(max(started + number / A_SECOND - time.monotonic(), 0))
        submit(number)
    _until(lambda: stack.sql(OWED)[0][0] == 0, 60)
    found = [wait for (wait,) in stack.sql(WAITS, last)]
    assert len(found) == A_SECOND * seconds, f"{len(found)} routed"
    return found


def empty_tasks(stack: Stack) -> float:
    """Tasks that do nothing, a second."""
    from intake.tasks import keep_promise

    with _asleep(stack):
        for _ in range(EMPTY):
            keep_promise.apply_async((), ignore_result=True)
    started = time.monotonic()
    _until(lambda: stack.redis.llen("celery") == 0, 300)
    return EMPTY / (time.monotonic() - started)


def backlog(stack: Stack) -> float:
    """Promises kept a second, of BACKLOG that fall due at one instant."""
    from django.utils import timezone

    later = timezone.now() + timedelta(hours=1)
    with patch("intake.submitting.timezone") as clock:  # so that nobody rings and no sweep begins before all are there
        clock.now.return_value = later
        for number in range(BACKLOG // 2):
            submit(number)
    stack.sql("UPDATE intake_promise SET due_at = now() WHERE kind IN ('route', 'acknowledge') AND due_at > now()")
    (owed,) = stack.sql(OWED)[0]
    assert owed >= BACKLOG, f"{owed} are due"
    started = time.monotonic()
    _until(lambda: stack.sql(OWED)[0][0] == 0, 900)
    took = time.monotonic() - started
    return float(BACKLOG * 1.5 / took)  # each route owes the advocate a word, which is due at once


@contextmanager
def _asleep(stack: Stack) -> Iterator[None]:
    """The worker and its children get no time."""
    family = stack.family(stack.pids["worker"])
    stack.signal(signal.SIGSTOP, *family)
    yield
    stack.signal(signal.SIGCONT, *family)


def _until(is_so: Callable[[], bool], seconds: float) -> None:
    end = time.monotonic() + seconds
    while not is_so():
        assert time.monotonic() < end, f"not within {seconds:g} seconds"
        time.sleep(0.05)


def run(seconds: int) -> list[str]:
    with Stack() as stack:
        os.environ |= {**stack.environment, "DJANGO_SETTINGS_MODULE": "navigator.settings"}
        import django

        django.setup()
        found = waits(stack, seconds)
        p50, p99 = statistics.median(found), statistics.quantiles(found, n=100)[98]
        print(
            f"{A_SECOND} a second: routed after p50 {p50 * 1000:.0f} ms < {P50 * 1000:g}, p99 {p99:.2f} s < {P99:g}",
            flush=True,
        )
        empty = empty_tasks(stack)
        kept = backlog(stack)
    print(f"backlog: {kept:,.0f} promises a second, {kept / empty:.2f} ≥ {OF_EMPTY:g} of {empty:,.0f} empty tasks")
    wrong = [f"p50 {p50:.3f} s"] if p50 >= P50 else []
    wrong += [f"p99 {p99:.2f} s"] if p99 >= P99 else []
    return [*wrong, *([f"backlog at {kept / empty:.2f}"] if kept / empty < OF_EMPTY else [])]


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--seconds", type=int, default=SECONDS)
    if wrong := run(parser.parse_args().seconds):
        sys.exit("FAILED: " + "; ".join(wrong))


if __name__ == "__main__":
    main()
