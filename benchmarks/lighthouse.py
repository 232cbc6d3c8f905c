"""What Lighthouse says of five pages, as on a phone: 100 for performance, accessibility, best practices and SEO each.

    .venv/bin/python -m benchmarks.lighthouse

Needs node, npm and Debian's `chromium` (CHROMIUM names another). Each page is judged in turns by a browser just
started, on the production server with sample texts; the median counts. HTML, CSS and script together are held beside
14,336 bytes as they are sent (one round trip), no font may be loaded and nothing may move. Pages that search engines
must not list are not judged by whether they may: that one audit is left out there, and said; one that may be listed
after all fails.
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
ENCODINGS = "gzip, deflate, br, zstd"  # what the browser takes


@dataclass(frozen=True)
class Page:
    path: str
    is_listed: bool


@dataclass(frozen=True)
class Weight:
    """What one page loads: bytes of FIRST as they are sent, addresses of fonts, and how far the layout moved."""

    first: int
    fonts: list[str]
    shift: float


PAGES = {
    "article": Page("/second-opinion/", True),
    "home": Page("/", True),
    "finder": Page("/find-care/", True),
    "list": Page("/find-care/near/?zip=10016", False),  # New York: as many places as a list shows
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


def missed(page: Page, scores: dict[str, int], faults: list[str], weight: Weight) -> list[str]:
    """The limits that the page does not keep, in words."""
    wrong = [f"{what} {score}" for what, score in scores.items() if score < LIMIT]
    wrong += [f"{weight.first} bytes"] if weight.first > ONE_ROUND_TRIP else []
    wrong += [f"a font: {url}" for url in weight.fonts]
    wrong += ["moves"] if weight.shift > 0 else []
    is_kept = any(fault.startswith(NOT_LISTED) for fault in faults)
    return wrong + (["may be listed, and must not"] if not page.is_listed and not is_kept else [])


def weighed(found: list[dict[str, Any]]) -> Weight:
    """Of what was loaded in any turn; the bytes as the browser was sent them, without headers."""
    sent = {one["url"]: one["resourceType"] for turn in found for one in turn["sent"]}
    first = sum(len(fetch(url, ENCODINGS)[1]) for url, kind in sent.items() if kind in FIRST)
    fonts = [url for url, kind in sent.items() if kind == "Font"]
    return Weight(first, fonts, max(turn["shift"] for turn in found))


def tell(name: str, page: Page, found: list[dict[str, Any]]) -> list[str]:
    """Prints figures beside limits. The limits that were missed."""
    scores, faults = medians(found, page)
    weight = weighed(found)
    print(f"{name}  {page.path}")
    for what, score in scores.items():
        print(f"  {what:<15} {score:>3} of {LIMIT}   turns: {' '.join(str(one['scores'][what]) for one in found)}")
    print(
        f"  {weight.first:,} of {ONE_ROUND_TRIP:,} bytes, fonts {len(weight.fonts)} of 0, shift {weight.shift:g} of 0"
    )
    for fault in faults:
        is_left_out = not page.is_listed and fault.startswith(NOT_LISTED)
        print(f"  {'left out, as it must not be listed' if is_left_out else 'found in a turn'}: {fault}")
    sys.stdout.flush()
    return [f"{name}: {what}" for what in missed(page, scores, faults, weight)]


def run(turns: int, folder: str) -> list[str]:
    load()
    home, wrong = f"http://127.0.0.1:{PORT}", []
    site = {"SITE_URL": home, "ALLOWED_HOSTS": "127.0.0.1", "STATIC_ROOT": folder, "READY_PAGES": "true"}
    command = [sys.executable, "manage.py", "collectstatic", "--noinput", "-v", "0"]
    subprocess.run(command, env={**os.environ, **site}, check=True)
    with server("navigator.wsgi:application", PORT, **site):
        wait(home + "/")
        for name, page in PAGES.items():
            wrong += tell(name, page, [judged(home + page.path) for _ in range(turns)])
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
