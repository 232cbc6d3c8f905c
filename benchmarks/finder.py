"""How long a family waits for the finder: a ZIP's place, the nearest programs of a million, a page of results.

    .venv/bin/python -m benchmarks.finder
    .venv/bin/python -m benchmarks.finder --programs 100000

Looks ZIPs up in a fresh process. Then, on SQLite and on PostgreSQL in throw-away places: opens the results page of 300
ZIPs with the shipped data, adds a million made programs (`benchmarks/programs.py`), opens the pages again, and asks for
the nearest ten that treat peritoneal disease: as the finder does, by a look at every row, and by PostgreSQL's
`earthdistance` with an index of its own. All have to name the same programs. Ends with 1 when a limit is broken or an
answer differs. Times are those of one request at a time, from the question to the answer, with Django's test client:
a machine that is busy with other things makes them longer.
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
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

from benchmarks import throw_away
from navigator import servers

if TYPE_CHECKING:
    from django.db.models import QuerySet

    from doctors.zipcodes import Place

PROGRAMS = 1_000_000
ZIPS = 300
SCANS = 20  # a look at every row takes a second: so many ZIPs have to do
COUNT = 10
PAGE_LIMITS = {"shipped": 15.0, "many": 50.0}  # milliseconds, for 95 of 100 requests; "many" on PostgreSQL only
WARM_LIMIT, START_LIMIT, MEMORY_LIMIT = 20.0, 100.0, 15.0  # microseconds, milliseconds, MB
AS_FAR = 1e-3  # miles


class Page(NamedTuple):
    """A page of results: what is asked beside the ZIP, of how many ZIPs, and if the limit is for it."""

    query: str
    zips: int = ZIPS
    is_limited: bool = True


PAGES = {
    "within 150 miles": Page("radius=150"),
    "any distance": Page("radius=any"),
    "peritoneal, by miles": Page("radius=150&kind=peritoneal&sort=miles"),
    "every filter at once": Page(
        "radius=150&kind=peritoneal&has=surgery&has=hipec&has=trials&has=team&has=remote&has=nci&has=self_referral",
        zips=60,
        is_limited=False,  # nobody meets all: the worst that can be asked
    ),
}

# --- A ZIP's place --------------------------------------------------------------------------------------------------

LOOK_UP = """
import json, time

def memory():
    with open("/proc/self/statm") as pages:
        return int(pages.read().split()[1]) * 4096

before, began = memory(), time.perf_counter()
from doctors.zipcodes import locate
locate("60614")
started = time.perf_counter()
codes = [f"{number:05}" for number in range(0, 100_000, 7)]
for code in codes:
    locate(code)
again = time.perf_counter()
for code in codes:
    locate(code)
warm = (time.perf_counter() - again) / len(codes)
print(json.dumps([warm * 1e6, (started - began) * 1e3, (memory() - before) / 1e6]))
"""


def look_up() -> list[str]:
    """In a new process without Django. Returns what is wrong."""
    done = subprocess.run([sys.executable, "-c", LOOK_UP], stdout=subprocess.PIPE, text=True, check=True)
    warm, start, memory = json.loads(done.stdout)
    return [
        *say("a ZIP's place, warm", f"{warm:.1f} microseconds", WARM_LIMIT, warm),
        *say("import and first ZIP", f"{start:.0f} ms", START_LIMIT, start),
        *say("memory of all ZIPs", f"{memory:.1f} MB", MEMORY_LIMIT, memory),
    ]


# --- The nearest ten ------------------------------------------------------------------------------------------------

Answer = list[tuple[float, int]]  # miles and primary key


def treating() -> "QuerySet[Any]":
    from doctors.models import Program

    return Program.objects.current().filter(peritoneal=True)


def by_finder(place: "Place") -> Answer:
    from doctors.nearest import nearest

    return [(miles, program.pk) for program, miles in nearest(treating(), place, COUNT)]


def by_scan(place: "Place") -> Answer:
    """The haversine of every row: what there is without any index."""
    from django.db.models import F
    from django.db.models.functions import ASin, Cos, Power, Radians, Sin, Sqrt

    from doctors.distance import EARTH_RADIUS

    north = Radians(F("latitude"))
    half = Power(Sin((north - Radians(place.latitude)) / 2.0), 2) + Cos(north) * Cos(Radians(place.latitude)) * Power(
        Sin((Radians(F("longitude")) - Radians(place.longitude)) / 2.0), 2
    )
    rows = treating().annotate(miles=2 * EARTH_RADIUS * ASin(Sqrt(half))).order_by("miles")
    return list(rows.values_list("miles", "pk")[:COUNT])


# The indexed expression has to stand in the question as it stands in the index.
EARTH_INDEX = [
    "CREATE EXTENSION IF NOT EXISTS cube",
    "CREATE EXTENSION IF NOT EXISTS earthdistance",
    "CREATE INDEX earth ON doctors_program USING gist (ll_to_earth(latitude, longitude)) WHERE peritoneal",
    "ANALYZE doctors_program",
]
EARTH_BOX = """
SELECT earth_distance(ll_to_earth(latitude, longitude), ll_to_earth(%(latitude)s, %(longitude)s)) / 1609.344 AS miles,
       id
