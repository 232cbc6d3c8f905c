"""The open data as other people's programs and pages ask for it."""

import csv
import io
import re
from collections.abc import Iterator
from typing import Any

import pytest
import time_machine
from django.core.signals import request_finished, request_started
from django.core.wsgi import get_wsgi_application
from django.db import close_old_connections
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from doctors import keeping
from doctors.open_data_format import CHECK, GROUPS_GIVEN, LISTING
from doctors.views import open_data
from navigator.caching import ReadyPages
from tests.doctors.factories import CenterFactory, ProgramFactory, SpecialistFactory, make
from tests.navigator.test_caching import get

pytestmark = pytest.mark.django_db

FILES = ["/find-care/centers.json", "/find-care/centers.csv", "/find-care/centers.schema.json"]
PAGE = "/find-care/open-data/"
KINDS = dict(
    zip(FILES, ["application/json", "text/csv; charset=utf-8; header=present", "application/schema+json"], strict=True)
)


@pytest.fixture
def places() -> None:
    center = make(CenterFactory, slug="lakeside")
    make(SpecialistFactory, slug="alex-sample", program=make(ProgramFactory, slug="lakeside-team", center=center))


@pytest.fixture
def keep_connection() -> Iterator[None]:
    """A WSGI request ends by closing the connection, and with it the transaction of the test."""
    for signal in (request_started, request_finished):
        signal.disconnect(close_old_connections)
    yield
    for signal in (request_started, request_finished):
        signal.connect(close_old_connections)


# --- Who may read it ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("path", FILES)
def test_any_page_may_read_the_files_and_nobody_gets_a_cookie(client: Client, places: None, path: str) -> None:
    answer = client.get(path, headers={"Origin": "https://other.example"})
    assert answer.status_code == 200
    assert not answer.cookies
    assert answer["Content-Type"] == KINDS[path]
    assert answer["Access-Control-Allow-Origin"] == "*"
    assert answer["Cross-Origin-Resource-Policy"] == "cross-origin"
    assert "Access-Control-Allow-Credentials" not in answer
    assert answer["Cache-Control"] == "public, max-age=60"
    assert answer["X-Content-Type-Options"] == "nosniff"
    assert answer["Link"].endswith('/find-care/open-data/#terms>; rel="license"')


@pytest.mark.parametrize(
    "path",
    [
        PAGE,
        "/",
        "/find-care/centers/",
        "/find-care/centers/illinois/",
        "/find-care/centers/lakeside/",
        "/find-care/programs/lakeside-team/",
        "/find-care/specialists/alex-sample/",
        "/find-care/near/",
        "/find-care/near/?zip=60614",
        "/find-care/centers.json/",
        "/find-care/centers.xml",
        "/find-care/centers/centers.json",
        "/find-care/",
        "/match/",
        "/talk/",
        "/my/x/",
        "/search/?q=a",
        "/faq/",
        "/glossary/",
        "/downloads/",
        "/changes/",
        "/changes/feed.xml",
        "/site-map/",
        "/sitemap.xml",
        "/robots.txt",
        "/health/live",
        "/admin/",
        "/admin/login/",
        "/nowhere/",
    ],
)
def test_no_other_page_may_be_read_by_others(client: Client, places: None, path: str) -> None:
    answer = client.get(path, headers={"Origin": "https://other.example"})
    assert answer.status_code < 500
    assert "Access-Control-Allow-Origin" not in answer
    assert answer["Cross-Origin-Resource-Policy"] == "same-origin"


@pytest.mark.parametrize("path", [*FILES, PAGE])
@pytest.mark.parametrize("method", ["post", "put", "patch", "delete", "options"])
def test_there_is_nothing_to_write(client: Client, path: str, method: str) -> None:
    answer = getattr(client, method)(path)
    assert answer.status_code == 405
    assert answer["Allow"] == "GET, HEAD"
    assert "Access-Control-Allow-Origin" not in answer


# --- The same for everybody -----------------------------------------------------------------------------------------


@pytest.mark.parametrize("path", FILES)
@pytest.mark.parametrize(
    "accept",
    ["", "*/*", "text/html", "application/json;q=0", "image/png", "a" * 10_000, "\u202e", "text/csv;q=abc", ";;,,"],
)
def test_no_accept_header_changes_the_answer(client: Client, places: None, path: str, accept: str) -> None:
    answer = client.get(path, headers={"Accept": accept})
    assert answer.status_code == 200
    assert answer["Content-Type"] == KINDS[path]
    assert answer.content == client.get(path).content


@pytest.mark.parametrize("path", FILES)
@pytest.mark.parametrize(
    "query", ["x=1", "callback=alert", "format=csv", "kind=center&kind=program", "zip=60614", "%F0%9F=%ff", "a" * 9000]
)
def test_no_question_changes_the_answer(client: Client, places: None, path: str, query: str) -> None:
    answer = client.get(f"{path}?{query}")
    assert answer.status_code == 200
    assert answer.content == client.get(path).content


@pytest.mark.parametrize("path", FILES)
def test_a_nul_in_the_question_is_refused(client: Client, path: str) -> None:
    assert client.get(f"{path}?x=%00").status_code == 400


