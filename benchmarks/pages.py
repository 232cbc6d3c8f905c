"""How many public pages a second: ready-made, beside a bare callable with the same bytes, and beside Django alone.

    .venv/bin/python -m benchmarks.pages

Needs `wrk` (Debian has it). Fills a throw-away PostgreSQL with the shipped texts and listings and starts three servers
as the image does: the site, the site with READY_PAGES off, and `benchmarks.bare`. Each page is asked for in turns, so
that a slow minute of the machine is everybody's. Ends with 1 when a median ratio is under its limit, when a page asks
Django for more than QUERIES or costs more than CPU milliseconds, or when a publication is not seen within a second.
"""

import argparse
import base64
import json
import os
import re
import resource
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path

from benchmarks.staff_pages import throw_away_site

PAGES = {
    "home": "/",
    "article": "/second-opinion/",
    "answers": "/faq/",
    "center": "",  # the first of the directory
}
OF_BARE, OF_DJANGO = 0.85, 40.0  # the ready-made page, in requests a second, beside each
QUERIES, CPU = 4, 6.0  # of one page through Django; milliseconds of processor time
SEEN = 1.5  # seconds until every process gives out what was published: one, and the time of asking
HOST = {"Accept-Encoding": "br", "Host": "127.0.0.1"}
RATE = re.compile(r"Requests/sec: +([\d.]+)")
WORKERS = 2


@dataclass(frozen=True)
class Rates:
    """Requests a second, one figure for each turn."""

    ready: list[float]
    bare: list[float]
    django: list[float]

    def ratio(self, peer: str) -> float:
        """The median of the ratios of each turn."""
        pairs = zip(self.ready, getattr(self, peer), strict=True)
        return statistics.median(ready / other for ready, other in pairs)


def load() -> None:
    from django.core.management import call_command

    with Path(os.devnull).open("w") as nowhere:
        call_command("migrate", verbosity=0)
        for command in ("load_library", "load_directory"):
            call_command(command, stdout=nowhere)


def addresses() -> dict[str, str]:
    from doctors.models import Center

    center = Center.objects.order_by("pk").first()
    assert center
    return {name: path or center.get_absolute_url() for name, path in PAGES.items()}


@contextmanager
def server(application: str, port: int, **environment: str) -> Iterator[str]:
    """The production server, with the arguments of the image. Its address."""
    at = ["--host", "127.0.0.1", "--port", str(port), "--workers", str(WORKERS), "--blocking-threads", "8"]
    command = [
        sys.executable,
        "-m",
        "granian",
        "--interface",
        "wsgi",
        application,
        *at,
        "--no-ws",
        "--log-level",
        "error",
    ]
    process = subprocess.Popen(command, env={**os.environ, **environment}, stderr=subprocess.DEVNULL)
    home = f"http://127.0.0.1:{port}"
    try:
        yield home
    finally:
        process.terminate()
        process.wait(20)


def wait(url: str) -> None:
    end = time.monotonic() + 60
    while True:
        try:
            fetch(url)
            return
        except OSError:
            assert time.monotonic() < end, f"{url} does not answer"
            time.sleep(0.2)


def fetch(url: str, accepts: str = "br") -> tuple[list[tuple[str, str]], bytes]:
    """Headers and body as they are sent to who takes these encodings."""
    request = urllib.request.Request(url, headers={**HOST, "Accept-Encoding": accepts})  # noqa: S310  our own address
    with urllib.request.urlopen(request, timeout=10) as answer:  # noqa: S310
        return list(answer.headers.items()), answer.read()


def rate(url: str, seconds: float) -> float:
    """Requests a second over kept connections; every answer must be 2xx."""
    headers = [part for name, value in HOST.items() for part in ("-H", f"{name}: {value}")]
    command = ["wrk", "-t1", "-c32", f"-d{seconds:g}s", *headers, url]
    said = subprocess.run(command, capture_output=True, text=True, check=True).stdout
    assert "Non-2xx" not in said, said
    found = RATE.search(said)
    assert found, said
    return float(found[1])


def compare(homes: dict[str, str], path: str, turns: int, seconds: float) -> Rates:
    found: dict[str, list[float]] = {name: [] for name in homes}
    for _ in range(turns):
        for name, home in homes.items():
            found[name].append(rate(home + path, seconds))
    return Rates(**found)


def through_django(path: str, rounds: int = 20) -> tuple[int, float]:
    """Queries, and the median of the processor's milliseconds, of one page made by Django."""
    from django.db import connection
    from django.test import Client
    from django.test.utils import CaptureQueriesContext

    client = Client(HTTP_HOST="127.0.0.1")

    def get() -> float:
        before = resource.getrusage(resource.RUSAGE_SELF)
        assert client.get(path).status_code == 200
        after = resource.getrusage(resource.RUSAGE_SELF)
        return (after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime) * 1000

    get()
    with CaptureQueriesContext(connection) as captured:
        get()
        queries = len(captured)
    return queries, statistics.median(get() for _ in range(rounds))


