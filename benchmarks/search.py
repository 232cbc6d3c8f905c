"""How long a search takes among 10,000 articles, on PostgreSQL and on SQLite.

    .venv/bin/python -m benchmarks.search

Fills both, in throw-away places, with the shipped texts and places and with articles of 1,000 words that are drawn from
their words as Zipf's law has it. Then asks the sixty questions of `tests/test_search_journeys.py`, round after round.
Of each question the median over the rounds counts. Ends with 1 when PostgreSQL is over the limit.
"""

import argparse
import json
import os
import random
import statistics
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Iterator
from itertools import accumulate
from pathlib import Path

from benchmarks import throw_away
from navigator import servers

ARTICLES = 10_000
BODY, SUMMARY, TITLE, SENTENCE = 1_000, 20, 6, 12  # words
BATCH = 500
ROUNDS = 7
LIMIT = 30.0  # milliseconds, for 95 of 100 questions, on PostgreSQL


def fill() -> None:
    from django.core.management import call_command
    from django.db import connection

    from content import library
    from doctors.directory import load_directory
    from navigator.search import entries

    call_command("migrate", verbosity=0)
    library.load()
    load_directory()
    entries.rebuild()
    made = list(articles())
    for start in range(0, len(made), BATCH):
        entries.put(made[start : start + BATCH])
    with connection.cursor() as cursor:
        cursor.execute("VACUUM ANALYZE" if connection.vendor == "postgresql" else "ANALYZE")


def articles() -> "Iterator[entries.Entry]":  # noqa: F821  Django is set up later
    from navigator.models import SearchEntry
    from navigator.search import words
    from navigator.search.entries import Entry, Kind

    texts = SearchEntry.objects.filter(key__startswith="content:")
    used = Counter(word for text in texts for word in words.split(f"{text.title} {text.summary} {text.body}"))
    vocabulary = [word for word, _ in used.most_common()]
    weights = list(accumulate(1 / rank for rank in range(1, len(vocabulary) + 1)))
    chance = random.Random(7)

    def some(count: int) -> list[str]:
        return chance.choices(vocabulary, cum_weights=weights, k=count)

    for number in range(ARTICLES):
        drawn = some(BODY)
        sentences = (" ".join(drawn[start : start + SENTENCE]) for start in range(0, BODY, SENTENCE))
        yield Entry(
            key=f"made:{number}",
            kind=Kind.ARTICLE,
            title=" ".join(some(TITLE)).capitalize(),
            path=f"/made/{number}/",
            summary=" ".join(some(SUMMARY)).capitalize() + ".",
            body="\n".join(f"{sentence.capitalize()}." for sentence in sentences),
        )


def ask(rounds: int) -> dict[str, float]:
    """Each question's median, in milliseconds."""
    from navigator.search.asking import find
    from tests.test_search_journeys import JOURNEYS

    taken: dict[str, list[float]] = {question: [] for question in JOURNEYS}
    for number in range(rounds + 1):
        for question, times in taken.items():
            started = time.perf_counter()
            find(question)
            if number:  # the first round warms up
                times.append((time.perf_counter() - started) * 1000)
    return {question: statistics.median(times) for question, times in taken.items()}


def measure(rounds: int) -> None:
    """In a process of its own, on the database of DATABASE_URL: one line of JSON."""
    import django

    django.setup()
    started = time.monotonic()
    fill()
    print(f"{ARTICLES} articles in {time.monotonic() - started:.0f} s", file=sys.stderr, flush=True)
    print(json.dumps(ask(rounds)))


def measured(url: str, rounds: int) -> dict[str, float]:
    environment = {**os.environ, **throw_away.settings(url)}
    command = [sys.executable, "-m", "benchmarks.search", "--measure", "--rounds", str(rounds)]
    done = subprocess.run(command, env=environment, stdout=subprocess.PIPE, text=True, check=True)
    return json.loads(done.stdout)


def say(name: str, times: dict[str, float]) -> float:
    p50, p95 = (statistics.quantiles(times.values(), n=100)[place] for place in (49, 94))
    slowest = max(times, key=times.__getitem__)
    print(f"{name:<12} p50 {p50:6.1f} ms   p95 {p95:6.1f} ms   limit {LIMIT:g} ms   slowest: {slowest}", flush=True)
    return p95


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--rounds", type=int, default=ROUNDS)
    parser.add_argument("--measure", action="store_true", help="in this process, on DATABASE_URL")
    arguments = parser.parse_args()
    if arguments.measure:
        measure(arguments.rounds)
        return
    with tempfile.TemporaryDirectory(prefix="nav-search-") as folder:
        say("SQLite", measured(f"sqlite:///{Path(folder) / 'search.sqlite3'}", arguments.rounds))
    server = servers.Postgres()
    try:
        p95 = say("PostgreSQL", measured(server.start(), arguments.rounds))
    finally:
        server.stop()
    if p95 > LIMIT:
        sys.exit(f"FAILED: {p95:.1f} ms is over {LIMIT:g} ms")


if __name__ == "__main__":
    main()
