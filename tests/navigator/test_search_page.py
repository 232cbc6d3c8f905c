"""The page: hits, paging, help when there are none; nothing of the question stays anywhere."""

import logging
import re
from urllib.parse import quote

import pytest
from django.apps import apps
from django.db import connection
from django.test import Client

from navigator.search import entries
from navigator.search.entries import Entry
from tests.navigator.test_search_asking import HOSTILE

pytestmark = pytest.mark.django_db


@pytest.fixture
def many() -> None:
    entries.put(
        Entry(f"t:{number}", "article", f"Plan {number:03}", f"/plan-{number}/", "About plans.") for number in range(63)
    )


def page(client: Client, query: str, number: int = 1) -> str:
    answer = client.get("/search/", {"q": query, "page": number})
    assert answer.status_code == 200
    return answer.content.decode()


def test_hits_have_a_type_a_link_and_a_marked_extract(client: Client) -> None:
    entries.put([Entry("t:1", "term", "HIPEC & <i>co</i>", "/glossary/hipec/", "Warm <b>drugs</b>.")])
    html = page(client, "hipec drugs")
    assert '<a href="/glossary/hipec/">HIPEC &amp; &lt;i&gt;co&lt;/i&gt;</a>' in html
    assert '<span class="tag">Word explained</span>' in html
    assert "Warm &lt;b&gt;<mark>drugs</mark>&lt;/b&gt;.</p>" in html
    assert '<div role="status"><h2>1 result</h2></div>' in html
    assert "<title>1 result –" in html
    assert 'value="hipec drugs"' in html
    assert '<label for="q">' in html


def test_a_mended_question_is_a_link_and_says_whose_results_these_are(client: Client) -> None:
    entries.put([Entry("t:1", "term", "Asbestos", "/glossary/asbestos/")])
    html = page(client, "asbetos")
    assert 'Did you mean <a href="/search/?q=asbestos">asbestos</a>? These results are for those words.' in html
    assert "/glossary/asbestos/" in html


def test_no_question_shows_the_box_and_where_to_start(client: Client) -> None:
    html = client.get("/search/").content.decode()
    assert "<h1>Search this site</h1>" in html
    assert "/search/?q=HIPEC" in html
    assert "/glossary/" in html
    assert 'role="status"' not in html


def test_nothing_found_helps_on(client: Client) -> None:
    html = page(client, "xylophone")
    assert "Nothing found" in html
    for path in ("/second-opinion/", "/find-care/centers/", "/faq/", "/glossary/", "/match/", "/talk/"):
        assert f'<a href="{path}">' in html.split("<main")[1]
    assert 'class="phone"' in html.split("<main")[1]


@pytest.mark.usefixtures("many")
def test_ten_a_page_and_five_pages(client: Client) -> None:
    shown: list[str] = []
    for number in range(1, 6):
        html = page(client, "plan", number)
        shown += re.findall(r'href="(/plan-\d+/)"', html)
        assert (f"/search/?q=plan&amp;page={number + 1}" in html) == (number < 5)
    assert len(set(shown)) == len(shown) == 50
    assert "50 results, 41 to 50" in html
    assert 'start="41"' in html


@pytest.mark.usefixtures("many")
@pytest.mark.parametrize("number", ["0", "6", "-1", "x", "²", "9" * 5_000, "", "1.0"])
def test_an_odd_page_number_is_the_first_page(client: Client, number: str) -> None:
    assert "1 to 10" in client.get("/search/", {"q": "plan", "page": number}).content.decode()


@pytest.mark.parametrize("query", HOSTILE)
def test_hostile_questions_are_answered(client: Client, query: str) -> None:
    answer = client.get(f"/search/?q={quote(query.encode('utf-8', 'surrogatepass'))}")
    assert answer.status_code in (200, 400)  # 400: a NUL, refused before any view
    html = answer.content.decode()
    assert "<script>alert" not in html
    assert max(map(len, re.findall(r'value="([^"]*)"', html)), default=0) < 1_300  # 200 characters, escaped


def test_a_question_is_cleaned_and_cut(client: Client) -> None:
    assert 'value="a b"' in page(client, "\u202ea \u200b\x07  b")
    assert f'value="{"x" * 200}"' in page(client, "x" * 10_000)


def test_the_answer_is_stored_nowhere_indexed_nowhere_and_sets_no_cookie(client: Client) -> None:
    for answer in (client.get("/search/"), client.get("/search/?q=plan")):
        assert "no-store" in answer["Cache-Control"]
        assert answer["X-Robots-Tag"] == "noindex"
        assert not answer.cookies


def test_no_question_is_written_anywhere(client: Client, caplog: pytest.LogCaptureFixture) -> None:
    """Not to a log, at any level, and not to a table."""
    entries.put([Entry("t:1", "article", "Who pays?", "/costs/", "Many plans help.")])
    with (
        caplog.at_level(logging.DEBUG),
        caplog.at_level(logging.DEBUG, "django"),
        caplog.at_level(logging.DEBUG, "navigator"),
    ):
        for name in ("django", "django.request", "django.server", "django.template", "django.security"):
            logging.getLogger(name).addHandler(caplog.handler)
        logging.getLogger("django.db.backends").setLevel(logging.INFO)
        try:
            for query in ("who pays canaryword", "canarywrod", "canary\x00word", "canary' OR 1=1"):
                client.get("/search/", {"q": query})
        finally:
            for name in ("django", "django.request", "django.server", "django.template", "django.security"):
                logging.getLogger(name).removeHandler(caplog.handler)
    assert caplog.records
    assert "canary" not in caplog.text.lower()
    with connection.cursor() as cursor:
        for model in apps.get_models(include_auto_created=True):
            cursor.execute(f'SELECT * FROM "{model._meta.db_table}"')  # noqa: S608
            assert "canary" not in str(cursor.fetchall()).lower(), model