def publication_seen(home: str, path: str) -> float:
    """Seconds until the center's page has its new name every time: asked for two seconds longer, of all processes."""
    from doctors.models import Center
    from navigator.caching import forget_public_pages

    warm = time.monotonic()
    while time.monotonic() - warm < 1.5:  # so that every process has just compared the generation
        _plain(home + path)
    center = Center.objects.order_by("pk")[:1]
    Center.objects.filter(pk__in=center.values("pk")).update(name="Published A Moment Ago")
    forget_public_pages()
    started = last_old = time.monotonic()
    while time.monotonic() - last_old < 2:
        if b"Published A Moment Ago" not in _plain(home + path):
            last_old = time.monotonic()
    return last_old - started


def _plain(url: str) -> bytes:
    with urllib.request.urlopen(url, timeout=10) as answer:  # noqa: S310  our own address
        return bytes(answer.read())


def run(turns: int, seconds: float, folder: Path) -> list[str]:
    load()
    paths = addresses()
    wrong = []
    with ExitStack() as servers:
        replies = folder / "replies.json"
        site = {"SITE_URL": "http://127.0.0.1", "ALLOWED_HOSTS": "127.0.0.1", "STATIC_ROOT": ""}
        homes = {
            "ready": servers.enter_context(server("navigator.wsgi:application", 8571, READY_PAGES="true", **site)),
            "django": servers.enter_context(server("navigator.wsgi:application", 8572, READY_PAGES="", **site)),
        }
        for home in homes.values():
            wait(home + "/")
        known = {path: fetch(homes["ready"] + path) for path in paths.values()}
        own = ("server", "date", "connection", "transfer-encoding")  # what the server adds itself
        replies.write_text(
            json.dumps(
                {
                    path: [[pair for pair in headers if pair[0].lower() not in own], base64.b64encode(body).decode()]
                    for path, (headers, body) in known.items()
                }
            )
        )
        homes["bare"] = servers.enter_context(server("benchmarks.bare:application", 8573, BARE_PAGES=str(replies)))
        wait(homes["bare"] + "/")
        print(
            f"{'':<10} {'bytes':>6} {'ready/s':>9} {'bare/s':>9} {'Django/s':>9}   of bare   of Django   queries   CPU"
        )
        for name, path in paths.items():
            assert fetch(homes["bare"] + path)[1] == known[path][1], "the peer gives the same bytes"
            rates = compare(homes, path, turns, seconds)
            queries, cpu = through_django(path)
            wrong += say(name, len(known[path][1]), rates, queries, cpu)
        seen = publication_seen(homes["ready"], paths["center"])
        print(f"published: every process gave out the new page after {seen:.2f} s   limit {SEEN:g} s")
        wrong += ["a publication was seen late"] if seen > SEEN else []
    return wrong


def say(name: str, size: int, rates: Rates, queries: int, cpu: float) -> list[str]:
    of_bare, of_django = rates.ratio("bare"), rates.ratio("django")
    wrong = []
    if of_bare < OF_BARE:
        wrong.append(f"{name}: {of_bare:.2f} of a bare callable")
    if of_django < OF_DJANGO:
        wrong.append(f"{name}: {of_django:.0f} times Django")
    if queries > QUERIES:
        wrong.append(f"{name}: {queries} queries")
    if cpu > CPU:
        wrong.append(f"{name}: {cpu:.1f} ms")
    print(
        f"{name:<10} {size:>6} {statistics.median(rates.ready):>9,.0f} {statistics.median(rates.bare):>9,.0f} "
        f"{statistics.median(rates.django):>9,.0f}   {of_bare:>4.2f} ≥ {OF_BARE:g}   "
        f"{of_django:>4.0f} ≥ {OF_DJANGO:g}   "
        f"{queries:>2} ≤ {QUERIES}   {cpu:>4.1f} ≤ {CPU:g} ms   {'; '.join(wrong) or 'ok'}",
        flush=True,
    )
    return wrong


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--turns", type=int, default=5)
    parser.add_argument("--seconds", type=float, default=3.0)
    wanted = parser.parse_args()
    if not shutil.which("wrk"):
        sys.exit("Install wrk first: apt-get install wrk")
    with throw_away_site(keep=False), tempfile.TemporaryDirectory(prefix="nav-pages-") as folder:
        wrong = run(wanted.turns, wanted.seconds, Path(folder))
    if wrong:
        sys.exit("FAILED: " + "; ".join(wrong))


if __name__ == "__main__":
    main()
