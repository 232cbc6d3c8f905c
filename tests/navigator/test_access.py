"""A reference for each request, and one line for each that tells nothing about the reader."""

import io
import json
import logging
import re
import time
from collections.abc import Iterator
from threading import Thread
from typing import Any

import pytest
from celery import shared_task
from celery.contrib.testing.worker import start_worker
from django.core.handlers.wsgi import WSGIHandler
from django.http import HttpRequest, HttpResponse, StreamingHttpResponse
from django.test import Client, RequestFactory

from navigator import access, health, tracing, views
from navigator.caching import ReadyPages
from navigator.celery import app
from navigator.logs import ScrubbedFormatter
from tests.navigator.test_caching import get

ID = re.compile(r"[A-Za-z0-9-]{8,64}")


class Lines:
    """What the process writes, line by line."""

    def __init__(self) -> None:
        self.stream = io.StringIO()

    @property
    def all(self) -> list[dict[str, Any]]:
        return [json.loads(line) for line in self.stream.getvalue().splitlines()]

    @property
    def access(self) -> list[dict[str, Any]]:
        return [line for line in self.all if line["logger"] == "navigator.access"]


@pytest.fixture
def lines() -> Iterator[Lines]:
    made = Lines()
    handler = logging.StreamHandler(made.stream)
    handler.setFormatter(ScrubbedFormatter(as_json=True, role="web"))
    names = ("navigator.access", "django.request", "celery", "tests.tasks")
    loggers = [logging.getLogger(name) for name in names]
    for logger in loggers:
        logger.addHandler(handler)
    yield made
    for logger in loggers:
        logger.removeHandler(handler)


def test_ids_are_short_safe_and_all_different() -> None:
    made = {tracing.new_id() for _ in range(2_000)}
    assert len(made) == 2_000
    assert all(ID.fullmatch(one) and len(one) * 5 < 128 for one in made)
    assert not any(character in "AEIOUaeiou0123456789" for character in "".join(made))


@pytest.mark.django_db
def test_one_line_for_each_request_with_the_id_of_its_answer(client: Client, lines: Lines) -> None:
    answer = client.get("/health/live")
    (line,) = lines.access
    assert line["request"] == answer["X-Request-ID"]
    assert (line["method"], line["route"], line["status"], line["bytes"]) == ("GET", "health-live", 200, 2)
    assert 0 <= line["milliseconds"] < 60_000
    assert line["message"] == f"GET health-live 200 {line['milliseconds']} ms 2 bytes"


@pytest.mark.django_db
@pytest.mark.parametrize(
    "path",
    ["/my/canary-token/", "/find-care/near/?zip=59935", "/search/?q=canary", "/canary/nowhere/", "/%00canary",
     "/admin/intake/helprequest/?q=canary", "/match/canary/", "/?canary=59935", "/%F0%9F%98%80canary%0A/"],
)  # fmt: skip
@pytest.mark.parametrize("method", ["GET", "POST", "HEAD", "CANARY59935"])
def test_no_line_has_a_path_a_query_or_an_address(path: str, method: str, client: Client, lines: Lines) -> None:
    client.raise_request_exception = False
    client.generic(method, path, REMOTE_ADDR="203.0.113.77", HTTP_USER_AGENT="canary", HTTP_REFERER="/canary/")
    (line,) = lines.access
    assert not re.search(r"canary|59935|203\.0|nowhere|%|/", lines.stream.getvalue(), re.IGNORECASE)
    assert len({one["request"] for one in lines.all}) == 1
    assert line["method"] == (method if method != "CANARY59935" else "other")


@pytest.mark.django_db
@pytest.mark.parametrize("outside", ["a" * 32, "x", "bad\r\nX-Evil: 1", "maria@family.example", "ABCD-EFGH", "é"])
def test_an_id_from_outside_is_not_looked_at(outside: str, client: Client, lines: Lines) -> None:
    answer = client.get("/health/live", headers={"x-request-id": outside})
    assert answer["X-Request-ID"] != outside
    assert ID.fullmatch(answer["X-Request-ID"])
    assert outside not in lines.stream.getvalue()


@pytest.mark.django_db
@pytest.mark.parametrize("path", ["/robots.txt", "/static/css/site.css"])
def test_what_may_be_kept_by_others_carries_no_id(path: str, client: Client, lines: Lines) -> None:
    answer = client.get(path)
    assert answer.status_code == 200
    assert "public" in answer["Cache-Control"]
    assert "X-Request-ID" not in answer
    (line,) = lines.access
    assert line["bytes"] == len(answer.getvalue())
    assert line["route"] == ("robots" if path == "/robots.txt" else "static")


@pytest.mark.django_db
def test_a_ready_made_page_stays_the_same_and_is_said_once(lines: Lines) -> None:
    layer = ReadyPages(WSGIHandler())
    first, second = get(layer, "/robots.txt"), get(layer, "/robots.txt")
    assert first == second
    assert "x-request-id" not in first[1]
    assert len(lines.access) == 1


