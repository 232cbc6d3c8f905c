"""An outage drill against a running `make stack`: families ask while the worker, then Redis, is away.

    . .stack/environment && .venv/bin/python benchmarks/outage.py --worker PID --redis PID

The pids are on the lines that `make stack` printed. Kills them with -9 (the stack starts them again a second later),
and freezes them so that they stay away long enough. Ends with 1 if a request was refused, lost, routed twice, mailed
twice, or routed later than promised; prints what it saw beside each limit.
"""

import argparse
import os
import signal
import statistics
import sys
import time
from collections.abc import Sequence
from pathlib import Path

import psycopg
from family import Family

AFTER_OUTAGE = 120.0  # seconds until all are routed again
AT_ONCE = 5.0  # seconds until a request is routed when all is well
PAGE = 1.0  # seconds that a page may take while something is away

ROUTED = """
SELECT r.reference, r.advocate_id IS NOT NULL,
       (SELECT count(*) FROM intake_history h WHERE h.help_request_id = r.id AND h.what = 'routed'),
       (SELECT count(*) FROM intake_message m
        WHERE m.help_request_id = r.id AND NOT m.to_family AND m.sent_at IS NOT NULL)
FROM intake_helprequest r WHERE r.reference = ANY(%s)
"""


def rows(references: Sequence[str]) -> list[tuple[str, bool, int, int]]:
    with psycopg.connect(os.environ["DATABASE_URL"]) as connection:
        return connection.execute(ROUTED, [list(references)]).fetchall()


def wait_routed(references: Sequence[str], limit: float) -> float:
    """Seconds until each is with one advocate who got one mail. Raises AssertionError after `limit`."""
    started = time.monotonic()
    while True:
        found = rows(references)
        if len(found) == len(references) and all(advocate and mails for _, advocate, _, mails in found):
            break
        assert time.monotonic() - started < limit, f"not routed within {limit} s: {found}"
        time.sleep(0.05)
    took = time.monotonic() - started
    time.sleep(1)
    for reference, _, routed, mails in rows(references):
        assert (routed, mails) == (1, 1), f"{reference}: routed {routed} times, {mails} mails"
    return took


def say(what: str, seen: float, limit: float) -> None:
    print(f"{what:<58} {seen:7.2f} s   limit {limit:g} s   {'ok' if seen <= limit else 'TOO LONG'}", flush=True)
    assert seen <= limit


def drill(name: str, pid: int, families: list[Family]) -> None:
    """`pid` stops answering, ten families ask, it is killed, and everything falls into place."""
    group = os.getpgid(pid)
    os.killpg(group, signal.SIGSTOP)  # silent, which is worse than gone
    references = [family.ask() for family in families]
    pages = [seconds for family in families for seconds in family.timings]
    say(f"{name} away: slowest of {len(pages)} pages", max(pages), PAGE)
    say(f"{name} away: median page", statistics.median(pages), PAGE)
    os.killpg(group, signal.SIGKILL)
    say(
        f"{name} back: {len(references)} requests, each one advocate, one mail",
        wait_routed(references, AFTER_OUTAGE),
        AFTER_OUTAGE,
    )


def leaks(folder: Path) -> list[str]:
    """Files of the stack (broker, logs) that hold a value of a family in clear. Mail is read apart."""
    needles = (b"Canary Family", b"@family.example", b"312-555-01", b"+1312555")
    found = []
    for path in folder.rglob("*"):
        if path.is_file() and "mail" not in path.relative_to(folder).parts:
            data = path.read_bytes()
            found += [f"{path.relative_to(folder)}: {needle.decode()}" for needle in needles if needle in data]
    return found


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--worker", type=int, required=True)
    parser.add_argument("--redis", type=int, required=True)
    pids = parser.parse_args()
    home = os.environ["SITE_URL"]
    first = Family(home, 1)
    reference = first.ask()
    say("all well: one request routed and mailed", wait_routed([reference], 60), AT_ONCE)
    drill("worker", pids.worker, [Family(home, n) for n in range(10, 20)])
    drill("redis", pids.redis, [Family(home, n) for n in range(20, 30)])
    found = leaks(Path(os.environ["STATIC_ROOT"]).parent)
    print(f"personal values in broker, logs and database files: {len(found)}", *found, sep="\n  ")
    assert not found


if __name__ == "__main__":
    try:
        main()
    except AssertionError as error:
        sys.exit(f"FAILED: {error}")
