"""Articles, answers, topics and people, as a visitor gets them."""

import datetime
import json
import re
from collections import Counter
from pathlib import Path
from typing import Any

import brotli
import pytest
import tinyhtml5
from django.test import Client
from django.utils import timezone

from content import library
from content.models import Article, Revision
from content.moving import move
from content.publishing import publish, withdraw
from doctors.directory import load_directory
from navigator.stylesheets import joined
from tests.content.factories import PersonFactory, RevisionFactory, TopicFactory, UserFactory, sign
from tests.content.views.reading import data, queries, read

pytestmark = pytest.mark.django_db

BUDGET = 14_336  # bytes of compressed HTML and CSS: what a server may send before it hears back


LISTS = ["/", "/faq/", "/glossary/", "/downloads/", "/changes/", "/site-map/", "/about/people/"]
PEOPLE = ["/about/people/sample-author/", "/about/people/sample-reviewer/"]
HUBS = ["/diagnosis/", "/treatment/", "/find-care/", "/costs/", "/support/", "/our-help/"]


def shipped() -> list[str]:
    paths = [row.article.get_absolute_url() for row in Revision.objects.for_readers()]
    return sorted({path for path in paths if "#" not in path})


def test_every_shipped_page_is_whole(client: Client) -> None:
    library.load()
    logs = [f"/changes{path}" for path in shipped()[:3]]
    for path in [*shipped(), *LISTS, *PEOPLE, *HUBS, *logs]:
        page = read(client, path)
        tree = tinyhtml5.parse(page, namespace_html_elements=False)
        ids = Counter(element.get("id") for element in tree.iter() if element.get("id"))
        assert [name for name, count in ids.items() if count > 1] == [], path
        for element in tree.iter():
            for attribute in ("aria-labelledby", "aria-describedby", "for", "popovertarget"):
                for name in (element.get(attribute) or "").split():
                    assert name in ids, (path, name)
            target = element.get("href") or ""
            if target.startswith("#"):
                assert target[1:] in ids, (path, target)
        assert len(list(tree.iter("h1"))) == 1, path
        assert " style=" not in page
        inline = page.count('<script type="application/ld+json">')
        assert page.count("<script") - inline == page.count('src="/static/js/copy.js"')


def test_sixteen_articles_forty_answers_and_79_words_are_live(client: Client) -> None:
    library.load()
    kinds = Counter(Revision.objects.for_readers().values_list("article__kind", flat=True))
    assert kinds == {"article": 16, "faq": 40, "term": 79, "tool": 3, "page": 9}


def test_every_shipped_internal_link_answers(client: Client) -> None:
    """Directory pages are asked for too: their rows are loaded."""
    library.load()
    load_directory()
    found: dict[str, str] = {}
    for path in [*shipped(), *LISTS, *HUBS]:
        for link in re.findall(r'(?:href|action)="(/[^"]*)"', read(client, path)):
            found.setdefault(link.split("#")[0], path)
    posted = [link for link in found if re.match(r"/helpful/\d", link)]
    assert posted
    static = [link for link in found if link.startswith("/static/")]
    for link, path in found.items():
        if link not in posted and link not in static:
            assert client.get(link).status_code == 200, (link, path)


def test_no_shipped_page_names_a_sample_person_or_review_to_machines(client: Client) -> None:
    library.load()
    for path in [*shipped(), *LISTS, *HUBS, *PEOPLE]:
        text = json.dumps(data(read(client, path)))
        for word in ("Sample Author", "Sample Reviewer", "lastReviewed", "reviewedBy", '"Person"', '"author"'):
            assert word not in text, (path, word)


def test_every_shipped_article_fits_its_budget(client: Client) -> None:
    library.load()
    script = Path("static/js/copy.js").read_bytes()
    rest = len(brotli.compress(joined("css/site.css").encode())) + len(brotli.compress(script))
    articles = Revision.objects.for_readers().filter(article__kind="article")
    sizes = {
        row.article.path: len(brotli.compress(client.get(row.article.get_absolute_url()).content)) for row in articles
    }
    assert {path: size + rest for path, size in sizes.items() if size + rest >= BUDGET} == {}


def test_article_shows_its_parts_in_order(client: Client) -> None:
    library.load()
    page = read(client, "/second-opinion/")
    parts = [
        "<h1>",
        'class="lead"',
        "By <a",
        "Published:",
        "What changed, and when",
        "At a glance",
        "On this page",
        'id="what-is-a-second-opinion"',
    ]
    parts += ['id="questions"', 'class="actions"', 'id="share"', 'id="related"', 'id="sources"', 'id="people"']
    parts += ["How we write", 'id="feedback"', "Report an error on this page", "How we can help"]
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
    publish(revision=revision, by=UserFactory())
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


