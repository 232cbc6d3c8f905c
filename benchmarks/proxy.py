"""deploy/nginx.conf, run by this machine's nginx with ports and folders of its own: for tests, drills and attacks."""

import os
import shutil
import socket
import subprocess
import time
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from ipaddress import IPv4Address
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

ROOT = Path(__file__).resolve().parent.parent
NGINX = shutil.which("nginx") or next((path for path in ("/usr/sbin/nginx",) if Path(path).exists()), "")
AS_US = "daemon off;" + (" user root;" if os.geteuid() == 0 else "")  # whose folders these are


@dataclass
class Proxy:
    """A running one: `plain` leads to `secure`; `folder` is what /tmp is in its container."""

    process: subprocess.Popen[bytes]
    plain: int
    secure: int
    folder: Path

    def stop(self) -> None:
        self.process.terminate()
        self.process.wait(10)


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def start(folder: Path, a: int, b: int, *, secure: int = 0, changed: tuple[tuple[str, str], ...] = ()) -> Proxy:
    """The shipped file before the web processes at ports `a` and `b`; `changed` are more (was, now) in its text.
    Debian's nginx is older than `http2 on`. Raises RuntimeError with nginx's own words when it does not start."""
    _certificate(folder / "tls")
    plain, secure = free_port(), secure or free_port()
    text = (ROOT / "deploy" / "nginx.conf").read_text()
    for was, now in (
        ("/tmp/", f"{folder}/"),  # noqa: S108
        ("listen 80 ", f"listen 127.0.0.1:{plain} "),
        ("listen 443 ssl", f"listen 127.0.0.1:{secure} ssl"),
        ("        http2 on;\n", ""),
        ("server web-a:8000", f"server 127.0.0.1:{a}"),
        ("server web-b:8000", f"server 127.0.0.1:{b}"),
        ("/etc/nginx/tls/", f"{folder / 'tls'}/"),
        ("root /etc/nginx/pages;", f"root {ROOT / 'deploy' / 'pages'};"),
        ("/dev/stderr", f"{folder / 'error.log'}"),
        *changed,
    ):
        assert was in text, was
        text = text.replace(was, now)
    (folder / "nginx.conf").write_text(text)
    command = [NGINX, "-c", str(folder / "nginx.conf"), "-e", str(folder / "start.log"), "-g", AS_US]
    process = subprocess.Popen(command)
    end = time.monotonic() + 10
    while True:
        with socket.socket() as probe:
            if probe.connect_ex(("127.0.0.1", secure)) == 0:
                return Proxy(process, plain, secure, folder)
        if process.poll() is not None or time.monotonic() > end:
            raise RuntimeError("nginx did not start:\n" + (folder / "start.log").read_text())
        time.sleep(0.05)


def _certificate(folder: Path) -> None:
    """For this machine, by itself: who trusts `fullchain.pem` trusts the server."""
    key, now = ec.generate_private_key(ec.SECP256R1()), datetime.now(UTC)
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "localhost")])
    here = x509.SubjectAlternativeName([x509.DNSName("localhost"), x509.IPAddress(IPv4Address("127.0.0.1"))])
    day = timedelta(days=1)
    made = x509.CertificateBuilder(
        name, name, key.public_key(), x509.random_serial_number(), now - day, now + day
    ).add_extension(here, critical=False)
    kind, form = serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8
    folder.mkdir()
    (folder / "fullchain.pem").write_bytes(made.sign(key, hashes.SHA256()).public_bytes(kind))
    (folder / "privkey.pem").write_bytes(key.private_bytes(kind, form, serialization.NoEncryption()))
