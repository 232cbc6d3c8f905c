"""How many families a second can send a request: beside a minimal form with two INSERTs, and while Redis is away.

    .venv/bin/python -m benchmarks.submitting

Starts a durable PostgreSQL (fsync on) and three servers as the image does: `benchmarks.minimal`, the site, and the site
with the address of a Redis that is not there. Every family has answered every question before (its session is written
beforehand) and presses the last button: the answers are opened, checked, encrypted and stored with consent, history and
promises before the page answers. In turns, so that a slow minute is everybody's. Ends with 1 when the site takes fewer
than OF_MINIMAL of what the peer takes, or when Redis costs more than WITHOUT_REDIS.
"""

import argparse
import os
import secrets
import socket
import statistics
import subprocess
import sys
import tempfile
import threading
import time
import urllib.parse
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from datetime import timedelta
from pathlib import Path
from typing import Any

from benchmarks import throw_away
from benchmarks.pages import server, wait
from navigator import servers

OF_MINIMAL, WITHOUT_REDIS = 0.5, 0.9
AT_ONCE = 8
HOST = "127.0.0.1"
CSRF = "c" * 32
ASKED = {
    "name": "Maria Sample",
    "email": "maria@family.example",
    "phone": "312-555-0142",
    "state": "IL",
    "zip": "60614",
    "disease": "pleural",
    "travel": "150",
    "wants": "surgery",
    "language": "en",
    "time_zone": "America/Chicago",
}
ANSWERS: dict[str, dict[str, Any]] = {
    "who": {"for_whom": "me"},
    "told": {"disease": "pleural"},
    "where": {"zip": "60614", "state": ""},
    "travel": {"travel": "150"},
    "help": {"wants": ["surgery"]},
    "cover": {"cover": ""},
    "served": {"served": ""},
    "contact": {
        "name": "Maria Sample",
        "reach_by": "email",
        "email": "",
        "phone": "",
        "may_leave_message": "no",
        "may_say_why": "no",
        "agrees": True,
        "website": "",
    },
    "times": {"best_time": "any", "not_times": [], "time_zone": "America/Chicago", "language": "en"},
}


def post(path: str, data: dict[str, str], cookies: dict[str, str]) -> bytes:
    """A whole HTTP request."""
    body = urllib.parse.urlencode(data)
    said = "; ".join(f"{name}={value}" for name, value in cookies.items())
    lines = [
        f"POST {path} HTTP/1.1",
        f"Host: {HOST}",
        "Content-Type: application/x-www-form-urlencoded",
        f"Content-Length: {len(body)}",
        f"Cookie: {said}",
    ]
    return "\r\n".join([*lines, "", body]).encode()


def simple(count: int) -> list[bytes]:
    one = post("/ask/", {**ASKED, "csrfmiddlewaretoken": CSRF}, {"csrftoken": CSRF})
    return [one] * count


def families(count: int) -> list[bytes]:
    """`count` sessions, each with every answer; and the last page of each as its button sends it."""
    from django.conf import settings
    from django.contrib.sessions.backends.db import SessionStore
    from django.contrib.sessions.models import Session
    from django.utils import timezone

    from intake import consent
    from intake.forms.contact import new_submission
    from intake.journey import new_number
    from intake.views.match_contact import _mark

    store, until, rows, sent = SessionStore(), timezone.now() + timedelta(hours=1), [], []
    for _ in range(count):
        number, key = new_number(), secrets.token_hex(16)
        contact = {**ANSWERS["contact"], "email": f"m{key}@family.example", "words": consent.contact_words()}
        answers = {**ANSWERS, "contact": contact}
        held = {"began": time.time() - 600, "answers": answers, "drafts": {}, "taken": ""}
        rows.append(Session(session_key=key, session_data=store.encode({"match": {number: held}}), expire_date=until))
        form = {"submission": new_submission(), "seen": _mark(answers), "csrfmiddlewaretoken": CSRF}
        cookies = {settings.SESSION_COOKIE_NAME: key, settings.CSRF_COOKIE_NAME: CSRF}
        sent.append(post(f"/match/{number}/check/", form, cookies))
    Session.objects.bulk_create(rows)
    return sent