def test_article_takes_four_queries_however_much_stands_around_it(client: Client) -> None:
    """The text, the questions below it, the words it explains, the pages to read next."""
    article = RevisionFactory(live=True, body_html=explaining("pleura")).article
    around(article, "pleura")
    path = article.get_absolute_url()
    assert queries(client, path) == 4
    around(article, "hipec")
    around(article, "biopsy")
    assert queries(client, path) == 4
    page = read(client, path)
    assert page.count("<details>") == 3
    assert page.count('class="word"') == 3
    assert page.count("Read next") == 1


def explaining(slug: str) -> str:
    return f'<p><button type="button" class="term" popovertarget="term-{slug}">word</button></p>'


def around(article: Any, slug: str) -> None:
    RevisionFactory(live=True, article__faq=True, article__shown_on=article, body_html=explaining(slug))
    RevisionFactory(live=True, article__kind="term", article__path=f"glossary/{slug}", article__topic=None)
    RevisionFactory(live=True, article__topic=article.topic)


def test_words_are_explained_in_place_without_script(client: Client) -> None:
    RevisionFactory(
        live=True, title="Pleura", summary="The lining of the lungs.", article__kind="term",
        article__path="glossary/pleura", article__topic=None,
    )  # fmt: skip
    article = RevisionFactory(live=True, body_html=explaining("pleura")).article
    page = read(client, article.get_absolute_url())
    assert 'popovertarget="term-pleura"' in page
    assert '<div class="word" id="term-pleura" popover>' in page
    assert "The lining of the lungs." in page


def test_related_pages_are_those_chosen_otherwise_those_of_the_shelf(client: Client) -> None:
    article = RevisionFactory(live=True).article
    RevisionFactory(live=True, title="Neighbor", article__topic=article.topic)
    RevisionFactory(title="Draft of a neighbor", article__topic=article.topic)
    chosen = RevisionFactory(live=True, title="Chosen").article
    page = read(client, article.get_absolute_url())
    assert "Neighbor" in page
    assert "Draft of a neighbor" not in page
    article.related.add(chosen)
    page = read(client, article.get_absolute_url())
    assert "Chosen" in page
    assert "Neighbor" not in page


def test_overdue_page_says_so(client: Client) -> None:
    article = RevisionFactory(live=True).article
    Article.objects.filter(pk=article.pk).update(review_due_on=timezone.localdate())
    assert "overdue for review" not in read(client, article.get_absolute_url())
    Article.objects.filter(pk=article.pk).update(review_due_on=timezone.localdate() - datetime.timedelta(days=1))
    assert "This page is overdue for review" in read(client, article.get_absolute_url())


def test_what_is_shared_is_neutral(client: Client) -> None:
    """A link in a family's chat shows our name, and not what is read."""
    library.load()
    page = read(client, "/treatment/clinical-trials/")
    shared = re.findall(r'<meta property="og:(?:title|description|site_name)" content="([^"]*)"', page)
    assert len(shared) == 3
    assert not re.search("(?i)cancer|meso|trial|tumor|opinion", " ".join(shared))
    mail = re.search(r'href="(mailto:\?[^"]*)"', page)
    assert mail
    assert "subject=A%20page%20for%20you&" in mail[1].replace("&amp;", "&")
    assert '<link rel="canonical" href="http://127.0.0.1:8000/treatment/clinical-trials/">' in page


def test_moved_text_is_found_at_its_old_address(client: Client) -> None:
    article = RevisionFactory(live=True, article__path="costs/medicare").article
    move(article=article, path="costs/medicare-and-you", by=UserFactory())
    answer = client.get("/costs/medicare/")
    assert (answer.status_code, answer["Location"]) == (301, "/costs/medicare-and-you/")
    assert read(client, "/costs/medicare-and-you/")


@pytest.mark.parametrize("path", ["/", "/faq/", "/about/people/", "/costs/", "/about/people/writer/"])
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
    assert len(entity["mainEntity"]) == 40
    names = [question["name"] for question in entity["mainEntity"]]
    assert len(set(names)) == 40
    assert "[1]" not in json.dumps(entity)


def test_empty_site_still_has_its_pages(client: Client) -> None:
    assert "There are no answers here yet" in read(client, "/faq/")
    assert "Nobody is listed here yet" in read(client, "/about/people/")
    read(client, "/")
    for path in ("/sitemap.xml", "/glossary/", "/downloads/", "/changes/", "/changes/feed.xml", "/site-map/"):
        read(client, path)


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


def test_public_pages_may_be_kept(client: Client) -> None:
    article = RevisionFactory(live=True).article
    for path in (*LISTS, "/sitemap.xml", "/changes/feed.xml", "/helpful/yes/", article.get_absolute_url()):
        assert client.get(path)["Cache-Control"] == "public, max-age=60"
