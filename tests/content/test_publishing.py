"""Save, sign off, publish, withdraw: who may, when, and what readers see meanwhile."""

import threading
from typing import Any

import pytest
from django.db import close_old_connections, connection, connections

from content.models import Article, Revision
from content.publishing import PublishingError, publish, save_revision, sign_off, withdraw
from navigator.caching import current_generation
from tests.content.factories import ArticleFactory, PersonFactory, RevisionFactory, UserFactory, sign

pytestmark = pytest.mark.django_db


def save(article: Article, **changes: Any) -> Revision:
    text = {"title": "T", "summary": "S", "description": "", "body": "Text.", "references": [], "change_note": "First"}
    return save_revision(article=article, **{**text, **changes}, by=UserFactory())


def test_saving_renders_and_leaves_readers_alone() -> None:
    live = RevisionFactory(live=True)
    draft = save(live.article, body="*New*")
    assert (draft.body_html, draft.is_live, draft.signed_by) == ("<p><em>New</em></p>", False, None)
    assert Revision.objects.live().get() == live


def test_ids_of_an_answer_start_with_its_name() -> None:
    assert 'id="question-x-why"' in save(ArticleFactory(faq=True, path="faq/question-x"), body="## Why").body_html


def test_text_that_cannot_be_rendered_is_refused() -> None:
    with pytest.raises(PublishingError, match="unknown box"):
        save(ArticleFactory(), body=":::odd\n:::")
    with pytest.raises(PublishingError, match="has no title"):
        save(ArticleFactory(), references=[{"id": "x"}])
    assert not Revision.objects.exists()


def test_reviewer_signs_with_their_own_account() -> None:
    reviewer, revision = PersonFactory(reviewer=True), RevisionFactory()
    signed = sign_off(revision=revision, reviewer=reviewer, by=reviewer.user)
    assert (signed.signed_by, signed.signed_digest) == (reviewer, signed.digest)


def test_nobody_else_signs_for_a_reviewer() -> None:
    reviewer = PersonFactory(reviewer=True)
    for by in (UserFactory(), None):
        with pytest.raises(PublishingError, match="Only"):
            sign_off(revision=RevisionFactory(), reviewer=reviewer, by=by)


def test_nobody_signs_for_a_reviewer_without_an_account() -> None:
    with pytest.raises(PublishingError, match="Only"):
        sign_off(revision=RevisionFactory(), reviewer=PersonFactory(role="reviewer"), by=None)


def test_author_cannot_sign() -> None:
    author = PersonFactory(user=UserFactory())
    with pytest.raises(PublishingError, match="not a medical reviewer"):
        sign_off(revision=RevisionFactory(), reviewer=author, by=author.user)


def test_sample_reviewer_signs_for_anybody_but_never_in_production(settings: Any) -> None:
    sample = PersonFactory(sample=True, reviewer=True)
    first = sign_off(revision=RevisionFactory(), reviewer=sample, by=None)
    settings.DEPLOYED = True
    with pytest.raises(PublishingError, match="in production"):
        sign_off(revision=RevisionFactory(), reviewer=sample, by=sample.user)
    with pytest.raises(PublishingError, match="in production"):
        publish(revision=first, by=None)


def test_text_is_signed_once_and_as_it_was_read() -> None:
    reviewer, revision = PersonFactory(reviewer=True), RevisionFactory()
    Revision.objects.filter(pk=revision.pk).update(body="Other words.")
    with pytest.raises(PublishingError, match="no longer the text"):
        sign_off(revision=revision, reviewer=reviewer, by=reviewer.user)
    revision.refresh_from_db()
    sign_off(revision=revision, reviewer=reviewer, by=reviewer.user)
    with pytest.raises(PublishingError, match="signed already"):
        sign_off(revision=revision, reviewer=reviewer, by=reviewer.user)


def test_publishing_replaces_the_live_text_and_forgets_pages() -> None:
    old = RevisionFactory(live=True)
    new = RevisionFactory(article=old.article)
    sign(new)
    before, editor = current_generation(), UserFactory()
    new = publish(revision=new, by=editor)
    assert list(Revision.objects.live()) == [new]
    assert (new.published_by, new.article.first_published_at) == (editor, new.published_at)
    assert current_generation() == before + 1


def test_first_publication_keeps_its_date() -> None:
    first, second = RevisionFactory(), None
    sign(first)
    first = publish(revision=first, by=None)
    second = RevisionFactory(article=first.article)
    sign(second)
    publish(revision=second, by=None)
    first.article.refresh_from_db()
    assert first.article.first_published_at == first.published_at


def test_unsigned_changed_or_live_text_is_not_published() -> None:
    draft = RevisionFactory()
    with pytest.raises(PublishingError, match="must sign"):
        publish(revision=draft, by=None)
    sign(draft)
    Revision.objects.filter(pk=draft.pk).update(title="Other")
    with pytest.raises(PublishingError, match="must sign"):
        publish(revision=draft, by=None)
    with pytest.raises(PublishingError, match="live already"):
        publish(revision=RevisionFactory(live=True), by=None)


def test_withdrawing_and_bringing_back() -> None:
    revision, editor = RevisionFactory(live=True), UserFactory()
    withdraw(article=revision.article, reason=" A figure was wrong. ", by=editor)
    article = Article.objects.get()
    assert (article.withdrawn_reason, article.withdrawn_by) == ("A figure was wrong.", editor)
    assert not Revision.objects.live().exists()
    publish(revision=revision, by=editor)
    article.refresh_from_db()
    assert (article.withdrawn_at, article.withdrawn_reason, article.withdrawn_by) == (None, "", None)


def test_withdrawing_needs_a_reason_and_something_live() -> None:
    with pytest.raises(PublishingError, match="Say why"):
        withdraw(article=RevisionFactory(live=True).article, reason=" ", by=None)
    with pytest.raises(PublishingError, match="Nothing is live"):
        withdraw(article=RevisionFactory().article, reason="Wrong.", by=None)


@pytest.mark.django_db(transaction=True)
def test_publishing_two_texts_at_once_leaves_one_live() -> None:
    article = ArticleFactory()
    drafts = [RevisionFactory(article=article) for _ in range(6)]
    for draft in drafts:
        sign(draft)
    start, failures = threading.Barrier(len(drafts)), []

    def run(draft: Revision) -> None:
        close_old_connections()
        try:
            start.wait()
            publish(revision=draft, by=None)
        except Exception as error:
            failures.append(error)
        finally:
            connections.close_all()

    threads = [threading.Thread(target=run, args=[draft]) for draft in drafts]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    connection.close()
    assert failures == []
    assert Revision.objects.live().count() == 1
    assert current_generation() == 1 + len(drafts)
