"""Every public page of content, as a visitor gets it."""

import json
import re
from collections import Counter
from typing import Any

import brotli
import pytest
import tinyhtml5
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from content import library
from content.models import Revision
from content.publishing import withdraw
from navigator.stylesheets import joined
from tests.content.factories import PersonFactory, RevisionFactory, TopicFactory, sign

pytestmark = pytest.mark.django_db

BUDGET = 14_336  # bytes of compressed HTML and CSS: what a server may send before it hears back


def read(client: Client, path: str, status: int = 200) -> str:
    answer = client.get(path)
    assert answer.status_code == status
    assert not answer.cookies
    return answer.content.decode()


def data(page: str) -> list[dict[str, Any]]:
    found = re.findall(r'<script type="application/ld\+json">(.*?)</script>', page)
    assert len(found) <= 1
    return json.loads(found[0])["@graph"] if found else []


def queries(client: Client, path: str) -> int:
    with CaptureQueriesContext(connection) as captured:
        assert client.get(path).status_code == 200
    return len(captured)


def shipped() -> list[str]:
    paths = [row.article.get_absolute_url() for row in Revision.objects.for_readers()]
    return sorted({path for path in paths if "#" not in path})


def test_every_shipped_page_is_whole(client: Client) -> None:
    library.load()
    more = ["/", "/faq/", "/about/people/", "/about/people/sample-author/", "/about/people/sample-reviewer/"]
    assert len(shipped()) == 7
    for path in [*shipped(), *more]:
        page = read(client, path)
        tree = tinyhtml5.parse(page, namespace_html_elements=False)
        ids = Counter(element.get("id") for element in tree.iter() if element.get("id"))
        assert [name for name, count in ids.items() if count > 1] == [], path
        for element in tree.iter():
            for attribute in ("aria-labelledby", "aria-describedby", "for"):
                for name in (element.get(attribute) or "").split():
                    assert name in ids, (path, name)
            target = element.get("href") or ""
            if target.startswith("#"):
                assert target[1:] in ids, (path, target)
        assert len(list(tree.iter("h1"))) == 1, path
        assert " style=" not in page
        assert page.count("<script") == page.count('<script type="application/ld+json">')


def test_no_shipped_page_names_a_sample_person_or_review_to_machines(client: Client) -> None:
    library.load()
    for path in [*shipped(), "/", "/faq/", "/about/people/", "/about/people/sample-reviewer/"]:
        text = json.dumps(data(read(client, path)))
        for word in ("Sample Author", "Sample Reviewer", "lastReviewed", "reviewedBy", '"Person"', '"author"'):
            assert word not in text, (path, word)


def test_shipped_article_fits_its_budget(client: Client) -> None:
    library.load()
    page = client.get("/second-opinion/").content
    assert len(brotli.compress(page)) + len(brotli.compress(joined("css/site.css").encode())) < BUDGET


def test_article_shows_its_parts_in_order(client: Client) -> None:
    library.load()
    page = read(client, "/second-opinion/")
    parts = [
        "<h1>",
        'class="lead"',
        "By <a",
        "Published:",
        "At a glance",
        "On this page",
        'id="what-is-a-second-opinion"',
    ]
    parts += ['id="questions"', 'class="actions"', 'id="sources"', 'id="people"', "How we write", "How we can help"]
    places = [page.index(part) for part in parts]
    assert places == sorted(places)


def test_sample_sign_off_is_called_that_and_never_a_review(client: Client) -> None:
    library.load()
    page = read(client, "/second-opinion/")
    assert "<dt>Sample sign-off:</dt> <dd>no clinician has reviewed this text yet</dd>" in page
    assert "Reviewed" not in page
    assert "Not a real person" in page


def test_real_sign_off_is_named_and_dated(client: Client) -> None:
    reviewer = PersonFactory(reviewer=True, name="Ada Real", title="Oncologist", credentials="MD")
    revision = RevisionFactory(article__author__name="Ben Real")
    sign(revision, signed_by=reviewer, signed_at=timezone.datetime(2026, 3, 5, tzinfo=timezone.get_default_timezone()))
    Revision.objects.filter(pk=revision.pk).update(is_live=True, published_at=timezone.now())
    page = read(client, f"/{revision.article.path}/")
    assert "<dt>Reviewed by Ada Real:</dt> <dd>March 5, 2026</dd>" in page
    assert "<dt>Next review due:</dt> <dd>March 5, 2027</dd>" in page
    described = data(page)[0]
    assert described["lastReviewed"] == "2026-03-05"
    assert (described["reviewedBy"]["name"], described["reviewedBy"]["jobTitle"]) == ("Ada Real", "Oncologist")
    assert described["author"]["name"] == "Ben Real"
    profile = read(client, reviewer.get_absolute_url())
    assert data(profile)[0]["mainEntity"]["name"] == "Ada Real"
    assert "noindex" not in profile
    assert "Reviewed by Ada Real" not in read(client, "/faq/")


def test_article_takes_two_queries_however_many_questions(client: Client) -> None:
    article = RevisionFactory(live=True).article
    RevisionFactory(live=True, article__faq=True, article__shown_on=article)
    path = article.get_absolute_url()
    assert queries(client, path) == 2
    for _ in range(2):
        RevisionFactory(live=True, article__faq=True, article__shown_on=article)
    assert queries(client, path) == 2
    assert read(client, path).count("<details>") == 3


