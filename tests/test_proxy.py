"""deploy/nginx.conf in front of a small server: what reaches the site, and what does not."""

import http.client
import os
import shutil
import socket
import ssl
import subprocess
import threading
import time
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID
from django.utils import timezone

NGINX = shutil.which("nginx") or next((path for path in ("/usr/sbin/nginx",) if Path(path).exists()), "")
pytestmark = pytest.mark.skipif(not NGINX, reason="nginx is not installed")
ROOT = Path(__file__).resolve().parent.parent
AS_US = "daemon off;" + (" user root;" if os.geteuid() == 0 else "")  # whose folders these are
POLICY = ("Content-Security-Policy", "Strict-Transport-Security", "X-Content-Type-Options", "X-Frame-Options")


class Site(BaseHTTPRequestHandler):
    """Answers with what reached it."""

    protocol_version = "HTTP/1.1"

    def _answer(self) -> None:
        body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
        text = "".join(f"{name}: {value}\n" for name, value in self.headers.items()) + f"body: {len(body)}\n"
        self.send_response(200)
        self.send_header("Content-Length", str(len(text)))
        self.send_header("Content-Security-Policy", "of the site")
        self.end_headers()
        self.wfile.write(text.encode())

    do_GET = do_POST = _answer

    def log_message(self, *args: Any) -> None:
        """Says nothing."""


def _certificate(folder: Path) -> None:
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "127.0.0.1")])
    now = timezone.now()
    made = x509.CertificateBuilder(
        name, name, key.public_key(), x509.random_serial_number(), now, now.replace(year=2099)
    )
    kind, form = serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8
    folder.mkdir()
    (folder / "fullchain.pem").write_bytes(made.sign(key, hashes.SHA256()).public_bytes(kind))
    (folder / "privkey.pem").write_bytes(key.private_bytes(kind, form, serialization.NoEncryption()))


def _free() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@pytest.fixture(scope="module")
def site() -> Iterator[ThreadingHTTPServer]:
    server = ThreadingHTTPServer(("127.0.0.1", 0), Site)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield server
    server.shutdown()
    server.server_close()