@pytest.mark.django_db
def test_an_error_page_shows_the_reference_of_its_lines(
    client: Client, lines: Lines, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("navigator.search.asking.find", lambda *args, **kwargs: 1 // 0)
    client.raise_request_exception = False
    answer = client.get("/search/?q=canary")
    assert answer.status_code == 500
    name = answer["X-Request-ID"]
    assert f"Reference: <strong>{name}</strong>" in answer.content.decode()
    failed = next(line for line in lines.all if line.get("exception"))
    assert failed["exception"] == "builtins.ZeroDivisionError"
    assert "canary" not in lines.stream.getvalue()
    assert {line["request"] for line in lines.all} == {name}
    assert lines.access[0]["status"] == 500
    assert client.get("/search/?q=canary")["X-Request-ID"] != name


def test_the_error_page_needs_no_database_and_no_reference(rf: RequestFactory) -> None:
    """pytest-django refuses every query of this test."""
    with tracing.request("KTRB-MWZX-PLDF-QHNV"):
        assert "KTRB-MWZX-PLDF-QHNV" in views.server_error(rf.get("/")).content.decode()
    assert "Reference" not in views.server_error(rf.get("/")).content.decode()


@pytest.mark.django_db
def test_a_site_that_is_not_ready_names_its_reference(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    assert "reference" not in client.get("/health/ready").json()
    monkeypatch.setitem(health._probes, "late", lambda: "late")
    answer = client.get("/health/ready")
    assert answer.status_code == 503
    assert answer.json()["reference"] == answer["X-Request-ID"]


def test_a_streamed_answer_is_said_at_its_end_in_its_own_name(rf: RequestFactory, lines: Lines) -> None:
    seen: list[str] = []

    def chunks() -> Iterator[bytes]:
        for _ in range(3):
            seen.append(tracing.current_id())
            yield b"12345"

    answer: Any = access.requests(lambda request: StreamingHttpResponse(chunks()))(rf.get("/"))
    assert lines.access == []
    with tracing.request("another"):
        assert len(b"".join(answer)) == 15
    assert set(seen) == {answer["X-Request-ID"]}
    assert [(line["bytes"], line["request"]) for line in lines.access] == [(15, answer["X-Request-ID"])]


def test_a_reader_who_goes_away_is_said_too(rf: RequestFactory, lines: Lines) -> None:
    answer: Any = access.requests(lambda request: StreamingHttpResponse(iter([b"123", b"456"])))(rf.get("/"))
    next(iter(answer.streaming_content))
    answer.close()
    assert [line["bytes"] for line in lines.access] == [3]


def test_requests_at_once_keep_their_own_names(rf: RequestFactory) -> None:
    wrong: list[str] = []

    def view(request: HttpRequest) -> HttpResponse:
        name = tracing.current_id()
        for _ in range(200):
            if tracing.current_id() != name:
                wrong.append(name)
        return HttpResponse(name)

    answered = access.requests(view)

    def ask() -> None:
        for _ in range(20):
            answer: Any = answered(rf.get("/"))
            wrong.extend([] if answer.content.decode() == answer["X-Request-ID"] else ["mixed"])

    threads = [Thread(target=ask) for _ in range(6)]
    [thread.start() for thread in threads]
    [thread.join() for thread in threads]
    assert wrong == []
    assert tracing.current_id() == ""


@shared_task(name="tests.speak")
def speak() -> None:
    logging.getLogger("tests.tasks").warning("spoken")
    raise ValueError("maria@family.example")


seen: list[str] = []


@shared_task(name="tests.look")
def look() -> None:
    seen.append(tracing.current_id())


@pytest.mark.django_db(transaction=True)
def test_a_line_within_a_task_has_its_id(lines: Lines) -> None:
    app.control.purge()
    with start_worker(app, perform_ping_check=False, pool="solo"):
        sent = speak.apply_async()
        for _ in range(200):
            if any(line.get("exception") for line in lines.all):
                break
            time.sleep(0.05)
    spoken = next(line for line in lines.all if line["message"] == "spoken")
    failed = next(line for line in lines.all if line.get("exception"))
    assert spoken["request"] == failed["request"] == sent.id
    assert "maria" not in lines.stream.getvalue()


def test_a_task_is_named_before_the_request_that_runs_it_and_a_strange_id_is_not_taken() -> None:
    with tracing.request("KTRB-MWZX-PLDF-QHNV"):
        assert tracing.current_id() == "KTRB-MWZX-PLDF-QHNV"
        seen.clear()
        look.apply(task_id="11111111-2222-3333-4444-555555555555")
        look.apply(task_id='evil"\n{} maria@family.example')
    assert seen == ["11111111-2222-3333-4444-555555555555", "KTRB-MWZX-PLDF-QHNV"]
