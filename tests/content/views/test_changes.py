"""The public change log: nothing happens to a text in silence."""

import re
import xml.etree.ElementTree as ET

import pytest
from django.test import Client

from content.correcting import accept, report
from content.models import Article, Revision
from content.moving import move
from content.publishing import publish, save_revision, withdraw
from tests.content.factories import ArticleFactory, PersonFactory, RevisionFactory, UserFactory, sign
from tests.content.views.reading import queries, read

pytestmark = pytest.mark.django_db


def published(article: Article, body: str, note: str, **signer: object) -> Revision:
    text = {"title": "Who pays?", "summary": "Many plans help.", "description": "", "references": []}
    revision = save_revision(article=article, **text, body=body, change_note=note, by=UserFactory())
    sign(revision, **signer)
    return publish(revision=revision, by=UserFactory())


@pytest.fixture
def article() -> Article:
    article = ArticleFactory(path="costs/who-pays")
    published(article, "## Medicare\n\nYou pay 20% of the cost.", "First version")
    published(article, "## Medicare\n\nYou pay 25% of the cost.", "The share has changed.")
    return article


def test_log_says_what_when_why_and_who_signed(client: Client, article: Article) -> None:
    page = read(client, "/changes/costs/who-pays/")
    assert page.index("The share has changed.") < page.index("First version")
    assert page.count("Signed by Person") == 2
    assert page.count("Compare the old and the new words") == 1
    assert "/changes/costs/who-pays/" in read(client, "/costs/who-pays/")


def test_sample_sign_off_is_called_that(client: Client) -> None:
    article = ArticleFactory(path="costs")
    published(article, "Text.", "First version", signed_by=PersonFactory(sample=True))
    assert "Sample sign-off: no clinician has reviewed this text yet" in read(client, "/changes/costs/")
    assert "Signed by" not in read(client, "/changes/")


def test_old_and_new_words_stand_side_by_side(client: Client, article: Article) -> None:
    line = article.changes.first()
    assert line is not None
    page = read(client, line.get_absolute_url())
    assert "<h2>Medicare</h2>" in page
    assert re.search(r"<del>[^<]*<span[^>]*>\[gone:\] </span>\s*20%", page)
    assert re.search(r"<ins>[^<]*<span[^>]*>\[new:\] </span>\s*25%", page)
    assert "of the cost." in page
    first = article.changes.last()
    assert first is not None
    assert "first version, so there is nothing to compare" in read(client, first.get_absolute_url())


def test_withdrawal_correction_and_move_are_lines(client: Client, article: Article) -> None:
    live = article.revisions.live().get()
    error = report(revision=live, words="It is 20%.")
    accept(error_report=error, note="A reader saw that the share was wrong.", by=UserFactory())
    move(article=article, path="costs/medicare", by=UserFactory())
    withdraw(article=article, reason="We check the figures again.", by=UserFactory())
    page = read(client, "/changes/costs/medicare/")
    for words in (
        "A reader saw that",
        "Correction",
        "This text stood at /costs/who-pays/",
        "We check the figures again.",
    ):
        assert words in page, words
    assert "It is 20%." not in page
    assert "We check the figures again." in read(client, "/changes/")


def test_log_of_a_draft_is_not_found(client: Client) -> None:
    RevisionFactory(article__path="costs")
    read(client, "/changes/costs/", 404)
    read(client, "/changes/nowhere/", 404)
    read(client, "/changes/999999/", 404)


def test_feed_is_atom_with_true_dates(client: Client, article: Article) -> None:
    answer = client.get("/changes/feed.xml")
    assert answer["Content-Type"].startswith("application/atom+xml")
    root = ET.fromstring(answer.content)  # noqa: S314  our own page
    atom = "{http://www.w3.org/2005/Atom}"
    entries = root.findall(f"{atom}entry")
    newest = article.changes.first()
    assert newest is not None
    assert [entry.findtext(f"{atom}title") for entry in entries] == ["Published: Who pays?"] * 2
    assert entries[0].findtext(f"{atom}summary") == "The share has changed."
    assert entries[0].findtext(f"{atom}updated") == newest.at.strftime("%Y-%m-%dT%H:%M:%S.%f+00:00")
    assert len({entry.findtext(f"{atom}id") for entry in entries}) == 2


def test_lists_take_the_same_queries_for_one_line_and_three(client: Client) -> None:
    article = ArticleFactory(path="costs")
    published(article, "One.", "First")
    paths = ("/changes/", "/changes/costs/", "/changes/feed.xml", "/about/people/")
    one = [queries(client, path) for path in paths]
    published(article, "Two.", "Second")
    published(article, "Three.", "Third")
    assert [queries(client, path) for path in paths] == one
    assert max(one) <= 2


def test_hostile_words_stay_words(client: Client) -> None:
    article = ArticleFactory(path="costs")
    published(article, "Old & <b>bold</b>", "First <script>alert(1)</script>")
    published(article, "New & <i>it</i>", "Second ]]> &amp;")
    line = article.changes.first()
    assert line is not None
    for path in ("/changes/", "/changes/costs/", line.get_absolute_url(), "/changes/feed.xml"):
        page = read(client, path)
        assert "<script>alert" not in page
        assert "<b>" not in page