def _started(folder: Path, upstream: int) -> tuple[subprocess.Popen[bytes], int, int]:
    """The shipped file with this machine's ports and folders; Debian's nginx is older than `http2 on`."""
    _certificate(folder / "tls")
    plain, secure = _free(), _free()
    text = (ROOT / "deploy" / "nginx.conf").read_text()
    for was, now in (
        ("/tmp/", f"{folder}/"),  # noqa: S108
        ("listen 80 ", f"listen 127.0.0.1:{plain} "),
        ("listen 443 ssl", f"listen 127.0.0.1:{secure} ssl"),
        ("        http2 on;\n", ""),
        ("server web:8000;", f"server 127.0.0.1:{upstream};"),
        ("/etc/nginx/tls/", f"{folder / 'tls'}/"),
        ("root /etc/nginx/pages;", f"root {ROOT / 'deploy' / 'pages'};"),
        ("_timeout 10s;", "_timeout 1s;"),
        ("/dev/stderr", f"{folder / 'error.log'}"),
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
                return process, plain, secure
        assert process.poll() is None, (folder / "start.log").read_text()
        assert time.monotonic() < end
        time.sleep(0.05)


@pytest.fixture(scope="module")
def proxy(site: ThreadingHTTPServer, tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[int, int, Path]]:
    folder = tmp_path_factory.mktemp("proxy")
    folder.chmod(0o755)
    process, plain, secure = _started(folder, site.server_port)
    yield plain, secure, folder
    process.terminate()
    process.wait(10)


def ask(port: int, path: str, *, body: bytes | None = None, **headers: str) -> tuple[http.client.HTTPResponse, str]:
    context = ssl._create_unverified_context()  # noqa: S323  our own certificate
    connection = http.client.HTTPSConnection("127.0.0.1", port, context=context, timeout=20)
    names = {name.replace("_", "-"): value for name, value in headers.items()}
    connection.request("GET" if body is None else "POST", path, body, names)
    answer = connection.getresponse()
    text = answer.read().decode()
    connection.close()
    return answer, text


def test_the_site_is_told_the_truth_about_who_asks(proxy: tuple[int, int, Path]) -> None:
    lies = {
        "X_Forwarded_For": "8.8.8.8",
        "X_Forwarded_Proto": "http",
        "Forwarded": "for=8.8.8.8",
        "X_Forwarded_Host": "x",
    }
    answer, text = ask(proxy[1], "/", **lies)
    assert answer.status == 200
    assert "X-Forwarded-For: 127.0.0.1\n" in text
    assert "X-Forwarded-Proto: https\n" in text
    assert "8.8.8.8" not in text
    assert "X-Forwarded-Host" not in text
    assert answer.headers.get_all("Content-Security-Policy") == ["of the site"]
    assert (answer.headers["Server"] or "") == "nginx"


def test_without_tls_it_leads_to_tls(proxy: tuple[int, int, Path]) -> None:
    connection = http.client.HTTPConnection("127.0.0.1", proxy[0], timeout=20)
    connection.request("GET", "/talk/?a=b", headers={"Host": "site.example"})
    answer = connection.getresponse()
    assert (answer.status, answer.headers["Location"]) == (301, "https://site.example/talk/?a=b")
    connection.close()


@pytest.mark.parametrize(
    ("path", "size", "status"),
    [
        ("/match/check/", 256 * 1024, 200),
        ("/match/check/", 256 * 1024 + 1, 413),
        ("/admin/doctors/program/import/", 5 * 1024 * 1024, 200),
        ("/admin/doctors/program/import/", 6 * 1024 * 1024 + 1, 413),
        ("/admin/doctors/person/import/", 5 * 1024 * 1024, 413),
    ],
)
def test_a_body_has_its_limit(proxy: tuple[int, int, Path], path: str, size: int, status: int) -> None:
    answer, text = ask(proxy[1], path, body=b"x" * size)
    assert answer.status == status
    if status == 413:
        assert "longer than the site takes" in text
        assert all(answer.headers.get_all(name) for name in POLICY)


@pytest.mark.parametrize("path", ["/health/live", "/health/ready"])
def test_what_machines_ask_is_not_for_the_world(proxy: tuple[int, int, Path], path: str) -> None:
    answer, _ = ask(proxy[1], path)
    assert answer.status == 404
    assert all(len(answer.headers.get_all(name) or []) == 1 for name in POLICY)


@pytest.mark.parametrize(
    "sent", [b"GET / HTTP/1.1\r\nHost: x\r\n", b"POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 9\r\n\r\nabc"]
)
def test_who_never_ends_a_request_is_let_go(proxy: tuple[int, int, Path], sent: bytes) -> None:
    context = ssl._create_unverified_context()  # noqa: S323  our own certificate
    with socket.create_connection(("127.0.0.1", proxy[1]), timeout=20) as plain, context.wrap_socket(plain) as line:
        line.send(sent)
        started = time.monotonic()
        said = b""
        try:
            while more := line.recv(4096):
                said += more
        except ConnectionResetError:
            pass
        assert time.monotonic() - started < 10
        assert b"200 OK" not in said


def test_a_flood_of_forms_is_told_to_wait(proxy: tuple[int, int, Path]) -> None:
    statuses = [ask(proxy[1], "/", body=b"x")[0].status for _ in range(60)]
    assert statuses[0] == 200
    assert 429 in statuses
    assert {ask(proxy[1], "/")[0].status for _ in range(30)} == {200}, "reading is not counted"


def test_nothing_of_a_family_is_written_down(proxy: tuple[int, int, Path]) -> None:
    ask(proxy[1], "/my/secret-token/?zip=60614")
    files = [path for path in proxy[2].rglob("*") if path.is_file() and path.suffix != ".pem"]
    assert {path.name for path in files} >= {"nginx.conf", "error.log"}
    for path in files:
        assert b"secret-token" not in path.read_bytes(), path
        assert b"60614" not in path.read_bytes(), path


def test_while_the_site_is_away_it_says_so_kindly(tmp_path: Path) -> None:
    tmp_path.chmod(0o755)
    process, _, secure = _started(tmp_path, _free())
    answer, text = ask(secure, "/match/")
    process.terminate()
    process.wait(10)
    assert (answer.status, answer.headers["Retry-After"]) == (503, "30")
    assert "Nothing that you sent before is lost" in text
    assert all(len(answer.headers.get_all(name) or []) == 1 for name in POLICY)