@pytest.mark.parametrize("path", ["/", "/faq/", "/about/people/", "/sitemap.xml", "/costs/", "/about/people/writer/"])
def test_lists_take_the_same_queries_for_one_row_and_three(client: Client, path: str) -> None:
    topic, writer = TopicFactory(slug="costs"), PersonFactory(slug="writer")
    RevisionFactory(live=True, article__topic=topic, article__author=writer)
    RevisionFactory(live=True, article__topic=topic, article__author=writer, article__faq=True)
    one = queries(client, path)
    for _ in range(2):
        RevisionFactory(live=True, article__topic=topic, article__author=writer)
        RevisionFactory(live=True, article__topic=topic, article__author=writer, article__faq=True)
    assert queries(client, path) == one <= 4


def test_topic_is_a_list_only_where_no_article_has_its_address(client: Client) -> None:
    topic = TopicFactory(slug="costs", title="Costs")
    assert read(client, "/costs/", 404)
    RevisionFactory(live=True, title="Medicare", article__topic=topic, article__path="costs/medicare")
    RevisionFactory(live=True, title="Is it free?", article__topic=topic, article__faq=True)
    page = read(client, "/costs/")
    assert "Medicare" in page
    assert "Is it free?" in page
    assert ">Costs</a>" in read(client, "/costs/medicare/")
    RevisionFactory(live=True, title="Who pays?", article__topic=topic, article__path="costs")
    assert "<h1>Who pays?</h1>" in read(client, "/costs/")


def test_draft_and_unknown_addresses_are_not_found(client: Client) -> None:
    read(client, f"/{RevisionFactory().article.path}/", 404)
    read(client, "/costs/unknown/", 404)
    read(client, "/about/people/nobody/", 404)
    read(client, "/wp-login.php", 404)


def test_withdrawn_article_says_when_and_why(client: Client) -> None:
    article = RevisionFactory(live=True).article
    withdraw(article=article, reason="A figure was <wrong>.", by=None)
    page = read(client, article.get_absolute_url(), 410)
    assert "The reason: A figure was &lt;wrong&gt;." in page
    assert "noindex" in page


def test_answer_has_its_place_on_the_faq_page(client: Client) -> None:
    answer = RevisionFactory(live=True, article__faq=True, article__path="faq/is-it-free", title="Is it free?")
    moved = client.get("/faq/is-it-free/")
    assert (moved.status_code, moved["Location"]) == (301, "/faq/#is-it-free")
    page = read(client, "/faq/")
    assert '<h3 id="is-it-free">Is it free?</h3>' in page
    question = data(page)[0]["mainEntity"][0]
    assert question["acceptedAnswer"]["text"] == f"{answer.summary} Ask your plan."


def test_each_answer_shows_who_signed_it(client: Client) -> None:
    RevisionFactory(live=True, article__faq=True)
    sample = RevisionFactory(article__faq=True)
    sign(sample, signed_by=PersonFactory(sample=True))
    Revision.objects.filter(pk=sample.pk).update(is_live=True, published_at=timezone.now())
    page = read(client, "/faq/")
    assert page.count("Sample sign-off: no clinician has reviewed this text yet.") == 1
    assert page.count("Reviewed by Person") == 1


def test_answers_to_machines_have_no_citation_marks(client: Client) -> None:
    library.load()
    entity = data(read(client, "/faq/"))[0]
    assert entity["@type"] == "FAQPage"
    assert len(entity["mainEntity"]) == 6
    assert "[1]" not in json.dumps(entity)


def test_empty_site_still_has_its_pages(client: Client) -> None:
    assert "There are no answers here yet" in read(client, "/faq/")
    assert "Nobody is listed here yet" in read(client, "/about/people/")
    read(client, "/")
    read(client, "/sitemap.xml")


def test_home_knows_us_and_lists_what_is_live(client: Client, settings: Any) -> None:
    RevisionFactory(live=True, title="Who pays?", article__topic__title="Costs")
    RevisionFactory(title="A draft", article__topic__title="Hidden")
    page = read(client, "/")
    assert "Who pays?" in page
    assert "Costs" in page
    assert "A draft" not in page
    assert "Hidden" not in page


def test_who_we_are_shows_the_identity_of_this_deployment(client: Client, settings: Any) -> None:
    library.load()
    settings.SITE_FUNDING = "Paid by a foundation."
    assert "<dd>Paid by a foundation.</dd>" in read(client, "/about/who-we-are/")
    assert "<dd>Paid by a foundation.</dd>" not in read(client, "/privacy/")


def test_sample_people_are_kept_out_of_search_engines(client: Client) -> None:
    library.load()
    for path in ("/about/people/", "/about/people/sample-author/"):
        page = read(client, path)
        assert '<meta name="robots" content="noindex">' in page
        assert "Sample, not a real person" in page


def test_sitemap_has_live_addresses_and_true_dates(client: Client, settings: Any) -> None:
    settings.SITE_URL = "https://site.example"
    revision = RevisionFactory(live=True, article__path="costs")
    RevisionFactory(article__path="draft")
    page = read(client, "/sitemap.xml")
    assert revision.published_at is not None
    assert f"<loc>https://site.example/costs/</loc><lastmod>{revision.published_at:%Y-%m-%dT%H:%M:%S}" in page
    assert "draft" not in page


def test_public_pages_may_be_kept(client: Client) -> None:
    article = RevisionFactory(live=True).article
    for path in ("/", "/faq/", "/about/people/", "/sitemap.xml", article.get_absolute_url()):
        assert client.get(path)["Cache-Control"] == "public, max-age=60"