@pytest.mark.parametrize("path", FILES)
def test_head_has_the_headers_of_get(client: Client, places: None, path: str) -> None:
    head, whole = client.head(path), client.get(path)
    assert head.content == b""
    for name in ("Content-Type", "Content-Length", "Access-Control-Allow-Origin", "Cache-Control"):
        assert head[name] == whole[name]


@pytest.mark.parametrize("path", FILES)
def test_who_has_the_file_is_told_so(client: Client, places: None, path: str) -> None:
    tag = client.get(path)["ETag"]
    again = client.get(path, headers={"If-None-Match": tag})
    assert (again.status_code, again.content, again["ETag"]) == (304, b"", tag)
    assert client.get(path, headers={"If-None-Match": '"other"'}).status_code == 200


@time_machine.travel("2026-11-24 18:00Z")
def test_the_csv_is_saved_under_the_day(client: Client, places: None) -> None:
    answer = client.get("/find-care/centers.csv")
    assert answer["Content-Disposition"] == 'attachment; filename="mesothelioma-care-2026-11-24.csv"'
    rows = list(csv.DictReader(io.StringIO(answer.content.decode("utf-8"), newline=""), strict=True))
    assert [row["id"] for row in rows] == ["center/lakeside", "program/lakeside-team"]
    assert b"\r\n" in answer.content
    assert "Content-Disposition" not in client.get("/find-care/centers.json")


# --- Ready-made -----------------------------------------------------------------------------------------------------


@pytest.mark.usefixtures("keep_connection")
@pytest.mark.parametrize("path", [*FILES, PAGE])
def test_the_second_reader_costs_no_query_and_gets_the_same(
    places: None, path: str, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    layer = ReadyPages(get_wsgi_application())
    first = get(layer, path, HTTP_ACCEPT_ENCODING="br")
    with django_assert_num_queries(0):
        second = get(layer, path, HTTP_ACCEPT_ENCODING="br")
        status, headers, body = get(layer, path, HTTP_ACCEPT_ENCODING="br", HTTP_IF_NONE_MATCH=first[1]["etag"])
    assert first == second
    assert first[1]["content-encoding"] == "br"
    assert (status, body) == ("304 Not Modified", b"")
    for given in (first[1], headers):
        assert given.get("access-control-allow-origin") == (None if path == PAGE else "*")
        assert given["cross-origin-resource-policy"] == ("same-origin" if path == PAGE else "cross-origin")
        assert "set-cookie" not in given


@pytest.mark.usefixtures("keep_connection")
def test_a_change_is_in_the_file_at_once() -> None:
    clock = [0.0]
    layer = ReadyPages(get_wsgi_application(), clock=lambda: clock[0])
    program = make(ProgramFactory)
    assert b"A new name" not in get(layer, FILES[0])[2]
    program.name = "A new name"
    keeping.save(listing=program, by=None)
    clock[0] = 2
    assert b"A new name" in get(layer, FILES[0])[2]


@pytest.mark.usefixtures("keep_connection")
@pytest.mark.parametrize("method", ["GET", "HEAD"])
def test_a_file_that_takes_long_to_compress_is_not_kept(
    places: None, monkeypatch: pytest.MonkeyPatch, method: str
) -> None:
    whole = get(ReadyPages(get_wsgi_application()), FILES[0])[2]
    monkeypatch.setattr(open_data, "KEPT", 100)
    layer = ReadyPages(get_wsgi_application())
    for _ in range(2):
        status, headers, body = get(layer, FILES[0], method)
        assert (status, body) == ("200 OK", whole if method == "GET" else b"")
        assert headers["access-control-allow-origin"] == "*"
        assert "x-public-page" not in headers
    assert layer.pages == {}


# --- The page that explains -----------------------------------------------------------------------------------------


def test_the_page_explains_every_field_without_a_query(
    client: Client, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    with django_assert_num_queries(0):
        answer = client.get(PAGE)
    page = answer.content.decode()
    names = [field.name for field in (*LISTING, *CHECK)]
    names += [f"{name}.{field.name}" for name, group in GROUPS_GIVEN.items() for field in group.facts]
    assert re.findall(r"<dt><code>(.*?)</code></dt>", page) == names
    for path in FILES:
        assert f'href="{path}"' in page
    assert 'id="terms"' in page
    assert page.count("<h1") == 1
    assert not answer.cookies
    assert "noindex" not in page
    ids = re.findall(r' id="(.*?)"', page)
    assert len(ids) == len(set(ids))


def test_the_page_says_what_null_and_old_mean(client: Client) -> None:
    page = client.get(PAGE).content.decode()
    for words in ("It never means no", "more than 180 days old", "fresh for 90 days", "Version 1.0.0", "Open Referral"):
        assert words in page, words
    assert "!" not in re.sub(r"<[^>]*>", "", page.split("<main")[1])


@pytest.mark.parametrize("path", FILES[:2])
@pytest.mark.parametrize("rows", [1, 3])
def test_queries_do_not_grow_with_the_rows(
    client: Client, path: str, rows: int, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    for _ in range(rows):
        make(ProgramFactory, center=make(CenterFactory))
    with django_assert_num_queries(3):
        client.get(path)


@pytest.mark.parametrize("path", FILES[:2])
def test_an_empty_directory_is_a_file_too(client: Client, path: str) -> None:
    answer: Any = client.get(path)
    assert answer.status_code == 200
    assert answer.content.decode().count("\n") in (1, 3)
