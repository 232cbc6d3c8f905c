"""The layer in front of Django, asked as a WSGI server asks it."""

import gzip
from collections.abc import Callable, Iterator
from threading import Thread
from typing import Any

import brotli
import pytest
from django.core.wsgi import get_wsgi_application
from django.db import OperationalError
from django.http import HttpRequest, HttpResponse
from django.test import RequestFactory

from navigator import caching
from navigator.caching import ReadyPages, public_page

TEXT = b"<p>calm and plain</p>" * 200


class Django:
    """Stands where Django stands, and counts what reaches it."""

    def __init__(self) -> None:
        self.asked = 0
        self.status = "200 OK"
        self.extra: list[tuple[str, str]] = []
        self.marks = True

    def __call__(self, environ: dict[str, Any], start_response: Callable[..., Any]) -> list[bytes]:
        self.asked += 1
        headers = [("Content-Type", "text/html"), ("Content-Security-Policy", "x"), *self.extra]
        if self.marks and environ.get(caching.ASKED):
            headers += [(caching.MARK, "1"), ("Content-Encoding", "identity")]
        start_response(self.status, headers)
        return [TEXT]


class Clock:
    now = 0.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def django() -> Django:
    return Django()


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def generations() -> list[int]:
    return [1]


@pytest.fixture
def layer(django: Django, clock: Clock, generations: list[int]) -> ReadyPages:
    return ReadyPages(django, clock=clock, generation=lambda: generations[-1])


def get(layer: Any, path: str = "/", method: str = "GET", **environ: str) -> tuple[str, dict[str, str], bytes]:
    seen: dict[str, Any] = {}

    def start(status: str, headers: list[tuple[str, str]], exc_info: Any = None) -> None:
        seen.update(status=status, headers={name.lower(): value for name, value in headers})

    request = RequestFactory().generic(method, path).environ
    request.pop("HTTP_COOKIE", None)
    body = b"".join(layer({**request, **environ}, start))
    return seen["status"], seen["headers"], body


def test_the_second_reader_does_not_reach_django(layer: ReadyPages, django: Django) -> None:
    first, second = get(layer), get(layer)
    assert first == second
    assert django.asked == 1
    assert second[1]["content-security-policy"] == "x"
    assert caching.MARK.lower() not in second[1]


@pytest.mark.parametrize(
    ("accepts", "encoding", "unpack"),
    [
        ("gzip, deflate, br", "br", brotli.decompress),
        ("gzip", "gzip", gzip.decompress),
        ("br;q=0, gzip", "gzip", gzip.decompress),
        ("", None, bytes),
    ],
)
def test_compressed_once_in_what_the_reader_takes(
    layer: ReadyPages, accepts: str, encoding: str | None, unpack: Callable[[bytes], bytes]
) -> None:
    _, headers, body = get(layer, HTTP_ACCEPT_ENCODING=accepts)
    assert headers.get("content-encoding") == encoding
    assert unpack(body) == TEXT
    assert int(headers["content-length"]) == len(body)
    assert headers["vary"] == "Accept-Encoding"


def test_who_has_the_page_is_told_so(layer: ReadyPages) -> None:
    _, headers, _ = get(layer, HTTP_ACCEPT_ENCODING="br")
    status, again, body = get(layer, HTTP_ACCEPT_ENCODING="br", HTTP_IF_NONE_MATCH=f'W/{headers["etag"]}, "x"')
    assert (status, body) == ("304 Not Modified", b"")
    assert again["etag"] == headers["etag"]
    assert get(layer, HTTP_IF_NONE_MATCH=headers["etag"])[0] == "200 OK"  # another encoding is another tag


def test_head_has_the_headers_of_get(layer: ReadyPages) -> None:
    _, headers, body = get(layer, method="HEAD")
    assert body == b""
    assert headers == get(layer)[1]


@pytest.mark.parametrize(
    ("path", "method", "environ"),
    [
        ("/?zip=60614", "GET", {}),
        ("/", "POST", {}),
        ("/", "GET", {"HTTP_COOKIE": "session=1"}),
        ("/", "GET", {"HTTP_AUTHORIZATION": "Basic x"}),
    ],
)
def test_what_may_be_personal_always_reaches_django(
    layer: ReadyPages, django: Django, path: str, method: str, environ: dict[str, str]
) -> None:
    get(layer)
    for _ in range(2):
        get(layer, path, method, **environ)
    assert django.asked == 3
    assert len(layer.pages) == 1


