"""A text moves, and nobody who kept its old address is lost."""

from typing import Any

import pytest

from content import library, printouts
from content.models import Article, Change, OldAddress
from content.moving import move, moved_from, refuse_address
from content.publishing import PublishingError, publish
from navigator.caching import current_generation
from navigator.models import SearchEntry
from navigator.search import entries
from tests.content.factories import ArticleFactory, RevisionFactory, UserFactory, sign
from tests.racing import at_once

pytestmark = pytest.mark.django_db


def published(path: str = "costs/old", **fields: Any) -> Article:
    revision = RevisionFactory(live=True, article__path=path, **fields)
    Article.objects.filter(pk=revision.article_id).update(first_published_at=revision.published_at)
    revision.article.refresh_from_db()
    return revision.article


def go(article: Article, path: str) -> Article:
    return move(article=article, path=path, by=UserFactory())


def test_old_address_leads_to_the_new_one() -> None:
    before, editor = current_generation(), UserFactory()
    article = move(article=published(), path="costs/new", by=editor)
    change = Change.objects.get()
    assert (article.path, article.placed_by_hand) == ("costs/new", True)
    assert moved_from("costs/old") == article
    assert (change.what, change.by) == ("moved", editor)
    assert change.note == "This text stood at /costs/old/ before. The old address leads here."
    assert current_generation() == before + 1


@pytest.mark.parametrize("path", ["/costs/new/", " costs/new ", "costs/new/"])
def test_slashes_and_spaces_around_are_forgiven(path: str) -> None:
    assert go(published(), path).path == "costs/new"


def test_chain_of_moves_and_the_way_back() -> None:
    article = published("a")
    for path in ("b", "c", "a"):
        article = go(article, path)
    assert article.path == "a"
    assert set(OldAddress.objects.values_list("path", flat=True)) == {"b", "c"}
    assert {moved_from("b"), moved_from("c")} == {article}
    assert moved_from("a") is None


def test_signed_text_stays_as_it_is() -> None:
    article = published()
    before = article.revisions.get()
    go(article, "costs/new")
    assert article.revisions.live().get().digest == before.digest


def test_search_finds_it_at_its_new_address_only() -> None:
    article = published()
    entries.refresh("content")
    go(article, "costs/new")
    assert list(SearchEntry.objects.values_list("key", "path")) == [("content:costs/new", "/costs/new/")]


def test_draft_moves_without_a_line_in_public() -> None:
    article = go(RevisionFactory(article__path="a").article, "b")
    assert moved_from("a") == article
    assert not Change.objects.exists()
    assert not SearchEntry.objects.exists()


def test_loader_leaves_a_moved_text_where_it_is(tmp_path: Any) -> None:
    article = published("costs/who-pays")
    go(article, "costs/help")
    facts = 'kind = "article"\npath = "costs/who-pays"\ntitle = "T"\nsummary = "S."\nauthor = "sample-author"\n'
    text = f'+++\n{facts}reviewer = "sample-reviewer"\nreferences = []\n+++\n\nText.\n'
    (tmp_path / "who-pays.md").write_text(text)
    assert library.load(tmp_path) == ["costs/who-pays: left alone, it was edited in the admin"]
    assert Article.objects.get() == article
    assert Article.objects.get().path == "costs/help"


def test_taken_address_is_refused() -> None:
    go(published("a"), "b")
    other = published("c")
    for path, words in (("c", "there already"), ("b", "Another text"), ("a", "stood there once")):
        with pytest.raises(PublishingError, match=words):
            go(other, path)
    other.refresh_from_db()
    assert other.path == "c"


@pytest.mark.parametrize("path", ["", "/", "Costs", "a//b", "a b", "../a", "a.html", "ä", "costs\nb", "a" * 201])
def test_malformed_address_is_refused_in_words(path: str) -> None:
    with pytest.raises(PublishingError, match=r"Use lower-case words|at most 200 characters"):
        go(published(), path)
    assert not OldAddress.objects.exists()


@pytest.mark.parametrize(
    "path",
    ["faq", "glossary", "downloads", "changes", "changes/costs", "site-map", "match", "talk", "my/requests", "admin",
     "find-care/centers", "about/people", "about/people/ada", "report-an-error/about/costs",
     "helpful/yes", "search"],
)  # fmt: skip
def test_address_of_another_part_of_the_site_is_refused(path: str) -> None:
    with pytest.raises(PublishingError, match="another part of the site"):
        refuse_address(path, kind="article")


@pytest.mark.parametrize(
    ("kind", "path"),
    [("article", "costs"), ("article", "about/how-we-rank"), ("page", "privacy"), ("faq", "faq/who-pays"),
     ("term", "glossary/pleura"), ("tool", "downloads/records"), ("article", "faqs/x"), ("article", "find-care/how")],
)  # fmt: skip
def test_address_that_fits_the_kind(kind: str, path: str) -> None:
    refuse_address(path, kind=kind)


@pytest.mark.parametrize(
    ("kind", "path"),
    [("article", "faq/x"), ("page", "glossary/x"), ("article", "downloads/x"), ("faq", "costs"), ("faq", "faq"),
     ("term", "faq/x"), ("tool", "costs/x"), ("term", "glossary"), ("faq", "faqs/x")],
)  # fmt: skip
def test_address_of_another_kind_is_refused(kind: str, path: str) -> None:
    with pytest.raises(PublishingError, match=r"stands under|another part"):
        refuse_address(path, kind=kind)


def test_word_that_live_texts_explain_does_not_move() -> None:
    term = published("glossary/pleura", article__kind="term")
    RevisionFactory(live=True, body_html='<button popovertarget="term-pleura">it</button>')
    with pytest.raises(PublishingError, match="Live texts explain this word"):
        go(term, "glossary/lung-lining")


@pytest.mark.django_db(transaction=True)
def test_two_moves_at_once_are_a_chain() -> None:
    article = published("a")
    editor = UserFactory()
    assert at_once(*(lambda path=path: move(article=article, path=path, by=editor) for path in ("b", "c"))) == []
    article.refresh_from_db()
    assert {article.path, *OldAddress.objects.values_list("path", flat=True)} == {"a", "b", "c"}
    assert OldAddress.objects.count() == 2


@pytest.mark.django_db(transaction=True)
def test_two_texts_never_share_an_address() -> None:
    first, second, editor = published("a"), published("b"), UserFactory()
    failures = at_once(*(lambda text=text: move(article=text, path="c", by=editor) for text in (first, second)))
    assert [type(error) for error in failures] == [PublishingError]
    assert Article.objects.filter(path="c").count() == 1


def test_article_may_have_the_path_of_a_topic() -> None:
    article = ArticleFactory(topic__slug="costs", path="a")
    assert go(article, "costs").path == "costs"


@pytest.mark.parametrize("path", ["match/more/words", "my/own/text", "search/for/it", "talk/about/it"])
def test_text_does_not_stand_among_personal_pages(path: str) -> None:
    with pytest.raises(PublishingError, match="another part of the site"):
        move(article=RevisionFactory(live=True).article, path=path, by=UserFactory())


def test_file_to_take_home_names_the_new_address() -> None:
    article = RevisionFactory(clean=True).article
    live = article.revisions.get()
    sign(live)
    publish(revision=live, by=None)
    move(article=article, path="costs/new-place", by=UserFactory())
    found = printouts.stored("costs/new-place")
    assert found is not None
    article.refresh_from_db()
    live.article = article
    assert found.made_with == printouts.made_with(live)
