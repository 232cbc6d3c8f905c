"""What readers take home: no e-mail asked, and who we are on every sheet."""

from io import BytesIO

import pytest
from django.test import Client
from pypdf import PdfReader

from content.models import Revision
from content.publishing import publish, withdraw
from tests.content.factories import RevisionFactory, UserFactory, sign
from tests.content.views.reading import queries, read

pytestmark = pytest.mark.django_db


def live(**fields: object) -> Revision:
    revision = RevisionFactory(**fields)
    sign(revision)
    return publish(revision=revision, by=UserFactory())


def words(content: bytes) -> str:
    return " ".join(" ".join(page.extract_text() for page in PdfReader(BytesIO(content)).pages).split())


def test_pdf_is_the_one_that_was_made_when_the_text_was_published(client: Client) -> None:
    revision = live(article__path="costs/who-pays")
    answer = client.get("/costs/who-pays.pdf")
    assert answer["Content-Type"] == "application/pdf"
    assert answer["Content-Disposition"] == 'inline; filename="who-pays.pdf"'
    assert answer["X-Robots-Tag"] == "noindex"
    assert answer.content == bytes(revision.printout.pdf)
    assert not answer.cookies
    assert queries(client, "/costs/who-pays.pdf") == 1


def test_sheet_says_who_we_are_who_pays_and_when(client: Client, settings: object) -> None:
    live(article__path="costs")
    settings.SITE_FUNDING = "Paid by a foundation."  # type: ignore[attr-defined]
    revision = Revision.objects.live().get()
    published = f"This text was published on {revision.published_at:%B} {revision.published_at.day}"
    plain = " ".join(read(client, "/costs.txt").split())
    assert "Who pays for this: Paid by a foundation." in plain
    for text in (plain, words(client.get("/costs.pdf").content)):
        assert published in text
        assert "Who we are: Harbor Guide" in text
        assert "1-800-555-0134" in text
        assert "Reviewed by Person" in text


def test_draft_withdrawn_and_unprinted_texts_have_no_file(client: Client) -> None:
    RevisionFactory(article__path="draft")
    gone = live(article__path="gone")
    withdraw(article=gone.article, reason="Wrong.", by=None)
    live(article__faq=True, article__path="faq/short")
    for path in ("draft", "gone", "faq/short", "nowhere"):
        read(client, f"/{path}.pdf", 404)
        read(client, f"/{path}.txt", 404)


def test_tools_are_listed_and_offer_their_files(client: Client) -> None:
    live(title="Compare plans", article__kind="tool", article__path="downloads/compare", article__topic=None)
    page = read(client, "/downloads/")
    assert "Compare plans" in page
    assert "input" not in page
    tool = read(client, "/downloads/compare/")
    assert 'href="/downloads/compare.pdf"' in tool
    assert 'href="/downloads/compare.txt"' in tool


def test_list_takes_the_same_queries_for_one_tool_and_three(client: Client) -> None:
    live(article__kind="tool", article__path="downloads/one", article__topic=None)
    one = queries(client, "/downloads/")
    for name in ("two", "three"):
        live(article__kind="tool", article__path=f"downloads/{name}", article__topic=None)
    assert queries(client, "/downloads/") == one == 1
