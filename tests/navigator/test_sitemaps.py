"""The registry of addresses for search engines, and the files made from it."""

import re
from collections.abc import Iterator
from datetime import UTC, date, datetime
from typing import Any

import pytest
from django.test import Client

from navigator import sitemaps


@pytest.fixture
def given(monkeypatch: pytest.MonkeyPatch) -> Iterator[dict[str, Any]]:
    """Providers of this test only."""
    providers: dict[str, Any] = {}
    monkeypatch.setattr(sitemaps, "_providers", providers)
    return providers


def test_every_app_gives_its_own_pages_and_an_address_counts_once(given: dict[str, Any]) -> None:
    sitemaps.register("b", lambda: [("/b/", None), ("/both/", None)])
    sitemaps.register("a", lambda: iter([("/a/", date(2026, 1, 1)), ("/both/", date(2026, 1, 2))]))
    assert list(sitemaps.pages()) == [("/a/", date(2026, 1, 1)), ("/both/", date(2026, 1, 2)), ("/b/", None)]


def test_the_same_app_again_takes_the_place_of_itself(given: dict[str, Any]) -> None:
    sitemaps.register("a", lambda: [("/old/", None)])
    sitemaps.register("a", lambda: [("/new/", None)])
    assert [path for path, _ in sitemaps.pages()] == ["/new/"]


def test_both_apps_of_the_site_are_registered() -> None:
    assert {"content", "doctors"} <= set(sitemaps._providers)


@pytest.mark.parametrize(("count", "sizes"), [(0, [0]), (1, [1]), (3, [3]), (4, [3, 1]), (6, [3, 3]), (7, [3, 3, 1])])
def test_parts_hold_all_pages_once(
    given: dict[str, Any], monkeypatch: pytest.MonkeyPatch, count: int, sizes: list[int]
) -> None:
    monkeypatch.setattr(sitemaps, "PART", 3)
    pages = [(f"/{number}/", None) for number in range(count)]
    sitemaps.register("a", lambda: pages)
    parts = sitemaps.parts()
    assert [len(part) for part in parts] == sizes
    assert [page for part in parts for page in part] == pages


def test_no_part_is_larger_than_the_protocol_allows() -> None:
    assert sitemaps.PART <= 50_000


def test_the_newest_of_days_and_moments() -> None:
    assert sitemaps.newest([]) is None
    assert sitemaps.newest([("/", None)]) is None
    moment = datetime(2026, 11, 24, 23, tzinfo=UTC)
    assert sitemaps.newest([("/a/", date(2026, 1, 1)), ("/b/", moment), ("/c/", None)]) == date(2026, 11, 24)
    assert sitemaps.newest([("/a/", date(2026, 12, 1)), ("/b/", moment)]) == date(2026, 12, 1)


def _locations(client: Client, path: str) -> list[str]:
    answer = client.get(path)
    assert answer.status_code == 200
    assert answer["Content-Type"] == "application/xml"
    assert not answer.cookies
    return re.findall("<loc>(.*?)</loc>", answer.content.decode())


def test_a_small_site_is_one_file(client: Client, given: dict[str, Any], settings: Any) -> None:
    settings.SITE_URL = "https://site.example"
    sitemaps.register("a", lambda: [("/a/?b=1&c=<2>", date(2026, 11, 24))])
    text = client.get("/sitemap.xml", headers={"Host": "testserver"}).content.decode()
    assert "<loc>https://site.example/a/?b=1&amp;c=&lt;2&gt;</loc><lastmod>2026-11-24</lastmod>" in text
    assert "<urlset" in text


def test_a_large_site_is_split_and_its_index_names_every_part(
    client: Client, given: dict[str, Any], settings: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings.SITE_URL = "https://site.example"
    monkeypatch.setattr(sitemaps, "PART", 2)
    days = [date(2026, 1, number) for number in range(1, 6)]
    sitemaps.register("a", lambda: [(f"/{day.day}/", day) for day in days])
    index = client.get("/sitemap.xml").content.decode()
    assert "<sitemapindex" in index
    assert "<loc>https://site.example/sitemap-1.xml</loc><lastmod>2026-01-02</lastmod>" in index
    parts = [location.removeprefix("https://site.example") for location in _locations(client, "/sitemap.xml")]
    assert parts == ["/sitemap-1.xml", "/sitemap-2.xml", "/sitemap-3.xml"]
    found = [location for part in parts for location in _locations(client, part)]
    assert found == [f"https://site.example/{number}/" for number in range(1, 6)]


@pytest.mark.parametrize("number", ["0", "2", "99999999999999999999", "x", "-1", "1.5", ""])
def test_there_is_no_other_part(client: Client, given: dict[str, Any], number: str, db: None) -> None:
    sitemaps.register("a", lambda: [("/a/", None)])
    assert client.get(f"/sitemap-{number}.xml").status_code == 404
    assert _locations(client, "/sitemap-1.xml")


def test_each_file_may_be_kept(client: Client, given: dict[str, Any]) -> None:
    sitemaps.register("a", lambda: [("/a/", None)])
    for path in ("/sitemap.xml", "/sitemap-1.xml"):
        assert client.get(path)["Cache-Control"] == "public, max-age=60"
