"""deploy/nginx.conf in front of a small server: what reaches the site, and what does not."""

import http.client
import socket
import ssl
import threading
import time
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest

from benchmarks import proxy as proxies

pytestmark = pytest.mark.skipif(not proxies.NGINX, reason="nginx is not installed")
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


@pytest.fixture(scope="module")
def site() -> Iterator[ThreadingHTTPServer]:
    server = ThreadingHTTPServer(("127.0.0.1", 0), Site)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield server
    server.shutdown()
    server.server_close()


PATIENCE = (("_timeout 10s;", "_timeout 1s;"),)


@pytest.fixture(scope="module")
def proxy(site: ThreadingHTTPServer, tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[int, int, Path]]:
    folder = tmp_path_factory.mktemp("proxy")
    folder.chmod(0o755)
    running = proxies.start(folder, site.server_port, site.server_port, changed=PATIENCE)
    yield running.plain, running.secure, folder
    running.stop()


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
    running = proxies.start(tmp_path, proxies.free_port(), proxies.free_port())
    answer, text = ask(running.secure, "/match/")
    running.stop()
    assert (answer.status, answer.headers["Retry-After"]) == (503, "30")
    assert "Nothing that you sent before is lost" in text
    assert all(len(answer.headers.get_all(name) or []) == 1 for name in POLICY)


class Version(BaseHTTPRequestHandler):
    """A web process that says its name, and has the style sheet of its own version only."""

    protocol_version = "HTTP/1.1"
    name = ""

    def _answer(self) -> None:
        self.rfile.read(int(self.headers.get("Content-Length", 0)))
        there = not self.path.startswith("/static/") or self.path == f"/static/{self.name}.css"
        self.send_response(200 if there else 404)
        self.send_header("Content-Length", "1")
        if there and self.path.startswith("/static/"):
            self.send_header("Cache-Control", "max-age=1000, public, immutable")
        self.end_headers()
        self.wfile.write(self.name.encode())

    do_GET = do_POST = _answer

    def log_message(self, *args: Any) -> None:
        """Says nothing."""


@pytest.fixture
def two(tmp_path: Path) -> Iterator[tuple[proxies.Proxy, dict[str, ThreadingHTTPServer]]]:
    tmp_path.chmod(0o755)
    servers = {
        name: ThreadingHTTPServer(("127.0.0.1", 0), type("Version", (Version,), {"name": name})) for name in "ab"
    }
    for server in servers.values():
        threading.Thread(target=server.serve_forever, daemon=True).start()
    running = proxies.start(tmp_path, servers["a"].server_port, servers["b"].server_port)
    yield running, servers
    running.stop()
    for server in servers.values():
        server.shutdown()
        server.server_close()


def answers(port: int, *, body: bytes | None = None) -> set[str]:
    """Who answers when it is asked often."""
    return {ask(port, "/match/", body=body)[1] for _ in range(20)}


def test_who_is_about_to_stop_gets_nothing_new(two: tuple[proxies.Proxy, Any]) -> None:
    running, _ = two
    assert answers(running.secure) == {"a", "b"}
    for stops, other in (("a", "b"), ("b", "a")):
        file = running.folder / f"web-{stops}.stops"
        file.touch()
        assert answers(running.secure) == {other}
        file.unlink()
    assert answers(running.secure) == {"a", "b"}


def test_one_that_is_gone_costs_nobody_an_answer(two: tuple[proxies.Proxy, Any]) -> None:
    running, servers = two
    servers["a"].shutdown()
    servers["a"].server_close()
    assert answers(running.secure) == {"b"}
    assert answers(running.secure, body=b"x") == {"b"}


def test_a_page_of_either_version_finds_its_style_sheet(two: tuple[proxies.Proxy, Any]) -> None:
    running, servers = two
    for name in "ab":
        assert {ask(running.secure, f"/static/{name}.css")[0].status for _ in range(6)} == {200}
    answer, _ = ask(running.secure, "/static/other.css")
    assert answer.status == 404
    servers["a"].shutdown()
    servers["a"].server_close()
    (running.folder / "web-a.stops").touch()
    answer, text = ask(running.secure, "/static/a.css")
    assert (answer.status, text) == (200, "a"), "what was asked for before is kept"
    assert answer.headers.get_all("Cache-Control") == ["max-age=1000, public, immutable"], "and has the site's headers"
    assert answer.headers["Content-Security-Policy"] is None
    assert ask(running.secure, "/match/a.css")[1] == "b", "pages are not kept"
