"""What MDN's HTTP Observatory says of our headers: A+ and 130 points at the least, on every kind of page.

    .venv/bin/python -m benchmarks.observatory

Needs nginx, node and npm. Starts the site as it is deployed: https behind `deploy/nginx.conf` with a certificate of its
own that the engine is told to trust. The engine runs here, without the network, so the lists of preloaded hosts are
empty. `--careless` takes the content policy away in the proxy, and must fail.
"""

import argparse
import json
import os
import shutil
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path

from benchmarks.front_end import installed
from benchmarks.pages import load, server
from benchmarks.staff_pages import throw_away_site

ROOT = Path(__file__).resolve().parent.parent
LEAST = 130
WEB = 8591
PATHS = ("/", "/second-opinion/", "/match/", "/match/who/", "/my/find/", "/admin/login/", "/robots.txt")
NGINX = shutil.which("nginx") or "/usr/sbin/nginx"


def certificate(folder: Path) -> None:
    """For localhost, by itself: who trusts the file trusts the server."""
    from cryptography import x509
    from cryptography.hazmat.primitives import hashes, serialization
    from cryptography.hazmat.primitives.asymmetric import ec
    from cryptography.x509.oid import NameOID
    from django.utils import timezone

    key, now = ec.generate_private_key(ec.SECP256R1()), timezone.now()
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "localhost")])
    made = x509.CertificateBuilder(
        name, name, key.public_key(), x509.random_serial_number(), now - timedelta(days=1), now + timedelta(days=1)
    ).add_extension(x509.SubjectAlternativeName([x509.DNSName("localhost")]), critical=False)
    kind, form = serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8
    folder.mkdir()
    (folder / "fullchain.pem").write_bytes(made.sign(key, hashes.SHA256()).public_bytes(kind))
    (folder / "privkey.pem").write_bytes(key.private_bytes(kind, form, serialization.NoEncryption()))


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@contextmanager
def proxy(folder: Path, plain: int, secure: int, *, careless: bool) -> Iterator[None]:
    """The shipped file with this machine's ports and folders; Debian's nginx is older than `http2 on`."""
    certificate(folder / "tls")
    text = (ROOT / "deploy" / "nginx.conf").read_text()
    changes = [
        ("/tmp/", f"{folder}/"),  # noqa: S108  the text of the file
        ("listen 80 ", f"listen 127.0.0.1:{plain} "),
        ("listen 443 ssl", f"listen 127.0.0.1:{secure} ssl"),
        ("        http2 on;\n", "        proxy_hide_header Content-Security-Policy;\n" if careless else ""),
        ("https://$host$request_uri", f"https://$host:{secure}$request_uri"),
        ("server web:8000;", f"server 127.0.0.1:{WEB};"),
        ("/etc/nginx/tls/", f"{folder / 'tls'}/"),
        ("root /etc/nginx/pages;", f"root {ROOT / 'deploy' / 'pages'};"),
        ("/dev/stderr", f"{folder / 'error.log'}"),
    ]
    for was, now in changes:
        assert was in text, was
        text = text.replace(was, now)
    (folder / "nginx.conf").write_text(text)
    as_us = "daemon off;" + (" user root;" if os.geteuid() == 0 else "")  # whose folders these are
    process = subprocess.Popen([NGINX, "-c", str(folder / "nginx.conf"), "-e", str(folder / "start.log"), "-g", as_us])
    try:
        yield
    finally:
        process.terminate()
        process.wait(10)


def run(folder: Path, *, careless: bool) -> list[str]:
    programs = installed()
    lists = programs / "node_modules" / "@mdn" / "mdn-http-observatory" / "conf"
    (lists / "hsts-preload.json").write_text("{}")
    (lists / "tld-list.json").write_text("[]")
    load()
    plain, secure = free_port(), free_port()
    site = {"SITE_URL": f"https://localhost:{secure}", "ALLOWED_HOSTS": "localhost", "STATIC_ROOT": ""}
    with (
        server("navigator.wsgi:application", WEB, READY_PAGES="true", SECOND_FACTOR="true", **site),
        proxy(folder, plain, secure, careless=careless),
    ):
        _until_up(secure)
        trusts = {**os.environ, "NODE_EXTRA_CA_CERTS": str(folder / "tls" / "fullchain.pem")}
        said = subprocess.run(
            ["node", "observatory.mjs", str(plain), str(secure), *PATHS],  # noqa: S607
            cwd=programs,
            env=trusts,
            capture_output=True,
            text=True,
            check=False,
        )
    assert said.returncode == 0, said.stderr
    wrong = []
    for path, found in json.loads(said.stdout).items():
        is_well = found["score"] >= LEAST and found["grade"] == "A+" and found["status"] == 200
        print(
            f"{path:<20} {found['status']}  {found['grade']:<2} {found['score']:>4} ≥ {LEAST}   {found['failed'] or ''}"
        )
        wrong += [] if is_well else [f"{path}: {found['grade']} {found['score']}"]
    return wrong


def _until_up(port: int) -> None:
    end = time.monotonic() + 60
    while True:
        try:
            with socket.create_connection(("127.0.0.1", port), timeout=1):
                break
        except OSError:
            assert time.monotonic() < end, "nginx does not start"
            time.sleep(0.1)
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
