"""What MDN's HTTP Observatory says of our headers: A+ and 130 points at the least, on every kind of page.

    .venv/bin/python -m benchmarks.observatory

Needs nginx, node and npm. Starts the site as it is deployed: https behind `deploy/nginx.conf` with a certificate of its
own that the engine is told to trust. The engine runs here, without the network, so the lists of preloaded hosts are
empty. `--careless` takes the content policy away in the proxy, and must fail.
"""

import argparse
import json
import os
import socket
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

from benchmarks import proxy as proxies
from benchmarks.front_end import installed
from benchmarks.pages import load, server
from benchmarks.staff_pages import throw_away_site

GRADE, LEAST = "A+", 130
WEB = 8591
PATHS = ("/", "/second-opinion/", "/match/", "/match/who/", "/my/find/", "/admin/login/", "/robots.txt")


def run(folder: Path, *, careless: bool) -> list[str]:
    programs = installed()
    lists = programs / "node_modules" / "@mdn" / "mdn-http-observatory" / "conf"
    (lists / "hsts-preload.json").write_text("{}")
    (lists / "tld-list.json").write_text("[]")
    load()
    secure = proxies.free_port()
    site = {"SITE_URL": f"https://localhost:{secure}", "ALLOWED_HOSTS": "localhost", "STATIC_ROOT": ""}
    changed = [("https://$host$request_uri", f"https://$host:{secure}$request_uri")]
    changed += (
        [("server_tokens off;", "server_tokens off; proxy_hide_header Content-Security-Policy;")] if careless else []
    )
    with server("navigator.wsgi:application", WEB, READY_PAGES="true", SECOND_FACTOR="true", **site):
        running = proxies.start(folder, WEB, WEB, secure=secure, changed=tuple(changed))
        _until_up()
        trusts = {**os.environ, "NODE_EXTRA_CA_CERTS": str(folder / "tls" / "fullchain.pem")}
        said = subprocess.run(
            ["node", "observatory.mjs", str(running.plain), str(secure), *PATHS],  # noqa: S607
            cwd=programs,
            env=trusts,
            capture_output=True,
            text=True,
            check=False,
        )
        running.stop()
    assert said.returncode == 0, said.stderr
    judged: dict[str, dict[str, Any]] = json.loads(said.stdout)
    for path, found in judged.items():
        print(
            f"{path:<20} {found['status']}  {found['grade']:<2} {found['score']:>4} ≥ {LEAST}   {found['failed'] or ''}"
        )
    return below(judged)


def below(judged: dict[str, dict[str, Any]]) -> list[str]:
    """The pages that are not what we ask for, in words. One that was moved or refused has shown us no page."""
    return [
        f"{path}: {found['status']} {found['grade']} {found['score']}"
        for path, found in judged.items()
        if found["status"] != 200 or found["grade"] != GRADE or found["score"] < LEAST
    ]


def _until_up() -> None:
    end = time.monotonic() + 60
    while True:
        with socket.socket() as probe:
            if probe.connect_ex(("127.0.0.1", WEB)) == 0:
                return
        assert time.monotonic() < end, "the site does not start"
        time.sleep(0.1)


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--careless", action="store_true", help="without a content policy: must fail")
    wanted = parser.parse_args()
    with throw_away_site(keep=False), tempfile.TemporaryDirectory(prefix="nav-observatory-") as folder:
        Path(folder).chmod(0o755)
        if wrong := run(Path(folder), careless=wanted.careless):
            sys.exit("FAILED: " + "; ".join(wrong))


if __name__ == "__main__":
    main()