def send(port: int, requests: list[bytes]) -> float:
    """All of them, AT_ONCE at a time over kept connections; how many a second. Each must lead on."""
    left, lock, wrong = iter(requests), threading.Lock(), []

    def go_on() -> None:
        with socket.create_connection((HOST, port), timeout=30) as line, line.makefile("rb") as answers:
            while True:
                with lock:
                    request = next(left, None)
                if request is None:
                    return
                line.sendall(request)
                head = [answers.readline()]
                while head[-1] not in (b"\r\n", b""):
                    head.append(answers.readline())
                size = next((int(one[15:]) for one in head if one.lower().startswith(b"content-length:")), 0)
                answers.read(size)
                if b" 302 " not in head[0]:
                    wrong.append(head[0])

    threads = [threading.Thread(target=go_on) for _ in range(AT_ONCE)]
    started = time.perf_counter()
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    took = time.perf_counter() - started
    assert not wrong, f"{len(wrong)} of {len(requests)}: {wrong[:2]}"
    return len(requests) / took


@contextmanager
def site() -> Iterator[str]:
    """A durable PostgreSQL with the site's tables and the sample desk. Its address."""
    with tempfile.TemporaryDirectory(prefix="nav-submitting-", dir="/var/tmp") as folder:
        Path(folder).chmod(0o711)
        postgres = servers.Postgres(data=Path(folder) / "postgres")
        try:
            url = postgres.start()
            os.environ |= throw_away.settings(url)
            import django
            from django.core.management import call_command

            django.setup()
            with Path(os.devnull).open("w") as nowhere:
                call_command("migrate", verbosity=0)
                call_command("load_desk", stdout=nowhere)
            yield url
        finally:
            postgres.stop()


def run(turns: int, count: int) -> list[str]:
    with site() as url, ExitStack() as started:
        from intake.models import Consent, HelpRequest, Promise

        redis = servers.Redis()
        started.callback(redis.stop)
        ours = {"SITE_URL": "http://127.0.0.1", "ALLOWED_HOSTS": HOST, "STATIC_ROOT": "", "LOG_FORMAT": "json"}
        subprocess.run([sys.executable, "-m", "benchmarks.minimal"], check=True)
        ports = {"minimal": 8581, "site": 8582, "without Redis": 8583}
        started.enter_context(server("benchmarks.minimal:application", ports["minimal"], DATABASE_URL=url))
        started.enter_context(server("navigator.wsgi:application", ports["site"], REDIS_URL=redis.start(), **ours))
        away = "redis://127.0.0.1:1/0"
        started.enter_context(server("navigator.wsgi:application", ports["without Redis"], REDIS_URL=away, **ours))
        for name in ("site", "without Redis"):
            wait(f"http://{HOST}:{ports[name]}/health/live")
        rates: dict[str, list[float]] = {name: [] for name in ports}
        for turn in range(turns + 1):
            for name, port in ports.items():
                rate = send(port, simple(count * 4) if name == "minimal" else families(count))
                if turn:  # the first turn warms up
                    rates[name].append(rate)
        stored = 2 * (turns + 1) * count
        counts = (HelpRequest.objects.count(), Consent.objects.count(), Promise.objects.count())
        assert counts == (stored, stored, 4 * stored), counts
    of_minimal = ratio(rates["site"], rates["minimal"])
    of_redis = ratio(rates["without Redis"], rates["site"])
    for name, found in rates.items():
        print(f"{name:<14} {statistics.median(found):>7,.0f} a second")
    print(f"of a minimal form  {of_minimal:.2f} ≥ {OF_MINIMAL:g}")
    print(f"without Redis      {of_redis:.2f} ≥ {WITHOUT_REDIS:g} of with it")
    print(f"{stored} sent, {stored} stored, each with a consent and four promises")
    wrong = [f"{of_minimal:.2f} of a minimal form"] if of_minimal < OF_MINIMAL else []
    return [*wrong, *([f"{of_redis:.2f} without Redis"] if of_redis < WITHOUT_REDIS else [])]


def ratio(found: list[float], peer: list[float]) -> float:
    """The median of the ratios of each turn."""
    return statistics.median(mine / other for mine, other in zip(found, peer, strict=True))


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--turns", type=int, default=5)
    parser.add_argument("--count", type=int, default=400, help="families in each turn")
    wanted = parser.parse_args()
    if wrong := run(wanted.turns, wanted.count):
        sys.exit("FAILED: " + "; ".join(wrong))


if __name__ == "__main__":
    main()