FROM doctors_program
WHERE peritoneal AND ended_on IS NULL
  AND earth_box(ll_to_earth(%(latitude)s, %(longitude)s), %(meters)s) @> ll_to_earth(latitude, longitude)
  AND earth_distance(ll_to_earth(latitude, longitude), ll_to_earth(%(latitude)s, %(longitude)s)) <= %(meters)s
ORDER BY miles LIMIT %(count)s
"""
EARTH_NEAREST = """
SELECT earth_distance(ll_to_earth(latitude, longitude), ll_to_earth(%(latitude)s, %(longitude)s)) / 1609.344 AS miles,
       id
FROM doctors_program
WHERE peritoneal AND ended_on IS NULL
ORDER BY ll_to_earth(latitude, longitude) <-> ll_to_earth(%(latitude)s, %(longitude)s) LIMIT %(count)s
"""


def by_earth_box(place: "Place") -> Answer:
    """Wider and wider boxes, as many as the finder asks for."""
    meters, found = 20_000.0, Answer()
    while len(found) < COUNT and meters < 21_000_000:
        found = _earth(EARTH_BOX, place, meters)
        meters *= 3
    return found


def by_earth_order(place: "Place") -> Answer:
    """The index itself gives the nearest first."""
    return _earth(EARTH_NEAREST, place)


def _earth(question: str, place: "Place", meters: float = 0) -> Answer:
    from django.db import connection

    values = {"latitude": place.latitude, "longitude": place.longitude, "meters": meters, "count": COUNT}
    with connection.cursor() as cursor:
        cursor.execute(question, values)
        return cursor.fetchall()


def index_earth() -> str:
    """Makes the index of `earthdistance`. Returns why there is none, or ""."""
    from django.db import DatabaseError, connection

    if connection.vendor != "postgresql":
        return "only PostgreSQL has it"
    try:
        with connection.cursor() as cursor:
            for statement in EARTH_INDEX:
                cursor.execute(statement)
    except DatabaseError as error:
        return f"this server does not have it: {error}".strip()
    return ""


def same(ours: Answer, theirs: Answer) -> bool:
    """The same programs, but for those as far from the ZIP as the last. The miles may differ: PostgreSQL's Earth is
    0.1 % larger."""
    left, right = {pk for _, pk in ours}, {pk for _, pk in theirs}
    last = ours[-1][0]
    return len(left) == len(right) and all(last - miles < AS_FAR for miles, pk in ours if pk not in right)


# --- On one database ------------------------------------------------------------------------------------------------


def drawn(count: int) -> "list[Place]":
    """Random ZIPs, each as likely."""
    from doctors.zipcodes import DATA, locate

    codes = [line[:5] for line in (DATA / "zip_points.csv").read_text(encoding="utf-8").splitlines()[1:]]
    return [place for code in random.Random(3).sample(codes, count) if (place := locate(code))]


def timed(ask: Callable[..., Any], questions: Iterable[Any]) -> tuple[list[Any], list[float]]:
    """The answers, and the milliseconds of each. The first question is asked once before, to warm up."""
    questions = list(questions)
    ask(questions[0])
    answers, times = [], []
    for question in questions:
        began = time.perf_counter()
        answers.append(ask(question))
        times.append((time.perf_counter() - began) * 1000)
    return answers, times


def open_pages() -> dict[str, list[float]]:
    """The milliseconds of each page of results, for each ZIP."""
    from django.test import Client
    from django.urls import reverse

    client = Client(HTTP_HOST="127.0.0.1")

    def get(url: str) -> None:
        answer = client.get(url)
        assert answer.status_code == 200, f"{url}: {answer.status_code}"
        assert b"mesothelioma" in answer.content

    path, places = reverse("near"), drawn(ZIPS)
    return {
        name: timed(get, (f"{path}?zip={place.zip}&{page.query}" for place in places[: page.zips]))[1]
        for name, page in PAGES.items()
    }


def ask_nearest() -> dict[str, Any]:
    """The milliseconds of each way, by its name; a text where there is none, or where the answers differ."""
    places = drawn(ZIPS)
    answers, times = timed(by_finder, places)
    found: dict[str, Any] = {"ours": times}
    ways: dict[str, tuple[Callable[..., Answer], int]] = {"every row": (by_scan, SCANS)}
    if missing := index_earth():
        found["earthdistance"] = missing
    else:
        ways |= {"earthdistance, boxes": (by_earth_box, ZIPS), "earthdistance, in order": (by_earth_order, ZIPS)}
    for name, (way, count) in ways.items():
        others, found[name] = timed(way, places[:count])
        wrong = [place.zip for place, own, other in zip(places, answers, others, strict=False) if not same(own, other)]
        if wrong:
            found["WRONG " + name] = f"another answer for {', '.join(wrong)}"
    return found


def measure(programs: int) -> None:
    """In a process of its own, on the database of DATABASE_URL: one line of JSON."""
    import django

    django.setup()
    from django.core.management import call_command

    from benchmarks.programs import fill
    from doctors.directory import load_directory
    from navigator.caching import forget_public_pages

    call_command("migrate", verbosity=0)
    load_directory()
    shipped = open_pages()
    began = time.monotonic()
    fill(programs)
    forget_public_pages()  # as every verb that changes a listing does
    print(f"{programs:,} programs in {time.monotonic() - began:.0f} s", file=sys.stderr, flush=True)
    many = open_pages()
    print(json.dumps({"shipped": shipped, "many": many, "nearest": ask_nearest()}))


def measured(url: str, programs: int) -> dict[str, Any]:
    environment = {**os.environ, **throw_away.settings(url)}
    command = [sys.executable, "-m", "benchmarks.finder", "--measure", "--programs", str(programs)]
    done = subprocess.run(command, env=environment, stdout=subprocess.PIPE, text=True, check=True)
    return json.loads(done.stdout)


# --- What is said ---------------------------------------------------------------------------------------------------


def say(name: str, figure: str, limit: float | None, value: float) -> list[str]:
    """Prints a line. Returns what is wrong: the name, or nothing."""
    broken = limit is not None and value > limit
    words = "" if limit is None else f"limit {limit:g}  {'TOO MUCH' if broken else 'ok'}"
    print(f"  {name:<34} {figure:<34} {words}".rstrip(), flush=True)
    return [name] if broken else []


def p50_p95(times: list[float]) -> tuple[float, float]:
    cuts = statistics.quantiles(times, n=20, method="inclusive")
    return cuts[9], cuts[18]


def report(name: str, programs: int, found: dict[str, Any], limits: dict[str, float]) -> list[str]:
    """Prints what was measured on one database. Returns what is wrong."""
    wrong = []
    for size, words in (("shipped", "the shipped data"), ("many", f"{programs:,} programs")):
        print(f"{name}, page of results, {words}")
        for page, times in found[size].items():
            wrong += line(page, times, limits.get(size) if PAGES[page].is_limited else None)
    print(f"{name}, nearest {COUNT} of {programs:,} that treat peritoneal disease")
    for way, times in found["nearest"].items():
        if isinstance(times, str):
            print(f"  {way:<34} {times}", flush=True)
            wrong += [way] if way.startswith("WRONG") else []
        else:
            wrong += line(f"{way} ({len(times)} ZIPs)", times, None)
    return [f"{name}: {what}" for what in wrong]


def line(name: str, times: list[float], limit: float | None) -> list[str]:
    p50, p95 = p50_p95(times)
    return say(name, f"p50 {p50:8.1f} ms  p95 {p95:8.1f} ms", limit, p95)


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--programs", type=int, default=PROGRAMS)
    parser.add_argument("--measure", action="store_true", help="in this process, on DATABASE_URL")
    parser.add_argument("--only", choices=["SQLite", "PostgreSQL"])
    arguments = parser.parse_args()
    if arguments.measure:
        measure(arguments.programs)
        return
    print(f"{os.cpu_count()} processors, {os.getloadavg()[0]:.1f} of them busy when this began")
    print("ZIPs, in a fresh process")
    wrong = look_up()
    if arguments.only != "SQLite":
        server = servers.Postgres()
        try:
            found = measured(server.start(), arguments.programs)
        finally:
            server.stop()
        wrong += report("PostgreSQL", arguments.programs, found, PAGE_LIMITS)
    if arguments.only != "PostgreSQL":
        with tempfile.TemporaryDirectory(prefix="nav-finder-") as folder:
            found = measured(f"sqlite:///{Path(folder) / 'finder.sqlite3'}", arguments.programs)
        wrong += report("SQLite", arguments.programs, found, {"shipped": PAGE_LIMITS["shipped"]})
    if wrong:
        sys.exit("FAILED: " + "; ".join(wrong))


if __name__ == "__main__":
    main()
