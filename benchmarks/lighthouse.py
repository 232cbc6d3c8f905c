"""What Lighthouse says of four pages, as on a phone: 100 for performance, accessibility, best practices and SEO each.

    .venv/bin/python -m benchmarks.lighthouse

Needs node, npm and Debian's `chromium` (CHROMIUM names another). Each page is judged in turns by a browser just
started, on the production server with sample texts; the median counts. HTML, CSS and script together are held beside
14,336 bytes as they are sent (one round trip), no font may be loaded and nothing may move. Pages that search engines
must not list are not judged by whether they may: that one audit is left out there, and said.
"""

import argparse
import json
import os
import shutil
import statistics
import subprocess
import sys
import tempfile
from dataclasses import dataclass
from typing import Any

from benchmarks.front_end import installed
from benchmarks.pages import fetch, load, server, wait
from benchmarks.staff_pages import throw_away_site

PORT = 8593
LIMIT, ONE_ROUND_TRIP, TURNS = 100, 14_336, 5
TRIES = 3  # a busy machine may miss the first paint: then there is no verdict, good or bad
FIRST = ("Document", "Stylesheet", "Script")  # what the first paint waits for
NOT_LISTED = "seo: is-crawlable"


@dataclass(frozen=True)
class Page:
    path: str
    is_listed: bool


PAGES = {
    "article": Page("/second-opinion/", True),
    "home": Page("/", True),
    "finder": Page("/find-care/", True),
    "doctor match": Page("/match/who/", False),
}


def judged(address: str) -> dict[str, Any]:
    chromium = os.environ.get("CHROMIUM") or shutil.which("chromium") or ""
    command = ["node", "lighthouse.mjs", address, chromium]
    for _ in range(TRIES):
        said = subprocess.run(command, cwd=installed(), capture_output=True, text=True, check=False)
        if said.returncode == 0:
            found: dict[str, Any] = json.loads(said.stdout)
            return found
    sys.exit(f"Lighthouse could not judge {address}:\n{said.stderr}")


def medians(found: list[dict[str, Any]], page: Page) -> tuple[dict[str, int], list[str]]:
    """Each category's median, and what was found fault with in any turn. A page that must not be listed has no fault in
    being so: its SEO counts as full when that is the only one."""
    faults = sorted({f"{name} ({value})" for one in found for name, value in one["faults"].items()})
    scores = {name: int(statistics.median(one["scores"][name] for one in found)) for name in found[0]["scores"]}
    if not page.is_listed:
        others = [fault for fault in faults if fault.startswith("seo") and not fault.startswith(NOT_LISTED)]
        scores["seo"] = scores["seo"] if others else LIMIT
    return scores, faults


def run(turns: int, folder: str) -> list[str]:
    load()
    home, wrong = f"http://127.0.0.1:{PORT}", []
    site = {"SITE_URL": home, "ALLOWED_HOSTS": "127.0.0.1", "STATIC_ROOT": folder, "READY_PAGES": "true"}
    command = [sys.executable, "manage.py", "collectstatic", "--noinput", "-v", "0"]
    subprocess.run(command, env={**os.environ, **site}, check=True)
    with server("navigator.wsgi:application", PORT, **site):
        wait(home + "/")
        for name, page in PAGES.items():
            found = [judged(home + page.path) for _ in range(turns)]
            scores, faults = medians(found, page)
            sent, shift = found[0]["sent"], max(one["shift"] for one in found)
            first = sum(len(fetch(url)[1]) for url in {one["url"] for one in sent if one["resourceType"] in FIRST})
            fonts = [one["url"] for one in sent if one["resourceType"] == "Font"]
            print(
                f"{name:<13} {scores}  {first:>6,} of {ONE_ROUND_TRIP:,} bytes  shift {shift:.3f}  {faults or ''}",
                flush=True,
            )
            wrong += [f"{name}: {what} {score}" for what, score in scores.items() if score < LIMIT]
            wrong += [f"{name}: {first} bytes"] if first > ONE_ROUND_TRIP else []
            wrong += [f"{name}: a font"] if fonts else []
            wrong += [f"{name}: moves"] if shift > 0 else []
    return wrong


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--turns", type=int, default=TURNS)
    wanted = parser.parse_args()
    with throw_away_site(keep=False), tempfile.TemporaryDirectory(prefix="nav-lighthouse-") as folder:
        if wrong := run(wanted.turns, folder):
            sys.exit("FAILED: " + "; ".join(wrong))


if __name__ == "__main__":
    main()