@pytest.mark.parametrize("change", [{"status": "404 Not Found"}, {"extra": [("Set-Cookie", "a=b")]}, {"marks": False}])
def test_only_marked_answers_without_cookies_are_kept(
    layer: ReadyPages, django: Django, change: dict[str, Any]
) -> None:
    vars(django).update(change)
    for _ in range(2):
        assert caching.MARK.lower() not in get(layer)[1]
    assert django.asked == 2
    assert get(layer, method="HEAD")[2] == b""


def test_a_publication_is_seen_within_a_second(
    layer: ReadyPages, django: Django, clock: Clock, generations: list[int]
) -> None:
    get(layer)
    generations.append(2)
    clock.now = 0.9
    get(layer)
    assert django.asked == 1
    clock.now = 1.1
    get(layer)
    assert django.asked == 2


def test_the_generation_is_asked_for_at_most_once_a_second(django: Django, clock: Clock) -> None:
    asked: list[float] = []

    def generation() -> int:
        asked.append(clock.now)
        return 1

    layer = ReadyPages(django, clock=clock, generation=generation)
    for tenth in range(30):
        clock.now = tenth / 10
        get(layer)
    assert len(asked) == 3


def test_a_page_is_made_anew_after_ten_minutes(layer: ReadyPages, django: Django, clock: Clock) -> None:
    get(layer)
    clock.now = caching.MAX_AGE + 1
    get(layer)
    assert django.asked == 2


@pytest.mark.django_db
def test_without_the_database_readers_keep_what_is_at_hand(
    django: Django, clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    answers = iter([1])

    def generation() -> int:
        try:
            return next(answers)
        except StopIteration:
            raise OperationalError from None

    layer = ReadyPages(django, clock=clock, generation=generation)
    get(layer)
    clock.now = 5
    # The test's own transaction must live on.
    monkeypatch.setattr("django.db.backends.base.base.BaseDatabaseWrapper.close", lambda self: None)
    assert get(layer)[0] == "200 OK"
    assert django.asked == 1


def test_memory_is_bounded_and_the_oldest_use_goes_first(django: Django, clock: Clock) -> None:
    layer = ReadyPages(django, capacity=3 * (len(TEXT) + 200), clock=clock, generation=lambda: 1)
    for path in ("/a", "/b", "/c", "/a", "/d"):
        clock.now += 0.1
        get(layer, path)
    assert {path for _, _, path in layer.pages} == {"/c", "/a", "/d"}
    assert layer.size == sum(page.size for page in layer.pages.values()) <= layer.capacity


def test_many_readers_at_once_get_whole_pages(layer: ReadyPages) -> None:
    results: list[bytes] = []

    def read() -> None:
        results.extend(get(layer, f"/{n % 5}")[2] for n in range(50))

    threads = [Thread(target=read) for _ in range(8)]
    [thread.start() for thread in threads]
    [thread.join() for thread in threads]
    assert set(results) == {TEXT}


def test_a_page_that_fails_is_not_kept_and_its_connection_is_closed(clock: Clock) -> None:
    closed: list[bool] = []

    class Answer:
        def __iter__(self) -> Iterator[bytes]:
            yield b"not found"

        def close(self) -> None:
            closed.append(True)

    def application(environ: dict[str, Any], start_response: Callable[..., Any]) -> Answer:
        start_response("404 Not Found", [])
        return Answer()

    layer = ReadyPages(application, clock=clock, generation=lambda: 1)
    assert get(layer, method="HEAD")[2] == b""
    assert closed == [True]


@pytest.mark.django_db
def test_the_generation_rises_in_the_callers_transaction() -> None:
    assert caching.current_generation() == 1
    caching.forget_public_pages()
    first = caching.current_generation()
    caching.forget_public_pages()
    assert caching.current_generation() == first + 1 > 2


def test_a_view_is_marked_only_for_the_layer_and_only_when_well() -> None:
    @public_page
    def view(request: HttpRequest) -> HttpResponse:
        return HttpResponse("x", status=int(request.GET.get("status", "200")))

    plain = view(RequestFactory().get("/"))
    assert caching.MARK not in plain
    assert plain["Cache-Control"] == caching.CACHE_CONTROL
    asked = RequestFactory(**{caching.ASKED: True})
    assert view(asked.get("/"))[caching.MARK] == "1"
    assert caching.MARK not in view(asked.get("/?status=404"))


@pytest.mark.django_db
def test_a_real_public_page_costs_no_query_the_second_time(django_assert_num_queries: Any) -> None:
    layer = ReadyPages(get_wsgi_application())
    first = get(layer, "/robots.txt")
    with django_assert_num_queries(0):
        assert get(layer, "/robots.txt") == first
    assert "set-cookie" not in first[1]
