"""All pages on one: for people, and for machines."""

from typing import Any

import pytest
from django.test import Client

from tests.content.factories import RevisionFactory
from tests.content.views.reading import queries, read

pytestmark = pytest.mark.django_db


def test_people_find_every_kind_of_page(client: Client) -> None:
    RevisionFactory(live=True, title="Who pays?", article__topic__title="Costs")
    RevisionFactory(live=True, title="Privacy", article__kind="page", article__path="privacy", article__topic=None)
    RevisionFactory(
        live=True, title="Checklist", article__kind="tool", article__path="downloads/x", article__topic=None
    )
    RevisionFactory(title="A draft")
    page = read(client, "/site-map/")
    for words in ("Costs", "Who pays?", "Privacy", "Checklist", "Questions people ask", "Words explained", "Search"):
        assert words in page, words
    assert "A draft" not in page


def test_machines_get_live_addresses_and_true_dates(client: Client, settings: Any) -> None:
    settings.SITE_URL = "https://site.example"
    revision = RevisionFactory(live=True, article__path="costs/who-pays", article__topic__slug="costs")
    RevisionFactory(article__path="draft")
    page = read(client, "/sitemap.xml")
    assert revision.published_at is not None
    day = f"<lastmod>{revision.published_at:%Y-%m-%dT%H:%M:%S}"
    assert f"<loc>https://site.example/costs/who-pays/</loc>{day}" in page
    assert f"<loc>https://site.example/costs/</loc>{day}" in page
    assert "draft" not in page


@pytest.mark.parametrize(("path", "most"), [("/site-map/", 1), ("/sitemap.xml", 7)])
def test_lists_take_the_same_queries_for_one_text_and_three(client: Client, path: str, most: int) -> None:
    RevisionFactory(live=True)
    one = queries(client, path)
    RevisionFactory(live=True)
    RevisionFactory(live=True, article__faq=True)
    assert queries(client, path) == one <= most
