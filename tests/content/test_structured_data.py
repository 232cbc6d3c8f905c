"""What pages say to machines: true, small, and the same as the visible text."""

from typing import Any

import pytest

from content import structured_data
from content.presenting import crumbs
from tests.content.factories import RevisionFactory
from tests.content.test_markdown import SOURCE

pytestmark = pytest.mark.django_db


def test_article_is_a_medical_web_page_for_patients(settings: Any) -> None:
    from content.references import canonical

    settings.SITE_URL = "https://site.example"
    revision = RevisionFactory(
        live=True, article__path="costs/medicare", article__topic__slug="costs", references=canonical([SOURCE])
    )
    described, trail, us = structured_data.article(revision, crumbs(revision))["@graph"]
    assert described["@type"] == "MedicalWebPage"
    assert described["url"] == "https://site.example/costs/medicare/"
    assert described["headline"] == revision.title
    assert described["about"]["name"] == "Mesothelioma"
    assert described["audience"]["audienceType"] == "Patient"
    assert described["citation"] == [SOURCE["url"]]
    assert described["publisher"]["@id"] == us["@id"]
    assert described["dateModified"] == revision.published_at.date().isoformat()
    items = [item["item"] for item in trail["itemListElement"]]
    assert items == ["https://site.example/", "https://site.example/costs/", "https://site.example/costs/medicare/"]


def test_home_is_the_site_and_who_runs_it() -> None:
    assert [thing["@type"] for thing in structured_data.home()["@graph"]] == ["Organization", "WebSite"]


def test_page_about_us_is_no_medical_page() -> None:
    about = RevisionFactory(live=True, article__kind="page", article__path="about/how", article__topic=None)
    other = RevisionFactory(live=True, article__kind="page", article__path="privacy", article__topic=None)
    assert structured_data.page(about, crumbs(about))["@graph"][0]["@type"] == "AboutPage"
    assert structured_data.page(other, crumbs(other))["@graph"][0]["@type"] == "WebPage"
